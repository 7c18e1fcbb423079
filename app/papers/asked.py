"""The remedies that an issued paper asks for: their ids and their values in the journal."""

from __future__ import annotations

import hashlib
from typing import Any

from reports.composing.requirements import Requirement

PROPOSED = "p-"
"""Remedies that an issue made from an item's proposal; a new draft proposes them anew."""


def is_proposed(remedy: str) -> bool:
    """Whether a remedy was made from a proposal at an issue."""
    return remedy.startswith(PROPOSED)


def remedy_id(one: Requirement) -> str:
    """The remedy's id: that of what somebody wrote, or one made from what the item proposed it for."""
    return one.remedy or PROPOSED + hashlib.sha256(one.id.encode()).hexdigest()[:20]


def remedy_value(one: Requirement, document: str) -> dict[str, Any]:
    """The value of ``remedy/<id>`` of a signed paper; terms in days begin when it is registered."""
    return {
        "text": one.text,
        "findings": list(one.findings),
        "addressee": one.addressee,
        "addressee_kind": one.addressee_kind,
        "product": one.product,
        "owner": one.owner,
        "deadline_text": one.deadline,
        "due": one.due.isoformat() if one.due else None,
        "follow_up": one.follow_up,
        "document": document,
        **({"absorbs": list(one.absorbs)} if one.absorbs else {}),
    }
