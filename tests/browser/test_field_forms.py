"""Every kind of thing that an item holds, typed as people type it and stored as the journal wants it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.field_kit import (
    LANDSCAPE,
    PORTRAIT,
    SYNCED,
    MakeTablet,
    answer_subject,
    item_path,
    ready,
    sign_in,
    state,
    take,
    values,
)
from tests.conftest import World
from tests.server import Server

pytestmark = pytest.mark.browser


def saved(page: Page) -> None:
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("state")).to_have_text("Máy chủ đã nhận")
    expect(page.get_by_test_id("sync-status")).to_have_text(SYNCED)


def current(world: World, table: str) -> list[dict[str, object]]:
    return list(world.installation.database()[table].rows)


def test_figures_of_three_sources_stand_side_by_side(world: World, server: Server, tablets: MakeTablet) -> None:
    page = ready(tablets(), "binh", item_path())
    expect(page.get_by_test_id("reported-da_niem_yet")).to_contain_text("30")
    page.get_by_test_id("value-da_niem_yet-0").fill("1.028")
    expect(page.get_by_test_id("differs-da_niem_yet")).to_contain_text("Đoàn kiểm đếm 1.028 · Báo cáo 30")
    page.get_by_test_id("use-reported-da_niem_yet").click()
    page.get_by_test_id("add-source-da_niem_yet").click()
    page.get_by_test_id("value-da_niem_yet-2").fill("29")
    page.get_by_test_id("as-of-da_niem_yet-2").fill("5/7/2022")
    saved(page)
    figures = values(world, answer_subject())[0]["figures"]["da_niem_yet"]
    assert [(one["source"], one["value"]) for one in figures] == [
        ("doan_kiem_dem", "1028"),
        ("bao_cao", "30"),
        ("phan_mem", "29"),
    ]
    assert figures[1]["as_of"] == "2026-06-30"
    assert figures[2]["as_of"] == "2022-07-05"


def test_what_is_no_number_stays_a_draft_and_says_how_to_write_it(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    page = ready(tablets(), "binh", item_path())
    page.get_by_test_id("value-da_niem_yet-0").fill("ba mươi")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("notice")).to_contain_text("“ba mươi” không phải là số. Viết ví dụ 34.336 hoặc 99,56.")
    state(page, "Bản nháp đã giữ trên máy")
    page.get_by_test_id("next").click()
    page.get_by_test_id("previous").click()
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("ba mươi")
    page.get_by_test_id("value-da_niem_yet-0").fill("30")
    saved(page)
    assert values(world, answer_subject())[0]["figures"]["da_niem_yet"][0]["value"] == "30"


def test_an_override_asks_for_its_reason(world: World, server: Server, tablets: MakeTablet) -> None:
    page = ready(tablets(), "binh", item_path())
    page.get_by_test_id("value-phai_niem_yet-0").fill("30")
    page.get_by_test_id("value-da_niem_yet-0").fill("12")
    expect(page.get_by_test_id("proposal")).to_have_attribute("data-verdict", "chua_dat")
    page.get_by_test_id("verdict-dat").click()
    expect(page.get_by_test_id("reason-wanted")).to_be_visible()
    page.get_by_test_id("reason").fill("Danh mục mới công bố hôm qua")
    expect(page.get_by_test_id("reason-wanted")).to_have_count(0)
    saved(page)
    assert values(world, answer_subject())[0]["reason"] == "Danh mục mới công bố hôm qua"


def test_rows_notes_papers_addresses_and_calls(world: World, server: Server, tablets: MakeTablet) -> None:
    page = ready(tablets(LANDSCAPE), "binh", item_path())
    page.get_by_test_id("add-row").click()
    page.locator("[data-testid=rows] input").first.fill("1.001234")
    page.get_by_test_id("save-row").click()
    expect(page.get_by_test_id("edit-row")).to_have_count(1)
    page.get_by_test_id("add-note").click()
    page.get_by_test_id("note-kind-nguyen_nhan").click()
    page.get_by_test_id("note-text").fill("Công chức mới nhận việc")
    page.get_by_test_id("add-van_ban").click()
    page.get_by_test_id("paper-number").fill("12/KH-SNgV")
    page.get_by_test_id("paper-date").fill("05/01/2022")
    page.get_by_test_id("add-dia_chi").click()
    page.get_by_test_id("address").fill("https://congkhai.example.vn")
    page.get_by_test_id("add-goi_thu").click()
    page.get_by_test_id("phone").fill("0277 1022")
    page.get_by_test_id("answered-no").click()
    saved(page)
    [row] = current(world, "answer_rows")
    assert "1.001234" in str(row["value"])
    [note] = current(world, "notes")
    assert note["kind"] == "nguyen_nhan"
    kinds = sorted(str(one["kind"]) for one in current(world, "evidence"))
    assert kinds == ["dia_chi", "goi_thu", "van_ban"]

    page.get_by_test_id("withdraw-row").click()
    page.get_by_test_id("withdraw-row").click()
    expect(page.get_by_test_id("row")).to_have_count(0)


def test_a_file_that_is_no_picture_is_refused_when_it_is_taken(server: Server, tablets: MakeTablet) -> None:
    page = ready(tablets(), "binh", item_path())
    for name, content in (("ghi-chu.txt", b"chu"), ("nua-anh.jpg", b"\xff\xd8\xff\xe0 broken"), ("rong.jpg", b"")):
        page.get_by_test_id("file").set_input_files([{"name": name, "mimeType": "image/jpeg", "buffer": content}])
        expect(page.get_by_test_id("notice")).to_contain_text(name)
        expect(page.get_by_test_id("proof")).to_have_count(0)


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
def test_every_screen_is_accessible(server: Server, tablets: MakeTablet, size: tuple[int, int]) -> None:
    tablet = tablets(size)
    page = tablet.open()
    axe = Axe()
    expect(page.get_by_test_id("signin")).to_be_visible()
    assert axe.run(page).response["violations"] == []
    sign_in(page, "binh")
    take(page)
    paths = ["/field/", "/field/inspection/cuoc-1", "/field/inspection/cuoc-1/sync"]
    paths += ["/field/inspection/cuoc-1/pack/niem-yet", item_path()]
    for path in paths:
        page.goto(tablet.url + path)
        expect(page.get_by_test_id("sync-status")).to_be_visible()
        if path == item_path():
            page.get_by_test_id("value-da_niem_yet-0").fill("28")
            for kind in ("row", "note", "van_ban", "goi_thu"):
                page.get_by_test_id(f"add-{kind}").click()
            page.get_by_test_id("verdict-other").click()
        violations = axe.run(page).response["violations"]
        assert [(path, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in violations] == []


def test_two_taps_at_once_make_one_entry(world: World, server: Server, tablets: MakeTablet) -> None:
    page = ready(tablets(), "binh", item_path())
    page.get_by_test_id("verdict-dat").click()
    state(page, "Bản nháp đã giữ trên máy")
    page.evaluate("() => { for (let n = 0; n < 3; n++) document.querySelector('[data-testid=save]').click(); }")
    state(page, "Máy chủ đã nhận")
    stored = world.installation.journal().store.pull("inspection/cuoc-1", 0, 100)
    assert [entry["subject"] for entry in stored].count(answer_subject()) == 1
