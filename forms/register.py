"""Forms of the register of outgoing papers: the slip, a sending, series of numbers, corrections, confirmed bases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, ValidationError

from forms.fields import (
    AtMost,
    Boxes,
    Day,
    Form,
    LongText,
    Matches,
    Needed,
    Row,
    Rows,
    Text,
    YesNo,
    options,
    set_choices,
)
from forms.fields import Choice as _Choice

SHORT = 500
WAYS = (
    ("truc-lien-thong", "Trục liên thông văn bản"),
    ("quan-ly-van-ban", "Hệ thống quản lý văn bản"),
    ("thu-dien-tu", "Thư điện tử công vụ"),
    ("buu-chinh", "Bưu chính"),
    ("truc-tiep", "Giao trực tiếp"),
)
URGENCIES = (("", "Thường"), ("Khẩn", "Khẩn"), ("Thượng khẩn", "Thượng khẩn"), ("Hỏa tốc", "Hỏa tốc"))
SECRECIES = (("", "Không"), ("Mật", "Mật"), ("Tối mật", "Tối mật"), ("Tuyệt mật", "Tuyệt mật"))
_TIME = r"([01]?\d|2[0-3]):[0-5]\d"


class SlipForm(Form):
    """What the agency's register asks for beside the paper itself."""

    drafted_by = Text("Đơn vị, người soạn thảo", [AtMost(SHORT)])
    copies = Text("Số lượng bản", [Matches(r"[1-9]\d{0,3}", "Số lượng bản là số nguyên từ 1 đến 9999.")])
    urgency = _Choice("Độ khẩn", choices=options(URGENCIES))
    secrecy = _Choice("Độ mật", choices=options(SECRECIES))
    note = LongText("Ghi chú", [AtMost(2000)])
    seen = HiddenField()

    def value(self) -> dict[str, Any]:
        """The slip as plain data."""
        return {
            "drafted_by": self.drafted_by.data or "",
            "copies": int(self.copies.data) if self.copies.data else None,
            "urgency": self.urgency.data or "",
            "secrecy": self.secrecy.data or "",
            "note": self.note.data or "",
        }


def _moment(day: str | None, time: str | None) -> str | None:
    if not day:
        return None
    hours, _, minutes = (time or "").partition(":")
    return f"{day}T{int(hours):02d}:{minutes}" if minutes else f"{day}T"


class DispatchForm(Form):
    """One sending: to whom, by which way, when."""

    to = Text("Gửi đến", [Needed("Hãy ghi cơ quan, đơn vị nhận văn bản."), AtMost(SHORT)])
    way = _Choice("Cách gửi", choices=options(WAYS))
    day = Day("Ngày gửi")
    time = Text("Giờ gửi", [Matches(_TIME, "Hãy ghi giờ theo dạng 8:30.")], description="Ví dụ 8:30; có thể để trống")
    note = Text("Ghi chú", [AtMost(SHORT)])

    def validate_day(self, field: Day) -> None:
        """A sending has its day."""
        if not field.data and not field.errors:
            raise ValidationError("Hãy ghi ngày gửi văn bản.")

    def value(self) -> dict[str, Any]:
        """The sending as plain data."""
        way = dict(WAYS).get(self.way.data, self.way.data)
        sent_at = _moment(self.day.data, self.time.data)
        return {"to": self.to.data, "way": way, "sent_at": sent_at, "note": self.note.data or ""}


class ReceiptForm(Form):
    """That a sending was received: when and who confirmed it."""

    number = HiddenField()
    seen = HiddenField()
    day = Day("Ngày nhận")
    time = Text("Giờ nhận", [Matches(_TIME, "Hãy ghi giờ theo dạng 8:30.")])
    received_by = Text("Người xác nhận", [Needed("Hãy ghi ai xác nhận đã nhận."), AtMost(SHORT)])

    def validate_day(self, field: Day) -> None:
        """A receipt has its day."""
        if not field.data and not field.errors:
            raise ValidationError("Hãy ghi ngày nhận văn bản.")

    def value(self) -> dict[str, Any]:
        """The receipt as plain data."""
        return {"received_at": _moment(self.day.data, self.time.data), "received_by": self.received_by.data}


