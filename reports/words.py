"""Two wordings compared word by word, for people to read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_TOKEN = re.compile(r"\S+\s*")
_MOST = 2_000_000
"""Beyond this many pairs of words the whole text is shown as replaced: comparing must not take seconds."""
_ALIKE = 0.25
"""Below this likeness single words in common tell nothing."""
_BLANK = re.compile(r"[\s\u00a0\u2007\u202f]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‑": "-", "‐": "-"})


@dataclass(frozen=True)
class Span:
    """A run of words that is the same in both, only in the older, or only in the newer."""

    kind: Literal["same", "old", "new"]
    text: str


def plain(text: str) -> str:
    """A text as it is kept: NFC, ordinary blanks, no soft hyphens and no marks that nobody sees."""
    return _BLANK.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def alike(first: str, second: str) -> bool:
    """Whether two texts say the same; blanks, quotation marks and hyphens of a word processor do not count."""
    return essence(first) == essence(second)


def essence(text: str) -> str:
    """What of a text counts: equal for two that say the same."""
    return re.sub(r" (?=[.,;:])", "", plain(text)).translate(_QUOTES)


def likeness(first: str, second: str, least: float = 0.0) -> float:
    """How alike two texts are, word for word, between 0 and 1; 0 where it is below ``least``."""
    old, new = essence(first).split(), essence(second).split()
    if not old or not new or len(old) * len(new) > _MOST:
        return 0.0
    # The words that both have are a bound that costs little; most pairs fall below it.
    if 2 * (Counter(old) & Counter(new)).total() / (len(old) + len(new)) < least:
        return 0.0
    ratio = SequenceMatcher(None, old, new, autojunk=False).ratio()
    return ratio if ratio >= least else 0.0


def differences(old: str, new: str) -> list[Span]:
    """The spans that make the older text and the newer one."""
    before, after = _TOKEN.findall(plain(old)), _TOKEN.findall(plain(new))
    if len(before) * len(after) > _MOST:
        return _spans(("old", plain(old)), ("new", plain(new)))
    matcher = SequenceMatcher(None, _bare(before), _bare(after), autojunk=False)
    if matcher.ratio() < _ALIKE:
        return _spans(("old", plain(old)), ("new", plain(new)))
    found: list[Span] = []
    for kind, start, end, from_, to in matcher.get_opcodes():
        if kind == "equal":
            found += _spans(("same", "".join(after[from_:to])))
        else:
            found += _spans(("old", "".join(before[start:end])), ("new", "".join(after[from_:to])))
    return found


def _bare(words: list[str]) -> list[str]:
    return [word.rstrip() for word in words]


def _spans(*given: tuple[Literal["same", "old", "new"], str]) -> list[Span]:
    return [Span(kind, text) for kind, text in given if text]
