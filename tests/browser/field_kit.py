"""A tablet for tests: a real Chromium with a profile of its own, that can be closed and opened again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Protocol

from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from app.accounts.accounts import identity_of
from app.identity import Identity
from app.installation import Installation
from app.journal.journal import Journal
from tests.conftest import PASSWORD, World, answer_value

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]
PORTRAIT = (820, 1180)
LANDSCAPE = (1280, 800)
ITEM = "niem-yet.tthc-du-so-luong"
SAVED, SENT, RECEIVED = "Đã lưu trên máy", "Đã gửi", "Máy chủ đã nhận"
REPORTED = {"item": ITEM, "figure": "da_niem_yet", "value": "30", "as_of": "2026-06-30"}


def photo(colour: str = "red") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(stream, "JPEG")
    return stream.getvalue()


class Tablet:
    """One device: its storage outlives its browser."""

    def __init__(self, playwright: Playwright, profile: Path, url: str, size: tuple[int, int] = PORTRAIT) -> None:
        self.playwright = playwright
        self.profile = profile
        self.url = url
        self.size = size
        self.arguments = list(ARGUMENTS)
        self.complaints: list[str] = []
        self.context: BrowserContext | None = None

    def open(self, path: str = "/field/") -> Page:
        """Start the browser cold and go to a page of the workspace."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=self.arguments,
            viewport={"width": self.size[0], "height": self.size[1]},
            locale="vi-VN",
        )
        page = self.context.pages[0]
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)
        page.goto(self.url + path)
        return page

    def _listen(self, message: Any) -> None:
        # A stopped server makes fetches fail, which is what these tests are about.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None

    def again(self, path: str = "/field/") -> Page:
        self.close()
        return self.open(path)


def sign_in(page: Page, username: str) -> None:
    page.get_by_test_id("username").fill(username)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("signin").click()


def take(page: Page) -> None:
    """Bring the only inspection onto the tablet and wait until it works without a network."""
    page.get_by_test_id("take").click()
    expect(page.get_by_test_id("taken")).to_be_visible()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    expect(page.get_by_test_id("sync-status")).to_have_text(SYNCED)


SYNCED = "Đã gửi hết"


def item_path(inspection: str = "cuoc-1", item: str = ITEM, site: str = "mot-cua") -> str:
    return (
        f"/field/inspection/{inspection}/item/{item}@{site}" if site else f"/field/inspection/{inspection}/item/{item}"
    )


def state(page: Page, text: str) -> None:
    expect(page.get_by_test_id("state")).to_have_text(text)


def sync_now(page: Page) -> None:
    """Ask for a sync on its own screen, wait for its end, and come back."""
    page.get_by_test_id("sync-status").click()
    page.get_by_test_id("sync-now").click()
    expect(page.get_by_test_id("sync-now")).to_be_enabled()


def values(world: World, subject: str) -> list[Any]:
    return [entry.value for entry in journal(world).current(subject)]


def journal(world: World) -> Journal[Any]:
    return world.installation.journal()


def answer_subject(item: str = ITEM, site: str = "mot-cua") -> str:
    return f"inspection/cuoc-1/answer/{item}@{site}" if site else f"inspection/cuoc-1/answer/{item}"


class MakeTablet(Protocol):
    """Makes one more tablet, of the size of a screen held upright unless told otherwise."""

    def __call__(self, size: tuple[int, int] = PORTRAIT) -> Tablet: ...


def ready(tablet: Tablet, username: str, path: str = "/field/") -> Page:
    """A tablet that has the inspection with it."""
    page = tablet.open()
    sign_in(page, username)
    take(page)
    page.goto(tablet.url + path)
    return page


def disagree(installation: Installation, subject: str) -> Identity:
    """In a sample instance: the lead, who is returned, and a member count the decisions not yet posted differently."""
    db = installation.database()
    people = []
    for username, verdict, count in (("thanhvien", "chua_dat", "2"), ("truongdoan", "dat", "0")):
        (account,) = db.execute("SELECT id FROM accounts WHERE username = ?", [username]).fetchone()
        known = identity_of(db, account)
        assert known is not None
        value = answer_value(verdict, figures={"so_qd_chua_cap_nhat": [{"value": count, "source": "doan_kiem_dem"}]})
        installation.journal().write(known[0], subject, value, supersedes=[])
        people.append(known[0])
    return people[-1]
