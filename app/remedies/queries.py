"""What is still to be put right."""

from __future__ import annotations

from typing import Any

import orjson
from sqlite_utils import Database


def open_findings(db: Database, unit: str, except_inspection: str) -> list[dict[str, Any]]:
    """Requirements of a unit's earlier inspections that no review has accepted, oldest first."""
    rows = db.execute(
        """
        SELECT r.inspection, r.remedy, r.value, r.due, i.title, i.value AS setup FROM remedies r
        JOIN inspections i ON i.inspection = r.inspection
        WHERE i.unit = ? AND r.inspection != ? AND r.value IS NOT NULL AND r.document IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM remedy_reviews v WHERE v.inspection = r.inspection
                          AND v.remedy = r.remedy AND v.decision = 'chap_nhan')
        ORDER BY r.inspection, r.remedy
        """,
        [unit, except_inspection],
    )
    return [finding for row in rows for finding in _open(row)]


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
