"""A tap until it is durable and painted, and a fresh pull, each against the bare calls that they cannot do without."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.bench.workspace import HOME, THROTTLE, fill, open_browser, prepare, sign_in, take_along, throttle
from tests.server import Server

TAPS, ENTRIES, ROUNDS = 150, 1500, 7
ITEM = "niem-yet.tthc-du-so-luong"

# From the tap to the frame after the screen says that it is kept; and one put of the same draft, strictly durable.
MEASURE_TAPS = """
    async (taps) => {
        const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        const state = () => document.querySelector('[data-testid=state]').dataset.state;
        const kept = () => new Promise((done) => {
            const look = () => { if (state() === 'draft') { watch.disconnect(); done(); } };
            const watch = new MutationObserver(look);
            const item = document.querySelector('[data-testid=item]');
            watch.observe(item, {subtree: true, attributes: true, childList: true});
        });
        const open = (name) => new Promise((done) => {
            const opening = indexedDB.open(name);
            opening.onupgradeneeded = () => {
                opening.result.createObjectStore('drafts', {keyPath: ['account', 'subject']});
            };
            opening.onsuccess = () => done(opening.result);
        });
        const bare = await open('bare-drafts');
        const put = (draft) => new Promise((done) => {
            const tx = bare.transaction('drafts', 'readwrite', {durability: 'strict'});
            tx.objectStore('drafts').put(draft);
            tx.oncomplete = done;
        });
        const own = await open('kiemtra-field');
        const verdicts = ['dat', 'chua_dat'];
        const ours = [], theirs = [];
        let draft;
        for (let n = 0; n < taps; n++) {
            await painted();
            const from = performance.now();
            const saved = kept();
            document.querySelector(`[data-testid=verdict-${verdicts[n % 2]}]`).click();
            await saved;
            await painted();
            ours.push(performance.now() - from);
            draft ??= await new Promise((done) => {
                const asked = own.transaction('drafts').objectStore('drafts').getAll();
                asked.onsuccess = () => done(asked.result[0]);
            });
            const start = performance.now();
            await put({...draft, updated_at: new Date().toISOString()});
            theirs.push(performance.now() - start);
        }
        own.close();
        bare.close();
        return [ours, theirs];
    }
"""

# Notes when the last cursor of a pull is durable; its start is the browser's own record of the first request.
WATCH_PULL = """
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
        if (this.name === 'cursors') {
            this.transaction.addEventListener('complete', () => { window.pulledAt = performance.now(); });
        }
        return put.apply(this, given);
    };
"""
PULLED = """
    () => window.pulledAt - performance.getEntriesByType('resource')
        .find(({name}) => name.includes('/api/sync/pull')).startTime
"""
BARE_PULL = """
    async () => {
        const db = await new Promise((done) => {
            const opening = indexedDB.open('bare');
            opening.onupgradeneeded = () => {
                const store = opening.result.createObjectStore('entries', {keyPath: 'id'});
                store.createIndex('inspection', 'inspection');
                store.createIndex('state', 'state');
            };
            opening.onsuccess = () => done(opening.result);
        });
        const start = performance.now();
        let after = '', more = true;
        while (more) {
            const answer = await (await fetch('/api/sync/pull?inspection=do&after=' + after)).json();
            await new Promise((done) => {
                const tx = db.transaction('entries', 'readwrite', {durability: 'strict'});
                for (const entry of answer.entries) {
                    tx.objectStore('entries').put({...entry, inspection: 'do', state: 'pulled'});
                }
                tx.oncomplete = done;
            });
            ({more, next: after} = answer);
        }
        return performance.now() - start;
    }
"""


def run(driver: Playwright) -> list[dict[str, Any]]:
    """Both in one browser each, product and reference interleaved."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        here = Path(folder)
        with Server(prepare(here / "instance")) as server:
            fill(server, ENTRIES)
            pulls = _pulls(driver, here, server)
            return [_taps(driver, here / "profile-0", server), pulls]


def _taps(driver: Playwright, profile: Path, server: Server) -> dict[str, Any]:
    context = open_browser(driver, profile)
    page = context.pages[0]
    page.goto(f"{server.url}{HOME}/item/{ITEM}")
    page.get_by_test_id("verdict-dat").wait_for()
    throttle(page)
    ours, theirs = page.evaluate(MEASURE_TAPS, TAPS)
    context.close()
    name = f"Tap to durable and painted, p95 of {TAPS}, {THROTTLE}x throttle / strict put"
    return _row(name, _p95(ours), _p95(theirs), aim=8)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _pulls(driver: Playwright, here: Path, server: Server) -> dict[str, Any]:
    ours, theirs = [], []
    for number in range(ROUNDS):
        context = open_browser(driver, here / f"profile-{number}")
        page = _fresh(context, server)
        theirs.append(float(page.evaluate(BARE_PULL)))
        # The reference's own requests must not be taken for the first one of the product.
        page.evaluate("() => performance.clearResourceTimings()")
        take_along(page)
        ours.append(float(page.evaluate(PULLED)))
        context.close()
    name = f"Fresh pull of {ENTRIES} entries, {THROTTLE}x throttle / fetch + raw put"
    return _row(name, statistics.median(ours), statistics.median(theirs), aim=1.5)


def _fresh(context: BrowserContext, server: Server) -> Page:
    page = context.pages[0]
    page.add_init_script(WATCH_PULL)
    sign_in(page, server)
    throttle(page)
    return page


def _row(name: str, ours: float, theirs: float, aim: float) -> dict[str, Any]:
    return {
        "name": name,
        "ratio": ours / theirs,
        "aim": aim,
        "ours_s": ours / 1000,
        "reference_s": theirs / 1000,
    }
