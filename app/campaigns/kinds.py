"""The Kind of campaigns: leads who are in one and administrators write it."""

from __future__ import annotations

import re

from app.accounts.kinds import IDENT
from app.accounts.shapes import Role
from app.campaigns.queries import works_for
from app.campaigns.shapes import CampaignValue
from app.errors import InvalidInputError
from app.identity import Identity
from app.inspections.shapes import DRAFTING
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table


def _may_write(writer: Identity, entry: Entry, groups: Groups) -> None:
    """A new one: a lead who is in it; later changes: its leaders and secretary. Administrators always."""
    writer.require(entry.author == writer.account)
    if writer.is_admin():
        return
    writer.require(writer.role is Role.LEAD, "Chỉ trưởng đoàn hoặc quản trị được lập, sửa đợt kiểm tra.")
    existing = writer.campaign(str(groups["id"]))
    found = existing if existing is not None else entry.value if isinstance(entry.value, dict) else {}
    allowed = any(_has(found, writer.account, name) for name in DRAFTING)
    writer.require(allowed, "Chỉ lãnh đạo đoàn hoặc thư ký của đợt kiểm tra được lập, sửa đợt này.")
    wanted = entry.value if isinstance(entry.value, dict) else {}
    if wanted.get("gathers"):
        writer.require(
            works_for(writer, str(wanted.get("issuer"))),
            "Chỉ lãnh đạo đoàn hoặc thư ký của một cuộc, một đợt kiểm tra của cơ quan này được lập báo cáo theo kỳ; "
            "hãy chọn cơ quan khác hoặc nhờ quản trị.",
        )


def _has(value: dict[str, object], account: str, function: str) -> bool:
    members = value.get("members")
    return isinstance(members, list) and any(
        isinstance(one, dict) and one.get("account") == account and function in (one.get("functions") or ())
        for one in members
    )


def _is_sound(_writer: Identity, _groups: Groups, value: CampaignValue) -> None:
    for what, names in (
        ("thành viên", [member.account for member in value.members]),
        ("đơn vị", value.units),
        ("bộ phiếu", [ref.partition("@")[0] for ref in value.checklists]),
    ):
        if len(names) != len(set(names)):
            raise InvalidInputError(f"Danh sách {what} có phần trùng nhau; hãy bỏ bớt rồi lưu lại.")


KINDS = (
    Kind(
        name="campaign",
        pattern=re.compile(rf"campaign/(?P<id>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: CampaignValue},
        may_write=_may_write,
        check=_is_sound,
        table=Table(
            "campaigns", {"title": "TEXT", "year": "INTEGER", "issuer": "TEXT", "active": "INTEGER"}, (("id",),)
        ),
        withdrawable=False,
    ),
)
