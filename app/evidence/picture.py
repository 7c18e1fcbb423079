"""The copy of a photo that is shown and issued: upright, smaller, with its layer drawn on it.

What is covered cannot be brought back from the copy: a covered rectangle is first reduced to a few cells, then
blurred. The copy carries nothing of the original's metadata. The original is only read.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from app.errors import UnprocessableError
from reports.incoming.bounded import BoundedError, bounded
from reports.rendering.fonts import BOLD, DIRECTORY, FILES

LONGEST_SIDE = 1600
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP")
MANY_PIXELS = 20_000_000
"""From here on a picture is made smaller before it is turned and converted, each of which copies it."""
CELLS = 8
"""A covered rectangle keeps at most so many cells along its longer side."""
WHOLE = 10_000
RED, WHITE = (208, 0, 0), (255, 255, 255)
STROKE, LETTERS, HEAD = 120, 25, 24
"""Stroke, letters and an arrow's head are this part of the picture's longer side; the tablet draws the same."""

Marks = tuple[Mapping[str, Any], ...]


class UnreadablePictureError(UnprocessableError):
    """The bytes are no picture any more."""

    code = "unreadable_picture"


def merged(layers: Iterable[Iterable[Mapping[str, Any]]]) -> Marks:
    """Marks of several values of one photo, each once: what anybody covered stays covered."""
    found = {orjson.dumps(mark, option=orjson.OPT_SORT_KEYS): mark for layer in layers for mark in layer}
    return tuple(found[key] for key in sorted(found))


def layer_key(marks: Marks) -> str:
    """The name of a layer: by it the copy is made anew when the layer changes. Empty for none."""
    return sha256(orjson.dumps(marks, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32] if marks else ""


def composed(data: bytes, marks: Marks = (), longest: int = LONGEST_SIDE) -> bytes:
    """The copy of a photo as JPEG, at most ``longest`` pixels on its longer side; one that is too much fails by itself.

    Raises:
        UnreadablePictureError: with what to do.
    """
    try:
        return bounded(compose_here, data, tuple(dict(mark) for mark in marks), longest)
    except BoundedError as error:
        raise UnreadablePictureError(f"Ảnh không thu nhỏ được. {error.message}") from error


def compose_here(data: bytes, marks: Marks, longest: int) -> bytes:
    """As ``composed``, unbounded; for the bounded child."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            image.draft("RGB", (longest, longest))
            if image.width * image.height > MANY_PIXELS:
                image.thumbnail((longest, longest))
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadablePictureError("Ảnh không đọc được để thu nhỏ; hãy xem lại ảnh gốc.") from error
    picture.thumbnail((longest, longest))
    # Covered first: nothing that is drawn may vanish under a cover of another value.
    for mark in sorted(marks, key=lambda mark: mark["kind"] != "cover"):
        _DRAWN[mark["kind"]](picture, mark)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=QUALITY, comment=b"")
    return stream.getvalue()


def _point(picture: Image.Image, mark: Mapping[str, Any], which: str = "") -> tuple[float, float]:
    x, y = mark.get(f"x{which}", 0), mark.get(f"y{which}", 0)
    return x * picture.width / WHOLE, y * picture.height / WHOLE


def _box(picture: Image.Image, mark: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """The rectangle between the two points, grown to whole pixels."""
    (x, y), (x2, y2) = _point(picture, mark), _point(picture, mark, "2")
    left, top = math.floor(min(x, x2)), math.floor(min(y, y2))
    return left, top, max(math.ceil(max(x, x2)), left + 1), max(math.ceil(max(y, y2)), top + 1)


def _cover(picture: Image.Image, mark: Mapping[str, Any]) -> None:
    left, top, right, bottom = _box(picture, mark)
    right, bottom = min(right, picture.width), min(bottom, picture.height)
    size = (right - left, bottom - top)
    if min(size) < 1:
        return
    cell = max(size) / CELLS
    cells = (max(1, round(size[0] / cell)), max(1, round(size[1] / cell)))
    patch = picture.crop((left, top, right, bottom)).resize(cells, Image.Resampling.BOX)
    patch = patch.resize(size, Image.Resampling.NEAREST).filter(ImageFilter.GaussianBlur(cell / 2))
    picture.paste(patch, (left, top))


def _circle(picture: Image.Image, mark: Mapping[str, Any]) -> None:
    draw, width = ImageDraw.Draw(picture), _stroke(picture)
    draw.ellipse(_box(picture, mark), outline=WHITE, width=width + 4)
    left, top, right, bottom = _box(picture, mark)
    if min(right - left, bottom - top) > 8:
        draw.ellipse((left + 2, top + 2, right - 2, bottom - 2), outline=RED, width=width)


def _arrow(picture: Image.Image, mark: Mapping[str, Any]) -> None:
    draw, width = ImageDraw.Draw(picture), _stroke(picture)
    (x, y), tip = _point(picture, mark), _point(picture, mark, "2")
    angle = math.atan2(tip[1] - y, tip[0] - x)
    barb = max(picture.size) / HEAD
    ends = [(tip[0] - barb * math.cos(angle + turn), tip[1] - barb * math.sin(angle + turn)) for turn in (-0.5, 0.5)]
    for colour, thick in ((WHITE, width + 4), (RED, width)):
        draw.line([(x, y), tip], colour, thick)
        draw.line([ends[0], tip, ends[1]], colour, thick, joint="curve")


def _text(picture: Image.Image, mark: Mapping[str, Any]) -> None:
    font = ImageFont.truetype(str(DIRECTORY / FILES[BOLD]), max(8, max(picture.size) // LETTERS))
    draw = ImageDraw.Draw(picture)
    draw.text(
        _point(picture, mark),
        mark.get("text", ""),
        RED,
        font,
        anchor="ls",
        stroke_width=_stroke(picture) // 4 + 1,
        stroke_fill=WHITE,
    )


def _stroke(picture: Image.Image) -> int:
    return max(2, max(picture.size) // STROKE)


_DRAWN = {"cover": _cover, "circle": _circle, "arrow": _arrow, "text": _text}
