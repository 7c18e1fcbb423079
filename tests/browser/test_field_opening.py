"""An unannounced visit: an inspection is opened on the tablet with the server stopped; everything arrives later."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from app.clock import local_date
from tests.browser.field_kit import (
    ITEM,
    SAVED,
    MakeTablet,
    Tablet,
    journal,
    photo,
    sign_in,
    state,
    sync_now,
)
from tests.campaigns.conftest import campaign_value
from tests.conftest import World
from tests.server import Server

pytestmark = pytest.mark.browser

COMMUNES = {"xa-tan-hoa": "UBND xã Tân Hòa", "xa-my-duc": "UBND xã Mỹ Đức"}


@pytest.fixture
def server(world: World, server: Server) -> Server:
    """The same server, with a campaign over two communes that An leads."""
    write, system = journal(world).write, world.system()
    counter = {"id": "mot-cua", "name": "Bộ phận Một cửa", "kind": "noi-niem-yet"}
    for unit, name in COMMUNES.items():
        write(system, f"unit/{unit}", {"name": name, "level": "xa", "sites": [counter]})
    write(system, "campaign/dot-1", campaign_value(world))
    return server


def take_along(tablet: Tablet, who: str = "an") -> Page:
    page = tablet.open()
    sign_in(page, who)
    page.get_by_test_id("take-campaign").click()
    expect(page.get_by_test_id("campaign-taken")).to_contain_text("Đã có trên máy")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    return page


def choose_unit(page: Page, words: str) -> None:
    page.get_by_test_id("unit-search").fill(words)
    page.get_by_test_id("unit-choice").first.click()


def opened_id(page: Page) -> str:
    return page.url.split("/inspection/")[1].split("/")[0]


def test_an_unannounced_visit_without_a_server_from_beginning_to_end(
    world: World, tablets: MakeTablet, server: Server
) -> None:
    tablet = tablets()
    page = take_along(tablet)
    server.stop()
    page = tablet.again()
    today = local_date(datetime.now(UTC)).isoformat()
    page.get_by_test_id("open-new").click()
    choose_unit(page, "tan hoa")
    expect(page.get_by_test_id("unit")).to_have_text("UBND xã Tân Hòa")
    page.get_by_test_id("add-site").click()
    page.get_by_test_id("site").nth(1).fill("Trụ sở cũ")
    page.get_by_test_id("add-member").select_option(world.accounts["chi"])
    page.get_by_test_id("mandate").fill("thay bà Hà, Giấy ủy quyền số 3/UQ")
    state(page, "Bản nháp đã giữ trên máy")
    inspection = opened_id(page)
    # A cold start in the middle: what was typed is there.
    page = tablet.again()
    page.get_by_test_id("open-new").click()
    expect(page.get_by_test_id("site").nth(1)).to_have_value("Trụ sở cũ")
    page.get_by_test_id("save-setup").click()
    page.get_by_test_id("switch").wait_for()

    page = tablet.again(f"/field/inspection/{inspection}/item/{ITEM}@mot-cua")
    page.get_by_test_id("verdict-chua_dat").click()
    page.get_by_test_id("file").set_input_files({"name": "bang.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(page.get_by_test_id("proof")).to_have_count(1)
    page.get_by_test_id("save").click()
    state(page, SAVED)
    page = tablet.again(f"/field/inspection/{inspection}/item/{ITEM}@mot-cua")
    expect(page.get_by_test_id("verdict-chua_dat")).to_have_attribute("aria-pressed", "true")
    assert journal(world).current(f"inspection/{inspection}/setup") == []

    server.start()
    sync_now(page)
    setup = journal(world).value(f"inspection/{inspection}/setup")
    assert (setup["unit"], setup["kind"], setup["dates"]) == ("xa-tan-hoa", "dot_xuat", [today])
    assert [site["name"] for site in setup["sites"]] == ["Bộ phận Một cửa", "Trụ sở cũ"]
    assert setup["opened"]["by"] == world.accounts["an"]
    assert [one.get("mandate") for one in setup["members"]][-1] == "thay bà Hà, Giấy ủy quyền số 3/UQ"
    [answer] = journal(world).current(f"inspection/{inspection}/answer/{ITEM}@mot-cua")
    assert answer.value["verdict"] == "chua_dat"
    files = world.installation.database().execute("SELECT count(*) FROM files").fetchone()[0]
    assert files == 1
    assert journal(world).quarantined(f"inspection/{inspection}") == []

    page.goto(f"{server.url}/cuoc-kiem-tra/{inspection}")
    expect(page.get_by_test_id("opened-in-field")).to_contain_text("người mở: an")
    expect(page.get_by_test_id("share")).to_have_count(3)


def test_two_taps_from_one_inspection_of_the_day_to_another(world: World, tablets: MakeTablet, server: Server) -> None:
    tablet = tablets()
    page = take_along(tablet)
    ids = []
    for words in ("tan hoa", "my duc"):
        page.goto(f"{server.url}/field/")
        page.get_by_test_id("open-new").click()
        choose_unit(page, words)
        page.get_by_test_id("save-setup").click()
        page.get_by_test_id("switch").wait_for()
        ids.append(opened_id(page))
    first, second = ids
    page.goto(f"{server.url}/field/inspection/{second}/item/{ITEM}@mot-cua")
    page.get_by_test_id("verdict-dat").click()
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    page.get_by_test_id("switch").click()
    expect(page.get_by_test_id(f"switch-{first}")).to_be_in_viewport()
    page.get_by_test_id(f"switch-{first}").click()
    expect(page.get_by_test_id("switch")).to_contain_text("UBND xã Tân Hòa")
    page.get_by_test_id("switch").click()
    expect(page.get_by_test_id(f"switch-{second}")).to_contain_text("1/")
    page.get_by_test_id(f"switch-{second}").click()
    expect(page.get_by_test_id("switch")).to_contain_text("UBND xã Mỹ Đức")
    page.goto(f"{server.url}/field/")
    expect(page.get_by_test_id("inspection").nth(1)).to_contain_text("UBND xã")
    page.get_by_test_id("open-new").click()
    choose_unit(page, "my duc")
    expect(page.get_by_test_id("clash")).to_be_visible()


def test_a_wrong_commune_is_corrected_offline_and_a_conflict_shows_both(
    world: World, tablets: MakeTablet, server: Server
) -> None:
    tablet = tablets()
    page = take_along(tablet)
    page.get_by_test_id("open-new").click()
    choose_unit(page, "tan hoa")
    page.get_by_test_id("save-setup").click()
    page.get_by_test_id("switch").wait_for()
    inspection = opened_id(page)
    sync_now(page)
    subject = f"inspection/{inspection}/setup"
    server.stop()
    page.goto(f"{server.url}/field/inspection/{inspection}/setup")
    choose_unit(page, "my duc")
    page.get_by_test_id("save-setup").click()
    expect(page.get_by_test_id("switch")).to_contain_text("UBND xã Mỹ Đức")
    # The office changes the same meanwhile.
    theirs = {**journal(world).value(subject), "purpose": "Theo phản ánh của người dân"}
    journal(world).write(world.system(), subject, theirs)
    server.start()
    sync_now(page)
    page.goto(f"{server.url}/field/inspection/{inspection}")
    card = page.get_by_test_id("setup-refused")
    expect(card).to_contain_text("UBND xã Mỹ Đức")
    expect(card).to_contain_text("Theo phản ánh của người dân")
    assert journal(world).value(subject)["unit"] == "xa-tan-hoa"
    page.get_by_test_id("offer-mine").click()
    page.get_by_test_id("save-setup").click()
    expect(page.get_by_test_id("switch")).to_contain_text("UBND xã Mỹ Đức")
    sync_now(page)
    assert journal(world).value(subject)["unit"] == "xa-my-duc"
    expect(card).to_have_count(0)
