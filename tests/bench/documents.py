"""One report of ten pages, a table of 60 rows and 40 photos, made by us and by others: seconds and peak memory.

Everybody gets the same words, rows and photos, already scaled. Each has a process of its own, draws once to be warm,
then is measured; all in turn, several times over, so that a busy minute spoils nobody alone. Ours is the whole way of a
paper: laid out, PDF/A-3b with its manifest, signed. The others make an ordinary PDF without a signature.
"""

from __future__ import annotations

import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from PIL import Image

from app.papers.signing import prepare, signed
from reports.document import Annex, Document, Heading, Paragraph, Photo, PhotoGrid, Table
from reports.rendering import fonts
from reports.rendering.pdf import render_pdf
from reports.signing.keys import load_signer, make_test_key
from tests.reports.papers import CLOSING, DOSSIERS, OPENING, POSTING, TRAINING, notice

PASSES, ROUNDS = 3, 5
ROWS, PHOTOS = 60, 40
NOW = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
MM = 72 / 25.4

Draw = Callable[[], bytes]


def report() -> Document:
    """The report as we draw it."""
    findings = (
        Heading("1. Về công tác chỉ đạo, điều hành", 2),
        *(Paragraph(f"p{n}", text, ("a",), f"{'abcd'[n]})") for n, text in enumerate((POSTING, DOSSIERS, TRAINING))),
    )
    photos = tuple(Photo(f"{number:064x}", f"Ảnh {number}. Bảng niêm yết") for number in range(1, PHOTOS + 1))
    return notice(
        blocks=(Paragraph("opening", OPENING), Heading("I. KẾT QUẢ"), *findings, Paragraph("closing", CLOSING)),
        annexes=(Annex("Danh mục", (_table(),)), Annex("Ảnh kiểm tra", (PhotoGrid(photos),))),
    )


def _table() -> Table:
    rows = tuple(
        (str(number), "Ban hành kế hoạch", "Kế hoạch", "Văn phòng", "31/12/2022") for number in range(1, ROWS + 1)
    )
    return Table(("TT", "Yêu cầu", "Sản phẩm", "Chịu trách nhiệm", "Thời hạn"), rows, (5, 40, 20, 20, 15))


def picture(number: int) -> bytes:
    """A scaled photo of about 150 KB; its noise is as hard to pack as a real scene."""
    noise = Image.effect_noise((1000, 750), 40 + number % 7)
    tint = Image.linear_gradient("L").resize((1000, 750)).rotate(number * 9)
    stream = io.BytesIO()
    Image.merge("RGB", (noise, Image.blend(noise, tint, 0.6), tint)).save(stream, "JPEG", quality=62)
    return stream.getvalue()


@contextmanager
def ours(folder: Path) -> Iterator[Draw]:
    """Laid out, PDF/A-3b with the manifest, signed by a key that stays open."""
    key = folder / f"key-{os.getpid()}.p12"
    make_test_key(key, "do-toc-do", now=NOW)
    signer, document = load_signer(key, "do-toc-do", now=NOW), report()
    photos = _photos(folder)
    yield lambda: signed(prepare(document, NOW, lambda name: photos[int(name, 16)].read_bytes()), signer, NOW)


@contextmanager
def ours_drawn(folder: Path) -> Iterator[Draw]:
    """Only laid out."""
    document, photos = report(), _photos(folder)
    yield lambda: render_pdf(document, photo_loader=lambda name: photos[int(name, 16)].read_bytes()).bytes


