"""From preparing an inspection to a verified signature, as its people do it, with the server away in the middle.

The facts are those of the inspection of Ban Quản lý Khu kinh tế (Đồng Tháp, July 2022).
"""

from __future__ import annotations

import json
import signal
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.field_kit import (
    ARGUMENTS,
    CHROMIUM,
    LANDSCAPE,
    RECEIVED,
    SAVED,
    SYNCED,
    Tablet,
    photo,
    sign_in,
    state,
    sync_now,
)
from tests.conftest import PASSWORD, World
from tests.server import Server, kiemtra

pytestmark = pytest.mark.browser

UNIT = "Ban Quản lý Khu kinh tế tỉnh"
PLACES = (
    "Bộ phận Tiếp nhận và Trả kết quả",
    "Trang thông tin điện tử",
    "Trung tâm Kiểm soát thủ tục hành chính và Phục vụ hành chính công",
)
POSTED, SOLVED, QUOTA = "niem-yet.tthc-du-so-luong", "ho-so.ket-qua-giai-quyet", "dao-tao.su-dung-chi-tieu"


@pytest.fixture
def running(world: World) -> Iterator[Server]:
    journal, system = world.installation.journal(), world.system()
    journal.write(system, "unit/ban-quan-ly", {"name": UNIT, "level": "so"})
    with Server(world.installation.path) as server:
        yield server


@pytest.fixture
def desk(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


def signed_in(desk: Browser, url: str, username: str) -> Page:
    page = desk.new_page(viewport={"width": LANDSCAPE[0], "height": LANDSCAPE[1]}, accept_downloads=True)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{url}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_test_id("signin").click()
    expect(page.get_by_test_id("me")).to_be_visible()
    return page


def prepare(page: Page) -> str:
    """The lead prepares the inspection; returns its address."""
    page.get_by_role("link", name="Lập cuộc kiểm tra").click()
    page.get_by_label("Tên cuộc kiểm tra").fill("Kiểm tra công tác CCHC 6 tháng đầu năm 2022")
    page.get_by_label("Đơn vị được kiểm tra").select_option(label=UNIT)
    page.get_by_label("Cơ quan ban hành kết luận").select_option(label="Đoàn kiểm tra")
    page.get_by_label("Ngày kiểm tra").fill("5/7/2022")
    page.get_by_label("Kỳ kiểm tra từ ngày").fill("01/01/2022")
    page.get_by_label("Đến ngày").fill("30/06/2022")
    for number, place in enumerate(PLACES):
        if number:
            page.get_by_role("button", name="Thêm nơi kiểm tra").click()
        page.locator(f"#sites-{number}-name").fill(place)
        page.locator(f"#sites-{number}-kind").select_option("noi-niem-yet")
    page.get_by_role("button", name="Thêm thành viên").click()
    page.locator("#members-1-account").select_option(label="binh")
    page.locator("#members-1 [value=thanh_vien], [name='members-1-functions'][value=thanh_vien]").first.check()
    page.get_by_test_id("save").click()
    expect(page.get_by_role("heading", name="Kiểm tra công tác CCHC 6 tháng đầu năm 2022")).to_be_visible()
    return page.url


def fill_items(page: Page, url: str, inspection: str, sites: list[str]) -> None:
    """The member's work at the unit, without a network."""
    at = f"{url}/field/inspection/{inspection}/item/"
    for site in sites:
        page.goto(f"{at}{POSTED}@{site}")
        page.get_by_test_id("value-phai_niem_yet-0").fill("30")
        page.get_by_test_id("value-da_niem_yet-0").fill("30")
        page.get_by_test_id("accept-proposal").click()
        if site == sites[0]:
            shots = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo(n)} for n in ("red", "blue")]
            page.get_by_test_id("file").set_input_files(shots)
            expect(page.get_by_test_id("proof")).to_have_count(2)
        page.get_by_test_id("save").click()
        state(page, SAVED)
    page.goto(at + SOLVED)
    page.get_by_test_id("value-tong-0").fill("13")
    page.get_by_test_id("value-dung_va_truoc_han-0").fill("12")
    page.get_by_test_id("verdict-dat").click()
    page.get_by_test_id("reason").fill("Một hồ sơ còn lại đang được giải trình")
    page.get_by_test_id("save").click()
    state(page, SAVED)
    page.goto(at + QUOTA)
    page.get_by_test_id("verdict-chua_dat").click()
    page.get_by_test_id("save").click()
    state(page, SAVED)


def test_the_whole_way(
    world: World, running: Server, desk: Browser, playwright_driver: Playwright, tmp_path: Path
) -> None:
    office = signed_in(desk, running.url, "an")
    address = prepare(office)
    inspection = address.rstrip("/").rsplit("/", 1)[1]
    setup = world.installation.journal().value(f"inspection/{inspection}/setup")
    sites = [site["id"] for site in setup["sites"]]

    tablet = Tablet(playwright_driver, tmp_path / "profile", running.url)
    page = tablet.open()
    sign_in(page, "binh")
    page.get_by_test_id("take").click()
    expect(page.get_by_test_id("taken")).to_be_visible()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    expect(page.get_by_test_id("sync-status")).to_have_text(SYNCED)

    running.stop(signal.SIGKILL)
    page = tablet.again()
    fill_items(page, running.url, inspection, sites)
    running.start()
    sync_now(page)
    expect(page.get_by_test_id("receipt")).to_contain_text("2/2 ảnh")
    page.goto(f"{running.url}/field/inspection/{inspection}/item/{SOLVED}")
    state(page, RECEIVED)
    tablet.close()
    assert tablet.complaints == []

    issued = issue(office, address, tmp_path)
    check_paper(issued, world.installation.path)


def issue(office: Page, address: str, folder: Path) -> Path:
    """The lead reads the draft and signs; returns the signed file."""
    office.goto(f"{address}/du-thao")
    expect(office.locator("body")).to_contain_text("30/30")
    office.get_by_role("link", name="Ký ban hành").click()
    office.get_by_role("button", name="Ký văn bản").click()
    expect(office.locator("body")).to_contain_text("Đã ký")
    office.goto(f"{address}/van-ban")
    link = office.get_by_role("link", name="PDF").first.get_attribute("href")
    fetched = office.request.get(urljoin(office.url, link))
    target = folder / "ket-luan.pdf"
    target.write_bytes(fetched.body())
    return target


def check_paper(pdf: Path, instance: Path) -> None:
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    words = " ".join(unicodedata.normalize("NFC", text).split())
    assert "30/30" in words
    assert "03 nơi" in words
    for place in PLACES:
        assert place.lower() in words.lower()
    assert "12/13" in words
    assert "bỏ chỉ tiêu" in words
    remedies = words[words.index("DANH MỤC") :]
    assert "không bỏ chỉ tiêu" in remedies
    # The column is narrow: the deadline stands on two lines there, and whole in the text.
    assert "Thực hiện thường" in remedies
    assert "đã được phân bổ; thực hiện thường xuyên; sản phẩm:" in words
    report = json.loads(kiemtra("document", "verify", str(pdf), "--json", instance=instance))
    assert (report["valid"], report["unchanged"], report["trusted"], report["matches_journal"]) == (True,) * 4, (
        "\n".join(report["reasons"])
    )
    said = subprocess.run(["pdfsig", str(pdf)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    subprocess.run(["qpdf", "--check", str(pdf)], check=True, capture_output=True)
    assert "nguyên vẹn" in kiemtra("journal", "verify", "--against", str(pdf), instance=instance)
