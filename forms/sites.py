"""The places of an inspection, as rows of a form; a unit's profile has the same."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Choice, Row, Rows, Text, set_choices

SHORT = 500
SITE_KINDS = (("noi-niem-yet", "Nơi niêm yết, công khai"), ("diem-tiep-nhan", "Điểm tiếp nhận hồ sơ"))


class SiteRow(Row):
    """A place that is checked by itself."""

    id = HiddenField()
    name = Text("Tên nơi kiểm tra", [AtMost(SHORT)])
    address = Text("Địa chỉ", [AtMost(SHORT)])
    kind = Choice("Loại nơi")

    def is_blank(self) -> bool:
        """A place without a name and an address is none."""
        return not (self.name.data or self.address.data)

    def validate_name(self, field: Text) -> None:
        """A place has a name."""
        if not field.data:
            raise ValidationError("Hãy nhập tên nơi kiểm tra, hoặc xóa địa chỉ để bỏ dòng này.")

    def value(self, new_id: str) -> dict[str, Any]:
        """The place as plain data; it keeps its id for good."""
        return {
            "id": self.id.data or new_id,
            "name": self.name.data,
            "address": self.address.data or "",
            "kind": self.kind.data or "",
        }


def offer_kinds(sites: Rows) -> None:
    """Give each row its choices; a kind of its own that is no common one stays."""
    known = dict(SITE_KINDS)
    for entry in sites:
        kind = entry.form.kind
        other = kind.data if kind.data and kind.data not in known else None
        set_choices(kind, [*SITE_KINDS, *([(other, other)] if other else [])], blank="Nơi khác")
