"""A Document as PDF, laid out by NĐ 30/2020/NĐ-CP, Phụ lục I. The same Document gives the same bytes.

The file is an ordinary PDF with all fonts embedded; ``reports/rendering/pdfa.py`` makes it fit for the archive. What
the faces cannot draw (e.g. emoji) is printed as "?" and told in ``RenderedPdf.unprintable``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any, NamedTuple

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen import canvas as pdfgen
from reportlab.platypus import (
    ActionFlowable,
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)

from reports import document as model
from reports.rendering import fonts, layout
from reports.rendering.pdf_parts import (
    SIGNER_SPACE,
    AnnexReference,
    Closing,
    LetterheadBlock,
    Marks,
    Rect,
    SignerBlock,
    TitleBlock,
    annex_blanks,
    recipient_paragraphs,
)
from reports.rendering.pdf_signers import SignersBlock
from reports.rendering.pdf_tables import first_rows_height, last_row_apart, photo_rows, ruled_table
from reports.rendering.pdf_text import addressee_indents, even_lines, line, markup, style, unprintable
from reports.rendering.pictures import PhotoLoader, photo_height
from reports.rendering.self_check import SelfCheck

# ASCII85 costs 14 times the time with photos, and a quarter in size.
rl_config.useA85 = 0


class Fit(NamedTuple):
    """How closely the text is set: from line to line, and the room for the signature."""

    leading: float
    gap: float


LOOSE = Fit(layout.LEADING, layout.SIGNATURE_GAP)
# Still no closer than single-spaced; taken where it spares a page that holds little but the signer.
TIGHT = Fit(16.5, 27 * mm)

_PORTRAIT, _LANDSCAPE = "portrait", "landscape"
_MOST_RECIPIENTS = 30  # more lines than this do not fit beside a signer: they follow under him


@dataclass(frozen=True)
class RenderedPdf:
    """A drawn paper. Rectangles are (page index, x1, y1, x2, y2) in points from the page's lower left corner.

    ``date_rect``, ``day_rect`` and ``month_rect`` are None on papers without a date line (biên bản).
    ``annex_rects`` has number, day and month of every annex, where they are blanks; of a biên bản the number alone.
    """

    bytes: bytes = field(repr=False)
    pages: int
    signature_rect: Rect
    seal_rect: Rect
    number_rect: Rect
    date_rect: Rect | None
    day_rect: Rect | None
    month_rect: Rect | None
    annex_rects: tuple[tuple[Rect, ...], ...] = ()
    unprintable: tuple[str, ...] = ()


def render_pdf(document: model.Document, *, photo_loader: PhotoLoader | None = None) -> RenderedPdf:
    """Draw a Document.

    Args:
        document: what stands on the paper.
        photo_loader: gives the scaled JPEG or PNG for a SHA-256, None where there is none.

    Raises:
        reports.rendering.fonts.FontsMissingError: the font files are not installed.
    """
    fonts.load_fonts()
    pdf, pages, rects = _draw(document, photo_loader, fit_of(document, photo_loader))
    return RenderedPdf(
        bytes=pdf,
        pages=pages,
        signature_rect=rects["signature"],
        seal_rect=rects["seal"],
        number_rect=rects["number"],
        date_rect=rects.get("date"),
        day_rect=rects.get("day"),
        month_rect=rects.get("month"),
        annex_rects=annex_blanks(rects, document),
        unprintable=tuple(sorted(unprintable(_all_text(document)))),
    )


def fit_of(document: model.Document, loader: PhotoLoader | None) -> Fit:
    """How closely the text is to be set; only the text is drawn to find out, not the annexes."""
    text = replace(document, annexes=())
    loose = _draw(text, loader, LOOSE)[2]["signature"]
    if not _hardly_more_than_the_signer(loose):
        return LOOSE
    tight = _draw(text, loader, TIGHT)[2]["signature"]
    return TIGHT if tight.page < loose.page else LOOSE


def _draw(document: model.Document, loader: PhotoLoader | None, fit: Fit) -> tuple[bytes, int, dict[str, Rect]]:
    """The file, its number of pages, and where things came to stand."""
    marks, stream = Marks(), BytesIO()
    template = _Template(stream, document)
    template.build(_Story(document, loader, marks, fit).flowables(), canvasmaker=pdfgen.Canvas)
    return stream.getvalue(), template.page, marks.rects


def _hardly_more_than_the_signer(signature: Rect) -> bool:
    """Whether the signer's page holds little besides, so that closer lines may spare it."""
    return signature.page > 0 and signature.y2 > layout.PAGE_HEIGHT * 0.7


class _Room(NamedTuple):
    """The room for text on a page: width and height."""

    width: float
    height: float


_UPRIGHT = _Room(layout.TEXT_WIDTH, layout.TEXT_HEIGHT)
_ON_ITS_SIDE = _Room(layout.LANDSCAPE_TEXT_WIDTH, layout.LANDSCAPE_TEXT_HEIGHT)


class _CountAnew(ActionFlowable):
    """The next page is the first of an annex, which counts its own (NĐ 30/2020/NĐ-CP, Phụ lục I)."""

    def apply(self, doc: Any) -> None:
        doc.pages_before = doc.page


