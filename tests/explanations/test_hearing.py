"""Giải trình: the unit is shown the draft's shortcomings, answers each, the lead decides, the paper tells of it."""

from __future__ import annotations

import io

import pytest

from app.conclusions.gather import gather
from app.errors import KiemtraError
from reports.composing.conclusion import compose
from reports.composing.review import review
from reports.document import Heading, Paragraph
from tests.conftest import World, answer_value

LATE = "answer/ho-so.tre-han-tren-phan-mem"
TEAM, UNIT = "/cuoc-kiem-tra/cuoc-1/giai-trinh", "/giai-trinh/cuoc-1"
SUBJECT = f"inspection/cuoc-1/explanation/{LATE.removeprefix('answer/')}"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def heard(inspected: World, browser) -> World:
    """The shortcomings were sent to the unit until 5/12."""
    answered = browser("an").post(f"{TEAM}/gui", until="05/12/2026", message="Đề nghị gửi trước hạn.", seen="")
    assert answered.status_code == 302
    return inspected


def value(world: World, subject: str):
    return world.installation.journal().value(subject)


def entry(world: World, subject: str) -> str:
    return world.installation.journal().current(subject)[-1].id


def explain(browser, text="Hệ thống lỗi ba ngày.", **more):
    return browser("dv").post(UNIT, key=LATE, text=text, seen="", **more)


def decide(world: World, browser, decision="khong_tiep_thu", reason="không có văn bản báo lỗi", seen="", **more):
    fields = {"key": LATE, "explanation": entry(world, SUBJECT), "decision": decision, "reason": reason, "seen": seen}
    return browser("an").post(f"{TEAM}/quyet-dinh", **fields, **more)


def told(world: World) -> list[str]:
    blocks = compose(gather(world.installation, "cuoc-1")).blocks
    return [block.text for block in blocks if isinstance(block, Paragraph | Heading)]


def remarks(world: World) -> list[tuple[str, str]]:
    found = review(gather(world.installation, "cuoc-1"))
    return [(one.level, one.text) for one in found if "giải trình" in one.text]


def test_the_unit_sees_nothing_before_it_is_asked(inspected: World, browser):
    assert browser("dv").get(UNIT).status_code == 404
    assert "Hệ thống" not in browser("dv").get("/giai-trinh").text
    with pytest.raises(KiemtraError):
        inspected.installation.journal().write(inspected.who("dv"), SUBJECT, {"text": "x"}, supersedes=[])


def test_the_unit_sees_the_wording_that_was_sent_and_no_other(heard: World, browser):
    journal, an = heard.installation.journal(), heard.who("an")
    note = {"kind": "nhan_xet", "text": "Nghi cán bộ giấu hồ sơ"}
    journal.write(an, "inspection/cuoc-1/note/ho-so.tre-han-tren-phan-mem/ghi-1", note)
    figures = {"tre_han": [{"value": "9", "source": "phan_mem"}]}
    journal.write(an, f"inspection/cuoc-1/{LATE}", answer_value("chua_dat", figures=figures))
    page = browser("dv").get(UNIT).text
    assert "Còn 03\u00a0hồ sơ trễ hạn trên phần mềm." in page
    assert "09\u00a0hồ sơ" not in page
    assert "giấu" not in page
    assert "Kinh phí" not in page
    assert "khác bản đơn vị nhận" in browser("an").get(TEAM).text


def test_another_unit_and_other_roles_see_nothing(heard: World, browser):
    assert browser("dv-khac").get(UNIT).status_code == 404
    assert browser("dv-khac").post(UNIT, key=LATE, text="Không phải chúng tôi", seen="").status_code == 404
    assert browser("xem").get(UNIT).status_code == 403
    assert browser("chi").get(TEAM).status_code == 404
    assert browser("binh").post(f"{TEAM}/gui", until="06/12/2026", seen="").status_code == 403


def test_an_explanation_with_a_file_is_kept_and_read_by_the_team(heard: World, browser):
    files = {"files": (io.BytesIO(PNG), "xác nhận.png")}
    assert explain(browser, number="12/UBND", date="3/12/2026", **files).status_code == 302
    kept = value(heard, SUBJECT)
    assert (kept["paper"], kept["on_behalf"]) == ({"number": "12/UBND", "date": "2026-12-03"}, False)
    (file,) = kept["files"]
    assert file["name"] == "xác nhận.png"
    assert "Hệ thống lỗi ba ngày." in browser("binh").get(TEAM).text
    for username, status in (("binh", 200), ("dv", 200), ("dv-khac", 404), ("xem", 404), ("chi", 404)):
        assert browser(username).get(f"/api/evidence/{file['sha256']}").status_code == status, username


