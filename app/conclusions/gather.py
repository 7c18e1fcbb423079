"""From the journal's derived tables to the facts that a paper is composed from.

Current values only; where two tablets disagree the later entry is shown and the finding is marked. Findings of
a unit that belongs to this one and was visited on the same visit (a thị trấn of a huyện) are told in this
unit's paper, at a place of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson
from sqlite_utils import Database

from app.clock import local_date
from app.conclusions.bases import articles_of, confirmed_names
from app.conclusions.past import Past, arrangement_of, drafting_since, overrides_of, past_of
from app.conclusions.photo_annex import Place, photo_annex_of
from app.conclusions.rows import entry_fact, paper_fact
from app.conclusions.said import explanation_facts, hearing_until, petition_facts
from app.inspections.bundle import fact_day
from app.inspections.queries import issuer_of, setup_of, terms_on, unit_of
from app.inspections.shapes import InspectionKind
from app.installation import Installation
from app.papers.asked import is_proposed
from app.papers.naming import REPORT, document_name
from app.tablets.outstanding import Outstanding, outstanding_of
from app.units.facts import issuer_fact
from checklists.answers import AnswerValue, FigureReading, Source, Verdict
from checklists.library import Library, UnknownPackError
from checklists.model import AREAS, Item
from reports.composing.facts import (
    ConclusionFacts,
    EvidenceFact,
    Finding,
    InspectionFact,
    NoteFact,
    PaperFact,
    RepeatFact,
    RequirementFact,
    SiteFact,
    UnitFact,
)
from reports.composing.sentences import REPEATS_ITEM
from reports.document import DocumentKind

OVERALL_ITEM = "chi-dao.danh-gia-chung"
TABLES = (
    *("answers", "answer_rows", "notes", "evidence", "minutes", "conclusion_parts", "remedies"),
    *("hearings", "hearing_replies", "explanations", "explanation_decisions", "petitions", "petition_replies"),
    "photo_annexes",
)


@dataclass(frozen=True)
class _Visited:
    """One inspection's rows as they were read."""

    inspection: str
    setup: dict[str, Any]
    site: SiteFact | None
    rows: dict[str, list[dict[str, Any]]]


def gather(installation: Installation, inspection: str, *, signer: int = 0) -> ConclusionFacts:
    """The facts of one paper.

    Args:
        installation: where they are read.
        inspection: whose paper.
        signer: which of the issuing body's signers signs.

    Raises:
        NotFoundError: there is no such inspection.
    """
    db = installation.database()
    setup = setup_of(db, inspection)
    unit = unit_of(db, setup["unit"])
    day = fact_day(setup, local_date(installation.clock()))
    here = _read(db, inspection, setup, None)
    visited = [here, *_parts_of_visit(db, here)]
    since = drafting_since(db, inspection)
    past = past_of(installation.journal(), [one.inspection for one in visited], since)
    findings = _repeats(_findings(installation, visited, past), visited, db, here)
    findings = _ordered(findings, setup, installation.library())
    return ConclusionFacts(
        inspection=_inspection(here, day, db),
        unit=UnitFact(unit["id"], unit["name"], unit.get("level", "so"), terms_on(unit, day)),
        issuer=issuer_fact(
            issuer_of(db, setup["issuer"]), setup["document_kind"], signer, level=unit.get("level", "so")
        ),
        findings=tuple(findings),
        requirements=tuple(_requirements(here)),
        explanations=tuple(explanation_facts(here.rows)),
        petitions=tuple(petition_facts(here.rows)),
        hearing_until=hearing_until(here.rows),
        overrides=overrides_of(here.rows["conclusion_parts"]),
        arrangement=arrangement_of(here.rows["conclusion_parts"]),
        drafting_since=since,
        confirmed_bases=confirmed_names(db),
        articles=articles_of(db),
        year=local_date(installation.clock()).year,
        photo_annex=photo_annex_of(installation, photo_places(visited)),
        head=journal_head(installation),
        covers=_covers(db, visited),
    )


def photo_places(visited: Iterable[_Visited]) -> list[Place]:
    """The inspections that a paper tells of, as its photos name them."""
    return [Place(one.inspection, one.setup, one.site.name if one.site else "") for one in visited]


def places_of(db: Database, inspection: str) -> list[Place]:
    """The inspections whose photos one paper may carry, its own first.

    Raises:
        NotFoundError: there is no such inspection.
    """
    here = _read(db, inspection, setup_of(db, inspection), None)
    return photo_places([here, *_parts_of_visit(db, here)])


