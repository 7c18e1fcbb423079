"""The campaign bundle: all that a tablet needs to open any of the campaign's inspections without a network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from app.accounts.accounts import accounts_with
from app.accounts.shapes import Role
from app.campaigns.queries import campaigns_of, may_open, units_in_scope
from app.clock import iso, local_date
from app.identity import Identity
from app.inspections.bundle import limits_of
from app.inspections.progress import find_pack
from app.inspections.queries import issuer_of, terms_on
from app.installation import Installation
from app.remedies.queries import open_findings_by_unit

PROFILE = ("id", "name", "level", "parent", "code", "address", "sites")


def campaign_lines(who: Identity) -> list[dict[str, Any]]:
    """The running campaigns that the account may use."""
    return [
        {
            "id": one["id"],
            "title": one["value"]["title"],
            "year": one["value"]["year"],
            "may_open": may_open(who, one["value"]),
        }
        for one in campaigns_of(who)
        if one["value"].get("active", True)
    ]


def campaign_bundle(here: Installation, who: Identity, campaign: str, value: dict[str, Any]) -> dict[str, Any]:
    """Units with their profiles, people, checklists once and in full, open findings, inspections already planned.

    The names that a unit goes by (``terms``) are those of today.
    """
    db, library, today = here.database(), here.library(), local_date(here.clock())
    planned = _planned(who, campaign, value)
    sites = {one["unit"]: one["sites"] for one in planned if one["sites"]}
    units = [_profile(unit, today, sites) for unit in units_in_scope(db, value)]
    packs = [pack for ref in value["checklists"] if (pack := find_pack(library, ref))]
    entries = here.journal().current(f"campaign/{campaign}")
    return {
        "campaign": {"id": campaign, "value": value, "entry": entries[-1].id},
        "may_open": may_open(who, value),
        "units": units,
        "issuer": issuer_of(db, value["issuer"]),
        "people": [
            {"account": account, "name": name, "position": position}
            for account, name, _, position in accounts_with(db, Role.ADMIN, Role.LEAD, Role.MEMBER)
        ],
        "checklists": [pack.model_dump(mode="json", by_alias=True) for pack in packs],
        "open_findings": open_findings_by_unit(db, [unit["id"] for unit in units]),
        "inspections": [{key: one[key] for key in ("id", "unit", "title", "dates")} for one in planned],
        "limits": limits_of(here.config),
        "day": today.isoformat(),
        "server_time": iso(here.clock()),
    }


def _profile(unit: dict[str, Any], day: date, sites: Mapping[str, list[Any]]) -> dict[str, Any]:
    """What a tablet shows of a unit; without places of its own, those of its latest inspection."""
    found = {key: unit[key] for key in PROFILE if unit.get(key)}
    return {**found, "sites": unit.get("sites") or sites.get(unit["id"], []), "terms": terms_on(unit, day)}


def _planned(who: Identity, campaign: str, value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Inspections of this campaign, of its issuing body, and those that the account is in; the oldest first."""
    rows = who.db.execute(
        "SELECT inspection, title, unit, issuer, campaign, value FROM inspections WHERE value != 'null' "
        "ORDER BY inspection"
    )
    found = []
    for row in rows:
        own = row["campaign"] == campaign or row["issuer"] == value["issuer"]
        setup = orjson.loads(row["value"])
        if own or who.is_admin() or any(one["account"] == who.account for one in setup.get("members", ())):
            common = {"id": row["inspection"], "unit": row["unit"], "title": row["title"]}
            found.append({**common, "dates": setup.get("dates", []), "sites": setup.get("sites", [])})
    return found
