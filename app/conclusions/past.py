"""What was said of a draft, and what its findings were before: read from the journal for the draft's marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlite_utils import Database

from app.conclusions.rows import entry_fact
from app.identity import Identity
from app.journal.journal import Journal
from app.journal.store import WITHIN
from reports.composing.facts import CauseFact, Override, PastFact
from reports.composing.parts import ORDER

Past = Mapping[tuple[str, str, str | None], Sequence[PastFact]]
"""Versions by inspection, item and place."""

_KINDS = ("answer", "row", "note", "evidence")


def overrides_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Override]:
    """What the lead says of each paragraph."""
    return {row["part"]: _override(row) for row in rows if row["value"] and not row["part"].startswith(ORDER)}


def arrangement_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The lead's order of each section's paragraphs."""
    return {
        row["part"].removeprefix(ORDER): tuple(row["value"].get("order", ()))
        for row in rows
        if row["value"] and row["part"].startswith(ORDER)
    }


def _override(row: Mapping[str, Any]) -> Override:
    value = row["value"]
    cause = value.get("cause")
    return Override(
        text=value.get("text", ""),
        dropped=value.get("dropped", False),
        reason=value.get("reason", ""),
        rests_on=tuple(value.get("rests_on", ())),
        entry=entry_fact(row),
        absorbs=tuple(value.get("absorbs", ())),
        area=value.get("area", ""),
        tone=value.get("tone", ""),
        tone_reason=value.get("tone_reason", ""),
        commended=value.get("commended", False),
        cause=CauseFact(**cause) if cause else None,
        upto=value.get("upto"),
        origin=value.get("origin", ""),
    )


def drafting_since(db: Database, inspection: str) -> int | None:
    """The journal's number of the first entry that spoke of a draft; None while nobody has."""
    scope = f"inspection/{inspection}/conclusion"
    found: int | None = db.execute(f"SELECT min(seq) FROM entries WHERE {WITHIN}", [scope, scope]).fetchone()[0]
    return found


def past_of(journal: Journal[Identity], inspections: Iterable[str], since: int | None) -> Past:
    """The versions of all that was found and changed after drafting began, oldest first."""
    found: dict[tuple[str, str, str | None], list[PastFact]] = defaultdict(list)
    if since is None:
        return found
    places: dict[str, tuple[str, str | None]] = {}
    for inspection in inspections:
        for row in _versions(journal.db, f"inspection/{inspection}", since):
            matched = journal.registry.match(row["subject"])
            if matched is None or matched[0].name not in _KINDS:
                continue
            kind, groups = matched
            value = orjson.loads(row["value"]) if row["value"] else None
            if kind.name == "evidence" and value and value.get("item"):
                places[row["subject"]] = (value["item"], value.get("site"))
            place = places.get(row["subject"]) if kind.name == "evidence" else (str(groups["item"]), groups["site"])
            if place is not None:
                found[inspection, *place].append(
                    PastFact(kind.name, row["subject"], row["seq"], row["author"], row["made_at"], value)
                )
    return found


def _versions(db: Database, scope: str, since: int) -> Iterable[Any]:
    """All entries of those subjects below a scope that were spoken of after an entry."""
    return db.execute(
        "SELECT seq, subject, author, made_at, value FROM entries WHERE subject IN "
        f"(SELECT subject FROM entries WHERE {WITHIN} AND seq > ?) ORDER BY seq",
        [scope, scope, since],
    ).fetchall()
