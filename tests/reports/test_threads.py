"""Several people draw and sign at the same moment: each gets what he would have got alone."""

import io
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from reportlab.pdfgen.canvas import Canvas

from reports.rendering.fonts import BOLD, REGULAR, letters, load_fonts
from reports.rendering.pdf import render_pdf
from tests.reports import papers

# Every letter with a mark is put together of two: the faces' files are read back and forth for them.
LETTERS = "".join(sorted(one for one in letters(REGULAR) if "Ạ" <= one <= "ỹ"))


@pytest.fixture(autouse=True)
def restless():
    """Threads take turns as often as the interpreter lets them."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def stamp(number: int) -> bytes:
    load_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, initialFontName=REGULAR, invariant=1)
    for face in (REGULAR, BOLD):
        canvas.setFont(face, 12)
        canvas.drawString(10, 10, LETTERS[number:])
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_embedded_faces_are_whole_when_threads_draw_at_once():
    alone = [stamp(number) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: stamp(number % 4), range(200)))
    assert all(drawn == alone[number % 4] for number, drawn in enumerate(together))


def test_papers_are_the_same_when_threads_draw_at_once():
    documents = [papers.notice(), papers.letter()]
    alone = [render_pdf(one).bytes for one in documents]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: render_pdf(documents[number % 2]).bytes, range(12)))
    assert all(drawn == alone[number % 2] for number, drawn in enumerate(together))
