"""Values of what the unit asks for, and of the delegation's comment on it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.inspections.shapes import EntryId, ItemId, LongText, Paper, ShortText
from checklists.answers import Shape

Needed = Annotated[str, Field(min_length=1, max_length=8000)]


class PetitionValue(Shape):
    """``inspection/<id>/petition/<id>``: one request of the unit and the body that it is addressed to.

    ``record`` is the entry of the site record it was taken over from; ``paper`` the unit's letter or report.
    """

    text: Needed
    addressee: ShortText = Field(default="", description="Cơ quan được kiến nghị; trống: Đoàn kiểm tra")
    area: ShortText = ""
    item: ItemId | None = None
    paper: Paper | None = None
    record: EntryId | None = None
    on_behalf: bool = False


class PetitionReplyValue(Shape):
    """``inspection/<id>/petition/<id>/reply``: what the delegation does with a request.

    ``ghi_nhan``: noted; ``chuyen``: passed on to ``forward_to``; ``tra_loi``: answered at once with ``text``.
    """

    handling: Literal["ghi_nhan", "chuyen", "tra_loi"]
    text: LongText = ""
    forward_to: ShortText = ""
