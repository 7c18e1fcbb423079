"""Values of the hearing: what of the draft the unit was shown, until when, and what the team made of its answers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.inspections.shapes import EntryId, FileRef, LongText, Paper, ShortText
from checklists.answers import IsoDate, Shape


class ShownFinding(Shape):
    """A shortcoming as the unit was shown it: the draft's paragraph and the findings it stands on."""

    part: ShortText
    text: LongText
    findings: list[ShortText] = Field(min_length=1, max_length=1000)


class HearingValue(Shape):
    """``inspection/<id>/hearing``: shortcomings of the draft, sent to the unit for explanation by a last day.

    The wording is kept as it was sent: what is drafted afterwards reaches the unit only when it is sent again.
    """

    until: IsoDate
    shown: list[ShownFinding] = Field(min_length=1, max_length=1000)
    message: LongText = ""
    paper: Paper | None = Field(default=None, description="Công văn gửi lấy ý kiến, nếu có")


class HearingReplyValue(Shape):
    """``inspection/<id>/hearing/reply``: what the unit says to the draft as a whole.

    ``paper`` is its letter (công văn giải trình); explanations without a paper of their own came with it.
    """

    agrees: bool = False
    text: LongText = ""
    paper: Paper | None = None
    files: list[FileRef] = Field(default_factory=list, max_length=20)
    on_behalf: bool = False


class ExplanationDecisionValue(Shape):
    """``inspection/<id>/explanation/<item>[@<site>]/decision``: what the lead made of one explanation.

    ``explanation`` is the entry that was decided on: an explanation that the unit changes afterwards is open again.
    ``changes``: the finding itself has to be changed, which is done where findings are recorded. ``printed``: the
    conclusion tells of it.
    """

    decision: Literal["tiep_thu", "mot_phan", "khong_tiep_thu"]
    explanation: EntryId
    reason: LongText = ""
    changes: bool = False
    printed: bool = False
