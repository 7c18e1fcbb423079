"""Kind of a member's report on his part: each writes his own, nobody another's."""

from __future__ import annotations

import re

from app.accounts.kinds import IDENT
from app.duties.shapes import DutyReportValue
from app.errors import InvalidInputError
from app.identity import Identity
from app.inspections.kinds import FIELD_COLUMNS, INSPECTION
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table


def _own_part(writer: Identity, entry: Entry, groups: Groups) -> None:
    own = groups["account"] == writer.account == entry.author
    writer.require(
        own and writer.is_member(str(groups["inspection"])),
        "Mỗi thành viên tự báo cáo phần việc của mình.",
    )


def _says_something(_writer: Identity, _groups: Groups, value: DutyReportValue) -> None:
    if value.done and not value.text.strip():
        raise InvalidInputError("Hãy ghi vài dòng đánh giá về phần được giao rồi mới báo cáo xong.")


KINDS = (
    Kind(
        name="duty report",
        pattern=re.compile(rf"{INSPECTION}/duty/(?P<account>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: DutyReportValue},
        may_write=_own_part,
        check=_says_something,
        table=Table("duty_reports", {}, FIELD_COLUMNS),
        withdrawable=False,
    ),
)
