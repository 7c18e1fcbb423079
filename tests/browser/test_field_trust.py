"""What the tablet says of its keeping is exact; the lead sees it; a lock and a loss hide it and lose nothing."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.field_kit import (
    ITEM,
    MakeTablet,
    Tablet,
    answer_subject,
    item_path,
    journal,
    photo,
    ready,
    sign_in,
    state,
    sync_now,
    take,
    values,
)
from tests.conftest import World
from tests.server import Server

pytestmark = pytest.mark.browser

HOME = "/field/inspection/cuoc-1"
SYNC = f"{HOME}/sync"
PIN, OTHER_PIN = "246810", "135791"
PUSH = "**/api/sync/push"


def context(tablet: Tablet) -> BrowserContext:
    assert tablet.context is not None
    return tablet.context


def add_photo(page: Page, data: bytes, caption: str = "Bảng niêm yết") -> None:
    page.get_by_test_id("file").set_input_files({"name": "bang.jpg", "mimeType": "image/jpeg", "buffer": data})
    expect(page.get_by_test_id("proof")).to_have_count(1)
    page.get_by_test_id("caption").fill(caption)
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("proof")).not_to_have_attribute("data-state", "draft")


def answer(page: Page) -> None:
    page.get_by_test_id("verdict-dat").click()
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("state")).to_have_attribute("data-state", re.compile("saved|sent|received"))


def office(tablets: MakeTablet, username: str, path: str) -> tuple[Tablet, Page]:
    tablet = tablets((1280, 800))
    page = tablet.open("/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill("mat-khau-thu")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_test_id("me")).to_be_visible()
    page.goto(tablet.url + path)
    return tablet, page


def set_pin(page: Page, pin: str) -> None:
    page.get_by_test_id("pin-card").locator("summary").click()
    page.get_by_test_id("new-pin").fill(pin)
    page.get_by_test_id("again").fill(pin)
    page.get_by_test_id("pin-save").click()
    expect(page.get_by_test_id("notice")).to_contain_text("Đã lưu mã PIN.")


def unlock(page: Page, pin: str) -> None:
    page.get_by_test_id("pin").fill(pin)
    page.get_by_test_id("unlock").click()


def test_the_receipt_counts_this_tablets_own_and_names_what_is_missing(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    context(tablet).set_offline(True)
    answer(page)
    page.goto(tablet.url + item_path())
    add_photo(page, photo())
    page.goto(tablet.url + HOME)
    expect(page.get_by_test_id("home-receipt")).to_contain_text("mới giữ 0/")
    page.get_by_test_id("home-receipt").click()
    lack = page.get_by_test_id("lack")
    expect(lack).to_have_count(1)
    expect(lack).to_contain_text("(Bộ phận Một cửa)")
    expect(lack).to_contain_text("1 ảnh: Bảng niêm yết")

    # What others wrote is pulled and counts apart.
    world.installation.journal().write(
        world.who("an"), answer_subject(site="trang"), {"item_version": 1, "verdict": "dat"}
    )
    context(tablet).set_offline(False)
    page.get_by_test_id("sync-now").click()
    receipt = page.get_by_test_id("receipt")
    expect(receipt).to_contain_text("Máy chủ đã giữ đủ")
    own = [entry for entry in journal(world).store.pull("inspection/cuoc-1", 0, 100) if entry["device"] != "server"]
    expect(receipt).to_contain_text(f"{len(own)}/{len(own)} mục, 1/1 ảnh.")
    expect(page.get_by_test_id("lack")).to_have_count(0)
    page.goto(tablet.url + HOME)
    expect(page.get_by_test_id("home-receipt")).to_contain_text("đã giữ đủ")


def test_photos_leave_the_tablet_only_against_a_fresh_receipt(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    data = photo("blue")
    digest = sha256(data).hexdigest()
    add_photo(page, data)
    page.goto(tablet.url + SYNC)
    sync_now(page)
    expect(page.get_by_test_id("receipt")).to_contain_text("1/1 ảnh")
    # The server loses the bytes after its receipt: asked anew it says so, and the photo stays.
    path = world.installation.evidence_path / digest[:2] / digest
    path.rename(path.with_name("away"))
    for _ in range(2):
        page.get_by_test_id("drop-photos").click()
    expect(page.get_by_test_id("notice")).to_contain_text("Đã xóa 0 ảnh")
    path.with_name("away").rename(path)

    for _ in range(2):
        page.get_by_test_id("drop-photos").click()
    expect(page.get_by_test_id("notice")).to_contain_text("Đã xóa 1 ảnh")
    expect(page.get_by_test_id("drop-photos")).to_have_count(0)
    expect(page.get_by_test_id("receipt")).to_contain_text("1/1 ảnh")
    sync_now(page)
    expect(page.get_by_test_id("receipt")).to_contain_text("1/1 ảnh")
    page.goto(tablet.url + item_path())
    page.get_by_test_id("thumb").click()  # the small copy stayed; the photo itself comes from the server
    expect(page.locator(".canvas img")).to_have_attribute("src", f"/api/evidence/{digest}")


def test_an_inspection_leaves_the_tablet_only_when_everything_is_received(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    page.get_by_test_id("value-da_niem_yet-0").fill("7")
    state(page, "Bản nháp đã giữ trên máy")
    page.goto(tablet.url + SYNC)
    for _ in range(2):
        page.get_by_test_id("drop-inspection").click()
    expect(page.get_by_test_id("notice")).to_contain_text("còn bản nháp")
    expect(page.get_by_test_id("rescue")).to_be_visible()
    page.goto(tablet.url + item_path())
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("7")
    answer(page)
    state(page, "Máy chủ đã nhận")
    page.goto(tablet.url + SYNC)
    for _ in range(2):
        page.get_by_test_id("drop-inspection").click()
    expect(page.get_by_test_id("take")).to_have_text("Mang theo máy")
    expect(page.get_by_test_id("taken")).to_have_count(0)
    take(page)
    page.goto(tablet.url + item_path())
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("7")


def test_the_lead_sees_what_a_tablet_still_holds_and_is_warned_when_drafting(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    context(tablet).route(PUSH, lambda route: route.abort())
    answer(page)
    sync_now(page)
    _, desk = office(tablets, "an", "/cuoc-kiem-tra/cuoc-1")
    shown = desk.get_by_test_id("tablet")
    expect(shown).to_have_count(1)
    expect(shown.get_by_test_id("holds")).to_contain_text("1 mục / 0 ảnh")
    expect(shown).to_contain_text("(Bộ phận Một cửa)")
    expect(shown).to_contain_text("binh")
    desk.goto(server.url + "/cuoc-kiem-tra/cuoc-1/du-thao")
    expect(desk.get_by_test_id("outstanding")).to_contain_text("1 mục / 0 ảnh")
    desk.goto(server.url + "/cuoc-kiem-tra/cuoc-1/ban-hanh")
    expect(desk.get_by_test_id("confirm-outstanding")).not_to_be_checked()

    context(tablet).unroute(PUSH)
    page.get_by_test_id("sync-now").click()
    expect(page.get_by_test_id("receipt")).to_contain_text("đã giữ đủ")
    desk.goto(server.url + "/cuoc-kiem-tra/cuoc-1")
    expect(shown.get_by_test_id("holds")).to_contain_text("Còn trên máy, theo lần báo gần nhất: 0 mục / 0 ảnh")
    desk.goto(server.url + "/cuoc-kiem-tra/cuoc-1/du-thao")
    expect(desk.get_by_test_id("outstanding")).to_have_count(0)


def test_two_people_share_a_tablet_offline_by_pin_and_see_nothing_of_each_other(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = tablet.open()
    sign_in(page, "an")
    set_pin(page, PIN)
    for _ in range(2):
        page.get_by_test_id("signout").click()
    expect(page.get_by_test_id("by-pin")).to_be_visible()
    sign_in(page, "binh")
    set_pin(page, OTHER_PIN)
    take(page)
    page.goto(tablet.url + item_path())
    unlock(page, OTHER_PIN)
    page.get_by_test_id("value-da_niem_yet-0").fill("17")
    state(page, "Bản nháp đã giữ trên máy")
    context(tablet).set_offline(True)
    page.get_by_test_id("lock").click()
    expect(page.get_by_test_id("locked")).to_be_visible()
    assert "Bộ phận Một cửa" not in page.locator("body").inner_text()
    page.get_by_test_id(f"keeper-{world.accounts['an']}").click()
    unlock(page, PIN)
    expect(page.get_by_test_id("pin-card")).to_be_visible()
    expect(page.get_by_test_id("inspection")).to_have_count(1)  # An's own list, from when she signed in
    expect(page.get_by_test_id("taken")).to_have_count(0)
    page.goto(tablet.url + item_path())
    unlock(page, PIN)
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_count(0)
    # Online the session is still Bình's: An's list is not filled with it, she is asked to sign in.
    context(tablet).set_offline(False)
    page.goto(tablet.url + "/field/")
    unlock(page, PIN)
    expect(page.get_by_test_id("sync-status")).to_have_text("Cần đăng nhập lại")
    expect(page.get_by_test_id("taken")).to_have_count(0)
    page.get_by_test_id("lock").click()
    page.get_by_test_id(f"keeper-{world.accounts['binh']}").click()
    unlock(page, OTHER_PIN)
    page.get_by_test_id("open").click()
    expect(page.get_by_test_id("drafts")).to_be_visible()
    page.goto(tablet.url + item_path())
    unlock(page, OTHER_PIN)
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("17")


def test_the_screen_locks_when_idle_and_wrong_pins_wait_longer_and_end(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = tablet.open()
    page.clock.install()
    page.reload()
    sign_in(page, "binh")
    set_pin(page, PIN)
    take(page)
    page.goto(tablet.url + item_path())
    unlock(page, PIN)
    page.get_by_test_id("value-da_niem_yet-0").fill("21")
    state(page, "Bản nháp đã giữ trên máy")
    page.clock.fast_forward("09:00")
    expect(page.get_by_test_id("item")).to_be_visible()
    page.clock.fast_forward("01:10")
    expect(page.get_by_test_id("locked")).to_be_visible()
    expect(page.get_by_test_id("item")).to_have_count(0)
    unlock(page, PIN)
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("21")

    page.get_by_test_id("lock").click()
    error = page.get_by_test_id("pin-error")
    for left in (9, 8, 7):
        unlock(page, "999999")
        expect(error).to_have_text(f"Sai mã PIN; còn {left} lần thử.")
    unlock(page, PIN)  # right, but too soon
    expect(error).to_contain_text("Hãy đợi")
    page.reload()  # closing the page does not help
    unlock(page, PIN)
    expect(error).to_contain_text("Hãy đợi")
    for left in (6, 5, 4, 3, 2, 1):
        page.clock.fast_forward("16:00")
        unlock(page, "999999")
        expect(error).to_have_text(f"Sai mã PIN; còn {left} lần thử.")
    page.clock.fast_forward("16:00")
    unlock(page, "999999")
    expect(error).to_contain_text("chỉ mở được bằng cách đăng nhập")
    page.clock.fast_forward("16:00")
    unlock(page, PIN)
    expect(error).to_contain_text("chỉ mở được bằng cách đăng nhập")
    page.get_by_test_id("unlock-password").click()
    sign_in(page, "binh")
    expect(page.get_by_test_id("home-receipt")).to_be_visible()
    page.goto(tablet.url + item_path())
    unlock(page, PIN)
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("21")


def test_a_tablet_that_was_reported_lost_hides_everything_until_the_office_lets_it_in(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    context(tablet).set_offline(True)
    answer(page)
    state(page, "Đã lưu trên máy")
    _, desk = office(tablets, "an", "/cuoc-kiem-tra/cuoc-1")
    desk.get_by_test_id("tablet").locator("summary").click()
    desk.get_by_label("Lý do").fill("Để quên trên xe khách")
    desk.get_by_test_id("lost").click()
    expect(desk.get_by_test_id("tablet")).to_contain_text("Để quên trên xe khách")

    context(tablet).set_offline(False)
    page.goto(tablet.url + item_path())
    expect(page.get_by_test_id("revoked")).to_be_visible()
    assert ITEM not in page.locator("body").inner_html()
    assert values(world, answer_subject()) == []
    context(tablet).set_offline(True)  # and a cold start without a network hides it too
    page = tablet.again(item_path())
    expect(page.get_by_test_id("revoked")).to_be_visible()

    desk.goto(server.url + "/cuoc-kiem-tra/cuoc-1")
    expect(desk.get_by_text("Máy này đã được báo mất")).to_be_visible()  # its entry waits aside
    desk.get_by_test_id("tablet").locator("summary").click()
    desk.get_by_label("Lý do").fill("Nhà xe đã trả máy")
    desk.get_by_test_id("readmit").click()
    assert [value["verdict"] for value in values(world, answer_subject())] == ["dat"]
    context(tablet).set_offline(False)
    page.get_by_test_id("revoked-again").click()
    expect(page.get_by_test_id("revoked")).to_have_count(0)
    page.goto(tablet.url + "/field/signin")
    sign_in(page, "binh")
    expect(page.get_by_test_id("open")).to_be_visible()
    page.goto(tablet.url + item_path())
    state(page, "Máy chủ đã nhận")
