"""The completeness receipt: "received" means that entries and bytes are all there."""

from __future__ import annotations

from typing import Any

import orjson

from app.evidence.storage import EvidenceStorage
from app.identity import Identity
from app.journal.journal import Journal
from app.journal.store import WITHIN


def receipt_of(
    journal: Journal[Identity],
    storage: EvidenceStorage,
    inspection: str,
    entries: list[str],
    evidence: list[str],
) -> dict[str, Any]:
    """Compare a tablet's set with what the server holds of the inspection."""
    scope = f"inspection/{inspection}"
    rows = journal.db.execute(
        f"SELECT id FROM entries WHERE {WITHIN} AND id IN (SELECT value FROM json_each(?))",
        [scope, scope, orjson.dumps(entries).decode()],
    )
    held = {row[0] for row in rows}
    wanted = set(entries)
    return {
        "missing": {
            "entries": sorted(wanted - held),
            "evidence": sorted(digest for digest in set(evidence) if not storage.holds(digest)),
        },
        "quarantined": [
            {key: refused[key] for key in ("id", "code", "message")}
            for refused in journal.quarantined(scope)
            if refused["id"] in wanted
        ],
        "held": {
            "entries": journal.db.execute(f"SELECT count(*) FROM entries WHERE {WITHIN}", [scope, scope]).fetchone()[0],
            "evidence": _held_evidence(journal, storage, inspection),
        },
        "head": journal.head().to_json(),
    }


def _held_evidence(journal: Journal[Identity], storage: EvidenceStorage, inspection: str) -> int:
    rows = journal.db.execute(
        "SELECT DISTINCT file_sha256 FROM evidence WHERE inspection = ? AND file_sha256 IS NOT NULL",
        [inspection],
    ).fetchall()
    return sum(storage.holds(row[0]) for row in rows)
