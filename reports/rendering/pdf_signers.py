"""Several people who sign one paper side by side, as on a biên bản, with what they drew on glass."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable, Paragraph

from reports.document import Document, Drawing, Signatory
from reports.rendering import fonts, layout
from reports.rendering.pdf_parts import SIGNER_SPACE, Marks, draw_stack, recipient_paragraphs, stack_height
from reports.rendering.pdf_text import markup, style

_PEN = 1.3  # thickness of a drawn stroke
_BELOW = 8.0  # between the signers and Nơi nhận


class SignersBlock(Flowable):
    """Columns of signers, the signatory's the last and widest; their titles and names on common lines."""

    def __init__(self, document: Document, marks: Marks, gap: float) -> None:
        super().__init__()
        self.marks, self.gap = marks, gap
        self.signers = [*document.cosigners, document.signatory]
        bold = style(fonts.BOLD, align="center", leading=16.5)
        told = [layout.signer_lines(one) for one in self.signers]
        self.above = [[Paragraph(markup(text, fonts.BOLD), bold) for text in above] for above, _ in told]
        self.below = [[Paragraph(markup(text, fonts.BOLD), bold) for text in below] for _, below in told]
        self.recipients = recipient_paragraphs(document) if document.recipients else []

    def getSpaceBefore(self) -> float:  # noqa: N802 - ReportLab's name
        return SIGNER_SPACE

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        self.width = available_width
        self.column = available_width / len(self.signers)
        self.top = max(stack_height(one, self.column - 6) for one in self.above)
        names = max(stack_height(one, self.column - 6) for one in self.below)
        listed = stack_height(self.recipients, available_width)
        self.signing = self.top + self.gap + names
        self.height = self.signing + (listed + _BELOW if listed else 0)
        return available_width, self.height

    def draw(self) -> None:
        for index, signer in enumerate(self.signers):
            x = index * self.column
            draw_stack(self.canv, self.above[index], x + 3, self.height)
            draw_stack(self.canv, self.below[index], x + 3, self.height - self.top - self.gap)
            self._room(signer, x)
        draw_stack(self.canv, self.recipients, 0, self.height - self.signing - _BELOW)

    def _room(self, signer: Signatory, x: float) -> None:
        """The place of the signature; the signatory's is that of the field, with the seal over its left third."""
        width, height, seal = min(layout.SIGNATURE_WIDTH, self.column - 6), layout.SIGNATURE_HEIGHT, layout.SEAL_SIZE
        middle = self.height - self.top - self.gap / 2
        left = x + (self.column - width) / 2
        if signer.drawn is not None:
            draw_strokes(self.canv, signer.drawn, (left, middle - height / 2, width, height))
        if signer is self.signers[-1]:
            self.marks.record("signature", self.canv, (left, middle - height / 2, width, height))
            over = max(left + width / 3 - seal, x)
            self.marks.record("seal", self.canv, (over, middle - seal / 2, seal, seal))


def draw_strokes(canvas: Any, drawing: Drawing, box: tuple[float, float, float, float]) -> None:
    """Draw strokes as large as a box (x, y, width, height) holds them, in its middle."""
    x, y, width, height = box
    scale = min(width / 1000, height / drawing.height)
    left, top = x + (width - 1000 * scale) / 2, y + (height + drawing.height * scale) / 2
    canvas.saveState()
    canvas.setLineWidth(_PEN)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    canvas.setStrokeColorRGB(0, 0, 0.6)
    path = canvas.beginPath()
    for points in drawing.lines():
        path.moveTo(left + points[0][0] * scale, top - points[0][1] * scale)
        for across, down in points[1:]:
            path.lineTo(left + across * scale, top - down * scale)
    canvas.drawPath(path)
    canvas.restoreState()
