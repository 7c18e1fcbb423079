"""The bundle: all that a tablet needs to work on one inspection without a network."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.clock import iso, local_date
from app.config import Config
from app.identity import Identity
from app.inspections.queries import issuer_of, terms_on, unit_of
from app.installation import Installation
from app.remedies.queries import open_findings


def fact_day(setup: dict[str, Any], today: date) -> date:
    """The day that law and names are chosen by: the inspection's last day, else the period's end, else today."""
    dates = setup.get("dates") or []
    if dates:
        return date.fromisoformat(max(dates))
    period = setup.get("period")
    return date.fromisoformat(period["end"]) if period else today


LIMITS = ("batch_entries", "batch_bytes", "evidence_bytes", "photo_longest_edge")


def limits_of(config: Config) -> dict[str, int]:
    """What a tablet must keep to: entries and bytes of a push, bytes of a file, pixels of a photo's longer edge."""
    return {name: getattr(config, name) for name in LIMITS}


def bundle_of(installation: Installation, who: Identity, inspection: str, setup: dict[str, Any]) -> dict[str, Any]:
    """Setup, unit, members, pinned checklists in full, earlier findings still open, limits."""
    db = installation.database()
    entries = installation.journal().current(f"inspection/{inspection}/setup")
    library = installation.library()
    unit = unit_of(db, setup["unit"])
    day = fact_day(setup, local_date(installation.clock()))
    return {
        "inspection": {"id": inspection, "setup": setup, "setup_entry": entries[-1].id},
        "unit": {**unit, "terms": terms_on(unit, day)},
        "issuer": issuer_of(db, setup["issuer"]),
        "members": setup.get("members", []),
        "functions": sorted(who.functions(inspection)),
        "checklists": [library.pack(ref).model_dump(mode="json", by_alias=True) for ref in setup["checklists"]],
        "open_findings": open_findings(db, setup["unit"], inspection),
        "limits": limits_of(installation.config),
        "fact_day": day.isoformat(),
        "server_time": iso(installation.clock()),
    }
