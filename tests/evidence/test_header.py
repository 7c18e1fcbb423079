"""What the door knows of a picture, held against what Pillow makes of the same bytes."""

from __future__ import annotations

import io
import struct
import time
from typing import Any

import pytest
from PIL import Image

from app.errors import TooLargeError
from app.evidence.header import picture_header
from app.evidence.picture import composed
from app.evidence.storage import UnknownTypeError, sniff
from tests.faults.hostile_other import png

SIZE = (331, 207)


def saved(kind: str, size: tuple[int, int] = SIZE, mode: str = "RGB", **more: Any) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size, 90).save(stream, kind, **more)
    return stream.getvalue()


def exif() -> bytes:
    found = Image.Exif()
    found[0x010F] = "\xff\xc0 một hãng máy ảnh " * 900
    return found.tobytes()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/jpeg", saved("JPEG")),
        ("image/jpeg", saved("JPEG", progressive=True)),
        ("image/jpeg", saved("JPEG", mode="L")),
        ("image/jpeg", saved("JPEG", exif=exif(), comment=b"\xff\xc0\x00\x11\x08\x00\x01\x00\x01")),
        ("image/jpeg", saved("JPEG", mode="CMYK", icc_profile=b"\xff\xd9" * 70_000)),
        ("image/jpeg", saved("MPO", save_all=True, append_images=[Image.new("RGB", (80, 60))])),
        ("image/png", saved("PNG")),
        ("image/png", saved("PNG", mode="P")),
        ("image/webp", saved("WEBP")),
        ("image/webp", saved("WEBP", lossless=True)),
        ("image/webp", saved("WEBP", exif=exif())),
        ("image/webp", saved("WEBP", save_all=True, append_images=[Image.new("RGB", SIZE)])),
    ],
)
def test_type_and_size_are_those_that_a_reader_finds(kind: str, data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        assert picture_header(data) == (kind, *image.size) == (kind, *SIZE)
    assert sniff(data) == kind
    assert Image.open(io.BytesIO(composed(data))).size == SIZE, "and a copy of it can be made"


def test_padding_and_rubbish_between_segments_are_passed_over() -> None:
    good = saved("JPEG")
    for more in (b"\xff\xff\xff", b"\x00\x01", b"\xff\xfe\x00\x04ab"):
        assert picture_header(good[:20] + more + good[20:]) == ("image/jpeg", *SIZE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_that_ends_within_its_header_is_none(kind: str) -> None:
    data = saved(kind)
    for length in range(24):
        assert picture_header(data[:length]) is None


def test_what_is_no_picture_is_none() -> None:
    for data in (
        saved("GIF"),
        saved("JPEG").replace(struct.pack(">HH", *SIZE[::-1]), bytes(4)),
        png(0, 7),
        b"RIFF\x20\x00\x00\x00WAVEVP8X" + bytes(40),
        b"RIFF\x20\x00\x00\x00WEBPVP8Y" + bytes(40),
    ):
        with pytest.raises(UnknownTypeError):
            sniff(data)


def test_a_hostile_header_ends_soon() -> None:
    began = time.process_time()
    for part in (b"\xff\xfe\x00\x02", b"\xff", b"\xff\xd0", b"\xff\xfe\x00\x00", b"\x00"):
        assert picture_header(b"\xff\xd8\xff" + part * (26_000_000 // len(part))) is None
    assert time.process_time() - began < 5


def test_more_pixels_than_can_be_made_smaller_are_refused() -> None:
    with pytest.raises(TooLargeError):
        sniff(png(7_000, 4_300))
    assert sniff(png(7_000, 4_200)) == "image/png"
