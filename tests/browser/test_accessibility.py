"""Every screen of the tablet and every office page: no violation that axe knows, nothing too small for a thumb.

One sample instance, one server and one browser for the whole file. A page is loaded once and then looked at in every
size and in every colour theme, which change nothing but style.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import uuid_utils
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.application import create_app
from app.conclusions.making import Choice, issue_other
from app.demo import SAMPLE_ACCOUNTS
from app.identity import Identity
from app.inspections.minutes import shown_sha256
from app.installation import Installation
from app.papers.naming import REPORT
from app.papers.registering import register as enter_in_register
from tests.browser.field_kit import ARGUMENTS, CHROMIUM, disagree
from tests.browser.office_kit import ITEM, TABLE, hear
from tests.server import Server, kiemtra

pytestmark = pytest.mark.browser

UNIT = "Ban Quản lý Khu kinh tế tỉnh"
UPRIGHT, DESK, ACROSS, PHONE = (820, 1180), (1280, 800), (1180, 820), (360, 740)
PASSWORDS = {sample.username: sample.password for sample in SAMPLE_ACCOUNTS}
THUMB = 48
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")

# Everything that can be tapped and is seen, where it is smaller than promised. What hides in its label is its label;
# a link within a sentence is as tall as the sentence (WCAG 2.5.8 excepts it).
SMALL = """(least) => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=button]")]
    .map((one) => one.matches("[type=file], [type=checkbox], [type=radio]") ? one.closest("label") ?? one : one)
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("p.prose"))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 0 && (width < least - 0.5 || height < least - 0.5))
    .map(([one, { width, height }]) => `${Math.round(width)}×${Math.round(height)} ${one.outerHTML.slice(0, 120)}`)"""
VIOLATIONS = """async (rules) => {
    const found = await axe.run(document, { resultTypes: ["violations"], ...rules });
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
AXE = Axe().axe_script


class Viewer:
    """One person's browser window, and what is wrong with what it shows."""

    def __init__(self, browser: Browser, url: str, username: str = "") -> None:
        self.url = url
        self.faults: list[str] = []
        # A browser of another language than the page's must not change dates.
        self.context = browser.new_context(viewport={"width": UPRIGHT[0], "height": UPRIGHT[1]}, locale="en-US")
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._listen)
        if username:
            self.page.goto(f"{url}/dang-nhap")
            self.page.fill("[name=username]", username)
            self.page.fill("[name=password]", PASSWORDS[username])
            self.page.click("main button[type=submit]")
            expect(self.page.get_by_test_id("me")).to_be_visible()

    def _listen(self, message: Any) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def note(self, where: str, faults: list[str]) -> None:
        self.faults += [f"{where}: {fault}" for fault in faults]

    def judge(self, where: str, *, contrast_only: bool = False) -> None:
        """Ask axe about the page as it stands."""
        self.page.evaluate(f"() => {{ if (!window.axe) {{ {AXE} }} }}")
        rules = {"runOnly": ["color-contrast"]} if contrast_only else {}
        self.note(where, self.page.evaluate(VIOLATIONS, rules))

    def resize(self, where: str, size: tuple[int, int]) -> str:
        """Another size of window; what sticks out at the side is noted."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        where = f"{where} {size[0]}×{size[1]}"
        wider = self.page.evaluate(TOO_WIDE)
        self.note(where, [f"{wider}px too wide"] if wider > 0 else [])
        self.photograph(where)
        return where

    def photograph(self, where: str) -> None:
        """Keep a picture in the directory that ``KIEMTRA_SCREENSHOTS`` names, for people to look at."""
        if directory := os.environ.get("KIEMTRA_SCREENSHOTS"):
            self.page.screenshot(path=Path(directory) / f"{where.replace(' ', '-')}.png", full_page=True)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("samples") / "instance"
    kiemtra("samples", instance=path)
    return path


@pytest.fixture(scope="module")
def site(instance: Path) -> Iterator[str]:
    with Server(instance) as server:
        yield server.url


@pytest.fixture(scope="module")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *CAMERA])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def inspection(instance: Path) -> str:
    """The sample inspection that most is known of; its lead and a member counted differently."""
    installation = Installation(instance)
    db = installation.database()
    query = "SELECT i.inspection FROM inspections i JOIN units u ON u.id = i.unit WHERE u.name = ?"
    (found,) = db.execute(query, [UNIT]).fetchone()
    lead = disagree(installation, f"inspection/{found}/answer/{TABLE}")
    journal = installation.journal()
    said = {"held_at": "Phòng họp", "preliminary": {"title": "Kết luận sơ bộ", "text": "Niêm yết đủ."}}
    read = {"read": {"by": lead.name, "at": "2026-11-22T09:30"}, "shown_sha256": shown_sha256(said)}
    for value in (said, {**said, **read}):
        journal.write(lead, f"inspection/{found}/minutes/{uuid_utils.uuid7()}", value, supersedes=[])
    (issuer, unit) = db.execute("SELECT issuer, unit FROM inspections WHERE inspection = ?", [found]).fetchone()
    campaign = {"title": "Đợt kiểm tra năm 2026", "year": 2026, "issuer": issuer, "units": [unit]}
    people = [{"account": lead.account, "name": lead.name, "functions": ["truong_doan"]}]
    system = Identity.system(db)
    journal.write(
        system, "campaign/dot-1", {**campaign, "members": people, "checklists": ["niem-yet@1"]}, supersedes=[]
    )
    days = {"since": "2020-01-01", "until": "2026-12-31"}
    period = {"title": "Kiểm tra nhiều năm", "year": 2026, "issuer": issuer, "members": people, "gathers": days}
    journal.write(system, "campaign/ky-1", period, supersedes=[])
    hear(installation, str(found), lead)
    return str(found)


@pytest.fixture(scope="module")
def issued(instance: Path, inspection: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Another sample inspection, with its conclusion in the register and its report out to be signed elsewhere."""
    db = Installation(instance).database()
    query = "SELECT inspection FROM inspections WHERE inspection != ? ORDER BY seq LIMIT 1"
    (found,) = db.execute(query, [inspection]).fetchone()
    out = str(tmp_path_factory.mktemp("issued"))
    kiemtra("document", "build", str(found), "--sign", "--out", out, instance=instance)
    (document,) = db.execute("SELECT document FROM documents WHERE inspection = ?", [found]).fetchone()
    here = Installation(instance)
    day = date.fromisoformat("2026-11-20")
    system = Identity.system(here.database())
    enter_in_register(here, str(found), document, system, number=7, issued_on=day)
    issue_other(here, str(found), REPORT, system, Choice(), elsewhere=True)  # waits to be handed in
    return str(found)


