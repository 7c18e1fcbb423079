from __future__ import annotations

import re

import pytest

from app.conclusions.issue import issue
from tests.conftest import World

DRAFT = "/cuoc-kiem-tra/cuoc-1/du-thao"
PRAISE = "pass.dao-tao.kinh-phi"


@pytest.mark.parametrize("username", ["binh", "dv", "xem", "van"])
@pytest.mark.parametrize(
    "path",
    [
        DRAFT,
        f"{DRAFT}/xem",
        f"{DRAFT}/tai.pdf",
        "/cuoc-kiem-tra/cuoc-1/ban-hanh",
        "/cuoc-kiem-tra/cuoc-1/yeu-cau-du-thao",
    ],
)
def test_a_draft_is_for_those_who_draft(inspected: World, browser, username, path):
    assert browser(username).get(path).status_code == 403


def test_a_stranger_to_the_inspection_sees_nothing(inspected: World, browser):
    assert browser("chi").get(DRAFT).status_code == 404


def test_the_draft_shows_paragraphs_beside_their_findings(inspected: World, browser):
    page = browser("an").get(DRAFT).text

    assert "Còn 03\u00a0hồ sơ trễ hạn trên phần mềm." in page
    assert "Số hồ sơ trễ hạn trên phần mềm: <strong>3</strong>" in page


def test_reworded_dropped_and_taken_back(inspected: World, browser):
    an, subject = browser("an"), f"inspection/cuoc-1/conclusion/{PRAISE}"
    journal = inspected.installation.journal()
    an.post(DRAFT, part=PRAISE, text="Kinh phí được bố trí đủ.", seen="", action="save")
    assert journal.value(subject)["text"] == "Kinh phí được bố trí đủ."

    seen = journal.current(subject)[0].id
    an.post(DRAFT, part=PRAISE, reason="trùng ý", seen=seen, action="drop")
    assert journal.value(subject)["dropped"] is True
    assert "Kinh phí" not in an.get(f"{DRAFT}/xem").text

    an.post(DRAFT, part=PRAISE, seen=journal.current(subject)[0].id, action="restore")
    assert journal.value(subject)["text"] == "Kinh phí được bố trí đủ."
    assert "Kinh phí được bố trí đủ." in an.get(f"{DRAFT}/xem").text.replace("\u00a0", " ")

    an.post(DRAFT, part=PRAISE, seen=journal.current(subject)[0].id, action="proposal")
    assert journal.value(subject) is None


def test_who_was_slower_sees_both_wordings_and_keeps_his_own(inspected: World, browser):
    an = browser("an")
    an.post(DRAFT, part=PRAISE, text="Bản thứ nhất.", seen="", action="save")
    answered = an.post(DRAFT, part=PRAISE, text="Bản thứ hai.", seen="", action="save")

    assert answered.status_code == 409
    assert "Bản thứ nhất." in answered.text
    assert "Bản thứ hai.</textarea>" in answered.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "", "action": "save"}, "đang trống"),
        ({"reason": "", "action": "drop"}, "lý do bỏ"),
        ({"text": "x" * 8001, "action": "save"}, "rút xuống tối đa"),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_place(inspected: World, browser, fields, words):
    page = browser("an").post(DRAFT, part=PRAISE, seen="", **fields)

    assert words in page.text
    assert not inspected.installation.journal().current(f"inspection/cuoc-1/conclusion/{PRAISE}")


def test_the_opening_cannot_be_dropped(inspected: World, browser):
    assert browser("an").post(DRAFT, part="opening", reason="thừa", seen="", action="drop").status_code == 400


def test_an_unknown_paragraph_is_not_found(inspected: World, browser):
    assert browser("an").post(DRAFT, part="pass.x.y", text="a", seen="", action="save").status_code == 404


def test_own_paragraph_and_own_requirement_come_into_the_paper(inspected: World, browser):
    an = browser("an")
    an.post(f"{DRAFT}/them", section="follow", text="Giao thư ký Đoàn tổng hợp.")
    an.post(
        "/cuoc-kiem-tra/cuoc-1/yeu-cau-du-thao",
        text="Gửi báo cáo bổ sung",
        deadline_text="trước ngày 30/12/2026",
        seen="",
    )
    page = an.get(f"{DRAFT}/xem").text

    assert "Giao thư ký Đoàn tổng hợp." in page
    assert "Gửi báo cáo bổ sung; hoàn thành trước ngày" in page


