"""The photos of a conclusion: covered copies only, of photos that somebody has looked at, where the lead asks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import docx
import orjson
import pikepdf
import pypdf
import pytest
from PIL import Image

from app.conclusions.gather import gather, places_of
from app.conclusions.issue import draft_document, issue
from app.conclusions.photo_annex import photos_of
from app.evidence.picture import composed
from app.papers.pictures import ON_PAPER, photo_loader, storage_of
from reports.composing.conclusion import compose
from reports.composing.review import review
from reports.rendering.docx import render_docx
from reports.rendering.html import render_html
from reports.rendering.pdf import render_pdf
from tests.conclusions.conftest import Browser
from tests.conftest import World
from tests.evidence.test_picture import opened, photo, spread

PAGE = "/cuoc-kiem-tra/cuoc-1/du-thao/phu-luc-anh"
COVER = {"kind": "cover", "x": 0, "y": 0, "x2": 5000, "y2": 5000}


def take(world: World, name: str, *, bytes_here: bool = True, size: tuple[int, int] = (2000, 1000), **more: Any) -> str:
    """A photo of An's; its hash."""
    data = photo(size) + name.encode()
    digest = sha256(data).hexdigest()
    value = {
        "kind": "anh",
        "item": "ho-so.tre-han-tren-phan-mem",
        "site": "mot-cua",
        "caption": f"Bảng {name}",
        "taken_at": "2026-11-20T01:15:00.000Z",
        "file": {"sha256": digest, "type": "image/jpeg", "size": len(data)},
        **more,
    }
    world.installation.journal().write(world.who("an"), f"inspection/cuoc-1/evidence/{name}", value)
    if bytes_here:
        storage_of(world.installation).put(digest, data, world.accounts["an"])
    return digest


def choose(world: World, layout: str = "2x3", **more: Any) -> None:
    value = {"layout": layout, **more}
    world.installation.journal().write(world.who("an"), "inspection/cuoc-1/photo_annex", value)


def remarks(world: World) -> str:
    return " ".join(one.text for one in review(gather(world.installation, "cuoc-1")) if one.place == "photo_annex")


def test_no_paper_has_photos_unless_its_lead_asks(inspected: World) -> None:
    take(inspected, "mot", personal="none")
    document = draft_document(inspected.installation, "cuoc-1")[1]
    assert [annex.title for annex in document.annexes] == ["Danh mục nội dung yêu cầu thực hiện"]
    assert "photos" not in document.manifest


def test_only_photos_that_somebody_has_looked_at_and_that_are_here_go_out(inspected: World) -> None:
    ready = take(inspected, "mot", personal="covered", layer=[COVER])
    take(inspected, "hai")
    take(inspected, "ba", personal="none", bytes_here=False)
    choose(inspected)
    document = draft_document(inspected.installation, "cuoc-1")[1]
    (grid,) = document.annexes[-1].blocks
    (shown,) = grid.photos  # type: ignore[union-attr]
    assert shown.sha256 == ready
    assert shown.caption == "Ảnh 1. Bảng mot"
    assert shown.details.replace("\u00a0", " ") == "Bộ phận Một cửa, 08 giờ 15 ngày 20/11/2026"
    assert "bỏ 01 ảnh chưa có người xác nhận" in remarks(inspected)
    assert "bỏ 01 ảnh chưa về máy chủ" in remarks(inspected)
    assert document.manifest["photos"] == [{"evidence": "mot", "sha256": ready}]


def test_what_the_renderers_get_is_the_small_covered_copy(inspected: World) -> None:
    covered = take(inspected, "mot", personal="covered", layer=[COVER])
    unlooked = take(inspected, "hai")
    load = photo_loader(inspected.installation)
    copy = opened(load(covered) or b"")
    assert max(copy.size) == ON_PAPER
    assert spread(copy, (20, 20, 480, 230)) < 70
    assert load(unlooked) is None
    assert load("0" * 64) is None


def test_all_three_renderers_show_the_copy_and_the_pdf_takes_it_as_it_is(inspected: World) -> None:
    digest = take(inspected, "mot", personal="covered", layer=[COVER])
    choose(inspected)
    load = photo_loader(inspected.installation)
    copy = load(digest)
    document = draft_document(inspected.installation, "cuoc-1")[1]
    drawn = pypdf.PdfReader(io.BytesIO(render_pdf(document, photo_loader=load).bytes))
    with pikepdf.open(io.BytesIO(render_pdf(document, photo_loader=load).bytes)) as file:
        images = [image for page in file.pages for image in page.get_images().values()]
        assert [image.read_raw_bytes() for image in images] == [copy]
    assert "Ảnh 1. Bảng mot" in drawn.pages[-1].extract_text()
    assert copy in _package(render_docx(document, photo_loader=load))
    assert f'src="/anh/{digest}"' in render_html(document, photo_url=lambda name: f"/anh/{name}")


