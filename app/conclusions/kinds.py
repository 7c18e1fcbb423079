"""Kinds of the conclusion: wording of its parts and issued documents, written by leaders and the secretary."""

from __future__ import annotations

import re

from app.accounts.kinds import IDENT
from app.accounts.shapes import Role
from app.conclusions.shapes import BasisValue, DispatchValue, SeriesValue, SlipValue
from app.identity import Identity
from app.inspections.kinds import FIELD_COLUMNS, INSPECTION
from app.inspections.shapes import (
    ConclusionPartValue,
    DocumentValue,
    Function,
    OverrulingValue,
    PhotoAnnexValue,
)
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table

PART = r"[a-z0-9][A-Za-z0-9@._-]{0,199}"


def may_draft(writer: Identity, entry: Entry, groups: Groups) -> None:
    """Leaders, secretary, administrators."""
    writer.require(
        writer.drafts(str(groups["inspection"])) and entry.author == writer.account,
        "Chỉ lãnh đạo đoàn hoặc thư ký được sửa dự thảo kết luận.",
    )


def may_issue(writer: Identity, entry: Entry, groups: Groups) -> None:
    """Leaders and signers issue; the văn thư registers number and date."""
    inspection = str(groups["inspection"])
    writer.require(
        (may_sign(writer, inspection) or writer.role is Role.CLERK) and entry.author == writer.account,
        "Chỉ người ký hoặc văn thư được ban hành, vào sổ văn bản.",
    )


def may_overrule(writer: Identity, entry: Entry, groups: Groups) -> None:
    """Who may sign: leaders, signers, administrators."""
    writer.require(
        may_sign(writer, str(groups["inspection"])) and entry.author == writer.account,
        "Chỉ trưởng đoàn, phó trưởng đoàn hoặc người ký được ghi lý do vẫn ký.",
    )


def may_sign(who: Identity, inspection: str) -> bool:
    """Leaders, signers, administrators."""
    return who.is_admin() or who.leads(inspection) or Function.SIGNER in who.functions(inspection)


def may_keep_register(writer: Identity, entry: Entry, groups: Groups) -> None:
    """The văn thư, administrators and leads of the inspection keep the register."""
    inspection = groups.get("inspection")
    lead = writer.role is Role.LEAD and (inspection is None or may_sign(writer, inspection))
    writer.require(
        (writer.role in {Role.CLERK, Role.ADMIN} or lead) and entry.author == writer.account,
        "Chỉ văn thư, quản trị hoặc trưởng đoàn được ghi sổ văn bản đi.",
    )


def may_confirm_basis(writer: Identity, entry: Entry, _groups: Groups) -> None:
    """A lead or an administrator, in his own name."""
    writer.require(
        writer.role in {Role.LEAD, Role.ADMIN} and entry.author == writer.account,
        "Chỉ trưởng đoàn hoặc quản trị được xác nhận căn cứ pháp lý.",
    )


KINDS = (
    Kind(
        name="conclusion",
        pattern=re.compile(rf"{INSPECTION}/conclusion/(?P<part>{PART})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: ConclusionPartValue},
        may_write=may_draft,
        table=Table("conclusion_parts", {}, FIELD_COLUMNS),
    ),
    Kind(
        name="photo_annex",
        pattern=re.compile(rf"{INSPECTION}/photo_annex"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: PhotoAnnexValue},
        may_write=may_draft,
        table=Table("photo_annexes", {}, FIELD_COLUMNS),
    ),
    Kind(
        name="document",
        pattern=re.compile(rf"{INSPECTION}/document/(?P<document>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: DocumentValue},
        may_write=may_issue,
        table=Table(
            "documents",
            {"kind": "TEXT", "state": "TEXT", "number": "INTEGER", "date": "TEXT", "sha256": "TEXT"},
            (("inspection",), ("sha256",)),
        ),
        withdrawable=False,
    ),
    Kind(
        name="overruling",
        pattern=re.compile(rf"{INSPECTION}/overruling/(?P<remark>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: OverrulingValue},
        may_write=may_overrule,
        table=Table("overrulings", {"code": "TEXT"}, (("inspection",),)),
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
        pattern=re.compile(rf"{INSPECTION}/slip/(?P<document>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: SlipValue},
        may_write=may_keep_register,
        table=Table("slips", {}, (("inspection", "document"),)),
    ),
    Kind(
        name="dispatch",
        pattern=re.compile(rf"{INSPECTION}/dispatch/(?P<document>{IDENT})/(?P<number>[1-9]\d{{0,3}})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: DispatchValue},
        may_write=may_keep_register,
        table=Table("dispatches", {"sent_at": "TEXT", "received_at": "TEXT"}, (("inspection", "document"),)),
    ),
    Kind(
        name="basis",
        pattern=re.compile(r"basis/(?P<basis>[0-9a-f]{32})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: BasisValue},
        may_write=may_confirm_basis,
        table=Table("bases", {"doc": "TEXT", "clause": "TEXT"}, (("basis",),)),
    ),
)
