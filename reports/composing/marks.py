"""What changed under a paragraph since the lead last looked at it, in words.

A paragraph that nobody touched follows its findings by itself; once drafting has begun it is marked all the same, so
that no sentence changes unseen. The mark ends with the lead's next word on the paragraph, or with his "đã xem".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from checklists.answers import SOURCE_LABELS, VERDICT_LABELS, Source, Verdict
from checklists.model import Item
from checklists.wording import format_figure
from reports.composing.facts import ConclusionFacts, Finding, PastFact
from reports.composing.parts import Part, Plan

NOTHING = "(không có)"
_NOTES = {
    "nhan_xet": "Nhận xét",
    "nguyen_nhan": "Nguyên nhân",
    "dien_dat": "Câu đề xuất",
    "cach_lam_hay": "Cách làm hay",
}


@dataclass(frozen=True)
class Change:
    """One thing that changed.

    Attributes:
        finding: key of the finding; empty for the wording of a merged paragraph.
        what: verdict, a figure with its source, a note …
        old: what it was, in words; "" where the journal's versions are not at hand.
        new: what it is.
        author: account of who changed it.
        at: when, by that person's clock, UTC.
    """

    finding: str
    what: str
    old: str
    new: str
    author: str = ""
    at: str = ""


@dataclass(frozen=True)
class Mark:
    """Why the lead should look at a paragraph.

    Attributes:
        new: it came after drafting began and nobody has looked at it.
        changes: what changed since somebody looked at it.
    """

    new: bool
    changes: tuple[Change, ...] = ()


def marks(facts: ConclusionFacts, drafted: Plan) -> dict[str, Mark]:
    """The marks by the ids of their paragraphs; without drafting there are none."""
    findings = {finding.key: finding for finding in facts.findings}
    parts = {part.id: part for part in drafted.parts}
    found = {}
    for part in drafted.parts:
        base = looked_at(part, facts)
        if part.into or base is None:
            continue
        mark = _mark(part, base, findings, parts)
        if mark is not None:
            found[part.id] = mark
    return found


def looked_at(part: Part, facts: ConclusionFacts) -> int | None:
    """How much of the journal was there when somebody last looked at a paragraph; None where nobody drafts yet."""
    override = part.override
    if override is not None and override.entry is not None:
        seen = override.entry.seq if override.upto is None else override.upto
    elif facts.drafting_since is not None:
        seen = facts.drafting_since
    else:
        return None
    return max([seen, *(entry.seq for entry in part.requirement.entries)] if part.requirement else [seen])


def _mark(part: Part, base: int, findings: Mapping[str, Finding], parts: Mapping[str, Part]) -> Mark | None:
    under = [findings[key] for key in part.rests_on if key in findings]
    if part.override is None and part.requirement is None and under and all(_first(one) > base for one in under):
        return Mark(new=True)
    changes = [change for finding in under for change in changes_of(finding, base)]
    changes += [_reworded(parts[id_]) for id_ in part.members if _last_word(parts[id_]) > base]
    return Mark(new=False, changes=tuple(changes)) if changes else None


def _first(finding: Finding) -> int:
    return min((*(one.seq for one in finding.all_entries()), *(one.seq for one in finding.past)), default=0)


def _last_word(part: Part) -> int:
    """The place in the journal of what somebody last wrote of a paragraph."""
    written = part.requirement.entries if part.requirement else ()
    return max(part.spoken_at, *(entry.seq for entry in written), 0)


def _reworded(part: Part) -> Change:
    author = part.override.entry.author if part.override and part.override.entry else ""
    return Change("", "Lời văn của một đoạn đã gộp", "", part.text, author)


def changes_of(finding: Finding, base: int) -> list[Change]:
    """What became of a finding after the journal's entry ``base``."""
    later = any(entry.seq > base for entry in finding.all_entries())
    if not finding.past:
        return [Change(finding.key, "Kết quả kiểm tra", "", "")] if later else []
    found: list[Change] = []
    for _, versions in groupby(sorted(finding.past, key=lambda one: (one.subject, one.seq)), lambda one: one.subject):
        found += _of_subject(finding, list(versions), base)
    return found


def _of_subject(finding: Finding, versions: Sequence[PastFact], base: int) -> Iterator[Change]:
    last = versions[-1]
    if last.seq <= base:
        return
    before = next((one.value for one in reversed(versions) if one.seq <= base), None)
    for what, (old, new) in _differences(finding.item, last.kind, before or {}, last.value or {}):
        yield Change(finding.key, what, old, new, last.author, last.at)


def _differences(
    item: Item, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[str, str]]]:
    told = {"answer": _answer, "row": _row, "note": _note, "evidence": _evidence}[kind]
    old, new = told(item, before), told(item, after)
    for what in dict.fromkeys((*old, *new)):
        if old.get(what, "") != new.get(what, ""):
            yield what, (old.get(what) or NOTHING, new.get(what) or NOTHING)


def _answer(item: Item, value: Mapping[str, Any]) -> dict[str, str]:
    """Verdict, reason, and each figure with its source."""
    verdict = value.get("verdict")
    told = {"Kết quả": VERDICT_LABELS[Verdict(verdict)] if verdict else "", "Lý do": value.get("reason") or ""}
    fields = {field.key: field for field in item.fields}
    for key, readings in sorted((value.get("figures") or {}).items()):
        for reading in readings:
            label = fields[key].label if key in fields else key
            shown = (
                format_figure(fields[key], reading["value"])[len(label) + 2 :] if key in fields else reading["value"]
            )
            told[f"{label}, {SOURCE_LABELS[Source(reading['source'])].lower()}"] = shown
    return told


def _row(_item: Item, value: Mapping[str, Any]) -> dict[str, str]:
    return {"Dòng trong bảng": "; ".join(str(cell) for cell in (value.get("row") or {}).values() if cell)}


def _note(_item: Item, value: Mapping[str, Any]) -> dict[str, str]:
    return {_NOTES.get(value.get("kind", "nhan_xet"), "Nhận xét"): value.get("text", "")} if value else {}


def _evidence(_item: Item, value: Mapping[str, Any]) -> dict[str, str]:
    paper = value.get("paper") or {}
    name = value.get("caption") or paper.get("number") or value.get("address") or (value.get("file") or {}).get("name")
    return {"Minh chứng": name or "không có chú thích"} if value else {}
