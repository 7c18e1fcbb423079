"""The site record with the server stopped from beginning to end: made, read, printed, signed, its scan attached."""

from __future__ import annotations

import re
import signal
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.inspections.minutes import shown_sha256
from tests.browser.field_kit import (
    LANDSCAPE,
    RECEIVED,
    SAVED,
    MakeTablet,
    Tablet,
    item_path,
    journal,
    photo,
    ready,
    state,
    sync_now,
)
from tests.conftest import World
from tests.server import Server

pytestmark = pytest.mark.browser

SCAN = photo("white")
HOME = "/field/inspection/cuoc-1"


def records(world: World) -> list[Any]:
    rows = world.installation.database().execute("SELECT subject FROM minutes GROUP BY subject ORDER BY subject")
    return [entry.value for row in rows.fetchall() for entry in journal(world).current(row[0])]


def answer_an_item(tablet: Tablet) -> None:
    page = tablet.again(item_path())
    page.get_by_test_id("value-phai_niem_yet-0").fill("30")
    page.get_by_test_id("value-da_niem_yet-0").fill("28")
    page.get_by_test_id("verdict-chua_dat").click()
    page.get_by_test_id("reason").fill("còn thiếu")
    page.get_by_test_id("save").click()
    state(page, SAVED)


def fill_in(page: Page) -> None:
    page.get_by_test_id("new-lam_viec").click()
    expect(page.get_by_test_id("text-0")).to_have_value(re.compile("Tồn tại, hạn chế:"))
    page.get_by_test_id("started_at-time").fill("8h00")
    page.get_by_test_id("started_at-date").fill("20/11/2026")
    page.get_by_test_id("ended_at-time").fill("11:30")
    page.get_by_test_id("ended_at-date").fill("20/11/2026")
    for number in (0, 1, 2):
        page.get_by_test_id(f"tick-{number}").click()
    page.get_by_test_id("name-2").fill("Đỗ Văn Dũng")
    page.get_by_test_id("unit_signer").fill("Đỗ Văn Dũng")
    page.get_by_test_id("unit_opinion").fill("Thống nhất với nội dung biên bản.")
    page.get_by_test_id("add-requests").click()
    page.get_by_test_id("request-0").fill("Nâng cấp phần mềm một cửa")
    page.get_by_test_id("addressee-0").fill("Sở Khoa học và Công nghệ")


def draw(page: Page) -> None:
    box = page.get_by_test_id("pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 120)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 40 + 30 * step, box["y"] + 120 + (40 if step % 2 else -40))
    page.mouse.up()


def pdf_text(page: Page, file: Path) -> str:
    page.pdf(path=file, prefer_css_page_size=True)
    done = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True)
    return done.stdout


def test_a_record_is_made_read_printed_signed_and_attached_without_a_server(
    world: World, server: Server, tablets: MakeTablet, tmp_path: Path
) -> None:
    tablet = tablets(LANDSCAPE)
    ready(tablet, "binh")
    server.stop(signal.SIGKILL)

    answer_an_item(tablet)
    page = tablet.again(HOME)
    page.get_by_test_id("to-records").click()
    fill_in(page)
    address = page.url.removeprefix(server.url)

    page = tablet.again(address)
    expect(page.get_by_test_id("unit_opinion")).to_have_value("Thống nhất với nội dung biên bản.")
    page.get_by_test_id("open-paper").click()
    sheet = page.get_by_test_id("sheet")
    expect(sheet).to_contain_text("DỰ THẢO")
    expect(sheet).to_contain_text("08 giờ 00 phút, ngày 20 tháng 11 năm 2026")
    expect(sheet).to_contain_text("Với Sở Khoa học và Công nghệ: Nâng cấp phần mềm một cửa.")
    page.get_by_test_id("reader").fill("Bình")
    page.get_by_test_id("read-out").click()
    expect(page.get_by_test_id("paper")).to_have_attribute("data-state", "read")
    shown = page.get_by_test_id("shown").inner_text()
    page.get_by_test_id("print").click()
    expect(page.get_by_test_id("paper")).to_have_attribute("data-state", "printed")
    text = pdf_text(page, tmp_path / "bien-ban.pdf")
    for said in ("BIÊN BẢN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CHỦ TỌA", "THƯ KÝ", "lập thành 02 bản", shown):
        assert said in text
    assert "In hoặc lưu" not in text
    assert "DỰ THẢO" not in text

    page.get_by_test_id("sign-don_vi").click()
    draw(page)
    page.get_by_test_id("keep-signature").click()
    expect(page.get_by_test_id("signature")).to_have_count(1)
    page.get_by_test_id("attach").set_input_files({"name": "bien-ban.jpg", "mimeType": "image/jpeg", "buffer": SCAN})
    expect(page.get_by_test_id("paper")).to_have_attribute("data-state", "scanned")

    page = tablet.again(page.url.removeprefix(server.url))
    expect(page.get_by_test_id("paper")).to_have_attribute("data-state", "scanned")
    expect(page.get_by_test_id("shown")).to_have_text(shown)
    expect(page.locator("[data-testid=scan] img")).to_have_count(1)
    assert records(world) == []

    server.start()
    sync_now(page)
    [value] = records(world)
    assert value["shown_sha256"] == shown == shown_sha256(value)
    assert value["read"]["by"] == "Bình"
    assert len(value["covers"]) == 1
    [signed], [scan] = value["signatures"], value["scans"]
    assert signed["shown"] == scan["shown"] == shown
    assert (signed["name"], signed["role"]) == ("Đỗ Văn Dũng", "don_vi")
    assert all(isinstance(step, int) for stroke in signed["strokes"] for step in stroke)
    digest = sha256(SCAN).hexdigest()
    assert scan["file"]["sha256"] == digest
    assert (world.installation.evidence_path / digest[:2] / digest).read_bytes() == SCAN


