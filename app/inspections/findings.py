"""All that was recorded in an inspection, arranged for reading: checklist, item, place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import ValidationError
from sqlite_utils import Database

from app.evidence.words import is_unlooked
from app.inspections.progress import Asked, Place, Scope, asked, sites_of
from checklists.answers import AnswerValue, Verdict
from checklists.library import Library
from checklists.model import FieldType, FigureField, Item, Pack
from checklists.rules import check_answer, differences

SHORTCOMINGS = frozenset({Verdict.FAIL, Verdict.PARTIAL, Verdict.AWAITING_PAPERS})


@dataclass(frozen=True)
class Record:
    """A current entry: what was said, by whom, when.

    Attributes:
        subject: what it speaks of.
        entry: its id.
        value: the value; None where it was withdrawn.
        author: account id.
        made_at: the maker's clock, UTC.
        settled: the lead has chosen it.
        same: equal for entries that say the same.
    """

    subject: str
    entry: str
    value: dict[str, Any] | None
    author: str
    made_at: str
    settled: bool
    same: bytes


@dataclass(frozen=True)
class FigureLine:
    """A figure with what each source says of it."""

    label: str
    kind: FieldType
    unit: str
    readings: tuple[Mapping[str, Any], ...]
    differs: bool


@dataclass
class PlaceFindings:
    """What was found about one item at one place.

    Attributes:
        item: the item.
        site: the place's id; None for the unit as a whole.
        site_name: its name.
        answers: current answers; more than one differing is a disagreement.
        rows: rows of the item's table.
        notes: signed remarks.
        evidence: photos, papers, addresses, calls.
        reported: figures of the unit's own report.
    """

    item: Item
    site: str | None
    site_name: str
    answers: list[Record] = field(default_factory=list)
    rows: list[Record] = field(default_factory=list)
    notes: list[Record] = field(default_factory=list)
    evidence: list[Record] = field(default_factory=list)
    reported: Sequence[Mapping[str, Any]] = ()

    @property
    def disputed(self) -> bool:
        """Whether the answers, or two versions of one row, differ."""
        return differ(self.answers) or any(differ(group) for group in by_subject(self.rows).values())

    @property
    def answer(self) -> Record | None:
        """The answer, where there is one and it is not in dispute."""
        alive = [record for record in self.answers if record.value is not None]
        return alive[-1] if alive and not differ(self.answers) else None

    @property
    def verdict(self) -> str | None:
        """The agreed verdict."""
        return self.answer.value.get("verdict") if self.answer and self.answer.value else None

    @property
    def recorded(self) -> bool:
        """Whether anybody recorded anything here."""
        return any(record.value is not None for record in [*self.answers, *self.rows, *self.notes, *self.evidence])

    def entries_in(self, entries: Container[str]) -> bool:
        """Whether any of these entries is recorded here."""
        every = [*self.answers, *self.rows, *self.notes, *self.evidence]
        return any(record.entry in entries for record in every)

    def figures(self, record: Record) -> list[FigureLine]:
        """The figures of an answer, with the unit's report beside them."""
        return list(figure_lines(self.item, record.value or {}, self.reported))

    @property
    def unlooked(self) -> int:
        """Photos of which nobody has said yet whether they show personal data."""
        return sum(is_unlooked(record.value) for record in self.evidence if record.value)

    @property
    def differing_sources(self) -> bool:
        """Whether a figure's sources differ in an answer."""
        return any(line.differs for record in self.answers for line in self.figures(record))

    def warnings(self, record: Record) -> list[str]:
        """What does not agree within an answer; nothing is repaired."""
        value = parsed(record.value)
        return [problem.text for problem in check_answer(self.item, value)] if value else []


@dataclass(frozen=True)
class ItemFindings:
    """An item with its places."""

    item: Item
    places: tuple[PlaceFindings, ...]


@dataclass(frozen=True)
class PackFindings:
    """A checklist with its items."""

    pack: Pack
    items: tuple[ItemFindings, ...]


