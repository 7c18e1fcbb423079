"""Units and issuing bodies, read from the derived tables and the journal."""

from __future__ import annotations

from typing import Any

import orjson
from sqlite_utils import Database

from app.errors import NotFoundError
from app.identity import Identity
from app.journal.journal import Journal


def all_units(db: Database) -> list[dict[str, Any]]:
    """Every unit by name, with the number of its inspections."""
    rows = db.execute(
        "SELECT u.id, u.name, u.level, u.code, p.name AS parent_name, "
        "(SELECT count(*) FROM inspections i WHERE i.unit = u.id) AS inspections "
        "FROM units u LEFT JOIN units p ON p.id = u.parent WHERE u.value != 'null' ORDER BY u.name, u.id"
    )
    return [dict(row) for row in rows]


def unit_choices(db: Database) -> list[tuple[str, str]]:
    """Units to choose from: id and name."""
    return [(unit["id"], unit["name"]) for unit in all_units(db)]


def all_issuers(db: Database) -> list[dict[str, Any]]:
    """Every issuing body by name."""
    rows = db.execute("SELECT id, value FROM issuers WHERE value != 'null' ORDER BY name, id")
    return [{"id": row["id"], **orjson.loads(row["value"])} for row in rows]


def issuer_choices(db: Database) -> list[tuple[str, str]]:
    """Issuing bodies to choose from: id and name."""
    return [(issuer["id"], issuer["name"]) for issuer in all_issuers(db)]


def office_value(journal: Journal[Identity], subject: str, missing: str) -> tuple[dict[str, Any], list[str]]:
    """The current value of an office subject and the entry ids it stands in.

    Raises:
        NotFoundError: with the sentence ``missing``.
    """
    entries = journal.current(subject)
    if not entries or entries[-1].value is None:
        raise NotFoundError(missing)
    return entries[-1].value, [entry.id for entry in entries]
