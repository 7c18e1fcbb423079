"""Order, merges, levels, causes, marks and history of a draft, through the pages and as pure functions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from app.conclusions.gather import gather
from reports.composing.conclusion import compose, plan
from reports.composing.facts import CauseFact, Override
from reports.composing.marks import marks
from reports.composing.parts import Part
from reports.composing.tone import LADDER, told_cause
from reports.words import alike, differences
from tests.conclusions.facts import entry, facts, figures, finding, note
from tests.conclusions.test_compose import said
from tests.conftest import World, answer_value

DRAFT = "/cuoc-kiem-tra/cuoc-1/du-thao"
PRAISE, LATE = "pass.dao-tao.kinh-phi", "fail.ho-so.tre-han-tren-phan-mem"
THREE = ("dao-tao.kinh-phi", "dao-tao.ke-hoach-dung-han", "dao-tao.su-dung-chi-tieu")


def three(**more: Any) -> Any:
    return facts(*(finding(item, "dat") for item in THREE), **more)


def ids(drafted: Any, *kinds: str) -> list[str]:
    return [part.id for part in drafted.of(*kinds)]


def own(text: str, *absorbed: str, **more: Any) -> Override:
    return Override(text, entry=entry(), absorbs=absorbed, **more)


def test_an_order_holds_and_a_later_finding_stands_where_it_belongs():
    first, second, third = ids(plan(three()), "pass")
    moved = plan(three(arrangement={"pass": (third, first)}))

    assert ids(moved, "pass") == [third, first, second]
    assert ids(plan(three(arrangement={"pass": ("pass.gone", second)})), "pass") == [first, second, third]
    untouched = three()
    assert compose(replace(untouched, arrangement={"pass": (first, second, third)})) == compose(untouched)


def test_a_merged_paragraph_keeps_every_link_and_comes_apart_again():
    first, second, third = ids(plan(three()), "pass")
    merged = three(overrides={"own.pass.x": own("Làm tốt.", first, third)})
    drafted = plan(merged)

    assert ids(drafted, "pass") == ["own.pass.x", second]
    part = drafted.of("pass")[0]
    assert part.rests_on == (f"answer/{THREE[0]}", f"answer/{THREE[2]}")
    assert part.area == plan(three()).of("pass")[0].area
    assert "own.pass.x" in [one["id"] for one in compose(merged).manifest["paragraphs"]]
    assert ids(plan(three()), "pass") == [first, second, third]


def test_a_merge_of_a_merge_takes_all_in_and_gives_them_back_in_turn():
    first, second, third = ids(plan(three()), "pass")
    inner = own("Hai.", first, second)
    outer = own("Ba.", "own.pass.a", first, second, third)

    assert ids(plan(three(overrides={"own.pass.a": inner, "own.pass.b": outer})), "pass") == ["own.pass.b"]
    assert ids(plan(three(overrides={"own.pass.a": inner})), "pass") == ["own.pass.a", third]


def test_a_merged_paragraph_stands_where_the_order_has_its_first_member():
    first, second, third = ids(plan(three()), "pass")
    overrides = {"own.pass.x": own("Gộp.", first, third)}

    assert ids(plan(three(overrides=overrides, arrangement={"pass": (second, third, first)})), "pass") == [
        second,
        "own.pass.x",
    ]


def test_what_was_merged_and_left_out_asks_for_nothing():
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3))
    dropped = {"own.fail.x": own("Gộp.", LATE, dropped=True, reason="đã giải trình")}

    assert plan(facts(late)).of("req")
    assert not plan(facts(late, overrides=dropped)).of("req")


@pytest.mark.parametrize("tone", LADDER, ids=lambda tone: tone.id)
def test_every_level_is_a_sentence_that_blames_of_no_offence(tone):
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3))
    text = said(compose(facts(late, overrides={LATE: Override(tone=tone.id, entry=entry())}, verb="đề nghị")), LATE)

    assert text.startswith("Theo báo cáo của đơn vị, còn 03")
    assert text.endswith(".")
    assert "{" not in text
    assert "vi phạm" not in text
    assert "yêu cầu" not in text


def test_causes_of_a_group_tell_only_what_was_written():
    told = told_cause(CauseFact("do thiếu phần mềm", "công chức chưa nắm quy trình.", "", "Trưởng phòng A"), "Hồ sơ")

    assert told == (
        "Đối với tồn tại, hạn chế về hồ sơ, nguyên nhân khách quan là do thiếu phần mềm; nguyên nhân chủ quan là do "
        "công chức chưa nắm quy trình. Trách nhiệm của cá nhân: Trưởng phòng A."
    )
    assert told_cause(CauseFact(), "Hồ sơ") == ""


def test_nothing_is_marked_before_drafting_and_what_came_later_is_new():
    early, later = finding(THREE[0], "dat"), finding(THREE[1], "dat")
    begun = early.entries[0].seq

    assert marks(facts(early), plan(facts(early))) == {}
    both = facts(early, later, drafting_since=begun)
    found = marks(both, plan(both))
    assert [(id_, mark.new) for id_, mark in found.items()] == [(f"pass.{THREE[1]}", True)]


def test_a_merged_paragraph_is_marked_when_a_member_is_reworded_later():
    base = three()
    first, second, _ = ids(plan(base), "pass")
    changed = replace(
        base, overrides={"own.pass.x": own("Gộp.", first, second), first: Override("Mới.", entry=entry())}
    )

    (change,) = marks(changed, plan(changed))["own.pass.x"].changes
    assert change.new == "Mới."


def test_blanks_and_hyphens_of_a_word_processor_are_no_difference():
    assert alike("Còn 03\u00a0hồ sơ “trễ”", 'Co\u0300n 03 hồ\u00ad sơ  "trễ" ')
    assert not alike("Còn 03 hồ sơ.", "Còn 04 hồ sơ.")
    assert [(one.kind, one.text.strip()) for one in differences("Còn 03 hồ sơ trễ.", "Còn 04 hồ sơ trễ.")] == [
        ("same", "Còn"),
        ("old", "03"),
        ("new", "04"),
        ("same", "hồ sơ trễ."),
    ]


# ---- through the pages


def order_of(world: World, *kinds: str) -> list[str]:
    return ids(plan(gather(world.installation, "cuoc-1")), *kinds)


def seen(world: World, part: str) -> str:
    return " ".join(one.id for one in world.installation.journal().current(f"inspection/cuoc-1/conclusion/{part}"))


@pytest.fixture
def trained(inspected: World) -> World:
    """Three achievements of one lĩnh vực and the shortcoming."""
    for item in THREE[1:]:
        inspected.installation.journal().write(inspected.who("an"), f"inspection/cuoc-1/answer/{item}", answer_value())
    return inspected


def test_up_and_down_by_buttons_and_back_to_the_proposed_order(trained: World, browser):
    an, before = browser("an"), order_of(trained, "pass")
    answered = an.post(DRAFT, part=before[2], action="up")
    assert order_of(trained, "pass") == [before[0], before[2], before[1]]
    assert re.search(r"<button[^>]* autofocus", an.get(answered.location).text)

    an.post(DRAFT, part=before[2], action="up")
    an.post(DRAFT, part=before[2], action="up")
    assert order_of(trained, "pass") == [before[2], before[0], before[1]]
    assert an.post(DRAFT, part="opening", action="down").status_code == 400

    an.post(f"{DRAFT}/thu-tu-de-xuat", section="pass")
    assert order_of(trained, "pass") == before


def test_merging_by_the_pages_and_splitting_again(trained: World, browser):
    an, before = browser("an"), order_of(trained, "pass")
    path = f"{DRAFT}/gop?doan={before[0]}&voi={before[2]}"
    assert "Gộp 2 đoạn" in an.get(path).text
    an.post(path, text="Đào tạo, bồi dưỡng được quan tâm.", upto="9")
    merged = order_of(trained, "pass")[0]
    assert order_of(trained, "pass") == [merged, before[1]]
    assert "Gộp từ 2 đoạn" in an.get(DRAFT).text

    assert an.post(path, text="Lần nữa.").status_code == 409
    an.post(DRAFT, part=merged, seen=seen(trained, merged), action="split")
    assert order_of(trained, "pass") == before


def test_what_changed_is_said_in_words_until_it_was_seen(inspected: World, browser):
    an, journal = browser("an"), inspected.installation.journal()
    an.post(DRAFT, part=LATE, text="Còn hồ sơ trễ hạn.", seen="", action="save", upto=str(journal.head().seq))
    before = journal.head().seq
    worse = answer_value("chua_dat", figures={"tre_han": [{"value": "5", "source": "phan_mem"}]})
    journal.write(inspected.who("binh"), "inspection/cuoc-1/answer/ho-so.tre-han-tren-phan-mem", worse)
    page = an.get(DRAFT).text.replace("\u00a0", " ")
    assert re.search(r"<del>03[^<]*</del> → <ins>05[^<]*</ins>", page)
    assert "2 đoạn có thay đổi chưa xem" in page, "the shortcoming and what is asked for it"

    an.post(DRAFT, part=LATE, seen=seen(inspected, LATE), action="look", upto=str(before))
    assert "2 đoạn có thay đổi" in an.get(DRAFT).text, "what came while the page was open was not seen"
    an.post(DRAFT, part=LATE, seen=seen(inspected, LATE), action="look", upto=str(journal.head().seq))
    page = an.get(DRAFT).text
    assert "1 đoạn có thay đổi chưa xem" in page
    assert "Còn hồ sơ trễ hạn." in page


def test_words_whose_finding_is_gone_are_kept_as_a_paragraph_or_let_go(inspected: World, browser):
    an, journal = browser("an"), inspected.installation.journal()
    an.post(DRAFT, part=LATE, text="Còn hồ sơ trễ hạn.", seen="", action="save")
    journal.write(inspected.who("an"), "inspection/cuoc-1/answer/ho-so.tre-han-tren-phan-mem", answer_value("dat"))
    assert "Đoạn không còn chỗ đứng" in an.get(DRAFT).text

    an.post(f"{DRAFT}/khong-con-cho", part=LATE, action="keep")
    (part,) = plan(gather(inspected.installation, "cuoc-1")).of("fail")
    assert (part.text, part.rests_on) == ("Còn hồ sơ trễ hạn.", ("answer/ho-so.tre-han-tren-phan-mem",))
    assert "Đoạn không còn chỗ đứng" not in an.get(DRAFT).text


def test_the_strongest_levels_are_the_leaders_and_name_their_rule(inspected: World, browser):
    secretary = {"account": inspected.accounts["binh"], "name": "Bình", "functions": ["thu_ky"]}
    lead = {"account": inspected.accounts["an"], "name": "An", "functions": ["truong_doan"]}
    inspected.setup(members=[lead, secretary])
    an, binh = browser("an"), browser("binh")

    assert binh.post(DRAFT, part=LATE, seen="", action="tone", tone="kiem_diem", reason="tái diễn").status_code == 403
    assert an.post(DRAFT, part=LATE, seen="", action="tone", tone="kiem_diem", reason="").status_code == 400
    assert binh.post(DRAFT, part=LATE, seen="", action="tone", tone="chan_chinh", reason="").status_code == 302
    assert "kịp thời chấn chỉnh" in an.get(f"{DRAFT}/xem").text
    assert binh.post(DRAFT, part=PRAISE, seen="", action="tone", tone="luu_y").status_code == 400
    an.post(DRAFT, part=PRAISE, seen="", action="commend")
    assert "nhân rộng" in an.get(f"{DRAFT}/xem").text


def test_causes_of_a_group_stand_in_place_of_what_members_proposed(inspected: World, browser):
    an, journal = browser("an"), inspected.installation.journal()
    proposed = {"kind": "nguyen_nhan", "text": "thiếu người"}
    journal.write(inspected.who("binh"), "inspection/cuoc-1/note/ho-so.tre-han-tren-phan-mem/n-1", proposed)
    noted = order_of(inspected, "cause")
    path = f"{DRAFT}/nguyen-nhan"
    assert "thiếu người" in an.get(path).text
    assert an.post(path, area="").status_code == 400
    an.post(path, area="", subjective="công chức chưa nắm quy trình", absorbs=noted[0])
    (part,) = plan(gather(inspected.installation, "cuoc-1")).of("cause")

    assert "nguyên nhân chủ quan là do công chức" in part.text.casefold()
    assert part.rests_on == ("answer/ho-so.tre-han-tren-phan-mem",)
    assert "công chức chưa nắm quy trình</textarea>" in an.get(f"{path}?doan={part.id}").text


def test_the_history_says_who_changed_what_and_gives_words_back(inspected: World, browser):
    an = browser("an")
    an.post(DRAFT, part=PRAISE, text="Kinh phí được bố trí đủ.", seen="", action="save")
    an.post(DRAFT, part=PRAISE, text="Kinh phí được bố trí kịp thời.", seen=seen(inspected, PRAISE), action="save")
    page = an.get(f"{DRAFT}/lich-su?doan={PRAISE}").text

    assert "<del>đủ.</del> <ins>kịp thời.</ins>" in page
    assert "Lấy lại lời văn này" in page
    assert "Kinh phí được bố trí kịp thời." in an.get(f"{DRAFT}/lich-su").text


@pytest.mark.parametrize(("level", "verb"), [("so", "đề nghị"), ("xa", "yêu cầu")])
def test_the_verb_follows_the_level_of_the_unit_where_the_body_says_so(inspected: World, level, verb):
    journal, system = inspected.installation.journal(), inspected.system()
    journal.write(system, "unit/so-a", {"name": "Đơn vị A", "level": level})
    journal.write(system, "issuer/doan", {**journal.value("issuer/doan"), "verb": "theo cấp"})

    assert f"{verb} Đơn vị A:" in said(compose(gather(inspected.installation, "cuoc-1")), "lead")


def test_a_part_without_a_section_has_its_fixed_place():
    assert Part("opening", "opening", "").section is None
    assert plan(three(overrides={"pass.x": Override("a", entry=entry())})).orphans == ("pass.x",)
    assert note("x").kind == "dien_dat"
