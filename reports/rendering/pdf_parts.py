"""The parts of a paper that ReportLab has no flowable for: letterhead, title, signer block, closing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NamedTuple

from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, Paragraph

from reports.document import Document
from reports.rendering import fonts, layout
from reports.rendering.pdf_text import even_lines, line, markup, style

_RULE = 0.75  # thickness of the lines under tiêu ngữ, body and trích yếu
_LINE = 16.5  # from baseline to baseline in the letterhead
SIGNER_SPACE = 10.0  # between the text and the signer block
_ANNEX_BLANK = "annex blank "
_BLANK = re.compile(rf"{layout.NBSP}{{{len(layout.DATE_BLANK)},}}")
_ASCENT = 0.891  # of Times New Roman's em, above the baseline


class Rect(NamedTuple):
    """A place on a page: index of the page from 0, corners in points from the page's lower left."""

    page: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass
class Marks:
    """Where things came to stand while the paper was drawn, by name."""

    rects: dict[str, Rect] = field(default_factory=dict)

    def record(self, name: str, canvas: Any, box: tuple[float, float, float, float]) -> None:
        """Remember a box (x, y, width, height in the canvas' present coordinates)."""
        x, y = canvas.absolutePosition(box[0], box[1])
        page = canvas.getPageNumber() - 1
        self.rects[name] = Rect(page, *(round(value, 2) for value in (x, y, x + box[2], y + box[3])))


class LetterheadBlock(Flowable):
    """Top of page 1 in two columns, number and date on one baseline, "V/v" under the number."""

    def __init__(self, document: Document, marks: Marks) -> None:
        super().__init__()
        self.document, self.marks = document, marks
        wanted = max(
            fonts.text_width(layout.STATE, fonts.BOLD, layout.SIZE_LETTERHEAD),
            fonts.text_width(line(layout.date_line(document)), fonts.ITALIC, layout.SIZE_DATE_SMALL),
        )
        self.right = min(wanted + 2, layout.TEXT_WIDTH - 50 * layout.MM)
        self.left = layout.TEXT_WIDTH - self.right - 3 * layout.MM
        head = document.letterhead
        width, size = self.left, layout.SIZE_LETTERHEAD
        self.superior = self._wrapped(layout.letterhead_lines(head.superior), fonts.REGULAR, size, width)
        self.body = self._wrapped(layout.letterhead_lines(head.body), fonts.BOLD, size, width)
        self.about = self._wrapped([layout.about_line(document)], fonts.REGULAR, layout.SIZE_ABOUT, width)
        self._measure()

    @staticmethod
    def _wrapped(lines: list[str], face: str, size: float, width: float) -> list[str]:
        return [part for one in lines if one for part in even_lines(one, face, size, width)]

    def _measure(self) -> None:
        """Fix the baselines, counted downwards from the block's top."""
        self.first = layout.SIZE_LETTERHEAD * _ASCENT
        lines = max(len(self.superior) + len(self.body), 1)
        self.body_rule = self.first + (lines - 1) * _LINE + 6
        self.motto_rule = self.first + _LINE + 6
        self.number = max(self.body_rule, self.motto_rule) + 20
        last = self.number + (3 + len(self.about) * 14 if self.about else 0)
        self.height = last + 5

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        self.width = available_width
        return available_width, self.height

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.setLineWidth(_RULE)
        self._draw_body()
        self._draw_state()
        self._draw_number()
        if layout.date_line(self.document):
            self._draw_date()
        self.canv.restoreState()

    def _centred(self, text: str, face: str, size: float, centre: float, down: float) -> float:
        """Draw one centred line; its left edge."""
        width = fonts.text_width(text, face, size)
        self.canv.setFont(face, size)
        self.canv.drawString(centre - width / 2, self.height - down, text)
        return centre - width / 2

    def _rule(self, centre: float, length: float, down: float) -> None:
        y = self.height - down
        self.canv.line(centre - length / 2, y, centre + length / 2, y)

    def _draw_body(self) -> None:
        size, centre, down = layout.SIZE_LETTERHEAD, self.left / 2, self.first
        for text, face in [(s, fonts.REGULAR) for s in self.superior] + [(b, fonts.BOLD) for b in self.body]:
            self._centred(text, face, size, centre, down)
            down += _LINE
        last = fonts.text_width(self.body[-1], fonts.BOLD, size) if self.body else 0
        self._rule(centre, last * 0.45, self.body_rule)  # a third to a half of the line above it

    def _draw_state(self) -> None:
        centre = self.width - self.right / 2
        self._centred(layout.STATE, fonts.BOLD, layout.SIZE_LETTERHEAD, centre, self.first)
        self._centred(layout.MOTTO, fonts.BOLD, layout.SIZE_MOTTO, centre, self.first + _LINE)
        length = fonts.text_width(layout.MOTTO, fonts.BOLD, layout.SIZE_MOTTO)
        self._rule(centre, length, self.motto_rule)

    def _draw_number(self) -> None:
        lead, number, symbol = (line(part) for part in layout.number_parts(self.document))
        face, size, centre = fonts.REGULAR, layout.SIZE_NUMBER, self.left / 2
        x = self._centred(lead + number + symbol, face, size, centre, self.number)
        self._mark("number", x + fonts.text_width(lead, face, size), number, face, size)
        down = self.number + 3
        for text in self.about:
            down += 14
            self._centred(text, face, layout.SIZE_ABOUT, centre, down)

    def _draw_date(self) -> None:
        parts = [line(part) for part in layout.date_parts(self.document)]
        face, text, size = fonts.ITALIC, "".join(parts), float(layout.SIZE_DATE)
        if fonts.text_width(text, face, size) > self.right:
            size = layout.SIZE_DATE_SMALL
            size *= min(1.0, self.right / fonts.text_width(text, face, size))
        x = self._centred(text, face, size, self.width - self.right / 2, self.number)
        self._mark("date", x, text, face, size)
        self._mark("day", x + fonts.text_width(parts[0], face, size), parts[1], face, size)
        self._mark("month", x + fonts.text_width("".join(parts[:3]), face, size), parts[3], face, size)

    def _mark(self, name: str, x: float, text: str, face: str, size: float) -> None:
        width = fonts.text_width(text, face, size)
        self.marks.record(name, self.canv, (x, self.height - self.number - 0.25 * size, width, 1.15 * size))


