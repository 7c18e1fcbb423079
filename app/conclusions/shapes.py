"""Values of the draft: confirmed bases."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from app.inspections.shapes import LongText, ShortText
from checklists.answers import IsoDate, Shape


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
