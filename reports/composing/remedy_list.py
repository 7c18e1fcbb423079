"""The remedy list: the annex of the conclusion, and the same rows as a spreadsheet for work.

The annex is part of the signed file; a spreadsheet is a working copy and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from reports.composing.prose import inside
from reports.composing.requirements import Requirement
from reports.document import Annex, Block, DocumentKind, Heading, Table

HEADER = (
    "TT",
    "Nội dung yêu cầu",
    "Cơ quan, đơn vị thực hiện",
    "Sản phẩm",
    "Thời hạn",
    "Cơ quan theo dõi, đôn đốc",
)
_WHAT = HEADER[1]
_BODY = HEADER.index("Cơ quan, đơn vị thực hiện")
_WIDTHS = (0.05, 0.31, 0.15, 0.2, 0.16, 0.13)
_ALIGN = ("center", "left", "left", "left", "left", "left")
_SHEET_WIDTHS = (6, 60, 30, 34, 30, 26)
WORKING_COPY = "Bản làm việc, không thay thế Phụ lục kèm theo văn bản đã ký."


def annex(wanted: Sequence[Requirement], kind: DocumentKind, asks: str, verbs: Mapping[str, str]) -> Annex | None:
    """The list as an annex; None where nothing is asked for.

    Args:
        wanted: the requirements in the order of the text.
        kind: the paper's.
        asks: what the text says to those who are asked, "yêu cầu, đề nghị".
        verbs: what it says to each of them.
    """
    if not wanted:
        return None
    rows = [_row(number, one) for number, one in enumerate(wanted, 1)]
    # A column that nothing stands in would look forgotten.
    used = [column for column in range(len(HEADER)) if any(row[column] for row in rows)]
    bodies = list(dict.fromkeys(one.addressee for one in wanted))
    if len(bodies) > 1 and not any(one.owner for one in wanted):
        used.remove(_BODY)  # each table stands under the body's name
    blocks: list[Block] = []
    for number, body in enumerate(bodies, 1):
        what = "Nhiệm vụ" if kind is DocumentKind.REPORT else f"Nội dung {verbs[body]}"
        blocks += [Heading(f"{number}. {_capital(body)}")] if len(bodies) > 1 else []
        blocks.append(
            _table([(one, row) for one, row in zip(wanted, rows, strict=True) if one.addressee == body], used, what)
        )
    return Annex(title=title(kind, asks), blocks=tuple(blocks), landscape=True)


def _table(told: Sequence[tuple[Requirement, tuple[str, ...]]], used: Sequence[int], what: str) -> Table:
    return Table(
        header=tuple(what if HEADER[column] == _WHAT else HEADER[column] for column in used),
        rows=tuple(tuple(row[column] for column in used) for _, row in told),
        widths=tuple(_WIDTHS[column] for column in used),
        align=tuple(_ALIGN[column] for column in used),
        ids=tuple(f"list.{one.id}" for one, _ in told),
    )


def title(kind: DocumentKind, asks: str = "yêu cầu") -> str:
    """What the list is called, by what its text says to those who are asked."""
    if kind is DocumentKind.REPORT:
        return "Danh mục nhiệm vụ cần tiếp tục thực hiện"
    return f"Danh mục nội dung {asks} thực hiện"


def spreadsheet(wanted: Sequence[Requirement], heading: str) -> bytes:
    """The list as XLSX; text that looks like a formula stays text."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 (a new workbook has a sheet)
    sheet.title = "Yêu cầu"
    sheet.append([heading])
    sheet.append([WORKING_COPY])
    sheet.append([])
    sheet.append(list(HEADER))
    for number, one in enumerate(wanted, 1):
        sheet.append(list(_row(number, one)))
    for cell in (*sheet[1], *sheet[4]):
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.data_type == "f":
                cell.data_type = "s"
    for column, width in enumerate(_SHEET_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _row(number: int, one: Requirement) -> tuple[str, ...]:
    owner = f" ({inside(one.owner)})" if one.owner else ""
    addressee = _capital(one.addressee) + owner
    return (str(number), one.text, addressee, _capital(one.product), _capital(one.deadline), one.follow_up)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