@contextmanager
def bare_reportlab(folder: Path) -> Iterator[Draw]:
    """ReportLab's own paragraphs, table and images of the same words and photos."""
    from reportlab import rl_config
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Image as Shown
    from reportlab.platypus import PageBreak, SimpleDocTemplate, Spacer
    from reportlab.platypus import Paragraph as Text
    from reportlab.platypus import Table as Grid

    rl_config.useA85 = 0
    fonts.load_fonts()
    photos = _photos(folder)
    body = ParagraphStyle("body", fontName=fonts.REGULAR, fontSize=14, leading=18, spaceBefore=6, alignment=4)
    small = ParagraphStyle("small", fontName=fonts.REGULAR, fontSize=12, leading=14.5)

    def draw() -> bytes:
        stream, document = io.BytesIO(), report()
        story: list[Any] = [Text(document.subject, body)]
        story += [Text(escape(block.text), body) for block in document.blocks]
        table = _table()
        cells = [[Text(cell, small) for cell in row] for row in (table.header, *table.rows)]
        widths = [share / sum(table.widths) * 165 * MM for share in table.widths]
        ruled = ("GRID", (0, 0), (-1, -1), 0.5, "black")
        story += [PageBreak(), Grid(cells, colWidths=widths, repeatRows=1, style=[ruled]), PageBreak()]
        for start in range(1, PHOTOS + 1, 2):
            pair = [Shown(str(photos[number]), 76 * MM, 57 * MM) for number in (start, start + 1)]
            named = [Text(f"Ảnh {number}. Bảng niêm yết", small) for number in (start, start + 1)]
            story += [Grid([pair, named], colWidths=[82 * MM] * 2), Spacer(0, 8)]
        margins = {"leftMargin": 30 * MM, "rightMargin": 15 * MM, "topMargin": 20 * MM, "bottomMargin": 20 * MM}
        SimpleDocTemplate(stream, pagesize=(210 * MM, 297 * MM), **margins).build(story)
        return stream.getvalue()

    yield draw


def _html(folder: Path) -> Path:
    """The same content as a page of plain HTML with the same measures."""
    document, table, photos = report(), _table(), _photos(folder)
    faces = "".join(
        f"@font-face {{ font-family: Tinos; font-weight: {weight}; src: url({_face(face).as_uri()}); }}"
        for weight, face in ((400, fonts.REGULAR), (700, fonts.BOLD))
    )
    style = (
        f"{faces} @page {{ size: A4; margin: 20mm 15mm 20mm 30mm; }} body {{ font: 14pt/18pt Tinos; margin: 0 }} "
        "p { margin: 6pt 0 0; text-align: justify; text-indent: 12.7mm } h2 { font-size: 14pt } "
        "table { border-collapse: collapse; font-size: 12pt; line-height: 14.5pt; width: 100%; break-before: page } "
        "td, th { border: .5pt solid; padding: 2pt 4pt } tr { break-inside: avoid } .photos { break-before: page } "
        "figure { display: inline-block; width: 76mm; margin: 0 2mm 8pt; break-inside: avoid } img { width: 76mm }"
    )
    parts = [f"<h2>{escape(document.subject)}</h2>"]
    parts += [f"<p>{escape(block.text)}</p>" for block in document.blocks if isinstance(block, Paragraph | Heading)]
    head = "".join(f"<th>{cell}</th>" for cell in table.header)
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in table.rows)
    parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><div class=photos>")
    parts += [
        f'<figure><img src="{path.as_uri()}"><figcaption>Ảnh {number}. Bảng niêm yết</figcaption></figure>'
        for number, path in photos.items()
    ]
    page = folder / "report.html"
    page.write_text(f'<!doctype html><html lang="vi"><meta charset="utf-8"><style>{style}</style>{"".join(parts)}')
    return page


def _face(face: str) -> Path:
    return fonts.DIRECTORY / fonts.FILES[face]


@contextmanager
def weasyprint(folder: Path) -> Iterator[Draw]:
    """An unsigned page from HTML."""
    from weasyprint import HTML

    page = _html(folder)
    yield lambda: HTML(filename=str(page)).write_pdf()


@contextmanager
def typst(folder: Path) -> Iterator[Draw]:
    """An unsigned page from Typst's own language; a new compiler each time, though it may remember what it drew."""
    import typst as compiler

    document, table, photos = report(), _table(), _photos(folder)
    page = [
        '#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm))',
        '#set text(font: "Tinos", size: 14pt, lang: "vi")',
        "#set par(justify: true, first-line-indent: 12.7mm)",
    ]
    page += [f"#par[#{json.dumps(block.text, ensure_ascii=False)}]" for block in document.blocks]
    cells = ", ".join(json.dumps(cell, ensure_ascii=False) for row in table.rows for cell in row)
    head = ", ".join(json.dumps(cell, ensure_ascii=False) for cell in table.header)
    widths = ", ".join(f"{share}fr" for share in table.widths)
    page.append(f"#pagebreak()\n#set text(size: 12pt)\n#table(columns: ({widths}), table.header({head}), {cells})")
    figures = ", ".join(
        f'figure(image("{path.name}", width: 76mm), numbering: none, caption: [Ảnh {number}. Bảng niêm yết])'
        for number, path in photos.items()
    )
    page.append(f"#pagebreak()\n#grid(columns: 2, gutter: 8pt, {figures})")
    source = folder / "report.typ"
    source.write_text("\n".join(page))
    yield lambda: compiler.Compiler(str(source), root=str(folder), font_paths=[str(fonts.DIRECTORY)]).compile()


