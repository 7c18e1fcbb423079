"""Kinds of inspected units and issuing bodies: leads and administrators write them."""

from __future__ import annotations

import re

from app.accounts.kinds import IDENT
from app.accounts.shapes import Role
from app.identity import Identity
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table
from app.units.shapes import IssuerValue, UnitValue


def _by_lead(writer: Identity, entry: Entry, _groups: Groups) -> None:
    writer.require(writer.role in {Role.ADMIN, Role.LEAD} and entry.author == writer.account)


KINDS = (
    Kind(
        name="unit",
        pattern=re.compile(rf"unit/(?P<id>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: UnitValue},
        may_write=_by_lead,
        table=Table(
            "units",
            {"name": "TEXT", "level": "TEXT", "parent": "TEXT", "code": "TEXT"},
            (("id",), ("parent",)),
        ),
    ),
    Kind(
        name="issuer",
        pattern=re.compile(rf"issuer/(?P<id>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: IssuerValue},
        may_write=_by_lead,
        table=Table("issuers", {"name": "TEXT"}, (("id",),)),
    ),
)
