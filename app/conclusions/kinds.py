"""Kinds of the conclusion: wording of its parts and issued documents, written by leaders and the secretary."""

from __future__ import annotations

import re

from app.accounts.kinds import IDENT
from app.accounts.shapes import Role
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
)
