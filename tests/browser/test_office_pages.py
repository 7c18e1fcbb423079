"""Office pages in a real browser: lists that grow, the keyboard alone, nothing typed is lost, no complaint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.field_kit import ARGUMENTS, CHROMIUM, LANDSCAPE, PORTRAIT
from tests.conftest import PASSWORD, World, answer_value
from tests.server import Server

pytestmark = pytest.mark.browser

HERE = "/cuoc-kiem-tra/cuoc-1"
COUNT = "inspection/cuoc-1/answer/niem-yet.tthc-du-so-luong@mot-cua"


class Desk:
    """A browser at an office desk, with what its console complained of."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int]) -> None:
        # A browser of another language than the page's must not change dates.
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-US")
        self.page: Page = context.new_page()
        self.url = url
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, username: str) -> Page:
        self.page.goto(f"{self.url}/dang-nhap")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.get_by_test_id("signin").click()
        expect(self.page.get_by_test_id("me")).to_be_visible()
        return self.page


@pytest.fixture
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def disputed(world: World, server: Server) -> None:
    """An and Bình counted differently."""
    journal = world.installation.journal()
    for username, verdict, count in (("an", "dat", "30"), ("binh", "chua_dat", "27")):
        figures = {"da_niem_yet": [{"value": count, "source": "doan_kiem_dem"}]}
        journal.write(world.who(username), COUNT, answer_value(verdict, figures=figures), supersedes=[])


def test_rows_grow_shrink_and_enter_saves(world: World, server: Server, browser: Browser) -> None:
    desk = Desk(browser, server.url, LANDSCAPE)
    page = desk.sign_in("an")
    page.goto(f"{server.url}{HERE}/sua")
    page.get_by_role("button", name="Thêm nơi kiểm tra").click()
    expect(page.locator("#sites-2-name")).to_be_focused()
    expect(page.locator("#sites-2-name")).to_have_value("")
    page.locator("#sites-2-name").fill("Điểm bưu điện")
    page.get_by_role("group", name="Nơi", exact=True).nth(1).get_by_role("button", name="Bỏ dòng này").click()
    page.locator("#title").press("Enter")
    expect(page.get_by_role("status")).to_have_text("Đã lưu cuộc kiểm tra.")
    sites = world.installation.journal().value("inspection/cuoc-1/setup")["sites"]
    assert [site["name"] for site in sites] == ["Bộ phận Một cửa", "Điểm bưu điện"]
    assert sites[0]["id"] == "mot-cua"
    assert sites[1]["id"] not in {"trang", "mot-cua"}
    assert desk.complaints == []


def test_the_lead_settles_with_the_keyboard_alone(
    world: World, server: Server, disputed: None, browser: Browser
) -> None:
    page = Desk(browser, server.url, PORTRAIT).sign_in("an")
    page.get_by_role("link", name="1 nội dung khác nhau").press("Enter")
    page.get_by_test_id("settle").press("Enter")
    page.get_by_role("radio").first.press("Space")
    page.get_by_label("Lý do chốt").fill("Đếm lại cùng đơn vị")
    page.get_by_test_id("save").press("Enter")
    expect(page.get_by_text("Không có nội dung nào bị ghi khác nhau")).to_be_visible()
    assert world.installation.journal().value(COUNT)["settled"] == {"reason": "Đếm lại cùng đơn vị"}


def test_typed_text_is_not_lost_by_leaving(server: Server, browser: Browser) -> None:
    desk = Desk(browser, server.url, LANDSCAPE)
    page = desk.sign_in("an")
    page.goto(f"{server.url}/don-vi/them")
    page.locator("#name").fill("Sở B")
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Thôi, quay lại").click()
    expect(page.locator("#name")).to_have_value("Sở B")
    assert asked == ["beforeunload"]


def test_paragraphs_move_by_the_keyboard_and_a_corrected_draft_comes_back(
    world: World, server: Server, browser: Browser, tmp_path: Path
) -> None:
    journal = world.installation.journal()
    for item in ("kinh-phi", "ke-hoach-dung-han", "su-dung-chi-tieu"):
        journal.write(world.who("an"), f"inspection/cuoc-1/answer/dao-tao.{item}", answer_value())
    desk = Desk(browser, server.url, PORTRAIT)
    page = desk.sign_in("an")
    page.goto(f"{server.url}{HERE}/du-thao")
    moving = page.get_by_test_id("part").filter(has=page.get_by_role("button", name="Xuống")).first
    id_ = moving.get_attribute("id")
    moving.get_by_role("button", name="Xuống").press("Enter")
    expect(page.locator(":focus")).to_contain_text("Xuống")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_contain_text("Lên")
    assert journal.value("inspection/cuoc-1/conclusion/order.pass")["order"][-1] == id_
    heights = page.locator(".tools .button").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 48

    draft = tmp_path / "du-thao.docx"
    draft.write_bytes(page.context.request.get(f"{server.url}{HERE}/du-thao/tai.docx").body())
    word = docx.Document(str(draft))
    sentence = next(one for one in word.paragraphs if "kinh phí" in one.text.lower())
    sentence.runs[-1].text = "Kinh phí đào tạo được bố trí kịp thời."
    word.save(str(draft))
    page.get_by_role("link", name="Nộp lại bản Word đã sửa").click()
    page.set_input_files("input[type=file]", draft)
    page.get_by_role("button", name="So với dự thảo").click()
    expect(page.get_by_test_id("returned")).to_have_count(1)
    page.get_by_role("button", name="Nhận các đoạn đã đánh dấu").click()
    expect(page.get_by_role("status")).to_have_text("Đã nhận 1 đoạn từ bản Word.")
    expect(page.get_by_text("Kinh phí đào tạo được bố trí kịp thời.").first).to_be_visible()
    assert desk.complaints == []
