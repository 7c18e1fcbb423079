"""Changing the draft: the lead's wording, paragraphs left out or added, requirements. Each is a journal entry.

The optimistic lock is the journal's: a change names the entries that its author had in front of him.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import uuid_utils

from app.errors import InvalidInputError, NotFoundError
from app.identity import Identity
from app.journal.journal import Journal
from app.papers.asked import is_proposed
from reports.composing.conclusion import OWN, Part, Plan
from reports.composing.facts import CauseFact, ConclusionFacts, Override
from reports.composing.requirements import Requirement
from reports.composing.tone import TONES


@dataclass(frozen=True)
class Desk:
    """Where somebody drafts.

    Attributes:
        journal: where it is written.
        who: the author.
        inspection: whose draft.
        upto: how many entries the journal had when the author's page was made; None where it is not known.
        origin: sha256 of the corrected DOCX that the words come from.
    """

    journal: Journal[Identity]
    who: Identity
    inspection: str
    upto: int | None = None
    origin: str = ""

    def write(self, part: str, value: Mapping[str, Any] | None, seen: Sequence[str] | None) -> None:
        """Write what is now said of a paragraph; None takes everything back.

        Raises:
            StaleError: somebody else changed it meanwhile.
        """
        if value is not None and self.upto is not None:
            value = {**value, "upto": min(self.upto, self.journal.head().seq)}
        self.journal.write(self.who, part_subject(self.inspection, part), value, supersedes=seen)


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


def said(part: Part, **changes: object) -> dict[str, Any]:
    """All that is said of a paragraph, with something changed; what is empty is left out."""
    own = part.override or Override()
    names = ("text", "dropped", "reason", "area", "tone", "tone_reason", "commended", "origin")
    value: dict[str, Any] = {name: getattr(own, name) for name in names}
    value |= {"absorbs": list(own.absorbs), "cause": vars(own.cause) if own.cause else None}
    value |= {"rests_on": list(part.rests_on), **changes}
    return {name: one for name, one in value.items() if one}


def reword(desk: Desk, part: Part, text: str, seen: Sequence[str]) -> None:
    """Put the lead's words in place of the proposal; the proposal's own words take the change back.

    Raises:
        InvalidInputError: no text; a paragraph is left out by dropping it.
        StaleError: somebody else changed it meanwhile.
    """
    if not text:
        raise InvalidInputError("Đoạn văn đang trống; nếu không dùng đoạn này, hãy bỏ đoạn và ghi lý do.")
    own = "" if text == part.proposed else text
    _say(desk, part, seen, text=own, origin=desk.origin if own else "", dropped=False, reason="")


def drop(desk: Desk, part: Part, reason: str, seen: Sequence[str]) -> None:
    """Leave a paragraph out; the reason is kept.

    Raises:
        InvalidInputError: no reason, or a paragraph that every paper has.
        StaleError: somebody else changed it meanwhile.
    """
    if part.kind in {"opening", "closing", "lead"}:
        raise InvalidInputError("Đoạn này văn bản nào cũng phải có; hãy sửa lời văn thay vì bỏ.")
    if not reason:
        raise InvalidInputError("Hãy ghi lý do bỏ đoạn này; lý do được lưu trong hồ sơ.")
    _say(desk, part, seen, dropped=True, reason=reason)


def restore(desk: Desk, part: Part, seen: Sequence[str]) -> None:
    """Let a paragraph that was left out stand again, in the words it had."""
    if part.override is not None:
        _say(desk, part, seen, dropped=False, reason="")


def use_proposal(desk: Desk, part: Part, seen: Sequence[str]) -> None:
    """Let the proposal's words stand again; a paragraph of the lead's own has no others.

    Raises:
        InvalidInputError: nothing is proposed here.
    """
    if not part.proposed:
        raise InvalidInputError("Đoạn này do người soạn thêm, không có câu đề xuất; hãy sửa lời văn hoặc bỏ đoạn.")
    if part.override is not None:
        _say(desk, part, seen, text="", origin="")


def look(desk: Desk, part: Part, seen: Sequence[str]) -> None:
    """Say that the changes under a paragraph were seen; nothing else changes."""
    desk.write(part.id, said(part), seen)


def set_tone(desk: Desk, part: Part, tone: str, reason: str, seen: Sequence[str]) -> None:
    """Choose how strongly a shortcoming is put; "" puts it as it is.

    Raises:
        InvalidInputError: no such level, no shortcoming, or one of the strongest without its rule.
        ForbiddenError: one of the strongest, by somebody who does not lead.
    """
    if part.kind != "fail" or (tone and tone not in TONES):
        raise InvalidInputError("Mức độ chỉ đặt cho đoạn nêu tồn tại, hạn chế; hãy chọn một mức trong danh sách.")
    if tone and TONES[tone].by_hand:
        desk.who.require(
            desk.who.leads(desk.inspection), "Chỉ trưởng đoàn, phó trưởng đoàn được chọn mức kiểm điểm hoặc phê bình."
        )
        if not reason:
            raise InvalidInputError(
                "Mức này cần nêu căn cứ: quy định áp dụng, hoặc đã nhắc nhở ở văn bản nào mà vẫn tái diễn."
            )
    _say(desk, part, seen, tone=tone, tone_reason=reason if tone else "")


def commend(desk: Desk, part: Part, seen: Sequence[str], *, on: bool) -> None:
    """Recommend an achievement to others, or no longer.

    Raises:
        InvalidInputError: it is no achievement.
    """
    if part.kind != "pass":
        raise InvalidInputError("Chỉ đoạn nêu ưu điểm được đề nghị nhân rộng.")
    _say(desk, part, seen, commended=on)


def _say(desk: Desk, part: Part, seen: Sequence[str], **changes: object) -> None:
    """Write what is said now; where nothing is, the entry takes everything back."""
    value = said(part, **changes)
    desk.write(part.id, value if set(value) - {"rests_on"} else None, seen)


def add_paragraph(  # noqa: PLR0913 (a paragraph's own facts)
    desk: Desk, section: str, text: str, *, area: str = "", rests_on: Sequence[str] = (), absorbs: Sequence[str] = ()
) -> str:
    """Add a paragraph of the lead's own and return its id."""
    part = f"{OWN}{section}.{uuid_utils.uuid7()}"
    value = {"text": text, "area": area, "rests_on": list(rests_on), "absorbs": list(absorbs), "origin": desk.origin}
    desk.write(part, {name: one for name, one in value.items() if one}, [])
    return part


