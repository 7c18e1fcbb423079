"""What a report over a campaign reads from the register and the journal."""

from __future__ import annotations

from datetime import date

import pytest

from app.errors import InvalidInputError, NotFoundError
from app.periods.gather import period_facts
from app.periods.span import Span, span_between, span_of
from reports.composing.period import compose_period
from reports.composing.period_facts import InspectedUnit, PeriodFacts
from reports.document import Paragraph
from tests.conftest import World, answer_value
from tests.periods.conftest import HOTLINE, LATE, conclude, late


def facts(world: World, span: Span | None = None) -> PeriodFacts:
    return period_facts(world.installation, "dot-1", span or Span())


def of(world: World, inspection: str) -> InspectedUnit:
    return next(one for one in facts(world).visits if one.inspection == inspection)


def texts(world: World) -> dict[str, str]:
    document = compose_period(facts(world))
    return {one.id: one.text.replace("\u00a0", " ") for one in document.blocks if isinstance(one, Paragraph)}


def test_units_stand_by_their_day_with_their_conclusions(toured: World) -> None:
    found = facts(toured)
    told = [(one.unit.name, one.paper.number if one.paper else "", one.visited) for one in found.visits]
    assert told == [
        ("Sở A", "01/TB-ĐKT", True),
        ("Ủy ban nhân dân xã 1", "02/TB-ĐKT", True),
        ("Ủy ban nhân dân xã 2", "", True),
    ]
    assert [unit.name for unit in found.unvisited] == ["Ủy ban nhân dân xã 3"]


def test_a_shortcoming_is_told_with_its_units_and_agreed_figures(toured: World) -> None:
    told = texts(toured)[f"th.fail.{LATE}"]
    assert "02/02 đơn vị" in told
    assert "(Sở A – số hồ sơ trễ hạn trên phần mềm: 03 hồ sơ; Ủy ban nhân dân xã 1)" in told


def test_what_changes_after_the_conclusion_changes_nothing(toured: World) -> None:
    before = texts(toured)[f"th.fail.{LATE}"]
    journal = toured.installation.journal()
    journal.write(toured.who("an"), f"inspection/c-1/answer/{LATE}", answer_value())
    journal.write(toured.who("an"), f"inspection/c-1/answer/{HOTLINE}", answer_value("chua_dat"))
    assert texts(toured)[f"th.fail.{LATE}"] == before
    assert f"th.fail.{HOTLINE}" not in texts(toured)


def test_a_signed_conclusion_without_a_number_is_not_counted(touring: World) -> None:
    conclude(touring, "c-1", 1)
    assert of(touring, "c-2").paper is None
    assert "đối với 01/03 đơn vị" in texts(touring)["th.papers"]


def test_an_earlier_paper_of_the_same_unit_makes_a_repeat(touring: World) -> None:
    journal, an = touring.installation.journal(), touring.who("an")
    touring.setup("cu-1", unit="so-a", dates=["2026-11-10"], checklists=["ho-so@1"])
    journal.write(an, f"inspection/cu-1/answer/{LATE}", late(("2", "phan_mem")))
    conclude(touring, "cu-1", 40)
    conclude(touring, "c-1", 41)
    assert of(touring, "c-1").repeats() == {LATE}
    assert "(Sở A, Thông báo số 40/TB-ĐKT ngày 21/11/2026)" in texts(touring)[f"th.fail.{LATE}"]


def test_requirements_follow_the_units_answers_and_the_teams_decisions(toured: World) -> None:
    journal, database = toured.installation.journal(), toured.installation.database()
    remedy = database.execute("SELECT remedy FROM remedies WHERE inspection = 'c-2'").fetchone()[0]
    today = facts(toured).today
    assert [one.state(today) for one in of(toured, "c-2").remedies] == ["open"]
    root = f"inspection/c-2/remedy/{remedy}"
    journal.write(toured.who("dv"), f"{root}/response/1", {"state": "da_hoan_thanh", "text": "Đã làm."})
    assert [one.state(today) for one in of(toured, "c-2").remedies] == ["waiting"]
    journal.write(toured.who("an"), f"{root}/review/1", {"decision": "chap_nhan", "reason": ""})
    (one,) = of(toured, "c-2").remedies
    assert (one.state(today), one.done_on, len(one.entries)) == ("done", today, 3)


def test_a_part_of_a_period_has_its_own_visits(toured: World) -> None:
    found = facts(toured, Span(date(2026, 11, 19), date(2026, 11, 20)))
    assert [one.inspection for one in found.visits] == ["c-2", "c-3"]
    assert [unit.name for unit in found.unvisited] == ["Ủy ban nhân dân xã 3"]


def test_every_entry_it_covers_is_in_the_journal(toured: World) -> None:
    manifest = compose_period(facts(toured)).manifest
    covers: list[str] = manifest["covers"]  # type: ignore[assignment]
    assert covers
    assert set(toured.installation.journal().store.find(covers)) == set(covers)


def test_only_whole_periods_have_a_name() -> None:
    assert span_of("tong-hop") == Span()
    assert span_of("tong-hop.2026-01-01.2026-06-30").about == "tong-hop.2026-01-01.2026-06-30"
    for wrong in ("bao-cao", "tong-hop.2026-13-01.2026-14-01", "tong-hop.2026-01-01"):
        with pytest.raises(NotFoundError):
            span_of(wrong)
    with pytest.raises(InvalidInputError, match="cả ngày đầu"):
        span_between(date(2026, 1, 1), None)
    with pytest.raises(InvalidInputError, match="ở sau"):
        span_between(date(2026, 2, 1), date(2026, 1, 1))


def test_a_campaign_that_is_not_there_has_no_report(world: World) -> None:
    with pytest.raises(NotFoundError, match="Không có đợt kiểm tra này"):
        period_facts(world.installation, "khong-co", Span())


def test_requests_of_units_are_told_as_their_conclusion_does(touring: World) -> None:
    journal, an = touring.installation.journal(), touring.who("an")
    asked = {"text": "Bổ sung biên chế.", "addressee": "UBND tỉnh", "on_behalf": True}
    journal.write(an, "inspection/c-1/petition/kn-1", asked, supersedes=[])
    journal.write(an, "inspection/c-1/petition/kn-1/reply", {"handling": "ghi_nhan"}, supersedes=[])
    conclude(touring, "c-1", 1)
    journal.write(an, "inspection/c-1/petition/kn-2", {**asked, "text": "Sau kết luận."}, supersedes=[])
    told = {id_: text for id_, text in texts(touring).items() if id_.startswith("th.petition.")}
    assert list(told) == ["th.petition.c-1.kn-1"]
    assert told["th.petition.c-1.kn-1"].startswith("Sở A: bổ sung biên chế. Đoàn kiểm tra ghi nhận")
    assert "th.propose.petitions" in texts(touring)
