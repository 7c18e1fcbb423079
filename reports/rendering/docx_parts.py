"""What python-docx has no call for: rules, bookmarks, page fields, cell margins, rows that stay whole."""

from __future__ import annotations

import hashlib
import re
import zipfile
from io import BytesIO
from itertools import count
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from reports.rendering import layout

FONT = "Times New Roman"
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_PLAIN_NAME = re.compile(r"[a-z0-9_]{1,38}")


def bookmark_name(paragraph_id: str) -> str:
    """The Word bookmark of a paragraph id.

    Bookmarks have at most 40 characters, begin with a letter, hold only letters, figures and "_", and do not
    tell capitals apart; an id that does not fit is hashed, so two ids never share a name.
    """
    if _PLAIN_NAME.fullmatch(paragraph_id):
        return f"p_{paragraph_id}"
    digest = hashlib.sha256(paragraph_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"h_{digest[:32]}"


class Bookmarks:
    """Puts bookmarks around paragraphs, each name and number once."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._names: set[str] = set()

    def add(self, paragraph: Any, paragraph_id: str) -> None:
        """Enclose a paragraph's runs; an id met before is left out, for Word keeps only one of two."""
        name = bookmark_name(paragraph_id)
        if name in self._names:
            return
        self._names.add(name)
        number = str(next(self._numbers))
        start = element("w:bookmarkStart", {"w:id": number, "w:name": name})
        first = paragraph._p.find(qn("w:r"))  # noqa: SLF001 - python-docx's way to its XML
        if first is None:
            paragraph._p.append(start)  # noqa: SLF001
        else:
            first.addprevious(start)
        paragraph._p.append(element("w:bookmarkEnd", {"w:id": number}))  # noqa: SLF001


def element(name: str, attributes: dict[str, str] | None = None) -> Any:
    """An OOXML element with its attributes."""
    made = OxmlElement(name)
    for key, value in (attributes or {}).items():
        made.set(qn(key), value)
    return made


def shape(  # noqa: PLR0913 - the measures of one paragraph
    paragraph: Any,
    *,
    align: str = "justify",
    indent: float = 0,
    left: float = 0,
    right: float = 0,
    before: float = 0,
    leading: float = layout.LEADING,
) -> Any:
    """Set a paragraph's measures, in points; the paragraph."""
    form = paragraph.paragraph_format
    form.alignment = ALIGN[align]
    form.first_line_indent, form.left_indent, form.right_indent = Pt(indent), Pt(left), Pt(right)
    form.space_before, form.space_after = Pt(before), Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(leading)
    form.widow_control = True
    return paragraph


def write(
    paragraph: Any, text: str, *, size: float = layout.SIZE_BODY, bold: bool = False, italic: bool = False
) -> Any:
    """Add a run; the paragraph. Blanks and line breaks in the text stay."""
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None
    return paragraph


def rule(paragraph: Any, width: float, length: float, *, before: float = 2.5) -> None:
    """Make an empty paragraph a centred line of a length in a column of a width, all in points."""
    side = max((width - length) / 2, 0)
    shape(paragraph, align="center", left=side, right=side, before=before, leading=4)
    border = element("w:pBdr")
    attributes = {"w:val": "single", "w:sz": "6", "w:space": "0", "w:color": "000000"}
    border.append(element("w:top", attributes))
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001
        border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr", "w:sectPr"
    )
    write(paragraph, "", size=1)


def page_header(header: Any, width: float, draft: str, *, with_number: bool) -> None:
    """The page number in the middle and the draft mark on the right of the top margin."""
    header.is_linked_to_previous = False
    paragraph = shape(header.paragraphs[0], align="left")
    paragraph.style.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(width / 2), WD_TAB_ALIGNMENT.CENTER)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(width), WD_TAB_ALIGNMENT.RIGHT)
    write(paragraph, "\t", size=layout.SIZE_PAGE_NUMBER)
    if with_number:
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = paragraph.add_run()
            run.font.size = Pt(layout.SIZE_PAGE_NUMBER)
            run._r.append(_field_part(kind, text))  # noqa: SLF001
    if draft:
        write(paragraph, f"\t{draft}", size=layout.SIZE_DRAFT, bold=True)


def count_from_one(section: Any) -> None:
    """Number a section's pages from 1."""
    properties = section._sectPr  # noqa: SLF001 - python-docx has no call for it
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    properties.find(qn("w:pgMar")).addnext(element("w:pgNumType", {"w:start": "1"}))


def _field_part(kind: str, text: str) -> Any:
    if kind:
        return element("w:fldChar", {"w:fldCharType": kind})
    instruction = element("w:instrText", {"xml:space": "preserve"})
    instruction.text = text
    return instruction


def fix_widths(table: Any, widths: list[float], padding: float) -> None:
    """Fix a table's columns in points; Word heeds the cells' widths, LibreOffice those of the columns."""
    table.autofit = False
    properties = table._tbl.tblPr  # noqa: SLF001
    margins = element("w:tblCellMar")
    upright = {"top": padding / 2, "left": padding, "bottom": padding, "right": padding}
    for side, size in upright.items():
        margins.append(element(f"w:{side}", {"w:w": f"{size * 20:.0f}", "w:type": "dxa"}))
    properties.append(margins)
    indent = element("w:tblInd", {"w:w": "0", "w:type": "dxa"})
    properties.insert_element_before(indent, "w:tblBorders", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Pt(width)


def keep_row(row: Any, *, header: bool = False) -> None:
    """Keep a row on one page; a header row is repeated on each."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(element("w:cantSplit"))
    if header:
        properties.append(element("w:tblHeader"))


def same_bytes(package: bytes) -> bytes:
    """The same package without the times at which its parts were written."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            packed = zipfile.ZIP_STORED if name.endswith((".jpg", ".jpeg", ".png")) else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(name), old.read(name), packed)
    return stream.getvalue()
