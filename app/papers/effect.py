"""What follows when a paper is registered: it takes the place of an earlier one, its requirements begin, terms run.

Terms in days are counted from the day of issue, never from the draft's day; so everything here waits for the register,
whichever way the paper came there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from app.identity import Identity
from app.installation import Installation
from app.papers.owner import root_of
from app.workdays import is_day_of_rest
from reports.composing.prose import due_day


def due_of(remedy: Mapping[str, Any], day: date) -> str | None:
    """The last day of a requirement's term when its paper is issued on a day; a day that somebody set stands."""
    if remedy.get("due"):
        return str(remedy["due"])
    found = due_day(f"{remedy.get('deadline_text', '')}. {remedy['text']}", day, is_day_of_rest)
    return found.isoformat() if found else None


def take_effect(
    installation: Installation, owner: str, document: str, writer: Identity, value: Mapping[str, Any]
) -> None:
    """Write down what the registration of a paper brings. Within the caller's transaction."""
    day = date.fromisoformat(str(value["date"]))
    if value.get("replaces"):
        _take_over(installation, owner, document, writer, value)
    for remedy, asked in _remedies_of(installation, owner, document).items():
        due = due_of(asked, day)
        if due != asked.get("due"):
            installation.journal().write(writer, f"{root_of(owner)}/remedy/{remedy}", {**asked, "due": due})


def _take_over(
    installation: Installation, owner: str, document: str, writer: Identity, value: Mapping[str, Any]
) -> None:
    """The earlier paper is replaced; its requirements move on with their answers or end where they are not repeated."""
    journal, root = installation.journal(), root_of(owner)
    earlier = str(value["replaces"])
    old = journal.value(f"{root}/document/{earlier}")
    if not old or old["state"] != "registered":
        return
    journal.write(writer, f"{root}/document/{earlier}", {**old, "state": "replaced"})
    pending: Mapping[str, Mapping[str, Any]] = value.get("pending") or {}
    for remedy, asked in pending.items():
        journal.write(writer, f"{root}/remedy/{remedy}", {**asked, "document": document})
    for remedy, asked in _remedies_of(installation, owner, earlier).items():
        if remedy not in pending:
            journal.write(writer, f"{root}/remedy/{remedy}", {**asked, "ended_by": document})


def _remedies_of(installation: Installation, owner: str, document: str) -> dict[str, dict[str, Any]]:
    rows = installation.database().execute(
        "SELECT remedy, value FROM remedies WHERE inspection = ? AND document = ?", [owner, document]
    )
    return {row["remedy"]: orjson.loads(row["value"]) for row in rows.fetchall()}
