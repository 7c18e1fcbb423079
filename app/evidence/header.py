"""Type and size of a picture by its first bytes: all that the door asks of a photo.

Nothing is decoded here, and whatever the bytes are, it ends after so many steps; so it needs no process of its own,
which costs more than all the rest that is done with a photo. The picture itself is read in the bounded child alone.

A JPEG may carry further pictures behind the first (MPO: depth, a preview), as many phones and cameras write them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

Size = tuple[int, int]

MOST_SEGMENTS = 10_000
"""A camera's JPEG has some dozens before its picture begins, one with large metadata some hundreds."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})
_PICTURE_BEGINS, _PICTURE_ENDS = 0xDA, 0xD9


def picture_header(data: bytes) -> tuple[str, int, int] | None:
    """Media type, width and height in pixels of a JPEG, PNG or WebP as its header tells them; None for all else."""
    for start, kind, size_of in _HEADERS:
        if data.startswith(start):
            try:
                size = size_of(data)
            except struct.error:  # it ends within its header
                return None
            return (kind, *size) if size and min(size) > 0 else None
    return None


def _jpeg(data: bytes) -> Size | None:
    """From the header of its first frame (ITU T.81 Annex B); what lies between segments is passed over."""
    at = 2
    for _ in range(MOST_SEGMENTS):
        at = data.find(b"\xff", at) + 1
        if not 0 < at < len(data):
            return None
        marker = data[at]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 4)
            return width, height
        if marker in {_PICTURE_BEGINS, _PICTURE_ENDS}:
            return None
        if marker in _WITHOUT_LENGTH:
            at += 1
        elif marker != 0xFF:  # one more of it is padding before the marker
            at += 1 + max(2, struct.unpack_from(">H", data, at + 1)[0])
    return None


def _png(data: bytes) -> Size | None:
    """From its first chunk, IHDR, whose checksum holds."""
    length, kind, width, height = struct.unpack_from(">I4sII", data, 8)
    (checksum,) = struct.unpack_from(">I", data, 29)
    return (width, height) if (length, kind) == (13, b"IHDR") and zlib.crc32(data[12:29]) == checksum else None


def _webp(data: bytes) -> Size | None:
    """From its first chunk (RFC 9649): lossy, lossless, or the canvas of an extended file."""
    length, form, kind = struct.unpack_from("<I4s4s", data, 4)
    if form != b"WEBP" or length + 8 > len(data):
        return None
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


_HEADERS: tuple[tuple[bytes, str, Callable[[bytes], Size | None]], ...] = (
    (b"\xff\xd8\xff", "image/jpeg", _jpeg),
    (b"\x89PNG\r\n\x1a\n", "image/png", _png),
    (b"RIFF", "image/webp", _webp),
)
