"""Values of the register of outgoing papers: series of numbers, the registration slip, sendings; confirmed bases."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from app.inspections.shapes import LocalMoment, LongText, ShortText
from checklists.answers import IsoDate, Shape

Year = Annotated[str, Field(pattern=r"^\d{4}$")]
Number = Annotated[int, Field(ge=1, le=99_999)]


class SeriesValue(Shape):
    """``series/<issuer>/<symbol>``: whether a body's numbers of one symbol are given here.

    Numbers begin at 01 each year (NĐ 30/2020/NĐ-CP Điều 15). ``first`` is the first number that is given here in a
    year, where papers were numbered elsewhere before.
    """

    symbol: Annotated[str, Field(min_length=1, max_length=100)]
    own: bool = False
    first: dict[Year, Number] = Field(default_factory=dict)


class SlipValue(Shape):
    """``inspection/<id>/slip/<document>``: what the agency's register asks for beside the paper itself."""

    drafted_by: ShortText = ""
    copies: Annotated[int, Field(ge=1, le=9_999)] | None = None
    urgency: ShortText = ""
    secrecy: ShortText = ""
    note: LongText = ""


class DispatchValue(Shape):
    """``inspection/<id>/dispatch/<document>/<n>``: one sending of a paper, and that it was received."""

    to: Annotated[str, Field(min_length=1, max_length=500)]
    way: Annotated[str, Field(min_length=1, max_length=200)]
    sent_at: LocalMoment
    received_at: LocalMoment | None = None
    received_by: ShortText = ""
    note: LongText = ""


class BasisValue(Shape):
    """``basis/<id>``: a person confirms by name that a legal basis is right and in force.

    Who and when are the entry's. ``id`` is made from ``doc`` and ``clause``. Where a checklist names no article, he may
    give one for an ``item``; ``id`` is then made from the item too, and the confirmation is for that item alone.
    """

    doc: Annotated[str, Field(min_length=1, max_length=1000)]
    clause: ShortText = ""
    source: LongText = Field(default="", description="Nguyên văn đã đối chiếu")
    link: ShortText = ""
    note: LongText = ""
    checked_on: IsoDate | None = None
    item: ShortText = ""
    article: Annotated[str, Field(max_length=200, description="điểm a khoản 1 Điều 14")] = ""

    @model_validator(mode="after")
    def _article_of_an_item(self) -> BasisValue:
        if bool(self.item) != bool(self.article):
            raise ValueError("điều, khoản được ghi cho từng mục của bộ phiếu")
        return self
