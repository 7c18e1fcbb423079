"""The papers beside the conclusion: the delegation's report, site records, reminders, each issued like it."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from PIL import Image

from app.conclusions.gather import gather
from app.conclusions.issue import issue
from app.conclusions.making import Choice, compose_paper, issue_other, possible_papers
from app.errors import NotFoundError, UnprocessableError
from app.inspections.minutes import paper_lines, shown_sha256
from app.papers.issuing import issued_file
from app.papers.pictures import storage_of
from app.papers.registering import register
from app.papers.verifying import verify_document
from reports.composing.conclusion import compose
from reports.rendering.html import render_html
from tests.conftest import World
from tests.evidence.test_scans import scanned

DAY = date(2026, 11, 20)
STROKE = [100, 300, 0, 30, -20, 8, 15, 25, 8]
RECORD: dict[str, Any] = {
    "held_at": "Phòng họp",
    "kind": "lam_viec",
    "letterhead": {"superior": "UBND TỈNH", "body": "ĐOÀN KIỂM TRA", "symbol": "BB-ĐKT"},
    "subject": "Kiểm tra công tác cải cách hành chính năm 2026",
    "unit_name": "Sở A",
    "team": "Đoàn kiểm tra",
    "place": "Phòng họp Sở A",
    "started_at": "2026-11-20T08:05",
    "ended_at": "2026-11-20T11:20",
    "people": [{"name": "Lê Văn Cường", "position": "Giám đốc", "side": "don_vi"}],
    "chair": {"name": "Nguyễn Văn An", "title": "Trưởng đoàn"},
    "secretary": {"name": "Trần Thị Bình", "title": "Chuyên viên"},
    "unit_signer": {"name": "Lê Văn Cường", "title": "Giám đốc"},
    "sections": [{"title": "Tồn tại, hạn chế", "text": "Còn 03 hồ sơ trễ hạn trên phần mềm."}],
    "unit_opinion": "Đơn vị thống nhất với nội dung biên bản.",
    "recipients": ["Sở A", "Lưu: VT"],
}


@pytest.fixture
def world(inspected: World) -> World:
    """The body has a symbol for every type of paper, and reports go up to somebody."""
    journal = inspected.installation.journal()
    symbols = {"TB": "TB-ĐKT", "CV": "SNV-CCHC", "BC": "BC-ĐKT"}
    body = {**journal.value("issuer/doan"), "symbols": symbols, "addressee": "Chủ tịch UBND tỉnh", "place": "Đồng Tháp"}
    journal.write(inspected.system(), "issuer/doan", body)
    return inspected


def read_record(world: World, **more: Any) -> dict[str, Any]:
    shown = shown_sha256(RECORD)
    drawn = {"name": "Lê Văn Cường", "role": "don_vi", "at": "2026-11-20T04:15:00Z", "shown": shown, "height": 400}
    read = {"read": {"by": "Trần Thị Bình", "at": "2026-11-20T04:10:00Z"}, "shown_sha256": shown}
    value = {**RECORD, **read, "signatures": [{**drawn, "strokes": [STROKE]}], **more}
    world.installation.journal().write(world.who("an"), "inspection/cuoc-1/minutes/bb-1", value, supersedes=[])
    return value


def issued(world: World, about: str, number: int, issuer: str = "") -> Path:
    """A paper signed by the leader and put into the register; its file."""
    kept = issue_other(world.installation, "cuoc-1", about, world.who("an"), Choice(issuer))
    register(world.installation, "cuoc-1", kept.document, world.who("van"), number=number, issued_on=DAY)
    value = world.installation.journal().value(f"inspection/cuoc-1/document/{kept.document}")
    assert (value["about"], value["state"]) == (about, "registered")
    return issued_file(world.installation, value["sha256"], "pdf")


def words_of(pdf: Path) -> str:
    told = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return " ".join(told.stdout.replace("\u00a0", " ").split())


def test_the_report_counts_what_was_found_and_goes_up(world: World) -> None:
    read_record(world)
    file = issued(world, "bao-cao", 12)
    text, report = words_of(file), verify_document(world.installation, file).report
    assert (report.valid, report.unchanged, report.matches_journal) == (True, True, True)
    assert "Số: 12/BC-ĐKT" in text
    assert "Kính gửi: Chủ tịch Ủy ban nhân dân tỉnh." in text
    assert "Đoàn kiểm tra đã lập 01 biên bản (ngày 20/11/2026)." in text
    assert "đã kiểm tra 02 nội dung thuộc 02 lĩnh vực: 01 nội dung đạt và 01 nội dung chưa đạt" in text
    assert "Phụ lục II" in text


def test_the_conclusion_rests_on_the_registered_report(world: World) -> None:
    assert "của Đoàn kiểm tra, " not in opening(world)
    issued(world, "bao-cao", 12)
    assert "Báo cáo số 12/BC-ĐKT ngày 20/11/2026 của Đoàn kiểm tra" in opening(world)


def opening(world: World) -> str:
    text: str = compose(gather(world.installation, "cuoc-1")).blocks[0].text  # type: ignore[union-attr]
    return text


def test_a_registered_report_is_replaced_by_one_that_names_it(world: World, browser: Any) -> None:
    issued(world, "bao-cao", 12)
    ((old,),) = world.installation.database().execute("SELECT document FROM documents").fetchall()
    an, at = browser("an"), f"/cuoc-kiem-tra/cuoc-1/van-ban/lap/bao-cao?thay={old}"
    assert at in an.get(f"/van-ban/cuoc-1/{old}/ho-so").text
    typed = {"action": "sign", "issuer": "doan", "signer": "0", "number": "13", "issued_on": "20/11/2026"}
    assert an.post(at, **typed).status_code == 400
    assert an.post(at, reason="Sai số liệu", **typed).status_code == 302
    journal = world.installation.journal()
    assert journal.value(f"inspection/cuoc-1/document/{old}")["state"] == "replaced"
    rows = world.installation.database().execute("SELECT sha256 FROM documents WHERE state = 'registered'").fetchall()
    text = words_of(issued_file(world.installation, rows[0][0], "pdf"))
    assert "Báo cáo này thay thế Báo cáo số 12/BC-ĐKT ngày 20/11/2026." in text
    assert "Báo cáo số 13/BC-ĐKT" in opening(world)


def test_the_report_is_not_for_the_unit(world: World, browser: Any) -> None:
    issued(world, "bao-cao", 12)
    (document,) = world.installation.database().execute("SELECT document FROM documents").fetchone()
    for username, status in (("dv", 404), ("xem", 404), ("an", 200)):
        assert browser(username).get(f"/van-ban/cuoc-1/{document}/tep.pdf").status_code == status
    assert "Báo cáo" not in browser("xem").get("/van-ban").text
    assert "Báo cáo" not in browser("dv").get("/yeu-cau").text


def test_a_record_is_issued_with_the_text_that_was_read(world: World) -> None:
    value = read_record(world)
    file = issued(world, "bien-ban.bb-1", 3)
    text = words_of(file)
    report = verify_document(world.installation, file).report
    assert "(Kèm theo Biên bản số 03/BB-ĐKT ngày 20 tháng 11 năm 2026 của Đoàn kiểm tra)" in text
    assert (report.valid, report.unchanged, report.matches_journal) == (True, True, True)
    lines = [line for line in paper_lines(value) if line.style in {"text", "item", "heading", "name", "recipient"}]
    assert [line.text for line in lines if " ".join(line.text.split()) not in text] == []
    assert "Số: 03/BB-ĐKT" in text
    assert value["shown_sha256"] in text
    assert "Trần Thị Bình đọc lại lúc 11 giờ 10 phút, ngày 20/11/2026" in text


def test_a_record_has_the_same_words_in_word_and_on_the_screen(world: World) -> None:
    value = read_record(world)
    paper = compose_paper(world.installation, "cuoc-1", "bien-ban.bb-1", Choice())
    kept = issue_other(world.installation, "cuoc-1", "bien-ban.bb-1", world.who("an"), Choice())
    word = docx.Document(BytesIO(kept.docx.read_bytes()))
    in_word = "\n".join(paragraph.text for paragraph in word.paragraphs).replace("\u00a0", " ")
    html = render_html(paper.document).replace("\u00a0", " ")
    for line in paper_lines(value):
        if line.style in {"text", "item", "heading"}:
            assert line.text in in_word
            assert line.text in html
    assert len(word.inline_shapes) == 1
    assert html.count("<polyline") == 1


def _preview_shows_the_pages(world: World, browser: Any, scans: list[dict[str, Any]]) -> None:
    """Each page as a picture from an address of this paper alone; nothing else of the evidence comes that way."""
    base = "/cuoc-kiem-tra/cuoc-1/van-ban/lap"
    shown = re.findall(
        r'<img src="([^"]+)" alt="(Trang [12], quét[^"]*)"', browser("an").get(f"{base}/bien-ban.bb-1").text
    )
    assert len(shown) == 2
    for address, _ in shown:
        answer = browser("an").get(address)
        assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
        assert max(Image.open(BytesIO(answer.data)).size) == 1000
        for outsider in ("dv", "xem", "binh"):
            assert browser(outsider).get(address).status_code in {403, 404}
    for digest in (scans[0]["file"]["sha256"], "0" * 64):
        assert browser("an").get(f"{base}/bien-ban.bb-1/hinh/{digest}.jpg").status_code == 404
    assert browser("an").get(shown[0][0].replace("bien-ban.bb-1", "bao-cao")).status_code == 404


def test_a_scan_that_came_as_pdf_is_drawn_and_one_that_cannot_be_opened_is_told_of(world: World, browser: Any) -> None:
    scans = []
    for name, data in (("ban-ky.pdf", scanned(2)), ("hong.pdf", b"%PDF-1.7\n")):
        digest = sha256(data).hexdigest()
        storage_of(world.installation).put(digest, data, world.accounts["an"])
        file = {"sha256": digest, "type": "application/pdf", "size": len(data), "name": name}
        scans.append({"file": file, "at": "2026-11-20T04:30:00Z", "shown": shown_sha256(RECORD)})
    read_record(world, scans=scans)
    _preview_shows_the_pages(world, browser, scans)
    file = issued(world, "bien-ban.bb-1", 3)
    text = words_of(file)
    assert "đã đính 02 ảnh, tệp quét bản giấy đã ký" in text
    assert "Tệp quét «hong.pdf» không in được ở đây: tệp không phải PDF đọc được; hãy quét lại" in text
    assert "Trang 2, quét, đính lúc 11 giờ 30 phút, ngày 20/11/2026" in text
    assert "Ảnh lưu trong hồ sơ" not in text
    listed = subprocess.run(["pdfimages", "-list", str(file)], capture_output=True, text=True, check=True).stdout
    assert [line.split()[3:5] for line in listed.splitlines() if "1754" in line] == [["1241", "1754"]] * 2
    assert verify_document(world.installation, file).report.matches_journal


def test_a_record_that_was_not_read_is_no_paper(world: World) -> None:
    world.installation.journal().write(world.who("an"), "inspection/cuoc-1/minutes/bb-1", RECORD, supersedes=[])
    assert [one.about for one in possible_papers(world.installation, "cuoc-1")] == ["bao-cao"]
    with pytest.raises(UnprocessableError, match="Biên bản chưa đọc lại"):
        issue_other(world.installation, "cuoc-1", "bien-ban.bb-1", world.who("an"), Choice())


def test_a_reminder_names_the_paper_and_what_is_open(world: World) -> None:
    with pytest.raises(UnprocessableError, match="Chưa có kết luận nào vào sổ"):
        compose_paper(world.installation, "cuoc-1", "don-doc.1", Choice())
    kept = issue(world.installation, "cuoc-1", world.who("an"))
    register(world.installation, "cuoc-1", kept.document, world.who("van"), number=7, issued_on=DAY)
    file = issued(world, "don-doc.1", 40)
    text = words_of(file)
    assert "V/v đôn đốc thực hiện Thông báo số 07/TB-ĐKT" in text
    assert "Kính gửi: Sở A." in text
    assert "- Như trên;" in text
    assert "còn 01 nội dung chưa hoàn thành" in text
    assert "Công văn này" in text
    second = compose_paper(world.installation, "cuoc-1", "don-doc.2", Choice()).document
    assert second.subject.endswith("(lần 2)")
    assert "Công văn số 40/SNV-CCHC ngày 20/11/2026" in second.blocks[0].text  # type: ignore[union-attr]


def test_each_paper_replaces_only_its_own_kind(world: World) -> None:
    conclusion = issue(world.installation, "cuoc-1", world.who("an"))
    report = issue_other(world.installation, "cuoc-1", "bao-cao", world.who("an"), Choice())
    again = issue_other(world.installation, "cuoc-1", "bao-cao", world.who("an"), Choice())
    rows = world.installation.database().execute("SELECT document, state FROM documents").fetchall()
    states = {row[0]: row[1] for row in rows}
    assert states == {conclusion.document: "signed", report.document: "replaced", again.document: "signed"}


def test_a_paper_nobody_knows_is_refused(world: World) -> None:
    for about in ("khac", "don-doc.0", "don-doc.x", "bien-ban.khong-co"):
        with pytest.raises(NotFoundError):
            compose_paper(world.installation, "cuoc-1", about, Choice())


def test_over_the_pages(world: World, browser: Any) -> None:
    lead, base = browser("an"), "/cuoc-kiem-tra/cuoc-1/van-ban/lap"
    assert "Báo cáo kết quả kiểm tra của Đoàn" in lead.get(base).text
    page = lead.get(f"{base}/bao-cao").text
    assert "Đoàn kiểm tra kính trình" in page.replace("\u00a0", " ")
    changed = lead.post(f"{base}/bao-cao/loi-van", part="bc.counts", seen="", text="Đã kiểm tra đủ.", action="save")
    assert changed.status_code == 302
    assert "Đã kiểm tra đủ." in lead.get(f"{base}/bao-cao").text
    stale = lead.post(f"{base}/bao-cao/loi-van", part="bc.counts", seen="", text="Lời khác.", action="save")
    assert (stale.status_code, "Lời khác." in stale.text) == (409, True)
    assert lead.get(f"{base}/bao-cao/tai.pdf").data.startswith(b"%PDF")
    assert lead.get(f"{base}/bao-cao/tai.docx").data.startswith(b"PK")
    looked = lead.post(f"{base}/bao-cao", issuer="doan", signer="0", action="look")
    assert looked.status_code == 200
    signed = lead.post(f"{base}/bao-cao", issuer="doan", signer="0", number="", issued_on="", action="sign")
    assert signed.status_code == 302
    assert browser("binh").get(f"{base}/bao-cao").status_code == 403
