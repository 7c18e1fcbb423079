"""Values of the register of outgoing papers: series of numbers, the registration slip, sendings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.inspections.shapes import LocalMoment, LongText, ShortText
from checklists.answers import Shape

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
