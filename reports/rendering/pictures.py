"""Photos as papers carry them: asked for by hash, in colours that every reader and PDF/A allow."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, UnidentifiedImageError

from reports.document import Drawing
from reports.rendering import layout

# Gives the scaled JPEG or PNG for a SHA-256, None where there is none.
PhotoLoader = Callable[[str], bytes | None]

_HEADING, _CAPTION = 30 * layout.MM, 17 * layout.MM
NO_PHOTO = "(Ảnh lưu trong hồ sơ kiểm tra)"


def usable_picture(data: bytes) -> tuple[BytesIO, tuple[int, int]] | None:
    """A JPEG in RGB or grey with its size in pixels; None where the bytes are no image.

    Other formats and colours (CMYK, palettes, transparency) are converted.
    """
    try:
        with Image.open(BytesIO(data)) as image:
            if image.format == "JPEG" and image.mode in {"RGB", "L"}:
                return BytesIO(data), image.size
            converted = BytesIO()
            image.convert("RGB").save(converted, "JPEG", quality=85)
            return BytesIO(converted.getvalue()), image.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def photo_height(rows: int, page_height: float) -> float:
    """The height in points of a photo of which so many stand under each other on a page, with two lines each.

    An annex's heading keeps its room on every page, so that the photos are of one size.
    """
    return (page_height - _HEADING) / min(max(rows, 1), 3) - _CAPTION


def fitted(size: tuple[int, int], width: float, height: float) -> tuple[float, float]:
    """The size in points of a picture that fits a width and a height."""
    across, down = size
    scale = min(width / across, height / down)
    return across * scale, down * scale


def drawn_png(drawing: Drawing) -> bytes:
    """A signature drawn on glass as a PNG with a transparent ground, 1000 pixels wide."""
    image = Image.new("RGBA", (1000, drawing.height), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    for points in drawing.lines():
        pen.line(points, fill=(0, 0, 153, 255), width=9, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=(0, 0, 153, 255))
    stream = BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
