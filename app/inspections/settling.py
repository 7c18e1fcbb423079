"""From the settle form to the value that shall stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.accounts.manage import names_of
from app.home.screen import figure, source_label
from app.inspections.disputes import Dispute
from app.web import installation
from checklists.model import FieldType, Item
from checklists.rules import check_value
from forms.fields import clean
from forms.inspections import SettleForm, parse_figure


@dataclass
class OwnFigure:
    """An input of a figure that the lead types: which figure, of which source, what is typed."""

    key: str
    source: str
    label: str
    kind: FieldType
    unit: str
    typed: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        """Name of the input."""
        return f"so.{self.key}.{self.source}"

    @property
    def source_label(self) -> str:
        """The source's Vietnamese name."""
        return source_label(self.source)


def side_choices(dispute: Dispute) -> list[tuple[str, str]]:
    """The sides to choose from, each by one of its entries, named by its authors."""
    names = names_of(installation().database())
    return [
        (side.entry, "Bản của " + ", ".join(dict.fromkeys(names.get(one.author, "?") for one in side.records)))
        for side in dispute.sides
    ]


def own_figures(dispute: Dispute, item: Item | None) -> list[OwnFigure]:
    """Inputs for every figure and source that any side has, holding what the first of them says."""
    fields = {field.key: field for field in item.fields} if item else {}
    found: dict[tuple[str, str], OwnFigure] = {}
    for side in dispute.sides:
        for key, readings in ((side.value or {}).get("figures") or {}).items():
            for reading in readings:
                field = fields.get(key)
                label, kind, unit = (field.label, field.type, field.unit) if field else (key, FieldType.TEXT, "")
                own = OwnFigure(key, reading["source"], label, kind, unit, figure(reading["value"], kind))
                found.setdefault((key, reading["source"]), own)
    return list(found.values())


def chosen_value(
    form: SettleForm, dispute: Dispute, own: list[OwnFigure], typed: Mapping[str, str]
) -> dict[str, Any] | None:
    """The value that the form means.

    Raises:
        ValueError: a figure that was typed is none; the fault is noted in it.
    """
    if form.side.data != form.OTHER:
        return next(side.value for side in dispute.sides if side.entry == form.side.data)
    values = [side.value for side in dispute.sides if side.value]
    base = {"item_version": max(value["item_version"] for value in values)}
    figures: dict[str, list[dict[str, Any]]] = {}
    for one in own:
        value = _read(one, clean(typed.get(one.name)))
        if value:
            figures.setdefault(one.key, []).append({**_reading(values, one), "value": value})
    if any(one.error for one in own):
        raise ValueError("figures")
    return {**base, "verdict": form.verdict.data, "figures": figures}


def _read(one: OwnFigure, text: str) -> str:
    one.typed = text
    if not text:
        return ""
    try:
        value = parse_figure(one.kind, text)
    except ValueError as error:
        one.error = str(error)
        return ""
    problems = check_value(one.key, one.label, one.kind, one.unit, value)
    one.error = next((problem.text for problem in problems if problem.level == "error"), "")
    return value


def _reading(values: list[dict[str, Any]], one: OwnFigure) -> dict[str, Any]:
    """Source and days of the first side's reading."""
    readings = (reading for value in values for reading in (value.get("figures") or {}).get(one.key, ()))
    return next(dict(reading) for reading in readings if reading["source"] == one.source)