def test_a_change_after_the_reading_is_another_text_and_what_follows_is_after_the_record(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", f"{HOME}/records")
    page.get_by_test_id("new-toan_cuoc").click()
    page.get_by_test_id("unit_signer").fill("Đỗ Văn Dũng")
    page.get_by_test_id("open-paper").click()
    page.get_by_test_id("end-now").click()
    page.get_by_test_id("read-out").click()
    first = page.get_by_test_id("shown").inner_text()
    page.get_by_test_id("sign-don_vi").click()
    draw(page)
    page.get_by_test_id("keep-signature").click()
    expect(page.get_by_test_id("signature")).to_have_count(1)
    expect(page.get_by_test_id("earlier")).to_have_count(0)

    page.get_by_test_id("edit-record").click()
    page.get_by_test_id("unit_opinion").fill("Đề nghị xem lại.")
    page.get_by_test_id("open-paper").click()
    expect(page.get_by_test_id("paper")).to_have_attribute("data-state", "draft")
    page.get_by_test_id("read-out").click()
    expect(page.get_by_test_id("shown")).not_to_have_text(first)
    expect(page.get_by_test_id("earlier")).to_have_count(1)

    page.goto(tablet.url + item_path())
    expect(page.get_by_test_id("late")).to_have_count(0)
    page.get_by_test_id("verdict-dat").click()
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("item").get_by_test_id("late")).to_have_count(1)
    page.goto(f"{tablet.url}{HOME}/records")
    expect(page.get_by_test_id("late-items")).to_contain_text("1 mục")
    sync_now(page)
    [value] = records(world)
    assert value["unit_opinion"] == "Đề nghị xem lại."
    assert value["signatures"][0]["shown"] == first != value["shown_sha256"]


def test_what_was_typed_is_never_overwritten_by_a_proposal(server: Server, tablets: MakeTablet) -> None:
    page = ready(tablets(), "binh", item_path())
    page.get_by_test_id("verdict-dat").click()
    page.get_by_test_id("save").click()
    state(page, RECEIVED)
    page.goto(f"{server.url}{HOME}/records")
    page.get_by_test_id("new-lam_viec").click()
    typed = page.get_by_test_id("text-0")
    typed.fill("Do Đoàn tự ghi.")
    page.get_by_test_id("propose").click()
    expect(typed).to_have_value("Do Đoàn tự ghi.")
    expect(page.get_by_test_id("text-1")).to_have_count(0)


def test_the_first_head_count_goes_to_the_checklist_and_the_next_into_a_record(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    setup = journal(world).current("inspection/cuoc-1/setup")[0]
    value = {**dict(setup.value), "checklists": ["niem-yet@1", "ky-luat-cong-vu@1"]}
    journal(world).write(world.system(), "inspection/cuoc-1/setup", value, supersedes=[setup.id])
    page = ready(tablets(), "binh", f"{HOME}/records")
    page.get_by_test_id("count-heads").click()
    expect(page.get_by_test_id("value-thoi_diem-0")).to_have_value(re.compile(r"^\d\d:\d\d$"))
    page.get_by_test_id("value-co_mat-0").fill("40")
    page.get_by_test_id("save").click()
    state(page, RECEIVED)
    page.goto(f"{server.url}{HOME}/records")
    page.get_by_test_id("count-heads").click()
    page.get_by_test_id("expected-0").fill("67")
    page.get_by_test_id("present-0").fill("40")
    page.get_by_test_id("excused-0").fill("26")
    page.get_by_test_id("unexplained-0").fill("2")
    expect(page.get_by_text("khác tổng có mặt và vắng")).to_be_visible()
    page.get_by_test_id("unexplained-0").fill("1")
    expect(page.get_by_text("khác tổng có mặt và vắng")).to_have_count(0)
    page.get_by_test_id("open-paper").click()
    expect(page.get_by_test_id("sheet")).to_contain_text(
        "phải có mặt 67 người, có mặt 40 người, vắng có lý do 26 người, vắng chưa rõ lý do 01 người"
    )
