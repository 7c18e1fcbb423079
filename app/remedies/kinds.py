"""Kinds of the remedy list: requirements, the unit's answers, the team's reviews."""

from __future__ import annotations

import re

from app.accounts.kinds import IDENT
from app.accounts.shapes import Role
from app.conclusions.kinds import may_draft
from app.identity import Identity
from app.inspections.kinds import FIELD_COLUMNS, INSPECTION
from app.inspections.shapes import RemedyResponseValue, RemedyReviewValue, RemedyValue
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table

REMEDY = rf"{INSPECTION}/remedy/(?P<remedy>{IDENT})"


def _may_respond(writer: Identity, entry: Entry, groups: Groups) -> None:
    setup = writer.setup(str(groups["inspection"]))
    own = writer.role is Role.UNIT and setup is not None and setup["unit"] == writer.unit
    writer.require(
        (own or writer.is_admin()) and entry.author == writer.account,
        "Chỉ đơn vị được kiểm tra trả lời yêu cầu này.",
    )


KINDS = (
    Kind(
        name="remedy",
        pattern=re.compile(REMEDY),
        subject_class=SubjectClass.OFFICE,
        shapes={1: RemedyValue},
        may_write=may_draft,
        table=Table("remedies", {"due": "TEXT", "document": "TEXT"}, FIELD_COLUMNS),
    ),
    Kind(
        name="remedy response",
        pattern=re.compile(rf"{REMEDY}/response/(?P<response>[1-9]\d{{0,3}})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: RemedyResponseValue},
        may_write=_may_respond,
        table=Table("remedy_responses", {"state": "TEXT"}, FIELD_COLUMNS),
    ),
    Kind(
        name="remedy review",
        pattern=re.compile(rf"{REMEDY}/review/(?P<review>[1-9]\d{{0,3}})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: RemedyReviewValue},
        may_write=may_draft,
        table=Table("remedy_reviews", {"decision": "TEXT"}, FIELD_COLUMNS),
    ),
)
