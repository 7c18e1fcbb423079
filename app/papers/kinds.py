"""Kinds of issued papers and of the register of outgoing papers."""

from __future__ import annotations

import re

from app.accounts.kinds import IDENT
from app.accounts.shapes import Role
from app.identity import Identity
from app.inspections.kinds import INSPECTION
from app.inspections.shapes import DocumentValue
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table
from app.papers.owner import may_sign, owner_of
from app.papers.shapes import DispatchValue, SeriesValue, SlipValue

ROOT = rf"(?:{INSPECTION}|campaign/(?P<campaign>{IDENT}))"
"""Whose paper: an inspection's or a campaign's (``app/papers/owner.py``)."""


def may_issue(writer: Identity, entry: Entry, groups: Groups) -> None:
    """Leaders and signers issue; the văn thư registers number and date."""
    writer.require(
        (may_sign(writer, owner_of(groups)) or writer.role is Role.CLERK) and entry.author == writer.account,
        "Chỉ người ký hoặc văn thư được ban hành, vào sổ văn bản.",
    )


def may_keep_register(writer: Identity, entry: Entry, groups: Groups) -> None:
    """The văn thư, administrators and leads of the inspection or campaign keep the register."""
    owned = "inspection" in groups
    lead = writer.role is Role.LEAD and (not owned or may_sign(writer, owner_of(groups)))
    writer.require(
        (writer.role in {Role.CLERK, Role.ADMIN} or lead) and entry.author == writer.account,
        "Chỉ văn thư, quản trị hoặc trưởng đoàn được ghi sổ văn bản đi.",
    )


KINDS = (
    Kind(
        name="document",
        pattern=re.compile(rf"{ROOT}/document/(?P<document>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: DocumentValue},
        may_write=may_issue,
        table=Table(
            "documents",
            {"kind": "TEXT", "state": "TEXT", "number": "INTEGER", "date": "TEXT", "sha256": "TEXT"},
            (("inspection",), ("campaign",), ("sha256",)),
        ),
        withdrawable=False,
    ),
    Kind(
        name="series",
        pattern=re.compile(rf"series/(?P<issuer>{IDENT})/(?P<symbol_key>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: SeriesValue},
        may_write=may_keep_register,
        table=Table("series", {"symbol": "TEXT", "own": "INTEGER"}, (("issuer",),)),
    ),
    Kind(
        name="slip",
        pattern=re.compile(rf"{ROOT}/slip/(?P<document>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: SlipValue},
        may_write=may_keep_register,
        table=Table("slips", {}, (("inspection", "document"),)),
    ),
    Kind(
        name="dispatch",
        pattern=re.compile(rf"{ROOT}/dispatch/(?P<document>{IDENT})/(?P<number>[1-9]\d{{0,3}})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: DispatchValue},
        may_write=may_keep_register,
        table=Table("dispatches", {"sent_at": "TEXT", "received_at": "TEXT"}, (("inspection", "document"),)),
    ),
)
