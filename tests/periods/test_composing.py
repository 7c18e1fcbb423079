"""The report over a campaign: what it says is counted by hand in ``tests/periods/facts.py``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from reports.composing.facts import EntryFact, Override
from reports.composing.period import compose_period, period_parts
from reports.composing.period_facts import tallies
from reports.document import Document, Heading, Paragraph, Table
from tests.periods.facts import HOTLINE, LATE, UNITS, facts, remedy


def texts(document: Document) -> dict[str, str]:
    return {one.id: one.text for one in document.blocks if isinstance(one, Paragraph)}


def tables(document: Document) -> list[Table]:
    return [block for annex in document.annexes for block in annex.blocks if isinstance(block, Table)]


def test_it_says_how_many_were_planned_visited_and_concluded() -> None:
    told = texts(compose_period(facts()))
    assert told["th.scope"] == (
        "Phạm vi đợt kiểm tra gồm 05 đơn vị (01 sở, ban, ngành; 04 đơn vị cấp xã). "
        "Đến ngày 22/11/2026, đã kiểm tra 04/05 đơn vị."
    )
    assert told["th.papers"].startswith("Đã ban hành kết luận kiểm tra đối với 03/04 đơn vị được kiểm tra")
    assert told["th.unvisited"] == "Còn 01 đơn vị chưa kiểm tra: Xã Năm."
    assert "đã đánh giá 06 lượt nội dung thuộc 01 lĩnh vực: 03 lượt đạt và 03 lượt chưa đạt" in told["th.counts"]


def test_what_is_not_concluded_is_named_and_not_counted() -> None:
    told = texts(compose_period(facts()))
    assert told["th.pending"] == (
        "01 đơn vị đã kiểm tra nhưng chưa ban hành kết luận (Xã Bốn); tồn tại, hạn chế tại các đơn vị này chưa được "
        "tổng hợp vào Báo cáo này."
    )
    assert not any("Xã Bốn" in text for id_, text in told.items() if id_ != "th.pending")


def test_shortcomings_stand_by_item_with_their_units_and_repeats() -> None:
    told = texts(compose_period(facts()))
    late = told[f"th.fail.{LATE}"]
    assert "02/03 đơn vị" in late
    assert late.endswith(
        "trong đó 01 đơn vị để tái diễn nội dung đã được nhắc nhở (Xã Một, Thông báo số 05/TB-ĐKT ngày 20/7/2025)."
    )
    assert told[f"th.fail.{HOTLINE}"] == "Chưa niêm yết đường dây nóng tại trụ sở cũ: 01/03 đơn vị (Xã Một)."
    assert "Có 01 tồn tại, hạn chế tại 01 đơn vị" in told["th.repeats"]


def test_a_figure_is_printed_where_its_sources_agree_only() -> None:
    late = texts(compose_period(facts()))[f"th.fail.{LATE}"]
    assert "(Xã Một – số hồ sơ trễ hạn trên phần mềm: 03 hồ sơ; Xã Hai)" in late.replace("\u00a0", " ")


def test_the_only_unit_whose_sources_differ_is_told_without_its_figure() -> None:
    made = facts()
    alone = replace(made, visits=made.visits[1:2])
    told = texts(compose_period(alone))[f"th.fail.{LATE}"]
    assert "01/01 đơn vị (Xã Hai)" in told
    assert "05" not in told


def test_good_practice_names_its_unit_and_what_most_do_well_is_counted() -> None:
    told = texts(compose_period(facts()))
    assert any(text == "Sở Ba: cách làm hay: gọi thử mỗi tuần." for text in told.values())
    assert "(02/03 đơn vị)" in told["th.pass.3"]


def test_requirements_are_counted_by_what_became_of_them() -> None:
    told = texts(compose_period(facts()))["th.remedies"]
    assert "đã yêu cầu thực hiện 05 nội dung" in told
    assert "đã hoàn thành 02 nội dung (01 nội dung đúng thời hạn và 01 nội dung sau thời hạn)" in told
    assert "02 nội dung đang thực hiện, chưa quá thời hạn (trong đó 01 nội dung đơn vị đã báo cáo" in told
    assert told.endswith("01 nội dung quá thời hạn chưa hoàn thành.")


def test_what_another_body_is_asked_is_not_counted_against_the_unit() -> None:
    made = facts()
    asked = remedy("Sở Tài chính", date(2026, 10, 1), elsewhere=True)
    one = replace(made.visits[0], remedies=(*made.visits[0].remedies, asked))
    document = compose_period(replace(made, visits=(one, *made.visits[1:])))
    assert "06 nội dung, trong đó 01 nội dung đối với cơ quan khác" in texts(document)["th.remedies"]
    assert "Xã Một: 01 nội dung; Sở Tài chính: 01 nội dung" in texts(document)["th.overdue"]
    assert tables(document)[0].rows[0][6:] == ("02", "01", "01", "01")


def test_a_day_before_the_term_nothing_is_overdue() -> None:
    told = texts(compose_period(facts(today=date(2026, 11, 1))))
    assert "th.overdue" not in told
    assert "quá thời hạn chưa hoàn thành" not in told["th.remedies"]


def test_causes_in_the_same_words_stand_once_and_petitions_by_addressee() -> None:
    document = compose_period(facts())
    told = texts(document)
    assert [text for id_, text in told.items() if id_.startswith("th.cause.")] == [
        "Nguyên nhân: thiếu người (Xã Một; Xã Hai)."
    ]
    assert told["th.petition.c-1.kn-1"] == "Xã Một: bổ sung biên chế."
    assert "1. Đối với Sở Nội vụ" in [one.text for one in document.blocks if isinstance(one, Heading)]


def test_the_annexes_have_a_row_for_each_unit_and_their_sums() -> None:
    units, shortcomings = tables(compose_period(facts()))
    assert [row[1] for row in units.rows] == [*(unit.name for unit in UNITS.values()), "Tổng số"]
    assert units.rows[0][4:] == ("02", "01", "02", "01", "01", "01")
    assert units.rows[3][3] == "Chưa ban hành kết luận"
    assert units.rows[-1][3:] == ("03 kết luận", "03", "01", "05", "02", "03", "01")
    assert [(row[1], row[4]) for row in shortcomings.rows] == [("Xã Một", "Có"), ("Xã Một", ""), ("Xã Hai", "")]


def test_two_shortcomings_in_one_sentence_count_as_in_the_text() -> None:
    made = facts()
    paper = made.visits[0].paper
    assert paper is not None
    late, hotline = (one for one in paper.paragraphs if one.id.startswith("fail."))
    joined = replace(
        late, text="Còn hồ sơ trễ hạn; chưa niêm yết đường dây nóng.", rests_on=late.rests_on + hotline.rests_on
    )
    others = tuple(one for one in paper.paragraphs if one not in {late, hotline})
    visit = replace(made.visits[0], paper=replace(paper, paragraphs=(joined, *others)))
    document = compose_period(replace(made, visits=(visit, *made.visits[1:])))
    units, shortcomings = tables(document)
    assert units.rows[0][4:6] == ("02", "01")
    assert [row[1] for row in shortcomings.rows] == ["Xã Một", "Xã Hai"]


def test_an_inspection_told_in_another_paper_is_not_pending() -> None:
    made = facts()
    below = replace(made.visits[3], told_in="Thông báo số 12/TB-ĐKT ngày 10/9/2026")
    document = compose_period(replace(made, visits=(*made.visits[:3], below)))
    assert "th.pending" not in texts(document)
    assert tables(document)[0].rows[3][3] == "Nêu tại Thông báo số 12/TB-ĐKT ngày 10/9/2026"


def test_the_lead_words_and_drops_paragraphs() -> None:
    said = {
        "th.opening": Override(text="Sở Nội vụ báo cáo:", entry=EntryFact("e-9", 9, "an", "may")),
        "th.unvisited": Override(dropped=True, reason="đã hoãn"),
    }
    document = compose_period(facts(overrides=said))
    assert texts(document)["th.opening"] == "Sở Nội vụ báo cáo:"
    assert "th.unvisited" not in texts(document)
    assert next(part for part in period_parts(facts(overrides=said)) if part.id == "th.unvisited").dropped


def test_the_manifest_names_the_entries_and_conclusions_of_each_sentence() -> None:
    made: dict[str, Any] = compose_period(facts()).manifest
    by_id = {one["id"]: one for one in made["paragraphs"]}
    late = by_id[f"th.fail.{LATE}"]
    assert late["rests_on"] == [f"inspection/c-1/answer/{LATE}", f"inspection/c-2/answer/{LATE}"]
    assert late["documents"] == ["doc-12", "doc-13"]
    assert late["entries"] == ["e-1", f"e-fail-{LATE}"]
    assert by_id["th.overdue"]["entries"] == ["r-Xã Một-2026-11-01"]
    assert [one["id"] for one in made["documents"]] == ["doc-12", "doc-13", "doc-14"]
    assert (made["campaign"], made["period"]["as_of"]) == ("dot-1", "2026-11-22")
    assert set(late["entries"]) <= set(made["covers"])


def test_a_period_is_named_in_the_title_and_a_campaign_without_results_has_a_paper() -> None:
    document = compose_period(facts(since=date(2026, 7, 1), until=date(2026, 9, 30)))
    assert document.subject.replace("\u00a0", " ").endswith("năm 2026 (từ ngày 01/7/2026 đến ngày 30/9/2026)")
    empty = compose_period(facts(visits=(), scope=()))
    assert texts(empty)["th.scope"] == "Đến ngày 22/11/2026, đã kiểm tra 00 đơn vị."
    assert empty.annexes == ()


def test_several_places_of_a_unit_count_once() -> None:
    made = facts()
    paper = made.visits[0].paper
    assert paper is not None
    second = replace(paper.findings[0], key=f"answer/{LATE}@chi-nhanh", repeat=False, notice="")
    text = replace(paper.paragraphs[0], rests_on=(f"answer/{LATE}", f"answer/{LATE}@chi-nhanh"))
    paper = replace(paper, findings=(second, *paper.findings), paragraphs=(text, *paper.paragraphs[1:]))
    late = next(one for one in tallies([replace(made.visits[0], paper=paper), *made.visits[1:]]) if one.item_id == LATE)
    assert (len(late.failed), len(late.repeats), len(late.assessed)) == (2, 1, 3)
