"""Several requirements of a draft become one of the lead's, and come apart again."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from app.conclusions.drafting import Desk
from app.conclusions.gather import gather
from app.conclusions.issue import issue
from app.conclusions.joining import join
from app.conclusions.returning import Choice, take_over
from app.errors import ConflictError, InvalidInputError
from app.papers.registering import register
from reports.composing.conclusion import compose, plan
from reports.composing.facts import RequirementFact
from reports.composing.joining import proposed
from reports.composing.parts import Part, Plan
from reports.composing.review import review
from tests.conclusions.facts import entry, facts, finding
from tests.conftest import World, answer_value

DRAFT = "/cuoc-kiem-tra/cuoc-1/du-thao"
JOIN = f"{DRAFT}/gop-yeu-cau"
APART = f"{DRAFT}/tach-yeu-cau"
LATE, POSTED = "req.ho-so.tre-han-tren-phan-mem", "req.niem-yet.hinh-thuc-khoa-hoc"
WORDS = "Chấn chỉnh việc giải quyết hồ sơ và niêm yết thủ tục hành chính"


@pytest.fixture
def world(inspected: World) -> World:
    """Two shortcomings, each with the requirement that its item proposes."""
    journal = inspected.installation.journal()
    journal.write(inspected.who("an"), "inspection/cuoc-1/answer/niem-yet.hinh-thuc-khoa-hoc", answer_value("chua_dat"))
    return inspected


def drafted(world: World) -> Plan:
    return plan(gather(world.installation, "cuoc-1"))


def joined(world: World) -> Part:
    desk = Desk(world.installation.journal(), world.who("an"), "cuoc-1")
    id_ = join(world.installation, desk, [LATE, POSTED], {"text": WORDS, "deadline_text": "trước ngày 30/12/2026"})
    return next(part for part in drafted(world).parts if part.id == id_)


def test_one_stands_with_all_findings_and_the_others_lie_in_it(world: World) -> None:
    one = joined(world)
    assert one.text.startswith(f"{WORDS}; hoàn thành trước ngày 30/12/2026")
    assert set(one.rests_on) == {"answer/ho-so.tre-han-tren-phan-mem", "answer/niem-yet.hinh-thuc-khoa-hoc"}
    assert [part.id for part in drafted(world).of("req")] == [one.id]
    assert {part.id for part in drafted(world).parts if part.into == one.id} == {LATE, POSTED} == set(one.members)
    about = gather(world.installation, "cuoc-1")
    (said,) = [p for p in compose(about).manifest["paragraphs"] if p["id"] == one.id]  # type: ignore[attr-defined]
    assert set(said["rests_on"]) == set(one.rests_on)
    assert "no-requirement" not in {remark.code for remark in review(about)}


def test_a_joined_one_can_be_joined_again_and_left_out(world: World, browser: Any) -> None:
    first = joined(world)
    desk = Desk(world.installation.journal(), world.who("an"), "cuoc-1")
    subject = "inspection/cuoc-1/remedy/y-9"
    desk.journal.write(world.who("an"), subject, {"text": "Báo cáo tiến độ"}, supersedes=[])
    second = join(world.installation, desk, [first.id, "req.y-9"], {"text": "Chấn chỉnh, báo cáo tiến độ"})
    assert [part.id for part in drafted(world).of("req")] == [second]
    assert len(drafted(world).of("req")[0].rests_on) == 2

    browser("an").post(DRAFT, part=second, reason="Đơn vị đã khắc phục", seen="", action="drop")
    assert not drafted(world).of("req")
    codes = [remark.code for remark in review(gather(world.installation, "cuoc-1"))]
    assert codes.count("no-requirement") == 2


@pytest.mark.parametrize(
    ("ids", "text", "error"),
    [
        ([LATE], "Một yêu cầu", InvalidInputError),
        ([LATE, POSTED], "", InvalidInputError),
        ([LATE, "req.khong-co"], "Gộp", ConflictError),
    ],
)
def test_what_cannot_be_joined_is_refused(world: World, ids: list[str], text: str, error: type[Exception]) -> None:
    desk = Desk(world.installation.journal(), world.who("an"), "cuoc-1")
    with pytest.raises(error):
        join(world.installation, desk, ids, {"text": text})
    assert len(drafted(world).of("req")) == 2


def test_two_bodies_requirements_are_not_joined(world: World) -> None:
    desk = Desk(world.installation.journal(), world.who("an"), "cuoc-1")
    value = {"text": "Khắc phục lỗi", "addressee": "Sở Tư pháp", "addressee_kind": "co_quan_khac"}
    desk.journal.write(world.who("an"), "inspection/cuoc-1/remedy/y-9", value, supersedes=[])
    with pytest.raises(InvalidInputError, match="cùng một cơ quan"):
        join(world.installation, desk, [LATE, "req.y-9"], {"text": "Gộp"})


def test_over_the_pages(world: World, browser: Any) -> None:
    an = browser("an")
    assert f"{JOIN}?doan={LATE}" in an.get(DRAFT).text
    assert "Chọn các yêu cầu gộp" in an.get(f"{JOIN}?doan={LATE}").text
    form = an.get(f"{JOIN}?doan={LATE}&voi={POSTED}").text
    assert re.search(r"<textarea[^>]*>[^<]*; [^<]*</textarea>", form)
    assert re.search(r'name="deadline_text"[^>]*value="trong thời hạn 05 ngày', form)

    refused = an.post(f"{JOIN}?doan={LATE}&voi={POSTED}", text="", product="Báo cáo của đơn vị")
    assert refused.status_code == 400
    assert "Báo cáo của đơn vị" in refused.text

    told = an.post(f"{JOIN}?doan={LATE}&voi={POSTED}", text=WORDS, deadline_text="trong thời hạn 05 ngày")
    assert told.status_code == 302
    page = an.get(DRAFT).text
    assert "Gộp từ 2 yêu cầu" in page
    (one,) = drafted(world).of("req")
    assert one.requirement is not None
    seen = one.requirement.entries[-1].id
    assert f'name="seen" value="{seen}"' in page
    assert an.post(APART, part=one.id, seen=seen).status_code == 302
    assert {part.id for part in drafted(world).of("req")} == {LATE, POSTED}
    history = an.get(f"{DRAFT}/lich-su").text
    assert "Gộp 2 yêu cầu" in history
    assert "Tách lại các yêu cầu đã gộp" in history


def test_requirements_that_became_one_in_word_are_joined(world: World) -> None:
    desk = Desk(world.installation.journal(), world.who("an"), "cuoc-1")
    text = f"{WORDS}; hoàn thành trước ngày 30/12/2026; sản phẩm: báo cáo."
    assert take_over(world.installation, desk, [Choice("merged", (LATE, POSTED), text)]) == []
    (one,) = drafted(world).of("req")
    assert one.requirement is not None
    assert (one.requirement.text, one.requirement.deadline) == (WORDS, "trước ngày 30/12/2026")
    assert (one.requirement.product, set(one.members)) == ("báo cáo", {LATE, POSTED})


def test_what_went_out_is_not_taken_apart_and_stays_joined_in_the_next_draft(world: World, browser: Any) -> None:
    one = joined(world)
    kept = issue(world.installation, "cuoc-1", world.who("an"))
    register(world.installation, "cuoc-1", kept.document, world.who("van"), number=7, issued_on=date(2026, 11, 20))
    assert [part.id for part in drafted(world).of("req")] == [one.id]
    seen = world.installation.journal().current(f"inspection/cuoc-1/remedy/{one.id.removeprefix('req.')}")[-1].id
    refused = browser("an").post(APART, part=one.id, seen=seen)
    assert (refused.status_code, "đã ban hành trong văn bản" in refused.text) == (409, True)
    assert "Nêu trong văn bản ký ban hành" in browser("an").get(f"{DRAFT}/lich-su?doan={one.id}").text


def test_the_earliest_term_is_proposed_and_products_are_joined() -> None:
    wanted = [
        RequirementFact("a", "Xử lý hồ sơ", deadline_text="trong thời hạn 30 ngày kể từ ngày ban hành Thông báo này"),
        RequirementFact("b", "Niêm yết lại", deadline_text="trước ngày 30/11/2026", product="Ảnh chụp"),
        RequirementFact("c", "Báo cáo", deadline_text="thực hiện thường xuyên", product="Văn bản báo cáo"),
        RequirementFact("d", "Niêm yết lại", deadline_text="", product="Ảnh chụp"),
    ]
    drafted = plan(facts(finding("dao-tao.kinh-phi", "dat"), requirements=tuple(wanted)))
    told = proposed(drafted.requirements, date(2026, 11, 20))
    assert (told.text, told.deadline, told.product) == (
        "Xử lý hồ sơ; niêm yết lại; báo cáo",
        "trước ngày 30/11/2026",
        "Ảnh chụp; văn bản báo cáo",
    )
    at_once = RequirementFact("e", "Xin lỗi công dân", deadline_text="thực hiện ngay")
    drafted = plan(facts(requirements=(*wanted, at_once)))
    assert proposed(drafted.requirements, date(2026, 11, 20)).deadline == "thực hiện ngay"


def test_a_joined_one_answers_what_its_members_answer_now() -> None:
    late = finding(LATE.removeprefix("req."), "chua_dat")
    told = (RequirementFact("x", "Chấn chỉnh", absorbs=(LATE,), entries=(entry(),)),)
    (part,) = plan(facts(late, requirements=told)).of("req")
    assert part.rests_on == (late.key,)


def test_a_proposal_that_comes_back_is_taken_in_and_the_order_is_kept() -> None:
    late, posted = (
        finding("ho-so.tre-han-tren-phan-mem", "chua_dat"),
        finding("niem-yet.hinh-thuc-khoa-hoc", "chua_dat"),
    )
    told = (
        RequirementFact("y", "Rà soát", findings=(), entries=(entry(),)),
        RequirementFact("x", "Chấn chỉnh", findings=(late.key, posted.key), absorbs=("req.gone",), entries=(entry(),)),
    )
    about = facts(late, posted, requirements=told, arrangement={"req": ("req.y", POSTED, LATE)})
    assert [part.id for part in plan(about).of("req")] == ["req.y", "req.x"]
