"""Opening an inspection in the field: who may, in which order it may arrive, and out of a rescue file."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pytest

from app.errors import ForbiddenError, NotFoundError
from app.field.rescue import import_rescue
from tests.campaigns.conftest import Opening, campaign_value, setup_value
from tests.conftest import World, answer_value, make_entry
from tests.field.test_rescue import RED, made

ANSWER = "inspection/moi-1/answer/niem-yet.tthc-du-so-luong"
pytestmark = pytest.mark.usefixtures("campaign")


def push(world: World, who: str, *entries: Any) -> list[tuple[str, str]]:
    results = world.installation.journal().push(entries, world.who(who))
    return [(one.status, one.code) for one in results]


STORED, KNOWN, REFUSED = ("stored", ""), ("known", ""), ("refused", "forbidden")


def test_a_lead_of_the_campaign_opens(world: World, opening: Opening) -> None:
    assert push(world, "an", opening(world)) == [STORED]
    assert world.installation.journal().value("inspection/moi-1/setup")["opened"]["by"] == world.accounts["an"]


def test_a_member_opens_where_the_campaign_allows_it_and_a_leader_heads(world: World, opening: Opening) -> None:
    entry = opening(world, "binh")
    assert push(world, "binh", entry) == [REFUSED]
    world.installation.journal().write(world.system(), "campaign/dot-1", campaign_value(world, field_opening=True))
    own = [{"account": world.accounts["binh"], "name": "Bình", "functions": ["truong_doan"]}]
    assert push(world, "binh", opening(world, "binh", inspection="moi-2", members=own)) == [REFUSED]
    assert push(world, "binh", entry) == [STORED], "the same entry, offered again"


@pytest.mark.parametrize("changes", [{"campaign": "khong-co"}, {"campaign": None}])
def test_no_campaign_no_opening(world: World, opening: Opening, changes: dict[str, Any]) -> None:
    assert push(world, "an", opening(world, **changes)) == [REFUSED]


def test_a_stranger_and_an_ended_campaign_open_nothing(world: World, opening: Opening) -> None:
    people = [{"account": world.accounts["chi"], "name": "Chi", "functions": ["truong_doan"]}]
    assert push(world, "chi", opening(world, "chi", members=people)) == [REFUSED]
    world.installation.journal().write(world.system(), "campaign/dot-1", campaign_value(world, active=False))
    assert push(world, "an", opening(world)) == [REFUSED]


def test_nobody_opens_in_anothers_name(world: World, opening: Opening) -> None:
    entry = opening(world, "an")
    entry["value"]["opened"]["by"] = world.accounts["mai"]
    assert push(world, "an", entry) == [REFUSED]
    assert push(world, "chi", opening(world, "an")) == [REFUSED], "one who is not of its team brings nothing"


def test_a_shared_tablet_brings_anothers_opening(world: World, opening: Opening) -> None:
    assert push(world, "binh", opening(world, "an")) == [STORED]
    change = make_entry(
        "inspection/moi-1/setup",
        setup_value(world, unit="xa-2"),
        world.accounts["an"],
        supersedes=[entry.id for entry in world.installation.journal().current("inspection/moi-1/setup")],
    )
    assert push(world, "binh", change) == [REFUSED], "a change is brought by one who might make it"
    assert push(world, "an", change) == [STORED]


def test_any_order_within_one_push_comes_to_the_same(world: World, opening: Opening) -> None:
    for number, order in enumerate(itertools.permutations(range(4))):
        inspection = f"moi-{number}"
        setup = opening(world, inspection=inspection)
        change = make_entry(
            setup["subject"], setup_value(world, unit="xa-2"), world.accounts["an"], supersedes=[setup["id"]]
        )
        again = make_entry(
            setup["subject"], setup_value(world, unit="so-a"), world.accounts["an"], supersedes=[change["id"]]
        )
        answer = make_entry(ANSWER.replace("moi-1", inspection), answer_value(), world.accounts["an"])
        entries = [setup, change, again, answer]
        assert push(world, "an", *(entries[place] for place in order)) == [STORED] * 4, order
        assert world.installation.journal().value(setup["subject"])["unit"] == "so-a"
    assert world.installation.journal().quarantined("inspection/moi-0") == []


def test_an_answer_before_its_setup_may_be_offered_again(world: World, opening: Opening) -> None:
    answer = make_entry(ANSWER, answer_value(), world.accounts["binh"])
    assert push(world, "binh", answer) == [("refused", "unknown_inspection")]
    assert push(world, "an", opening(world)) == [STORED]
    assert push(world, "binh", answer) == [STORED]
    assert world.installation.journal().quarantined("inspection/moi-1") == []


def test_a_change_of_what_is_no_longer_current_is_a_conflict_still(world: World, opening: Opening) -> None:
    setup = opening(world)
    mine, yours = (
        make_entry(setup["subject"], setup_value(world, unit=unit), world.accounts["an"], supersedes=[setup["id"]])
        for unit in ("xa-2", "so-a")
    )
    assert push(world, "an", mine, yours, setup) == [STORED, ("refused", "conflict"), STORED]


def test_a_campaign_is_written_by_its_leaders(world: World) -> None:
    journal = world.installation.journal()
    with pytest.raises(ForbiddenError):
        journal.write(world.who("binh"), "campaign/dot-1", campaign_value(world))
    journal.write(world.who("an"), "campaign/dot-1", campaign_value(world, title="Tên mới"))
    with pytest.raises(ForbiddenError):
        journal.write(world.who("chi"), "campaign/dot-2", campaign_value(world))


def rescue_file(world: World, opening: Opening, **changes: Any) -> bytes:
    setup = opening(world, **changes)
    change = make_entry(
        setup["subject"], {**setup["value"], "unit": "xa-2"}, world.accounts["an"], supersedes=[setup["id"]]
    )
    answer = make_entry(ANSWER, answer_value(), world.accounts["binh"])
    return made([answer, change, setup], [RED], inspection="moi-1")


@pytest.mark.parametrize("who", ["an", "mai", "system"])
def test_a_rescue_file_brings_an_inspection_that_the_server_never_heard_of(
    world: World, opening: Opening, who: str
) -> None:
    writer = world.system() if who == "system" else world.who(who)
    data = rescue_file(world, opening)
    first = import_rescue(world.installation, io.BytesIO(data), writer)
    assert first.whole
    assert (first.stored, first.known, first.evidence_stored) == (3, 0, 1)
    assert first.title == "Kiểm tra CCHC năm 2026"
    assert world.installation.journal().value("inspection/moi-1/setup")["unit"] == "xa-2"
    second = import_rescue(world.installation, io.BytesIO(data), writer)
    assert (second.whole, second.stored, second.known) == (True, 0, 3)


def test_a_rescue_file_of_a_stranger_brings_nothing(world: World, opening: Opening) -> None:
    data = rescue_file(world, opening)
    with pytest.raises(NotFoundError):
        import_rescue(world.installation, io.BytesIO(data), world.who("chi"))
    not_opened = rescue_file(world, opening, opened=None)
    with pytest.raises(NotFoundError):
        import_rescue(world.installation, io.BytesIO(not_opened), world.who("an"))
    assert world.installation.journal().current("inspection/moi-1/setup") == []
