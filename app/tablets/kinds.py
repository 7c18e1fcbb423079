"""Kinds of tablets: reporting one lost and letting it in again is said by a lead, so it stands in the journal."""

from __future__ import annotations

import re
from typing import Any

from app.accounts.kinds import IDENT
from app.identity import Identity
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table
from app.tablets.reports import is_of
from app.tablets.shapes import TabletValue


def may_mark(writer: Identity, entry: Entry, groups: Groups) -> None:
    """A lead of an inspection that the tablet was used in, or an administrator."""
    said: Any = entry.value if isinstance(entry.value, dict) else {}
    inspection = str(said.get("inspection", ""))
    leads = writer.is_admin() or writer.leads(inspection)
    writer.require(
        leads and entry.author == writer.account and is_of(writer.db, str(groups["tablet"]), inspection),
        "Chỉ trưởng đoàn, phó trưởng đoàn hoặc quản trị được báo mất máy hay cho máy của cuộc kiểm tra này dùng lại.",
    )


KINDS = (
    Kind(
        name="tablet",
        pattern=re.compile(rf"tablet/(?P<tablet>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: TabletValue},
        may_write=may_mark,
        table=Table("tablets", {"state": "TEXT"}, (("tablet",),)),
        withdrawable=False,
    ),
)
