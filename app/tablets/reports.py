"""Keeping what tablets report. No statement of anybody, so no journal: only the last word of a machine counts.

What a tablet once reported and neither reports again nor has sent is not forgotten: it is kept as *vanished*, because a
tablet whose storage was cleared in part would otherwise look as if everything had arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlite_utils import Database

from app.database import writing
from app.identity import Identity
from app.journal.store import WITHIN
from app.tablets.shapes import REPORT_IDS, ReportedInspection, TabletReport

Places = dict[str, dict[str, list[str]]]
"""``item@site`` → ids of entries and hashes of evidence."""


def keep_report(db: Database, who: Identity, device: str, report: TabletReport, now: str) -> list[str]:
    """Keep a tablet's report and return the inspections that it was kept for: those that the account may see."""
    seen = [one for one in report.inspections if who.may_see(one.id) and who.setup(one.id) is not None]
    with writing(db):
        for one in seen:
            holds = _holds(db, device, one)
            db.execute(
                "INSERT OR REPLACE INTO tablet_reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    device,
                    one.id,
                    who.account,
                    report.label,
                    report.version,
                    report.persisted,
                    report.free_bytes,
                    now,
                    orjson.dumps(holds).decode(),
                ],
            )
    return [one.id for one in seen]


def _holds(db: Database, device: str, one: ReportedInspection) -> dict[str, Any]:
    places: Places = {}
    for place in one.places:
        kept = places.setdefault(place.place, {"entries": [], "evidence": []})
        kept["entries"] += place.entries
        kept["evidence"] += place.evidence
    before = db.execute(
        "SELECT holds FROM tablet_reports WHERE device = ? AND inspection = ?", [device, one.id]
    ).fetchone()
    old = orjson.loads(before[0]) if before else {"last_written": "", "places": {}, "vanished": {}}
    return {
        # A tablet that has sent everything does not look up when that was written.
        "last_written": one.last_written or old["last_written"],
        "drafts": one.drafts,
        "places": places,
        "vanished": _vanished(db, old, places),
    }


def _vanished(db: Database, before: Mapping[str, Any], places: Places) -> Places:
    """What was reported before, is not now, and has not arrived."""
    there = {kind: {id_ for place in places.values() for id_ in place[kind]} for kind in ("entries", "evidence")}
    old: Places = {}
    for source in (before["vanished"], before["places"]):
        for name, kinds in source.items():
            kept = old.setdefault(name, {"entries": [], "evidence": []})
            for kind, ids in kinds.items():
                kept[kind] += [id_ for id_ in ids if id_ not in there[kind] and id_ not in kept[kind]]
    left = not_arrived(db, old)
    return left if count(left) <= REPORT_IDS else dict(list(left.items())[:REPORT_IDS])


def not_arrived(db: Database, places: Places) -> Places:
    """Those parts of what was reported that the server does not hold; complete places are left out."""
    held = {
        "entries": _held(db, "SELECT id FROM entries WHERE id IN (SELECT value FROM json_each(?))", places, "entries"),
        "evidence": _held(
            db, "SELECT sha256 FROM files WHERE sha256 IN (SELECT value FROM json_each(?))", places, "evidence"
        ),
    }
    left = {
        name: {kind: [id_ for id_ in ids if id_ not in held[kind]] for kind, ids in kinds.items()}
        for name, kinds in places.items()
    }
    return {name: kinds for name, kinds in left.items() if any(kinds.values())}


def _held(db: Database, query: str, places: Places, kind: str) -> set[str]:
    wanted = [id_ for place in places.values() for id_ in place[kind]]
    return {row[0] for row in db.execute(query, [orjson.dumps(wanted).decode()])} if wanted else set()


def count(places: Places, kinds: Iterable[str] = ("entries", "evidence")) -> int:
    """How many entries, files or both."""
    return sum(len(place[kind]) for place in places.values() for kind in kinds)


def is_of(db: Database, device: str, inspection: str) -> bool:
    """Whether this tablet was used in this inspection: it reported, or an entry came from it."""
    reported = db.execute(
        "SELECT 1 FROM tablet_reports WHERE device = ? AND inspection = ?", [device, inspection]
    ).fetchone()
    scope = f"inspection/{inspection}"
    wrote = (
        reported
        or db.execute(f"SELECT 1 FROM entries WHERE {WITHIN} AND device = ? LIMIT 1", [scope, scope, device]).fetchone()
    )
    return wrote is not None
