"""The pages of the papers look as they did; ``make references`` after looking at a change that is meant."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from reports.rendering import pdf_parts
from reports.rendering.layout import MM
from reports.rendering.pdf import render_pdf
from tests.reports.images import (
    DIFFERENCES,
    REFERENCES,
    ROOT,
    TOLERANCE,
    difference,
    file_name,
    rasterised,
    shown,
    small,
)
from tests.reports.papers import notice
from tests.reports.sample_papers import drawn_papers


def _first_page(pdf: bytes, dpi: int = 50) -> Image.Image:
    return next(rasterised(pdf, [1], dpi))


def test_all_pages_look_as_their_references() -> None:
    changed, met = [], set()
    for name, pdf, pages in drawn_papers():
        for page, image in zip(pages, rasterised(pdf, pages), strict=True):
            reference = REFERENCES / file_name(name, page)
            met.add(reference)
            with Image.open(reference) as kept:
                old = kept.convert("L")
            worst, apart = difference(old, image)
            if worst > TOLERANCE:
                DIFFERENCES.mkdir(parents=True, exist_ok=True)
                shown(old, image, apart).save(DIFFERENCES / reference.name)
                changed.append(f"{reference.name} ({worst})")
    where = DIFFERENCES.relative_to(ROOT)
    assert not changed, (
        f"{', '.join(changed)}: pages look different (old, new, difference in {where}/). "
        "If the change is meant, run “make references” and commit tests/reports/pages."
    )
    assert met == set(REFERENCES.glob("*.png")), "run “make references”: a reference has no page"


def _moved(pdf: bytes, down: float) -> bytes:
    """The first page with its whole text lower, in points."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        page.contents_coalesce()
        page.obj.Contents = document.make_stream(
            b"q 1 0 0 1 0 %.2f cm " % -down + page.obj.Contents.read_bytes() + b" Q"
        )
        stream = io.BytesIO()
        document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("down", [0.1 * MM, 0.3 * MM])
def test_what_no_eye_sees_passes(down: float) -> None:
    pdf = render_pdf(notice()).bytes
    assert difference(small(_first_page(pdf)), _first_page(_moved(pdf, down)))[0] <= TOLERANCE


@pytest.mark.parametrize(("dpi", "way"), [(100, Image.Resampling.BOX), (150, Image.Resampling.LANCZOS)])
def test_another_smoothing_of_edges_passes(dpi: int, way: Image.Resampling) -> None:
    pdf = render_pdf(notice()).bytes
    reference = small(_first_page(pdf))
    assert difference(reference, _first_page(pdf, dpi).resize(reference.size, way))[0] <= TOLERANCE


def _lower_rule(block: pdf_parts.LetterheadBlock) -> None:
    block.motto_rule += 2 * MM


def _lower_number(block: pdf_parts.LetterheadBlock) -> None:
    block.number += 2 * MM


@pytest.mark.parametrize("change", [_lower_rule, _lower_number])
def test_a_line_that_stands_2_mm_lower_fails(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[pdf_parts.LetterheadBlock], None]
) -> None:
    reference = small(_first_page(render_pdf(notice()).bytes))
    measure = pdf_parts.LetterheadBlock._measure

    def otherwise(block: pdf_parts.LetterheadBlock) -> None:
        measure(block)
        change(block)

    monkeypatch.setattr(pdf_parts.LetterheadBlock, "_measure", otherwise)
    assert difference(reference, _first_page(render_pdf(notice()).bytes))[0] > TOLERANCE
