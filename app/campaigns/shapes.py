"""Values of ``campaign/<id>``: a year's or a period's inspections under one plan, and who goes on them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from app.inspections.shapes import ConclusionKind, Ident, InspectionKind, LongText, Member, PackRef, Paper, ShortText
from app.units.shapes import Level
from checklists.answers import IsoDate, Shape

Days = Annotated[int, Field(ge=1, le=365)]


class DeadlineRules(Shape):
    """Terms in working days that the plan sets (NĐ 61/2018 and NĐ 118/2025 set none); None where it is silent."""

    explanation: Days | None = Field(default=None, description="Đơn vị giải trình, bổ sung tài liệu sau buổi kiểm tra")
    conclusion: Days | None = Field(default=None, description="Ban hành kết luận sau khi kết thúc kiểm tra")
    remedy_plan: Days | None = Field(default=None, description="Đơn vị gửi kế hoạch khắc phục sau kết luận")
    remedy_report: Days | None = Field(default=None, description="Đơn vị báo cáo kết quả khắc phục sau kết luận")


class Gathering(Shape):
    """Two days, both included: the inspections of the issuing body that ended between them, whatever they belong to."""

    since: IsoDate
    until: IsoDate

    @model_validator(mode="after")
    def _in_order(self) -> Gathering:
        if self.since > self.until:
            raise ValueError("ngày đầu kỳ ở sau ngày cuối kỳ")
        return self


class CampaignValue(Shape):
    """A campaign: its plan and decision, the units it may visit, its people, checklists and terms.

    In scope are the ``units`` and every unit of ``levels``; a plan may leave open which of them are visited
    (random and unannounced visits). ``members`` see the campaign and are offered for its teams; their functions are
    those of the delegation. ``field_opening`` lets plain members, too, open an inspection in the field.

    One that ``gathers`` plans and opens nothing: it is a period over which its people report, without a plan.
    """

    title: Annotated[str, Field(min_length=1, max_length=500)]
    year: Annotated[int, Field(ge=2000, le=2100)]
    issuer: Ident
    units: list[Ident] = Field(default_factory=list)
    levels: list[Level] = Field(default_factory=list)
    members: list[Member] = Field(min_length=1)
    checklists: list[PackRef] = Field(default_factory=list)
    kind: InspectionKind = InspectionKind.PLANNED
    document_kind: ConclusionKind = ConclusionKind.NOTICE
    team: ShortText = "Đoàn kiểm tra"
    purpose: LongText = ""
    plan: Paper | None = None
    decision: Paper | None = None
    deadlines: DeadlineRules = Field(default_factory=DeadlineRules)
    field_opening: bool = False
    active: bool = True
    gathers: Gathering | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> CampaignValue:
        if self.gathers is None and not self.checklists:
            raise ValueError("đợt kiểm tra phải có ít nhất một bộ phiếu")
        return self
