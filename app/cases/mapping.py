"""Which item a fact belongs to, where the file does not say: by topic, figures and likeness of words.

Only a proposal: what is uncertain is reported with its item, and nothing is left out. Facts that the
product's own samples already place go to the same items.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from checklists.library import Library
from checklists.model import Item
from reports.composing.prose import expand

UNSURE = 0.25
"""Below this likeness a placement is reported."""

FIGURE_WEIGHT = 0.6
CORE = 0.1
"""What everybody is asked is more often meant."""

_MIN_CLAUSE_WORDS = 3


@dataclass(frozen=True)
class Placement:
    """Where something belongs and how sure that is (0 to 1; 1 where the file says so)."""

    items: tuple[str, ...]
    likeness: float

    @property
    def unsure(self) -> bool:
        return self.likeness < UNSURE


class Placer:
    """Places facts and asks among the items of a library."""

    def __init__(self, library: Library) -> None:
        self.items = [item for pack in library.packs() for item in pack.items]

    def fact(
        self, text: str, topic: str, figures: Iterable[str], *, good: bool | None, taken: Container[str] = ()
    ) -> Placement:
        """The items of a fact, one for each of its clauses; ``taken`` ones are left to other facts."""
        free = [item for item in self.items if item.id not in taken]
        pool = [item for item in free if item.id.startswith(f"{topic}.")] or free
        parts = ("pass", "note") if good is not False else ("shortcoming",)
        keys = set(figures)
        found = [self._best(clause, pool, parts, keys if first else set()) for first, clause in _clauses(text)]
        return Placement(tuple(dict.fromkeys(item.id for item, _ in found)), min(likeness for _, likeness in found))

    def ask(self, text: str) -> Placement:
        """The items of an ask: one for each of its clauses, out of all packs."""
        found = [self._best(clause, self.items, ("requirement", "shortcoming"), set()) for _, clause in _clauses(text)]
        sure = [(item, likeness) for item, likeness in found if likeness >= UNSURE] or found[:1]
        return Placement(tuple(dict.fromkeys(item.id for item, _ in sure)), max(likeness for _, likeness in sure))

    def _best(self, text: str, pool: Sequence[Item], parts: Sequence[str], keys: set[str]) -> tuple[Item, float]:
        wanted = _marks(text)

        def likeness(item: Item) -> float:
            told = _marks(" ".join([*_texts(item, parts), item.question]))
            own = {field.key for field in item.fields}
            figures = FIGURE_WEIGHT * len(keys & own) / len(keys) if keys else 0.0
            return figures + self._overlap(wanted, told) + (CORE if item.core else 0.0)

        best = max(pool, key=likeness)
        return best, likeness(best)

    def _overlap(self, wanted: set[str], told: set[str]) -> float:
        weight = sum(self._weight(mark) for mark in wanted)
        return sum(self._weight(mark) for mark in wanted & told) / weight if weight else 0.0

    def _weight(self, mark: str) -> float:
        return math.log((len(self.items) + 1) / (self._known[mark] + 1)) + 0.1

    @cached_property
    def _known(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for item in self.items:
            found.update(_marks(" ".join([*_texts(item, ("pass", "shortcoming", "requirement")), item.question])))
        return found


def _texts(item: Item, parts: Sequence[str]) -> Iterator[str]:
    full = {"pass": item.pass_, "shortcoming": item.shortcoming, "requirement": item.requirement}
    plain = item.plain.model_dump(by_alias=True)
    for part in parts:
        yield full.get(part) or ""
        yield plain.get(part) or ""


def _clauses(text: str) -> list[tuple[bool, str]]:
    """The clauses of a text that say enough to be placed by themselves; the first carries the figures."""
    parts = [part.strip() for part in text.split(";")]
    parts = [part for part in parts if len(part.split()) >= _MIN_CLAUSE_WORDS] or [text]
    return [(number == 0, part) for number, part in enumerate(parts)]


def _marks(text: str) -> set[str]:
    """Syllables and pairs of syllables: a Vietnamese word is often two."""
    words = re.findall(r"[^\W\d_]+", expand(text).lower())
    return {*words, *(f"{first} {second}" for first, second in pairwise(words))}
