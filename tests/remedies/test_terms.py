"""More time for a requirement: asked for by the unit, decided by a leader, followed by all that reads the term."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.case_files.pieces import _said
from app.conclusions.issue import issue
from app.conclusions.making import Choice, compose_paper
from app.errors import ForbiddenError, UnprocessableError
from app.papers.registering import register
from app.remedies.lists import Remedy, remedies_of
from app.remedies.queries import open_findings
from app.remedies.terms import ask, decide
from tests.conftest import World

DAY, AFTER = date(2026, 11, 20), date(2026, 12, 5)


@pytest.fixture
def asked(inspected: World) -> World:
    """One requirement in force until 30/11/2026."""
    journal = inspected.installation.journal()
    journal.write(
        inspected.system(),
        "issuer/doan",
        {**journal.value("issuer/doan"), "symbols": {"TB": "TB-ĐKT", "CV": "SNV-CCHC"}, "place": "Đồng Tháp"},
    )
    document = issue(inspected.installation, "cuoc-1", inspected.who("an")).document
    register(inspected.installation, "cuoc-1", document, inspected.who("van"), number=7, issued_on=DAY)
    assert requirement(inspected).due == "2026-11-30"
    return inspected


def requirement(world: World) -> Remedy:
    (one,) = remedies_of(world.installation.database(), ["cuoc-1"])
    return one


def extend(world: World, day: date | None, *, before: bool = False, who: str = "an", **more: Any) -> date | None:
    one = requirement(world)
    facts: dict[str, Any] = {"reason": "Đơn vị đang sáp nhập.", "seen": [one.entry], **more}
    return decide(world.installation, world.who(who), one, day=day, before=before, **facts)


def post_term(browser: Any, one: Remedy, **fields: str) -> Any:
    form = {"decision": "gia_han", "limit": "cham-nhat", "reason": "Sáp nhập.", "said": one.last_said, **fields}
    return browser.post(f"/cuoc-kiem-tra/cuoc-1/khac-phuc/{one.remedy}/thoi-han", **{"seen": one.entry, **form})


def test_the_unit_asks_and_a_leader_decides_on_the_pages(asked: World, browser):
    unit, team, one = browser("dv"), browser("an"), requirement(asked)
    path = f"/yeu-cau/cuoc-1/{one.remedy}/gia-han"
    refused = unit.post(path, wanted="", text="Chưa đủ người.")
    assert refused.status_code == 400
    assert "Chưa đủ người." in refused.text
    assert "Hãy ghi ngày đề nghị" in refused.text
    early = unit.post(path, wanted="30/11/2026", text="Chưa đủ người.")
    assert early.status_code == 400
    assert "phải sau thời hạn đang tính (hết ngày 30/11/2026)" in early.text

    assert unit.post(path, wanted="20/12/2026", text="Chưa đủ người.").status_code == 302
    assert requirement(asked).due == "2026-11-30"
    assert "Thời hạn cũ vẫn tính" in unit.get("/yeu-cau").text
    again = unit.post(path, wanted="25/12/2026", text="Vẫn chưa đủ.")
    assert (again.status_code, "đang chờ quyết định" in again.text) == (422, True)

    assert "1 đề nghị gia hạn chờ quyết định" in team.get("/cuoc-kiem-tra/").text
    page = team.get("/cuoc-kiem-tra/cuoc-1/khac-phuc").text
    assert "Đề nghị gia hạn, chờ quyết định" in page
    assert 'value="20/12/2026"' in page
    assert '<option value="gia_han">Gia hạn</option>' in page
    assert "Ghi kết luận" not in page
    assert post_term(team, requirement(asked), day="20/12/2026", limit="truoc").status_code == 302
    assert "chờ quyết định" not in team.get("/cuoc-kiem-tra/").text
    told = unit.get("/yeu-cau").text
    assert "Trước ngày 20/12/2026 (đã gia hạn 01 lần)" in told
    assert "thay cho hết ngày 30/11/2026" in told
    assert requirement(asked).due == "2026-12-19"


def test_what_was_typed_stays_when_a_decision_is_refused(asked: World, browser):
    team, shown = browser("an"), requirement(asked)
    ask(asked.installation, asked.who("dv"), shown, wanted=date(2026, 12, 20), reason="Chưa đủ người.")
    answered = post_term(team, shown, day="25/12/2026", reason="Lý do rất dài.")
    assert answered.status_code == 409
    assert "Vừa có nội dung mới ở yêu cầu này" in answered.text
    assert "Lý do rất dài." in answered.text
    assert 'value="25/12/2026"' in answered.text
    assert requirement(asked).due == "2026-11-30"


def test_everything_that_reads_the_term_follows_it(asked: World):
    asked.clock.now = datetime(2026, 12, 5, tzinfo=UTC)
    late = compose_paper(asked.installation, "cuoc-1", "don-doc.1", Choice(as_of=AFTER))
    assert "Quá hạn 05 ngày" in str(late.document)
    extend(asked, date(2026, 12, 20))
    extend(asked, date(2026, 12, 31), before=True, paper="Công văn số 12/SNV-CCHC")

    one, db = requirement(asked), asked.installation.database()
    assert (one.due, one.value["deadline_text"]) == ("2026-12-30", requirement(asked).value["deadline_text"])
    assert one.term == "trước ngày 31/12/2026 (đã gia hạn 02 lần)"
    assert one.first_term.endswith("hết ngày 30/11/2026")
    assert {found["due"] for found in open_findings(db, "so-a", "khac")} == {"2026-12-30"}
    letter = str(compose_paper(asked.installation, "cuoc-1", "don-doc.1", Choice(as_of=AFTER)).document)
    assert "Quá hạn" not in letter
    assert "Trước ngày 31/12/2026 (đã gia hạn 02 lần)" in letter
    assert "Công văn số 12/SNV-CCHC" in _said(one.history[-1])
    assert [said.value["new_due"] for said in one.extensions] == ["2026-12-20", "2026-12-30"]


def test_a_refusal_keeps_the_term_and_the_request_may_be_repeated(asked: World):
    unit = asked.who("dv")
    ask(asked.installation, unit, requirement(asked), wanted=date(2026, 12, 20), reason="Chưa đủ người.")
    assert extend(asked, None) is None
    one = requirement(asked)
    assert (one.due, one.request, one.state_label) == ("2026-11-30", None, "Đoàn kiểm tra: Không gia hạn")
    ask(asked.installation, unit, one, wanted=date(2026, 12, 25), reason="Có thêm lý do.")
    assert requirement(asked).request is not None


def test_only_leaders_decide_on_a_term(asked: World, browser):
    setup = asked.installation.journal().value("inspection/cuoc-1/setup")
    members = [{**one, "functions": ["thu_ky"]} if one["name"] == "Bình" else one for one in setup["members"]]
    asked.installation.journal().write(asked.system(), "inspection/cuoc-1/setup", {**setup, "members": members})
    with pytest.raises(ForbiddenError, match="trưởng đoàn"):
        extend(asked, date(2026, 12, 20), who="binh")
    assert requirement(asked).due == "2026-11-30"
    assert post_term(browser("binh"), requirement(asked), day="20/12/2026").status_code == 403
    assert browser("dv-khac").post(f"/yeu-cau/cuoc-1/{requirement(asked).remedy}/gia-han").status_code == 404


def test_time_is_no_answer_to_the_work(asked: World):
    """A granted term neither accepts nor hides what the unit has answered."""
    journal, one = asked.installation.journal(), requirement(asked)
    done = {"state": "da_hoan_thanh", "text": "Đã xử lý."}
    journal.write(asked.who("dv"), f"{one.subject}/response/1", done, supersedes=[])
    extend(asked, date(2026, 12, 20))
    one = requirement(asked)
    assert (one.waits, one.reviewable, one.done) == (True, True, False)
    journal.write(asked.who("an"), f"{one.subject}/review/{one.reviews + 1}", {"decision": "chap_nhan"}, supersedes=[])
    one = requirement(asked)
    assert (one.done, one.may_wait_longer) == (True, False)
    with pytest.raises(UnprocessableError, match="không gia hạn nữa"):
        extend(asked, date(2026, 12, 31))


def test_a_paper_that_is_not_registered_has_no_term_yet(inspected: World):
    issue(inspected.installation, "cuoc-1", inspected.who("an"))
    with pytest.raises(UnprocessableError, match="chưa vào sổ"):
        extend(inspected, date(2026, 12, 20))


def test_a_paper_that_replaces_the_first_one_sets_its_own_term(asked: World):
    extend(asked, date(2026, 12, 20))
    old, an = requirement(asked).document, asked.who("an")
    new = issue(asked.installation, "cuoc-1", an, replaces=old, reason="Sai số liệu.").document
    register(asked.installation, "cuoc-1", new, asked.who("van"), number=9, issued_on=DAY)
    one = requirement(asked)
    assert (one.document, one.due, one.first_term) == (new, "2026-11-30", "")
    assert "gia hạn" not in one.term
    assert len(one.extensions) == 1


def test_a_moved_term_leaves_the_requirement_in_its_place(inspected: World):
    journal, an = inspected.installation.journal(), inspected.who("an")
    for number in (1, 2):
        more = {"text": f"Việc {number}", "deadline_text": "chậm nhất ngày 15/12/2026", "due": "2026-12-15"}
        journal.write(an, f"inspection/cuoc-1/remedy/viec-{number}", {**more, "findings": []}, supersedes=[])
    document = issue(inspected.installation, "cuoc-1", an).document
    register(inspected.installation, "cuoc-1", document, inspected.who("van"), number=7, issued_on=DAY)
    before = remedies_of(inspected.installation.database(), ["cuoc-1"])
    decide(
        inspected.installation,
        an,
        before[0],
        day=AFTER.replace(day=20),
        before=False,
        reason="X",
        seen=[before[0].entry],
    )
    after = remedies_of(inspected.installation.database(), ["cuoc-1"])
    assert len(after) > 1
    assert [one.remedy for one in after] == [one.remedy for one in before]
