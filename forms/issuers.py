"""The form of a body that issues papers: letterhead, symbols, signers, Nơi nhận. It gives its value as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Boxes, Choice, Form, LongText, Needed, Row, Rows, Text, YesNo, options, set_choices

NAME = 300
SHORT = 500
KIND_LABELS = (("TB", "Thông báo"), ("CV", "Công văn"), ("BC", "Báo cáo"), ("BB", "Biên bản"))
KINDS = tuple(kind for kind, _ in KIND_LABELS)
VERBS = (
    ("yêu cầu", "yêu cầu (cấp trên với cấp dưới)"),
    ("đề nghị", "đề nghị (cơ quan ngang cấp)"),
    ("theo cấp", "theo cấp của đơn vị: đề nghị sở, ngành; yêu cầu cấp xã, cấp huyện"),
)
PURPOSES = ("b/c", "t/h", "p/h", "để biết", "đăng tải", "theo dõi")
# Signing on behalf, in place, by order, by authority, acting (NĐ 30/2020 Phụ lục I).
_AUTHORITY = re.compile(r"(TM|KT|TL|TUQ|Q)\.(?= ?\S|$)", re.IGNORECASE)
# "Số: 05/TB-ĐKT", "…/TB-ĐKT" and "/TB-ĐKT" are the symbol TB-ĐKT with the number's place before it.
_NUMBER_PLACE = re.compile(r"^(?:Số\s*:?)?[\s\d.…_]*/\s*", re.IGNORECASE)
_SYMBOL = re.compile(r"[^\W\d_][\w-]*(?:/[\w-]+)?")


class SignerRow(Row):
    """Who signs for the body."""

    authority = LongText(
        "Thẩm quyền ký",
        [AtMost(SHORT)],
        description="Mỗi dòng một thẩm quyền: TM., KT., TL., TUQ. hoặc Q.; để trống nếu người đứng đầu tự ký",
        render_kw={"rows": "2"},
    )
    title = Text("Chức vụ", [AtMost(NAME)])
    second_title = Text(
        "Chức vụ tại cơ quan", [AtMost(SHORT)], description="Khi Đoàn dùng dấu của cơ quan; in dưới chữ ký, trên họ tên"
    )
    name = Text("Họ và tên", [AtMost(NAME)])
    signature_image = Text("Ảnh chữ ký", [AtMost(SHORT)], description="Tên tệp PNG trong thư mục keys của máy chủ")

    def validate_authority(self, field: LongText) -> None:
        """Each line says on whose behalf."""
        for line in filter(None, (one.strip() for one in (field.data or "").split("\n"))):
            if not _AUTHORITY.match(line):
                raise ValidationError(
                    f"Dòng «{line}» chưa rõ thẩm quyền; hãy bắt đầu mỗi dòng bằng TM., KT., TL., TUQ. hoặc Q., "
                    "ví dụ TM. ĐOÀN KIỂM TRA rồi xuống dòng KT. TRƯỞNG ĐOÀN."
                )

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
    """One line of Nơi nhận, and the papers that it stands on."""

    name = Text("Nơi nhận", [AtMost(NAME)])
    purpose = Text(
        "Mục đích", [AtMost(SHORT)], description="b/c, t/h, p/h… hoặc để trống", render_kw={"list": "muc-dich"}
    )
    kinds = Boxes("Chỉ dùng cho (không chọn là mọi loại)", choices=options(KIND_LABELS))

    def validate_name(self, field: Text) -> None:
        """A purpose alone is no recipient."""
        if not field.data:
            raise ValidationError("Hãy nhập nơi nhận, hoặc để trống cả dòng.")


class _Look(Choice):
    """Which sample is looked at: no part of what is saved, so it never stands in the way of saving."""

    def pre_validate(self, _form: object) -> None:
        """Anything goes; an unknown one is read as the first."""


class IssuerForm(Form):
    """A body that issues papers."""

    name = Text(
        "Tên trong câu văn",
        [Needed("Hãy nhập tên cơ quan ban hành."), AtMost(NAME)],
        description="Viết thường, như giữa một câu; ví dụ Sở Nội vụ, Đoàn kiểm tra cải cách hành chính tỉnh",
    )
    letterhead = LongText(
        "Tên trên đầu văn bản",
        [Needed("Hãy nhập tên in ở góc trên bên trái văn bản."), AtMost(NAME)],
        description="In hoa, đậm, ngắt dòng như ở đây; ví dụ SỞ NỘI VỤ",
        render_kw={"rows": "2"},
    )
    superior = LongText(
        "Cơ quan chủ quản",
        [AtMost(SHORT)],
        description="Dòng trên tên cơ quan; UBND tỉnh, HĐND tỉnh không có nên để trống",
        render_kw={"rows": "2"},
    )
    place = Text("Địa danh", [AtMost(SHORT)], description="Đứng trước ngày tháng; ví dụ Đồng Tháp")
    symbol_tb = Text("Ký hiệu Thông báo", [AtMost(SHORT)], description="TB-ĐKT in thành «Số:      /TB-ĐKT»")
    symbol_cv = Text("Ký hiệu Công văn", [AtMost(SHORT)], description="Cơ quan-đơn vị soạn thảo; ví dụ SNV-CCHC")
    symbol_bc = Text("Ký hiệu Báo cáo", [AtMost(SHORT)], description="Ví dụ BC-ĐKT")
    symbol_bb = Text("Ký hiệu Biên bản", [AtMost(SHORT)], description="Ví dụ BB-ĐKT")
    signers = Rows("Người ký", SignerRow, min_entries=1)
    recipients = Rows("Nơi nhận", RecipientRow, min_entries=1)
    archive = Text("Lưu", [AtMost(SHORT)], description="VT, chữ viết tắt đơn vị soạn thảo; ví dụ VT, CCHC")
    copies = Text("Số bản lưu", [AtMost(2)], description="Nếu ghi; 3 in thành (3b)", render_kw={"inputmode": "numeric"})
    retention = Text(
        "Thời hạn bảo quản hồ sơ kiểm tra",
        [AtMost(200)],
        description="Theo bảng thời hạn bảo quản của cơ quan; ghi ở đầu mục lục hồ sơ. Để trống thì chừa chỗ ghi tay.",
    )
    drafter = Text("Ký hiệu người soạn thảo", [AtMost(SHORT)], description="Nếu ghi; ví dụ NTH")
    addressee = Text(
        "Báo cáo gửi tới", [AtMost(SHORT)], description="Dòng Kính gửi của Báo cáo; ví dụ Chủ tịch UBND tỉnh Đồng Tháp"
    )
    follow_up = Text("Đơn vị theo dõi thực hiện", [AtMost(SHORT)], description="Ví dụ Phòng Cải cách hành chính")
    verb = Choice("Động từ với đơn vị nhận", choices=options(VERBS))
    seal_image = Text("Ảnh con dấu", [AtMost(SHORT)], description="Tên tệp PNG trong thư mục keys của máy chủ")
    sealless = YesNo("Cơ quan không có chứng thư số con dấu; văn bản chỉ có chữ ký số của người ký")
    verification = YesNo("In địa chỉ xác minh và mã QR ở cuối phụ lục cuối cùng")
    seen = HiddenField()
    sample_kind = _Look("Xem mẫu của", choices=options(KIND_LABELS))
    sample_signer = _Look("Người ký trên mẫu", choices=options([("0", "Người ký thứ 1")]))

    def offer_signers(self) -> None:
        """The signers as they stand in the form, to look at a sample with one of them."""
        rows = enumerate(self.signers.filled())
        names = ((str(number), row.name.data or f"Người ký thứ {number + 1}") for number, row in rows)
        set_choices(self.sample_signer, list(names) or [("0", "Chưa có người ký")])

    may_print_address = False
    """Set by the page: whether the installation has a public address."""

    def validate_verification(self, field: YesNo) -> None:
        """There must be an address to print."""
        if field.data and not self.may_print_address:
            raise ValidationError(
                "Chưa bật được: hệ thống chưa có địa chỉ công khai. Hãy nhờ quản trị ghi public_address trong "
                "config.toml rồi khởi động lại."
            )

    def validate_symbol_tb(self, field: Text) -> None:
        """A symbol without its number."""
        _symbol(field)

    validate_symbol_cv = validate_symbol_bc = validate_symbol_bb = validate_symbol_tb

    def validate_copies(self, field: Text) -> None:
        """A small number."""
        if field.data and not (field.data.isdecimal() and int(field.data) > 0):
            raise ValidationError("Số bản lưu là số từ 1 đến 99, ví dụ 3; để trống nếu không ghi.")

    def validate_seal_image(self, field: Text) -> None:
        """A file's bare name."""
        _picture_name(field)

    def validate_signers(self, field: Rows) -> None:
        """Somebody must sign."""
        if not field.filled():
            raise ValidationError("Hãy nhập ít nhất một người ký.")

    def value(self) -> dict[str, Any]:
        """The issuing body as plain data."""
        symbols = {kind: symbol_of(self[f"symbol_{kind.lower()}"].data or "") for kind in KINDS}
        plain = ("name", "letterhead", "superior", "place", "archive", "follow_up", "verb", "seal_image", "drafter")
        copies = self.copies.data or ""
        return {
            **{name: self[name].data or "" for name in (*plain, "addressee")},
            **({"sealless": True} if self.sealless.data else {}),
            **({"retention": self.retention.data} if self.retention.data else {}),
            "verification": bool(self.verification.data),
            "copies": int(copies) if copies.isdecimal() and int(copies) else None,
            "symbols": {kind: symbol for kind, symbol in symbols.items() if symbol},
            "signers": [{field.short_name: field.data or "" for field in row} for row in self.signers.filled()],
            "recipients": [
                {"name": row.name.data or "", "purpose": row.purpose.data or "", "kinds": list(row.kinds.data or ())}
                for row in self.recipients.filled()
            ],
        }


