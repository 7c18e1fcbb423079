"""Figures of the unit's own report: one table of inputs, read into the inspection's setup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.home.screen import figure
from checklists.model import FieldType, FigureField, Item
from checklists.rules import check_value
from forms.fields import clean
from forms.inspections import parse_figure

ASKED = frozenset({FieldType.NUMBER, FieldType.PERCENT, FieldType.DATE, FieldType.TIME})
"""Types of figures that a report gives; texts are read in the report itself."""


@dataclass
class Line:
    """One input: a figure of an item, what is typed, and what is wrong with it."""

    item: Item
    field: FigureField
    typed: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        """Name of the input."""
        return f"so.{self.item.id}.{self.field.key}"


def lines_of(items: Iterable[Item], reported: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Every figure that the checklists ask, with what is known."""
    known: dict[tuple[str, str], str] = {}
    for one in reported:
        known.setdefault((one["item"], one["figure"]), one["value"])
    return [
        Line(item, field, figure(known.get((item.id, field.key), ""), field.type))
        for item in items
        for field in item.fields
        if field.type in ASKED
    ]


def read_lines(lines: Iterable[Line], typed: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """The figures as they are kept; faults are noted in the lines."""
    found = {}
    for line in lines:
        line.typed = clean(typed.get(line.name))
        if not line.typed:
            continue
        try:
            value = parse_figure(line.field.type, line.typed)
        except ValueError as error:
            line.error = str(error)
            continue
        problems = check_value(line.field.key, line.field.label, line.field.type, line.field.unit, value)
        line.error = next((problem.text for problem in problems if problem.level == "error"), "")
        found[line.item.id, line.field.key] = value
    return found


def merged(
    old: Iterable[Mapping[str, Any]],
    shown: Iterable[Line],
    figures: Mapping[tuple[str, str], str],
    as_of: str | None,
) -> list[dict[str, Any]]:
    """The reported figures anew: a changed one gets the day, the others keep theirs; what was not shown stays."""
    places = {(line.item.id, line.field.key) for line in shown}
    result, left = [], dict(figures)
    for one in old:
        place = (one["item"], one["figure"])
        if place not in places:
            result.append(dict(one))
        elif place in left:
            value = left.pop(place)
            result.append({**one, "value": value, "as_of": as_of or one.get("as_of")})
    new = [{"item": item, "figure": key, "value": value, "as_of": as_of} for (item, key), value in left.items()]
    return result + new


def common_day(reported: Iterable[Mapping[str, Any]]) -> str | None:
    """The day that stands with the reported figures most often."""
    days = [one["as_of"] for one in reported if one.get("as_of")]
    return max(set(days), key=days.count) if days else None