def _package(word: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        return [package.read(name) for name in package.namelist() if "/media/" in name]


def test_the_signed_paper_has_the_photos_and_no_draft_mark_but_its_docx_has(inspected: World) -> None:
    take(inspected, "mot", personal="none")
    choose(inspected)
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    reader = pypdf.PdfReader(str(issued.pdf))
    assert "Bảng mot" in reader.pages[-1].extract_text()
    assert "DỰ THẢO" not in "".join(page.extract_text() for page in reader.pages)
    section = docx.Document(str(issued.docx)).sections[0]
    assert "DỰ THẢO lần 1" in section.first_page_header.paragraphs[0].text
    manifest = orjson.loads(reader.attachments["manifest.json"][0])
    assert [one["evidence"] for one in manifest["photos"]] == ["mot"]


def test_the_lead_chooses_on_a_page(inspected: World, browser: Callable[[str], Browser]) -> None:
    take(inspected, "mot", personal="none")
    take(inspected, "hai", personal="none", size=(1000, 2000))
    take(inspected, "ba")
    an = browser("an")
    page = an.get(PAGE).text
    assert "1 ảnh chưa có người xác nhận" in page
    assert page.count('name="kept"') == 2
    assert an.post(PAGE, layout="2x2", kept="hai", seen="").status_code == 302
    chosen = gather(inspected.installation, "cuoc-1").photo_annex
    assert chosen is not None
    assert [one.id for one in chosen.photos] == ["hai"]
    assert chosen.rows == 2
    stale = an.post(PAGE, layout="2x3", kept="mot", seen="")
    assert stale.status_code == 409
    assert "4 ảnh mỗi trang" in stale.text
    assert an.post(PAGE, layout="3x9", seen="").status_code == 400
    seen = inspected.installation.journal().current("inspection/cuoc-1/photo_annex")[-1].id
    assert an.post(PAGE, layout="", seen=seen).status_code == 302
    assert gather(inspected.installation, "cuoc-1").photo_annex is None


@pytest.mark.parametrize("username", ["binh", "dv", "xem"])
def test_who_does_not_draft_does_not_choose(inspected: World, browser: Callable[[str], Browser], username: str) -> None:
    assert browser(username).get(PAGE).status_code in {403, 404}


def test_an_annex_without_a_usable_photo_is_left_away_and_said(inspected: World) -> None:
    take(inspected, "mot")
    choose(inspected)
    assert len(compose(gather(inspected.installation, "cuoc-1")).annexes) == 1
    assert "chưa có ảnh nào dùng được" in remarks(inspected)


def test_the_same_photo_of_two_items_stands_once(inspected: World) -> None:
    take(inspected, "mot", personal="none")
    data = inspected.installation.journal().value("inspection/cuoc-1/evidence/mot")
    copy = {**(data or {}), "item": "dao-tao.kinh-phi"}
    inspected.installation.journal().write(inspected.who("an"), "inspection/cuoc-1/evidence/khac", copy)
    found = photos_of(inspected.installation, places_of(inspected.installation.database(), "cuoc-1"))
    assert len(found) == 1


def test_a_copy_is_small_enough_for_a_hundred() -> None:
    noisy = Image.effect_noise((4000, 3000), 60).convert("RGB").resize((4000, 3000))
    stream = io.BytesIO()
    noisy.save(stream, "JPEG", quality=92)
    assert len(composed(stream.getvalue(), (), ON_PAPER)) < 250_000


def test_a_scan_of_the_signed_site_record_is_shown_on_its_paper(inspected: World) -> None:
    data = photo((1200, 1600))
    digest = sha256(data).hexdigest()
    storage_of(inspected.installation).put(digest, data, inspected.accounts["an"])
    assert photo_loader(inspected.installation)(digest) is None
    scan = {"file": {"sha256": digest, "type": "image/jpeg", "size": len(data)}, "at": "2026-11-20T04:30:00Z"}
    value = {"held_at": "08:00 20/11/2026", "scans": [{**scan, "shown": "0" * 64}]}
    inspected.installation.journal().write(inspected.who("an"), "inspection/cuoc-1/minutes/bb-1", value)
    assert photo_loader(inspected.installation)(digest) is not None
