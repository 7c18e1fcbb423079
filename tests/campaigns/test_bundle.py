"""What a tablet takes along of a campaign, and who may have it."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from tests.campaigns.conftest import campaign_value
from tests.conftest import Api, World

SignIn = Callable[[str], Api]


@pytest.mark.usefixtures("campaign")
def test_a_campaign_shows_to_its_people_only(world: World, api: SignIn) -> None:
    for who, seen in (("an", True), ("binh", True), ("mai", True), ("chi", False)):
        client = api(who)
        assert [one["id"] for one in client.get("/api/campaigns").json] == (["dot-1"] if seen else [])
        assert client.get("/api/campaigns/dot-1/bundle").status_code == (200 if seen else 404), who
    assert api("chi").get("/api/campaigns/khong-co/bundle").status_code == 404


@pytest.mark.usefixtures("campaign")
def test_who_may_open_is_said(world: World, api: SignIn) -> None:
    def may(who: str) -> bool:
        return bool(api(who).get("/api/campaigns").json[0]["may_open"])

    assert (may("an"), may("binh"), may("mai")) == (True, False, True)
    world.installation.journal().write(world.system(), "campaign/dot-1", campaign_value(world, field_opening=True))
    assert may("binh")
    world.installation.journal().write(world.system(), "campaign/dot-1", campaign_value(world, active=False))
    assert api("an").get("/api/campaigns").json == []


@pytest.mark.usefixtures("campaign")
def test_the_bundle_has_all_that_an_opening_needs(world: World, api: SignIn) -> None:
    journal, system = world.installation.journal(), world.system()
    profile = {"id": "mot-cua", "name": "Bộ phận Một cửa"}
    terms = [{"mot_cua": "Trung tâm Phục vụ hành chính công", "start": "2025-07-01"}]
    journal.write(system, "unit/xa-1", {"name": "Xã 1", "level": "xa", "sites": [profile], "terms": terms})
    journal.write(system, "unit/so-b", {"name": "Sở B", "level": "so"})
    world.setup("cu", unit="xa-2")
    found = api("an").get("/api/campaigns/dot-1/bundle").json
    units = {unit["id"]: unit for unit in found["units"]}
    assert set(units) == {"so-a", "xa-1", "xa-2"}
    assert [site["name"] for site in units["xa-1"]["sites"]] == ["Bộ phận Một cửa"]
    assert [site["id"] for site in units["xa-2"]["sites"]] == ["mot-cua", "trang"], "those of its latest inspection"
    assert units["xa-1"]["terms"]["mot_cua"] == "Trung tâm Phục vụ hành chính công"
    assert [pack["id"] for pack in found["checklists"]] == ["niem-yet", "ho-so"]
    people = {world.accounts[name] for name in ("mai", "an", "binh", "chi")}
    assert {one["account"] for one in found["people"]} == people
    assert [(one["id"], one["unit"], one["dates"]) for one in found["inspections"]] == [("cu", "xa-2", ["2026-11-20"])]
    assert found["issuer"]["name"] == "Đoàn kiểm tra"
    assert found["campaign"]["value"]["title"] == "Kiểm tra CCHC năm 2026"
    assert set(found["limits"]) == {"batch_entries", "batch_bytes", "evidence_bytes", "photo_longest_edge"}


@pytest.mark.usefixtures("campaign")
def test_an_inspection_of_another_body_does_not_show(world: World, api: SignIn) -> None:
    issuer = world.installation.journal().value("issuer/doan")
    world.installation.journal().write(world.system(), "issuer/so-xd", {**issuer, "name": "Sở Xây dựng"})
    people = [{"account": world.accounts["chi"], "name": "Chi", "functions": ["truong_doan"]}]
    world.setup("cua-nguoi-khac", unit="xa-1", issuer="so-xd", members=people, title="Dự thảo kín")
    answered = api("an").get("/api/campaigns/dot-1/bundle")
    assert answered.json["inspections"] == []
    assert "Dự thảo kín" not in answered.text


@pytest.mark.usefixtures("campaign")
def test_a_hundred_and_sixty_communes_travel_small(world: World, api: SignIn) -> None:
    journal, system = world.installation.journal(), world.system()
    packs = [pack.ref for pack in world.installation.library().packs()]
    journal.write(system, "campaign/dot-1", campaign_value(world, checklists=packs))
    sites = [{"id": f"noi-{n}", "name": f"Nơi niêm yết số {n}", "kind": "noi-niem-yet"} for n in range(3)]
    for number in range(160):
        address = f"Số {number}, đường Hùng Vương, ấp {number % 9}"
        value = {"name": f"UBND xã Tân Hòa {number}", "level": "xa", "address": address, "sites": sites}
        journal.write(system, f"unit/dong-{number}", value)
    client = api("an")
    plain = client.get("/api/campaigns/dot-1/bundle")
    packed = client.get("/api/campaigns/dot-1/bundle", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(plain.json["units"]) == 163
    print(f"\n{len(plain.data)} bytes, {len(packed.data)} gzipped")
    assert len(packed.data) < 150_000