# ---- the office


NO_PAGES = re.compile(r"static|field\.|health\.|.*download.*|.*paper_css|.*\.api\b")


def page_of(app: Flask, path: str) -> str | None:
    """The endpoint of an address, where it is one of ours that shows a page."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path.partition("?")[0], method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return None if NO_PAGES.match(endpoint) or path.startswith("/api/") else endpoint


def pages_for(app: Flask, viewer: Viewer, seeds: list[str]) -> dict[str, str]:
    """One address of every page that a person can reach by links."""
    found: dict[str, str] = {}
    waiting = list(seeds)
    while waiting:
        path = waiting.pop(0)
        endpoint = page_of(app, path)
        if endpoint is None or endpoint in found:
            continue
        answer = viewer.context.request.get(viewer.url + path)
        if answer.ok and answer.headers["content-type"].startswith("text/html"):
            found[endpoint] = path
            waiting += [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', answer.text())]
    return found


def test_every_office_page(instance: Path, inspection: str, issued: str, site: str, browser: Browser) -> None:
    app = create_app(Installation(instance))
    case = "/cuoc-kiem-tra/"
    (paper,) = Installation(instance).database().execute("SELECT document FROM documents WHERE number = 7").fetchone()
    faults, seen = [], set()
    for username in ("truongdoan", "admin", "vanthu", "donvi", "lanhdao", ""):
        viewer = Viewer(browser, site, username)
        seeds = [
            f"/van-ban/{issued}/{paper}/ho-so",
            case + inspection,
            f"{case}{issued}/khac-phuc",
            f"{case}{issued}/van-ban",
            "/doi-mat-khau",
            "/chua-co-viec",
            "/",
        ]
        seeds = seeds if username else ["/dang-nhap"]
        for endpoint, path in pages_for(app, viewer, seeds).items():
            if endpoint in seen:
                continue
            seen.add(endpoint)
            viewer.page.set_viewport_size({"width": UPRIGHT[0], "height": UPRIGHT[1]})
            viewer.page.goto(site + path)
            for size in (UPRIGHT, DESK):
                viewer.judge(viewer.resize(endpoint, size))
        if not username:
            viewer.page.goto(f"{site}/khong-co-trang-nay")
            viewer.judge("error")
        faults += viewer.faults
        viewer.context.close()
    assert faults == []
    served = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    pages = {
        rule.endpoint for rule in served if not NO_PAGES.match(rule.endpoint) and not rule.rule.startswith("/api/")
    }
    assert pages - seen == set()


# ---- the tablet


GO = """(path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
}"""
THEME = "(theme) => { document.documentElement.dataset.theme = theme; }"
FOCUSED = """() => {
    const { dataset } = document.activeElement;
    return [dataset.testid ?? "", parseFloat(getComputedStyle(document.activeElement).outlineWidth)];
}"""


class Tour(Viewer):
    """A tablet that is led from screen to screen without loading the page anew."""

    def screen(self, name: str, path: str, sign: str) -> None:
        """Go to a screen, wait for its sign, and look at it."""
        self.page.evaluate(GO, path)
        expect(self.page.get_by_test_id(sign).first).to_be_visible()
        self.look(name)

    def look(self, name: str) -> None:
        """Every size; the dark colours in each, those for sunlight once, since a theme changes colours alone."""
        for size in (PHONE, ACROSS, DESK, UPRIGHT):
            where = self.resize(name, size)
            self.note(where, [f"smaller than {THUMB}px: {one}" for one in self.page.evaluate(SMALL, THUMB)])
            if size == PHONE:
                continue
            self.judge(where)
            for theme in ("dark", "sun") if size == UPRIGHT else ("dark",):
                self.page.evaluate(THEME, theme)
                self.judge(f"{where} {theme}", contrast_only=True)
                self.photograph(f"{where} {theme}")
            self.page.evaluate(THEME, "light")


@pytest.fixture
def tour(browser: Browser, site: str) -> Iterator[Tour]:
    tour = Tour(browser, site)
    yield tour
    tour.context.close()


def sign_in_and_take(tour: Tour, inspection: str) -> None:
    page = tour.page
    page.goto(f"{tour.url}/field/")
    expect(page.get_by_test_id("signin")).to_be_visible()
    page.evaluate(THEME, "light")
    page.get_by_test_id("username").fill("truongdoan")
    page.get_by_test_id("password").fill(PASSWORDS["truongdoan"])
    page.get_by_test_id("signin").click()
    page.locator(f"[data-id='{inspection}']").get_by_test_id("take").click()
    expect(page.get_by_test_id("taken").first).to_be_visible()


def test_every_screen_of_the_tablet(inspection: str, site: str, tour: Tour) -> None:
    page, at = tour.page, f"/field/inspection/{inspection}"
    page.goto(f"{site}/field/")
    expect(page.get_by_test_id("signin")).to_be_visible()
    page.evaluate(THEME, "light")
    tour.look("signin")
    sign_in_and_take(tour, inspection)
    tour.look("list")
    tour.screen("home", at, "pack-niem-yet")
    page.get_by_test_id("search").fill("niem yet")
    expect(page.get_by_test_id(f"item-{ITEM}")).to_be_visible()
    tour.look("search")
    page.get_by_test_id("search").fill("")
    tour.screen("ready", f"{at}/ready", "check-sent")
    tour.screen("items", f"{at}/items", "filter-disputed")
    page.get_by_test_id("filter-disputed").click()
    tour.screen("pack", f"{at}/pack/niem-yet", "filter-all")
    tour.screen("sync", f"{at}/sync", "sync-now")
    tour.screen("nowhere", f"{at}/unknown", "to-list")
    tour.screen("item with figures", f"{at}/item/{ITEM}", "save")

    page.evaluate(GO, f"{at}/item/{TABLE}")
    page.get_by_test_id("settle").first.click()
    page.get_by_test_id("help").locator("summary").click()
    for form in ("add-row", "add-note", "add-van_ban", "add-dia_chi", "add-goi_thu", "verdict-other"):
        page.get_by_test_id(form).click()
    expect(page.get_by_test_id("phone")).to_be_visible()
    tour.look("item with open forms")
    page.get_by_test_id("settle-done").click()
    expect(page.get_by_test_id("notice")).to_be_visible()
    tour.look("notice")
    photographs(tour, f"{at}/item/{ITEM}")
    assert "\n".join(tour.faults) == ""


def photographs(tour: Tour, at: str) -> None:
    """The viewfinder, a photo that was taken, and drawing over it."""
    page = tour.page
    tour.screen("camera", f"{at}/camera", "shutter")
    expect(page.get_by_test_id("shutter")).to_be_enabled()
    page.get_by_test_id("shutter").click()
    expect(page.get_by_test_id("last-shot")).to_be_visible()
    tour.look("last shot")
    page.get_by_test_id("camera-done").click()
    page.get_by_test_id("thumb").first.click()
    expect(page.get_by_test_id("canvas")).to_be_visible()
    tour.look("drawing on a photo")


def test_opening_switching_and_locking(inspection: str, site: str, tour: Tour) -> None:
    sign_in_and_take(tour, inspection)
    page = tour.page
    page.get_by_test_id("take-campaign").click()
    expect(page.get_by_test_id("campaign-taken")).to_be_visible()
    page.get_by_test_id("open-new").click()
    expect(page.get_by_test_id("save-setup")).to_be_visible()
    page.get_by_test_id("add-site").click()
    tour.look("opening")
    tour.screen("one of several", f"/field/inspection/{inspection}", "switch")
    page.get_by_test_id("switch").click()
    expect(page.get_by_test_id("switch-list")).to_be_visible()
    tour.look("switching")
    tour.screen("list", "/field/", "pin-card")
    page.get_by_test_id("pin-card").locator("summary").click()
    for name in ("new-pin", "again"):
        page.locator(f"[data-testid=pin-card] input[name={name}]").fill("246813")
    tour.look("setting a PIN")
    page.get_by_test_id("pin-save").click()
    page.get_by_test_id("lock-now").click()
    expect(page.get_by_test_id("locked")).to_be_visible()
    tour.look("locked")
    assert "\n".join(tour.faults) == ""


def test_what_has_the_focus_shows_it(inspection: str, site: str, tour: Tour) -> None:
    """Whatever the Tab key reaches has an outline of at least two pixels."""
    page = tour.page
    page.goto(f"{site}/field/")
    expect(page.get_by_test_id("signin")).to_be_visible()
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        name, width = page.evaluate(FOCUSED)
        if name:
            seen.add(name)
            assert width >= 2, name
    assert {"username", "password", "signin", "theme-dark", "language-en"} <= seen


def test_the_site_record(inspection: str, site: str, tour: Tour) -> None:
    sign_in_and_take(tour, inspection)
    page = tour.page
    tour.screen("records", f"/field/inspection/{inspection}/records", "count-heads")
    page.get_by_test_id("new-lam_viec").click()
    page.get_by_test_id("unit_signer").fill("Đỗ Văn Dũng")
    page.get_by_test_id("add-requests").click()
    page.get_by_test_id("add-counts").click()
    expect(page.get_by_test_id("expected-0")).to_be_visible()
    tour.look("record form")
    page.get_by_test_id("open-paper").click()
    expect(page.get_by_test_id("read-out")).to_be_visible()
    tour.look("record to read out")
    page.get_by_test_id("read-out").click()
    page.get_by_test_id("sign-don_vi").click()
    expect(page.get_by_test_id("pad")).to_be_visible()
    tour.look("record to sign")
    assert "\n".join(tour.faults) == ""
