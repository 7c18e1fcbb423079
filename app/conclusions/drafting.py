"""Changing the draft: the lead's wording, paragraphs left out or added, requirements. Each is a journal entry.

The optimistic lock is the journal's: a change names the entries that its author had in front of him.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import uuid_utils

from app.conclusions.gather import is_proposed
from app.errors import InvalidInputError, NotFoundError
from app.identity import Identity
from app.journal.journal import Journal
from reports.conclusion import OWN, Part, Plan
from reports.facts import ConclusionFacts


def part_subject(inspection: str, part: str) -> str:
    """The subject of a paragraph's wording."""
    return f"inspection/{inspection}/conclusion/{part}"


def part_of(drafted: Plan, part: str) -> Part:
    """A paragraph of the draft.

    Raises:
        NotFoundError: it is not there (any more).
    """
    found = next((one for one in drafted.parts if one.id == part), None)
    if found is None:
        raise NotFoundError("Đoạn này không còn trong dự thảo; hãy tải lại trang dự thảo.")
    return found


def reword(  # noqa: PLR0913 (a change and its lock)
    journal: Journal[Identity], who: Identity, inspection: str, part: Part, text: str, seen: Sequence[str]
) -> None:
    """Put the lead's words in place of the proposal; the proposal's own words take the change back.

    Raises:
        InvalidInputError: no text; a paragraph is left out by dropping it.
        StaleError: somebody else changed it meanwhile.
    """
    if not text:
        raise InvalidInputError("Đoạn văn đang trống; nếu không dùng đoạn này, hãy bỏ đoạn và ghi lý do.")
    if text == part.proposed:
        take_back(journal, who, inspection, part, seen)
        return
    value = {"text": text, "rests_on": list(part.rests_on)}
    journal.write(who, part_subject(inspection, part.id), value, supersedes=seen)


def drop(  # noqa: PLR0913 (a change and its lock)
    journal: Journal[Identity], who: Identity, inspection: str, part: Part, reason: str, seen: Sequence[str]
) -> None:
    """Leave a paragraph out; the reason is kept.

    Raises:
        InvalidInputError: no reason, or a paragraph that every paper has.
        StaleError: somebody else changed it meanwhile.
    """
    if part.kind in {"opening", "closing", "lead"}:
        raise InvalidInputError("Đoạn này văn bản nào cũng phải có; hãy sửa lời văn thay vì bỏ.")
    if not reason:
        raise InvalidInputError("Hãy ghi lý do bỏ đoạn này; lý do được lưu trong hồ sơ.")
    own = part.override.text if part.override else ""
    value = {"text": own, "dropped": True, "reason": reason, "rests_on": list(part.rests_on)}
    journal.write(who, part_subject(inspection, part.id), value, supersedes=seen)


def take_back(journal: Journal[Identity], who: Identity, inspection: str, part: Part, seen: Sequence[str]) -> None:
    """Let the proposal stand again; a paragraph of the lead's own comes back in its words.

    Raises:
        StaleError: somebody else changed it meanwhile.
    """
    if part.override is None:
        return
    own = part.override.text if part.id.startswith(OWN) else ""
    value = {"text": own, "rests_on": list(part.rests_on)} if own else None
    journal.write(who, part_subject(inspection, part.id), value, supersedes=seen)


def add_paragraph(journal: Journal[Identity], who: Identity, inspection: str, section: str, text: str) -> str:
    """Add a paragraph of the lead's own and return its id."""
    part = f"{OWN}{section}.{uuid_utils.uuid7()}"
    journal.write(who, part_subject(inspection, part), {"text": text}, supersedes=[])
    return part


def requirement_fields(facts: ConclusionFacts, part: Part | None) -> dict[str, Any]:
    """What the form of a requirement shows: as somebody wrote it, or as the tool proposes it."""
    one = part.requirement if part else None
    if one is None:
        return {}
    written = next((found for found in facts.requirements if found.id == one.remedy), None)
    return {
        "text": one.text,
        "deadline_text": one.deadline,
        "product": one.product,
        "addressee": written.addressee if written else "",
        "owner": one.owner,
        "follow_up": written.follow_up if written else "",
    }


def save_requirement(  # noqa: PLR0913 (a change and its lock)
    journal: Journal[Identity],
    who: Identity,
    inspection: str,
    part: Part | None,
    typed: Mapping[str, Any],
    seen: Sequence[str],
) -> str:
    """Write a requirement and return its remedy's id; a proposed one becomes the lead's own.

    Raises:
        StaleError: somebody else changed it meanwhile.
    """
    one = part.requirement if part else None
    remedy = one.remedy if one and one.remedy and not is_proposed(one.remedy) else None
    old: dict[str, Any] = {}
    if remedy:
        old = journal.value(f"inspection/{inspection}/remedy/{remedy}") or {}
    findings = list(one.findings) if one else []
    other = typed.get("addressee")
    kind = "co_quan_khac" if other else (one.addressee_kind if one and one.remedy is None else "don_vi")
    value = {"findings": findings, "addressee_kind": kind, **old, **typed}
    if "due" in value and typed.get("deadline_text") != old.get("deadline_text"):
        value["due"] = None
    id_ = remedy or str(uuid_utils.uuid7())
    journal.write(who, f"inspection/{inspection}/remedy/{id_}", value, supersedes=seen)
    return id_
