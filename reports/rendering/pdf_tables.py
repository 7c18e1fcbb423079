"""Tables and photos on ReportLab's pages: rows stay whole where they can, and headers come again on each page."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import accumulate
from typing import cast

from reportlab.platypus import Flowable, FrameBreak, Paragraph, Spacer, Table

from reports import document as model
from reports.rendering import fonts, layout
from reports.rendering.pdf_parts import Picture
from reports.rendering.pdf_text import column_widths, markup, style
from reports.rendering.pictures import NO_PHOTO, PhotoLoader, fitted, photo_height, usable_picture

GRID = 0.5  # thickness of a table's lines
CELL_PADDING = 4
_ABOVE, _BELOW = 2, 4  # between a cell's lines and its text
# A row taller than this part of a page goes on on the next; any other stays whole.
_TALL = 0.45
_LEAST_LINES = 3  # of a row that is split, on either page
_SMALL = 3  # rows of a table that begins on a page only if all of it fits there

Row = list[Paragraph]


class RuledTable(Flowable):
    """Rows in ruled cells under a header that every page repeats.

    ReportLab's own table repeats the header in the middle of a page where it splits a row, and measures all rows
    anew on each page.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        header: Row | None,
        widths: list[float],
        page_height: float,
        heights: Sequence[float] | None = None,
    ) -> None:
        super().__init__()
        self.rows, self.header, self.widths, self.page_height = list(rows), header, widths, page_height
        self.heights = list(heights) if heights is not None else [self._height_of(row) for row in self.rows]
        self.head = self._height_of(header) if header is not None else 0.0

    def _height_of(self, row: Row) -> float:
        tallest = max(cell.wrap(width - 2 * CELL_PADDING, 1e6)[1] for cell, width in zip(row, self.widths, strict=True))
        return float(tallest) + _ABOVE + _BELOW

    def wrap(self, _available_width: float, _available_height: float) -> tuple[float, float]:
        self.height = self.head + sum(self.heights)
        return sum(self.widths), self.height

    def split(self, _available_width: float, available_height: float) -> list[Flowable]:
        """What fits on this page, and the rest under its header."""
        used, count = self.head, 0
        while count < len(self.rows) and used + self.heights[count] <= available_height:
            used += self.heights[count]
            count += 1
        if count == len(self.rows):
            return [self]
        top = bottom = None
        if self.head + self.heights[count] > _TALL * self.page_height:
            top, bottom = self._split_row(self.rows[count], available_height - used - _ABOVE - _BELOW)
        if top is not None and bottom is not None:
            return [
                self._of([*self.rows[:count], top], [*self.heights[:count], self._height_of(top)]),
                self._of([bottom, *self.rows[count + 1 :]], [self._height_of(bottom), *self.heights[count + 1 :]]),
            ]
        if not count:
            return []
        fits = count
        if count == len(self.rows) - 1 and count > _LEAST_LINES:
            count -= 1  # no row stands on a page alone
        first = self._of(self.rows[:count], self.heights[:count])
        rest = self._of(self.rows[count:], self.heights[count:])
        # Without the break the rest would begin on this page, under a second header: one row of it still fits.
        return [first, rest] if count == fits else [first, FrameBreak(), rest]

    def _of(self, rows: list[Row], heights: list[float]) -> RuledTable:
        return RuledTable(rows, self.header, self.widths, self.page_height, heights)

    def draw(self) -> None:
        rows, heights = list(self.rows), list(self.heights)
        if self.header is not None:
            rows.insert(0, self.header)
            heights.insert(0, self.head)
        if not rows:
            return
        lefts, tops = list(accumulate(self.widths, initial=0.0)), list(accumulate(heights, initial=0.0))
        for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
            middle = number == 0 and self.header is not None
            for cell, left in zip(row, lefts, strict=False):
                spare = (height - _ABOVE - _BELOW - cell.height) / 2 if middle else 0.0
                down = tops[number] + _ABOVE + spare + cell.height
                cell.drawOn(self.canv, left + CELL_PADDING, self.height - down)
        self.canv.saveState()
        self.canv.setLineWidth(GRID)
        self.canv.setStrokeColor("black")
        self.canv.grid(lefts, [self.height - top for top in tops])
        self.canv.restoreState()

    def _split_row(self, row: Row, room: float) -> tuple[Row | None, Row | None]:
        """A row's lines that fit in a height, and the others; nothing where too few would fit."""
        if room < _LEAST_LINES * layout.LEADING_TABLE:
            return None, None
        top: Row = []
        bottom: Row = []
        for cell, width in zip(row, self.widths, strict=True):
            inner = width - 2 * CELL_PADDING
            whole = cell.wrap(inner, room)[1] <= room
            parts = [cell] if whole else cast("list[Paragraph]", cell.split(inner, room))
            top.append(parts[0] if parts else _empty())
            bottom.append(parts[1] if len(parts) > 1 else (_empty() if parts else cell))
        return top, bottom


