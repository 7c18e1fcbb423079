"""One filled inspection and a tablet that has taken it along: what the benches of the workspace share."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from app.identity import Identity
from app.installation import Installation
from tests.conftest import answer_value, make_entry
from tests.server import Server, Tablet, kiemtra

PASSWORD = "mat-khau-do-toc-do"
THROTTLE = 4
PHOTO_BYTES = 300_000
CHROMIUM = "/usr/bin/chromium"
HOME = "/field/inspection/do"


def prepare(instance: Path) -> Path:
    """An instance with one inspection of all checklists and one lead."""
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


def fill(server: Server, answers: int, photos: int = 0) -> list[dict[str, Any]]:
    """Answers in turn to all items that a sở is asked, and entries of photos; returns these items."""
    tablet = Tablet(server, "tablet", PASSWORD)
    bundle = tablet.send("GET", "/api/inspections/do/bundle")
    items = [item for pack in bundle["checklists"] for item in pack["items"] if _is_asked(item, bundle["fact_day"])]
    entries: list[dict[str, Any]] = []
    newest: dict[str, str] = {}
    for number in range(answers):
        item = items[number % len(items)]["id"]
        supersedes = [newest[item]] if item in newest else []
        value = answer_value(reason=f"lần {number}")
        entry = make_entry(f"inspection/do/answer/{item}", value, tablet.account, supersedes=supersedes)
        newest[item] = entry["id"]
        entries.append(entry)
    for number in range(photos):
        value = {"kind": "anh", "item": items[number % len(items)]["id"], "file": photo_of(number)}
        entries.append(make_entry(f"inspection/do/evidence/{number}", value, tablet.account))
    for start in range(0, len(entries), 300):
        tablet.send("POST", "/api/sync/push", {"entries": entries[start : start + 300]})
    return items


def photo_of(number: int) -> dict[str, Any]:
    """What an entry says of one photo."""
    return {"sha256": sha256(str(number).encode()).hexdigest(), "type": "image/jpeg", "size": PHOTO_BYTES}


def _is_asked(item: dict[str, Any], day: str) -> bool:
    span = item["valid"] or {}
    return "so" in item["levels"] and (span.get("from") or day) <= day <= (span.get("to") or day)


def open_browser(driver: Playwright, profile: Path) -> BrowserContext:
    """A browser with a lasting profile; a lock that a killed one left is taken away."""
    for lock in profile.glob("Singleton*"):
        lock.unlink()
    return driver.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--disable-gpu"],
        viewport={"width": 820, "height": 1180},
    )


def throttle(page: Page) -> None:
    """As slow as a cheap tablet is against this machine."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})


def sign_in(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/field/")
    page.get_by_test_id("username").fill("tablet")
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("signin").click()
    page.get_by_test_id("take").wait_for()


def take_along(page: Page) -> None:
    """Bring the inspection onto the tablet, its worker and all that was written."""
    page.get_by_test_id("take").click()
    page.get_by_test_id("taken").wait_for()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    expect(page.get_by_test_id("sync-status")).to_have_text("Đã gửi hết")
