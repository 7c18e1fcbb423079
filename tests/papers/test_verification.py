"""The public page: what anybody may learn of a file or of a printed code, and nothing more."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from app.conclusions.issue import Issued, issue
from app.installation import Installation
from app.papers.registering import register
from app.papers.verifying import verify_bytes
from app.verification import pages
from reports.incoming.bounded import BusyError
from tests.conclusions.conftest import Browser
from tests.conftest import FrozenClock, World

DAY = date(2026, 11, 20)


def handed_in(client: FlaskClient, data: bytes, path: str = "/xac-minh") -> Any:
    token = client.get("/xac-minh").text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "file": (io.BytesIO(data), "van-ban.pdf")}
    return client.post(path, data=fields, content_type="multipart/form-data")


def headline(answer: Any) -> str:
    return str(answer.text.split('data-testid="headline">')[1].split("<")[0])


def kept_in(world: World) -> set[tuple[str, int]]:
    files = [path for path in world.installation.path.rglob("*") if path.is_file() and ".db" not in path.name]
    entries = world.installation.journal().head().seq
    return {(path.name, path.stat().st_mtime_ns) for path in files} | {("entries", entries)}


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


def issued(world: World, **more: Any) -> Issued:
    return issue(world.installation, "cuoc-1", world.who("an"), **more)


def registered(world: World) -> bytes:
    kept = issued(world)
    register(world.installation, "cuoc-1", kept.document, world.who("van"), number=7, issued_on=DAY)
    value = world.installation.journal().value(f"inspection/cuoc-1/document/{kept.document}")
    return (world.installation.issued_path / value["sha256"][:2] / f"{value['sha256']}.pdf").read_bytes()


def test_a_stranger_learns_who_signed_what_and_when(inspected: World, stranger: FlaskClient) -> None:
    answer = handed_in(stranger, registered(inspected))
    assert answer.status_code == 200
    assert headline(answer) == "Tệp nguyên vẹn, nhưng được ký bằng chữ ký thử nghiệm, không có giá trị pháp lý."
    for words in (
        "Thông báo số 07/TB-ĐKT ngày 20/11/2026",
        "Còn hiệu lực",
        "Chữ ký của người có thẩm quyền",
        "Chữ ký số (dấu) của cơ quan",
        "không có bên thứ ba xác nhận",
        "Mức cơ bản (PAdES B-B)",
        "số văn bản, ngày, tháng",
        "Khớp: đúng tệp đã phát hành",
    ):
        assert words in answer.text, words


def test_nothing_of_the_inspection_is_told(inspected: World, stranger: FlaskClient) -> None:
    answer = handed_in(stranger, registered(inspected))
    for secret in ("cuoc-1", "Bình", "tre-han", inspected.accounts["an"], "may-1"):
        assert secret not in answer.text, secret


def test_nothing_of_the_upload_is_kept(inspected: World, stranger: FlaskClient) -> None:
    data = registered(inspected) + b"\n"
    before = kept_in(inspected)
    assert handed_in(stranger, data).status_code == 200
    assert kept_in(inspected) == before


def test_a_changed_file_is_told_as_such(inspected: World, stranger: FlaskClient) -> None:
    data = bytearray(registered(inspected))
    data[len(data) // 3] ^= 1
    answer = handed_in(stranger, bytes(data))
    assert headline(answer).startswith(("Chữ ký KHÔNG hợp lệ", "Tệp ĐÃ BỊ THAY ĐỔI", "Chưa kết luận", "Tệp không có"))
    assert "Khớp:" not in answer.text


def test_an_earlier_step_is_not_the_paper_that_is_out(inspected: World, stranger: FlaskClient) -> None:
    kept = issued(inspected)
    first = kept.pdf.read_bytes()
    register(inspected.installation, "cuoc-1", kept.document, inspected.who("van"), number=7, issued_on=DAY)
    assert "bản trước khi vào sổ" in headline(handed_in(stranger, first))


def test_a_paper_without_a_number_is_not_out(inspected: World, stranger: FlaskClient) -> None:
    answer = handed_in(stranger, issued(inspected).pdf.read_bytes())
    assert "Còn hiệu lực" not in answer.text
    assert "Trích yếu" not in answer.text


def test_a_replaced_paper_names_what_stands_in_its_place(inspected: World, stranger: FlaskClient) -> None:
    data = registered(inspected)
    journal, writer = inspected.installation.journal(), inspected.who("an")
    old, text = inspected.installation.database().execute("SELECT document, value FROM documents").fetchone()
    value = orjson.loads(text)
    journal.write(writer, f"inspection/cuoc-1/document/{old}", {**value, "state": "replaced"})
    newer = {**value, "sha256": "0" * 64, "number": 9, "date": "2026-11-21", "replaces": old}
    journal.write(writer, "inspection/cuoc-1/document/moi", newer)
    answer = handed_in(stranger, data)
    assert "Đã được thay thế bởi Thông báo số 09/TB-ĐKT ngày 21/11/2026" in answer.text


def test_a_file_of_another_installation_needs_no_journal(inspected: World, tmp_path: Path, clock: FrozenClock) -> None:
    data = registered(inspected)
    other = Installation.create(tmp_path / "other", clock=clock)
    report = verify_bytes(other, data).report
    assert (report.valid, report.unchanged, report.matches_journal) == (True, True, None)
    assert "Văn bản do một hệ thống khác lập; nhật ký ở đây không có gì để đối chiếu." in report.reasons
    other.close()


def test_after_the_certificates_end_nothing_is_concluded(
    inspected: World, stranger: FlaskClient, clock: FrozenClock
) -> None:
    data = registered(inspected)
    clock.forward(days=2 * 365)
    assert headline(handed_in(stranger, data)).startswith(
        "Chưa kết luận được: nội dung còn nguyên vẹn, nhưng chứng thư đã hết hạn"
    )


def test_no_file_and_no_pdf_are_told(stranger: FlaskClient) -> None:
    assert headline(handed_in(stranger, b"xin chao")) == "Chưa kết luận được về tệp này."
    token = stranger.get("/xac-minh").text.split('value="')[1].split('"')[0]
    answer = stranger.post("/xac-minh", data={"csrf_token": token})
    assert answer.status_code == 400
    assert "Hãy chọn tệp PDF cần kiểm tra." in answer.text


def test_a_form_from_elsewhere_is_refused(stranger: FlaskClient) -> None:
    assert stranger.post("/xac-minh", data={"file": (io.BytesIO(b"x"), "a.pdf")}).status_code == 400


def test_too_many_at_once_are_asked_to_wait(
    inspected: World, stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PATIENCE", 0.01)
    for _ in range(pages.MOST_AT_ONCE):
        pages._places.acquire()
    try:
        answer = handed_in(stranger, b"%PDF-")
    finally:
        for _ in range(pages.MOST_AT_ONCE):
            pages._places.release()
    assert answer.status_code == 503
    assert BusyError.text in answer.text


def test_one_address_may_not_ask_without_end(app: Flask) -> None:
    app.config["RATELIMIT_VERIFY"] = "3 per minute"
    client = app.test_client()
    answers = [client.get("/xac-minh").status_code for _ in range(5)]
    assert answers.count(200) <= 3
    assert 429 in answers


def test_an_unknown_code_says_what_to_do(stranger: FlaskClient) -> None:
    answer = stranger.get("/xac-minh/KHONG-CO")
    assert answer.status_code == 404
    assert "hãy hỏi cơ quan ban hành" in answer.text


def test_everybody_finds_the_page(browser: Callable[[str], Browser], stranger: FlaskClient) -> None:
    assert 'href="/xac-minh"' in stranger.get("/dang-nhap").text


# ---- the line and the QR at the end of the last annex


@pytest.fixture
def printing(inspected: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The issuing body prints the address, and there is one."""
    here = inspected.installation
    monkeypatch.setattr(here, "config", here.config.model_copy(update={"public_address": "https://kt.example.vn"}))
    body = here.journal().value("issuer/doan")
    here.journal().write(inspected.system(), "issuer/doan", {**body, "verification": True})
    return inspected