def _empty() -> Paragraph:
    return Paragraph("", style(size=layout.SIZE_TABLE, leading=layout.LEADING_TABLE))


def ruled_table(block: model.Table, width: float, page_height: float, *, with_header: bool = True) -> RuledTable:
    """A table of the paper in a width, for pages of a height."""
    widths = column_widths(block, width, 2 * CELL_PADDING + 1)
    cells = [
        style(size=layout.SIZE_TABLE, leading=layout.LEADING_TABLE, align=layout.column_align(block, column))
        for column in range(len(widths))
    ]
    rows = [
        [Paragraph(markup(text, bound=False), cells[column]) for column, text in enumerate(row)]
        for row in layout.table_rows(block)
    ]
    header = None
    if with_header and any(block.header):
        head = style(fonts.BOLD, layout.SIZE_TABLE, layout.LEADING_TABLE, "center")
        texts = [*block.header, *[""] * (len(widths) - len(block.header))]
        header = [Paragraph(markup(text, fonts.BOLD, bound=False), head) for text in texts]
    return RuledTable(rows, header, widths, page_height)


def last_row_apart(block: model.Table, width: float, page_height: float) -> tuple[RuledTable, RuledTable]:
    """A table without its last row, and that row, in the same columns."""
    widths = tuple(column_widths(block, width, 2 * CELL_PADDING + 1))
    most = model.Table(block.header, block.rows[:-1], widths, block.align)
    last = model.Table(block.header, block.rows[-1:], widths, block.align)
    return ruled_table(most, width, page_height), ruled_table(last, width, page_height, with_header=False)


def first_rows_height(block: model.Table, width: float, page_height: float) -> float:
    """What a table's header and first row want; of a row that may be split, a few lines; a small table all of it."""
    first = len(block.rows) if len(block.rows) <= _SMALL else 1
    table = ruled_table(model.Table(block.header, block.rows[:first], block.widths, block.align), width, page_height)
    _, height = table.wrap(width, page_height)
    return float(min(height, _TALL * page_height))


def photo_rows(block: model.PhotoGrid, width: float, page_height: float, loader: PhotoLoader | None) -> list[Flowable]:
    """Photos in rows of one or two, each with its caption under it; a row is never split."""
    beside = layout.photos_beside(block)
    height = photo_height(block.rows, page_height)
    story: list[Flowable] = [Spacer(0, layout.SPACE_BETWEEN)]
    for start in range(0, len(block.photos), beside):
        cells = [_photo_cell(one, width / beside, height, loader) for one in block.photos[start : start + beside]]
        table = Table([[*cells, *[""] * (beside - len(cells))]], colWidths=[width / beside] * beside)
        table.setStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("ALIGN", (0, 0), (-1, -1), "CENTER"),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), layout.PHOTO_GAP),
            ]
        )
        story.append(table)
    return story


def _photo_cell(photo: model.Photo, width: float, height: float, loader: PhotoLoader | None) -> list[Flowable]:
    caption = style(fonts.ITALIC, layout.SIZE_TABLE, layout.LEADING_TABLE, "center", before=3)
    texts = [text for text in (photo.caption, photo.details) if text.strip()]
    return [_picture(photo, width, height, loader), *(Paragraph(markup(text), caption) for text in texts)]


def _picture(photo: model.Photo, width: float, height: float, loader: PhotoLoader | None) -> Flowable:
    data = loader(photo.sha256) if loader else None
    picture = usable_picture(data) if data else None
    if picture is None:
        missing = style(fonts.ITALIC, layout.SIZE_TABLE, layout.LEADING_TABLE, "center")
        return Paragraph(markup(NO_PHOTO), missing)
    stream, size = picture
    return Picture(BytesIO(stream.getvalue()), fitted(size, width - 6 * layout.MM, height))
