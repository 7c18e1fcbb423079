"""The largest and the smallest paper: nothing is lost, cut or left alone."""

from __future__ import annotations

import io
import re
from collections import Counter
from functools import cache

import pypdf
import pytest

from reports.document import Heading, Paragraph, Table
from reports.rendering.layout import MM
from reports.rendering.pdf import RenderedPdf, render_pdf
from tests.reports.monster import PAGE_LONG, PHOTOS, crowded_letter, monster, smallest
from tests.reports.papers import CLOSING, POSTING, notice, pages_of, photo, text_of, words_of


@cache
def _drawn() -> RenderedPdf:
    return render_pdf(monster(), photo_loader=photo)


def test_nothing_of_the_monster_is_lost() -> None:
    # Page numbers and line breaks may stand anywhere in a text that goes over two pages.
    drawn = re.sub(r"\s|\d", "", text_of(_drawn().bytes))
    for block in monster().blocks:
        if isinstance(block, Paragraph):
            assert re.sub(r"\s|\d", "", block.text) in drawn
    text = text_of(_drawn().bytes)
    assert all(f"({number}) " in text for number in range(1, 61))
    assert f"Ảnh {PHOTOS}." in text


def test_the_monster_stays_within_the_margins() -> None:
    wide = [bool(p.mediabox.width > p.mediabox.height) for p in pypdf.PdfReader(io.BytesIO(_drawn().bytes)).pages]
    for one in words_of(_drawn().bytes):
        left, right = (20 * MM, 277 * MM) if wide[one.page] else (30 * MM, 195 * MM)
        bottom = 195 * MM if wide[one.page] else 277 * MM
        assert left - 1 <= one.left, one
        assert one.right <= right + 1, one
        assert one.bottom <= bottom + 1, one


def test_every_page_of_a_table_has_its_header_once_and_on_top() -> None:
    pages = [page for page in pages_of(_drawn().bytes) if "Chịu trách" in page and "Sản" in page]
    assert len(pages) > 20
    for page in pages:
        assert page.count("Tồn tại, hạn chế") == 1
    heads = Counter(one.page for one in words_of(_drawn().bytes) if one.text == "TT")
    assert set(heads.values()) == {1}


def test_only_a_row_as_tall_as_half_a_page_is_split() -> None:
    rows = tuple((str(number), POSTING * 2) for number in range(1, 30))
    table = Table(("TT", "Nội dung"), rows, (1, 9), ("center", "left"))
    for page in pages_of(render_pdf(notice(blocks=(table, Paragraph("c", CLOSING)), annexes=())).bytes)[:-1]:
        assert page.count("Qua kiểm tra") == page.count("công tỉnh.")
    split = Table(("TT", "Nội dung"), (("1", POSTING), ("2", PAGE_LONG), ("3", POSTING)), (1, 9))
    first, second, *_ = pages_of(render_pdf(notice(blocks=(split, Paragraph("c", CLOSING)), annexes=())).bytes)
    assert "(1) rà soát" in first
    assert "(40) rà soát" in second
    assert "TT Nội dung" in second


@pytest.mark.parametrize("count", range(4, 16))
def test_a_heading_before_a_table_or_the_end_is_not_left_alone(count: int) -> None:
    start = tuple(Paragraph(f"p{number}", POSTING) for number in range(count))
    table = Table(("TT", "Nội dung"), (("1", POSTING * 4), ("2", POSTING)), (1, 9))
    for rest in ((table, Paragraph("c", CLOSING)), (Paragraph("c", CLOSING),), (Paragraph("c", POSTING * 3),)):
        blocks = (*start, Heading("IV. TỔ CHỨC"), Heading("1. Thực hiện", 2), *rest)
        for page in pages_of(render_pdf(notice(blocks=blocks, annexes=())).bytes):
            assert not page.endswith(("IV. TỔ CHỨC", "1. Thực hiện"))


def test_photos_are_never_cut_and_of_one_size() -> None:
    pages = pages_of(_drawn().bytes)
    counts = [page.count("Bảng niêm yết") for page in pages]
    shown = [count for count in counts if count]
    assert shown == [6] * (PHOTOS // 6) + [PHOTOS % 6]


def test_the_smallest_paper_fills_one_page() -> None:
    assert render_pdf(smallest()).pages == 1


def test_a_letter_to_120_bodies_names_each() -> None:
    text = text_of(render_pdf(crowded_letter()).bytes)
    assert all(f"- Ủy ban nhân dân xã số {number}" in text for number in range(1, 121))
