"""Doors, compare-and-set, quarantine, disagreements."""

from __future__ import annotations

import pytest

from app.errors import ForbiddenError
from app.journal.journal import QUARANTINE_LIMIT, BadShapeError, Journal, StaleError, UnknownSubjectError
from app.journal.store import is_disagreement
from app.kinds import REGISTRY
from tests.conftest import World, answer_value, make_entry

ITEM = "inspection/cuoc-1/answer/niem-yet.tthc-du-so-luong"


def codes(results: list[object]) -> list[tuple[str, str]]:
    return [(result.status, result.code) for result in results]  # type: ignore[attr-defined]


def test_a_stranger_may_not_write(world: World) -> None:
    world.setup()
    entry = make_entry(ITEM, answer_value(), world.accounts["chi"])
    results = world.installation.journal().push([entry], world.who("chi"))
    assert codes(results) == [("refused", "forbidden")]
    assert "không phải là thành viên" in results[0].message


def test_known_comes_before_rights_and_shape(world: World) -> None:
    world.setup()
    journal = world.installation.journal()
    entry = make_entry(ITEM, answer_value(), world.accounts["binh"])
    assert codes(journal.push([entry], world.who("binh"))) == [("stored", "")]
    assert codes(journal.push([entry], world.who("chi"))) == [("known", "")]
    assert codes(journal.push([{**entry, "value": {"khac": 1}}], world.who("binh"))) == [("refused", "id_reused")]


def test_the_same_entry_twice_in_one_batch_is_stored_once(world: World) -> None:
    world.setup()
    entry = make_entry(ITEM, answer_value(), world.accounts["binh"])
    results = world.installation.journal().push([entry, entry], world.who("binh"))
    assert codes(results) == [("stored", ""), ("known", "")]


def test_a_shared_tablet_may_bring_another_members_answer_but_not_a_strangers(world: World) -> None:
    world.setup()
    journal = world.installation.journal()
    other = make_entry(ITEM, answer_value(), world.accounts["an"])
    stranger = make_entry(ITEM, answer_value(), world.accounts["chi"])
    minutes = make_entry("inspection/cuoc-1/minutes/m1", {"held_at": "8 giờ"}, world.accounts["an"])
    results = journal.push([other, stranger, minutes], world.who("binh"))
    assert codes(results) == [("stored", ""), ("refused", "forbidden"), ("refused", "forbidden")]
    row = journal.db.execute("SELECT author, uploader FROM entries WHERE id = ?", [other["id"]]).fetchone()
    assert tuple(row) == (world.accounts["an"], world.accounts["binh"])


def test_only_a_lead_settles_and_never_for_somebody_else(world: World) -> None:
    world.setup()
    journal = world.installation.journal()
    value = answer_value(settled={"reason": "đếm lại"})
    by_member = make_entry(ITEM, value, world.accounts["binh"])
    brought = make_entry(ITEM, value, world.accounts["an"])
    by_lead = make_entry(ITEM, value, world.accounts["an"])
    assert codes(journal.push([by_member, brought], world.who("binh"))) == [("refused", "forbidden")] * 2
    assert codes(journal.push([by_lead], world.who("an"))) == [("stored", "")]


def test_one_bad_entry_blocks_nobody_and_goes_to_quarantine(world: World) -> None:
    world.setup()
    journal = world.installation.journal()
    author = world.accounts["binh"]
    bad = make_entry(ITEM, {"item_version": 1, "verdict": "tốt"}, author)
    good = make_entry(ITEM, answer_value(), author)
    unknown = make_entry("thoitiet/cuoc-1/mua", {}, author)
    results = journal.push([bad, good, unknown, {"id": "x"}, 7], world.who("binh"))
    assert [result.status for result in results] == ["refused", "stored", "refused", "refused", "refused"]
    assert [result.code for result in results] == ["bad_shape", "", "unknown_subject", "malformed", "malformed"]
    kept = journal.quarantined("inspection/cuoc-1")
    assert [(one["id"], one["code"]) for one in kept] == [(bad["id"], "bad_shape")]
    assert "verdict" in kept[0]["message"]


