"""The tablet without a network: cold start, answers, photos, and the way to the server afterwards."""

from __future__ import annotations

import signal
from hashlib import sha256
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.field_kit import (
    LANDSCAPE,
    RECEIVED,
    SAVED,
    SYNCED,
    MakeTablet,
    answer_subject,
    item_path,
    photo,
    ready,
    sign_in,
    state,
    sync_now,
    values,
)
from tests.conftest import World
from tests.server import Server

pytestmark = pytest.mark.browser

# What a browser does when the disk is full: writing fails, reading goes on.
FILL_DISK = """() => {
    window.realPut = IDBObjectStore.prototype.put;
    window.realAdd = IDBObjectStore.prototype.add;
    const full = () => { throw new DOMException("full", "QuotaExceededError"); };
    IDBObjectStore.prototype.put = full;
    IDBObjectStore.prototype.add = full;
}"""


def test_a_visit_without_a_network_reaches_the_server_whole(world: World, server: Server, tablets: MakeTablet) -> None:
    tablet = tablets(LANDSCAPE)
    ready(tablet, "binh")
    server.stop(signal.SIGKILL)

    page = tablet.again()
    page.get_by_test_id("open").click()
    page.get_by_test_id("pack-niem-yet").click()
    page.get_by_test_id("item-niem-yet.tthc-du-so-luong").click()
    page.get_by_test_id("value-phai_niem_yet-0").fill("30")
    page.get_by_test_id("value-da_niem_yet-0").fill("30")
    page.get_by_test_id("accept-proposal").click()
    page.get_by_test_id("file").set_input_files(
        [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo(n)} for n in ("red", "blue")]
    )
    expect(page.get_by_test_id("proof")).to_have_count(2)
    page.get_by_test_id("save").click()
    state(page, SAVED)

    page = tablet.again(item_path())
    expect(page.get_by_test_id("verdict-dat")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("30")
    expect(page.locator("[data-testid=proof] img")).to_have_count(2)
    state(page, SAVED)

    server.start()
    sync_now(page)
    expect(page.get_by_test_id("receipt")).to_contain_text("đủ 3/3 mục, 2/2 ảnh")
    page.goto(tablet.url + item_path())
    state(page, RECEIVED)

    [answer] = values(world, answer_subject())
    assert answer["verdict"] == "dat"
    assert answer["figures"]["da_niem_yet"] == [
        {"value": "30", "source": "doan_kiem_dem", "as_of": answer["figures"]["da_niem_yet"][0]["as_of"]}
    ]
    for colour in ("red", "blue"):
        digest = sha256(photo(colour)).hexdigest()
        assert (world.installation.evidence_path / digest[:2] / digest).read_bytes() == photo(colour)


def test_what_was_typed_survives_a_kill_as_a_draft_and_is_no_answer_yet(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    page.get_by_test_id("value-da_niem_yet-0").fill("28")
    state(page, "Bản nháp đã giữ trên máy")
    page = tablet.again("/field/inspection/cuoc-1")
    expect(page.get_by_test_id("drafts")).to_contain_text("1 mục còn bản nháp")
    page.get_by_test_id("drafts").get_by_test_id("item-niem-yet.tthc-du-so-luong").click()
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("28")
    assert values(world, answer_subject()) == []
    page.get_by_test_id("next").click()
    page.get_by_test_id("previous").click()
    state(page, RECEIVED)
    assert values(world, answer_subject())[0]["figures"]["da_niem_yet"][0]["value"] == "28"


def test_looking_at_an_item_says_nothing(world: World, server: Server, tablets: MakeTablet) -> None:
    page = ready(tablets(), "binh", item_path())
    page.get_by_test_id("verdict-dat").click()
    page.get_by_test_id("verdict-clear").click()
    page.get_by_test_id("add-note").click()
    page.get_by_test_id("add-row").click()
    page.get_by_test_id("next").click()
    page.get_by_test_id("previous").click()
    state(page, "Chưa có nội dung")
    assert world.installation.journal().head().seq == len(list(world.installation.database()["entries"].rows))
    assert values(world, answer_subject()) == []


def test_an_expired_session_keeps_everything_and_asks_to_sign_in(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    assert tablet.context is not None
    # An answer that is still on its way would bring the session's cookie back.
    page.wait_for_load_state("networkidle")
    tablet.context.clear_cookies()
    page.get_by_test_id("verdict-chua_dat").click()
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("sync-status")).to_have_text("Cần đăng nhập lại")
    state(page, SAVED)
    page.get_by_test_id("sync-status").click()
    sign_in(page, "binh")
    expect(page.get_by_test_id("pack-niem-yet")).to_be_visible()
    expect(page.get_by_test_id("sync-status")).to_have_text(SYNCED)
    assert values(world, answer_subject())[0]["verdict"] == "chua_dat"


def test_only_navigations_get_the_shell(server: Server, tablets: MakeTablet) -> None:
    page = ready(tablets(), "binh")
    status = page.evaluate("async () => (await fetch('/field/assets/not-there.js')).status")
    assert status == 404
    with pytest.raises(HTTPError) as missing:
        urlopen(f"{server.url}/field/assets/not-there.js")
    assert missing.value.code == 404
    server.stop(signal.SIGKILL)
    page.goto(f"{server.url}/field/inspection/cuoc-1/pack/ho-so")
    expect(page.get_by_test_id("sync-status")).to_be_visible()


def test_a_full_disk_is_said_loudly_and_nothing_typed_is_lost(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    page = ready(tablets(), "binh", item_path())
    expect(page.get_by_test_id("sync-status")).to_have_text(SYNCED)
    page.evaluate(FILL_DISK)
    page.get_by_test_id("verdict-dat").click()
    expect(page.get_by_test_id("alarm")).to_contain_text("bộ nhớ máy đã đầy")
    expect(page.get_by_test_id("verdict-dat")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("next").click()
    expect(page.get_by_test_id("item")).to_have_attribute("data-site", "mot-cua")
    expect(page.get_by_test_id("verdict-dat")).to_have_attribute("aria-pressed", "true")
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = window.realPut; IDBObjectStore.prototype.add = window.realAdd; }"
    )
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("alarm")).to_have_count(0)
    expect(page.get_by_test_id("sync-status")).to_have_text(SYNCED)
    assert values(world, answer_subject())[0]["verdict"] == "dat"


def test_what_could_not_be_kept_stays_said_until_it_is(server: Server, tablets: MakeTablet) -> None:
    page = ready(tablets(), "binh", item_path())
    page.evaluate(FILL_DISK)
    page.get_by_test_id("verdict-dat").click()
    state(page, "CHƯA LƯU được")
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = window.realPut; IDBObjectStore.prototype.add = window.realAdd; }"
    )
    # Another success does not silence the alarm about the first.
    page.get_by_test_id("add-note").click()
    state(page, "CHƯA LƯU được")
    expect(page.get_by_test_id("alarm")).to_be_visible()
    page.get_by_test_id("verdict-dat_mot_phan").click()
    state(page, "Bản nháp đã giữ trên máy")
    expect(page.get_by_test_id("alarm")).to_have_count(0)


def test_a_cleared_store_is_said_until_the_person_closes_it(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh")
    page.goto(server.url + "/healthz")
    page.evaluate(
        "() => new Promise((done) => { indexedDB.deleteDatabase('kiemtra-field').onsuccess = () => done(true); })"
    )
    page.goto(server.url + "/field/")
    expect(page.get_by_test_id("wiped")).to_contain_text("Trình duyệt đã xóa bộ nhớ")
    page.reload()
    page.get_by_test_id("wiped").get_by_role("button").click()
    expect(page.get_by_test_id("wiped")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("take")).to_be_visible()
    expect(page.get_by_test_id("wiped")).to_have_count(0)


def test_a_newer_version_in_another_tab_is_said(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    assert tablet.context is not None
    newer = tablet.context.new_page()
    newer.goto(server.url + "/healthz")
    newer.evaluate("() => new Promise((done) => { indexedDB.open('kiemtra-field', 99).onsuccess = () => done(true); })")
    page.bring_to_front()
    page.get_by_test_id("verdict-dat").click()
    expect(page.get_by_test_id("alarm")).to_contain_text("một thẻ khác đã mở bản mới")
    state(page, "CHƯA LƯU được")
