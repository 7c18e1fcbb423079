"""The verification line with its QR, at the end of the last annex of an issued PDF.

Page 1 belongs to NĐ 30/2020; so a paper without an annex has none. Drafts (the DOCX, the screen) have none either: the
code would vouch for a paper that is not out.
"""

from __future__ import annotations

from typing import Any

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph

from reports.rendering.layout import SPACE_BETWEEN
from reports.rendering.pdf_text import markup, style

_SIDE = 24 * mm
_QUIET = 4
_GAP = 4 * mm
_SIZE = 10


def modules_of(address: str) -> list[list[bool]]:
    """The QR's dark modules, row by row, without the quiet zone (ISO/IEC 18004, correction level M)."""
    code: Any = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(address)
    code.make()
    return [[bool(dark) for dark in row] for row in code.modules]


class SelfCheck(Flowable):
    """QR and address beside each other."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.modules = modules_of(address)
        look = style(align="left", size=_SIZE, leading=_SIZE * 1.25)
        self.text = Paragraph(markup(f"Xác minh tệp đã ký của văn bản này tại: {address}"), look)

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """The room that it takes, in points."""
        self.width = available_width
        _, self.lines = self.text.wrap(available_width - _SIDE - _GAP, _SIDE)
        self.height = max(_SIDE, self.lines) + SPACE_BETWEEN
        return self.width, self.height

    def draw(self) -> None:
        """Dark squares as rectangles: nothing is scaled or smoothed by a viewer."""
        canvas: Any = self.canv
        count = len(self.modules)
        unit = _SIDE / (count + 2 * _QUIET)
        for row, darks in enumerate(self.modules):
            for column, dark in enumerate(darks):
                if dark:
                    x, y = (_QUIET + column) * unit, _SIDE - (_QUIET + row + 1) * unit
                    canvas.rect(x, y, unit, unit, stroke=0, fill=1)
        self.text.drawOn(canvas, _SIDE + _GAP, (_SIDE - self.lines) / 2)