def save_cause(  # noqa: PLR0913 (a change and its lock)
    desk: Desk,
    part: Part | None,
    cause: CauseFact,
    area: str,
    rests_on: Sequence[str],
    absorbs: Sequence[str],
    seen: Sequence[str],
) -> str:
    """Write causes and responsibility of a group of shortcomings and return the paragraph's id.

    Raises:
        InvalidInputError: nothing was written.
        StaleError: somebody else changed it meanwhile.
    """
    if not any(vars(cause).values()):
        raise InvalidInputError("Hãy ghi ít nhất một nguyên nhân hoặc trách nhiệm.")
    id_ = part.id if part else f"{OWN}cause.{uuid_utils.uuid7()}"
    value = {"cause": vars(cause), "area": area, "rests_on": list(rests_on), "absorbs": list(absorbs)}
    desk.write(id_, value, seen)
    return id_


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


def _kind_of(addressee: str, one: Requirement | None) -> str:
    """Whom it is for: a body that was typed is another one, otherwise whom the tool or the case meant."""
    if addressee:
        return "co_quan_khac"
    return one.addressee_kind if one and one.addressee_kind != "co_quan_khac" else "don_vi"


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
    value = {"findings": findings, **old, **typed, "addressee_kind": _kind_of(typed.get("addressee", ""), one)}
    if "due" in value and typed.get("deadline_text") != old.get("deadline_text"):
        value["due"] = None
    id_ = remedy or str(uuid_utils.uuid7())
    journal.write(who, f"inspection/{inspection}/remedy/{id_}", value, supersedes=seen)
    return id_
