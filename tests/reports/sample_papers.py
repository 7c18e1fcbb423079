"""The papers whose pages are shown in docs/sample and held by image comparison."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from app.cases.importing import import_case
from app.conclusions.gather import issuing_inspection
from app.conclusions.issue import draft_document, issue
from app.conclusions.making import RECORD, Choice, compose_paper
from app.demo import sample_files
from app.identity import Identity
from app.inspections.minutes import shown_sha256
from app.inspections.queries import setup_of
from app.installation import Installation
from app.papers.naming import REPORT
from app.periods.making import report_over
from app.periods.span import Span
from reports.document import Document
from reports.rendering.pdf import render_pdf
from tests.reports.monster import crowded_letter, monster, smallest
from tests.reports.papers import photo

ROOT = Path(__file__).parents[2]
CASES = ROOT / "app/inspections/minutes_cases.json"
WITH_RECORD = "dong-thap-2022-2"
WITH_PERIOD = "dong-thap-2022"
ISSUED = date(2022, 7, 20)
AT = "2022-07-05T04:30:00Z"
STROKE = [200, 300, 0, 120, -180, 16, 60, 220, 33, 90, -140, 50, 60, 120, 66, 160, -60, 83, 120, 20, 100]
DAY = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
# Of the monster: page 1, the signer, the remedy list's first page and the row taller than a page, the annex on its
# side, the first and the last photos.
MONSTER_PAGES = (1, 19, 20, 25, 51, 58, -1)


def case_papers() -> Iterator[tuple[str, Document]]:
    """The papers of each sample case as its lead would see them: drafts without number and date.

    The conclusion (named as the case), the delegation's report (``-report``) and, once, a site record with a drawn
    signature (``-record``) and the report over a campaign (``-period``).
    """
    with tempfile.TemporaryDirectory(prefix="kiemtra-papers-") as place:
        installation = Installation.create(Path(place), clock=lambda: DAY)
        try:
            writer = Identity.system(installation.database())
            for case in sample_files():
                inspections = import_case(installation, case, writer=writer).inspections
                for index, inspection in enumerate(inspections, 1):
                    yield from _papers_of(installation, inspection, f"{case.stem}-{index}")
                if case.stem == WITH_PERIOD:
                    yield f"{case.stem}-period", _report_over(installation, inspections, writer)
        finally:
            installation.close()


def _papers_of(installation: Installation, inspection: str, name: str) -> Iterator[tuple[str, Document]]:
    db = installation.database()
    setup = setup_of(db, inspection)
    if issuing_inspection(db, inspection, setup) != inspection:
        return
    yield name, draft_document(installation, inspection)[1]
    if setup["document_kind"] != "BC":
        yield f"{name}-report", compose_paper(installation, inspection, REPORT, Choice()).document
    if name == WITH_RECORD:
        write_record(installation, inspection)
        yield f"{name}-record", compose_paper(installation, inspection, f"{RECORD}bb-1", Choice()).document


def _report_over(installation: Installation, inspections: Sequence[str], writer: Identity) -> Document:
    """The report over a campaign of two units whose conclusions are out, and a third that nobody has visited."""
    journal, db = installation.journal(), installation.database()
    setups = {one: setup_of(db, one) for one in inspections}
    first = next(iter(setups.values()))
    third = {"name": "Sở Tài nguyên và Môi trường", "level": "so"}
    journal.write(writer, "unit/so-tai-nguyen-va-moi-truong", third)
    people = [{"account": "truong-doan", "name": "Trưởng đoàn", "functions": ["truong_doan"]}]
    names = ("title", "issuer", "checklists", "plan", "decision", "team")
    campaign = {name: first[name] for name in names if first.get(name)}
    units = [*(setup["unit"] for setup in setups.values()), "so-tai-nguyen-va-moi-truong"]
    journal.write(writer, "campaign/dot-2022", {**campaign, "year": 2022, "units": units, "members": people})
    for number, (inspection, setup) in enumerate(setups.items(), 5):
        journal.write(writer, f"inspection/{inspection}/setup", {**setup, "campaign": "dot-2022"})
        issue(installation, inspection, writer, number=number, issued_on=ISSUED)
    return report_over(installation, "dot-2022", Span(), Choice()).paper.document


def write_record(installation: Installation, inspection: str) -> None:
    """A site record that was read out, signed on glass by its chair."""
    value = {"held_at": "08:00 05/7/2022", **json.loads(CASES.read_text("utf-8"))[0]["value"], "read": None}
    shown = shown_sha256(value)
    signature = {"name": value["chair"]["name"], "role": "chu_tri", "at": AT, "shown": shown, "strokes": [STROKE]}
    value |= {"read": {"by": "Thư ký", "at": AT}, "shown_sha256": shown, "signatures": [signature]}
    writer = Identity.system(installation.database())
    installation.journal().write(writer, f"inspection/{inspection}/minutes/bb-1", value)


def drawn_papers() -> Iterator[tuple[str, bytes, tuple[int, ...]]]:
    """Every paper with the pages that are compared: name, PDF, page numbers."""
    for name, document in case_papers():
        if not name.endswith("-report") or name.startswith(WITH_RECORD):
            yield name, render_pdf(document).bytes, (1, -1)
    yield "monster", render_pdf(monster(), photo_loader=photo).bytes, MONSTER_PAGES
    yield "smallest", render_pdf(smallest()).bytes, (1,)
    yield "crowded-letter", render_pdf(crowded_letter()).bytes, (1, -1)
