"""A DOCX looks as its PDF: LibreOffice lays it out, where it is installed, and the pages are compared."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from reports.document import Annex, Document, Paragraph
from reports.rendering.docx import render_docx
from reports.rendering.pdf import render_pdf
from tests.reports.monster import smallest
from tests.reports.papers import CLOSING, letter, notice, pages_of, photo, photo_annex, remedies, word

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")

TIGHT = 16
PAPERS: dict[str, Document] = {
    "notice": notice(
        draft="lần 2",
        annexes=(Annex("Danh mục", (remedies(30),), landscape=True), photo_annex(5)),
    ),
    "letter": letter(number=None, issued_on=None, year=2026),
    "smallest": smallest(),
    # In the PDF closer lines spare it a page.
    "tight": notice(
        blocks=(*(Paragraph(f"p{n}", "Đã thực hiện.") for n in range(TIGHT)), Paragraph("closing", CLOSING)), annexes=()
    ),
}


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The papers' DOCX as LibreOffice prints them."""
    folder = tmp_path_factory.mktemp("docx")
    for name, document in PAPERS.items():
        (folder / f"{name}.docx").write_bytes(render_docx(document, photo_loader=photo))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    files = [str(folder / f"{name}.docx") for name in PAPERS]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=180)
    return {name: Path(folder, f"{name}.pdf").read_bytes() for name in PAPERS}


@pytest.mark.parametrize("name", PAPERS)
def test_as_many_pages_with_the_same_beginnings(name: str, converted: dict[str, bytes]) -> None:
    ours = pages_of(render_pdf(PAPERS[name], photo_loader=photo).bytes)
    theirs = pages_of(converted[name])
    assert len(theirs) == len(ours)
    for mine, other in zip(ours, theirs, strict=True):
        assert _shared(mine, other) > 0.85


def _shared(mine: str, other: str) -> float:
    """The part of a page's words that the other page has too."""
    words = mine.split()
    left = other.split()
    found = 0
    for one in words:
        if one in left:
            left.remove(one)
            found += 1
    return found / len(words)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notice", "CỘNG"),
        ("notice", "THÔNG"),
        ("notice", "Thực"),
        ("notice", "DỰ"),
        ("letter", "Kính"),
        ("smallest", "TM."),
    ],
)
def test_words_stand_within_4_mm_of_the_pdf(name: str, text: str, converted: dict[str, bytes]) -> None:
    mine = word(render_pdf(PAPERS[name], photo_loader=photo).bytes, text)
    other = word(converted[name], text)
    assert other.left == pytest.approx(mine.left, abs=11.4)
    assert other.top == pytest.approx(mine.top, abs=11.4)
