"""Text for ReportLab: styles, mark-up, and lines broken so that they look even."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from reports.document import Table
from reports.rendering import fonts, layout

ALIGN: dict[str, Literal[0, 1, 2, 4]] = {
    "left": TA_LEFT,
    "center": TA_CENTER,
    "right": TA_RIGHT,
    "justify": TA_JUSTIFY,
}
REPLACEMENT = "?"


@cache
def style(  # noqa: PLR0913 - the measures of one style
    face: str = fonts.REGULAR,
    size: float = layout.SIZE_BODY,
    leading: float = layout.LEADING,
    align: str = "justify",
    indent: float = 0,
    left: float = 0,
    before: float = 0,
) -> ParagraphStyle:
    """A paragraph style; measures in points. Single lines are never left alone at a page's top or foot."""
    fonts.load_fonts()
    return ParagraphStyle(
        f"{face}-{size}-{align}-{indent}-{left}-{before}",
        fontName=face,
        fontSize=size,
        leading=leading,
        alignment=ALIGN[align],
        firstLineIndent=indent,
        leftIndent=left,
        spaceBefore=before,
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=1,
    )


def _drawable(text: str, face: str) -> str:
    """Replace what no face can draw by a question mark: a missing glyph is forbidden in PDF/A."""
    for character in set(text) - fonts.letters(face) - fonts.letters(fonts.SYMBOLS) - {"\n"}:
        text = text.replace(character, REPLACEMENT)
    return text


def unprintable(text: str) -> set[str]:
    """The characters of a text for which there is no glyph."""
    known = fonts.letters(fonts.REGULAR) | fonts.letters(fonts.SYMBOLS)
    return set(layout.clean(text)) - known - {"\n"}


def line(text: str, face: str = fonts.REGULAR) -> str:
    """A text that goes straight onto the canvas in one face: bound, and without missing glyphs."""
    text = layout.clean(text)
    for character in set(text) - fonts.letters(face):
        text = text.replace(character, REPLACEMENT)
    return text


def markup(text: str, face: str = fonts.REGULAR, *, bound: bool = True) -> str:
    """A text as ReportLab mark-up: escaped, symbols in the symbol face, with no-break spaces if ``bound``."""
    drawn = _keep_blanks(_drawable(layout.bind(text) if bound else layout.clean(text), face))
    own = fonts.letters(face)
    if set(drawn) - {"\n"} <= own:
        return escape(drawn).replace("\n", "<br/>")
    parts = [escape(c) if c in own or c == "\n" else f'<font name="{fonts.SYMBOLS}">{escape(c)}</font>' for c in drawn]
    return "".join(parts).replace("\n", "<br/>")


def _keep_blanks(text: str) -> str:
    """Runs of spaces are blanks to be filled in by hand: neither drop nor break them."""
    return re.sub(" {2,}", lambda run: layout.NBSP * len(run.group()), text)


def even_lines(text: str, face: str, size: float, width: float) -> list[str]:
    """Break a centred text into as few lines as fit the width, of about equal length."""
    fonts.load_fonts()
    text = _keep_blanks(line(layout.bind(text), face))
    lines = _split(text, face, size, width)
    if len(lines) < 2:
        return lines
    low, high = width / 2, width
    while high - low > 1:
        middle = (low + high) / 2
        if len(_split(text, face, size, middle)) > len(lines):
            low = middle
        else:
            high = middle
    return _split(text, face, size, high)


def _split(text: str, face: str, size: float, width: float) -> list[str]:
    """Break greedily at spaces, never at no-break spaces; a word wider than the width is cut."""
    broken: list[str] = []
    for part in text.split("\n"):
        current = ""
        for word in part.split(" "):
            longer = f"{current} {word}" if current else word
            if current and fonts.text_width(longer, face, size) > width:
                broken.append(current)
                longer = word
            *whole, current = _break_word(longer, face, size, width)
            broken += whole
        broken.append(current)
    return broken


def _break_word(text: str, face: str, size: float, width: float) -> list[str]:
    """Cut a word that is wider than the width."""
    pieces: list[str] = []
    while len(text) > 1 and fonts.text_width(text, face, size) > width:
        cut = len(text) - 1
        while cut > 1 and fonts.text_width(text[:cut], face, size) > width:
            cut -= 1
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text]


def addressee_indents(lines: list[str]) -> tuple[float, float, float]:
    """Where "Kính gửi:" starts, where its items' text starts, and how far their dashes hang out.

    The items stand after the colon, and the whole is centred on the page.
    """
    size = layout.SIZE_BODY
    lead = fonts.text_width("Kính gửi: ", fonts.REGULAR, size)
    hang = fonts.text_width("- ", fonts.REGULAR, size)
    widest = max(fonts.text_width(line(one), fonts.REGULAR, size) for one in lines)
    start = max(layout.INDENT, (layout.TEXT_WIDTH - lead - widest) / 2)
    return round(start, 1), round(start + lead + hang, 1), hang


def column_widths(table: Table, width: float, padding: float) -> list[float]:
    """The columns' widths by their shares, corrected so that no column is narrower than its longest word.

    A single word may claim at most a third of the width; what is longer is cut.
    """
    wanted = [share * width for share in layout.column_shares(table)]
    least = [min(one + padding, width / 3) for one in _longest_words(table, len(wanted))]
    if sum(least) >= width:
        return wanted
    for _ in wanted:
        short = [i for i, one in enumerate(wanted) if one < least[i] - 0.01]
        lack = sum(least[i] - wanted[i] for i in short)
        spare = sum(max(wanted[i] - least[i], 0) for i in range(len(wanted)))
        if not short or spare <= 0:
            break
        wanted = [
            least[i] if i in short else one - max(one - least[i], 0) * lack / spare for i, one in enumerate(wanted)
        ]
    return wanted


def _longest_words(table: Table, count: int) -> list[float]:
    """The width of each column's longest word."""
    longest = [0.0] * count
    rows = [(fonts.BOLD, table.header), *((fonts.REGULAR, row) for row in layout.table_rows(table))]
    for face, row in rows:
        for column, text in enumerate(row[:count]):
            word = max(text.split(), key=len, default="")
            longest[column] = max(longest[column], fonts.text_width(line(word, face), face, layout.SIZE_TABLE))
    return longest
