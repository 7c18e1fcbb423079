"""The one clock. UTC inside; Asia/Ho_Chi_Minh on screens and papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """UTC as ``2026-11-22T01:02:03.456Z``, the one spelling in the journal."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_date(moment: datetime) -> date:
    """The calendar day in Viet Nam."""
    return moment.astimezone(VIETNAM).date()
