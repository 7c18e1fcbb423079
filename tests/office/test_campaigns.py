"""Pages of campaigns, and who is given what in an inspection."""

from __future__ import annotations

from typing import Any

from app.inspections.assignment import own_items
from app.inspections.progress import Asked
from checklists.library import Library
from tests.office.conftest import Office
from tests.office.html import untouched

AREA = "Cải cách chế độ công vụ"


def campaign(office: Office, **changes: Any) -> None:
    people = [{"account": office.ids["lan"], "name": "Lan", "functions": ["truong_doan"]}]
    value = {"title": "Kiểm tra năm 2026", "year": 2026, "issuer": "so-noi-vu", "members": people}
    checklists = ["niem-yet@1"]
    office.write("mai", "campaign/dot-1", {**value, "levels": ["xa"], "checklists": checklists, **changes})


def test_a_campaign_is_seen_and_changed_by_its_own_people(office: Office) -> None:
    campaign(office)
    assert "Kiểm tra năm 2026" in office.client("lan").get("/dot-kiem-tra/").text
    assert "Kiểm tra năm 2026" not in office.client("phong").get("/dot-kiem-tra/").text
    assert office.client("phong").get("/dot-kiem-tra/dot-1").status_code == 404
    assert office.client("minh").get("/dot-kiem-tra/dot-1").status_code == 403


def test_a_new_campaign_is_made_from_the_form(office: Office) -> None:
    client = office.client("lan")
    fields = untouched(client.get("/dot-kiem-tra/them").text)
    wrong = client.post("/dot-kiem-tra/them", data={**fields, "title": ["Đợt 2"], "conclusion": ["0"]})
    assert wrong.status_code == 400
    assert "từ 1 đến 365" in wrong.text
    good = {**fields, "title": ["Đợt 2"], "issuer": ["so-noi-vu"], "levels": ["xa"], "conclusion": ["15"]}
    assert client.post("/dot-kiem-tra/them", data=good).status_code == 302
    row = office.installation.database().execute("SELECT id FROM campaigns WHERE title = 'Đợt 2'").fetchone()
    value: Any = office.value(f"campaign/{row[0]}")
    assert (value["deadlines"]["conclusion"], value["levels"], value["field_opening"]) == (15, ["xa"], False)


def test_two_people_who_change_a_campaign_see_what_differs(office: Office) -> None:
    campaign(office)
    client = office.client("lan")
    fields = untouched(client.get("/dot-kiem-tra/dot-1").text)
    campaign(office, title="Tên khác")
    answered = client.post("/dot-kiem-tra/dot-1", data={**fields, "title": ["Tên của Lan"]})
    assert answered.status_code == 409
    assert "Tên khác" in answered.text


def test_items_are_given_by_checklist_and_by_field_of_work() -> None:
    packs = [Library.load().pack(ref) for ref in ("niem-yet@1", "dao-tao@1")]
    asked = [Asked(pack, pack.items) for pack in packs]
    everything = [item.id for pack in packs for item in pack.items]
    assert [item.id for item in own_items({}, asked)] == everything
    assert {item.id for item in own_items({"checklists": ["niem-yet"]}, asked)} == {i.id for i in packs[0].items}
    by_area = own_items({"areas": [AREA]}, asked)
    assert by_area == [item for pack in packs for item in pack.items if pack.area_of(item) == AREA]
    assert by_area
    both = own_items({"checklists": ["niem-yet"], "areas": [AREA]}, asked)
    assert len(both) == len({item.id for item in [*packs[0].items, *by_area]})


def test_the_inspections_page_says_who_has_what_and_where_it_was_opened(office: Office) -> None:
    setup: Any = office.value("inspection/kiem-tra-1/setup")
    first, *others = setup["members"]
    given = {**first, "areas": [AREA], "mandate": "thay ông Hải"}
    opened = {"at": "2026-11-22T01:00:00.000Z", "by": office.ids["lan"]}
    office.write("mai", "inspection/kiem-tra-1/setup", {**setup, "members": [given, *others], "opened": opened})
    page = office.client("lan").get("/cuoc-kiem-tra/kiem-tra-1").text
    for part in (AREA, "Dự thay: thay ông Hải", "Mọi nội dung", "Mở tại hiện trường", "08:00 22/11/2026"):
        assert part in page, part
    assert "Mở tại hiện trường" in office.client("lan").get("/cuoc-kiem-tra/").text
