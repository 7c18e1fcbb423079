"""Mục lục hồ sơ: the list of what a case file holds, as DOCX, XLSX and CSV.

Columns are those of the "Mục lục văn bản trong hồ sơ" that archives ask for (số thứ tự, số và ký hiệu, ngày tháng,
tác giả, trích yếu, tờ số, ghi chú; Nghị định 30/2020/NĐ-CP Phụ lục V), with the file and its hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from reports import csv_text

HEADER = ("STT", "Số, ký hiệu", "Ngày", "Tác giả", "Tên, trích yếu", "Số trang", "Ghi chú", "Tệp", "SHA-256")
_WIDTHS = (6, 20, 12, 26, 52, 9, 28, 44, 66)
_ON_PAPER = (10, 28, 22, 36, 76, 14, 34, 37)
"""Millimetres of the columns on a page turned on its side; the hash is in XLSX and CSV only."""


@dataclass(frozen=True)
class Listed:
    """One line of the list; what is on paper only has no file.

    ``section`` is the heading that it stands under.
    """

    section: str
    title: str
    number: str = ""
    day: str = ""
    author: str = ""
    pages: str = ""
    note: str = ""
    file: str = ""
    sha256: str = ""

    def row(self, position: int) -> tuple[str, ...]:
        """The line's cells."""
        told = (self.number, self.day, self.author, self.title, self.pages, self.note, self.file, self.sha256)
        return (str(position), *told)


def as_csv(lines: Sequence[Listed]) -> bytes:
    """For other programs."""
    rows = ((line.section, *line.row(position)) for position, line in enumerate(lines, 1))
    return csv_text.as_csv(("Phần", *HEADER), rows)


def retention_line(retention: str) -> str:
    """How long the file is kept. No default is known for sure, so what the body has not set is left to be written."""
    return f"Thời hạn bảo quản: {retention or '.' * 30}"


def as_xlsx(lines: Sequence[Listed], heading: str, retention: str = "") -> bytes:
    """As a spreadsheet, with a line above each section."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 (a new workbook has a sheet)
    sheet.title = "Mục lục hồ sơ"
    sheet.append([heading])
    sheet.append([retention_line(retention)])
    sheet.append([])
    sheet.append(list(HEADER))
    bold = [1, 4]
    section = ""
    for position, line in enumerate(lines, 1):
        if line.section != section:
            section = line.section
            sheet.append([section])
            bold.append(sheet.max_row)
        sheet.append(list(line.row(position)))
    for number, row in enumerate(sheet.iter_rows(), 1):
        for cell in row:
            cell.font = Font(bold=number in bold)
            cell.alignment = Alignment(wrap_text=number not in bold, vertical="top")
            if cell.data_type == "f":
                cell.data_type = "s"
    for column, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_docx(lines: Sequence[Listed], heading: str, about: str, retention: str = "") -> bytes:
    """As a paper to be printed and put into the file."""
    word: Any = docx.Document()
    style = word.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    page = word.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(20)
    title = word.add_paragraph()
    title.alignment = 1
    run = title.add_run("MỤC LỤC HỒ SƠ")
    run.bold, run.font.size = True, Pt(14)
    for text in (heading, retention_line(retention), about):
        paragraph = word.add_paragraph(text)
        paragraph.alignment = 1
    table = word.add_table(rows=1, cols=len(_ON_PAPER), style="Table Grid")
    table.autofit = False
    _fill(table.rows[0], HEADER[:-1], bold=True)
    section = ""
    for position, line in enumerate(lines, 1):
        if line.section != section:
            section = line.section
            cells = table.add_row().cells
            merged = cells[0].merge(cells[-1])
            merged.paragraphs[0].add_run(section).bold = True
        _fill(table.add_row(), line.row(position)[:-1], bold=False)
    for column, width in zip(table.columns, _ON_PAPER, strict=True):
        column.width = Mm(width)
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def _fill(row: Any, texts: Sequence[str], *, bold: bool) -> None:
    for cell, text, width in zip(row.cells, texts, _ON_PAPER, strict=True):
        cell.width = Mm(width)
        run = cell.paragraphs[0].add_run(text)
        run.bold, run.font.size = bold, Pt(11)
