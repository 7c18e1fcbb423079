"""The Kind of a campaign's reports: what is said of their paragraphs. Its papers are Kinds of the register."""

from __future__ import annotations

import re

from app.accounts.kinds import IDENT
from app.conclusions.kinds import PART
from app.identity import Identity
from app.inspections.shapes import ConclusionPartValue
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table
from app.papers.owner import may_sign, owner_of
from app.periods.span import PATTERN


def may_draft_report(writer: Identity, entry: Entry, groups: Groups) -> None:
    """Who may change the campaign: its leaders and secretary, administrators."""
    writer.require(
        may_sign(writer, owner_of(groups)) and entry.author == writer.account,
        "Chỉ lãnh đạo đoàn hoặc thư ký của đợt kiểm tra được sửa báo cáo tổng hợp.",
    )


KINDS = (
    Kind(
        name="report part",
        pattern=re.compile(rf"campaign/(?P<campaign>{IDENT})/report/(?P<about>{PATTERN})/(?P<part>{PART})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: ConclusionPartValue},
        may_write=may_draft_report,
        table=Table("report_parts", {}, (("campaign", "about"),)),
    ),
)