class TitleBlock(Flowable):
    """Type name, trích yếu in even lines, and the short line under them."""

    spaceBefore = 14.0  # noqa: N815 - ReportLab's name
    spaceAfter = 8.0  # noqa: N815

    def __init__(self, name: str, subject: str) -> None:
        super().__init__()
        self.name, self.size = line(name, fonts.BOLD), layout.SIZE_BODY
        width = layout.TEXT_WIDTH - 2 * layout.TITLE_INSET
        self.subject = even_lines(subject, fonts.BOLD, self.size, width) if subject.strip() else []
        self.height = layout.LEADING * (1 + len(self.subject)) + 3

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        self.width = available_width
        return available_width, self.height

    def draw(self) -> None:
        down, widest = self.size * _ASCENT, 0.0
        self.canv.setFont(fonts.BOLD, self.size)
        for text in (self.name, *self.subject):
            self.canv.drawCentredString(self.width / 2, self.height - down, text)
            down += layout.LEADING
        widest = max((fonts.text_width(s, fonts.BOLD, self.size) for s in self.subject), default=0)
        half = max(widest, fonts.text_width(self.name, fonts.BOLD, self.size)) * 0.2
        self.canv.setLineWidth(_RULE)
        self.canv.line(self.width / 2 - half, 1, self.width / 2 + half, 1)


class SignerBlock(Flowable):
    """Nơi nhận on the left, the signer on the right, room for signature and seal between title and name."""

    def __init__(self, document: Document, marks: Marks, gap: float, *, with_recipients: bool = True) -> None:
        super().__init__()
        self.marks, self.gap = marks, gap
        self.left = layout.TEXT_WIDTH - layout.SIGNER_WIDTH
        self.recipients = recipient_paragraphs(document) if with_recipients else []
        above, below = layout.signer_lines(document.signatory)
        bold = style(fonts.BOLD, align="center")
        self.above = [Paragraph(markup(text, fonts.BOLD), bold) for text in above]
        self.below = [Paragraph(markup(text, fonts.BOLD), bold) for text in below]

    def getSpaceBefore(self) -> float:  # noqa: N802 - ReportLab's name
        return SIGNER_SPACE

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        self.width = available_width
        self.column = min(layout.SIGNER_WIDTH, available_width)
        self.top = stack_height(self.above, self.column)
        signer = self.top + self.gap + stack_height(self.below, self.column)
        self.height = max(signer, stack_height(self.recipients, self.left - 3 * layout.MM))
        return available_width, self.height

    def draw(self) -> None:
        x = self.width - self.column
        y = draw_stack(self.canv, self.above, x, self.height)
        self._record(x + self.column / 2, y - self.gap / 2)
        draw_stack(self.canv, self.below, x, y - self.gap)
        draw_stack(self.canv, self.recipients, 0, self.height)

    def _record(self, centre: float, middle: float) -> None:
        """The signature is centred under the title; the seal covers its left third (NĐ 30/2020 Phụ lục I)."""
        width, height, seal = layout.SIGNATURE_WIDTH, layout.SIGNATURE_HEIGHT, layout.SEAL_SIZE
        left = centre - width / 2
        self.marks.record("signature", self.canv, (left, middle - height / 2, width, height))
        self.marks.record("seal", self.canv, (left + width / 3 - seal, middle - seal / 2, seal, seal))