def findings_of(db: Database, library: Library, scope: Scope) -> list[PackFindings]:
    """Everything of an inspection; items that were answered although not asked of this level are there too."""
    places = _recorded_places(db, scope.inspection)
    return [
        PackFindings(one.pack, tuple(_item_findings(item, scope, places) for item in _wanted(one, places)))
        for one in asked(library, scope)
    ]


def _wanted(one: Asked, places: Mapping[Place, Sequence[Any]]) -> list[Item]:
    wanted = {item.id for item in one.items} | {item for item, _ in places}
    return [item for item in one.pack.items if item.id in wanted]


def _item_findings(item: Item, scope: Scope, places: Mapping[Place, Sequence[tuple[str, Record]]]) -> ItemFindings:
    names = {site["id"]: site["name"] for site in scope.sites}
    order: list[str | None] = [None, *(site["id"] for site in scope.sites)]
    own = [site["id"] for site in sites_of(item, scope.sites)]
    recorded = [site for found, site in places if found == item.id]
    wanted = sorted({*recorded, *own} or {None}, key=lambda site: order.index(site) if site in order else len(order))
    reported = [figure for figure in scope.setup.get("reported", ()) if figure["item"] == item.id]
    groups = []
    for site in wanted:
        name = names.get(site, "Nơi đã bỏ khỏi danh sách") if site else "Toàn đơn vị"
        place = PlaceFindings(item, site, name, reported=reported)
        for table, record in places.get((item.id, site), ()):
            getattr(place, table).append(record)
        groups.append(place)
    return ItemFindings(item, tuple(groups))


_TABLES = {"answers": "answers", "rows": "answer_rows", "notes": "notes", "evidence": "evidence"}


def _recorded_places(db: Database, inspection: str) -> dict[Place, list[tuple[str, Record]]]:
    places: dict[Place, list[tuple[str, Record]]] = defaultdict(list)
    for name, table in _TABLES.items():
        for row in db.execute(f"SELECT * FROM {table} WHERE inspection = ? ORDER BY subject, entry", [inspection]):
            record = record_of(row)
            if record.value is None and name != "answers":
                continue
            places[row["item"] or "", row["site"] or None].append((name, record))
    return places


def general_evidence(db: Database, inspection: str) -> list[Record]:
    """Evidence that belongs to no item."""
    rows = db.execute(
        "SELECT * FROM evidence WHERE inspection = ? AND item IS NULL AND value != 'null' ORDER BY subject, entry",
        [inspection],
    )
    return [record_of(row) for row in rows]


def record_of(row: Any) -> Record:
    """A row of a derived table."""
    return Record(
        row["subject"],
        row["entry"],
        orjson.loads(row["value"]) if row["value"] else None,
        row["author"],
        row["made_at"],
        bool(row["settled"]),
        bytes(row["same"]),
    )


def differ(records: Sequence[Record]) -> bool:
    """Whether entries of one subject say different things."""
    return len({record.same for record in records}) > 1


def by_subject(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Entries by what they speak of."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.subject].append(record)
    return groups


def parsed(value: Mapping[str, Any] | None) -> AnswerValue | None:
    """An answer's value in today's shape; None where it is of another."""
    try:
        return AnswerValue.model_validate(value)
    except ValidationError:
        return None


def figure_lines(item: Item, value: Mapping[str, Any], reported: Sequence[Mapping[str, Any]]) -> Iterator[FigureLine]:
    figures = {key: list(readings) for key, readings in (value.get("figures") or {}).items()}
    for figure in reported:
        readings = figures.setdefault(figure["figure"], [])
        if not any(reading["source"] == "bao_cao" for reading in readings):
            readings.append({**figure, "source": "bao_cao"})
    known = {one.key: one for one in item.fields}
    judged = parsed({"item_version": 1, "figures": {key: _bare(found) for key, found in figures.items()}})
    differing = {one.key for one in differences(item, judged)} if judged else set()
    for key in [*(key for key in known if key in figures), *(key for key in figures if key not in known)]:
        one = known.get(key, FigureField.model_construct(key=key, label=key, type=FieldType.TEXT, unit=""))
        yield FigureLine(one.label, one.type, one.unit, tuple(figures[key]), key in differing)


def _bare(readings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{key: reading.get(key) for key in ("value", "source", "as_of", "period")} for reading in readings]
