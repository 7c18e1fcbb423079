"""The form that chooses the period of a report over a campaign."""

from __future__ import annotations

from datetime import date

from forms.fields import Day, Form


class PeriodForm(Form):
    """Two days, both included; empty for the whole campaign."""

    since = Day("Từ ngày", description="Để trống cả hai ô để tổng hợp toàn đợt.")
    until = Day("Đến ngày", description="Cuộc kiểm tra thuộc kỳ nào là theo ngày kết thúc.")

    def days(self) -> tuple[date | None, date | None]:
        """What was typed."""
        first, last = (date.fromisoformat(one) if one else None for one in (self.since.data, self.until.data))
        return first, last