class SeriesForm(Form):
    """Whether the numbers of a symbol are given here, and where this year's begin."""

    issuer = HiddenField()
    symbol = HiddenField()
    year = HiddenField()
    seen = HiddenField()
    own = YesNo("Cấp số tại đây (dãy số riêng của Đoàn)")
    first = Text("Số đầu tiên cấp tại đây", [Matches(r"[1-9]\d{0,4}", "Số đầu tiên là số nguyên từ 1 đến 99999.")])


class CorrectionRow(Row):
    """One wrong line and what it should say."""

    place = Text("Vị trí", [AtMost(SHORT)], description="Ví dụ: điểm a khoản 2 phần II, trang 3")
    wrong = LongText("Đã in là", [AtMost(2000)])
    right = LongText("Sửa lại là", [AtMost(2000)])

    def validate_right(self, field: LongText) -> None:
        """Both sides are needed, and they differ."""
        if not field.data or not self.wrong.data:
            raise ValidationError("Hãy ghi đủ nội dung đã in và nội dung sửa lại, hoặc để trống cả dòng.")
        if field.data == self.wrong.data:
            raise ValidationError("Nội dung sửa lại giống nội dung đã in; hãy xem lại.")


class CorrectionForm(Form):
    """A công văn đính chính."""

    signer = _Choice("Người ký")
    lines = Rows("Nội dung đính chính", CorrectionRow, min_entries=1)
    reason = LongText("Lý do", [Needed("Hãy ghi lý do đính chính; lý do được lưu trong hồ sơ."), AtMost(2000)])

    def validate_lines(self, field: Rows) -> None:
        """Something must be corrected."""
        if not field.filled():
            raise ValidationError("Hãy ghi ít nhất một nội dung cần đính chính.")

    def corrections(self) -> list[dict[str, str]]:
        """The lines as plain data."""
        names = ("place", "wrong", "right")
        return [{name: row[name].data or "" for name in names} for row in self.lines.filled()]


class BasisForm(Form):
    """That a legal basis is right and in force."""

    basis = HiddenField()
    seen = HiddenField()
    source = LongText("Nguyên văn đã đối chiếu", [AtMost(8000)])
    link = Text(
        "Nơi đăng văn bản",
        [AtMost(SHORT), Matches(r"https?://\S+", "Địa chỉ bắt đầu bằng https://, ví dụ https://vanban.chinhphu.vn/…")],
    )
    note = LongText("Ghi chú", [AtMost(2000)])
    checked_on = Day("Ngày đối chiếu")

    def validate_source(self, field: LongText) -> None:
        """A confirmation shows what was looked at."""
        if not field.data and not self.link.data:
            raise ValidationError("Hãy ghi nguyên văn đã đối chiếu hoặc nơi đăng văn bản.")

    def value(self) -> dict[str, Any]:
        """The confirmation as plain data."""
        plain = ("source", "link", "note")
        return {**{name: self[name].data or "" for name in plain}, "checked_on": self.checked_on.data}


class ArticleForm(BasisForm):
    """The article of a legal basis, for some of the items that name it."""

    items = Boxes("Các mục dùng điều, khoản này")
    article = Text(
        "Điều, khoản, điểm",
        [Needed("Hãy ghi điều, khoản, điểm đã đối chiếu."), AtMost(200)],
        description="Từ nhỏ đến lớn, ví dụ: điểm a khoản 1 Điều 14.",
    )

    def offer(self, items: Iterable[tuple[str, str]]) -> None:
        """Give the items."""
        set_choices(self.items, items)

    def validate_items(self, field: Boxes) -> None:
        """One at least."""
        if not field.data:
            raise ValidationError("Hãy chọn ít nhất một mục.")
