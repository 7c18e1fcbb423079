"""What a strict reader would send back, looked for on the pages of the sample cases' papers and of the monster."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from itertools import pairwise

from reports.rendering.pdf import RenderedPdf, render_pdf
from tests.reports.monster import monster, without_photos
from tests.reports.sample_papers import case_papers

SHORT = 8
HEADING = re.compile(r"(?:[IVX]+|\d{1,2})\. \D{3,80}[^.;:/]")
LEFT_ALONE = re.compile(r"(?:^|\s)(?:Điều|khoản|điểm|số|Số|ngày|tháng|năm|Phụ lục)$")


@cache
def papers() -> tuple[tuple[str, tuple[tuple[str, ...], ...], int], ...]:
    """Every paper by name: the lines of its pages as far as the signature, and the signature's page."""
    drawn = {name: render_pdf(document) for name, document in case_papers()}
    drawn["monster"] = render_pdf(without_photos(monster()))
    return tuple((name, _pages(one), one.signature_rect.page) for name, one in drawn.items())


def _pages(paper: RenderedPdf) -> tuple[tuple[str, ...], ...]:
    last = str(paper.signature_rect.page + 1)
    command = ["pdftotext", "-layout", "-l", last, "-", "-"]
    told = subprocess.run(command, input=paper.bytes, capture_output=True, check=True).stdout.decode()
    pages = (page.replace("\u00a0", " ").splitlines() for page in told.split("\f")[:-1])
    return tuple(tuple(line.strip() for line in page if line.strip()) for page in pages)


def body(page: tuple[str, ...]) -> list[str]:
    """The lines of the text: without the page's number, the draft mark, and what stands beside or below the end."""
    end = next((at for at, line in enumerate(page) if line.startswith("Nơi nhận") or "THƯ KÝ" in line), len(page))
    return [line for line in page[:end] if not re.fullmatch(r"\d*\s*(?:DỰ THẢO.*)?", line)]


def test_there_are_papers_to_look_at() -> None:
    assert len(papers()) >= 14
    assert sum(len(pages) for _, pages, _ in papers()) > 45


def test_no_paragraph_ends_in_a_short_word_on_a_line_of_its_own() -> None:
    found = [(name, line) for name, pages, _ in papers() for page in pages for line in body(page)]
    assert [one for one in found if " " not in one[1] and len(one[1]) < SHORT] == []


def test_a_number_stays_with_the_word_before_it() -> None:
    pairs = [(name, *pair) for name, pages, _ in papers() for page in pages for pair in pairwise(body(page))]
    assert [one for one in pairs if LEFT_ALONE.search(one[1]) and one[2][:1].isdigit()] == []


def test_no_heading_is_the_last_line_of_a_page() -> None:
    ends = [(name, page[-1]) for name, pages, signed in papers() for page in pages[:signed]]
    assert len(ends) > 30
    assert [one for one in ends if HEADING.fullmatch(one[1])] == []


def test_at_least_two_lines_of_text_go_with_every_signature() -> None:
    for name, pages, signed in papers():
        assert len(body(pages[signed])) >= 2, name
