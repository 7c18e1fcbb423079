"""What is known of inspections, read from the derived tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
from sqlite_utils import Database

from app.errors import NotFoundError
from app.identity import Identity


def inspections_of(who: Identity) -> list[dict[str, Any]]:
    """The inspections of an account (all, for an admin), newest first."""
    condition, arguments = "1", []
    if not who.is_admin():
        condition = (
            "EXISTS (SELECT 1 FROM json_each(i.value, '$.members') m WHERE json_extract(m.value, '$.account') = ?)"
        )
        arguments = [who.account]
    rows = who.db.execute(
        f"SELECT i.inspection, i.title, i.unit, i.value, u.name AS unit_name, "
        f"(SELECT state FROM documents d WHERE d.inspection = i.inspection "
        f"AND coalesce(json_extract(d.value, '$.about'), '') = '' ORDER BY d.seq DESC LIMIT 1) AS state "
        f"FROM inspections i LEFT JOIN units u ON u.id = i.unit WHERE {condition} ORDER BY i.inspection DESC",
        arguments,
    )
    return [_summary(row) for row in rows]


def _summary(row: Any) -> dict[str, Any]:
    setup = orjson.loads(row["value"])
    return {
        "id": row["inspection"],
        "title": row["title"],
        "unit": row["unit"],
        "unit_name": row["unit_name"] or row["unit"],
        "dates": setup.get("dates", []),
        "kind": setup.get("kind", "dinh_ky"),
        "document_kind": setup.get("document_kind", "TB"),
        "state": row["state"] or "open",
        "opened": setup.get("opened"),
    }


def setup_of(db: Database, inspection: str) -> dict[str, Any]:
    """An inspection's current setup.

    Raises:
        NotFoundError: there is none.
    """
    row = db.execute("SELECT value FROM inspections WHERE inspection = ?", [inspection]).fetchone()
    if row is None or row[0] is None:
        raise NotFoundError("Không có cuộc kiểm tra này; hãy xem lại danh sách cuộc kiểm tra.")
    found: dict[str, Any] = orjson.loads(row[0])
    return {"document_kind": "TB", "kind": "dinh_ky", **found}


def unit_of(db: Database, unit: str) -> dict[str, Any]:
    """A unit's current value with its id; an unknown one has its id for a name."""
    return _office(db, "units", unit)


def issuer_of(db: Database, issuer: str) -> dict[str, Any]:
    """An issuing body's current value with its id."""
    return _office(db, "issuers", issuer)


def _office(db: Database, table: str, id_: str) -> dict[str, Any]:
    row = db.execute(f"SELECT value FROM {table} WHERE id = ? AND value != 'null'", [id_]).fetchone()
    value: dict[str, Any] = orjson.loads(row[0]) if row else {"name": id_}
    return {"id": id_, **value}


def terms_on(unit: dict[str, Any], day: date) -> dict[str, str]:
    """How the unit calls things on a day; the general terms where its profile says nothing.

    Before 01/7/2025 and after it, "Bộ phận Một cửa" is the common name where none is given (NĐ 61/2018, NĐ 118/2025).
    """
    terms = {"mot_cua": "Bộ phận Một cửa", "head_title": "Thủ trưởng đơn vị", "lead_office": ""}
    for valid in unit.get("terms", ()):
        start, end = valid.get("start"), valid.get("end")
        if (start is None or start <= day.isoformat()) and (end is None or day.isoformat() <= end):
            terms |= {key: valid[key] for key in terms if valid.get(key)}
    return terms