def test_a_proposed_requirement_that_is_changed_stays_with_its_finding(inspected: World, browser):
    path = "/cuoc-kiem-tra/cuoc-1/yeu-cau-du-thao?doan=req.ho-so.tre-han-tren-phan-mem"
    browser("an").post(path, text="Xử lý xong 03 hồ sơ", product="danh sách", seen="")
    value = inspected.installation.database().execute("SELECT value FROM remedies").fetchone()[0]

    assert "answer/ho-so.tre-han-tren-phan-mem" in value
    assert "Xử lý dứt điểm" not in browser("an").get(f"{DRAFT}/xem").text


def test_what_people_type_is_text_on_every_page(inspected: World, browser):
    an = browser("an")
    an.post(DRAFT, part=PRAISE, text="<script>alert(1)</script>", seen="", action="save")

    for path in (DRAFT, f"{DRAFT}/xem"):
        assert "<script>alert" not in an.get(path).text


def test_from_signing_to_the_units_answer(inspected: World, browser):
    an, van, dv, xem = (browser(name) for name in ("an", "van", "dv", "xem"))
    assert an.post("/cuoc-kiem-tra/cuoc-1/ban-hanh", signer="0", number="", issued_on="").status_code == 302
    document = re.search(r"/van-ban/cuoc-1/([0-9a-f-]+)/tep\.pdf", an.get("/cuoc-kiem-tra/cuoc-1/van-ban").text)[1]
    file = f"/van-ban/cuoc-1/{document}/tep.pdf"
    assert [browser.get(file).status_code for browser in (an, van, dv, xem)] == [200, 200, 404, 404]

    assert van.post(f"/vao-so/cuoc-1/{document}", number="12", issued_on="22/11/2026").status_code == 302
    assert [browser.get(file).status_code for browser in (dv, xem)] == [200, 200]
    assert browser("dv-khac").get(file).status_code == 404

    listed = dv.get("/yeu-cau").text
    assert "30/11/2026" in listed
    remedy = re.search(r"/yeu-cau/cuoc-1/([^\"]+)\"", listed)[1]
    assert dv.post(f"/yeu-cau/cuoc-1/{remedy}", state="da_hoan_thanh", text="Đã xử lý.").status_code == 302
    assert browser("dv-khac").post(f"/yeu-cau/cuoc-1/{remedy}", state="da_hoan_thanh", text="x").status_code == 404
    team = f"/cuoc-kiem-tra/cuoc-1/khac-phuc/{remedy}"
    assert an.post(team, decision="chua_chap_nhan", reason="").status_code == 400
    assert an.post(team, decision="chap_nhan", reason="").status_code == 302
    assert "Chấp nhận" in dv.get("/yeu-cau").text


@pytest.mark.parametrize(("number", "day"), [("x", "22/11/2026"), ("12", "31/02/2026"), ("12", ""), ("", "22/11/2026")])
def test_a_wrong_number_or_date_keeps_what_was_typed(inspected: World, browser, number, day):
    document = issue(inspected.installation, "cuoc-1", inspected.who("an")).document
    answered = browser("van").post(f"/vao-so/cuoc-1/{document}", number=number, issued_on=day)

    assert answered.status_code == 400
    assert f'value="{day}"' in answered.text


def test_the_verdict_of_a_signed_paper_is_a_page(inspected: World, browser):
    document = issue(inspected.installation, "cuoc-1", inspected.who("an")).document
    page = browser("an").get(f"/van-ban/cuoc-1/{document}/kiem-tra").text

    assert "Chữ ký hợp lệ; nội dung nguyên vẹn từ khi ký" in page


def test_the_register_is_the_clerks(inspected: World, browser):
    assert browser("an").get("/vao-so").status_code == 403
    assert browser("van").get("/vao-so").status_code == 200
