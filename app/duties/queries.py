"""Members' parts: what is given to whom, how far each has come, who has reported and what he says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from app.inspections.assignment import Share, own_items, shares
from app.inspections.progress import Scope, asked, is_done, verdicts_of
from app.installation import Installation
from checklists.model import Item


@dataclass(frozen=True)
class Duty:
    """A member's part with his report.

    Attributes:
        share: what is given to him, and the progress.
        value: his report, empty where there is none.
        entry: its entry, for the form's lock.
        made_at: when it was made, UTC.
        later: answers to his items that came in after the report.
        left: his items that have no result yet.
    """

    share: Share
    value: Mapping[str, Any]
    entry: str
    made_at: str
    later: int
    left: tuple[Item, ...]

    @property
    def account(self) -> str:
        return str(self.share.member["account"])

    @property
    def done(self) -> bool:
        return bool(self.value.get("done"))

    @property
    def text(self) -> str:
        return str(self.value.get("text", ""))


def duties_of(installation: Installation, scope: Scope) -> list[Duty]:
    """Every member's part, in the order of the setup."""
    db = installation.database()
    verdicts = verdicts_of(db, [scope.inspection])[scope.inspection]
    questions = asked(installation.library(), scope)
    reports = {row["account"]: row for row in _reports(db, scope.inspection)}
    answered = [
        (row[0], row[1]) for row in db.execute("SELECT item, seq FROM answers WHERE inspection = ?", [scope.inspection])
    ]
    found = []
    for share in shares(scope, questions, verdicts):
        row = reports.get(share.member["account"])
        items = own_items(share.member, questions)
        ids = {item.id for item in items}
        later = sum(item in ids and seq > row["seq"] for item, seq in answered) if row else 0
        left = tuple(item for item in items if not is_done(item, scope.sites, verdicts))
        value = orjson.loads(row["value"]) if row else {}
        found.append(Duty(share, value, row["entry"] if row else "", row["made_at"] if row else "", later, left))
    return found


def member_texts(db: Database, inspection: str) -> list[tuple[str, str, bool]]:
    """What members wrote of their parts, for the delegation's report: account, text, whether reported as done."""
    found = []
    for row in _reports(db, inspection):
        value = orjson.loads(row["value"])
        if value["text"].strip():
            found.append((row["account"], value["text"], value["done"]))
    return found


def _reports(db: Database, inspection: str) -> list[Any]:
    query = "SELECT * FROM duty_reports WHERE inspection = ? ORDER BY seq"
    return list(db.execute(query, [inspection]).fetchall())
