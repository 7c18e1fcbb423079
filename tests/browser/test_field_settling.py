"""Disagreements on the tablet: everybody sees what differs, the lead settles it there, with no network."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.field_kit import SAVED, MakeTablet, answer_subject, item_path, ready, state, sync_now, values
from tests.conftest import World, answer_value
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def disputed(world: World, server: Server) -> None:
    """An and Bình counted differently, on the same day."""
    for username, verdict, count in (("an", "dat", "30"), ("binh", "chua_dat", "27")):
        figures = {"da_niem_yet": [{"value": count, "source": "doan_kiem_dem", "as_of": "2026-11-20"}]}
        value = answer_value(verdict, figures=figures)
        world.installation.journal().write(world.who(username), answer_subject(), value, supersedes=[])


def test_the_lead_settles_on_the_tablet_without_a_network(
    world: World, disputed: None, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = ready(tablet, "an", item_path())
    assert tablet.context is not None
    tablet.context.set_offline(True)
    dispute = page.get_by_test_id("dispute")
    expect(dispute.locator(".differs")).to_have_text(
        [
            "Đạt",
            "Số thủ tục đang niêm yết: 30, Đoàn kiểm đếm, tính đến 20/11/2026",
            "Chưa đạt",
            "Số thủ tục đang niêm yết: 27, Đoàn kiểm đếm, tính đến 20/11/2026",
        ]
    )
    dispute.get_by_test_id("settle").nth(1).click()
    page.get_by_test_id("settle-done").click()
    expect(page.get_by_test_id("notice")).to_contain_text("Hãy ghi lý do chốt")

    # What was begun is kept like any draft, and nothing has been settled yet.
    page.get_by_test_id("settle-reason").fill("Đếm lại cùng đơn vị")
    state(page, "Bản nháp đã giữ trên máy")
    page.reload()
    expect(page.get_by_test_id("settle-reason")).to_have_value("Đếm lại cùng đơn vị")
    assert len(values(world, answer_subject())) == 2
    page.get_by_test_id("settle-done").click()
    expect(dispute).to_have_count(0)
    expect(page.get_by_test_id("settled")).to_contain_text("Đã chốt: Đếm lại cùng đơn vị")
    state(page, SAVED)

    tablet.context.set_offline(False)
    sync_now(page)
    [settled] = values(world, answer_subject())
    assert (settled["verdict"], settled["settled"]) == ("chua_dat", {"reason": "Đếm lại cùng đơn vị"})


def test_a_member_sees_both_values_but_does_not_settle(
    world: World, disputed: None, server: Server, tablets: MakeTablet
) -> None:
    page = ready(tablets(), "binh", item_path())
    expect(page.get_by_test_id("dispute")).to_contain_text("trưởng đoàn sẽ chốt")
    expect(page.get_by_test_id("dispute")).to_contain_text("An")
    expect(page.get_by_test_id("settle")).to_have_count(0)
    page.get_by_test_id("find").click()
    page.get_by_test_id("filter-disputed").click()
    expect(page.locator("[data-testid^=item-]")).to_have_count(1)
