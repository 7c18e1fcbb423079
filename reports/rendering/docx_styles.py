"""The named styles of a DOCX: whoever goes on in Word changes a style once and not every paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from reports.rendering import layout
from reports.rendering.docx_parts import ALIGN, FONT

_SCRIPTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")


@dataclass(frozen=True)
class Look:
    """What a style says; measures in points. ``level`` is that of a heading, 0 for other text.

    ``id`` is the style's name in the file's own XML, ``name`` what Word shows.
    """

    id: str
    name: str
    size: float = layout.SIZE_BODY
    leading: float = layout.LEADING
    align: str = "justify"
    indent: float = 0
    before: float = 0
    bold: bool = False
    italic: bool = False
    level: int = 0


BODY = Look("NoiDung", "Nội dung văn bản", indent=layout.INDENT, before=layout.SPACE_BETWEEN)
HEADINGS = tuple(
    Look(
        f"Heading{level}",
        f"Heading {level}",
        indent=layout.INDENT,
        before=layout.SPACE_BETWEEN + (4 if level == 1 else 0),
        bold=True,
        italic=level > 2,
        level=level,
    )
    for level in (1, 2, 3)
)
CELL = Look("OBang", "Ô bảng", layout.SIZE_TABLE, layout.LEADING_TABLE, "left")
COLUMN_HEAD = Look("DauCot", "Đầu cột bảng", layout.SIZE_TABLE, layout.LEADING_TABLE, "center", bold=True)
CAPTION = Look("ChuThichAnh", "Chú thích ảnh", layout.SIZE_TABLE, layout.LEADING_TABLE, "center", italic=True)
RECIPIENTS_HEAD = Look(
    "NoiNhan", "Nơi nhận", layout.SIZE_RECIPIENTS_HEAD, 15, "left", before=10, bold=True, italic=True
)
RECIPIENT = Look("DongNoiNhan", "Dòng nơi nhận", layout.SIZE_RECIPIENTS, 13, "left")


def add_styles(word: Any, leading: float) -> None:
    """Give a new file all styles, the text and its headings with a leading; Word's own headings look as the paper's."""
    styles = word.styles
    set_face(styles["Normal"], layout.SIZE_BODY)
    for look in (BODY, *HEADINGS, CELL, COLUMN_HEAD, CAPTION, RECIPIENTS_HEAD, RECIPIENT):
        known = look.level > 0
        style = styles[look.name] if known else styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.styleId = look.id
        style.base_style = styles["Normal"]
        style.quick_style = True
        set_face(style, look.size)
        style.font.bold, style.font.italic = look.bold, look.italic
        style.font.color.rgb = RGBColor(0, 0, 0)
        form = style.paragraph_format
        form.alignment = ALIGN[look.align]
        form.first_line_indent, form.space_before, form.space_after = Pt(look.indent), Pt(look.before), Pt(0)
        spacing = leading if look in (BODY, *HEADINGS) else look.leading
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing)
        form.widow_control, form.keep_with_next, form.keep_together = True, known, False


def set_face(style: Any, size: float) -> None:
    """Times New Roman for all scripts; a theme's font would win over a named one."""
    style.font.name, style.font.size = FONT, Pt(size)
    faces = style.element.rPr.rFonts
    for script in _SCRIPTS:
        faces.set(qn(script), FONT)
    for name in [name for name in faces.attrib if "Theme" in name]:
        del faces.attrib[name]


def in_style(paragraph: Any, look: Look) -> Any:
    """Put a paragraph into a style; the paragraph. python-docx's own way searches all styles each time."""
    paragraph._p.style = look.id  # noqa: SLF001
    return paragraph