def symbol_of(text: str) -> str:
    """A symbol without the number or its place: "Số: 05/TB-ĐKT" and "…/TB-ĐKT" are both TB-ĐKT."""
    return re.sub(r"\s*([-/])\s*", r"\1", _NUMBER_PLACE.sub("", text.strip())).strip()


def issuer_fields(value: dict[str, Any]) -> dict[str, Any]:
    """An issuing body's value as the form's data."""
    symbols = value.get("symbols", {})
    return {
        "archive": "VT",
        "verb": VERBS[0][0],
        **value,
        "copies": str(value.get("copies") or ""),
        **{f"symbol_{kind.lower()}": symbols.get(kind, "") for kind in KINDS},
    }


def kinds_text(kinds: Iterable[str]) -> str:
    """Types of paper as words: "Thông báo, Báo cáo"."""
    wanted = set(kinds)
    return ", ".join(label for kind, label in KIND_LABELS if kind in wanted)


def _symbol(field: Text) -> None:
    if field.data and not _SYMBOL.fullmatch(symbol_of(field.data)):
        raise ValidationError("Ký hiệu chỉ gồm chữ và dấu gạch nối, không ghi số; ví dụ TB-ĐKT, SNV-CCHC.")


def _picture_name(field: Text) -> None:
    if field.data and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}\.png", field.data):
        raise ValidationError("Chỉ ghi tên tệp PNG, chữ không dấu, ví dụ nguyen-van-an.png.")
