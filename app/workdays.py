"""Working days of Vietnam: Monday to Friday without public holidays (Bộ luật Lao động 2019, Điều 112).

The holidays come from the library ``holidays``, which follows the yearly decisions: a list typed in by each agency
would be missing exactly when a term is counted. What is decided anew each year (Tết, the second day of Quốc khánh,
working days that are swapped) may come later than the library's release, so terms that cross such days are told as
uncertain.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

SATURDAY = 5
_LONGEST = 400


@cache
def _calendar(year: int) -> tuple[dict[date, str], frozenset[date]]:
    """A year's holidays by name, and the rest days that are worked in exchange."""
    # It takes a quarter of a second to load, which only counting a term should cost.
    from holidays import country_holidays  # noqa: PLC0415

    found = country_holidays("VN", years=year, language="vi")
    swapped: set[date] = getattr(found, "weekend_workdays", set())
    return dict(found), frozenset(swapped)


def is_day_of_rest(day: date) -> bool:
    """A weekend or a public holiday; a Saturday that is worked in exchange is none."""
    names, worked = _calendar(day.year)
    return day in names or (day.weekday() >= SATURDAY and day not in worked)


def doubtful(start: date, end: date) -> str:
    """Name of a holiday within a term whose exact days are decided each year; empty for none."""
    days = (start + timedelta(days=number) for number in range(1, min((end - start).days, _LONGEST) + 1))
    for day in days:
        if (day.month, day.day) in {(9, 1), (9, 3)}:
            return "Quốc khánh"
        if "nguyên đán" in _calendar(day.year)[0].get(day, "").casefold():
            return "Tết Nguyên đán"
    return ""
