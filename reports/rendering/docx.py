"""A Document as DOCX for whoever wants to go on in Word: the same layout as the PDF.

Each paragraph and table row that has an id carries a bookmark named by ``bookmark_name``, so that a corrected
file can be read back paragraph by paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Pt

from reports import document as model
from reports.rendering import fonts, layout
from reports.rendering.docx_parts import (
    ALIGN,
    Bookmarks,
    bookmark_name,
    count_from_one,
    element,
    fix_widths,
    keep_row,
    page_header,
    rule,
    same_bytes,
    shape,
    write,
)
from reports.rendering.docx_styles import (
    BODY,
    CAPTION,
    CELL,
    COLUMN_HEAD,
    HEADINGS,
    RECIPIENT,
    RECIPIENTS_HEAD,
    add_styles,
    in_style,
)
from reports.rendering.pdf import fit_of
from reports.rendering.pdf_text import addressee_indents, column_widths, even_lines
from reports.rendering.pictures import NO_PHOTO, PhotoLoader, drawn_png, fitted, photo_height, usable_picture

__all__ = ["bookmark_name", "render_docx"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PADDING = 4
_MOST_RECIPIENTS = 30


def render_docx(document: model.Document, *, photo_loader: PhotoLoader | None = None) -> bytes:
    """Write a Document for Word. The same Document gives the same bytes.

    Args:
        document: what stands on the paper.
        photo_loader: gives the scaled JPEG or PNG for a SHA-256, None where there is none.

    Raises:
        reports.rendering.fonts.FontsMissingError: the fonts that lines are measured with are not installed.
    """
    fonts.load_fonts()
    return _Writer(document, photo_loader).write()


class _Writer:
    """One paper being written; the methods follow the paper from top to bottom."""

    def __init__(self, document: model.Document, loader: PhotoLoader | None) -> None:
        self.document, self.loader = document, loader
        self.word: Any = docx.Document()
        self.bookmarks = Bookmarks()
        self.draft = layout.draft_mark(document)
        self.fit = fit_of(document, loader)

    def write(self) -> bytes:
        self._set_up()
        self._letterhead()
        self._title()
        self._addressees()
        self._blocks(self.document.blocks, (layout.TEXT_WIDTH, layout.TEXT_HEIGHT))
        self._keep_end()
        self._signer()
        for annex in self.document.annexes:
            self._annex(annex)
        self._gap(1)
        stream = BytesIO()
        self.word.save(stream)
        return same_bytes(stream.getvalue())

    def _set_up(self) -> None:
        """Fonts, page, header, properties."""
        add_styles(self.word, self.fit.leading)
        self.word.styles["Normal"].element.rPr.append(element("w:lang", {"w:val": "vi-VN"}))
        self._page(self.word.sections[0], landscape=False)
        properties = self.word.core_properties
        properties.title = layout.document_title(self.document)[:255]
        properties.author = " ".join(layout.clean(self.document.letterhead.body).split())[:255]
        properties.comments, properties.language = "", "vi-VN"
        moment = self.document.issued_on
        if moment:
            properties.created = properties.modified = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001

    def _page(self, section: Any, *, landscape: bool) -> None:
        """A section's page and headers; its first page has no number, and an annex counts its own pages."""
        sides = (layout.PAGE_WIDTH, layout.PAGE_HEIGHT)
        margins = (layout.MARGIN_TOP, layout.MARGIN_RIGHT, layout.MARGIN_BOTTOM, layout.MARGIN_LEFT)
        if landscape:
            sides = (layout.PAGE_HEIGHT, layout.PAGE_WIDTH)
            side = layout.LANDSCAPE_MARGIN_SIDE
            margins = (layout.LANDSCAPE_MARGIN_TOP, side, layout.LANDSCAPE_MARGIN_BOTTOM, side)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Pt(sides[0]), Pt(sides[1])
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Pt, margins)
        section.header_distance = Pt(margins[0] - 10.5 * layout.MM)
        section.footer_distance = Pt(8 * layout.MM)
        section.different_first_page_header_footer = True
        width = sides[0] - margins[1] - margins[3]
        page_header(section.header, width, self.draft, with_number=True)
        page_header(section.first_page_header, width, self.draft, with_number=False)
        count_from_one(section)

    def _letterhead(self) -> None:
        document, head = self.document, self.document.letterhead
        right = fonts.text_width(layout.STATE, fonts.BOLD, layout.SIZE_LETTERHEAD)
        date = layout.date_line(document)
        right = min(max(right, fonts.text_width(date, fonts.ITALIC, layout.SIZE_DATE)) + 6, layout.TEXT_WIDTH * 0.7)
        left = layout.TEXT_WIDTH - right
        table = self.word.add_table(rows=2, cols=2)
        fix_widths(table, [left, right], 0)
        (body, state), (number, day) = (row.cells for row in table.rows)
        for text in layout.letterhead_lines(head.superior):
            self._line(body, text, layout.SIZE_LETTERHEAD)
        names = layout.letterhead_lines(head.body)
        for text in names:
            self._line(body, text, layout.SIZE_LETTERHEAD, bold=True)
        longest = fonts.text_width(names[-1], fonts.BOLD, layout.SIZE_LETTERHEAD) if names else 0
        rule(body.add_paragraph(), left, 0.45 * min(longest, left))
        self._line(state, layout.STATE, layout.SIZE_LETTERHEAD, bold=True)
        self._line(state, layout.MOTTO, layout.SIZE_MOTTO, bold=True)
        motto = fonts.text_width(layout.MOTTO, fonts.BOLD, layout.SIZE_MOTTO)
        rule(state.add_paragraph(), right, motto)
        self._line(number, layout.number_line(document), layout.SIZE_NUMBER, before=4)
        if layout.about_line(document):
            self._line(number, layout.about_line(document), layout.SIZE_ABOUT, leading=14)
        self._line(day, date, layout.SIZE_DATE, italic=True, before=4)

    @staticmethod
    def _line(  # noqa: PLR0913 - one centred line and its looks
        cell: Any,
        text: str,
        size: float,
        *,
        bold: bool = False,
        italic: bool = False,
        before: float = 0,
        leading: float = 16.5,
    ) -> None:
        """A centred line in a cell; the paragraph that every new cell has is used first."""
        first = cell.paragraphs[0]
        paragraph = first if len(cell.paragraphs) == 1 and not first.runs else cell.add_paragraph()
        write(
            shape(paragraph, align="center", before=before, leading=leading), text, size=size, bold=bold, italic=italic
        )

    def _title(self) -> None:
        name = layout.printed_type(self.document)
        if name:
            self._centred(name, fonts.BOLD, before=14)
            widest = self._centred(self.document.subject, fonts.BOLD, inset=layout.TITLE_INSET)
            rule(self.word.add_paragraph(), layout.TEXT_WIDTH, 0.4 * widest, before=5)

    def _centred(
        self, text: str, face: str, *, width: float = layout.TEXT_WIDTH, before: float = 0, inset: float = 0
    ) -> float:
        """A centred paragraph, indented so that its lines come out about equal; its width in points."""
        text = layout.bind(text)
        lines = even_lines(text, face, layout.SIZE_BODY, width - 2 * inset)
        widest = max(fonts.text_width(one, face, layout.SIZE_BODY) for one in lines)
        side = max((width - widest) / 2 - 5, 0) if len(lines) > 1 else 0
        paragraph = shape(self.word.add_paragraph(), align="center", left=side, right=side, before=before)
        write(paragraph, text, bold=face == fonts.BOLD, italic=face == fonts.ITALIC)
        return widest

    def _addressees(self) -> None:
        lines = layout.addressee_lines(self.document)
        if len(lines) == 1:
            self._centred(f"Kính gửi: {lines[0]}", fonts.REGULAR, before=16)
        elif lines:
            start, items, hang = addressee_indents(lines)
            write(shape(self.word.add_paragraph(), align="left", left=start, before=16), "Kính gửi:")
            for text in lines:
                write(shape(self.word.add_paragraph(), align="left", left=items, indent=-hang), text)
        if lines:
            self._gap(8)

    def _keep_end(self) -> None:
        """Tie the last paragraph, and one before a single line, to the signer: he never stands alone."""
        paragraphs, short = self.word.paragraphs, True
        for block in reversed(self.document.blocks[-2:]):
            if not isinstance(block, model.Paragraph) or not short:
                return
            paragraph = paragraphs.pop()
            paragraph.paragraph_format.keep_with_next = True
            width = fonts.text_width(paragraph.text, fonts.REGULAR, layout.SIZE_BODY)
            short = width < layout.TEXT_WIDTH - layout.INDENT

    def _blocks(self, blocks: Sequence[model.Block], room: tuple[float, float]) -> None:
        for block in blocks:
            if isinstance(block, model.Heading):
                self._heading(block)
            elif isinstance(block, model.Paragraph):
                self._paragraph(block)
            elif isinstance(block, model.Table):
                self._table(block, room[0])
            elif block.photos:
                self._photos(block, room)

    def _heading(self, block: model.Heading) -> None:
        look = HEADINGS[min(max(block.level, 1), len(HEADINGS)) - 1]
        in_style(self.word.add_paragraph(), look).add_run(layout.bind(block.text))

    def _paragraph(self, block: model.Paragraph) -> None:
        paragraph = in_style(self.word.add_paragraph(), BODY)
        if layout.text_align(block.text) != BODY.align:
            paragraph.alignment = ALIGN[layout.text_align(block.text)]
        if layout.leads_on(block):
            paragraph.paragraph_format.keep_with_next = True
        if block.lead_in:
            paragraph.add_run(f"{layout.clean(block.lead_in)}{layout.NBSP}")
        paragraph.add_run(layout.bind(block.text)).italic = block.italic or None
        self.bookmarks.add(paragraph, block.id)

    def _table(self, block: model.Table, width: float) -> None:
        widths = column_widths(block, width, 2 * _PADDING + 1)
        rows = layout.table_rows(block)
        headed = int(any(block.header))
        self._gap()
        table = self.word.add_table(rows=len(rows) + headed, cols=len(widths), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        fix_widths(table, widths, _PADDING)
        made = list(table.rows)
        if headed:
            header = [*block.header, *[""] * (len(widths) - len(block.header))]
            for cell, text in zip(made[0].cells, header, strict=True):
                in_style(cell.paragraphs[0], COLUMN_HEAD).add_run(layout.clean(text))
            keep_row(made[0], header=True)
        for index, (row, texts) in enumerate(zip(made[headed:], rows, strict=True)):
            cells = row.cells
            keep_row(row)
            for column, text in enumerate(texts):
                paragraph = in_style(cells[column].paragraphs[0], CELL)
                paragraph.add_run(text)
                if layout.column_align(block, column) != CELL.align:
                    paragraph.alignment = ALIGN[layout.column_align(block, column)]
            if index < len(block.ids):
                self.bookmarks.add(cells[0].paragraphs[0], block.ids[index])
        self._gap()

    def _gap(self, height: float = layout.SPACE_BETWEEN) -> None:
        """An empty line of a height; a table has no spacing of its own, and must not end a paper."""
        write(shape(self.word.add_paragraph(), leading=height), "", size=1)

    def _photos(self, block: model.PhotoGrid, room: tuple[float, float]) -> None:
        photos, beside = block.photos, layout.photos_beside(block)
        width = room[0] / beside
        height = photo_height(block.rows, room[1])
        table = self.word.add_table(rows=-(-len(photos) // beside), cols=beside)
        fix_widths(table, [width] * beside, 0)
        for index, row in enumerate(table.rows):
            keep_row(row)
            for cell, photo in zip(row.cells, photos[index * beside : (index + 1) * beside], strict=False):
                self._photo(cell, photo, (width - 6 * layout.MM, height))

    def _photo(self, cell: Any, photo: model.Photo, room: tuple[float, float]) -> None:
        data = self.loader(photo.sha256) if self.loader else None
        picture = usable_picture(data) if data else None
        paragraph = cell.paragraphs[0]
        form = paragraph.paragraph_format
        form.alignment, form.space_before, form.space_after, form.line_spacing = ALIGN["center"], Pt(0), Pt(0), 1
        if picture is None:
            in_style(paragraph, CAPTION).add_run(NO_PHOTO)
        else:
            across, down = fitted(picture[1], *room)
            paragraph.add_run().add_picture(picture[0], Pt(across), Pt(down))
        for text in (photo.caption, photo.details):
            if text.strip():
                paragraph = in_style(cell.add_paragraph(), CAPTION)
                paragraph.add_run(layout.clean(text))
        paragraph.paragraph_format.space_after = Pt(layout.PHOTO_GAP)

    def _signers(self) -> None:
        """Several signers side by side, what they drew on glass as pictures, Nơi nhận under them."""
        signers = [*self.document.cosigners, self.document.signatory]
        table = self.word.add_table(rows=3, cols=len(signers))
        width = layout.TEXT_WIDTH / len(signers)
        fix_widths(table, [width] * len(signers), _PADDING)
        for row in table.rows:
            keep_row(row)
        for index, signer in enumerate(signers):
            above, below = layout.signer_lines(signer)
            cells = [row.cells[index] for row in table.rows]
            for place, text in enumerate(above):
                self._line(cells[0], text, layout.SIZE_BODY, bold=True, before=0 if place else 10, leading=16.5)
            self._drawn(cells[1].paragraphs[0], signer, width)
            for text in below:
                self._line(cells[2], text, layout.SIZE_BODY, bold=True, leading=16.5)
        for row in table.rows[:2]:
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.keep_with_next = True
        if self.document.recipients:
            self._recipients(self.word.add_paragraph(), self.word)

    def _drawn(self, paragraph: Any, signer: model.Signatory, width: float) -> None:
        if signer.drawn is None:
            write(shape(paragraph, leading=self.fit.gap), "")
            return
        form = paragraph.paragraph_format
        form.alignment, form.space_before, form.space_after, form.line_spacing = ALIGN["center"], Pt(0), Pt(0), 1
        across, down = fitted((1000, signer.drawn.height), width - 2 * _PADDING, self.fit.gap)
        paragraph.add_run().add_picture(BytesIO(drawn_png(signer.drawn)), Pt(across), Pt(down))

    def _recipients(self, head: Any, where: Any) -> None:
        in_style(head, RECIPIENTS_HEAD).add_run("Nơi nhận:")
        hang = fonts.text_width("- ", fonts.REGULAR, layout.SIZE_RECIPIENTS)
        for text in layout.recipient_lines(self.document):
            paragraph = in_style(where.add_paragraph(), RECIPIENT)
            form = paragraph.paragraph_format
            form.left_indent, form.first_line_indent, form.right_indent = Pt(hang), Pt(-hang), Pt(6)
            paragraph.add_run(text)

    def _signer(self) -> None:
        if self.document.cosigners:
            self._signers()
            return
        table = self.word.add_table(rows=1, cols=2)
        fix_widths(table, [layout.TEXT_WIDTH - layout.SIGNER_WIDTH, layout.SIGNER_WIDTH], 0)
        recipients, signer = table.rows[0].cells
        lines = layout.recipient_lines(self.document)
        if len(lines) <= _MOST_RECIPIENTS:
            keep_row(table.rows[0])
        self._recipients(recipients.paragraphs[0], recipients)
        above, below = layout.signer_lines(self.document.signatory)
        for index, text in enumerate(above):
            self._line(signer, text, layout.SIZE_BODY, bold=True, before=0 if index else 10, leading=layout.LEADING)
        write(shape(signer.add_paragraph(), leading=self.fit.gap), "")
        for text in below:
            self._line(signer, text, layout.SIZE_BODY, bold=True, leading=layout.LEADING)

    def _annex(self, annex: model.Annex) -> None:
        self._page(self.word.add_section(WD_SECTION.NEW_PAGE), landscape=annex.landscape)
        # The break lies in a paragraph of its own, which must not be pushed onto a page of its own.
        write(shape(self.word.paragraphs[-1], leading=1), "", size=1)
        width, height = layout.TEXT_WIDTH, layout.TEXT_HEIGHT
        if annex.landscape:
            width, height = layout.LANDSCAPE_TEXT_WIDTH, layout.LANDSCAPE_TEXT_HEIGHT
        self._centred(layout.annex_name(self.document, annex), fonts.BOLD, width=width)
        self._centred(annex.title.upper(), fonts.BOLD, width=width, inset=10 * layout.MM)
        self._centred(layout.annex_reference(self.document), fonts.ITALIC, width=width)
        self._gap(4)
        self._blocks(annex.blocks, (width, height))
