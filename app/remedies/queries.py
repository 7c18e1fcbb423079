"""What is still to be put right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlite_utils import Database

_OPEN = """
    SELECT r.inspection, r.remedy, r.value, r.due, i.title, i.unit, i.value AS setup FROM remedies r
    JOIN inspections i ON i.inspection = r.inspection
    WHERE {which} AND r.value != 'null' AND r.document IS NOT NULL
      AND json_extract(r.value, '$.ended_by') IS NULL
      AND coalesce(json_extract(r.value, '$.addressee_kind'), '') != 'co_quan_khac'
      AND NOT EXISTS (SELECT 1 FROM remedy_reviews v WHERE v.inspection = r.inspection
                      AND v.remedy = r.remedy AND v.decision = 'chap_nhan')
    ORDER BY r.inspection, r.remedy
"""


def open_findings(db: Database, unit: str, except_inspection: str) -> list[dict[str, Any]]:
    """Requirements of a unit's earlier inspections that no review has accepted, oldest first."""
    rows = db.execute(_OPEN.format(which="i.unit = ? AND r.inspection != ?"), [unit, except_inspection])
    return [finding for row in rows for finding in _open(row)]


def open_findings_by_unit(db: Database, units: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The same of many units at once; units without any are left out."""
    which = "i.unit IN (SELECT value FROM json_each(?))"
    found: dict[str, list[dict[str, Any]]] = {}
    for row in db.execute(_OPEN.format(which=which), [orjson.dumps(list(units)).decode()]):
        found.setdefault(row["unit"], []).extend(_open(row))
    return found


def _open(row: Any) -> list[dict[str, Any]]:
    remedy, setup = orjson.loads(row["value"]), orjson.loads(row["setup"])
    common = {
        "inspection": row["inspection"],
        "remedy": row["remedy"],
        "title": row["title"],
        "date": max(setup.get("dates") or [""]),
        "sentence": remedy["text"],
        "due": remedy.get("due"),
    }
    places = [finding.removeprefix("answer/").partition("@") for finding in remedy.get("findings", ())]
    return [{**common, "item": item, "site": site or None} for item, _, site in places] or [
        {**common, "item": None, "site": None}
    ]
