"""Cold offline start of the tablet's workspace against a static page that shows the same items."""

from __future__ import annotations

import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from app.identity import Identity
from app.installation import Installation
from tests.conftest import answer_value, make_entry
from tests.server import Server, Tablet, kiemtra

PASSWORD = "mat-khau-do-toc-do"
ENTRIES, THROTTLE, ROUNDS = 600, 4, 7
CHROMIUM = "/usr/bin/chromium"
STATIC = Path(__file__).parents[2] / "app/field/static"

# Both pages note when the last item of the list stands in the page, and the frame after it.
WATCH = """
    const seen = () => {
        if (document.querySelectorAll('.items li').length < __COUNT__) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.shownAt = performance.now(); }));
    };
    const observer = new MutationObserver(seen);
    observer.observe(document, {childList: true, subtree: true});
"""
WORKER = """
    self.addEventListener('install', (event) => event.waitUntil(caches.open('page').then((cache) => cache.add('/'))));
    self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
    self.addEventListener('fetch', (event) =>
        event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request))));
"""
REGISTER = "() => navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => true)"
ALL_ITEMS = "/field/inspection/do/items"


def run() -> list[dict[str, Any]]:
    """Cold starts of both, interleaved, on one profile each, with the server stopped."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder, sync_playwright() as driver:
        here = Path(folder)
        with Server(_prepare(here / "instance")) as server:
            items = _fill(server)
            _take(driver, here / "profile", server)
        plain = _keep_static(driver, here / "plain", items)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(_start(driver, here / "plain", plain, len(items)))
            ours.append(_start(driver, here / "profile", f"{server.url}{ALL_ITEMS}", len(items)))
    reference, product = statistics.median(theirs), statistics.median(ours)
    return [
        {
            "name": f"Cold offline start, {len(items)} items, {ENTRIES} entries, {THROTTLE}x throttle / static page",
            "ratio": product / reference,
            "aim": 1.5,
            "ours_s": product,
            "reference_s": reference,
        }
    ]


def _prepare(instance: Path) -> Path:
    kiemtra("init", instance=instance)
    command = ("account", "add", "--username", "tablet", "--role", "lead", "--password-stdin")
    kiemtra(*command, instance=instance, text=PASSWORD)
    here = Installation(instance)
    system, journal = Identity.system(here.database()), here.journal()
    account = here.database().execute("SELECT id FROM accounts").fetchone()[0]
    journal.write(system, "unit/u", {"name": "Sở A", "level": "so"})
    signer = {"name": "Nguyễn Văn Mẫu", "title": "TRƯỞNG ĐOÀN"}
    journal.write(system, "issuer/i", {"name": "Đoàn", "letterhead": "ĐOÀN", "place": "Đồng Tháp", "signers": [signer]})
    members = [{"account": account, "name": "Máy", "functions": ["truong_doan"]}]
    packs = [pack.ref for pack in here.library().packs()]
    setup = {"title": "Đo", "unit": "u", "issuer": "i", "members": members, "checklists": packs}
    journal.write(system, "inspection/do/setup", setup)
    here.close()
    return instance


def _fill(server: Server) -> list[dict[str, Any]]:
    """Six hundred entries over all items that a sở is asked; returns these."""
    tablet = Tablet(server, "tablet", PASSWORD)
    bundle = tablet.send("GET", "/api/inspections/do/bundle")
    items = [item for pack in bundle["checklists"] for item in pack["items"] if _asked(item, bundle["fact_day"])]
    entries: list[dict[str, Any]] = []
    newest: dict[str, str] = {}
    for number in range(ENTRIES):
        item = items[number % len(items)]["id"]
        value = answer_value(reason=f"lần {number}")
        supersedes = [newest[item]] if item in newest else []
        entry = make_entry(f"inspection/do/answer/{item}", value, tablet.account, supersedes=supersedes)
        newest[item] = entry["id"]
        entries.append(entry)
    for start in range(0, ENTRIES, 300):
        tablet.send("POST", "/api/sync/push", {"entries": entries[start : start + 300]})
    return items


def _asked(item: dict[str, Any], day: str) -> bool:
    span = item["valid"] or {}
    return "so" in item["levels"] and (span.get("from") or day) <= day <= (span.get("to") or day)


def _keep_static(driver: Playwright, profile: Path, items: list[dict[str, Any]]) -> str:
    """A page of the same items, kept by a worker of four lines; its server is gone afterwards."""
    style = next(STATIC.glob("*.css")).read_text(encoding="utf-8")
    lines = "".join(
        f'<li><a class="item" href="#"><span class="mark"></span>'
        f'<span class="question">{escape(item["question"])}</span><span class="sub">Chưa kiểm tra</span></a></li>'
        for item in items
    )
    page = f'<!doctype html><meta charset="utf-8"><style>{style}</style><ul class="items">{lines}</ul>'
    with _site({"/": (page, "text/html"), "/sw.js": (WORKER, "text/javascript")}) as url:
        context = _open(driver, profile)
        context.pages[0].goto(url)
        context.pages[0].evaluate(REGISTER)
        context.close()
    return url


@contextmanager
def _site(files: dict[str, tuple[str, str]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text, kind = files.get(self.path, ("", "text/plain"))
            self.send_response(200 if self.path in files else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _open(driver: Playwright, profile: Path) -> BrowserContext:
    for lock in profile.glob("Singleton*"):
        lock.unlink()
    return driver.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--disable-gpu"],
        viewport={"width": 820, "height": 1180},
    )


def _take(driver: Playwright, profile: Path, server: Server) -> None:
    context = _open(driver, profile)
    page = context.pages[0]
    page.goto(f"{server.url}/field/")
    page.get_by_test_id("username").fill("tablet")
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("signin").click()
    page.get_by_test_id("take").click()
    page.get_by_test_id("open").click()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(3000)
    context.close()


def _start(driver: Playwright, profile: Path, url: str, count: int) -> float:
    context = _open(driver, profile)
    page = context.pages[0]
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    page.add_init_script(WATCH.replace("__COUNT__", str(count)))
    page.goto(url)
    page.wait_for_function("() => window.shownAt")
    shown = float(page.evaluate("() => window.shownAt"))
    context.close()
    return shown / 1000