@contextmanager
def chromium(folder: Path) -> Iterator[Draw]:
    """Print to PDF of a browser that is already open, of a page loaded anew."""
    from playwright.sync_api import sync_playwright

    page = _html(folder)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"], timeout=120_000)

        def draw() -> bytes:
            tab = browser.new_page()
            tab.goto(page.as_uri(), timeout=120_000)
            pdf = tab.pdf(prefer_css_page_size=True, print_background=True)
            tab.close()
            return pdf

        yield draw
        browser.close()


CONTENDERS = {
    "bare ReportLab": bare_reportlab,
    "ours, laid out": ours_drawn,
    "ours: laid out, PDF/A-3b, signed": ours,
    "WeasyPrint": weasyprint,
    "Typst": typst,
    "Chromium print": chromium,
}


def _photos(folder: Path) -> dict[int, Path]:
    return {number: folder / f"{number}.jpg" for number in range(1, PHOTOS + 1)}


def _measure(name: str, folder: Path) -> dict[str, Any]:
    """One contender, in this process: seconds of warm runs, peak of memory, and what came out."""
    with CONTENDERS[name](folder) as draw:
        pdf, seconds = draw(), []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            pdf = draw()
            seconds.append(time.perf_counter() - start)
        peak = _peak_kilobytes(os.getpid()) or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (folder / "made.pdf").write_bytes(pdf)
    told = subprocess.run(["pdfinfo", str(folder / "made.pdf")], check=True, capture_output=True).stdout.decode()
    pages = int(next(line for line in told.splitlines() if line.startswith("Pages:")).split()[1])
    found = {"name": name, "seconds": seconds, "megabytes": peak / 1024, "pages": pages}
    return {**found, "file_megabytes": len(pdf) / 1e6}


def _peak_kilobytes(process: int) -> int:
    """The peaks of a process and of those that it has started, summed."""
    status = Path(f"/proc/{process}/status").read_text()
    own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return own + sum(_peak_kilobytes(int(child)) for child in children)


def run() -> list[dict[str, Any]]:
    """All contenders, one after the other; the table is printed, the ratios are returned."""
    runs: dict[str, list[dict[str, Any]]] = {contender: [] for contender in CONTENDERS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, path in _photos(folder).items():
            path.write_bytes(picture(number))
        for contender in [*CONTENDERS] * PASSES:
            command = [sys.executable, "-m", "tests.bench.documents", contender, str(folder)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT, timeout=600)
            runs[contender].append(json.loads(done.stdout))
    found = {contender: _together(each) for contender, each in runs.items()}
    print(f"{'a report with 60 rows and 40 photos':40} {'median ms':>10} {'peak MB':>9} {'pages':>6} {'file MB':>8}")
    for one in found.values():
        print(
            f"{one['name']:40} {one['seconds'] * 1000:10.0f} {one['megabytes']:9.0f} {one['pages']:6} "
            f"{one['file_megabytes']:8.1f}"
        )
    whole = found["ours: laid out, PDF/A-3b, signed"]
    return [
        _row("Signed document / bare ReportLab build", whole, found["bare ReportLab"], 3),
        _row("Signed document / WeasyPrint's unsigned page", whole, found["WeasyPrint"], 1),
    ]


def _together(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Several passes of one contender: the median of all runs, the highest peak."""
    seconds = statistics.median(one for run in runs for one in run["seconds"])
    return {**runs[0], "seconds": seconds, "megabytes": max(run["megabytes"] for run in runs)}


def _row(name: str, mine: dict[str, Any], reference: dict[str, Any], aim: float) -> dict[str, Any]:
    ratio = mine["seconds"] / reference["seconds"]
    return {"name": name, "ratio": ratio, "aim": aim, "ours_s": mine["seconds"], "reference_s": reference["seconds"]}


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], Path(sys.argv[2]))))
