"""What is still missing before the paper can be signed, and from whom: one list, for the evening before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.approvals.queries import approval_of
from app.approvals.versions import said_parts
from app.clock import local_date
from app.conclusions.checking import Checks, check
from app.conclusions.gather import gather
from app.duties.approvals import Missing, of_approval, of_other_papers
from app.duties.queries import Duty, duties_of
from app.explanations.queries import Hearing, hearing_of
from app.inspections.progress import Scope
from app.inspections.shapes import LEADING, Function
from app.installation import Installation
from reports.composing.conclusion import compose
from reports.composing.facts import ConclusionFacts
from reports.composing.prose import short_date

SIGNERS = "Trưởng đoàn"


def missing_of(installation: Installation, scope: Scope) -> list[Missing]:
    """Everything, what stops the conclusion's signature first, then what stops other papers."""
    facts = gather(installation, scope.inspection)
    db = installation.database()
    hearing = hearing_of(db, scope.inspection)
    approval = approval_of(db, scope.inspection, said_parts(compose(facts)))
    checks = check(installation, scope.inspection, facts)
    lead = _names(scope.setup, {one.value for one in LEADING}) or SIGNERS
    secretary = _names(scope.setup, {Function.SECRETARY.value}) or lead
    found = [
        *_of_members(duties_of(installation, scope)),
        *_of_unit(hearing, scope, local_date(installation.clock()).isoformat()),
        *_of_lead(facts, checks, lead, secretary),
        *of_approval(approval, secretary),
        *of_other_papers(installation, scope.inspection, secretary),
    ]
    return sorted(found, key=lambda one: (not one.stops, bool(one.paper)))


def _names(setup: Mapping[str, Any], functions: set[str]) -> str:
    return ", ".join(one["name"] for one in setup.get("members", ()) if functions & set(one["functions"]))


def _of_members(duties: list[Duty]) -> Iterator[Missing]:
    for duty in duties:
        total = duty.share.progress.total
        if not total or (duty.done and not duty.later):
            continue
        progress = f"{duty.share.progress.done}/{total} mục đã có kết quả"
        text = f"Chưa báo cáo xong phần được giao ({progress})."
        if duty.done:
            text = f"Đã báo cáo xong, nhưng sau đó có {duty.later} ghi nhận mới trong phần được giao."
        yield Missing(str(duty.share.member["name"]), text, "duties.index")


def _of_unit(hearing: Hearing, scope: Scope, today: str) -> Iterator[Missing]:
    if hearing.sent is None or hearing.reply is not None or hearing.until is None:
        return
    until = hearing.until.isoformat()
    answered = sum(bool(hearing.of(one["findings"])) for one in hearing.shown)
    if answered < len(hearing.shown) and today <= until:
        text = (
            f"Đang lấy ý kiến đến hết ngày {short_date(hearing.until)}: đã giải trình "
            f"{answered}/{len(hearing.shown)} nội dung."
        )
        yield Missing(scope.unit_name, text, "explanations.index")


def _of_lead(facts: ConclusionFacts, checks: Checks, lead: str, secretary: str) -> Iterator[Missing]:
    """What the check before signing says, but for approvals, which name their own people."""
    undecided = [one for one in facts.explanations if one.open]
    if undecided:
        stops = any(not one.late for one in undecided)
        yield Missing(lead, f"Chưa quyết định về {len(undecided)} giải trình của đơn vị.", "explanations.index", stops)
    unanswered = [one for one in facts.petitions if not one.handling]
    if unanswered:
        text = f"Chưa có ý kiến về {len(unanswered)} kiến nghị của đơn vị."
        yield Missing(secretary, text, "petitions.index")
    told = {"explanation-undecided", "petition-unanswered", "approval-missing"}
    for one in checks.all:
        if one.remark.code not in told and (one.stops or one.remark.code == "tablets-outstanding"):
            yield Missing(lead, one.remark.text, "checks.index", one.stops)
