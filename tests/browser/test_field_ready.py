"""The green sheet before departure, in a real browser with the real server: it never says more than it found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.field_kit import (
    LANDSCAPE,
    PORTRAIT,
    MakeTablet,
    Tablet,
    item_path,
    ready,
    state,
)
from tests.server import Server

pytestmark = pytest.mark.browser

HOME = "/field/inspection/cuoc-1"
READY = f"{HOME}/ready"
GREEN = ("space", "browser", "bundle", "clock", "storage", "account", "sent")
REMOVE_PACK = """() => new Promise((done, fail) => {
  const opened = indexedDB.open("kiemtra-field");
  opened.onerror = fail;
  opened.onsuccess = () => {
    const tx = opened.result.transaction("bundles", "readwrite");
    const store = tx.objectStore("bundles");
    store.getAll().onsuccess = ({ target }) => {
      const [kept] = target.result;
      const [gone] = kept.bundle.checklists.splice(0, 1);
      store.put(kept);
      tx.oncomplete = () => { opened.result.close(); done(`${gone.id}@${gone.version}`); };
    };
  };
})"""
META_KEYS = """() => new Promise((done) => {
  const opened = indexedDB.open("kiemtra-field");
  opened.onsuccess = () => {
    opened.result.transaction("meta").objectStore("meta").getAllKeys().onsuccess = ({ target }) => {
      opened.result.close();
      done(target.result);
    };
  };
})"""


def line(page: Page, name: str, of: str) -> Locator:
    """A line of the sheet, once it is in that state."""
    found = page.get_by_test_id(f"check-{name}")
    expect(found).to_have_attribute("data-state", of)
    return found


def checked(page: Page) -> None:
    expect(page.get_by_test_id("ready-page")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_test_id("check-sent")).to_be_visible()


def check_again(page: Page) -> None:
    page.get_by_test_id("check-again").click()
    checked(page)


def keep_for_good(tablet: Tablet, page: Page) -> None:
    """Grant what a person grants by installing: that the browser keeps the data."""
    assert tablet.context is not None
    session = tablet.context.new_cdp_session(page)
    session.send("Browser.grantPermissions", {"origin": tablet.url, "permissions": ["durableStorage"]})


def test_a_fresh_tablet_says_what_is_in_order_and_what_is_not(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", HOME)
    expect(page.get_by_test_id("ready-state")).to_contain_text("Chưa kiểm tra")
    page.get_by_test_id("to-ready").click()
    checked(page)
    for name in GREEN:
        line(page, name, "good")
    line(page, "installed", "advice")
    line(page, "persist", "bad")
    total = page.get_by_test_id("ready-total")
    expect(total).to_contain_text("Còn 1 việc phải làm.")
    expect(page.get_by_test_id("check-account")).to_contain_text("binh, thành viên")

    keep_for_good(tablet, page)
    page.get_by_test_id("ask-persist").click()
    line(page, "persist", "good")
    expect(total).to_contain_text("Máy sẵn sàng.")
    assert [key for key in page.evaluate(META_KEYS) if key.startswith("scratch")] == []

    page.get_by_test_id("up").click()
    expect(page.get_by_test_id("ready-state")).to_contain_text("Máy sẵn sàng.")
    page = tablet.again(HOME)
    expect(page.get_by_test_id("ready-state")).to_contain_text("Máy sẵn sàng.")


def test_a_lost_checklist_and_a_lost_file_are_red_until_they_are_back(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", READY)
    checked(page)
    gone = page.evaluate(REMOVE_PACK)
    check_again(page)
    expect(line(page, "bundle", "bad")).to_contain_text(gone)
    page.get_by_test_id("take-again").click()
    line(page, "bundle", "good")

    # The cache was cleared behind our back: without a network it stays so, with one it is mended.
    lost = "async () => { for (const name of await caches.keys()) await caches.delete(name); }"
    page.evaluate(lost)
    server.stop()
    check_again(page)
    expect(line(page, "bundle", "bad")).to_contain_text("tệp của ứng dụng")
    server.start()
    check_again(page)
    line(page, "bundle", "good")
    server.stop()
    page.reload()
    checked(page)
    line(page, "bundle", "good")


def test_a_wrong_clock_is_red_and_without_a_network_nothing_is_compared(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", READY)
    checked(page)
    line(page, "clock", "good")
    for hours, words in ((3, "nhanh 3 giờ"), (-5, "chậm 5 giờ")):
        page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=hours))
        check_again(page)
        expect(line(page, "clock", "bad")).to_contain_text(words)
    page.clock.set_fixed_time(datetime.now(UTC))
    check_again(page)
    line(page, "clock", "good")

    server.stop()
    check_again(page)
    expect(line(page, "clock", "unknown")).to_contain_text("Không có mạng để so giờ")
    line(page, "account", "good")
    expect(page.get_by_test_id("ready-total")).to_contain_text("1 dòng không kiểm tra được.")


def test_what_was_not_sent_and_an_ended_session_are_red(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    assert tablet.context is not None
    server.stop()
    page.get_by_test_id("verdict-dat").click()
    page.get_by_test_id("save").click()
    state(page, "Đã lưu trên máy")
    page.goto(tablet.url + READY)
    checked(page)
    expect(line(page, "sent", "bad")).to_contain_text("1 ghi nhận")

    tablet.context.clear_cookies()
    server.start()
    check_again(page)
    expect(line(page, "account", "bad")).to_contain_text("đã hết")
    line(page, "clock", "unknown")
    page.get_by_test_id("to-signin").click()
    expect(page.get_by_test_id("signin")).to_be_visible()


def test_missing_apis_are_said_to_be_missing(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", READY)
    assert tablet.context is not None
    tablet.context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'storage', { get: () => undefined });"
        "delete IDBTransaction.prototype.durability;"
    )
    page.reload()
    checked(page)
    for name in ("persist", "space"):
        expect(line(page, name, "unknown")).to_contain_text("Không kiểm tra được trên trình duyệt này")
    expect(line(page, "browser", "bad")).to_contain_text("IndexedDB strict")
    expect(page.get_by_test_id("ready-total")).to_contain_text("Còn 1 việc phải làm. 2 dòng không kiểm tra được.")


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
def test_the_sheet_is_accessible(server: Server, tablets: MakeTablet, size: tuple[int, int]) -> None:
    page = ready(tablets(size), "binh", READY)
    checked(page)
    assert Axe().run(page).response["violations"] == []
    heights = page.locator("main button, main a.button").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert len(heights) > 0
    assert min(heights) >= 48
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
