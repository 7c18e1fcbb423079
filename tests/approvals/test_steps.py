"""Approval in steps: in their order, each by its person, of exactly the text that stands."""

from __future__ import annotations

import re

import pytest

from app.approvals.queries import approvals_missing
from app.conclusions.gather import gather
from app.conclusions.issue import issue
from app.errors import KiemtraError, UnprocessableError
from tests.conftest import World

PAGE = "/cuoc-kiem-tra/cuoc-1/duyet"
DRAFT = "/cuoc-kiem-tra/cuoc-1/du-thao"
PRAISE = "pass.dao-tao.kinh-phi"


@pytest.fixture
def stepped(inspected: World, browser) -> World:
    """Bình approves first, then a viewer who is no member (a deputy director), then the signer signs."""
    fields = {
        "steps-0-title": "Thành viên soát",
        "steps-0-who": f"account:{inspected.accounts['binh']}",
        "steps-1-title": "Phó Giám đốc duyệt",
        "steps-1-who": f"account:{inspected.accounts['xem']}",
        "steps-2-title": "Giám đốc ký",
        "steps-2-who": "ky",
        "seen": "",
    }
    assert browser("an").post(f"{PAGE}/cac-buoc", **fields).status_code == 302
    return inspected


def missing(world: World) -> list[str]:
    return approvals_missing(world.installation, "cuoc-1", gather(world.installation, "cuoc-1"))


def submit(browser, number: int = 1, note: str = ""):
    page = browser("an").get(PAGE).text
    found = re.search(r'name="sha256" value="([0-9a-f]{64})"', page)
    sha256 = found.group(1) if found else "0" * 64
    return browser("an").post(f"{PAGE}/trinh", sha256=sha256, number=str(number), note=note)


def say(browser, username: str, step: int, decision: str = "duyet", number: int = 1, **more: str):
    """What somebody sends who knows the hash; the page gives it only to whose turn it is."""
    page = browser("an").get(PAGE).text
    sha256 = re.search(r'data-sha256="([0-9a-f]{64})"', page).group(1)
    return browser(username).post(f"{PAGE}/{number}/{step}", sha256=sha256, decision=decision, **more)


def test_without_steps_nothing_is_asked(inspected: World):
    assert missing(inspected) == []


def test_nothing_is_signed_before_every_step_has_approved(stepped: World, browser):
    assert missing(stepped) == ["Dự thảo chưa được trình duyệt."]
    assert submit(browser).status_code == 302
    assert len(missing(stepped)) == 2
    with pytest.raises(UnprocessableError, match="Phó Giám đốc duyệt"):
        issue(stepped.installation, "cuoc-1", stepped.who("an"))
    assert say(browser, "binh", 1).status_code == 302
    assert missing(stepped) == ["Chưa duyệt: bước «Phó Giám đốc duyệt», xem."]
    assert say(browser, "xem", 2).status_code == 302
    assert missing(stepped) == []
    assert issue(stepped.installation, "cuoc-1", stepped.who("an")).sha256


def test_steps_come_in_their_order_and_are_their_persons(stepped: World, browser):
    submit(browser)
    assert say(browser, "xem", 2).status_code == 409
    assert say(browser, "an", 1).status_code == 403
    assert say(browser, "xem", 1).status_code == 403
    assert say(browser, "binh", 3).status_code == 403
    assert say(browser, "binh", 9).status_code == 400
    assert len(missing(stepped)) == 2


def test_a_change_after_submission_drops_the_approvals_and_says_so(stepped: World, browser):
    submit(browser)
    say(browser, "binh", 1)
    browser("an").post(DRAFT, part=PRAISE, text="Kinh phí được bố trí đủ.", seen="", action="save")
    (sentence,) = missing(stepped)
    assert "đã thay đổi sau khi trình lần 1" in sentence
    page = browser("an").get(PAGE).text
    assert "Hết hiệu lực: văn bản đã thay đổi" in page
    assert "Kinh phí được bố trí đủ." in page
    assert say(browser, "xem", 2).status_code == 409
    assert submit(browser, 2).status_code == 302
    assert len(missing(stepped)) == 2


