"""Kinds of ``inspection/<id>/…`` that a delegation writes: setup, answers, rows, notes, evidence, minutes.

Rights: a member of the inspection or an administrator; the author is the session's account, save that another
member's ordinary answers, notes and evidence may be brought in from a shared tablet. Only a lead of the
inspection settles a disagreement.
"""

from __future__ import annotations

import re
from typing import Any

from app.accounts.kinds import IDENT
from app.accounts.shapes import Role
from app.errors import InvalidInputError, UnprocessableError
from app.identity import Identity, functions_of
from app.inspections.shapes import (
    DRAFTING,
    LEADING,
    EvidenceValue,
    Function,
    MinutesValue,
    NoteValue,
    SetupValue,
)
from app.journal.entry import Entry
from app.journal.journal import NotYetError
from app.journal.kinds import Groups, Kind, SubjectClass, Table
from checklists.answers import AnswerValue, RowValue
from checklists.rules import Problem, answer_errors, check_row

ITEM = r"[a-z0-9-]+\.[a-z0-9-]+"
INSPECTION = rf"inspection/(?P<inspection>{IDENT})"
PLACE = rf"(?P<item>{ITEM})(?:@(?P<site>{IDENT}))?"


class UnknownInspectionError(NotYetError):
    """The inspection was opened on a tablet and its setup has not arrived; the entry may be offered again."""

    code = "unknown_inspection"

    def __init__(self) -> None:
        super().__init__(
            "Máy chủ chưa nhận thông tin cuộc kiểm tra này, hoặc tài khoản này không phải là thành viên; "
            "ghi nhận vẫn giữ trên máy và sẽ được gửi lại."
        )


def may_write_setup(writer: Identity, entry: Entry, groups: Groups) -> None:
    """A new inspection: lead or member who is in it; later changes: its leaders, secretary or an admin.

    What was opened in the field may be brought by another of its delegation from a shared tablet or a file: the
    rights are then those of the author, and a change is brought by one who might make it.
    """
    existing = writer.setup_before_change(str(groups["inspection"]))
    setup: dict[str, Any] = entry.value if isinstance(entry.value, dict) else {}
    if setup.get("opened") is not None and existing is None:
        _may_open(writer, entry.author, setup)
        return
    brought = existing is not None and existing.get("opened") is not None and _drafts(writer, existing, writer.account)
    writer.require(
        entry.author == writer.account or brought,
        "Chỉ người đang đăng nhập mới được lập hoặc sửa cuộc kiểm tra.",
    )
    if writer.is_admin() and entry.author == writer.account:
        return
    if existing is None:
        writer.require(writer.role in {Role.LEAD, Role.MEMBER})
        writer.require(
            _names_author(setup, writer.account),
            "Người lập phải có tên trong danh sách thành viên của cuộc kiểm tra.",
        )
        return
    allowed = _drafts(writer, existing, entry.author)
    writer.require(allowed, "Chỉ lãnh đạo đoàn hoặc thư ký được sửa thông tin cuộc kiểm tra.")


def _drafts(writer: Identity, setup: dict[str, Any], account: str) -> bool:
    return bool(functions_of(setup, account) & DRAFTING) or writer.role_of(account) is Role.ADMIN


def _may_open(writer: Identity, author: str, setup: dict[str, Any]) -> None:
    """Whether the author may open an inspection in the field, and the writer bring it.

    A lead of the campaign may; a plain member where the campaign allows it and one of its leaders heads the team.
    """
    opened, campaign = setup["opened"], writer.campaign(str(setup.get("campaign")))
    writer.require(
        isinstance(opened, dict) and opened.get("by") == author,
        "Người mở cuộc kiểm tra tại hiện trường phải là người ghi; hãy đồng bộ lại từ đúng máy.",
    )
    brings = author == writer.account or writer.is_admin() or _names_author(setup, writer.account)
    writer.require(brings, "Người gửi phải có tên trong đoàn của cuộc kiểm tra mở tại hiện trường.")
    role = writer.role_of(author)
    if role is Role.ADMIN:
        return
    writer.require(
        campaign is not None and campaign.get("active", True) and bool(functions_of(campaign, author)),
        "Người mở không có tên trong đợt kiểm tra, hoặc đợt đã kết thúc; hãy nhờ trưởng đoàn thêm vào đợt rồi gửi lại.",
    )
    writer.require(_names_author(setup, author), "Người mở phải có tên trong đoàn của cuộc kiểm tra.")
    led = campaign is not None and campaign.get("field_opening") and _led_from(campaign, setup)
    writer.require(
        role is Role.LEAD or (role is Role.MEMBER and bool(led)),
        "Đợt này chỉ cho trưởng đoàn mở cuộc kiểm tra tại hiện trường, hoặc đoàn chưa có trưởng đoàn của đợt.",
    )


def _led_from(campaign: dict[str, Any], setup: dict[str, Any]) -> bool:
    """Whether one of the campaign's leaders heads the team."""
    members = setup.get("members")
    return any(
        isinstance(one, dict)
        and Function.HEAD in (one.get("functions") or ())
        and bool(functions_of(campaign, str(one.get("account"))) & LEADING)
        for one in (members if isinstance(members, list) else ())
    )


def _names_author(setup: dict[str, Any], account: str) -> bool:
    members = setup.get("members")
    return isinstance(members, list) and any(
        isinstance(member, dict) and member.get("account") == account for member in members
    )


