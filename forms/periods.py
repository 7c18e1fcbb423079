"""Forms of the period of a report: within a campaign, or without one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Boxes, Choice, Day, Form, Needed, Text, set_choices


class PeriodForm(Form):
    """Two days, both included; empty for the whole campaign."""

    since = Day("Từ ngày", description="Để trống cả hai ô để tổng hợp toàn đợt.")
    until = Day("Đến ngày", description="Cuộc kiểm tra thuộc kỳ nào là theo ngày kết thúc.")

    def days(self) -> tuple[date | None, date | None]:
        """What was typed."""
        first, last = (date.fromisoformat(one) if one else None for one in (self.since.data, self.until.data))
        return first, last


class GatheringForm(Form):
    """A period without a campaign: whose inspections, between which days, and who reports."""

    issuer = Choice(
        "Cơ quan", [Needed("Hãy chọn cơ quan.")], description="Cơ quan ban hành các kết luận được tổng hợp."
    )
    since = Day("Từ ngày")
    until = Day("Đến ngày")
    title = Text(
        "Tên báo cáo",
        [Needed("Hãy ghi tên, ví dụ: Kiểm tra công tác cải cách hành chính quý III năm 2026."), AtMost(500)],
        description="Ghi như trong trích yếu, không ghi khoảng ngày: Kiểm tra công tác cải cách hành chính năm 2026.",
    )
    fellows = Boxes("Người cùng soạn, ký", description="Ngoài người lập.")
    seen = HiddenField()

    def offer(self, bodies: Iterable[tuple[str, str]], people: Iterable[tuple[str, str]]) -> None:
        """Give the bodies and the people to choose from."""
        set_choices(self.issuer, bodies)
        set_choices(self.fellows, people)

    def validate_since(self, field: Day) -> None:
        """Both days are needed."""
        if not field.data:
            raise ValidationError("Hãy ghi ngày đầu kỳ, ví dụ 01/07/2026.")

    def validate_until(self, field: Day) -> None:
        """Both days are needed, in order."""
        if not field.data:
            raise ValidationError("Hãy ghi ngày cuối kỳ, ví dụ 30/09/2026.")
        if self.since.data and self.since.data > field.data:
            raise ValidationError("Ngày đầu kỳ ở sau ngày cuối kỳ; hãy xem lại.")

    def days(self) -> dict[str, str] | None:
        """The period as its value keeps it; None where it is not well said."""
        since, until = self.since.data, self.until.data
        if not since or not until or self.since.errors or self.until.errors:
            return None
        return {"since": since, "until": until}