def test_an_entry_that_is_accepted_later_leaves_quarantine(world: World) -> None:
    journal = world.installation.journal()
    entry = make_entry(ITEM, answer_value(), world.accounts["binh"])
    assert codes(journal.push([entry], world.who("binh"))) == [("refused", "unknown_inspection")]
    assert journal.quarantined("inspection/cuoc-1")
    world.setup()
    assert codes(journal.push([entry], world.who("binh"))) == [("stored", "")]
    assert journal.quarantined("inspection/cuoc-1") == []


def test_quarantine_is_bounded(world: World) -> None:
    journal = world.installation.journal()
    bad = [make_entry("khong/co", {}, "x") for _ in range(QUARANTINE_LIMIT + 50)]
    journal.push(bad, world.who("binh"))
    assert journal.db.execute("SELECT count(*) FROM quarantine").fetchone()[0] == QUARANTINE_LIMIT


def test_an_inspection_made_offline_comes_with_its_answers_in_one_batch(world: World) -> None:
    author = world.accounts["binh"]
    members = [{"account": author, "name": "Bình", "functions": ["truong_doan"]}]
    setup = {"title": "Đột xuất", "unit": "so-a", "issuer": "doan", "members": members, "checklists": ["niem-yet@1"]}
    entries = [
        make_entry("inspection/moi/setup", setup, author),
        make_entry("inspection/moi/answer/niem-yet.ma-qr", answer_value(), author),
    ]
    assert codes(world.installation.journal().push(entries, world.who("binh"))) == [("stored", "")] * 2


def test_an_office_subject_is_compare_and_set(world: World) -> None:
    world.setup()
    journal = world.installation.journal()
    shown = [entry.id for entry in journal.current("unit/so-a")]
    journal.write(world.who("an"), "unit/so-a", {"name": "Sở B", "level": "so"}, supersedes=shown)
    with pytest.raises(StaleError) as caught:
        journal.write(world.who("an"), "unit/so-a", {"name": "Sở C", "level": "so"}, supersedes=shown)
    assert caught.value.details["current"][0]["value"]["name"] == "Sở B"
    assert journal.value("unit/so-a")["name"] == "Sở B"


def test_writing_refuses_with_the_reason(world: World) -> None:
    journal = world.installation.journal()
    with pytest.raises(ForbiddenError):
        journal.write(world.who("binh"), "unit/so-b", {"name": "Sở B", "level": "so"})
    with pytest.raises(BadShapeError, match="«level» phải là một trong các giá trị"):
        journal.write(world.who("an"), "unit/so-b", {"name": "Sở B", "level": "bộ"})
    with pytest.raises(UnknownSubjectError):
        journal.write(world.who("an"), "la/so-b", {})


def test_a_duplicate_site_is_refused(world: World) -> None:
    sites = [{"id": "a", "name": "A"}, {"id": "a", "name": "B"}]
    with pytest.raises(Exception, match="nơi kiểm tra có phần trùng nhau"):
        world.setup(sites=sites)


def test_two_values_disagree_two_equal_ones_do_not(world: World) -> None:
    world.setup()
    journal: Journal = world.installation.journal()  # type: ignore[type-arg]
    author = world.accounts["binh"]
    matched = REGISTRY.match(ITEM)
    assert matched is not None
    journal.push(
        [make_entry(ITEM, answer_value(), author), make_entry(ITEM, answer_value(), author)], world.who("binh")
    )
    assert len(journal.current(ITEM)) == 2
    assert not is_disagreement(matched[0], journal.current(ITEM))
    journal.push([make_entry(ITEM, answer_value("chua_dat"), author)], world.who("binh"))
    assert is_disagreement(matched[0], journal.current(ITEM))
