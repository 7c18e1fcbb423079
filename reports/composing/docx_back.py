"""A corrected DOCX against the draft: which paragraph became what, in the file, in the draft, and before both.

A paragraph is known by its bookmark; where the word processor lost it, by its words. A paragraph that the file did
not change is never taken over, even where the draft has moved on meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reports.composing.parts import Part
from reports.incoming.docx_text import Comment, DocxParagraph
from reports.rendering.docx_parts import bookmark_name
from reports.words import Span, alike, differences, essence, likeness

ALIKE_ENOUGH = 0.6
_LEAD_IN = re.compile(r"(?:\d{1,3}[.)]|[a-zđ]{1,2}\)|[-+•–])\s+")

Place = Literal["head", "end", "annex"]
State = Literal["changed", "conflict", "unknown", "merged", "new", "gone", "kept", "same", "heading"]


@dataclass(frozen=True)
class Base:
    """What a paragraph said in the version that was downloaded.

    Attributes:
        there: it stood in that version.
        text: its words; None where they are not known any more.
    """

    there: bool
    text: str | None


@dataclass(frozen=True)
class Returned:
    """What became of one paragraph.

    Attributes:
        state: changed in the file only; in both (conflict); the version's words are unknown; several became one;
            new in the file; gone from the file; kept by the file while the draft moved on; the same; a heading, which
            is not taken over.
        parts: ids of the draft's paragraphs.
        theirs: the file's words.
        mine: the draft's.
        base: those of the version that was downloaded, where they are known.
        uncertain: found by its words, not by its bookmark.
        tracked: it has tracked changes.
        comments: remarks beside it.
        after: for a new one, the paragraph of the draft that it follows.
        spans: from the draft's words to the file's.
    """

    state: State
    parts: tuple[str, ...]
    theirs: str
    mine: str
    base: str | None = None
    uncertain: bool = False
    tracked: bool = False
    comments: tuple[Comment, ...] = ()
    after: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Beside:
    """A file beside the draft: its paragraphs, and what it says otherwise around them (place, draft, file)."""

    rows: tuple[Returned, ...]
    elsewhere: tuple[tuple[Place, str, str], ...]


def laid_beside(
    theirs: Sequence[DocxParagraph],
    ours: Sequence[DocxParagraph],
    parts: Sequence[Part],
    bases: Mapping[str, Base],
    furniture: Sequence[str],
) -> Beside:
    """All that a file changes, for the bounded child: comparing a stranger's words may take long.

    Args:
        theirs: the file's paragraphs.
        ours: those of the draft's own DOCX.
        parts: the draft's, those that do not stand among them.
        bases: what each said in the version that was downloaded.
        furniture: see ``returned``.
    """
    rows = returned(theirs, parts, bases, furniture)
    return Beside(tuple(rows), tuple(changed_outside(outside(theirs, parts), outside(ours, parts))))


def returned(
    paragraphs: Sequence[DocxParagraph],
    parts: Sequence[Part],
    bases: Mapping[str, Base],
    furniture: Iterable[str],
) -> list[Returned]:
    """What the file says of each paragraph, in the file's order; what is gone from it comes last.

    Args:
        paragraphs: the file's.
        parts: the draft's, those that do not stand among them.
        bases: what each said in the version that was downloaded.
        furniture: texts around the paragraphs, such as headings: no paragraphs of anybody's.
    """
    body = [one for one in _body(paragraphs, parts) if one.text]
    texts = [_without_lead_in(one.text) for one in body]
    found = _matched(body, texts, parts, bases)
    known = {_key(text): text for text in furniture}
    by_id = {part.id: part for part in parts}
    result, after = [], ""
    for number, one in enumerate(body):
        ids = found.ids.get(number, ())
        if ids:
            result.append(_judged(ids, texts[number], one, by_id, bases, uncertain=number in found.uncertain))
            after = ids[-1]
        elif _key(one.text) in known:
            continue
        elif heading := _nearest(one.text, known.values()):
            result.append(Returned("heading", (), one.text, heading))
        else:
            fresh = Returned("new", (), texts[number], "", tracked=one.tracked, comments=one.comments, after=after)
            result.append(fresh)
    taken = {id_ for ids in found.ids.values() for id_ in ids}
    gone = [part for part in parts if part.stands and part.id not in taken and bases[part.id].there]
    return result + [Returned("gone", (part.id,), "", part.text, bases[part.id].text) for part in gone]


def _nearest(text: str, others: Iterable[str]) -> str:
    """The text that is nearest to one; "" where none is near."""
    near, other = max(((likeness(text, one, ALIKE_ENOUGH), one) for one in others), default=(0.0, ""))
    return other if near >= ALIKE_ENOUGH else ""


def outside(paragraphs: Sequence[DocxParagraph], parts: Sequence[Part]) -> list[tuple[Place, str]]:
    """The texts of letterhead, signature and annexes: all that stands before, after and between the paragraphs."""
    body = {id(one) for one in _body(paragraphs, parts)}
    found: list[tuple[Place, str]] = []
    place: Place = "head"
    for one in paragraphs:
        if id(one) in body:
            place = "end"
        elif one.text:
            place = "annex" if one.text.startswith("PHỤ LỤC") else place
            found.append((place, one.text))
    return found


def changed_outside(
    theirs: Sequence[tuple[Place, str]], mine: Sequence[tuple[Place, str]]
) -> list[tuple[Place, str, str]]:
    """What the file says otherwise outside the paragraphs: place, the draft's words, the file's."""
    ours, given = {_key(text) for _, text in mine}, {_key(text) for _, text in theirs}
    lost = [(place, text) for place, text in mine if _key(text) not in given]
    found = []
    for place, text in theirs:
        if _key(text) in ours:
            continue
        was = max((one for one in lost if one[0] == place), key=lambda one, t=text: likeness(one[1], t), default=None)  # type: ignore[misc]
        if was is not None:
            lost.remove(was)
        found.append((place, was[1] if was else "", text))
    return found + [(place, text, "") for place, text in lost]


def _body(paragraphs: Sequence[DocxParagraph], parts: Sequence[Part]) -> list[DocxParagraph]:
    """From the first paragraph of the draft to the last; tables between them are not ours."""
    names = {bookmark_name(part.id) for part in parts}
    texts = {_key(part.text) for part in parts if part.stands}
    places = [
        number
        for number, one in enumerate(paragraphs)
        if not one.in_table and (names & set(one.bookmarks) or _key(_without_lead_in(one.text)) in texts)
    ]
    within = paragraphs[min(places) : max(places) + 1] if places else ()
    return [one for one in within if not one.in_table]


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()


@dataclass(frozen=True)
class _Matched:
    ids: dict[int, tuple[str, ...]]
    uncertain: set[int]


def _matched(
    body: Sequence[DocxParagraph], texts: Sequence[str], parts: Sequence[Part], bases: Mapping[str, Base]
) -> _Matched:
    """By bookmark, unless the very words stand elsewhere without one; then by words; then by likeness."""
    names = {bookmark_name(part.id): part.id for part in parts}
    own = {part.id: [part.text, bases[part.id].text or ""] for part in parts}
    held = {number: [names[name] for name in one.bookmarks if name in names] for number, one in enumerate(body)}
    free = {number for number, ids in held.items() if not ids}
    found = _Matched({}, set())
    for number, ids in held.items():
        # Typing a paragraph in front of another leaves the bookmark with the new one.
        strayed = [id_ for id_ in ids if not _says(texts[number], own[id_]) and _elsewhere(own[id_], texts, free)]
        for id_ in strayed:
            place = _elsewhere(own[id_], texts, free)
            if place:
                found.ids[place[0]] = (id_,)
                free.discard(place[0])
        rest = tuple(id_ for id_ in ids if id_ not in strayed)
        if rest:
            found.ids[number] = rest
    _by_words(texts, parts, own, found)
    return found


def _says(text: str, wordings: Iterable[str]) -> bool:
    return any(wording and alike(text, wording) for wording in wordings)


def _elsewhere(wordings: Iterable[str], texts: Sequence[str], free: Iterable[int]) -> list[int]:
    return [number for number in sorted(free) if _says(texts[number], wordings)]


def _by_words(texts: Sequence[str], parts: Sequence[Part], own: Mapping[str, Sequence[str]], found: _Matched) -> None:
    """First the very words, then what is nearest."""
    taken = {id_ for ids in found.ids.values() for id_ in ids}
    places: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        if number not in found.ids:
            places.setdefault(essence(text), []).append(number)
    lost = [part.id for part in parts if part.stands and part.id not in taken]
    for id_ in list(lost):
        free = next((places[key] for one in own[id_] if one and places.get(key := essence(one))), None)
        if free:
            found.ids[free.pop(0)] = (id_,)
            lost.remove(id_)
    for id_ in lost:
        near = {
            number: max((likeness(text, one, ALIKE_ENOUGH) for one in own[id_] if one), default=0.0)
            for number, text in enumerate(texts)
            if number not in found.ids
        }
        best = max(near, key=lambda number, near=near: near[number], default=None)  # type: ignore[misc]
        if best is not None and near[best] >= ALIKE_ENOUGH:
            found.ids[best] = (id_,)
            found.uncertain.add(best)


def _judged(  # noqa: PLR0913 (one paragraph with all that is known of it)
    ids: tuple[str, ...],
    theirs: str,
    one: DocxParagraph,
    parts: Mapping[str, Part],
    bases: Mapping[str, Base],
    *,
    uncertain: bool,
) -> Returned:
    mine = " ".join(parts[id_].text for id_ in ids)
    known = [bases[id_].text for id_ in ids]
    base = " ".join(text for text in known if text is not None) if None not in known else None
    state: State = "merged" if len(ids) > 1 else _state(theirs, mine, base, stands=parts[ids[0]].stands)
    spans = tuple(differences(mine, theirs)) if state != "same" else ()
    return Returned(state, ids, theirs, mine, base, uncertain, one.tracked, one.comments, spans=spans)


def _state(theirs: str, mine: str, base: str | None, *, stands: bool) -> State:
    if base is not None and alike(theirs, base):
        return "same" if stands and alike(mine, base) else "kept"
    if alike(theirs, mine):
        return "same"
    if base is None:
        return "unknown"
    return "changed" if stands and alike(mine, base) else "conflict"


def _without_lead_in(text: str) -> str:
    return _LEAD_IN.sub("", text, count=1) if _LEAD_IN.match(text) else text