class _Template(BaseDocTemplate):
    """The page: margins, the number in the top margin from each part's page 2 on, the draft mark beside it."""

    def __init__(self, stream: BytesIO, document: model.Document) -> None:
        super().__init__(
            stream,
            pagesize=(layout.PAGE_WIDTH, layout.PAGE_HEIGHT),
            title=layout.document_title(document),
            author=" ".join(layout.clean(document.letterhead.body).split()),
            subject=layout.clean(document.subject).replace("\n", " "),
            creator="",
            initialFontName=fonts.REGULAR,  # the default is an unembedded Helvetica
            invariant=1,
            pageCompression=1,
            lang="vi-VN",
        )
        self.draft = line(layout.draft_mark(document), fonts.BOLD)
        self.pages_before = 0
        self.addPageTemplates([self._page(_PORTRAIT), self._page(_LANDSCAPE)])

    def _page(self, name: str) -> PageTemplate:
        width, height = layout.PAGE_WIDTH, layout.PAGE_HEIGHT
        left, right = layout.MARGIN_LEFT, layout.MARGIN_RIGHT
        top, bottom = layout.MARGIN_TOP, layout.MARGIN_BOTTOM
        if name == _LANDSCAPE:
            width, height = height, width
            left = right = layout.LANDSCAPE_MARGIN_SIDE
            top, bottom = layout.LANDSCAPE_MARGIN_TOP, layout.LANDSCAPE_MARGIN_BOTTOM
        frame = Frame(left, bottom, width - left - right, height - top - bottom, 0, 0, 0, 0, id=name)

        def decorate(canvas: Any, template: _Template) -> None:
            template.decorate(canvas, (left, width - right), height - top + 6 * mm)

        return PageTemplate(name, [frame], onPage=decorate, pagesize=(width, height))

    def decorate(self, canvas: Any, edges: tuple[float, float], y: float) -> None:
        """Draw the page number (not on the first page of the text or of an annex) and, on a draft, its mark."""
        canvas.saveState()
        number = canvas.getPageNumber() - self.pages_before
        if number > 1:
            canvas.setFont(fonts.REGULAR, layout.SIZE_PAGE_NUMBER)
            canvas.drawCentredString(sum(edges) / 2, y, str(number))
        if self.draft:
            canvas.setFont(fonts.BOLD, layout.SIZE_DRAFT)
            canvas.drawRightString(edges[1], y, self.draft)
        canvas.restoreState()


