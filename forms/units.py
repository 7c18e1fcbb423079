"""Forms of inspected units and of bodies that issue papers. Each gives its value as plain data."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Choice, Day, Form, LongText, Needed, Row, Rows, Text, options, set_choices
from forms.sites import SiteRow, offer_kinds

NAME = 300
SHORT = 500
KINDS = ("TB", "CV", "BC")
VERBS = (("yêu cầu", "yêu cầu (cấp trên với cấp dưới)"), ("đề nghị", "đề nghị (cơ quan ngang cấp)"))


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


class SignerRow(Row):
    """Who signs for the body."""

    authority = Text("Thẩm quyền ký", [AtMost(SHORT)], description="TM., KT., TL., TUQ. hoặc để trống")
    title = Text("Chức vụ", [AtMost(NAME)])
    second_title = Text("Chức vụ dòng thứ hai", [AtMost(SHORT)], description="Khi Trưởng đoàn ký: chức vụ tại cơ quan")
    name = Text("Họ và tên", [AtMost(NAME)])
    signature_image = Text("Ảnh chữ ký", [AtMost(SHORT)], description="Tên tệp PNG trong thư mục keys của máy chủ")

    def validate_signature_image(self, field: Text) -> None:
        """A file's bare name."""
        _picture_name(field)

    def validate_name(self, field: Text) -> None:
        """A signer has a name."""
        if not field.data:
            raise ValidationError("Hãy nhập họ và tên người ký, hoặc để trống cả dòng.")

    def validate_title(self, field: Text) -> None:
        """A signer has a title."""
        if not field.data:
            raise ValidationError("Hãy nhập chức vụ người ký, ví dụ GIÁM ĐỐC.")


class RecipientRow(Row):
    """One line of Nơi nhận."""

    name = Text("Nơi nhận", [AtMost(NAME)])
    purpose = Text("Mục đích", [AtMost(SHORT)], description="b/c, t/h, p/h… hoặc để trống")

    def validate_name(self, field: Text) -> None:
        """A purpose alone is no recipient."""
        if not field.data:
            raise ValidationError("Hãy nhập nơi nhận, hoặc để trống cả dòng.")


class IssuerForm(Form):
    """A body that issues papers."""

    name = Text("Tên cơ quan", [Needed("Hãy nhập tên cơ quan ban hành."), AtMost(NAME)])
    letterhead = LongText(
        "Tên trên đầu văn bản",
        [Needed("Hãy nhập tên in ở góc trên bên trái văn bản."), AtMost(NAME)],
        description="In hoa, đậm ở góc trên bên trái; ví dụ SỞ NỘI VỤ",
        render_kw={"rows": "2"},
    )
    superior = LongText(
        "Cơ quan chủ quản",
        [AtMost(SHORT)],
        description="Dòng trên tên cơ quan; ví dụ UBND TỈNH ĐỒNG THÁP",
        render_kw={"rows": "2"},
    )
    place = Text("Địa danh", [AtMost(SHORT)], description="Đứng trước ngày tháng; ví dụ Đồng Tháp")
    symbol_tb = Text("Ký hiệu Thông báo", [AtMost(SHORT)], description="Ví dụ TB-SNV hoặc TB-ĐKT")
    symbol_cv = Text("Ký hiệu Công văn", [AtMost(SHORT)], description="Ví dụ SNV-CCHC")
    symbol_bc = Text("Ký hiệu Báo cáo", [AtMost(SHORT)], description="Ví dụ BC-SNV")
    signers = Rows("Người ký", SignerRow, min_entries=1)
    recipients = Rows("Nơi nhận", RecipientRow, min_entries=1)
    archive = Text("Dòng lưu", [AtMost(SHORT)], description="Ví dụ VT, CCHC")
    follow_up = Text("Đơn vị theo dõi thực hiện", [AtMost(SHORT)], description="Ví dụ Phòng Cải cách hành chính")
    verb = Choice("Động từ với đơn vị nhận", choices=options(VERBS))
    seal_image = Text("Ảnh con dấu", [AtMost(SHORT)], description="Tên tệp PNG trong thư mục keys của máy chủ")
    seen = HiddenField()

    def validate_seal_image(self, field: Text) -> None:
        """A file's bare name."""
        _picture_name(field)

    def validate_signers(self, field: Rows) -> None:
        """Somebody must sign."""
        if not field.filled():
            raise ValidationError("Hãy nhập ít nhất một người ký.")

    def value(self) -> dict[str, Any]:
        """The issuing body as plain data."""
        symbols = {kind: self[f"symbol_{kind.lower()}"].data or "" for kind in KINDS}
        plain = ("name", "letterhead", "superior", "place", "archive", "follow_up", "verb", "seal_image")
        return {
            **{name: self[name].data or "" for name in plain},
            "symbols": {kind: symbol for kind, symbol in symbols.items() if symbol},
            "signers": [_texts(row) for row in self.signers.filled()],
            "recipients": [_texts(row) for row in self.recipients.filled()],
        }


def issuer_fields(value: dict[str, Any]) -> dict[str, Any]:
    """An issuing body's value as the form's data."""
    symbols = value.get("symbols", {})
    return {
        "archive": "VT",
        "verb": VERBS[0][0],
        **value,
        **{f"symbol_{kind.lower()}": symbols.get(kind, "") for kind in KINDS},
    }


def _picture_name(field: Text) -> None:
    if field.data and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}\.png", field.data):
        raise ValidationError("Chỉ ghi tên tệp PNG, chữ không dấu, ví dụ nguyen-van-an.png.")


def _texts(row: Row) -> dict[str, Any]:
    return {field.short_name: field.data if isinstance(field, Day) else field.data or "" for field in row}
