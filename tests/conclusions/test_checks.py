"""The check before signing: what it says, where each point leads, and what signing over one leaves behind."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from app.conclusions.check_pages import place_of
from app.conclusions.checking import check, overrule
from app.conclusions.gather import gather
from app.conclusions.issue import issue
from app.errors import ForbiddenError, UnprocessableError
from reports.composing.facts import RequirementFact
from reports.composing.review import GROUPS, Remark, Spot, review
from tests.conclusions.facts import facts, finding
from tests.conftest import World, answer_value

PAGE = "/cuoc-kiem-tra/cuoc-1/kiem-tra-truoc-khi-ky"
FAIL = "fail.ho-so.tre-han-tren-phan-mem"
ANSWER = "inspection/cuoc-1/answer/ho-so.tre-han-tren-phan-mem"


def checks(world: World):
    return check(world.installation, "cuoc-1", gather(world.installation, "cuoc-1"))


def codes(world: World) -> set[str]:
    return {one.remark.code for one in checks(world).all}


@pytest.fixture
def asks_nothing(inspected: World) -> World:
    """The shortcoming's requirement was left out, so nobody is asked to put it right."""
    value = {"dropped": True, "reason": "đã làm xong"}
    subject = "inspection/cuoc-1/conclusion/req.ho-so.tre-han-tren-phan-mem"
    inspected.installation.journal().write(inspected.who("an"), subject, value)
    return inspected


def key_of(world: World, code: str) -> str:
    return next(one.remark.key for one in checks(world).all if one.remark.code == code)


def test_a_shortcoming_that_asks_nothing_keeps_the_paper_back_until_a_reason_is_kept(asks_nothing: World, browser):
    with pytest.raises(UnprocessableError, match="chưa có yêu cầu khắc phục"):
        issue(asks_nothing.installation, "cuoc-1", asks_nothing.who("an"))

    key = key_of(asks_nothing, "no-requirement")
    assert browser("an").post(PAGE, key=key, reason="Đơn vị đã xử lý xong 03 hồ sơ.").status_code == 302
    issued = issue(asks_nothing.installation, "cuoc-1", asks_nothing.who("an"))
    value = asks_nothing.installation.journal().value(f"inspection/cuoc-1/document/{issued.document}")
    kept = next(one for one in value["remarks"] if one["code"] == "no-requirement")
    assert (kept["level"], kept["reason"]) == ("block", "Đơn vị đã xử lý xong 03 hồ sơ.")
    entry = asks_nothing.installation.journal().current(f"inspection/cuoc-1/overruling/{key}")[0]
    assert (entry.author, entry.id) == (asks_nothing.accounts["an"], kept["entry"])


def test_a_changed_situation_is_asked_about_anew(asks_nothing: World):
    an, here = asks_nothing.who("an"), asks_nothing.installation
    overrule(here, "cuoc-1", an, checks(asks_nothing), key_of(asks_nothing, "no-requirement"), "đã xử lý")
    assert checks(asks_nothing).stopping == []

    figures = {"tre_han": [{"value": "8", "source": "phan_mem"}]}
    here.journal().write(an, ANSWER, answer_value("chua_dat", figures=figures))
    assert [one.remark.code for one in checks(asks_nothing).stopping] == ["no-requirement"]


def test_a_reason_can_be_taken_back(asks_nothing: World, browser):
    an, key = browser("an"), key_of(asks_nothing, "no-requirement")
    an.post(PAGE, key=key, reason="đã xử lý")
    assert "đã xử lý" in an.get(PAGE).text

    assert an.post(PAGE, key=key, action="withdraw").status_code == 302
    assert len(checks(asks_nothing).stopping) == 1


def test_what_makes_signing_senseless_is_not_signed_over(inspected: World, browser):
    inspected.installation.journal().write(inspected.who("binh"), ANSWER, answer_value("dat"), supersedes=[])
    answered = browser("an").post(PAGE, key=key_of(inspected, "disputed"), reason="thôi")

    assert answered.status_code == 422
    assert "phải sửa xong" in answered.text


def test_without_a_reason_nothing_is_kept_and_the_sentence_says_so(asks_nothing: World, browser):
    answered = browser("an").post(PAGE, key=key_of(asks_nothing, "no-requirement"), reason=" ")

    assert answered.status_code == 400
    assert "Hãy ghi lý do vẫn ký" in answered.text


def test_a_remark_that_is_gone_keeps_what_was_typed(inspected: World, browser):
    answered = browser("an").post(PAGE, key="no-requirement-0", reason="lý do dài đã gõ")

    assert answered.status_code == 422
    assert "lý do dài đã gõ" in answered.text


