"""A new version: a broken one is never installed, a whole one waits until the person taps."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from hatch_build import STATIC
from tests.browser.field_kit import ARGUMENTS, CHROMIUM
from tests.builds import another_build

pytestmark = pytest.mark.browser

TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".json": "application/json",
}
UPDATE = "() => navigator.serviceWorker.getRegistration('/field/').then((r) => r.update()).then(() => 1, () => 0)"
# What became of the worker that an update brought.
OUTCOME = """() => navigator.serviceWorker.getRegistration('/field/').then(async (registration) => {
    await registration.update().catch(() => 0);
    const worker = registration.installing ?? registration.waiting;
    while (worker?.state === 'installing') {
        await new Promise((done) => worker.addEventListener('statechange', done, { once: true }));
    }
    return worker?.state ?? 'none';
})"""
TITLE = "Phiếu kiểm tra"


@pytest.fixture
def static(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STATIC, tmp_path / "static"))


@pytest.fixture
def site(static: Path) -> Iterator[str]:
    """Serves the shell, the worker and the assets of a copy that a test may deploy to."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/field/").removeprefix("assets/")
            asset = self.path.startswith("/field/assets/") or name == "sw.js"
            file = static / (name if asset else "index.html")
            found = file.is_file() and not self.path.startswith("/api/")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
            self.end_headers()
            if found:
                self.wfile.write(file.read_bytes())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/field/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(playwright_driver: Playwright, site: str) -> Iterator[Page]:
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    page = browser.new_page()
    page.goto(site)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    yield page
    browser.close()


def deploy(static: Path, *, whole: bool) -> None:
    """Put another build there, with or without its scripts; its texts are others too."""
    for name, text in another_build(static, "another").items():
        if whole or name in {"index.html", "sw.js"}:
            (static / name).write_text(text.replace(TITLE, "Bản mới"), encoding="utf-8")


def test_a_broken_deployment_leaves_the_old_version_working(static: Path, page: Page) -> None:
    deploy(static, whole=False)
    page.evaluate(UPDATE)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_test_id("update")).to_have_count(0)
    names = page.evaluate("() => caches.keys()")
    assert [name for name in names if name != "field-another"] != []


def test_a_new_version_waits_for_the_tap(static: Path, page: Page) -> None:
    deploy(static, whole=True)
    page.evaluate(UPDATE)
    expect(page.get_by_test_id("update")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_test_id("update").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bản mới")
    assert page.evaluate("() => caches.keys()") == ["field-another"]


def test_after_the_tap_it_still_waits_for_a_quiet_moment(static: Path, page: Page) -> None:
    deploy(static, whole=True)
    page.evaluate(UPDATE)
    page.get_by_test_id("username").fill("an")
    page.get_by_test_id("update").dispatch_event("click")  # a tap that leaves the finger's field as it is
    expect(page.get_by_test_id("updating")).to_be_visible()
    page.get_by_test_id("username").press_sequentially("h")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_test_id("username")).to_have_value("anh")
    page.get_by_test_id("username").blur()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bản mới")


def test_a_portals_page_in_the_place_of_a_file_is_never_installed(static: Path, page: Page) -> None:
    deploy(static, whole=True)
    script = static / "app-another.js"
    script.rename(static / "portal.html")
    shell = (static / "index.html").read_text()
    for name in ("index.html", "sw.js"):
        text = (static / name).read_text().replace("app-another.js", "portal.html")
        (static / name).write_text(text)
    assert "portal.html" not in shell
    assert page.evaluate(OUTCOME) in {"redundant", "none"}
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_test_id("update")).to_have_count(0)