def may_write_field(writer: Identity, entry: Entry, groups: Groups) -> None:
    """Members write for themselves; only a lead settles."""
    inspection = str(groups["inspection"])
    functions = writer.functions(inspection)
    if not functions and not writer.is_admin():
        if writer.setup(inspection) is None:
            raise UnknownInspectionError
        writer.require(allowed=False, message="Tài khoản này không phải là thành viên của cuộc kiểm tra.")
    if entry.settled and not writer.leads(inspection):
        writer.require(allowed=False, message="Chỉ trưởng đoàn hoặc phó trưởng đoàn được chốt nội dung khác nhau.")
    if entry.author != writer.account:
        writer.require(
            allowed=False,
            message="Người ghi khác với người đang đăng nhập; người đó cần tự đăng nhập để gửi.",
        )


def may_bring(writer: Identity, entry: Entry, groups: Groups) -> None:
    """As ``may_write_field``; another member's ordinary entry may be brought from a shared tablet."""
    if entry.author != writer.account and not entry.settled:
        inspection = str(groups["inspection"])
        shared = writer.is_member(inspection) or writer.is_admin()
        if shared and functions_of(writer.setup(inspection), entry.author):
            return
    may_write_field(writer, entry, groups)


class BadAnswerError(UnprocessableError):
    """The answer does not fit its item; ``details["problems"]`` names each fault."""

    code = "bad_answer"


def _answer_fits(writer: Identity, groups: Groups, value: AnswerValue) -> None:
    item = writer.item(str(groups["inspection"]), str(groups["item"]))
    if item is not None:
        _refuse(answer_errors(item, value))


def _row_fits(writer: Identity, groups: Groups, value: RowValue) -> None:
    item = writer.item(str(groups["inspection"]), str(groups["item"]))
    if item is not None:
        _refuse([fault for fault in check_row(item, value) if fault.level == "error"])


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise BadAnswerError(" ".join(problem.text for problem in problems[:3]), problems=[p.text for p in problems])


def _setup_is_sound(_writer: Identity, _groups: Groups, setup: SetupValue) -> None:
    for what, names in (
        ("nơi kiểm tra", [site.id for site in setup.sites]),
        ("thành viên", [member.account for member in setup.members]),
        ("bộ phiếu", [ref.split("@")[0] for ref in setup.checklists]),
    ):
        if len(names) != len(set(names)):
            raise InvalidInputError(f"Danh sách {what} có phần trùng nhau; hãy bỏ bớt rồi lưu lại.")


ENTRY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_COVERED = 100_000


def _minutes_are_sound(_writer: Identity, _groups: Groups, record: MinutesValue) -> None:
    """What the shape cannot say. A hash that does not fit the text is shown in the office and never refused."""
    covers = record.covers
    if len(covers) > MOST_COVERED or len(set(covers)) != len(covers) or not all(map(ENTRY_ID.fullmatch, covers)):
        raise InvalidInputError("Biên bản liệt kê sai các ghi nhận mà nó căn cứ vào; hãy mở lại biên bản rồi đọc lại.")
    if record.read and not record.shown_sha256:
        raise InvalidInputError("Biên bản ghi là đã đọc nhưng thiếu mã của nội dung đã đọc; hãy đọc lại biên bản.")
    started, ended = record.started_at or "", record.ended_at or ""
    if len(started) == len(ended) and ended < started:
        raise InvalidInputError("Biên bản kết thúc trước khi bắt đầu; hãy sửa giờ bắt đầu hoặc giờ kết thúc.")


FIELD_COLUMNS = (("inspection",),)

KINDS = (
    Kind(
        name="answer",
        pattern=re.compile(rf"{INSPECTION}/answer/{PLACE}"),
        subject_class=SubjectClass.FIELD,
        shapes={1: AnswerValue},
        may_write=may_bring,
        check=_answer_fits,
        table=Table("answers", {"verdict": "TEXT", "item_version": "INTEGER"}, FIELD_COLUMNS),
    ),
    Kind(
        name="row",
        pattern=re.compile(rf"{INSPECTION}/answer/{PLACE}/(?P<row>{IDENT})"),
        subject_class=SubjectClass.FIELD,
        shapes={1: RowValue},
        may_write=may_bring,
        check=_row_fits,
        table=Table("answer_rows", {}, FIELD_COLUMNS),
    ),
    Kind(
        name="note",
        pattern=re.compile(rf"{INSPECTION}/note/{PLACE}/(?P<note>{IDENT})"),
        subject_class=SubjectClass.FIELD,
        shapes={1: NoteValue},
        may_write=may_bring,
        table=Table("notes", {"kind": "TEXT"}, FIELD_COLUMNS),
    ),
    Kind(
        name="evidence",
        pattern=re.compile(rf"{INSPECTION}/evidence/(?P<evidence>{IDENT})"),
        subject_class=SubjectClass.FIELD,
        shapes={1: EvidenceValue},
        may_write=may_bring,
        table=Table(
            "evidence",
            {"kind": "TEXT", "item": "TEXT", "site": "TEXT", "file.sha256": "TEXT"},
            (("inspection",), ("file_sha256",)),
        ),
    ),
    Kind(
        name="setup",
        pattern=re.compile(rf"{INSPECTION}/setup"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: SetupValue},
        may_write=may_write_setup,
        check=_setup_is_sound,
        table=Table(
            "inspections",
            {"title": "TEXT", "unit": "TEXT", "issuer": "TEXT", "visit": "TEXT", "campaign": "TEXT"},
            (("inspection",),),
        ),
        withdrawable=False,
    ),
    Kind(
        name="minutes",
        pattern=re.compile(rf"{INSPECTION}/minutes/(?P<minutes>{IDENT})"),
        subject_class=SubjectClass.FIELD,
        shapes={1: MinutesValue},
        may_write=may_write_field,
        check=_minutes_are_sound,
        table=Table("minutes", {"signed_scan.sha256": "TEXT"}, FIELD_COLUMNS),
    ),
)
