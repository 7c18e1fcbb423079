"""Several requirements of a draft put into one of the lead's own, and taken apart again.

The joined requirement is an ordinary one that names those it takes in. They keep their own words and findings, and come
back when it is withdrawn. Once it has gone out with a paper it is no draft any more and is not taken apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import uuid_utils

from app.conclusions.drafting import Desk
from app.conclusions.gather import gather
from app.database import writing
from app.errors import ConflictError, InvalidInputError
from app.installation import Installation
from reports.composing.conclusion import Part, Plan, plan
from reports.composing.facts import ConclusionFacts
from reports.composing.joining import Proposal, proposed
from reports.composing.requirements import Requirement


def joinable(drafted: Plan, part: Part) -> list[Part]:
    """The requirements that one can be joined with, itself among them: those for the same body."""
    if part.kind != "req" or not part.stands:
        return []
    return [one for one in drafted.parts if one.kind == "req" and one.stands and one.area == part.area]


def proposal(parts: Sequence[Part], day: date) -> Proposal:
    """One requirement in place of several, as the lead finds it in the form."""
    return proposed(_of(parts), day)


def join(installation: Installation, desk: Desk, ids: Sequence[str], typed: Mapping[str, str]) -> str:
    """Put several requirements into one and return its paragraph's id; all findings stay with it.

    Raises:
        InvalidInputError: fewer than two, for different bodies, or no text.
        ConflictError: one of them is gone, left out or joined already.
    """
    if not typed.get("text"):
        raise InvalidInputError("Hãy ghi nội dung yêu cầu sau khi gộp.")
    with writing(installation.database()):
        facts = gather(installation, desk.inspection)
        parts = [one for one in plan(facts).parts if one.id in ids and one.kind == "req"]
        if len(parts) < len(set(ids)) or not all(part.stands for part in parts):
            raise ConflictError("Một yêu cầu đã được người khác gộp, bỏ hoặc không còn; hãy chọn lại các yêu cầu.")
        if len(parts) < 2 or len({part.area for part in parts}) > 1:
            raise InvalidInputError("Hãy chọn ít nhất hai yêu cầu đối với cùng một cơ quan, đơn vị để gộp.")
        remedy = str(uuid_utils.uuid7())
        subject = f"inspection/{desk.inspection}/remedy/{remedy}"
        desk.journal.write(desk.who, subject, _value(facts, parts, typed), supersedes=[])
    return f"req.{remedy}"


def _of(parts: Sequence[Part]) -> list[Requirement]:
    return [part.requirement for part in parts if part.requirement is not None]


def _value(facts: ConclusionFacts, parts: Sequence[Part], typed: Mapping[str, str]) -> dict[str, Any]:
    """Whom it is for stays; a day that somebody set stays with the term it was set for."""
    chosen = _of(parts)
    written = {one.id: one.addressee for one in facts.requirements}
    due = next((one.due for one in chosen if one.due and one.deadline == typed.get("deadline_text")), None)
    value = {
        **typed,
        "findings": list(dict.fromkeys(key for one in chosen for key in one.findings)),
        "addressee": written.get(chosen[0].remedy or "", ""),
        "addressee_kind": chosen[0].addressee_kind,
        "absorbs": [id_ for part in parts for id_ in (part.id, *part.members)],
        "due": due.isoformat() if due else "",
    }
    return {name: one for name, one in value.items() if one}


def take_apart(desk: Desk, part: Part, seen: Sequence[str]) -> None:
    """Take a joined requirement back; the others stand as they were.

    Raises:
        InvalidInputError: it was not joined.
        ConflictError: it went out with a paper.
        StaleError: somebody else changed it meanwhile.
    """
    one = part.requirement
    if one is None or not one.members or not one.remedy:
        raise InvalidInputError("Yêu cầu này không phải yêu cầu gộp.")
    subject = f"inspection/{desk.inspection}/remedy/{one.remedy}"
    if (desk.journal.value(subject) or {}).get("document"):
        raise ConflictError("Yêu cầu gộp đã ban hành trong văn bản nên không tách được; hãy sửa nội dung yêu cầu.")
    desk.journal.write(desk.who, subject, None, supersedes=seen)
