"""The copy that is shown and issued: its pixels, by what the layer says."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from app.evidence.picture import UnreadablePictureError, composed, layer_key, merged

BLUE = (0, 0, 200)


def photo(size: tuple[int, int] = (2000, 1000), *, turned: bool = False) -> bytes:
    """Blue, with a fine black-and-white pattern (a text, a face) in its left upper quarter."""
    image = Image.new("RGB", size, BLUE)
    draw = ImageDraw.Draw(image)
    for x in range(0, size[0] // 2, 40):
        draw.rectangle((x, 0, x + 19, size[1] // 2), fill="white")
        draw.rectangle((x + 20, 0, x + 39, size[1] // 2), fill="black")
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của cán bộ"
    if turned:
        exif[0x0112] = 6
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=95, exif=exif, comment="tên người chụp".encode())
    return stream.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def spread(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How far the lightest and the darkest pixel of a region lie apart."""
    low, high = image.crop(box).convert("L").getextrema()
    return int(high) - int(low)


def near(found: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 60 for a, b in zip(found, wanted, strict=True))


def test_a_cover_destroys_what_lies_under_it_and_nothing_else() -> None:
    cover = {"kind": "cover", "x": 0, "y": 0, "x2": 2500, "y2": 5000}
    plain, covered = opened(composed(photo())), opened(composed(photo(), (cover,)))
    assert plain.size == covered.size == (1600, 800)
    under, beside = (10, 10, 380, 380), (420, 10, 780, 380)
    assert spread(plain, under) > 200
    assert spread(covered, under) < 70, "the pattern must not be readable any more"
    assert spread(covered, beside) > 200
    assert near(covered.getpixel((1200, 600)), BLUE)


def test_arrow_circle_and_text_are_drawn_where_they_were_put() -> None:
    layer = (
        {"kind": "arrow", "x": 6000, "y": 9000, "x2": 9000, "y2": 9000},
        {"kind": "circle", "x": 6000, "y": 1000, "x2": 9000, "y2": 4000},
        {"kind": "text", "x": 1000, "y": 9000, "text": "Chưa niêm yết"},
    )
    image = opened(composed(photo(), layer))
    red = (208, 0, 0)
    assert near(image.getpixel((1200, 720)), red), "the arrow's shaft"
    assert near(image.getpixel((962, 200)), red) or near(image.getpixel((968, 200)), red), "the circle's left edge"
    assert near(image.getpixel((1200, 200)), BLUE), "a circle is not filled"
    letters = image.crop((160, 660, 600, 730)).get_flattened_data()
    assert sum(near(pixel, red) for pixel in letters) > 200


def test_coordinates_speak_of_the_upright_picture() -> None:
    cover = {"kind": "cover", "x": 5000, "y": 0, "x2": 10000, "y2": 5000}
    image = opened(composed(photo(turned=True), (cover,)))
    assert image.size == (800, 1600)
    assert spread(image, (410, 10, 790, 780)) < 80, "the pattern lies at the right upper side once it is turned"


def test_the_copy_carries_nothing_of_the_originals_metadata() -> None:
    copy = composed(photo())
    found = Image.open(io.BytesIO(copy))
    assert not found.getexif()
    assert "cán bộ".encode() not in copy
    assert "tên người chụp".encode() not in copy


def test_a_mark_at_the_very_edge_is_no_fault() -> None:
    edge = {"kind": "cover", "x": 10000, "y": 10000, "x2": 10000, "y2": 10000}
    point = {"kind": "circle", "x": 0, "y": 0, "x2": 0, "y2": 0}
    assert opened(composed(photo(), (edge, point, {"kind": "arrow", "x": 1, "y": 1}))).size == (1600, 800)


def test_bytes_that_are_no_picture_are_named() -> None:
    with pytest.raises(UnreadablePictureError, match="xem lại ảnh gốc"):
        composed(photo()[:300])


def test_layers_of_several_values_are_put_together_each_mark_once() -> None:
    one, two = {"kind": "cover", "x": 1, "y": 2}, {"y": 2, "x": 1, "kind": "cover"}
    other = {"kind": "text", "x": 5, "y": 5, "text": "a"}
    assert merged([[one, other], [two]]) == merged([[other], [one]])
    assert len(merged([[one, other], [two]])) == 2
    assert layer_key(()) == ""
    assert layer_key(merged([[one]])) != layer_key(merged([[other]]))