@pytest.mark.parametrize("username", ["binh", "dv", "xem", "van"])
def test_the_check_is_for_those_who_draft_or_sign(inspected: World, browser, username):
    assert browser(username).get(PAGE).status_code == 403


def test_a_member_does_not_sign_over_anything(asks_nothing: World):
    key = key_of(asks_nothing, "no-requirement")
    with pytest.raises(ForbiddenError):
        overrule(asks_nothing.installation, "cuoc-1", asks_nothing.who("binh"), checks(asks_nothing), key, "thôi")


def test_an_open_requirement_of_an_earlier_visit_is_to_be_spoken_of(inspected: World):
    issue(inspected.installation, "cuoc-1", inspected.who("an"), number=7, issued_on=date(2026, 11, 20))
    inspected.setup("cuoc-2", dates=["2026-11-22"])
    journal, an = inspected.installation.journal(), inspected.who("an")
    journal.write(an, "inspection/cuoc-2/answer/dao-tao.kinh-phi", answer_value())

    def said() -> list[str]:
        found = check(inspected.installation, "cuoc-2", gather(inspected.installation, "cuoc-2"))
        return [one.remark.place for one in found.all if one.remark.code == "earlier-open"]

    assert len(said()) == 1
    assert said()[0].startswith("cuoc-1/")
    journal.write(an, ANSWER.replace("cuoc-1", "cuoc-2"), answer_value())
    assert said() == []


def test_a_mandate_in_the_running_paragraph_is_read(inspected: World):
    assert "no-mandate" in codes(inspected)
    text = "Thực hiện Kế hoạch số 26/KH-UBND ngày 01/8/2026, Đoàn kiểm tra thông báo kết luận như sau:"
    inspected.installation.journal().write(inspected.who("an"), "inspection/cuoc-1/conclusion/opening", {"text": text})
    assert "no-mandate" not in codes(inspected)


def test_a_requirement_without_owner_or_term_is_named(inspected: World):
    text = next(one.remark.text for one in checks(inspected).all if one.remark.code == "requirement-incomplete")

    assert "chưa có người chịu trách nhiệm" in text


def test_praise_and_blame_of_one_item_at_one_place_are_told_but_not_at_two_places():
    def praised(site: str) -> set[str]:
        blamed = finding("niem-yet.tthc-du-so-luong", "chua_dat", site="Một cửa")
        good = finding("niem-yet.tthc-du-so-luong", "dat", site=site)
        return {one.code for one in review(facts(blamed, good))}

    assert "praised-and-blamed" in praised("Một cửa")
    assert "praised-and-blamed" not in praised("Trang thông tin")


def test_the_checks_hold_where_requirements_are_joined_or_for_other_bodies():
    blamed = [
        finding(item, "chua_dat", site="Một cửa")
        for item in ("niem-yet.tthc-du-so-luong", "ho-so.xin-loi-bang-van-ban")
    ]
    good = finding("niem-yet.tthc-du-so-luong", "dat", site="Một cửa")
    names = tuple(f"req.{one.key.removeprefix('answer/')}" for one in blamed)
    keys = tuple(one.key for one in blamed)
    joined = RequirementFact("x", "Chấn chỉnh", findings=keys, absorbs=names, deadline_text="trước ngày 30/12/2026")
    other = RequirementFact("y", "Hướng dẫn", addressee="Sở Tư pháp", addressee_kind="co_quan_khac")

    def found(*wanted: RequirementFact) -> dict[str, list[str]]:
        told = review(facts(*blamed, good, requirements=wanted))
        return {code: [one.text for one in told if one.code == code] for code in {one.code for one in told}}

    both = found(joined, other)
    assert "praised-and-blamed" in both
    assert "no-requirement" not in both
    incomplete = sorted(text.partition("chưa có ")[2] for text in both["requirement-incomplete"])
    assert incomplete == ["người chịu trách nhiệm.", "thời hạn."]
    # Another body is asked about the one shortcoming only: the other still asks of the unit what its item proposes.
    assert "no-requirement" not in found(replace(other, findings=keys[:1]))


def test_every_code_has_a_heading_and_every_spot_an_address(app):
    listed = [code for codes_ in GROUPS.values() for code in codes_]
    assert len(listed) == len(set(listed))
    with app.test_request_context():
        for spot in Spot:
            remark = Remark("warn", "answer/ho-so.x@s", "…", "no-day", spot)
            assert place_of(remark, "cuoc-1", "doan") is not None


def test_every_remark_of_the_page_leads_somewhere(inspected: World, browser):
    an = browser("an")
    page = an.get(PAGE).text
    places = re.findall(r'<a class="button quiet" href="(/[^"]+)"', page)

    assert page.count("data-code=") == len(checks(inspected).all)
    assert [an.get(path.partition("#")[0].replace("&amp;", "&")).status_code for path in places] == [200] * len(places)
