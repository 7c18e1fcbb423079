"""Cold and warm offline start of the tablet's workspace against a static page that shows the same items."""

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

from playwright.sync_api import Page, Playwright

from tests.bench.workspace import (
    HOME,
    PHOTO_BYTES,
    THROTTLE,
    fill,
    open_browser,
    photo_of,
    prepare,
    sign_in,
    take_along,
    throttle,
)
from tests.server import Server

ANSWERS, PHOTOS, ROUNDS = 600, 160, 7
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

# The bytes of photos on a tablet that made them: as many and as large as a day brings.
KEEP_PHOTOS = """
    ([files, size]) => new Promise((resolve, reject) => {
        const opening = indexedDB.open('kiemtra-field');
        opening.onsuccess = () => {
            const tx = opening.result.transaction('evidence', 'readwrite');
            for (const {sha256, type} of files) {
                const bytes = crypto.getRandomValues(new Uint8Array(60000)).buffer;
                const whole = new Uint8Array(size); whole.set(new Uint8Array(bytes));
                const kept = {sha256, bytes: whole.buffer, type, inspections: ['do'], state: 'received'};
                tx.objectStore('evidence').put(kept);
            }
            tx.oncomplete = () => { opening.result.close(); resolve(true); };
            tx.onabort = () => reject(tx.error);
        };
    })
"""


def run(driver: Playwright) -> list[dict[str, Any]]:
    """Starts of both, interleaved, on one profile each, with the server stopped."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        here = Path(folder)
        with Server(prepare(here / "instance")) as server:
            items = fill(server, ANSWERS, PHOTOS)
            _take(driver, here / "profile", server)
        plain = _keep_static(driver, here / "plain", items)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(_starts(driver, here / "plain", plain, len(items)))
            ours.append(_starts(driver, here / "profile", f"{server.url}{HOME}/items", len(items)))
    what = f"offline start, {len(items)} items, {ANSWERS} entries, {PHOTOS} photos, {THROTTLE}x throttle / static page"
    return [_row(f"{name} {what}", ours, theirs, index) for index, name in enumerate(("Cold", "Warm"))]


def _row(name: str, ours: list[tuple[float, float]], theirs: list[tuple[float, float]], index: int) -> dict[str, Any]:
    product, reference = (statistics.median(times[index] for times in each) for each in (ours, theirs))
    return {"name": name, "ratio": product / reference, "aim": 2, "ours_s": product, "reference_s": reference}


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
        context = open_browser(driver, profile)
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


def _take(driver: Playwright, profile: Path, server: Server) -> None:
    context = open_browser(driver, profile)
    page = context.pages[0]
    sign_in(page, server)
    take_along(page)
    page.evaluate(KEEP_PHOTOS, [[photo_of(number) for number in range(PHOTOS)], PHOTO_BYTES])
    context.close()


def _starts(driver: Playwright, profile: Path, url: str, count: int) -> tuple[float, float]:
    """Seconds of the first start in a new browser, and of the next one in the same."""
    context = open_browser(driver, profile)
    page = context.pages[0]
    throttle(page)
    page.add_init_script(WATCH.replace("__COUNT__", str(count)))
    times = (_start(page, url), _start(page, url))
    context.close()
    return times


def _start(page: Page, url: str) -> float:
    page.goto(url)
    page.wait_for_function("() => window.shownAt")
    return float(page.evaluate("() => window.shownAt")) / 1000
