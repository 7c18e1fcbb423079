"""From a derived row to the small facts that many of the larger ones carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from reports.composing.facts import EntryFact, PaperFact


def entry_fact(row: Mapping[str, Any]) -> EntryFact:
    """The entry behind a derived row."""
    return EntryFact(row["entry"], row["seq"], row["author"], row["device"])


def paper_fact(value: Mapping[str, Any] | None) -> PaperFact | None:
    """A paper that is referred to."""
    if not value:
        return None
    day = value.get("date")
    return PaperFact(
        value.get("number", ""),
        date.fromisoformat(day) if day else None,
        value.get("issuer", ""),
        value.get("subject", ""),
    )
