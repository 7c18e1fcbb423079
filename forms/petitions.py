"""Forms of the unit's requests and of the delegation's comment on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Choice, Form, LongText, Needed, Text, set_choices

SHORT = 500
LONG = 8000


class PetitionForm(Form):
    """One request: what is asked for, and of whom."""

    id = HiddenField()
    seen = HiddenField()
    text = LongText("Nội dung kiến nghị", [Needed("Hãy ghi nội dung kiến nghị."), AtMost(LONG)])
    addressee = Text(
        "Gửi đến cơ quan",
        [AtMost(SHORT)],
        description="Ví dụ: UBND tỉnh; Sở Nội vụ; Bộ Nội vụ. Để trống nếu kiến nghị với Đoàn kiểm tra.",
    )
    area = Text("Lĩnh vực", [AtMost(SHORT)], description="Nếu có; ví dụ: cải cách thủ tục hành chính")

    def value(self) -> dict[str, Any]:
        """What was typed."""
        return {name: self[name].data or "" for name in ("text", "addressee", "area")}


class PetitionReplyForm(Form):
    """What the delegation does with a request."""

    id = HiddenField()
    seen = HiddenField()
    handling = Choice("Cách xử lý")
    forward_to = Text("Chuyển đến", [AtMost(SHORT)])
    text = LongText("Ý kiến của Đoàn kiểm tra", [AtMost(LONG)])

    def offer(self, handlings: Iterable[tuple[str, str]]) -> None:
        """Give the ways."""
        set_choices(self.handling, handlings, "Chọn")

    def validate_handling(self, field: Choice) -> None:
        """One of them."""
        if not field.data:
            raise ValidationError("Hãy chọn cách xử lý kiến nghị.")

    def validate_text(self, field: LongText) -> None:
        """An answer says something."""
        if self.handling.data == "tra_loi" and not field.data:
            raise ValidationError("Hãy ghi nội dung trả lời kiến nghị.")

    def value(self) -> dict[str, Any]:
        """What was typed."""
        handling = self.handling.data
        whom = self.forward_to.data or "" if handling == "chuyen" else ""
        return {"handling": handling, "text": self.text.data or "", "forward_to": whom}