class _Story:
    """Everything on the paper in order, as flowables."""

    def __init__(self, document: model.Document, loader: PhotoLoader | None, marks: Marks, fit: Fit) -> None:
        self.document, self.loader, self.marks, self.fit = document, loader, marks, fit

    def flowables(self) -> list[Flowable]:
        document = self.document
        story: list[Flowable] = [LetterheadBlock(document, self.marks)]
        if layout.printed_type(document):
            story.append(TitleBlock(layout.printed_type(document), layout.clean(document.subject)))
        story += _addressees(document)
        story += self._blocks(document.blocks, _UPRIGHT)
        story += self._closing(story)
        for annex in document.annexes:
            story += self._annex(annex)
        if document.verification and document.annexes:
            story.append(SelfCheck(document.verification))
        return story

    def _blocks(self, blocks: Sequence[model.Block], room: _Room) -> list[Flowable]:
        story: list[Flowable] = []
        for index, block in enumerate(blocks):
            if _begins(blocks, index):
                story.append(CondPageBreak(_needed(blocks[index:], room)))
            if isinstance(block, model.Heading):
                story.append(self._heading(block))
            elif isinstance(block, model.Paragraph):
                story.append(self._paragraph(block))
            elif isinstance(block, model.Table):
                table = ruled_table(block, *room)
                story += [Spacer(0, layout.SPACE_BETWEEN), table, Spacer(0, layout.SPACE_BETWEEN)]
            elif block.photos:
                story += photo_rows(block, *room, self.loader)
        return story

    def _heading(self, block: model.Heading) -> Paragraph:
        face = fonts.BOLD if block.level < 3 else fonts.BOLD_ITALIC
        before = layout.SPACE_BETWEEN + (4 if block.level == 1 else 0)
        text = style(face, leading=self.fit.leading, indent=layout.INDENT, before=before)
        return Paragraph(markup(block.text, face), text)

    def _paragraph(self, block: model.Paragraph) -> Paragraph:
        face = fonts.ITALIC if block.italic else fonts.REGULAR
        lead = f"{markup(block.lead_in)}{layout.NBSP}" if block.lead_in else ""
        align = layout.text_align(block.text)
        text = style(face, leading=self.fit.leading, align=align, indent=layout.INDENT, before=layout.SPACE_BETWEEN)
        return Paragraph(lead + markup(block.text, face), text)

    def _closing(self, story: list[Flowable]) -> list[Flowable]:
        """The signer block tied to the end of the text, which is taken from the story."""
        document = self.document
        long_list = len(layout.recipient_lines(document)) > _MOST_RECIPIENTS
        signer: Flowable = SignerBlock(document, self.marks, self.fit.gap, with_recipients=not long_list)
        if document.cosigners:
            signer, long_list = SignersBlock(document, self.marks, self.fit.gap), False
        after: list[Flowable] = [Spacer(0, 12), *recipient_paragraphs(document)] if long_list else []
        last = document.blocks[-1] if document.blocks else None
        if isinstance(last, model.Paragraph):
            return [self._ending(story, signer), *after]
        if isinstance(last, model.Table) and len(last.rows) > 1:
            del story[-3:]
            most, rest = last_row_apart(last, *_UPRIGHT)
            story += [Spacer(0, layout.SPACE_BETWEEN), most]
            return [Closing(rest, signer), *after]
        return [Spacer(0, SIGNER_SPACE), signer, *after]

    def _ending(self, story: list[Flowable], signer: Flowable) -> Closing:
        """The last paragraph with the signer; with a single line, what stands before it too, and its headings."""
        blocks = self.document.blocks
        end, at = Closing(story.pop(), signer), len(blocks) - 2
        one_line = end.last.wrap(*_UPRIGHT)[1] <= self.fit.leading
        if one_line and at >= 0 and isinstance(blocks[at], model.Paragraph):
            end, at = Closing(story.pop(), end), at - 1
        while at >= 0 and isinstance(blocks[at], model.Heading):
            end, at = Closing(story.pop(), end, heading=True), at - 1
        return end

    def _annex(self, annex: model.Annex) -> list[Flowable]:
        """An annex from a new page on: its name, title and the line that says what it belongs to."""
        room = _ON_ITS_SIDE if annex.landscape else _UPRIGHT
        width = room.width
        bold, italic = style(fonts.BOLD, align="center"), style(fonts.ITALIC, align="center")
        title = even_lines(layout.clean(annex.title).upper(), fonts.BOLD, layout.SIZE_BODY, width - 20 * mm)
        reference = even_lines(layout.annex_reference(self.document), fonts.ITALIC, layout.SIZE_BODY, width)
        blank = self.document.number is None and self.document.issued_on is None
        return [
            NextPageTemplate(_LANDSCAPE if annex.landscape else _PORTRAIT),
            _CountAnew(),
            PageBreak(),
            Paragraph(markup(layout.annex_name(self.document, annex), fonts.BOLD), bold),
            *(Paragraph(markup(one, fonts.BOLD), bold) for one in title),
            *(AnnexReference(one, italic, self.marks if blank else None) for one in reference),
            Spacer(0, 8),
            *self._blocks(annex.blocks, room),
        ]


def _addressees(document: model.Document) -> list[Flowable]:
    """Kính gửi: one addressee centred on its line, several under each other after the colon."""
    lines = layout.addressee_lines(document)
    if not lines:
        return []
    if len(lines) == 1:
        return [Paragraph(markup(f"Kính gửi: {lines[0]}"), style(align="center", before=16)), Spacer(0, 8)]
    start, items, hang = addressee_indents(lines)
    item, head = style(align="left", left=items, indent=-hang), style(align="left", left=start, before=16)
    return [
        Paragraph("Kính gửi:", head),
        *(Paragraph(markup(one), item) for one in lines),
        Spacer(0, 8),
    ]


def _begins(blocks: Sequence[model.Block], index: int) -> bool:
    """Whether a chain of headings and sentences that lead on begins here; the opening of a paper has its room."""

    def leads(at: int) -> bool:
        return layout.leads_on(blocks[at]) and (at > 0 or isinstance(blocks[at], model.Heading))

    return leads(index) and (index == 0 or not leads(index - 1))


def _needed(blocks: Sequence[model.Block], room: _Room) -> float:
    """The height that headings, sentences that lead on, and the beginning of what follows want on one page."""
    height = 0.0
    for block in blocks:
        if isinstance(block, model.PhotoGrid):
            return height + photo_height(block.rows, room.height) + 17 * mm
        if isinstance(block, model.Table):
            return height + first_rows_height(block, *room) + layout.SPACE_BETWEEN
        lines = _lines(block, room)
        on = layout.leads_on(block)
        height += (lines if on else min(lines, 3)) * layout.LEADING + layout.SPACE_BETWEEN
        if not on or height > room.height / 2:
            return height
    return height


def _lines(block: model.Heading | model.Paragraph, room: _Room) -> int:
    """About how many lines a text takes, rather one too many."""
    face, lead = (fonts.REGULAR, block.lead_in) if isinstance(block, model.Paragraph) else (fonts.BOLD, "")
    width = fonts.text_width(line(f"{lead} {block.text}", face), face, layout.SIZE_BODY) + layout.INDENT
    return 1 if width < room.width - 20 else 1 + int(width / (room.width - 20))


def _all_text(document: model.Document) -> str:
    """All words on the paper, to find what cannot be drawn."""
    return f"{document.letterhead}{document.subject}{document.symbol}{document.signatory}" + "".join(
        map(str, (*document.blocks, *document.annexes, *document.addressees, *document.recipients))
    )
