"""Values of an inspection's answers: verdicts, figures with their source, rows.

These shapes go into the journal, so they are append-only: a released field is never renamed or
narrowed. Numbers travel as decimal strings ("99.56"), because the journal's canonical form knows no
floats; dates as ISO strings.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Verdict(StrEnum):
    """What the inspector found. No answer at all means "chưa kiểm tra"."""

    PASS = "dat"  # noqa: S105 (a verdict, no password)
    PARTIAL = "dat_mot_phan"
    FAIL = "chua_dat"
    NO_CASES = "khong_phat_sinh"
    NOT_APPLICABLE = "khong_ap_dung"
    NOT_DUE = "chua_den_han"
    AWAITING_PAPERS = "cho_bo_sung"
    FIXED_ON_SITE = "da_khac_phuc_tai_cho"


VERDICT_LABELS: dict[Verdict, str] = {
    Verdict.PASS: "Đạt",
    Verdict.PARTIAL: "Đạt một phần",
    Verdict.FAIL: "Chưa đạt",
    Verdict.NO_CASES: "Không phát sinh",
    Verdict.NOT_APPLICABLE: "Không áp dụng",
    Verdict.NOT_DUE: "Chưa đến hạn",
    Verdict.AWAITING_PAPERS: "Chờ bổ sung tài liệu",
    Verdict.FIXED_ON_SITE: "Đã khắc phục tại chỗ",
}


class Source(StrEnum):
    """Whose figure it is. The sentence of the conclusion follows it."""

    REPORT = "bao_cao"
    SOFTWARE = "phan_mem"
    COUNTED = "doan_kiem_dem"


SOURCE_LABELS: dict[Source, str] = {
    Source.REPORT: "Báo cáo của đơn vị",
    Source.SOFTWARE: "Số liệu trên phần mềm",
    Source.COUNTED: "Đoàn kiểm đếm",
}


class Shape(BaseModel):
    """Base of every journal value: unknown fields are refused, never dropped silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


IsoDate = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class Period(Shape):
    """A span of days, both ends included."""

    start: IsoDate
    end: IsoDate


class FigureReading(Shape):
    """One figure as one source gives it; several sources stand side by side."""

    value: str = Field(max_length=2000, description="Số thập phân viết bằng dấu chấm, ngày ISO, hoặc chữ")
    source: Source
    as_of: IsoDate | None = None
    period: Period | None = None


class Settled(Shape):
    """The lead's end to a disagreement. The reason is kept for good."""

    reason: str = Field(min_length=1, max_length=2000)


class AnswerValue(Shape):
    """Verdict and figures of one item at one place: ``inspection/<id>/answer/<item>[@<site>]``."""

    item_version: int = Field(ge=1)
    verdict: Verdict | None = None
    reason: str = Field(default="", max_length=4000, description="Lý do ghi đè gợi ý, không áp dụng, ...")
    figures: dict[str, list[FigureReading]] = Field(default_factory=dict)
    settled: Settled | None = None


class RowValue(Shape):
    """One row of an item's table: ``inspection/<id>/answer/<item>[@<site>]/<row>``."""

    item_version: int = Field(ge=1)
    row: dict[str, str]
    settled: Settled | None = None


def _is_decimal(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"«{text}» không phải là số") from error
    if not number.is_finite():
        raise ValueError(f"«{text}» không phải là số")
    return text


DecimalText = Annotated[str, AfterValidator(_is_decimal)]
