"""Kinds of the approval: steps are set by leaders, drafts submitted by those who draft, each step is one person's.

An approval names the hash of what was submitted and comes after those of the steps before it; a submission and an
approval are said once and never changed: what changes is submitted anew.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from app.accounts.kinds import IDENT
from app.accounts.shapes import Role
from app.approvals.shapes import ApprovalStepsValue, ApprovalValue, SubmissionValue
from app.errors import ConflictError, InvalidInputError
from app.identity import Identity
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table
from app.papers.kinds import ROOT
from app.papers.owner import column_of, functions_in, may_draft, may_lead, owner_of

NUMBER = r"[1-9]\d{0,3}"
SUBMISSION = rf"{ROOT}/submission/(?P<submission>{NUMBER})"


_BY_OWNER = (("inspection",), ("campaign",))


class NotYourTurnError(ConflictError):
    """An earlier step is open, the version was returned, or a newer one was submitted."""

    code = "not_your_turn"


def _may_set_steps(writer: Identity, entry: Entry, groups: Groups) -> None:
    writer.require(
        may_lead(writer, owner_of(groups)) and entry.author == writer.account,
        "Chỉ trưởng đoàn, phó trưởng đoàn hoặc quản trị được đặt các bước duyệt.",
    )


def _may_submit(writer: Identity, entry: Entry, groups: Groups) -> None:
    writer.require(
        may_draft(writer, owner_of(groups)) and entry.author == writer.account,
        "Chỉ lãnh đạo đoàn hoặc thư ký được trình duyệt dự thảo.",
    )


def _may_set_body_steps(writer: Identity, entry: Entry, _groups: Groups) -> None:
    writer.require(
        writer.role in {Role.ADMIN, Role.LEAD} and entry.author == writer.account,
        "Chỉ trưởng đoàn hoặc quản trị được đặt các bước duyệt của cơ quan ban hành.",
    )


def is_approver(writer: Identity, owner: str, step: dict[str, Any]) -> bool:
    """Whether a step is this account's: by name, or by its function in the inspection or the campaign."""
    if step.get("account"):
        return bool(step["account"] == writer.account)
    return step.get("function") in functions_in(writer, owner)


def submission_of(writer: Identity, owner: str, number: str) -> dict[str, Any] | None:
    """A submitted version, or None."""
    column, id_ = column_of(owner)
    row = writer.db.execute(
        f"SELECT value FROM submissions WHERE {column} = ? AND submission = ?", [id_, number]
    ).fetchone()
    return orjson.loads(row[0]) if row else None


def _may_approve(writer: Identity, entry: Entry, groups: Groups) -> None:
    owner, number, place = owner_of(groups), str(groups["submission"]), str(groups["step"])
    submitted = submission_of(writer, owner, number)
    steps = submitted["steps"] if submitted else []
    if not 1 <= int(place) <= len(steps):
        raise InvalidInputError("Không có bước duyệt này; hãy mở lại trang duyệt.")
    step = steps[int(place) - 1]
    writer.require(
        entry.author == writer.account and not step.get("signs") and is_approver(writer, owner, step),
        "Bước duyệt này giao cho người khác.",
    )


def _comes_in_turn(writer: Identity, groups: Groups, value: ApprovalValue) -> None:
    owner, number, place = owner_of(groups), str(groups["submission"]), str(groups["step"])
    column, id_ = column_of(owner)
    submitted = submission_of(writer, owner, number) or {}
    if value.sha256 != submitted.get("sha256"):
        raise NotYourTurnError("Văn bản không phải bản đã trình; hãy mở lại trang duyệt.")
    (newest,) = writer.db.execute(
        f"SELECT max(CAST(submission AS INTEGER)) FROM submissions WHERE {column} = ? "
        "AND coalesce(json_extract(value, '$.about'), '') = ?",
        [id_, submitted.get("about", "")],
    ).fetchone()
    if int(number) != newest:
        raise NotYourTurnError("Đã có bản trình mới hơn; hãy mở lại trang duyệt.")
    rows = writer.db.execute(
        f"SELECT step, decision FROM approvals WHERE {column} = ? AND submission = ?", [id_, number]
    )
    given = {row[0]: row[1] for row in rows}
    if "tra_lai" in given.values():
        raise NotYourTurnError("Bản trình này đã bị trả lại; hãy chờ bản trình mới.")
    before = [str(one) for one, step in enumerate(submitted["steps"], 1) if one < int(place) and not step.get("signs")]
    if any(given.get(one) != "duyet" for one in before):
        raise NotYourTurnError("Chưa đến lượt bước này: bước trước chưa duyệt.")
    if value.decision == "tra_lai" and not value.comment.strip() and not value.remarks:
        raise InvalidInputError("Hãy ghi ý kiến khi trả lại, để người soạn biết cần sửa gì.")


def _is_next(writer: Identity, groups: Groups, _value: SubmissionValue) -> None:
    column, id_ = column_of(owner_of(groups))
    query = f"SELECT coalesce(max(CAST(submission AS INTEGER)), 0) FROM submissions WHERE {column} = ?"
    (newest,) = writer.db.execute(query, [id_]).fetchone()
    if int(str(groups["submission"])) != newest + 1:
        raise ConflictError("Người khác vừa trình một bản; hãy tải lại trang duyệt rồi trình lại nếu cần.")


KINDS = (
    Kind(
        name="approval steps of an issuing body",
        pattern=re.compile(rf"issuer/(?P<issuer>{IDENT})/approval-steps"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: ApprovalStepsValue},
        may_write=_may_set_body_steps,
        table=Table("issuer_approval_steps", {}, (("issuer",),)),
    ),
    Kind(
        name="approval steps",
        pattern=re.compile(rf"{ROOT}/approval-steps"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: ApprovalStepsValue},
        may_write=_may_set_steps,
        table=Table("approval_steps", {}, _BY_OWNER),
    ),
    Kind(
        name="submission",
        pattern=re.compile(SUBMISSION),
        subject_class=SubjectClass.OFFICE,
        shapes={1: SubmissionValue},
        may_write=_may_submit,
        check=_is_next,
        table=Table("submissions", {"sha256": "TEXT"}, _BY_OWNER),
        withdrawable=False,
    ),
    Kind(
        name="approval",
        pattern=re.compile(rf"{SUBMISSION}/approval/(?P<step>{NUMBER})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: ApprovalValue},
        may_write=_may_approve,
        check=_comes_in_turn,
        table=Table("approvals", {"decision": "TEXT"}, _BY_OWNER),
        withdrawable=False,
    ),
)
