"""From the register and the journal to the facts of a report over a campaign.

What a conclusion found is read from the manifest of its own issued file, so that the report says what was signed and
not what somebody changed afterwards. Files are kept by their hash: what was read of one stays true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from sqlite_utils import Database

from app.campaigns.queries import units_in_scope
from app.clock import local_date
from app.conclusions.gather import issuing_inspection, journal_head
from app.conclusions.past import overrides_of
from app.conclusions.rows import paper_fact
from app.conclusions.said import petition_facts
from app.errors import NotFoundError
from app.inspections.queries import issuer_of, unit_of
from app.installation import Installation
from app.papers.issuing import issued_file, registered_paper
from app.papers.naming import document_name
from app.periods.span import Span
from app.remedies.lists import Remedy, remedies_of
from app.units.facts import issuer_fact
from app.units.shapes import LEVEL_LABELS
from checklists.answers import Verdict
from checklists.library import Library, UnknownPackError
from reports.composing.facts import PetitionFact
from reports.composing.period_facts import (
    OTHER_AREA,
    ConcludedFact,
    InspectedUnit,
    PeriodFacts,
    RemedyFact,
    SaidFinding,
    SaidParagraph,
    ScopeUnit,
)
from reports.composing.prose import expand
from reports.verifying.manifest import manifest_of

_REMEMBERED = 1_000


@dataclass(frozen=True)
class Visit:
    """An inspection of the campaign as the journal has it."""

    inspection: str
    setup: Mapping[str, Any]

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the visit, in order."""
        return tuple(sorted(date.fromisoformat(day) for day in self.setup.get("dates", ())))


def campaign_row(db: Database, campaign: str) -> tuple[dict[str, Any], str]:
    """A campaign's value and the entry it stands in.

    Raises:
        NotFoundError: there is none.
    """
    row = db.execute("SELECT value, entry FROM campaigns WHERE id = ?", [campaign]).fetchone()
    if row is None or row[0] is None:
        raise NotFoundError("Không có đợt kiểm tra này; hãy xem lại danh sách đợt kiểm tra.")
    return orjson.loads(row[0]), row[1]


def visits_of(db: Database, campaign: str) -> list[Visit]:
    """The campaign's inspections by the day they ended on; those without a day come last."""
    return _visits(db, "campaign = ?", [campaign])


def visits_between(db: Database, issuer: str, since: str, until: str) -> list[Visit]:
    """The inspections of a body that ended between two days, both included, whatever campaign they belong to."""
    ended = "(SELECT max(d.value) FROM json_each(inspections.value, '$.dates') d)"
    return _visits(db, f"json_extract(value, '$.issuer') = ? AND {ended} BETWEEN ? AND ?", [issuer, since, until])


def inspected_between(installation: Installation, issuer: str, since: str, until: str) -> list[InspectedUnit]:
    """What falls into a period: each inspection with its unit, days and conclusion."""
    reading = _Reading(installation, visits_between(installation.database(), issuer, since, until))
    return [reading.inspected(one) for one in reading.visits]


def _visits(db: Database, condition: str, arguments: Sequence[str]) -> list[Visit]:
    rows = db.execute(
        f"SELECT inspection, value FROM inspections WHERE value != 'null' AND {condition} ORDER BY inspection",
        list(arguments),
    )
    found = [Visit(row["inspection"], orjson.loads(row["value"])) for row in rows.fetchall()]
    return sorted(found, key=lambda one: max(one.days, default=date.max))


def period_facts(
    installation: Installation, campaign: str, span: Span, *, issuer: str = "", signer: int = 0
) -> PeriodFacts:
    """The facts of one report.

    Args:
        installation: where they are read.
        campaign: of which campaign.
        span: all of it, or the visits between two days.
        issuer: the body that issues the report; empty for the campaign's own.
        signer: which of that body's signers signs.

    Raises:
        NotFoundError: there is no such campaign.
    """
    db = installation.database()
    value, entry = campaign_row(db, campaign)
    days = value.get("gathers") or {}
    over = Span(*map(date.fromisoformat, (days["since"], days["until"]))) if days else span
    visits = visits_between(db, value["issuer"], days["since"], days["until"]) if days else visits_of(db, campaign)
    reading = _Reading(installation, visits)
    return PeriodFacts(
        campaign=campaign,
        title=value["title"],
        team=value.get("team", "Đoàn kiểm tra"),
        issuer=issuer_fact(issuer_of(db, issuer or value["issuer"]), "BC", signer),
        today=local_date(installation.clock()),
        scope=tuple(_unit(unit) for unit in units_in_scope(db, value)),
        visits=tuple(reading.inspected(one) for one in reading.visits if span.has(one.days)),
        elsewhere=reading.visited_outside(span),
        levels={level.value: label for level, label in LEVEL_LABELS.items()},
        since=span.since or over.since,
        until=span.until or over.until,
        gathered=bool(days),
        plan=paper_fact(value.get("plan")),
        decision=paper_fact(value.get("decision")),
        entry=entry,
        overrides=overrides_of(_parts(db, campaign, span)),
        head=journal_head(installation),
    )


