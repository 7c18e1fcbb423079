"""Tablets for trials: one face, whatever the browser behind it."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page, Playwright

from tests.browser.field_kit import ARGUMENTS, CHROMIUM, PORTRAIT
from tests.browsers import command, family, kill
from tests.faults.page import DUMP, MOVE, RECORDER, SNAPSHOT

PATIENCE_MS = 8_000
# A camera that shows a moving pattern, and a person who has allowed it.
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
Claimed = Callable[[dict[str, Any]], None]


class LostError(Exception):
    """The browser is gone, or the page does not come to the state that a person waits for."""


class ImpossibleError(Exception):
    """The fault cannot be made on this machine; the message says why."""


class Tablet(Protocol):
    """What a person does with a tablet, and what can be read off it."""

    url: str

    def open(self, path: str = "/field/") -> None: ...
    def click(self, test_id: str) -> None: ...
    def fill(self, test_id: str, text: str) -> None: ...
    def upload(self, test_id: str, name: str, content: bytes) -> None: ...
    def count(self, test_id: str) -> int: ...
    def text(self, test_id: str) -> str: ...
    def evaluate(self, script: str, argument: Any = None) -> Any: ...
    def kill(self) -> None: ...
    def close(self) -> None: ...


def snapshot(tablet: Tablet) -> dict[str, Any]:
    """What the screen says now."""
    return dict(tablet.evaluate(SNAPSHOT))


def dump(tablet: Tablet) -> dict[str, Any] | None:
    """What lies in the tablet's store; None where there is none."""
    found = tablet.evaluate(DUMP)
    return None if found is None else dict(found)


def until(tablet: Tablet, holds: Callable[[], object], what: str, seconds: float = PATIENCE_MS / 1000) -> None:
    """Look again and again until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise LostError(f"{what}: {snapshot(tablet)}")
        # The page may be loaded anew while one waits: an update does that.
        with contextlib.suppress(LostError):
            tablet.evaluate("() => new Promise((done) => setTimeout(done, 20))")


def move(tablet: Tablet, path: str) -> None:
    """To another screen the way the browser's own back and forward go: without a page load."""
    tablet.evaluate(MOVE, path)


class Chromium:
    """A Chromium; with a profile of its own where it is to be killed, else a context of a shared one."""

    def __init__(
        self,
        url: str,
        claimed: Claimed,
        *,
        browser: Browser | None = None,
        playwright: Playwright | None = None,
        profile: Path | None = None,
    ) -> None:
        self.url = url
        self.claimed = claimed
        self.browser = browser
        self.playwright = playwright
        self.profile = profile
        self.context: BrowserContext | None = None
        self.page: Page | None = None
        self.scripts: list[str] = [RECORDER]
        self.quota: int | None = None
        """Bytes that the browser gives the origin, from before its first write."""
        self._keeper: CDPSession | None = None

    # Starting and ending.

    def open(self, path: str = "/field/") -> None:
        with _told():
            if self.context is None:
                self.context = self._launch()
            if self.page is None or self.page.is_closed():
                blank = [page for page in self.context.pages if page.url == "about:blank"]
                self.page = blank[0] if blank else self.context.new_page()
            if self.quota is not None and self._keeper is None:
                self.limit(self.quota)
                self.page.bring_to_front()
            self.page.goto(self.url + path, wait_until="commit")

    def _launch(self) -> BrowserContext:
        size: Any = {"width": PORTRAIT[0], "height": PORTRAIT[1]}
        if self.profile is None:
            assert self.browser is not None
            context = self.browser.new_context(viewport=size, locale="vi-VN")
        else:
            assert self.playwright is not None
            for lock in self.profile.glob("Singleton*"):
                lock.unlink()
            context = self.playwright.chromium.launch_persistent_context(
                self.profile, executable_path=CHROMIUM, args=[*ARGUMENTS, *CAMERA], viewport=size, locale="vi-VN"
            )
        context.set_default_timeout(PATIENCE_MS)
        context.expose_function("claimed", lambda text: self.claimed(json.loads(text)))
        for script in self.scripts:
            context.add_init_script(script)
        return context

    def restart(self, path: str = "/field/") -> None:
        """The page is closed and opened again; with a profile, the whole browser."""
        if self.profile is None:
            if self.page is not None:
                self.page.close()
            self.page = None
        else:
            self.close()
        self.open(path)

    def close(self) -> None:
        if self.context is not None:
            with contextlib.suppress(Error):
                self.context.close()
        self.context = self.page = self._keeper = None

    def kill(self) -> None:
        """SIGKILL to the whole browser; may be called from another thread."""
        kill(self.processes())

    def processes(self) -> list[int]:
        """The browser's processes, found by the profile that they work on."""
        mark = f"--user-data-dir={self.profile}".encode()
        pids = [int(directory.name) for directory in Path("/proc").iterdir() if directory.name.isdigit()]
        found = [pid for pid in pids if mark in command(pid).split(b"\0")]
        return [child for pid in found for child in family(pid)]

    # What a person does.

    def click(self, test_id: str) -> None:
        with _told():
            self._page.get_by_test_id(test_id).last.click()

    def fill(self, test_id: str, text: str) -> None:
        with _told():
            self._page.get_by_test_id(test_id).last.fill(text)

    def upload(self, test_id: str, name: str, content: bytes) -> None:
        with _told():
            self._page.get_by_test_id(test_id).set_input_files(
                [{"name": name, "mimeType": "image/jpeg", "buffer": content}]
            )

    def count(self, test_id: str) -> int:
        with _told():
            return self._page.get_by_test_id(test_id).count()

    def text(self, test_id: str) -> str:
        with _told():
            return self._page.get_by_test_id(test_id).inner_text()

    def evaluate(self, script: str, argument: Any = None) -> Any:
        with _told():
            return self._page.evaluate(script, argument)

    def limit(self, quota: int | None) -> None:
        """Give the origin that much room; None gives it all."""
        assert self.context is not None
        with _told():
            if self._keeper is None:
                # The limit ends with the page that set it, and that must stand in the origin already.
                page = self.context.new_page()
                page.goto(f"{self.url}/healthz")
                self._keeper = self.context.new_cdp_session(page)
            size = {} if quota is None else {"quotaSize": quota}
            self._keeper.send("Storage.overrideQuotaForOrigin", {"origin": self.url, **size})

    def front(self) -> None:
        """Bring the tab to the front, as a person who goes on in it."""
        with _told():
            self._page.bring_to_front()

    @property
    def _page(self) -> Page:
        if self.page is None:
            raise LostError("no page")
        return self.page


@contextlib.contextmanager
def _told() -> Any:
    try:
        yield
    except Error as error:
        raise LostError(str(error)) from error