def journal_head(installation: Installation) -> dict[str, str | int]:
    """The journal's head, with the name of the journal."""
    journal = installation.journal()
    return journal.head().to_json() | {"journal": journal.store.genesis().hex()}


def issuing_inspection(db: Database, inspection: str, setup: Mapping[str, Any]) -> str:
    """The inspection whose paper tells of this one: its own, or that of the unit above on the same visit."""
    parent = unit_of(db, setup["unit"]).get("parent")
    if not parent or not setup.get("visit"):
        return inspection
    row = db.execute(
        "SELECT inspection FROM inspections WHERE visit = ? AND unit = ? AND inspection != ? AND value != 'null'",
        [setup["visit"], parent, inspection],
    ).fetchone()
    return row[0] if row else inspection


def told_below(db: Database, inspection: str, setup: Mapping[str, Any]) -> list[tuple[str, dict[str, Any], str]]:
    """Inspections of the same visit that this one's paper tells of too: (id, setup, name of the unit)."""
    if not setup.get("visit"):
        return []
    rows = db.execute(
        "SELECT i.inspection, i.value, u.name FROM inspections i JOIN units u ON u.id = i.unit "
        "WHERE i.visit = ? AND u.parent = ? AND i.inspection != ? AND i.value != 'null' ORDER BY i.inspection",
        [setup["visit"], setup["unit"], inspection],
    ).fetchall()
    return [(row["inspection"], orjson.loads(row["value"]), row["name"]) for row in rows]


def _parts_of_visit(db: Database, here: _Visited) -> Iterator[_Visited]:
    sites = {site["name"]: site["id"] for site in here.setup.get("sites", ())}
    for inspection, setup, name in told_below(db, here.inspection, here.setup):
        yield _read(db, inspection, setup, SiteFact(sites.get(name, inspection), name))


def outstanding_for(installation: Installation, inspection: str, setup: Mapping[str, Any]) -> Outstanding:
    """What has not arrived of everything that this inspection's paper tells."""
    told = [
        (inspection, setup),
        *((one, its) for one, its, _ in told_below(installation.database(), inspection, setup)),
    ]
    found = [outstanding_of(installation, one, its) for one, its in told]
    return Outstanding(
        tuple(tablet for one in found for tablet in one.tablets), tuple(file for one in found for file in one.missing)
    )


def _read(db: Database, inspection: str, setup: dict[str, Any], site: SiteFact | None) -> _Visited:
    rows = {
        table: [_row(row) for row in db.execute(f"SELECT * FROM {table} WHERE inspection = ?", [inspection])]
        for table in TABLES
    }
    return _Visited(inspection, setup, site, rows)


def _row(row: Any) -> dict[str, Any]:
    found = dict(row)
    found["value"] = orjson.loads(row["value"]) if row["value"] else None
    return found


def _covers(db: Database, visited: Iterable[_Visited]) -> tuple[str, ...]:
    """Every current entry that the paper was made from; what is not here is "after the record"."""
    ids = {row["entry"] for one in visited for table in TABLES for row in one.rows[table]}
    for one in visited:
        ids |= {row[0] for row in db.execute("SELECT entry FROM inspections WHERE inspection = ?", [one.inspection])}
    return tuple(sorted(ids))


def _findings(installation: Installation, visited: Iterable[_Visited], past: Past) -> Iterator[Finding]:
    library = installation.library()
    for one in visited:
        pinned = dict(ref.split("@") for ref in one.setup.get("checklists", ()))
        for (item_id, site), rows in _by_place(one).items():
            pack_id = item_id.partition(".")[0]
            try:
                version = int(pinned[pack_id]) if pack_id in pinned else None
                item = library.item(item_id, version)
                area = library.pack(f"{pack_id}@{version}" if version else pack_id).area_of(item)
            except UnknownPackError:
                continue
            found = _finding(one, item, area, site, rows)
            yield replace(found, past=tuple(past.get((one.inspection, item_id, site), ())))


