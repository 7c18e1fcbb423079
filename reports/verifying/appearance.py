"""What a text field shows, read back from its appearance: plain dark text that is whole within the field's box.

Only what drawing figures takes is understood: no picture, no shape, no other form, no turned or tiny or pale letters,
nothing that a clip or the box's edge cuts off. Of everything else nothing is said, and what nobody can say anything of
counts as showing something else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Array, String

_MAX_APPEARANCE = 64 * 1024
_MAX_INSTRUCTIONS = 1_000
_TOLERANCE = 2.0  # points that a tool may be out, where it measures letters otherwise than we do
_LEAST_SIZE = 5.0
_DARK = 0.6  # of 0 for black and 1 for white
_FIGURE_HEIGHT, _FIGURE_WIDTH = 0.66, 0.5  # of the size of type; without a font's own widths
_MOST_KERNING = 200  # thousandths of the size of type
_WITHOUT_EFFECT = {"BMC", "BDC", "EMC", "ET", "G", "RG", "K"}
_STORED = {"/Type", "/Subtype", "/Length", "/Filter", "/DecodeParms"}
_STREAM_KEYS = _STORED | {"/FormType", "/BBox", "/Matrix", "/Resources"}
_IDENTITY = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]

Box = tuple[float, float, float, float]


class _NotPlainError(ValueError):
    """It draws anything but plain text."""


@dataclass(frozen=True)
class _Pen:
    """Where and how the next letters are drawn: origin and scale of the drawing, then of the text within it."""

    drawing: tuple[float, float, float, float] = (1, 1, 0, 0)  # x and y scale, x and y shift
    line: tuple[float, float, float, float] = (1, 1, 0, 0)
    size: float = 0
    stretch: float = 1
    font: str = ""
    dark: bool = True
    clip: Box = (0, 0, 0, 0)
    path: Box | None = None


@dataclass
class _Reading:
    """The text shown so far; ``widths`` gives a string's width in a font, of its size."""

    pen: _Pen
    widths: Callable[[str, bytes], float]
    scale: float
    kept: list[_Pen] = field(default_factory=list)
    text: str = ""


def shown_text(widget: Any) -> str | None:
    """What a text field's appearance shows; None where there is none or it draws anything but plain text."""
    try:
        return _read(widget)
    except Exception:  # noqa: BLE001 (a stranger's appearance may be anything)
        return None


def _read(widget: Any) -> str | None:
    looks = widget["/AP"]
    # Others than the normal one are shown when somebody points at the field.
    if set(looks) != {"/N"}:
        return None
    stream = looks["/N"]
    data = stream.data
    matrix = [float(number) for number in stream["/Matrix"]] if "/Matrix" in stream else _IDENTITY
    if len(data) > _MAX_APPEARANCE or not set(stream) <= _STREAM_KEYS or matrix != _IDENTITY:
        return None
    x1, y1, x2, y2 = _box(widget["/Rect"])
    box = _box(stream["/BBox"])
    with pikepdf.new() as scratch:
        drawn = list(pikepdf.parse_content_stream(scratch.make_stream(data)))
    if len(drawn) > _MAX_INSTRUCTIONS:
        return None
    # A viewer fits the appearance's box to the field's.
    scale = min((x2 - x1) / (box[2] - box[0]), (y2 - y1) / (box[3] - box[1]))
    reading = _Reading(_Pen(clip=box), lambda font, shown: _width(stream, font, shown), scale)
    for one in drawn:
        _follow(reading, str(one.operator), list(one.operands))
    return reading.text.strip()


def _box(numbers: Any) -> Box:
    x1, y1, x2, y2 = (float(number) for number in numbers)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _width(stream: Any, name: str, shown: bytes) -> float:
    """A string's width, of its size, by the font of that name."""
    font = stream["/Resources"]["/Font"][name]
    if "/Widths" not in font or "/FirstChar" not in font:
        return _FIGURE_WIDTH * len(shown)
    first, widths = int(font["/FirstChar"]), font["/Widths"]
    return sum(float(widths[code - first]) for code in shown if 0 <= code - first < len(widths)) / 1000


def _follow(reading: _Reading, operator: str, operands: list[Any]) -> None:
    if operator in {"Tj", "TJ"}:
        _show(reading, operands[0])
    elif operator == "q":
        reading.kept.append(reading.pen)
    elif operator == "Q":
        reading.pen = reading.kept.pop()
    elif operator in _MOVES:
        numbers = [float(operand) for operand in operands if not isinstance(operand, pikepdf.Name)]
        font = next((str(operand) for operand in operands if isinstance(operand, pikepdf.Name)), "")
        reading.pen = _MOVES[operator](reading.pen, numbers, font)
    elif operator not in _WITHOUT_EFFECT or (operator == "BDC" and operands[0] == "/OC"):
        # Marked content of a layer may be hidden.
        raise _NotPlainError(operator)


