"""A signed site record that an office scanner made: its pages on the paper, the file as it came."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw

from app.evidence import scans
from app.evidence.scans import Scan, page_picture, scan_of
from app.evidence.storage import EvidenceStorage
from app.installation import Installation
from reports.incoming.bounded import BusyError
from tests.faults.hostile_pdf import bomb, stream
from tests.reports.test_verify import small_pdf

RED = (200, 20, 30)


def scanned(pages: int = 2, *, seal: bool = False, size: tuple[int, int] = (1240, 1754)) -> bytes:
    """What an office scanner makes: a picture of paper on each page."""
    sheets = []
    for number in range(pages):
        sheet = Image.new("RGB", size, (252, 251, 248))
        draw = ImageDraw.Draw(sheet)
        draw.rectangle((100, 100 + 20 * number, 600, 160 + 20 * number), fill="black")
        if seal and number == pages - 1:
            draw.ellipse((700, 1200, 1000, 1500), outline=RED, width=12)
        sheets.append(sheet)
    out = io.BytesIO()
    sheets[0].save(out, "PDF", resolution=150, save_all=True, append_images=sheets[1:])
    return out.getvalue()


@pytest.fixture
def storage(tmp_path: Path) -> EvidenceStorage:
    installation = Installation.create(tmp_path / "noi")
    return EvidenceStorage(installation.evidence_path, installation.database(), installation.clock)


def kept(storage: EvidenceStorage, data: bytes) -> str:
    digest = sha256(data).hexdigest()
    storage.put(digest, data, "an")
    return digest


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_each_page_is_drawn_in_grey_and_a_seal_in_its_colour(storage: EvidenceStorage) -> None:
    digest = kept(storage, scanned(seal=True))
    scan = scan_of(storage, digest)
    first, last = (opened(page_picture(storage, digest, page)) for page in scan.pages)
    assert (scan.count, scan.trouble) == (2, "")
    assert (first.mode, last.mode, first.size) == ("L", "RGB", (1241, 1754))
    red, green, _ = last.getpixel((850, 1206))  # type: ignore[misc]
    assert red - green > 100


def test_pages_are_drawn_once_and_the_file_stays_as_it_came(
    storage: EvidenceStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = scanned()
    digest = kept(storage, data)
    first = scan_of(storage, digest)
    monkeypatch.setattr(scans, "bounded", None)
    assert scan_of(storage, digest) == first
    assert storage.read(digest) == (data, "application/pdf")


def test_of_many_pages_twenty_are_drawn(storage: EvidenceStorage) -> None:
    scan = scan_of(storage, kept(storage, scanned(23, size=(124, 175))))
    assert (len(scan.pages), scan.count) == (20, 23)


def test_a_page_as_large_as_a_house_becomes_a_small_picture(storage: EvidenceStorage) -> None:
    digest = kept(storage, small_pdf(CATALOG, PAGES, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 200]>>"))
    (page,) = scan_of(storage, digest).pages
    assert max(opened(page_picture(storage, digest, page)).size) <= 1755


CATALOG, PAGES = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
UNFOLDS = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"


def locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scanned())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def test_what_cannot_be_drawn_says_why(storage: EvidenceStorage) -> None:
    unfolding = small_pdf(CATALOG, PAGES, UNFOLDS, stream(bomb(1024)))
    for data, why in ((locked(), "có mật khẩu"), (b"%PDF-1.7\n", "hãy quét lại"), (unfolding, "dùng lại tệp gốc")):
        scan = scan_of(storage, kept(storage, data))
        assert scan.pages == ()
        assert why in scan.trouble
        assert scan.trouble.endswith(".")


def test_a_machine_that_was_busy_draws_another_time(storage: EvidenceStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = kept(storage, scanned(1))

    def busy(*_: object) -> None:
        raise BusyError

    with monkeypatch.context() as patch:
        patch.setattr(scans, "bounded", busy)
        assert scan_of(storage, digest) == Scan((), trouble=BusyError.text[:1].lower() + BusyError.text[1:])
    assert len(scan_of(storage, digest).pages) == 1
