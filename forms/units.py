"""The form of an inspected unit. It gives its value as plain data."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Choice, Day, Form, Needed, Row, Rows, Text, set_choices
from forms.sites import SiteRow, offer_kinds

NAME = 300
SHORT = 500


class TermsRow(Row):
    """How a unit calls things between two days."""

    mot_cua = Text("Bộ phận một cửa gọi là", [AtMost(SHORT)])
    head_title = Text("Người đứng đầu gọi là", [AtMost(SHORT)])
    lead_office = Text("Bộ phận đầu mối", [AtMost(SHORT)])
    start = Day("Từ ngày")
    end = Day("Đến ngày")

    def validate_end(self, field: Day) -> None:
        """Not before the start."""
        not_before(self.start.data, field.data)


def not_before(start: str | None, end: str | None) -> None:
    """Raise where a span ends before it starts."""
    if start and end and end < start:
        raise ValidationError("Ngày cuối đứng trước ngày đầu; hãy xem lại hai ngày.")


class UnitForm(Form):
    """An inspected unit."""

    name = Text("Tên đơn vị", [Needed("Hãy nhập tên đầy đủ của đơn vị."), AtMost(NAME)])
    level = Choice("Cấp", [Needed("Hãy chọn cấp của đơn vị; phiếu kiểm tra được chọn theo cấp.")])
    parent = Choice("Cơ quan cấp trên trực tiếp")
    code = Text("Mã định danh", [AtMost(SHORT)], description="Ví dụ H17.15; để trống nếu chưa có.")
    address = Text("Địa chỉ", [AtMost(SHORT)])
    start = Day("Hoạt động từ ngày")
    end = Day("Đến ngày")
    terms = Rows("Tên gọi tại đơn vị", TermsRow, min_entries=1)
    sites = Rows("Nơi kiểm tra", SiteRow, min_entries=1)
    seen = HiddenField()

    def offer(self, levels: Iterable[tuple[str, str]], units: Iterable[tuple[str, str]]) -> None:
        """Give the choices."""
        set_choices(self.level, levels, blank="Chọn cấp")
        set_choices(self.parent, units, blank="Không ghi")
        offer_kinds(self.sites)

    def validate_end(self, field: Day) -> None:
        """Not before the start."""
        not_before(self.start.data, field.data)

    def value(self) -> dict[str, Any]:
        """The unit as plain data."""
        return {
            "name": self.name.data,
            "level": self.level.data,
            "parent": self.parent.data or None,
            "code": self.code.data or "",
            "address": self.address.data or "",
            "start": self.start.data,
            "end": self.end.data,
            "terms": [_texts(row) for row in self.terms.filled()],
            "sites": [row.value(f"noi-{secrets.token_hex(4)}") for row in self.sites.filled()],
        }


def _texts(row: Row) -> dict[str, Any]:
    return {field.short_name: field.data if isinstance(field, Day) else field.data or "" for field in row}