def _unspaced(pen: _Pen, numbers: list[float], _font: str) -> _Pen:
    if numbers[0]:
        raise _NotPlainError("Tc")
    return pen


def _clipped(pen: _Pen, _numbers: list[float], _font: str) -> _Pen:
    return replace(pen, clip=_within(pen.clip, pen.path))


def _within(clip: Box, path: Box | None) -> Box:
    if path is None:
        raise _NotPlainError("W")
    return max(clip[0], path[0]), max(clip[1], path[1]), min(clip[2], path[2]), min(clip[3], path[3])


def _turned(numbers: Sequence[float]) -> tuple[float, float, float, float]:
    a, b, c, d, e, f = numbers
    if b or c or a <= 0 or d <= 0:
        raise _NotPlainError("cm")
    return a, d, e, f


def _drawn_at(pen: _Pen, numbers: list[float], _font: str) -> _Pen:
    sx, sy, x, y = pen.drawing
    a, d, e, f = _turned(numbers)
    return replace(pen, drawing=(sx * a, sy * d, x + sx * e, y + sy * f))


def _at(pen: _Pen, numbers: list[float], _font: str) -> _Pen:
    sx, sy, x, y = pen.line
    return replace(pen, line=(sx, sy, x + sx * numbers[0], y + sy * numbers[1]))


def _rectangle(pen: _Pen, numbers: list[float], _font: str) -> _Pen:
    sx, sy, x, y = pen.drawing
    left, low, width, height = numbers
    box = _box((x + sx * left, y + sy * low, x + sx * (left + width), y + sy * (low + height)))
    if pen.path is not None:
        raise _NotPlainError("re")
    return replace(pen, path=box)


def _grey(pen: _Pen, numbers: list[float], _font: str) -> _Pen:
    return replace(pen, dark=numbers[0] <= _DARK)


def _rgb(pen: _Pen, numbers: list[float], _font: str) -> _Pen:
    red, green, blue = numbers
    return replace(pen, dark=0.3 * red + 0.59 * green + 0.11 * blue <= _DARK)


def _cmyk(pen: _Pen, numbers: list[float], _font: str) -> _Pen:
    cyan, magenta, yellow, key = numbers
    return replace(pen, dark=(1 - key) * (1 - 0.3 * cyan - 0.59 * magenta - 0.11 * yellow) <= _DARK)


_MOVES: dict[str, Callable[[_Pen, list[float], str], _Pen]] = {
    "BT": lambda pen, _numbers, _font: replace(pen, line=(1, 1, 0, 0)),
    "W": _clipped,
    "W*": _clipped,
    "Tc": _unspaced,
    "Tw": _unspaced,
    "TL": lambda pen, _numbers, _font: pen,
    "cm": _drawn_at,
    "re": _rectangle,
    "n": lambda pen, _numbers, _font: replace(pen, path=None),
    "g": _grey,
    "rg": _rgb,
    "k": _cmyk,
    "Tf": lambda pen, numbers, font: replace(pen, size=numbers[0], font=font),
    "Tz": lambda pen, numbers, _font: replace(pen, stretch=numbers[0] / 100),
    "Tm": lambda pen, numbers, _font: replace(pen, line=_turned(numbers)),
    "Td": _at,
    "TD": _at,
}


def _show(reading: _Reading, operand: Any) -> None:
    parts = list(operand) if isinstance(operand, Array) else [operand]
    shown = b"".join(bytes(part) for part in parts if isinstance(part, String))
    if not shown.strip():
        return
    pen = reading.pen
    sx, sy = pen.drawing[0] * pen.line[0], pen.drawing[1] * pen.line[1]
    x = pen.drawing[2] + pen.drawing[0] * pen.line[2]
    y = pen.drawing[3] + pen.drawing[1] * pen.line[3]
    width, height = reading.widths(pen.font, shown) * pen.size * pen.stretch * sx, pen.size * sy
    left, low, right, top = pen.clip
    moved = any(not isinstance(part, String) and abs(float(part)) > _MOST_KERNING for part in parts)
    whole = (
        left - _TOLERANCE <= x
        and x + width <= right + _TOLERANCE
        and low - _TOLERANCE <= y
        and y + _FIGURE_HEIGHT * height <= top + _TOLERANCE
    )
    readable = pen.dark and min(width / len(shown) / _FIGURE_WIDTH, height) * reading.scale >= _LEAST_SIZE
    # One string is one text; a second one could lie over the first.
    if reading.text or moved or not (whole and readable):
        raise _NotPlainError("Tj")
    reading.text = shown.decode("latin-1")
