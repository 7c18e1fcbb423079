"""Cold offline start of the workspace with all items and 600 entries, against a static page of the same items.

Both in Chromium slowed down four times, each start in a new browser process. The clock is the page's own: from
navigation to the moment when what was asked for stands on the screen and has been painted.
"""

from __future__ import annotations

import html
import signal
import statistics
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright, sync_playwright

from app.identity import Identity
from app.installation import Installation
from checklists.library import Library
from tests.conftest import answer_value, make_entry
from tests.server import Server, kiemtra

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "mat-khau-do-toc-do"
THROTTLE, ENTRIES, ROUNDS = 4, 600, 7
SITES = ("mot-cua", "trang", "co-so-2", "tru-so-cu")

WATCH = """
(selector) => {
  const seen = () => {
    if (!document.querySelector(selector)) return;
    watcher.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.__shown = performance.now(); }));
  };
  const watcher = new MutationObserver(seen);
  watcher.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", seen);
}
"""


def run() -> list[dict[str, Any]]:
    """Measure both in one run, interleaved."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name, sync_playwright() as playwright:
        folder = Path(name)
        _prepare(folder / "instance")
        server = Server(folder / "instance").start()
        profile = folder / "profile"
        _take(playwright, profile, server.url)
        server.stop(signal.SIGKILL)
        pages = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(_static(folder))))
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        ours, theirs = [], []
        for _ in range(ROUNDS):
            address = f"{server.url}/field/inspection/do"
            ours.append(_shown(playwright, profile, address, '[data-testid="pack-niem-yet"]'))
            address = f"http://127.0.0.1:{pages.server_port}/"
            theirs.append(_shown(playwright, folder / "plain", address, "#last"))
        pages.shutdown()
        pages.server_close()
    product, reference = statistics.median(ours), statistics.median(theirs)
    label = f"cold offline start, {_count()} items, {ENTRIES} entries / static page, 4× slower CPU"
    return [{"name": label, "ours_s": product, "reference_s": reference, "ratio": product / reference, "aim": 1.5}]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _prepare(instance: Path) -> None:
    kiemtra("init", instance=instance)
    add = ("account", "add", "--username", "tablet", "--role", "lead", "--password-stdin")
    kiemtra(*add, instance=instance, text=PASSWORD)
    here = Installation(instance)
    account = here.database().execute("SELECT id FROM accounts").fetchone()[0]
    packs = Library.load().packs()
    setup = {
        "title": "Đo tốc độ",
        "unit": "u",
        "issuer": "i",
        "dates": ["2026-11-20"],
        "members": [{"account": account, "name": "Máy", "functions": ["truong_doan"]}],
        "sites": [{"id": site, "name": site} for site in SITES],
        "checklists": [pack.ref for pack in packs],
    }
    writer = Identity.system(here.database())
    here.journal().write(writer, "unit/u", {"name": "Sở Đo lường", "level": "so"})
    here.journal().write(writer, "inspection/do/setup", setup)
    items = [item.id for pack in packs for item in pack.items]
    entries = [
        make_entry(f"inspection/do/answer/{items[n % len(items)]}@{SITES[n // len(items)]}", answer_value(), account)
        for n in range(ENTRIES)
    ]
    here.journal().push(entries, writer)
    here.close()


def _count() -> int:
    return sum(len(pack.items) for pack in Library.load().packs())


def _static(folder: Path) -> Path:
    """All items as a plain page, as light as such a page can be."""
    rows = "".join(
        f"<h2>{html.escape(pack.title)}</h2><ul>"
        + "".join(f"<li>{html.escape(item.question)}</li>" for item in pack.items)
        + "</ul>"
        for pack in Library.load().packs()
    )
    target = folder / "static"
    target.mkdir()
    page = f'<!doctype html><meta charset="utf-8"><title>Mục</title>{rows}<p id="last">Hết</p>'
    (target / "index.html").write_text(page, "utf-8")
    return target


def _take(playwright: Playwright, profile: Path, url: str) -> None:
    context = playwright.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=ARGUMENTS)
    page = context.pages[0]
    page.goto(f"{url}/field/")
    page.get_by_test_id("username").fill("tablet")
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("signin").click()
    page.get_by_test_id("take").click()
    page.get_by_test_id("taken").wait_for()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.get_by_text("Đã gửi hết").wait_for()
    context.close()


def _shown(playwright: Playwright, profile: Path, address: str, selector: str) -> float:
    """Seconds from navigation to the selector's paint in a fresh browser process."""
    context = playwright.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=ARGUMENTS)
    try:
        page = context.pages[0]
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
        page.add_init_script(f"({WATCH})({selector!r})")
        page.goto(address)
        return _moment(page) / 1000
    finally:
        context.close()


def _moment(page: Page) -> float:
    page.wait_for_function("() => window.__shown !== undefined")
    return float(page.evaluate("() => window.__shown"))
