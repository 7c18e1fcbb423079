"""The hearing of one inspection as its pages show it: what was sent, what came back, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlite_utils import Database

from app.conclusions.said import Rows, explanation_facts, finding_key
from reports.composing.facts import ExplanationFact
from reports.composing.parts import Plan

TABLES = ("hearings", "hearing_replies", "explanations", "explanation_decisions")
DECISIONS = (
    ("tiep_thu", "Tiếp thu"),
    ("mot_phan", "Tiếp thu một phần"),
    ("khong_tiep_thu", "Không tiếp thu"),
)
DECISION_LABELS = dict(DECISIONS)
TONES = {"tiep_thu": "good", "mot_phan": "warn", "khong_tiep_thu": "bad"}


@dataclass(frozen=True)
class Row:
    """A value with the entry it stands in."""

    value: Mapping[str, Any]
    entry: str
    author: str
    made_at: str
    received_at: str


@dataclass(frozen=True)
class Explained:
    """One explanation with the decision on exactly this text; ``overtaken`` is a decision on an earlier text."""

    fact: ExplanationFact
    said: Row
    decision: Row | None
    overtaken: Row | None

    @property
    def key(self) -> str:
        return self.fact.key

    @property
    def decision_seen(self) -> str:
        """Entry id for the decision form's lock."""
        found = self.decision or self.overtaken
        return found.entry if found else ""

    @property
    def label(self) -> str:
        return DECISION_LABELS.get(self.fact.decision, "Chưa quyết định")

    @property
    def tone(self) -> str:
        return TONES.get(self.fact.decision, "warn")


@dataclass(frozen=True)
class Hearing:
    """What the unit was sent and what it answered."""

    sent: Row | None
    reply: Row | None
    explained: tuple[Explained, ...]

    @property
    def until(self) -> date | None:
        return date.fromisoformat(self.sent.value["until"]) if self.sent else None

    @property
    def shown(self) -> list[Mapping[str, Any]]:
        """The shortcomings as they were sent."""
        return list(self.sent.value["shown"]) if self.sent else []

    def of(self, keys: Iterable[str]) -> list[Explained]:
        """The explanations of some findings."""
        wanted = set(keys)
        return [one for one in self.explained if one.key in wanted]

    @property
    def beside(self) -> list[Explained]:
        """Explanations of findings that are not among what was sent."""
        asked = {key for one in self.shown for key in one["findings"]}
        return [one for one in self.explained if one.key not in asked]


def hearing_of(db: Database, inspection: str) -> Hearing:
    """The hearing of an inspection; empty where the unit was not asked and said nothing."""
    rows = rows_of(db, inspection, TABLES)
    decided = {finding_key(row["item"], row["site"]): row for row in rows["explanation_decisions"] if row["value"]}
    said = {row["entry"]: row for row in rows["explanations"]}
    explained = []
    for fact in explanation_facts(rows):
        row = decided.get(fact.key)
        decision = _row(row) if row else None
        valid = fact.decided is not None
        explained.append(
            Explained(fact, _row(said[fact.entry.id]), decision if valid else None, None if valid else decision)
        )
    return Hearing(_last(rows["hearings"]), _last(rows["hearing_replies"]), tuple(explained))


def rows_of(db: Database, inspection: str, tables: Iterable[str]) -> Rows:
    """The current rows of some derived tables, each with its value read."""
    return {
        table: [
            {**dict(row), "value": orjson.loads(row["value"]) if row["value"] else None}
            for row in db.execute(f"SELECT * FROM {table} WHERE inspection = ? ORDER BY seq", [inspection])
        ]
        for table in tables
    }


def _row(row: Mapping[str, Any]) -> Row:
    return Row(row["value"], row["entry"], row["author"], row["made_at"], row["received_at"])


def _last(rows: Iterable[Mapping[str, Any]]) -> Row | None:
    found = [row for row in rows if row["value"]]
    return _row(found[-1]) if found else None


def shortcomings_of(drafted: Plan) -> list[dict[str, Any]]:
    """What of the draft is sent to the unit: the shortcomings that stand, as they are worded now."""
    return [
        {"part": part.id, "text": part.text, "findings": list(part.rests_on)}
        for part in drafted.of("fail")
        if part.rests_on and part.text
    ]


def changed_since(hearing: Hearing, drafted: Plan) -> list[str]:
    """Texts of the draft that differ from what the unit was sent: new, reworded or gone."""
    sent = {one["part"]: one["text"] for one in hearing.shown}
    now = {one["part"]: one["text"] for one in shortcomings_of(drafted)}
    if not sent:
        return []
    return [now.get(part, sent.get(part, "")) for part in {**sent, **now} if now.get(part) != sent.get(part)]


def hearings_of_unit(db: Database, unit: str) -> list[dict[str, Any]]:
    """The inspections of a unit that it was asked about, the newest first."""
    rows = db.execute(
        "SELECT h.inspection, h.until, h.received_at, i.title, h.value FROM hearings h "
        "JOIN inspections i ON i.inspection = h.inspection "
        "WHERE i.unit = ? ORDER BY h.seq DESC",
        [unit],
    )
    return [dict(row) for row in rows if orjson.loads(row["value"])]
