"""How far an inspection has come: which items are asked of the unit, which of them are answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlite_utils import Database

from app.journal.store import WITHIN
from checklists.library import Library, UnknownPackError
from checklists.model import Item, Pack
from checklists.rules import applicable

SOURCES = "nguon-so-lieu"
"""Items asked "per source" are answered once; their figures carry the sources."""

Place = tuple[str, str | None]
Verdicts = Mapping[Place, str]


@dataclass(frozen=True)
class Scope:
    """An inspection with what decides which items are asked.

    Attributes:
        inspection: its id.
        setup: its current setup.
        unit_name: name of the unit.
        level: level of the unit.
        day: the day that law and items are chosen by.
    """

    inspection: str
    setup: Mapping[str, Any]
    unit_name: str
    level: str
    day: date

    @property
    def sites(self) -> Sequence[Mapping[str, Any]]:
        """The places of the inspection."""
        found: Sequence[Mapping[str, Any]] = self.setup.get("sites", ())
        return found


@dataclass(frozen=True)
class Asked:
    """A pinned checklist and those of its items that are asked of this unit on this day."""

    pack: Pack
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Progress:
    """Items answered and asked; of the core set too."""

    done: int
    total: int
    core_done: int
    core_total: int


def asked(library: Library, scope: Scope) -> list[Asked]:
    """The inspection's checklists with the items that the unit is asked; unknown ones are left out."""
    packs = (found for ref in scope.setup["checklists"] if (found := find_pack(library, ref)))
    return [Asked(pack, asked_items(pack, scope.level, scope.day)) for pack in packs]


def asked_items(pack: Pack, level: str, day: date) -> tuple[Item, ...]:
    """The items of a checklist that a unit of this level is asked on this day."""
    return tuple(item for item in pack.items if applicable(item, level, day))


def find_pack(library: Library, ref: str) -> Pack | None:
    """A pack by ``id@version``, or None where this installation does not have it."""
    try:
        return library.pack(ref)
    except UnknownPackError:
        return None


def sites_of(item: Item, sites: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The places an item is asked at: those of its own sort where there are any, else all; as the tablet does."""
    if item.per is None or item.per == SOURCES:
        return []
    return [site for site in sites if site.get("kind") == item.per] or list(sites)


def is_done(item: Item, sites: Sequence[Mapping[str, Any]], verdicts: Verdicts) -> bool:
    """Answered as a whole, or at every one of its places."""
    places = sites_of(item, sites)
    return (item.id, None) in verdicts or (bool(places) and all((item.id, site["id"]) in verdicts for site in places))


def progress(items: Iterable[Item], sites: Sequence[Mapping[str, Any]], verdicts: Verdicts) -> Progress:
    """Count what is answered."""
    states = [(item.core, is_done(item, sites, verdicts)) for item in items]
    core = [done for is_core, done in states if is_core]
    return Progress(sum(done for _, done in states), len(states), sum(core), len(core))


def verdicts_of(db: Database, inspections: Iterable[str]) -> dict[str, dict[Place, str]]:
    """Per inspection, the places that have a verdict."""
    wanted = list(inspections)
    rows = db.execute(
        "SELECT inspection, item, site, verdict FROM answers "
        "WHERE verdict IS NOT NULL AND inspection IN (SELECT value FROM json_each(?)) ORDER BY subject, entry",
        [orjson.dumps(wanted).decode()],
    )
    found: dict[str, dict[Place, str]] = {inspection: {} for inspection in wanted}
    for row in rows:
        found[row["inspection"]].setdefault((row["item"], row["site"]), row["verdict"])
    return found


def received(db: Database, inspection: str) -> int:
    """How many entries the server holds of an inspection."""
    scope = f"inspection/{inspection}"
    return int(db.execute(f"SELECT count(*) FROM entries WHERE {WITHIN}", [scope, scope]).fetchone()[0])


def missing_files(db: Database, inspection: str) -> list[dict[str, Any]]:
    """Evidence that an entry names and whose bytes are not here yet."""
    rows = db.execute(
        "SELECT e.item, e.site, e.author, e.made_at, e.value FROM evidence e WHERE e.inspection = ? "
        "AND e.file_sha256 IS NOT NULL AND e.file_sha256 NOT IN (SELECT sha256 FROM files) ORDER BY e.subject",
        [inspection],
    )
    return [{**dict(row), "value": orjson.loads(row["value"])} for row in rows]


def verdict_counts(verdicts: Verdicts) -> list[tuple[str, int]]:
    """How often each verdict was given, most frequent first."""
    return Counter(verdicts.values()).most_common()
