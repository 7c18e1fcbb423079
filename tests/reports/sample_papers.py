"""The papers whose pages are shown in docs/sample and held by image comparison."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.cases.importing import import_case
from app.conclusions.gather import issuing_inspection, setup_of
from app.conclusions.issue import draft_document
from app.demo import sample_files
from app.identity import Identity
from app.installation import Installation
from reports.document import Document
from reports.pdf import render_pdf
from tests.reports.monster import crowded_letter, monster, smallest
from tests.reports.papers import photo

DAY = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
# Of the monster: page 1, the signer, the remedy list's first page and the row taller than a page, the annex on its
# side, the first and the last photos.
MONSTER_PAGES = (1, 19, 20, 25, 51, 58, -1)


def case_papers() -> Iterator[tuple[str, Document]]:
    """The paper of each sample case as its lead would see it: a draft without number and date."""
    with tempfile.TemporaryDirectory(prefix="kiemtra-papers-") as place:
        installation = Installation.create(Path(place), clock=lambda: DAY)
        try:
            db = installation.database()
            writer = Identity.system(db)
            for case in sample_files():
                for index, inspection in enumerate(import_case(installation, case, writer=writer).inspections, 1):
                    if issuing_inspection(db, inspection, setup_of(db, inspection)) == inspection:
                        yield f"{case.stem}-{index}", draft_document(installation, inspection)[1]
        finally:
            installation.close()


def drawn_papers() -> Iterator[tuple[str, bytes, tuple[int, ...]]]:
    """Every paper with the pages that are compared: name, PDF, page numbers."""
    for name, document in case_papers():
        yield name, render_pdf(document).bytes, (1, -1)
    yield "monster", render_pdf(monster(), photo_loader=photo).bytes, MONSTER_PAGES
    yield "smallest", render_pdf(smallest()).bytes, (1,)
    yield "crowded-letter", render_pdf(crowded_letter()).bytes, (1, -1)
