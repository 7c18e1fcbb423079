"""Whose paper: an inspection's or a campaign's.

The journal keeps papers below ``inspection/<id>`` or ``campaign/<id>``. Functions and addresses name the owner by one
word: the inspection's id, or ``dot:<id>`` for a campaign. No id has a colon in it, so the two are never mixed up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlite_utils import Database

from app.campaigns.queries import may_change, may_see
from app.errors import NotFoundError
from app.identity import Identity, functions_of
from app.inspections.shapes import Function

_CAMPAIGN = "dot:"

OWNER = f"coalesce(d.inspection, '{_CAMPAIGN}' || d.campaign)"
"""The owner's word in a query over a derived table of papers that is called ``d``."""


def of_campaign(campaign: str) -> str:
    """The word for a campaign."""
    return f"{_CAMPAIGN}{campaign}"


def campaign_of(owner: str) -> str | None:
    """The campaign's id; None for an inspection."""
    return owner.removeprefix(_CAMPAIGN) if owner.startswith(_CAMPAIGN) else None


def column_of(owner: str) -> tuple[str, str]:
    """Column and id by which an owner's rows are found."""
    campaign = campaign_of(owner)
    return ("inspection", owner) if campaign is None else ("campaign", campaign)


def root_of(owner: str) -> str:
    """The subject that everything of this owner is below."""
    return "/".join(column_of(owner))


def document_subject(owner: str, document: str) -> str:
    """The subject of one of its papers."""
    return f"{root_of(owner)}/document/{document}"


def owner_value(db: Database, owner: str) -> dict[str, Any]:
    """The inspection's setup, or what the campaign says; both name their issuing body and their people.

    Raises:
        NotFoundError: there is none.
    """
    campaign = campaign_of(owner)
    table, key = ("inspections", "inspection") if campaign is None else ("campaigns", "id")
    row = db.execute(f"SELECT value FROM {table} WHERE {key} = ?", [campaign or owner]).fetchone()
    if row is None or row[0] is None:
        what = "cuộc kiểm tra" if campaign is None else "đợt kiểm tra"
        raise NotFoundError(f"Không có {what} này; hãy xem lại danh sách {what}.")
    found: dict[str, Any] = orjson.loads(row[0])
    return found


def own_issuer(db: Database, owner: str) -> str:
    """The body that issues where a paper names no other."""
    return str(owner_value(db, owner)["issuer"])


def owner_of(groups: Mapping[str, str | None]) -> str:
    """The owner's word, of a subject's parts."""
    campaign = groups.get("campaign")
    return str(groups["inspection"]) if campaign is None else of_campaign(campaign)


def named(owner: str) -> dict[str, Any]:
    """The owner as pages' addresses and subjects' parts name it: ``{"inspection": id}`` or ``{"campaign": id}``."""
    return dict([column_of(owner)])


def functions_in(who: Identity, owner: str) -> frozenset[Function]:
    """This account's functions in the inspection or the campaign."""
    campaign = campaign_of(owner)
    return who.functions(owner) if campaign is None else functions_of(who.campaign(campaign), who.account)


def may_draft(who: Identity, owner: str) -> bool:
    """Leaders, secretary, administrators."""
    return who.drafts(owner) if campaign_of(owner) is None else may_sign(who, owner)


def may_lead(who: Identity, owner: str) -> bool:
    """Who says how its papers go: an inspection's leaders, a campaign's leaders and secretary, administrators."""
    return who.leads(owner) or who.is_admin() if campaign_of(owner) is None else may_sign(who, owner)


def may_sign(who: Identity, owner: str) -> bool:
    """Of an inspection: leaders and signers; of a campaign: its leaders and secretary. Administrators always."""
    campaign = campaign_of(owner)
    if campaign is not None:
        value = who.campaign(campaign)
        return value is not None and may_change(who, value)
    return who.is_admin() or who.leads(owner) or Function.SIGNER in who.functions(owner)


def is_of_team(who: Identity, owner: str) -> bool:
    """Whether somebody works on it: a member of the inspection, or named in the campaign."""
    campaign = campaign_of(owner)
    if campaign is None:
        return who.is_member(owner)
    value = who.campaign(campaign)
    return value is not None and may_see(who, value)
