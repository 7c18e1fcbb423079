"""Values of the approval of a draft: the steps, what was submitted, what each said."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from app.inspections.shapes import CorrectedLine, FileRef, Function, Ident, LongText, Sha256, ShortText
from checklists.answers import IsoDate, Shape

MOST_STEPS = 12
Count = Annotated[int, Field(ge=0, le=99_999)]


class ApprovalStep(Shape):
    """One step: a person, or whoever has a function in the inspection. ``signs``: signing the paper is this step."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    account: Ident | None = None
    function: Function | None = None
    signs: bool = False

    @model_validator(mode="after")
    def _by_somebody(self) -> ApprovalStep:
        if not self.signs and (self.account is None) == (self.function is None):
            raise ValueError("bước duyệt phải có một người hoặc một chức năng trong đoàn")
        return self


class ApprovalStepsValue(Shape):
    """``issuer/<id>/approval-steps``, and instead of it that of an inspection or a campaign: the steps in order.

    They are for the conclusion, a campaign's own for its reports; ``papers`` names the others that go through them too.
    """

    steps: list[ApprovalStep] = Field(default_factory=list, max_length=MOST_STEPS)
    papers: list[Literal["bao-cao", "don-doc", "dinh-chinh", "tong-hop"]] = Field(default_factory=list, max_length=4)


class SubmittedPart(Shape):
    """A paragraph by its id and the hash of its text."""

    id: ShortText
    sha256: Sha256


class SubmittedChoice(Shape):
    """What a paper beside the conclusion was composed with, so that the same words can be composed again.

    ``issuer`` is the body where it is not the owner's own; ``as_of`` the day by which a reminder or a report counts;
    ``corrects`` and ``lines`` what a công văn đính chính puts right.
    """

    issuer: Ident | None = None
    as_of: IsoDate | None = None
    corrects: Ident | None = None
    lines: list[CorrectedLine] = Field(default_factory=list, max_length=100)


class SubmissionValue(Shape):
    """``inspection/<id>/submission/<n>``, ``campaign/<id>/submission/<n>``: a paper given to the steps of then.

    ``sha256`` is of everything that the paper says, without number, day and signature; ``file`` is the draft as PDF;
    ``about`` which paper it is, empty for the conclusion.
    """

    sha256: Sha256
    parts: list[SubmittedPart] = Field(default_factory=list, max_length=1500)
    steps: list[ApprovalStep] = Field(min_length=1, max_length=MOST_STEPS)
    note: LongText = ""
    file: FileRef | None = None
    kind: ShortText = ""
    about: ShortText = ""
    title: ShortText = ""
    choice: SubmittedChoice | None = None


class ApprovalRemark(Shape):
    """A comment on one paragraph."""

    part: ShortText
    text: LongText


class ApprovalValue(Shape):
    """``…/submission/<n>/approval/<step>``: approved, or returned with comments."""

    decision: Literal["duyet", "tra_lai"]
    sha256: Sha256
    comment: LongText = ""
    remarks: list[ApprovalRemark] = Field(default_factory=list, max_length=300)
