"""The visible appearance of a signature, drawn as a one-page PDF of the rectangle's size.

ReportLab draws it because every letter must be in an embedded font: the signing library's own text does not
keep PDF/A. NĐ 30/2020/NĐ-CP, Phụ lục I, Mục II: the picture of the personal signature stands between chức vụ
and họ tên, centred; who signed, for which body and when (with the time zone +07:00) is told below it.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from PIL import Image
from reportlab import rl_config
from reportlab.lib.colors import Color, black
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

from reports.rendering.fonts import BOLD, REGULAR, load_fonts, text_width
from reports.signing.keys import TEST_MARK, VIETNAM
from reports.signing.signing_errors import StampImageError

# ASCII85 makes pictures a quarter larger and slow to write.
rl_config.useA85 = 0

_TEST_RED = Color(0.80, 0.06, 0.10)
_FULL_SIZE = 10.0  # Phụ lục I: upright, size 10, black, where there is room
_LEAST_UNWRAPPED = 7.5
_LEAST_SIZE = 4.5
_LEADING = 1.18
_PADDING = 2.0
# The handwriting gets at most this share of the height; the text is needed to tell who and when.
_IMAGE_SHARE = 0.55
_SEAL_INSET = 0.13
_MAX_IMAGE_BYTES = 5 * 1024 * 1024
_MAX_IMAGE_PIXELS = 4_000_000


@dataclass(frozen=True)
class StampText:
    """What the stamp tells; ``at`` is any aware moment, shown in Vietnamese time."""

    name: str
    organisation: str
    at: datetime
    is_test: bool

    def lines(self) -> list[str]:
        """The printed lines, test mark not among them."""
        facts = [
            ("Ký bởi", self.name),
            ("Cơ quan", self.organisation),
            ("Thời gian ký", vietnamese_time(self.at)),
        ]
        return [unicodedata.normalize("NFC", f"{label}: {text}") for label, text in facts if text]


def vietnamese_time(moment: datetime) -> str:
    """A moment as a stamp shows it: dd.mm.yyyy HH:MM:SS +07:00."""
    return moment.astimezone(VIETNAM).strftime("%d.%m.%Y %H:%M:%S +07:00")


def draw_stamp(text: StampText, width: float, height: float, *, image: bytes | None = None) -> bytes:
    """Draw the appearance.

    Args:
        text: who, for whom, when.
        width: of the signature's rectangle, points.
        height: likewise.
        image: PNG with transparent ground, the handwritten signature.

    Returns:
        A PDF of one page of that size.

    Raises:
        StampImageError: the image is no usable PNG.
        FontsMissingError: the fonts are not installed.
    """
    with _page(width, height) as (canvas, buffer):
        top = height - _PADDING
        if image is not None:
            top = _draw_image(canvas, image, width, top, share=_IMAGE_SHARE * height)
        _draw_lines(canvas, _styled(text), width, top)
        _frame_test(canvas, width, height, is_test=text.is_test)
    return buffer.getvalue()


def draw_seal(text: StampText, width: float, height: float, *, free: float, image: bytes | None = None) -> bytes:
    """Draw the appearance of the body's own signature.

    NĐ 30/2020/NĐ-CP, Phụ lục I: the picture of the red seal in its actual size, over the left third of the
    personal signature. Without a picture the body's name and the time stand to the left of that third, so that
    they cover nothing.

    Args:
        text: for whom, when; ``name`` is not told.
        width: of the rectangle, points.
        height: likewise.
        free: the part of the width, from the left, that does not lie over the personal signature.
        image: PNG with transparent ground, the seal.

    Returns:
        A PDF of one page of that size.

    Raises:
        StampImageError: the picture is no usable PNG.
        FontsMissingError: the fonts are not there.
    """
    with _page(width, height) as (canvas, buffer):
        if image is not None:
            _draw_image(canvas, image, width, height, share=height, padding=0)
            lines = [(BOLD, _TEST_RED, TEST_MARK)] if text.is_test else []
        else:
            lines, width = _styled(replace(text, name="")), width * free
            canvas.translate(0, height * _SEAL_INSET)  # clear of chức vụ and họ tên
            height *= 1 - 2 * _SEAL_INSET
        _draw_lines(canvas, lines, width, height - _PADDING)
        _frame_test(canvas, width, height, is_test=text.is_test)
    return buffer.getvalue()


@contextmanager
def _page(width: float, height: float) -> Iterator[tuple[Canvas, io.BytesIO]]:
    """A page to draw on; the file is whole when the block ends."""
    load_fonts()
    buffer = io.BytesIO()
    # Invariant: the same stamp has the same bytes.
    canvas = Canvas(
        buffer,
        pagesize=(width, height),
        initialFontName=REGULAR,  # type: ignore[arg-type] # the stubs take it for a number
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
    )
    yield canvas, buffer
    canvas.showPage()
    canvas.save()


def _frame_test(canvas: Canvas, width: float, height: float, *, is_test: bool) -> None:
    if is_test:
        canvas.setStrokeColor(_TEST_RED)
        canvas.setLineWidth(0.8)
        canvas.rect(0.4, 0.4, width - 0.8, height - 0.8)


def _styled(text: StampText) -> list[tuple[str, Color, str]]:
    """The lines with their faces and colours, the test mark first."""
    mark = [(BOLD, _TEST_RED, TEST_MARK)] if text.is_test else []
    return [*mark, *((REGULAR, black, line) for line in text.lines())]


def _draw_lines(canvas: Canvas, styled: list[tuple[str, Color, str]], width: float, top: float) -> None:
    """Set the lines in the largest size that fits, centred in what is left of the height."""
    if not styled:
        return
    room = width - 2 * _PADDING
    size, rows = _fit(styled, room, top - _PADDING)
    baseline = top - (top - _PADDING - len(rows) * size * _LEADING) / 2 - size
    for font, color, row in rows:
        canvas.setFillColor(color)
        canvas.setFont(font, size)
        canvas.drawCentredString(width / 2, baseline, row)
        baseline -= size * _LEADING


def _fit(
    styled: list[tuple[str, Color, str]], width: float, height: float
) -> tuple[float, list[tuple[str, Color, str]]]:
    """The largest size at which all lines stay inside; wrapped only where they would get too small."""
    size = _FULL_SIZE
    while size >= _LEAST_UNWRAPPED:
        if _inside(styled, size, width, height):
            return size, styled
        size -= 0.25
    size = _FULL_SIZE
    while True:
        rows = [(font, color, row) for font, color, line in styled for row in simpleSplit(line, font, size, width)]
        if size <= _LEAST_SIZE or _inside(rows, size, width, height):
            return size, rows
        size -= 0.25


def _inside(rows: list[tuple[str, Color, str]], size: float, width: float, height: float) -> bool:
    widest = max(text_width(row, font, size) for font, _color, row in rows)
    return widest <= width and len(rows) * size * _LEADING <= height


def _draw_image(  # noqa: PLR0913 (a place and its limits)
    canvas: Canvas, data: bytes, width: float, top: float, *, share: float, padding: float = _PADDING
) -> float:
    """Centre the picture at the top; returns the height that is left below it."""
    picture = _open_png(data)
    scale = min((width - 2 * padding) / picture.width, share / picture.height)
    drawn_width, drawn_height = picture.width * scale, picture.height * scale
    canvas.drawImage(
        ImageReader(picture),
        (width - drawn_width) / 2,
        top - drawn_height,
        width=drawn_width,
        height=drawn_height,
        mask="auto",
    )
    return top - drawn_height


def _open_png(data: bytes) -> Image.Image:
    if len(data) > _MAX_IMAGE_BYTES:
        raise _unusable_image()
    try:
        picture = Image.open(io.BytesIO(data), formats=["PNG"])
        small = picture.width * picture.height <= _MAX_IMAGE_PIXELS
        if small:
            return picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _unusable_image() from error
    raise _unusable_image()


def _unusable_image() -> StampImageError:
    return StampImageError(
        "Ảnh chữ ký không phải tệp PNG dùng được (tối đa 5 MB, 4 triệu điểm ảnh); "
        "hãy quét lại chữ ký và lưu dạng PNG nền trong suốt."
    )