def test_a_returned_version_keeps_its_comments_and_is_submitted_anew(stepped: World, browser):
    submit(browser, note="Xin ý kiến gấp.")
    assert say(browser, "binh", 1, "tra_lai").status_code == 400
    page = browser("binh").get(PAGE).text
    place = re.search(r'id="pass\.dao-tao\.kinh-phi".*?name="remark-(\d+)"', page, re.DOTALL).group(1)
    assert say(browser, "binh", 1, "tra_lai", **{f"remark-{place}": "Nêu số tiền."}).status_code == 302
    assert "bị trả lại" in missing(stepped)[0]
    page = browser("an").get(PAGE).text
    assert "Nêu số tiền." in page
    assert "Xin ý kiến gấp." in page
    assert say(browser, "xem", 2).status_code == 409
    given = {
        "decision": "duyet",
        "sha256": stepped.installation.journal().value("inspection/cuoc-1/submission/1")["sha256"],
    }
    for _ in ("returned", "and then followed by a newer one"):
        with pytest.raises(KiemtraError) as refused:
            stepped.installation.journal().write(
                stepped.who("xem"), "inspection/cuoc-1/submission/1/approval/2", given, supersedes=[]
            )
        assert refused.value.code == "not_your_turn"
        submit(browser, 2)


def test_who_reads_another_text_than_is_there_submits_nothing(stepped: World, browser):
    answered = browser("an").post(f"{PAGE}/trinh", sha256="0" * 64, number="1", note="Lời trình đã gõ")
    assert answered.status_code == 409
    assert browser("binh").post(f"{PAGE}/trinh", sha256="0" * 64, number="1").status_code == 403


def test_an_approver_outside_the_delegation_sees_the_submitted_paper_and_no_draft(stepped: World, browser):
    assert "Không có văn bản nào chờ duyệt" in browser("xem").get("/can-duyet").text
    submit(browser)
    say(browser, "binh", 1)
    assert "Kiểm tra công tác CCHC năm 2026" in browser("xem").get("/can-duyet").text
    pdf = browser("xem").get(f"{PAGE}/1/ban-trinh.pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert "Còn 03\u00a0hồ sơ" in browser("xem").get(PAGE).text
    assert browser("chi").get(PAGE).status_code == 404
    assert browser("chi").get(f"{PAGE}/1/ban-trinh.pdf").status_code == 404
    assert browser("xem").get(DRAFT).status_code == 403


def test_approvals_are_said_once(stepped: World, browser):
    submit(browser)
    sha256 = stepped.installation.journal().value("inspection/cuoc-1/submission/1")["sha256"]
    say(browser, "binh", 1)
    subject = "inspection/cuoc-1/submission/1/approval/1"
    with pytest.raises(KiemtraError):
        stepped.installation.journal().write(
            stepped.who("binh"), subject, {"decision": "tra_lai", "sha256": sha256, "comment": "x"}, supersedes=[]
        )


def test_the_bodys_steps_hold_until_the_inspection_has_its_own(inspected: World, browser):
    fields = {"steps-0-title": "Trưởng phòng", "steps-0-who": "function:truong_doan", "seen": ""}
    assert browser("an").post("/co-quan-ban-hanh/doan/buoc-duyet", **fields).status_code == 302
    assert missing(inspected) == ["Dự thảo chưa được trình duyệt."]
    submit(browser)
    say(browser, "an", 1)
    assert missing(inspected) == []
    own = {"steps-0-title": "Người khác", "steps-0-who": f"account:{inspected.accounts['binh']}", "seen": ""}
    browser("an").post(f"{PAGE}/cac-buoc", **own)
    assert "bước duyệt đã thay đổi" in missing(inspected)[0]
    seen = inspected.installation.journal().current("inspection/cuoc-1/approval-steps")[0].id
    browser("an").post(f"{PAGE}/cac-buoc", seen=seen, action="body")
    assert missing(inspected) == []
    assert browser("binh").post(f"{PAGE}/cac-buoc", **own).status_code == 403
