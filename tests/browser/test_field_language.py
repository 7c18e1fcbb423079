"""Vietnamese and English on the tablet: kept per tablet, there without a network, and no text is a must."""

from __future__ import annotations

import signal

import pytest
from playwright.sync_api import expect

from tests.browser.field_kit import MakeTablet, ready
from tests.server import Server

pytestmark = pytest.mark.browser


def test_the_language_is_kept_on_the_tablet_and_needs_no_network(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    server.stop(signal.SIGKILL)
    page.get_by_test_id("language-en").click()
    expect(page.get_by_role("heading", name="Inspections")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page = tablet.again()
    expect(page.get_by_test_id("open")).to_have_text("Open")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_test_id("language-vi").click()
    expect(page.get_by_test_id("open")).to_have_text("Mở")


def test_a_tablet_that_cannot_read_its_texts_says_so_and_still_opens(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh")
    page.evaluate("""async () => {
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const kept of await cache.keys()) if (kept.url.endsWith(".json")) await cache.delete(kept);
        }
    }""")
    server.stop(signal.SIGKILL)
    page = tablet.again()
    expect(page.get_by_test_id("alarm")).to_contain_text("Dữ liệu trên máy vẫn còn nguyên")
    page.get_by_test_id("open").click()
    expect(page.get_by_test_id("pack-niem-yet")).to_be_visible()
