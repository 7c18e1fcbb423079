"""A tablet that was lost is locked out; one that was found comes back, and what it had offered meanwhile is taken."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import orjson
from sqlite_utils import Database

from app.accounts.accounts import identity_of
from app.errors import InvalidInputError
from app.identity import Identity
from app.installation import Installation
from app.journal.journal import Journal
from app.tablets.marks import TabletRevokedError


def report_lost(journal: Journal[Identity], who: Identity, device: str, inspection: str, reason: str) -> None:
    """Lock a tablet out: its sessions end with this entry.

    Raises:
        InvalidInputError: no reason.
        ForbiddenError: not for this account.
    """
    _say(journal, who, device, {"state": "lost", "inspection": inspection, "reason": reason})


def readmit(here: Installation, who: Identity, device: str, inspection: str, reason: str) -> tuple[int, int]:
    """Let a tablet in again and take what it had offered while it was locked out: (taken, still refused).

    Raises:
        InvalidInputError: no reason.
        ForbiddenError: not for this account.
    """
    journal = here.journal()
    _say(journal, who, device, {"state": "readmitted", "inspection": inspection, "reason": reason})
    results = []
    for uploader, rows in groupby(_set_aside(journal.db, device), key=lambda row: row[0]):
        found = identity_of(journal.db, uploader)
        if found is not None:
            found[0].library = here.library
            results += journal.push([entry for _, entry in rows], found[0])
    refused = sum(result.status == "refused" for result in results)
    return len(results) - refused, refused


def _say(journal: Journal[Identity], who: Identity, device: str, value: dict[str, str]) -> None:
    if not value["reason"]:
        raise InvalidInputError("Hãy ghi lý do, ví dụ máy mất ở đâu, khi nào, ai giữ; lý do được lưu trong nhật ký.")
    journal.write(who, f"tablet/{device}", value)


def _set_aside(db: Database, device: str) -> list[tuple[str, Any]]:
    rows = db.execute(
        "SELECT uploader, entry FROM quarantine WHERE code = ? AND json_extract(entry, '$.device') = ? "
        "ORDER BY uploader, id",
        [TabletRevokedError.code, device],
    )
    return [(row[0], orjson.loads(row[1])) for row in rows]