def _unit(unit: Mapping[str, Any]) -> ScopeUnit:
    return ScopeUnit(unit["id"], expand(unit["name"]), unit.get("level", ""))


def _parts(db: Database, campaign: str, span: Span) -> list[dict[str, Any]]:
    rows = db.execute("SELECT * FROM report_parts WHERE campaign = ? AND about = ?", [campaign, span.about])
    return [{**dict(row), "value": orjson.loads(row["value"]) if row["value"] else None} for row in rows.fetchall()]


class _Reading:
    """Reads all inspections of a report at once: a query a table, not one an inspection."""

    def __init__(self, installation: Installation, visits: Sequence[Visit]) -> None:
        self.installation = installation
        self.db = installation.database()
        self.visits = visits
        self._wanted = orjson.dumps([one.inspection for one in visits]).decode()
        self._papers = self._conclusions()
        self._corrected = self._corrections()
        self._worked = self._with_results()
        self._entries = self._remedy_entries()
        self._remedies: dict[str, list[Remedy]] = defaultdict(list)
        for one in remedies_of(self.db, [visit.inspection for visit in visits]):
            self._remedies[one.inspection].append(one)
        self._said = {name: self._rows(name) for name in ("petitions", "petition_replies")}

    def visited_outside(self, span: Span) -> frozenset[str]:
        """Units that were visited at another time."""
        done = self._worked | self._papers.keys()
        return frozenset(one.setup["unit"] for one in self.visits if not span.has(one.days) and one.inspection in done)

    def inspected(self, visit: Visit) -> InspectedUnit:
        """One inspection with what is known of it."""
        unit = _unit(unit_of(self.db, visit.setup["unit"]))
        paper = self._paper(visit)
        unreadable = document_name(self._papers[visit.inspection][1]) if not paper and self._has_paper(visit) else ""
        told_in = "" if self._has_paper(visit) else self._told_in(visit)
        return InspectedUnit(
            inspection=visit.inspection,
            unit=unit,
            days=visit.days,
            visited=bool(told_in) or self._has_paper(visit) or visit.inspection in self._worked,
            paper=paper,
            told_in=told_in,
            unreadable=unreadable,
            remedies=tuple(self._wanted_of(visit, paper, unit)) if paper else (),
            petitions=tuple(self._petitions(visit, paper)) if paper else (),
        )

    def _has_paper(self, visit: Visit) -> bool:
        return visit.inspection in self._papers

    def _rows(self, table: str) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        query = f"SELECT * FROM {table} WHERE inspection IN (SELECT value FROM json_each(?))"
        for row in self.db.execute(query, [self._wanted]).fetchall():
            found[row["inspection"]].append(
                {**dict(row), "value": orjson.loads(row["value"]) if row["value"] else None}
            )
        return found

    def _conclusions(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """The registered conclusion of each inspection, where it has one that stands."""
        rows = self.db.execute(
            "SELECT inspection, document, value FROM documents WHERE state = 'registered' "
            "AND coalesce(json_extract(value, '$.about'), '') = '' "
            "AND inspection IN (SELECT value FROM json_each(?)) ORDER BY seq DESC",
            [self._wanted],
        )
        return {row["inspection"]: (row["document"], orjson.loads(row["value"])) for row in rows.fetchall()}

    def _corrections(self) -> dict[str, tuple[str, ...]]:
        """Names of the registered letters that correct each paper."""
        found: dict[str, tuple[str, ...]] = {}
        rows = self.db.execute(
            "SELECT value FROM documents WHERE state = 'registered' AND json_extract(value, '$.corrects') IS NOT NULL "
            "AND inspection IN (SELECT value FROM json_each(?)) ORDER BY seq",
            [self._wanted],
        )
        for row in rows.fetchall():
            value = orjson.loads(row["value"])
            found[value["corrects"]] = (*found.get(value["corrects"], ()), document_name(value))
        return found

    def _with_results(self) -> set[str]:
        """Inspections of which somebody has written results down."""
        tables = ("answers", "answer_rows", "notes")
        each = (
            f"SELECT inspection FROM {table} WHERE value != 'null' AND inspection IN (SELECT value FROM json_each(?))"
            for table in tables
        )
        return {row[0] for row in self.db.execute(" UNION ".join(each), [self._wanted] * len(tables)).fetchall()}

    def _remedy_entries(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """The entries in which requirements, answers and decisions stand."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for table in ("remedies", "remedy_responses", "remedy_reviews"):
            for inspection, rows in self._rows(table).items():
                for row in rows:
                    found[inspection, row["remedy"]].append(row["entry"])
        return {key: tuple(sorted(entries)) for key, entries in found.items()}

    def _paper(self, visit: Visit) -> ConcludedFact | None:
        """What the registered conclusion says; None where there is none, or its file is not here."""
        if not self._has_paper(visit):
            return None
        document, value = self._papers[visit.inspection]
        manifest = manifest_of_issued(issued_file(self.installation, value["sha256"], "pdf"))
        if manifest is None:
            return None
        library, pinned = self.installation.library(), tuple(visit.setup.get("checklists", ()))
        return ConcludedFact(
            id=document,
            name=document_name(value),
            number=f"{value['number']:02d}/{value['symbol']}",
            day=date.fromisoformat(value["date"]),
            sha256=value["sha256"],
            findings=tuple(_finding(one, library, pinned) for one in manifest.get("findings", ())),
            paragraphs=tuple(
                SaidParagraph(one["id"], one["text"], tuple(one["rests_on"]), tuple(one["entries"]))
                for one in manifest.get("paragraphs", ())
            ),
            corrected=self._corrected.get(document, ()),
        )

    def _told_in(self, visit: Visit) -> str:
        teller = issuing_inspection(self.db, visit.inspection, visit.setup)
        found = registered_paper(self.installation, teller) if teller != visit.inspection else None
        return document_name(found[1]) if found else ""

    def _wanted_of(self, visit: Visit, paper: ConcludedFact, unit: ScopeUnit) -> Iterable[RemedyFact]:
        for one in self._remedies[visit.inspection]:
            if one.document == paper.id and not one.ended:
                due = one.value.get("due")
                yield RemedyFact(
                    text=one.value["text"],
                    addressee=expand(one.value.get("addressee", "")) or unit.name,
                    due=date.fromisoformat(due) if due else None,
                    done_on=_done_on(one),
                    answered=one.waits,
                    elsewhere=not one.of_unit,
                    entries=self._entries[visit.inspection, one.remedy],
                )

    def _petitions(self, visit: Visit, paper: ConcludedFact) -> list[PetitionFact]:
        """The unit's requests that its conclusion tells of, with what has become of them since."""
        rows = {name: self._said[name][visit.inspection] for name in self._said}
        told = {one.id for one in paper.paragraphs}
        return [one for one in petition_facts(rows) if f"petition.{one.id}" in told]


def _done_on(one: Remedy) -> date | None:
    """The day on which the unit gave the answer that was accepted; of the acceptance where it gave none."""
    if not one.done:
        return None
    answers = [said for said in one.history if not said.by_team]
    moment = (answers or one.history)[-1].made_at
    return local_date(datetime.fromisoformat(moment))


def _finding(told: Mapping[str, Any], library: Library, pinned: Sequence[str]) -> SaidFinding:
    """A finding of a manifest; the first manifests do not say of which lĩnh vực."""
    item_id = told["item"]
    pack = item_id.partition(".")[0]
    ref = next((one for one in pinned if one.partition("@")[0] == pack), pack)
    try:
        found = library.pack(ref)
        item = next((one for one in found.items if one.id == item_id), None)
        area = found.area_of(item) if item else OTHER_AREA
    except UnknownPackError:
        item, area = None, OTHER_AREA
    return SaidFinding(
        key=told["key"],
        item_id=item_id,
        item=item,
        area=told.get("area") or area,
        verdict=Verdict(told["verdict"]) if told["verdict"] else None,
        readings={
            key: tuple(one["value"].strip() for one in readings) for key, readings in told.get("figures", {}).items()
        },
        repeat="repeat" in told,
        notice=told.get("repeat", ""),
        entries=tuple(one["id"] for one in told["entries"]),
    )


def manifest_of_issued(path: Path) -> dict[str, Any] | None:
    """The manifest of a file that was issued here; None where the file is gone or carries none."""
    return _manifest(path) if path.exists() else None


@lru_cache(maxsize=_REMEMBERED)
def _manifest(path: Path) -> dict[str, Any] | None:
    return manifest_of(path.read_bytes())
