"""Members report on their own parts; one screen says what is missing from whom."""

from __future__ import annotations

from app.duties.queries import member_texts
from tests.conftest import World, answer_value

PAGE, MISSING = "/cuoc-kiem-tra/cuoc-1/phan-viec", "/cuoc-kiem-tra/cuoc-1/con-thieu"


def subject(world: World, username: str) -> str:
    return f"inspection/cuoc-1/duty/{world.accounts[username]}"


def test_a_member_reports_his_own_part_and_nobody_anothers(inspected: World, browser):
    assert browser("binh").post(PAGE, text="", seen="", action="done").status_code == 400
    assert browser("binh").post(PAGE, text="Niêm yết đủ, còn hồ sơ trễ.", seen="", action="done").status_code == 302
    journal = inspected.installation.journal()
    assert journal.value(subject(inspected, "binh")) == {"done": True, "text": "Niêm yết đủ, còn hồ sơ trễ."}
    assert member_texts(inspected.installation.database(), "cuoc-1") == [
        (inspected.accounts["binh"], "Niêm yết đủ, còn hồ sơ trễ.", True)
    ]
    for path in (PAGE, "/cuoc-kiem-tra/cuoc-1/du-thao", "/cuoc-kiem-tra/cuoc-1/van-ban/lap/bao-cao"):
        assert "Niêm yết đủ, còn hồ sơ trễ." in browser("an").get(path).text, path
    assert browser("chi").get(PAGE).status_code == 404


def test_what_comes_after_the_report_is_said(inspected: World, browser):
    browser("binh").post(PAGE, text="Xong.", seen="", action="done")
    assert "Có ghi nhận mới" not in browser("an").get(PAGE).text
    journal = inspected.installation.journal()
    journal.write(inspected.who("an"), "inspection/cuoc-1/answer/dao-tao.ky-luat-lop-tap-huan", answer_value())
    assert "Có ghi nhận mới" in browser("an").get(PAGE).text
    seen = journal.current(subject(inspected, "binh"))[0].id
    answered = browser("binh").post(PAGE, text="Bản thứ hai.", seen="", action="done")
    assert answered.status_code == 409
    assert "Bản thứ hai." in answered.text
    assert browser("binh").post(PAGE, text="Bản thứ hai.", seen=seen, action="keep").status_code == 302
    assert journal.value(subject(inspected, "binh"))["done"] is False


def test_one_screen_names_everybody_who_owes_something(inspected: World, browser):
    an = browser("an")
    an.post("/cuoc-kiem-tra/cuoc-1/giai-trinh/gui", until="05/12/2026", seen="")
    steps = {"steps-0-title": "Soát", "steps-0-who": f"account:{inspected.accounts['xem']}", "seen": ""}
    an.post("/cuoc-kiem-tra/cuoc-1/duyet/cac-buoc", **steps)
    page = an.get(MISSING).text
    for text in ("Chưa báo cáo xong", "đã giải trình 0/1", "Dự thảo chưa được trình duyệt", "Bình", "Sở A"):
        assert text in page, text
    late = "answer/ho-so.tre-han-tren-phan-mem"
    browser("dv").post("/giai-trinh/cuoc-1", key=late, text="Do phần mềm lỗi.", seen="")
    assert "Chưa quyết định về 1 giải trình" in an.get(MISSING).text
    assert browser("binh").get(MISSING).status_code == 200
    assert browser("chi").get(MISSING).status_code == 404