def test_a_hash_alone_gives_no_right_to_a_file(heard: World, browser):
    """Hashes of evidence stand in published manifests."""
    digest = "a" * 64
    heard.installation.database().execute(
        "INSERT INTO files VALUES (?, 'image/png', 9, ?, '2026-11-22T00:00:00.000Z')", [digest, heard.accounts["an"]]
    )
    explain(browser, keep=f"{digest} anh.png")
    assert value(heard, SUBJECT)["files"] == []


def test_undecided_blocks_signing_and_what_is_not_taken_is_told(heard: World, browser):
    explain(browser, number="12/UBND-VP", date="3/12/2026")
    assert [level for level, _ in remarks(heard)] == ["block"]
    assert decide(heard, browser, reason="").status_code == 400
    assert decide(heard, browser, printed="y").status_code == 302
    assert remarks(heard) == []
    (sentence,) = [text for text in told(heard) if "giải trình tại" in text]
    assert sentence == (
        "Về nội dung \u201ccòn 03\u00a0hồ sơ trễ hạn trên phần mềm\u201d, đơn vị có giải trình tại Công văn số "
        "12/UBND-VP ngày 03/12/2026; Đoàn kiểm tra không tiếp thu vì không có văn bản báo lỗi."
    )
    manifest = compose(gather(heard.installation, "cuoc-1")).manifest
    (paragraph,) = [one for one in manifest["paragraphs"] if one["id"].startswith("explained.")]
    assert {entry(heard, SUBJECT), entry(heard, f"{SUBJECT}/decision")} <= set(paragraph["entries"])


def test_a_shortcoming_that_does_not_stand_takes_its_explanation_along(heard: World, browser):
    explain(browser)
    decide(heard, browser, printed="y")
    part = "fail.ho-so.tre-han-tren-phan-mem"
    browser("an").post("/cuoc-kiem-tra/cuoc-1/du-thao", part=part, text="Còn ba hồ sơ trễ.", seen="", action="save")
    assert any("\u201ccòn ba hồ sơ trễ\u201d" in text for text in told(heard))
    seen = entry(heard, f"inspection/cuoc-1/conclusion/{part}")
    browser("an").post("/cuoc-kiem-tra/cuoc-1/du-thao", part=part, reason="đã xử lý", seen=seen, action="drop")
    assert not [text for text in told(heard) if "có giải trình" in text]


def test_what_the_lead_does_not_want_told_is_not(heard: World, browser):
    explain(browser)
    decide(heard, browser)
    assert not [text for text in told(heard) if "giải trình" in text]


def test_a_changed_explanation_is_open_again(heard: World, browser):
    explain(browser)
    decide(heard, browser)
    browser("dv").post(UNIT, key=LATE, text="Bổ sung: có văn bản báo lỗi.", seen=entry(heard, SUBJECT))
    assert [level for level, _ in remarks(heard)] == ["block"]
    page = browser("an").get(TEAM).text
    assert "cần quyết định lại" in page


def test_the_unit_reads_the_decision_at_once_and_whether_it_still_holds(heard: World, browser):
    explain(browser)
    assert "chưa có ý kiến về giải trình này" in browser("dv").get(UNIT).text
    decide(heard, browser, reason="không có văn bản báo lỗi")
    page = browser("dv").get(UNIT).text
    assert "Không tiếp thu" in page
    assert "Lý do: không có văn bản báo lỗi" in page
    assert "có thể thay đổi cho đến khi ký kết luận" in page
    block = page.split('data-testid="answered"')[1].split("</div>")[0]
    assert heard.who("an").name not in block.split()
    assert "Đã có ý kiến của Đoàn" in page

    browser("dv").post(UNIT, key=LATE, text="Bổ sung: có văn bản báo lỗi.", seen=entry(heard, SUBJECT))
    page = browser("dv").get(UNIT).text
    assert "Đoàn kiểm tra sẽ cho ý kiến lại" in page
    assert "không có văn bản báo lỗi" not in page
    assert browser("dv-khac").get(UNIT).status_code == 404


