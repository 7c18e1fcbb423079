"""The pages of a scanned PDF as pictures, so that a paper can carry them.

The file is a stranger's: ``draw_here`` is for the bounded child (``bounded.py``). Nothing in the file is run; forms
and signatures show as they stand. The original stays what it is: these are pictures to read it by.
"""

from __future__ import annotations

import io
import time
from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import Image, ImageChops

MOST_PAGES = 20
LONGEST = 1754
"""Pixels of a page's longer side: A4 at 150 dpi."""
DPI = 150
QUALITY = 75
ENOUGH = 3.0
"""Seconds after which a child begins no further page: the rest is another child's."""
PATIENCE = 30.0
"""Seconds after which no further child is asked, so that one file does not hold up whoever composes the paper."""
_COLOURED = 48
_HAS_PASSWORD = 4  # FPDF_ERR_PASSWORD


class ScanError(Exception):
    """A scan of which no page can be drawn; the message says so in a sentence."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or "tệp không phải PDF đọc được; hãy quét lại bản giấy rồi đính lại.")


@dataclass(frozen=True)
class ScanPages:
    """Pages of a scan.

    Attributes:
        count: how many pages the file has.
        pages: JPEGs in their order, None for a page that cannot be read.
    """

    count: int
    pages: tuple[bytes | None, ...]


def draw_here(data: bytes, first: int, most: int) -> ScanPages:
    """Draw pages from ``first`` (counted from 0) on: at least one, and no new one when time is running out.

    Raises:
        ScanError: no PDF, or one with a password, or without pages.
    """
    until = time.monotonic() + ENOUGH
    document = _opened(data)
    count = len(document)
    if not count:
        raise ScanError
    pages: list[bytes | None] = []
    for number in range(first, min(count, most)):
        pages.append(_page(document, number))
        if time.monotonic() > until:
            break
    return ScanPages(count, tuple(pages))


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _HAS_PASSWORD:
            raise ScanError("tệp có mật khẩu nên không mở được; hãy bỏ mật khẩu rồi đính lại.") from error
        raise ScanError from error
    return document


def _page(document: pdfium.PdfDocument, number: int) -> bytes | None:
    """One page, in grey where it has no colour (a red seal is one)."""
    try:
        page = document[number]
        scale = min(DPI / 72, LONGEST / max(*page.get_size(), 1))
        image = page.render(scale=scale, limit_image_cache=True).to_pil().convert("RGB")
        page.close()
    except (pdfium.PdfiumError, ValueError, OSError, ZeroDivisionError):
        return None
    stream = io.BytesIO()
    (image if _coloured(image) else image.convert("L")).save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


def _coloured(image: Image.Image) -> bool:
    """Whether a page has colour that tells something, not only a scanner's yellowish paper."""
    red, green, blue = image.resize((max(1, image.width // 8), max(1, image.height // 8))).split()
    apart = (ImageChops.difference(red, other) for other in (green, blue))
    return any(sum(one.histogram()[_COLOURED:]) for one in apart)
