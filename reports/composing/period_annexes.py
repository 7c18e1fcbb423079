"""Annexes of the report over a campaign: a row for each unit, and each shortcoming in its conclusion's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.composing.period_facts import InspectedUnit, PeriodFacts, ScopeUnit
from reports.composing.prose import short_date
from reports.document import Annex, Table

_HEADER = (
    "TT",
    "Đơn vị",
    "Ngày kiểm tra",
    "Kết luận (số, ngày)",
    "Nội dung còn tồn tại",
    "Trong đó tái diễn",
    "Yêu cầu",
    "Đã hoàn thành",
    "Chưa hoàn thành",
    "Trong đó quá hạn",
)
_WIDTHS = (0.05, 0.23, 0.11, 0.19, 0.07, 0.07, 0.07, 0.07, 0.07, 0.07)
_ALIGN = ("center", "left", "center", "left", *("center",) * 6)
_NONE = "–"


def annexes(facts: PeriodFacts) -> Iterator[Annex]:
    """What the report carries after its signature block."""
    if facts.visits or facts.unvisited:
        yield Annex("Tổng hợp kết quả kiểm tra theo từng đơn vị", (_units_table(facts),), landscape=True)
    rows = tuple(_shortcoming_rows(facts))
    if rows:
        yield Annex("Tồn tại, hạn chế đã nêu tại các kết luận kiểm tra", (_shortcomings_table(rows),), landscape=True)


def _units_table(facts: PeriodFacts) -> Table:
    rows = [_row(facts, one) for one in facts.visits]
    seen = {one.unit.id for one in facts.visits}
    rows += [_unvisited(unit) for unit in facts.unvisited if unit.id not in seen]
    numbered = [(str(number), *row) for number, row in enumerate(rows, 1)]
    return Table(_HEADER, (*numbered, _total(facts)), _WIDTHS, _ALIGN)


def _row(facts: PeriodFacts, one: InspectedUnit) -> tuple[str, ...]:
    days = "; ".join(short_date(day) for day in one.days) or _NONE
    if one.paper is None:
        return (one.unit.name, days, _without_paper(one), *(_NONE,) * 6)
    return (one.unit.name, days, _paper(one), *map(_number, _figures(facts, one)))


def _without_paper(one: InspectedUnit) -> str:
    if one.told_in:
        return f"Nêu tại {one.told_in}"
    return "Chưa ban hành kết luận" if one.visited else "Chưa kiểm tra"


def _paper(one: InspectedUnit) -> str:
    if one.paper is None:
        return ""
    told = f"{one.paper.number} ngày {short_date(one.paper.day)}"
    return f"{told} (đính chính tại {'; '.join(one.paper.corrected)})" if one.paper.corrected else told


def _figures(facts: PeriodFacts, one: InspectedUnit) -> tuple[int, ...]:
    done = one.count(facts.today, "done", "late", "undated")
    late = one.count(facts.today, "overdue")
    asked = one.count(facts.today)
    return (len(one.fallen_short()), len(one.repeats()), asked, done, asked - done, late)


def _unvisited(unit: ScopeUnit) -> tuple[str, ...]:
    return (unit.name, _NONE, "Chưa kiểm tra", *(_NONE,) * 6)


def _total(facts: PeriodFacts) -> tuple[str, ...]:
    sums = [sum(column) for column in zip(*(_figures(facts, one) for one in facts.concluded), strict=True)] or [0] * 6
    return ("", "Tổng số", "", f"{len(facts.concluded):02d} kết luận", *map(_number, sums))


def _number(count: int) -> str:
    return f"{count:02d}" if count else "0"


def _shortcomings_table(rows: Sequence[tuple[str, ...]]) -> Table:
    """A last column for repeats, where there are any: an empty one would look forgotten."""
    columns = 5 if any(row[-1] for row in rows) else 4
    return Table(
        header=("TT", "Đơn vị", "Tồn tại, hạn chế nêu tại kết luận", "Kết luận (số, ngày)", "Tái diễn")[:columns],
        rows=tuple((str(number), *row)[:columns] for number, row in enumerate(rows, 1)),
        widths=(0.05, 0.22, 0.46, 0.18, 0.09) if columns == 5 else (0.05, 0.25, 0.5, 0.2),
        align=("center", "left", "left", "left", "center")[:columns],
    )


def _shortcoming_rows(facts: PeriodFacts) -> Iterator[tuple[str, ...]]:
    for one in facts.concluded:
        for paragraph, findings in one.shortcomings():
            repeat = next((finding for finding in findings if finding.repeat), None)
            again = "" if repeat is None else "Có"
            yield one.unit.name, paragraph.text, _paper(one), again
