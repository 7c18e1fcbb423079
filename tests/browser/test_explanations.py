"""Giải trình from its opening to the printed sentence: lead, unit and signer, each at a window of their own."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.field_kit import ARGUMENTS, CHROMIUM, LANDSCAPE, photo
from tests.conftest import PASSWORD, World, answer_value
from tests.server import Server

pytestmark = pytest.mark.browser

HERE = "/cuoc-kiem-tra/cuoc-1"


@pytest.fixture
def running(world: World) -> Iterator[Server]:
    world.add("dv", "unit", unit="so-a")
    world.add("pho", "viewer", name="Phó Giám đốc")
    world.setup()
    late = {"tre_han": [{"value": "3", "source": "phan_mem"}]}
    journal, an = world.installation.journal(), world.who("an")
    journal.write(an, "inspection/cuoc-1/answer/ho-so.tre-han-tren-phan-mem", answer_value("chua_dat", figures=late))
    steps = [
        {"title": "Phó Giám đốc duyệt", "account": world.accounts["pho"]},
        {"title": "Trưởng đoàn ký", "signs": True},
    ]
    journal.write(an, "inspection/cuoc-1/approval-steps", {"steps": steps})
    with Server(world.installation.path) as server:
        yield server


@pytest.fixture
def desk(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


def signed_in(desk: Browser, url: str, username: str) -> Page:
    page = desk.new_page(viewport={"width": LANDSCAPE[0], "height": LANDSCAPE[1]})
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{url}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_test_id("signin").click()
    expect(page.get_by_test_id("me")).to_be_visible()
    return page


def test_from_opening_to_the_printed_sentence(running: Server, desk: Browser, tmp_path: Path) -> None:
    lead = signed_in(desk, running.url, "an")
    lead.goto(f"{running.url}{HERE}/giai-trinh")
    lead.get_by_label("Hạn giải trình").fill("31/12/2099")
    lead.get_by_test_id("send-hearing").click()
    expect(lead.get_by_role("status")).to_contain_text("Đã gửi đơn vị lấy ý kiến")

    explain(signed_in(desk, running.url, "dv"))

    lead.goto(f"{running.url}{HERE}/con-thieu")
    expect(lead.get_by_role("main")).to_contain_text("Chưa quyết định về 1 giải trình")
    decide(lead, running.url)
    lead.goto(f"{running.url}{HERE}/du-thao")
    expect(lead.get_by_test_id("explained").first).to_contain_text("Không tiếp thu")

    lead.goto(f"{running.url}{HERE}/duyet")
    lead.get_by_test_id("submit").click()
    expect(lead.get_by_test_id("missing")).to_contain_text("Phó Giám đốc")
    deputy = signed_in(desk, running.url, "pho")
    deputy.get_by_role("link", name="Cần duyệt").click()
    deputy.get_by_role("link", name="Kiểm tra công tác CCHC năm 2026").click()
    expect(deputy.get_by_role("main")).to_contain_text("đơn vị có giải trình tại Công văn số 12/SA-VP")
    deputy.get_by_role("button", name="Duyệt", exact=True).click()
    expect(deputy.get_by_test_id("complete")).to_be_visible()

    assert "đơn vị có giải trình tại Công văn số 12/SA-VP ngày 30/11/2026; Đoàn kiểm tra không tiếp thu vì" in printed(
        lead, running.url, tmp_path
    )


def explain(unit: Page) -> None:
    """The unit answers the one shortcoming, with its letter as a file."""
    unit.get_by_role("link", name="Giải trình, kiến nghị").click()
    unit.get_by_role("link", name="Kiểm tra công tác CCHC năm 2026").click()
    shown = unit.get_by_test_id("shown")
    expect(shown).to_contain_text("trễ hạn trên phần mềm")
    shown.get_by_text("Giải trình nội dung này").click()
    shown.get_by_label("Nội dung giải trình").fill("Phần mềm lỗi trong ba ngày.")
    shown.get_by_label("Số, ký hiệu công văn").fill("12/SA-VP")
    shown.get_by_label("Ngày công văn").fill("30/11/2026")
    scan = {"name": "công văn.jpg", "mimeType": "image/jpeg", "buffer": photo("red")}
    shown.get_by_label("Tài liệu kèm theo").set_input_files(scan)
    shown.get_by_role("button", name="Gửi giải trình").click()
    expect(unit.get_by_role("status")).to_contain_text("Đã gửi giải trình")
    expect(unit.get_by_role("link", name="công văn.jpg")).to_be_visible()


def decide(lead: Page, url: str) -> None:
    """The lead takes nothing of it and wants the paper to say so."""
    lead.goto(f"{url}{HERE}/giai-trinh")
    lead.get_by_label("Quyết định", exact=True).select_option("khong_tiep_thu")
    lead.get_by_role("textbox", name="Lý do").fill("không có văn bản báo lỗi của đơn vị quản lý phần mềm")
    lead.get_by_label("Nêu giải trình và lý do trong văn bản kết luận").check()
    lead.get_by_role("button", name="Ghi quyết định").click()
    expect(lead.get_by_role("status")).to_contain_text("Đã ghi quyết định")


def printed(lead: Page, url: str, folder: Path) -> str:
    """What the signed paper says."""
    lead.goto(f"{url}{HERE}/ban-hanh")
    lead.get_by_role("button", name="Ký văn bản").click()
    expect(lead.get_by_role("main")).to_contain_text("Đã ký")
    lead.goto(f"{url}{HERE}/van-ban")
    link = lead.get_by_role("link", name="PDF").first.get_attribute("href")
    target = folder / "ket-luan.pdf"
    target.write_bytes(lead.request.get(urljoin(lead.url, link)).body())
    text = subprocess.run(["pdftotext", str(target), "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(unicodedata.normalize("NFC", text).split())
