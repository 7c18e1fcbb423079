"""The case file: everything that belongs to an inspection in one ZIP, with a list that holds its hashes."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tracemalloc
import zipfile
from datetime import date

import docx
import pytest
from openpyxl import load_workbook
from PIL import Image

from app.case_files.archive import stream_case
from app.conclusions.issue import issue
from app.evidence.storage import EvidenceStorage
from app.papers.registering import register
from tests.conftest import World

ZIP = "/cuoc-kiem-tra/cuoc-1/ho-so.zip"


def photo(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, "JPEG")
    return stream.getvalue()


def keep(world: World, data: bytes) -> dict[str, object]:
    here = world.installation
    digest = hashlib.sha256(data).hexdigest()
    storage = EvidenceStorage(here.evidence_path, here.database(), here.clock)
    storage.put(digest, data, world.accounts["an"])
    return {"sha256": digest, "type": "image/jpeg" if data[:2] == b"\xff\xd8" else "application/pdf", "size": len(data)}


@pytest.fixture
def filed(inspected: World) -> World:
    """A registered paper, an answered requirement, a photo with a cover, and a signed scan of the record."""
    journal, an = inspected.installation.journal(), inspected.who("an")
    plan = {"number": "26/KH-UBND", "date": "2026-08-01", "issuer": "UBND tỉnh", "subject": "Kế hoạch kiểm tra"}
    inspected.setup(plan=plan)
    cover = {"kind": "cover", "x": 0, "y": 0, "x2": 5000, "y2": 5000}
    value = {"kind": "anh", "caption": "Bảng niêm yết", "file": keep(inspected, photo("red")), "layer": [cover]}
    journal.write(an, "inspection/cuoc-1/evidence/anh-1", value)
    issued = issue(inspected.installation, "cuoc-1", an)
    register(
        inspected.installation, "cuoc-1", issued.document, inspected.who("van"), number=7, issued_on=date(2026, 11, 20)
    )
    (remedy,) = inspected.installation.database().execute("SELECT remedy FROM remedies").fetchone()
    answer = {"state": "da_hoan_thanh", "text": "Đã xong."}
    journal.write(inspected.who("dv"), f"inspection/cuoc-1/remedy/{remedy}/response/1", answer)
    missing = {"sha256": "0" * 64, "type": "image/jpeg", "size": 9}
    journal.write(an, "inspection/cuoc-1/evidence/anh-2", {"kind": "tep", "caption": "=1+1", "file": missing})
    return inspected


def opened(data: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return archive


def test_the_file_holds_all_parts_and_its_list_their_hashes(filed: World, browser):
    answered = browser("an").get(ZIP)
    archive = opened(answered.data)
    names = archive.namelist()

    assert answered.headers["Content-Disposition"].endswith('filename="ho-so_kiem-tra-cong-tac-cchc-nam-2026.zip"')
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[A-Za-z0-9_./-]+", name)] == []
    rows = list(csv.DictReader(io.StringIO(archive.read("00_muc-luc-ho-so.csv").decode("utf-8-sig"))))
    for row in rows:
        if row["Tệp"]:
            assert hashlib.sha256(archive.read(row["Tệp"])).hexdigest() == row["SHA-256"]
    named = {row["Tên, trích yếu"]: row for row in rows}
    assert (named["Kế hoạch kiểm tra"]["Số, ký hiệu"], named["Kế hoạch kiểm tra"]["Tệp"]) == ("26/KH-UBND", "")
    assert named["'=1+1"]["Ghi chú"] == "Tệp chưa về máy chủ"
    assert named["Bảng niêm yết"]["Ghi chú"] == "Bản đã che"
    papers = [row for row in rows if row["Phần"].startswith("7.")]
    assert [(row["Số, ký hiệu"], row["Tác giả"]) for row in papers] == [("07/TB-ĐKT", "Đoàn kiểm tra")] * 2
    (kept,) = filed.installation.database().execute("SELECT sha256 FROM documents").fetchone()
    assert papers[0]["SHA-256"] == kept
    word = docx.Document(io.BytesIO(archive.read("00_muc-luc-ho-so.docx")))
    assert "MỤC LỤC HỒ SƠ" in word.paragraphs[0].text
    assert word.paragraphs[2].text == f"Thời hạn bảo quản: {'.' * 30}"


def test_the_list_says_how_long_the_file_is_kept_where_the_body_says_so(filed: World, browser):
    journal = filed.installation.journal()
    journal.write(filed.system(), "issuer/doan", {**journal.value("issuer/doan"), "retention": "Vĩnh viễn"})
    archive = opened(browser("an").get(ZIP).data)
    word = docx.Document(io.BytesIO(archive.read("00_muc-luc-ho-so.docx")))
    sheet = load_workbook(io.BytesIO(archive.read("00_muc-luc-ho-so.xlsx"))).active
    assert (word.paragraphs[2].text, sheet["A2"].value) == ("Thời hạn bảo quản: Vĩnh viễn",) * 2


def test_originals_are_added_only_when_asked_for(filed: World, browser):
    original = photo("red")

    def photos(path: str) -> list[bytes]:
        archive = opened(browser("an").get(path).data)
        return [archive.read(name) for name in archive.namelist() if name.endswith(".jpg")]

    assert original not in photos(ZIP)
    assert original in photos(f"{ZIP}?goc=1")


def test_a_picture_that_cannot_be_read_is_named_and_stops_nothing(filed: World, browser):
    here = filed.installation
    digest = hashlib.sha256(photo("red")).hexdigest()
    (here.evidence_path / digest[:2] / digest).unlink()
    rows = opened(browser("an").get(ZIP).data).read("00_muc-luc-ho-so.csv").decode()

    assert "tệp không đọc được trên máy chủ" in rows


@pytest.mark.parametrize(("username", "status"), [("chi", 404), ("dv", 403), ("xem", 403)])
def test_the_file_is_the_delegations(filed: World, browser, username, status):
    assert browser(username).get(ZIP).status_code == status


def test_the_archive_is_never_whole_in_memory(filed: World):
    large = b"%PDF-1.7\n" + bytes(24 * 1024 * 1024)
    value = {"kind": "tep", "caption": "Tệp lớn", "file": keep(filed, large)}
    filed.installation.journal().write(filed.who("an"), "inspection/cuoc-1/evidence/lon", value)
    del large
    list(stream_case(filed.installation, "cuoc-1", filed.who("an")))[-1:]
    tracemalloc.start()
    size = sum(len(chunk) for chunk in stream_case(filed.installation, "cuoc-1", filed.who("an")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size > 24 * 1024 * 1024
    assert peak < 12 * 1024 * 1024
