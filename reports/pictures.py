"""Photos as papers carry them: asked for by hash, in colours that every reader and PDF/A allow."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from reports import layout

# Gives the scaled JPEG or PNG for a SHA-256, None where there is none.
PhotoLoader = Callable[[str], bytes | None]

NO_PHOTO = "(Ảnh lưu trong hồ sơ kiểm tra)"
PHOTO_HEIGHT = 62 * layout.MM


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


def fitted(size: tuple[int, int], width: float) -> tuple[float, float]:
    """The size in points of a picture that fits a width and the height of a row of photos."""
    across, down = size
    scale = min(width / across, PHOTO_HEIGHT / down)
    return across * scale, down * scale