def code_of(world: World, document: str) -> str:
    return str(world.installation.journal().value(f"inspection/cuoc-1/document/{document}").get("code", ""))


def text_of(pdf: Path) -> str:
    return "".join(page.extract_text() for page in PdfReader(pdf).pages)


def test_the_printed_code_leads_to_the_paper(printing: World, stranger: FlaskClient) -> None:
    kept = issued(printing, number=7, issued_on=DAY)
    code = code_of(printing, kept.document)
    assert len(code) == 19
    pages = [page.extract_text() for page in PdfReader(kept.pdf).pages]
    assert f"https://kt.example.vn/xac-minh/{code}" in pages[-1].replace("\n", "")
    assert "xac-minh" not in pages[0]
    answer = stranger.get(f"/xac-minh/{code.lower()}")
    for words in ("Thông báo số 07/TB-ĐKT ngày 20/11/2026", "Còn hiệu lực", kept.sha256, "Đoàn kiểm tra"):
        assert words in answer.text, words
    assert "tre-han" not in answer.text


def test_the_file_in_hand_is_held_against_the_printed_code(printing: World, stranger: FlaskClient) -> None:
    kept = issued(printing, number=7, issued_on=DAY)
    path = f"/xac-minh/{code_of(printing, kept.document)}"
    assert "nguyên vẹn" in headline(handed_in(stranger, kept.pdf.read_bytes(), path))
    other = handed_in(stranger, kept.pdf.read_bytes() + b"\n", path)
    assert headline(other).startswith("Tệp này KHÔNG phải là Thông báo số 07/TB-ĐKT")


def test_a_code_of_a_paper_that_is_not_out_tells_nothing(printing: World, stranger: FlaskClient) -> None:
    kept = issued(printing)
    assert stranger.get(f"/xac-minh/{code_of(printing, kept.document)}").status_code == 404


def test_nothing_is_printed_unless_the_body_wants_it(inspected: World) -> None:
    kept = issued(inspected)
    assert code_of(inspected, kept.document) == ""
    assert "xac-minh" not in text_of(kept.pdf)


def test_the_line_cannot_be_switched_on_without_an_address(browser: Callable[[str], Browser], world: World) -> None:
    client = browser("mai")
    fields = {
        "name": "Đoàn kiểm tra",
        "letterhead": "ĐOÀN KIỂM TRA",
        "verb": "yêu cầu",
        "signers-0-name": "Nguyễn Văn Mẫu",
        "signers-0-title": "TRƯỞNG ĐOÀN",
        "verification": "y",
    }
    answer = client.post("/co-quan-ban-hanh/them", **fields)
    assert answer.status_code == 400
    assert "hệ thống chưa có địa chỉ công khai" in answer.text
    assert world.installation.database().execute("SELECT count(*) FROM issuers").fetchone()[0] == 1