class AnnexReference(Paragraph):
    """A line of "(Kèm theo Thông báo số … ngày … tháng …)", which tells where its blanks came to stand."""

    def __init__(self, text: str, style: Any, marks: Marks | None) -> None:
        super().__init__(markup(text, fonts.ITALIC), style)
        self.text, self.marks = line(text, fonts.ITALIC), marks

    def draw(self) -> None:
        super().draw()
        if self.marks is None:
            return
        face, size = self.style.fontName, self.style.fontSize
        left = (self.width - fonts.text_width(self.text, face, size)) / 2
        baseline = self.height - size  # where ReportLab begins a paragraph of one face
        for blank in _BLANK.finditer(self.text):
            x = left + fonts.text_width(self.text[: blank.start()], face, size)
            width = fonts.text_width(blank.group(), face, size)
            name = f"{_ANNEX_BLANK}{sum(one.startswith(_ANNEX_BLANK) for one in self.marks.rects)}"
            self.marks.record(name, self.canv, (x, baseline - 0.25 * size, width, 1.15 * size))


def annex_blanks(rects: Mapping[str, Rect], document: Document) -> tuple[tuple[Rect, ...], ...]:
    """Number, day and month of each annex, of the rectangles by name; of minutes, whose day is known, the number."""
    found = [rect for name, rect in rects.items() if name.startswith(_ANNEX_BLANK)]
    each = 1 if document.held_on else 3
    return tuple(tuple(found[at : at + each]) for at in range(0, len(found), each))


def recipient_paragraphs(document: Document) -> list[Paragraph]:
    """Nơi nhận as small paragraphs, each line hanging after its dash."""
    size = layout.SIZE_RECIPIENTS
    hang = fonts.text_width("- ", fonts.REGULAR, size)
    item = style(size=size, leading=13, align="left", indent=-hang, left=hang)
    head = style(fonts.BOLD_ITALIC, layout.SIZE_RECIPIENTS_HEAD, 15, "left")
    lines = [Paragraph(markup(text), item) for text in layout.recipient_lines(document)]
    return [Paragraph("Nơi nhận:", head), *lines]


def stack_height(parts: list[Paragraph], width: float) -> float:
    """The height of paragraphs under each other; each remembers its own."""
    return float(sum(part.wrap(width, 1e6)[1] for part in parts))


def draw_stack(canvas: Any, parts: list[Paragraph], x: float, y: float) -> float:
    """Draw paragraphs one under the other from y downwards; where the next would begin."""
    for part in parts:
        y -= part.height
        part.drawOn(canvas, x, y)
    return y


class _Jpeg(ImageReader):
    """A JPEG that goes into the file as it is; it has no transparency."""

    _dataA = None  # noqa: N815 - ReportLab's name

    def getRGBData(self) -> bytes:  # noqa: N802 - ReportLab's name
        """What ReportLab tells pictures apart by: the file's bytes; decoding the pixels takes ten times as long."""
        return bytes(self.fp.getvalue())


class Picture(Flowable):
    """A JPEG, centred in its column; size in points."""

    hAlign = "CENTER"  # noqa: N815 - ReportLab's name

    def __init__(self, jpeg: BytesIO, size: tuple[float, float]) -> None:
        super().__init__()
        self.jpeg, self.size = jpeg, size

    def wrap(self, _available_width: float, _available_height: float) -> tuple[float, float]:
        return self.size

    def draw(self) -> None:
        self.canv.drawImage(_Jpeg(self.jpeg), 0, 0, *self.size)


class Closing(Flowable):
    """The last part of the text together with the signer block: a signature never stands on a page alone.

    ``end`` is the signer block or another Closing, so that a one-line ending takes along the text before it, and
    the text the headings over it.
    """

    def __init__(self, last: Flowable, end: Flowable, *, heading: bool = False) -> None:
        super().__init__()
        self.last, self.end, self.heading = last, end, heading

    def getSpaceBefore(self) -> float:  # noqa: N802 - ReportLab's name
        return float(self.last.getSpaceBefore())

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.last_height = self.last.wrap(available_width, available_height)[1]
        end = self.end.wrap(available_width, available_height)[1]
        self.height = self.last_height + self.end.getSpaceBefore() + end
        return available_width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Leave of a paragraph what fits on the page, but take at least two lines over to the signature."""
        self.wrap(available_width, available_height)
        if not isinstance(self.last, Paragraph) or self.height <= available_height:
            return []
        if self.heading:
            return self._split_under(available_width, available_height)
        room = min(available_height, self.last_height - 2 * self.last.style.leading)
        parts = self.last.split(available_width, room)
        if len(parts) == 2:
            return [parts[0], Closing(parts[1], self.end)]
        if isinstance(self.end, Closing) and self.last_height <= available_height and self._too_tall():
            return [self.last, self.end]
        return []

    def _split_under(self, available_width: float, available_height: float) -> list[Flowable]:
        """A heading stays only with lines of what it is the heading of."""
        room = available_height - self.last_height - self.end.getSpaceBefore()
        rest = self.end.split(available_width, room) if room > 0 else []
        return [self.last, *rest] if rest else []

    def _too_tall(self) -> bool:
        """Whether not even an empty page could hold all of it."""
        return bool(self.height > layout.TEXT_HEIGHT)

    def draw(self) -> None:
        self.last.drawOn(self.canv, 0, self.height - self.last_height)
        self.end.drawOn(self.canv, 0, 0)
