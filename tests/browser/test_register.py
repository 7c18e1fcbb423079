"""The registration slip in a real browser: a field is copied by its button, and the text can be selected without."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Playwright, expect

from app.conclusions.issue import issue
from app.papers.registering import register
from tests.browser.field_kit import ARGUMENTS, CHROMIUM
from tests.conftest import PASSWORD, World, answer_value
from tests.server import Server

pytestmark = pytest.mark.browser


def test_a_field_of_the_slip_is_copied(world: World, server: Server, playwright_driver: Playwright) -> None:
    world.add("van", "clerk")
    subject = "inspection/cuoc-1/answer/ho-so.tre-han-tren-phan-mem"
    world.installation.journal().write(world.who("an"), subject, answer_value("chua_dat"))
    document = issue(world.installation, "cuoc-1", world.who("an")).document
    register(world.installation, "cuoc-1", document, world.who("van"), number=7, issued_on=date(2026, 11, 20))
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{server.url}/dang-nhap")
    page.fill("[name=username]", "van")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.get_by_test_id("me")).to_be_visible()
    page.goto(f"{server.url}/van-ban/cuoc-1/{document}/ho-so")

    page.get_by_role("button", name="Sao chép Số, ký hiệu").click()
    expect(page.locator("[data-copy-status]")).to_have_text("Đã chép")
    assert page.evaluate("() => navigator.clipboard.readText()") == "07/TB-ĐKT"
    page.get_by_role("button", name="Sao chép tất cả").click()
    expect(page.get_by_role("button", name="Đã chép")).to_have_count(1)
    assert "Ký hiệu: TB-ĐKT\n" in page.evaluate("() => navigator.clipboard.readText()")
    browser.close()