def _by_place(one: _Visited) -> dict[tuple[str, str | None], dict[str, list[dict[str, Any]]]]:
    """Rows of all tables by item and place; a note or a photo without an answer makes no finding of its own."""
    found: dict[tuple[str, str | None], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for table in ("answers", "answer_rows", "notes", "evidence"):
        for row in one.rows[table]:
            if row["value"] is not None and row["item"]:
                found[row["item"], row["site"]][table].append(row)
    told = ("answers", "answer_rows", "notes")
    return {place: rows for place, rows in found.items() if any(rows[table] for table in told)}


def _finding(
    one: _Visited, item: Item, area: str, site_id: str | None, rows: Mapping[str, list[dict[str, Any]]]
) -> Finding:
    answers = sorted(rows["answers"], key=lambda row: (row["settled"], row["seq"]))
    value = AnswerValue.model_validate(answers[-1]["value"]) if answers else AnswerValue(item_version=item.version)
    site = one.site or _site(one.setup, site_id)
    table_rows = tuple(row["value"]["row"] for row in rows["answer_rows"])
    return Finding(
        key=f"answer/{item.id}" + (f"@{site.id}" if site else ""),
        item=item,
        area=area,
        value=_with_counted_rows(item, value, len(table_rows)),
        entries=tuple(entry_fact(row) for row in (*answers, *rows["answer_rows"])),
        site=site,
        rows=table_rows,
        notes=tuple(_note(row) for row in sorted(rows["notes"], key=lambda row: row["seq"])),
        evidence=tuple(_evidence(row) for row in sorted(rows["evidence"], key=lambda row: row["seq"])),
        disputed=len({row["same"] for row in answers}) > 1,
    )


def _site(setup: Mapping[str, Any], site_id: str | None) -> SiteFact | None:
    if site_id is None:
        return None
    names = {site["id"]: site["name"] for site in setup.get("sites", ())}
    return SiteFact(site_id, names.get(site_id, site_id))


def _with_counted_rows(item: Item, value: AnswerValue, rows: int) -> AnswerValue:
    """A figure that counts the table's rows is the team's own count, where nobody typed one."""
    counted = {
        field.key: [FigureReading(value=str(rows), source=Source.COUNTED)]
        for field in item.fields
        if rows and field.counts_rows and item.id != REPEATS_ITEM and not value.figures.get(field.key)
    }
    return value.model_copy(update={"figures": {**value.figures, **counted}}) if counted else value


def _note(row: Mapping[str, Any]) -> NoteFact:
    value = row["value"]
    return NoteFact(value.get("kind", "nhan_xet"), value["text"], entry_fact(row), value.get("good"))


def _evidence(row: Mapping[str, Any]) -> EvidenceFact:
    value = row["value"]
    file = value.get("file") or {}
    return EvidenceFact(
        id=row["evidence"],
        kind=value["kind"],
        entry=entry_fact(row),
        caption=value.get("caption", ""),
        sha256=file.get("sha256"),
        paper=paper_fact(value.get("paper")),
    )


def _repeats(findings: Iterable[Finding], visited: Iterable[_Visited], db: Database, here: _Visited) -> list[Finding]:
    """Mark shortcomings that the list of repeats names, or that an earlier paper asked to put right."""
    marked = _named_repeats(visited)
    earlier = _earlier_notices(db, here)
    return [_repeated(finding, marked, earlier) for finding in findings]


def _repeated(finding: Finding, marked: Mapping[str, RepeatFact], earlier: Mapping[str, str]) -> Finding:
    repeat = marked.get(finding.item.id) or marked.get(finding.item.question)
    notice = earlier.get(finding.key, "")
    if finding.verdict not in {Verdict.FAIL, Verdict.PARTIAL} or not (repeat or notice):
        return finding
    repeat = repeat or RepeatFact()
    return replace(finding, repeat=replace(repeat, notice=repeat.notice or notice))


def _named_repeats(visited: Iterable[_Visited]) -> dict[str, RepeatFact]:
    return {
        row["value"]["row"]["muc"]: RepeatFact(row["value"]["row"].get("thong_bao", ""), (entry_fact(row),))
        for one in visited
        for row in one.rows["answer_rows"]
        if row["value"] and row["item"] == REPEATS_ITEM and row["value"]["row"].get("muc")
    }


def _earlier_notices(db: Database, here: _Visited) -> dict[str, str]:
    """The paper of an earlier inspection of the same unit that asked for each finding's remedy."""
    day = max(here.setup.get("dates") or [""])
    rows = db.execute(
        "SELECT r.value AS remedy, d.value AS document, i.value AS setup FROM remedies r "
        "JOIN inspections i ON i.inspection = r.inspection "
        "JOIN documents d ON d.inspection = r.inspection AND d.document = r.document "
        "WHERE i.unit = ? AND r.inspection != ? AND r.value != 'null' ORDER BY d.seq",
        [here.setup["unit"], here.inspection],
    )
    found: dict[str, str] = {}
    for row in rows:
        earlier = max(orjson.loads(row["setup"]).get("dates") or [""])
        if not day or not earlier or earlier >= day:
            continue
        notice = document_name(orjson.loads(row["document"]))
        found |= dict.fromkeys(orjson.loads(row["remedy"]).get("findings", ()), notice)
    return found


def _ordered(findings: Iterable[Finding], setup: Mapping[str, Any], library: Library) -> list[Finding]:
    """By lĩnh vực, then as packs, items and places stand in the setup; the overall assessment leads."""
    packs = [library.pack(ref) for ref in setup.get("checklists", ())]
    items = [item.id for pack in packs for item in pack.items]
    place = {item: number for number, item in enumerate(items)}
    sites = [site["id"] for site in setup.get("sites", ())]

    def key(finding: Finding) -> tuple[int, bool, int, int, str]:
        item, site = finding.item.id, finding.site.id if finding.site else None
        visited = sites.index(site) if site in sites else -1
        return AREAS.index(finding.area), item != OVERALL_ITEM, place.get(item, len(items)), visited, finding.key

    return sorted(findings, key=key)


def _requirements(here: _Visited) -> list[RequirementFact]:
    """Requirements somebody wrote, in the order of writing; those of an earlier issue come from their findings."""
    rows = [row for row in here.rows["remedies"] if row["value"] and not is_proposed(row["remedy"])]
    return [_requirement(row) for row in sorted(rows, key=lambda row: row["remedy"])]


def _requirement(row: Mapping[str, Any]) -> RequirementFact:
    value = row["value"]
    return RequirementFact(
        id=row["remedy"],
        text=value["text"],
        findings=tuple(value.get("findings", ())),
        addressee=value.get("addressee", ""),
        addressee_kind=value.get("addressee_kind", "don_vi"),
        product=value.get("product", ""),
        owner=value.get("owner", ""),
        deadline_text=value.get("deadline_text", ""),
        due=date.fromisoformat(value["due"]) if value.get("due") and not value.get("document") else None,
        follow_up=value.get("follow_up", ""),
        entries=(entry_fact(row),),
        absorbs=tuple(value.get("absorbs", ())),
    )


def _inspection(here: _Visited, day: date, db: Database) -> InspectionFact:
    setup = here.setup
    period = setup.get("period")
    row = db.execute("SELECT * FROM inspections WHERE inspection = ?", [here.inspection]).fetchone()
    minutes = [one["value"] for one in here.rows["minutes"] if one["value"]]
    asked = any(one.get("petitions") or one.get("requests") for one in minutes)
    return InspectionFact(
        id=here.inspection,
        title=setup["title"],
        document_kind=DocumentKind(setup["document_kind"]),
        team=setup.get("team", "Đoàn kiểm tra"),
        day=day,
        dates=tuple(date.fromisoformat(one) for one in setup.get("dates", ())),
        period=(date.fromisoformat(period["start"]), date.fromisoformat(period["end"])) if period else None,
        plan=paper_fact(setup.get("plan")),
        decision=paper_fact(setup.get("decision")),
        unit_report=paper_fact(setup.get("unit_report")),
        team_report=_team_report(db, here.inspection),
        minutes=bool(minutes),
        minutes_on=tuple(date.fromisoformat(one["started_at"][:10]) for one in minutes if _is_of_a_day(one)),
        petitions=asked or bool(petition_facts(here.rows)),
        supervision=setup["kind"] == InspectionKind.SUPERVISION,
        cause=setup.get("cause", ""),
        setup_entry=entry_fact(row),
    )


def _team_report(db: Database, inspection: str) -> PaperFact | None:
    """The delegation's own report, once it is in the register: a ground of the conclusion."""
    row = db.execute(
        "SELECT value FROM documents WHERE inspection = ? AND state = 'registered' "
        "AND json_extract(value, '$.about') = ? ORDER BY seq DESC LIMIT 1",
        [inspection, REPORT],
    ).fetchone()
    if row is None:
        return None
    value = orjson.loads(row[0])
    return PaperFact(f"{value['number']:02d}/{value['symbol']}", date.fromisoformat(value["date"]))


def _is_of_a_day(record: Mapping[str, Any]) -> bool:
    """A site record that was read out and says when: a draft is no ground to name by its day."""
    return bool(record.get("read") and record.get("started_at"))
