"""Kinds of the draft: wording of its parts, photos, what was signed over, confirmed bases."""

from __future__ import annotations

import re

from app.accounts.kinds import IDENT
from app.accounts.shapes import Role
from app.conclusions.shapes import BasisValue
from app.identity import Identity
from app.inspections.kinds import FIELD_COLUMNS, INSPECTION
from app.inspections.shapes import (
    ConclusionPartValue,
    OverrulingValue,
    PhotoAnnexValue,
)
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table
from app.papers.owner import may_sign

PART = r"[a-z0-9][A-Za-z0-9@._-]{0,199}"


def may_draft(writer: Identity, entry: Entry, groups: Groups) -> None:
    """Leaders, secretary, administrators."""
    writer.require(
        writer.drafts(str(groups["inspection"])) and entry.author == writer.account,
        "Chỉ lãnh đạo đoàn hoặc thư ký được sửa dự thảo kết luận.",
    )


def may_overrule(writer: Identity, entry: Entry, groups: Groups) -> None:
    """Who may sign: leaders, signers, administrators."""
    writer.require(
        may_sign(writer, str(groups["inspection"])) and entry.author == writer.account,
        "Chỉ trưởng đoàn, phó trưởng đoàn hoặc người ký được ghi lý do vẫn ký.",
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
        name="overruling",
        pattern=re.compile(rf"{INSPECTION}/overruling/(?P<remark>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: OverrulingValue},
        may_write=may_overrule,
        table=Table("overrulings", {"code": "TEXT"}, (("inspection",),)),
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
