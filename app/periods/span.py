"""Which of a campaign's reports is meant: over all of it, or over the visits between two days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.errors import InvalidInputError, NotFoundError
from app.papers.naming import OVER_CAMPAIGN

WHOLE = OVER_CAMPAIGN
PATTERN = rf"{WHOLE}(?:\.\d{{4}}-\d\d-\d\d\.\d{{4}}-\d\d-\d\d)?"


@dataclass(frozen=True)
class Span:
    """Two days, both included, or neither for the whole campaign. A visit belongs to the day on which it ended."""

    since: date | None = None
    until: date | None = None

    @property
    def about(self) -> str:
        """The name under which the journal keeps this report and its wording (``DocumentValue.about``)."""
        return f"{WHOLE}.{self.since}.{self.until}" if self.since and self.until else WHOLE

    @property
    def name(self) -> str:
        """For people."""
        if self.since and self.until:
            return f"Từ {self.since:%d/%m/%Y} đến {self.until:%d/%m/%Y}"
        return "Toàn đợt"

    def has(self, days: tuple[date, ...]) -> bool:
        """Whether a visit of these days is meant; one without a day belongs to the whole campaign alone."""
        if self.since is None or self.until is None:
            return True
        return bool(days) and self.since <= max(days) <= self.until


def span_between(since: date | None, until: date | None) -> Span:
    """The report between two days.

    Raises:
        InvalidInputError: one of them is missing, or they are in the wrong order.
    """
    if (since is None) != (until is None):
        raise InvalidInputError("Hãy ghi cả ngày đầu và ngày cuối của kỳ, hoặc để trống cả hai để lấy toàn đợt.")
    if since and until and since > until:
        raise InvalidInputError("Ngày đầu kỳ ở sau ngày cuối kỳ; hãy xem lại.")
    return Span(since, until)


def span_of(about: str) -> Span:
    """The span of a report's name.

    Raises:
        NotFoundError: it is no name of a report.
    """
    if not re.fullmatch(PATTERN, about):
        raise NotFoundError("Không có báo cáo tổng hợp này; hãy mở lại từ trang đợt kiểm tra.")
    days = about.split(".")[1:]
    try:
        return span_between(*map(date.fromisoformat, days)) if days else Span()
    except ValueError as error:
        raise NotFoundError("Kỳ báo cáo không đúng ngày tháng; hãy chọn lại kỳ.") from error


def name_of(campaign: Mapping[str, Any], span: Span) -> str:
    """The span for people; a period without a campaign is named by its own days."""
    days = campaign.get("gathers")
    return Span(*map(date.fromisoformat, (days["since"], days["until"]))).name if days and not span.since else span.name
