"""Type and size of a picture by its first bytes: all that the door asks of a photo.

Nothing is decoded here, so it needs no process of its own, which costs more than all the rest that is done with a
photo. The picture itself is read in the bounded child alone.

A JPEG may carry further pictures behind the first (MPO: depth, a preview), as many phones and cameras write them.
"""

from __future__ import annotations

import io
import struct

import imagesize

HEADER_BYTES = 4 << 20
"""Within so much the size must be told, however long the metadata; more is not looked at."""
_BEGINNINGS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))


def picture_header(data: bytes) -> tuple[str, int, int] | None:
    """Media type, width and height in pixels of a JPEG, PNG or WebP as its header tells them; None for all else."""
    kind = next((kind for beginning, kind in _BEGINNINGS if data.startswith(beginning)), None)
    if kind is None:
        return None
    try:
        width, height = imagesize.get(io.BytesIO(data[:HEADER_BYTES]), exif_rotation=False)
    except (ValueError, struct.error):
        return None
    return (kind, width, height) if min(width, height) > 0 else None
