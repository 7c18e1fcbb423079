"""The main job in WebKit, the engine of every iPad: nothing that works in Chromium alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.field_kit import ITEM, RECEIVED, SAVED, SYNCED, answer_subject, item_path, photo, values
from tests.conftest import PASSWORD, World
from tests.faults.page import WORKING
from tests.faults.tablet import dump, move, until
from tests.faults.webkit import WebKit, display, missing
from tests.server import Server

pytestmark = [
    pytest.mark.browser,
    # As root (in the project's own checks) the packages are installed, so there nothing may be skipped.
    pytest.mark.skipif(bool(missing()) and os.geteuid() != 0, reason=missing()),
]


@pytest.fixture
def tablet(server: Server, tmp_path: Path) -> Iterator[WebKit]:
    claims: list[dict[str, Any]] = []
    with display() as screen:
        tablet = WebKit(server.url, claims.append, tmp_path / "webkit", screen)
        yield tablet
        tablet.close()


def shows(tablet: WebKit, test_id: str, text: str) -> None:
    until(tablet, lambda: tablet.count(test_id) and text in tablet.text(test_id), f"{test_id} never says «{text}»", 15)


def ready(tablet: WebKit) -> None:
    tablet.open()
    tablet.fill("username", "binh")
    tablet.fill("password", PASSWORD)
    tablet.click("signin")
    tablet.click("take")
    shows(tablet, "taken", "")
    shows(tablet, "sync-status", SYNCED)
    assert tablet.evaluate(WORKING)


def test_a_visit_without_a_network_in_webkit(world: World, server: Server, tablet: WebKit) -> None:
    ready(tablet)
    server.stop(signal.SIGKILL)
    tablet.restart(item_path())
    tablet.fill("value-da_niem_yet-0", "30")
    tablet.click("verdict-dat")
    tablet.upload("file", "Ảnh.jpg", photo("red"))
    until(tablet, lambda: tablet.count("proof") == 1, "no photo")
    tablet.click("save")
    shows(tablet, "state", SAVED)

    tablet.restart(item_path())
    shows(tablet, "state", SAVED)
    until(tablet, lambda: tablet.count("proof") == 1, "no photo after the restart")

    server.start()
    move(tablet, "/field/inspection/cuoc-1/sync")
    tablet.click("sync-now")
    shows(tablet, "sync-status", SYNCED)
    move(tablet, item_path())
    shows(tablet, "state", RECEIVED)
    [answer] = values(world, answer_subject(ITEM))
    assert (answer["verdict"], answer["figures"]["da_niem_yet"][0]["value"]) == ("dat", "30")
    kept = dump(tablet)
    assert kept is not None
    [file] = kept["evidence"]
    path = world.installation.evidence_path / file["sha256"][:2] / file["sha256"]
    assert path.read_bytes() == photo("red")


def test_the_sheet_before_departure_says_what_webkit_has_not(tablet: WebKit) -> None:
    ready(tablet)
    tablet.open("/field/inspection/cuoc-1/ready")
    until(tablet, lambda: tablet.count("check-storage"), "no sheet", 15)
    lines = tablet.evaluate(
        "() => [...document.querySelectorAll('[data-testid^=check-][data-state]')]"
        ".map((line) => [line.dataset.testid, line.dataset.state, line.querySelector('p').textContent.trim()])"
    )
    states = {name.removeprefix("check-"): state for name, state, _ in lines}
    assert {states[name] for name in ("storage", "browser", "bundle", "account", "clock", "sent")} == {"good"}
    # Whether it was granted, refused, or cannot be asked for: each is said in words.
    assert states["persist"] in {"good", "bad", "unknown"}
    assert [name for name, _, text in lines if text == ""] == []
