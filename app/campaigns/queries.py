"""Campaigns and what is in their scope, read from the derived tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlite_utils import Database

from app.accounts.shapes import Role
from app.errors import NotFoundError
from app.identity import Identity, functions_of
from app.inspections.shapes import DRAFTING


def may_see(who: Identity, value: Mapping[str, Any]) -> bool:
    """A campaign shows to its own people and to administrators; another body's people see nothing of it."""
    return who.is_admin() or bool(functions_of(dict(value), who.account))


def may_change(who: Identity, value: Mapping[str, Any]) -> bool:
    """Its leaders and secretary, if their role is that of a lead; administrators."""
    drafts = bool(functions_of(dict(value), who.account) & DRAFTING)
    return who.is_admin() or (who.role is Role.LEAD and drafts)


def may_open(who: Identity, value: Mapping[str, Any]) -> bool:
    """Whether this account may open an inspection of the campaign in the field."""
    if not value.get("active", True) or value.get("gathers") or not may_see(who, value):
        return False
    return who.role is not Role.MEMBER or bool(value.get("field_opening"))


def campaigns_of(who: Identity) -> list[dict[str, Any]]:
    """The campaigns that an account may see, newest first: ``{"id", "value"}``."""
    return [one for one in _seen(who) if not one["value"].get("gathers")]


def gatherings_of(who: Identity) -> list[dict[str, Any]]:
    """The periods over which an account may see reports, newest first."""
    found = [one for one in _seen(who) if one["value"].get("gathers")]
    return sorted(found, key=lambda one: str(one["value"]["gathers"]["until"]), reverse=True)


def _seen(who: Identity) -> list[dict[str, Any]]:
    rows = who.db.execute("SELECT id, value FROM campaigns WHERE value != 'null' ORDER BY year DESC, title, id")
    found = [{"id": row["id"], "value": orjson.loads(row["value"])} for row in rows]
    return [one for one in found if may_see(who, one["value"])]


def works_for(who: Identity, issuer: str) -> bool:
    """Whether somebody drafts in an inspection or a campaign of a body, and so may report over a period of it."""
    rows = who.db.execute(
        "SELECT value FROM inspections WHERE value != 'null' AND json_extract(value, '$.issuer') = ? UNION ALL "
        "SELECT value FROM campaigns WHERE value != 'null' AND issuer = ? AND json_extract(value, '$.gathers') IS NULL",
        [issuer, issuer],
    )
    return who.is_admin() or any(functions_of(orjson.loads(row[0]), who.account) & DRAFTING for row in rows)


def campaign_choices(who: Identity, setup: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Running campaigns to choose from, and the one that a setup names already: id and title."""
    own = setup.get("campaign")
    found = [one for one in campaigns_of(who) if one["value"].get("active", True) or one["id"] == own]
    choices = {one["id"]: one["value"]["title"] for one in found}
    if own and own not in choices:
        choices[own] = (who.campaign(own) or {}).get("title", own)
    return list(choices.items())


def seen_campaign(who: Identity, campaign: str) -> dict[str, Any]:
    """A campaign that this account may see.

    Raises:
        NotFoundError: there is none, or not for this account.
    """
    value = who.campaign(campaign)
    if value is None or not may_see(who, value):
        raise NotFoundError("Không có đợt kiểm tra này, hoặc tài khoản này không có tên trong đợt.")
    return value


def units_in_scope(db: Database, value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The units that a campaign may visit, by name, each as its profile says."""
    rows = db.execute(
        "SELECT id, value FROM units WHERE value != 'null' AND (id IN (SELECT value FROM json_each(?)) "
        "OR level IN (SELECT value FROM json_each(?))) ORDER BY name, id",
        [_json(value.get("units")), _json(value.get("levels"))],
    )
    return [{"id": row["id"], **orjson.loads(row["value"])} for row in rows]


def _json(names: list[str] | None) -> str:
    return orjson.dumps(names or []).decode()
