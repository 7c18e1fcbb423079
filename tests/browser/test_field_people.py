"""Several people and tablets: disagreements, refusals, a shared tablet."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.field_kit import (
    SAVED,
    MakeTablet,
    answer_subject,
    item_path,
    journal,
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


def answer(page: Page, verdict: str, counted: str) -> None:
    page.get_by_test_id("value-da_niem_yet-0").fill(counted)
    page.get_by_test_id(f"verdict-{verdict}").click()
    page.get_by_test_id("save").click()


def test_two_tablets_that_disagree_show_both_values(world: World, server: Server, tablets: MakeTablet) -> None:
    first, second = tablets(), tablets()
    of_an, of_binh = ready(first, "an", item_path()), ready(second, "binh", item_path())
    for tablet in (first, second):
        assert tablet.context is not None
        tablet.context.set_offline(True)
    answer(of_an, "dat", "30")
    answer(of_binh, "dat_mot_phan", "28")
    for tablet, page in ((first, of_an), (second, of_binh), (first, of_an)):
        assert tablet.context is not None
        tablet.context.set_offline(False)
        sync_now(page)
    for tablet, page in ((first, of_an), (second, of_binh)):
        page.goto(tablet.url + item_path())
        dispute = page.get_by_test_id("dispute")
        for text in ("An", "Bình", "30", "28", "Đạt một phần"):
            expect(dispute).to_contain_text(text)
    assert len(values(world, answer_subject())) == 2

    # An ordinary correction takes the place of its author's value only: nobody's value vanishes.
    answer(of_an, "dat", "29")
    state(of_an, "Máy chủ đã nhận")
    shown = {value["figures"]["da_niem_yet"][0]["value"] for value in values(world, answer_subject())}
    assert shown == {"28", "29"}


def test_the_same_answer_twice_is_no_disagreement(world: World, server: Server, tablets: MakeTablet) -> None:
    pages = [ready(tablets(), who, item_path()) for who in ("an", "binh")]
    for page in pages:
        page.get_by_test_id("verdict-dat").click()
        page.get_by_test_id("save").click()
    for page in (*pages, pages[0]):
        sync_now(page)
    pages[0].go_back()
    expect(pages[0].get_by_test_id("verdict-dat")).to_have_attribute("aria-pressed", "true")
    expect(pages[0].get_by_test_id("dispute")).to_have_count(0)


def test_a_refused_entry_stays_with_its_reason_and_can_be_sent_again(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    page = ready(tablets(), "binh", item_path())
    with_binh = values(world, "inspection/cuoc-1/setup")[0]
    without = {**with_binh, "members": with_binh["members"][:1]}
    journal(world).write(world.system(), "inspection/cuoc-1/setup", without)
    page.get_by_test_id("verdict-dat").click()
    page.get_by_test_id("save").click()
    state(page, "Máy chủ không nhận")
    expect(page.get_by_test_id("refusals")).to_contain_text("không phải là thành viên")
    page.get_by_test_id("sync-status").click()
    expect(page.get_by_test_id("refused-entry")).to_have_count(1)
    assert values(world, answer_subject()) == []

    journal(world).write(world.system(), "inspection/cuoc-1/setup", with_binh)
    page.get_by_test_id("send-refused").click()
    expect(page.get_by_test_id("refused")).to_have_count(0)
    assert values(world, answer_subject())[0]["verdict"] == "dat"


def test_a_shared_tablet_sends_for_both_but_shows_no_drafts_of_the_other(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = ready(tablet, "an", item_path())
    assert tablet.context is not None
    tablet.context.set_offline(True)
    answer(page, "dat", "30")
    state(page, SAVED)
    page.goto(tablet.url + item_path(site="trang"))
    page.get_by_test_id("value-da_niem_yet-0").fill("7")
    state(page, "Bản nháp đã giữ trên máy")
    # Before the network is back: an answer that is still on its way would bring the first one's cookie back.
    tablet.context.clear_cookies()
    tablet.context.set_offline(False)

    page.goto(tablet.url + "/field/signin")
    sign_in(page, "binh")
    expect(page.get_by_test_id("taken")).to_have_count(0)
    take(page)
    assert [entry.author for entry in journal(world).current(answer_subject())] == [world.accounts["an"]]
    page.goto(tablet.url + item_path(site="trang"))
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("")