def test_a_decision_on_a_text_that_is_no_longer_there_is_refused(heard: World, browser):
    explain(browser)
    old = entry(heard, SUBJECT)
    browser("dv").post(UNIT, key=LATE, text="Bản sửa.", seen=old)
    fields = {"key": LATE, "explanation": old, "decision": "khong_tiep_thu", "reason": "lý do đã gõ", "seen": ""}
    answered = browser("an").post(f"{TEAM}/quyet-dinh", **fields)
    assert answered.status_code == 409
    assert "hãy đọc bản mới" in answered.text
    assert "lý do đã gõ" in answered.text


def test_who_was_slower_keeps_text_and_files(heard: World, browser):
    explain(browser)
    answered = explain(browser, text="Bản thứ hai.", files=(io.BytesIO(PNG), "anh.png"))
    assert answered.status_code == 409
    assert "Bản thứ hai." in answered.text
    assert "Hệ thống lỗi ba ngày." in answered.text
    assert "anh.png</span>" in answered.text


def test_taken_but_unchanged_is_said_until_the_finding_changes(heard: World, browser):
    explain(browser)
    decide(heard, browser, decision="tiep_thu", reason="", changes="y")
    assert [level for level, _ in remarks(heard)] == ["warn"]
    assert "Sửa kết quả này" in browser("an").get(TEAM).text
    heard.installation.journal().write(heard.who("an"), f"inspection/cuoc-1/{LATE}", answer_value("dat"))
    assert remarks(heard) == []


def test_a_late_explanation_is_taken_marked_and_holds_nothing_up(heard: World, browser):
    heard.clock.forward(days=30)
    explain(browser)
    assert [level for level, _ in remarks(heard)] == ["warn"]
    assert "Gửi sau hạn" in browser("an").get(TEAM).text


def test_the_office_types_in_a_letter_but_never_over_the_units_words(heard: World, browser):
    typed = {"key": LATE, "text": "Theo công văn giấy.", "number": "7/UBND", "date": "1/12/2026", "seen": ""}
    assert browser("an").post(f"{TEAM}/nhap", **typed).status_code == 302
    assert value(heard, SUBJECT)["on_behalf"] is True
    browser("dv").post(UNIT, key=LATE, text="Lời của đơn vị.", seen=entry(heard, SUBJECT))
    answered = browser("an").post(f"{TEAM}/nhap", **{**typed, "seen": entry(heard, SUBJECT)})
    assert answered.status_code == 403
    assert value(heard, SUBJECT)["text"] == "Lời của đơn vị."
    assert "Theo công văn giấy." in answered.text


def test_the_units_letter_covers_all_its_explanations(heard: World, browser):
    explain(browser)
    browser("dv").post(f"{UNIT}/y-kien-chung", number="15/UBND-VP", date="4/12/2026", text="", seen="")
    decide(heard, browser, printed="y")
    assert any("Công văn số 15/UBND-VP" in text for text in told(heard))
    assert browser("dv").post(f"{UNIT}/y-kien-chung", text="", seen="").status_code == 400


def test_what_was_withdrawn_is_gone_and_can_be_sent_again(heard: World, browser):
    explain(browser)
    journal = heard.installation.journal()
    journal.write(heard.who("dv"), SUBJECT, None)
    assert remarks(heard) == []
    journal.write(heard.who("an"), "inspection/cuoc-1/hearing", None)
    assert browser("dv").get(UNIT).status_code == 404
    assert explain(browser).status_code == 404
    with pytest.raises(KiemtraError):
        journal.write(heard.who("dv"), SUBJECT, {"text": "Sau khi rút"})
    seen = entry(heard, "inspection/cuoc-1/hearing")
    assert browser("an").post(f"{TEAM}/gui", until="06/12/2026", seen=seen).status_code == 302
    assert explain(browser).status_code == 409
    assert browser("dv").post(UNIT, key=LATE, text="Lại.", seen=entry(heard, SUBJECT)).status_code == 302


def test_nothing_is_taken_after_the_conclusion_is_signed(heard: World, browser):
    paper = {"kind": "TB", "title": "Thông báo", "state": "signed", "sha256": "0" * 64}
    journal, system = heard.installation.journal(), heard.system()
    journal.write(system, "inspection/cuoc-1/document/bc-1", {**paper, "kind": "BC", "about": "bao-cao"})
    assert "Gửi giải trình" in browser("dv").get(UNIT).text
    journal.write(system, "inspection/cuoc-1/document/tb-1", paper)
    assert explain(browser).status_code == 403
    assert "không nhận giải trình nữa" in browser("dv").get(UNIT).text
