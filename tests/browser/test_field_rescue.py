"""A closed network: the tablet's work leaves it as one file, and later syncing finds everything already there."""

from __future__ import annotations

import json
import signal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.field_kit import (
    RECEIVED,
    SAVED,
    MakeTablet,
    answer_subject,
    item_path,
    photo,
    ready,
    state,
    sync_now,
    values,
)
from tests.conftest import World
from tests.server import Server, kiemtra

pytestmark = pytest.mark.browser

PICTURES = {colour: photo(colour) for colour in ("red", "blue")}


def work(page: Page) -> None:
    page.get_by_test_id("value-phai_niem_yet-0").fill("30")
    page.get_by_test_id("value-da_niem_yet-0").fill("30")
    page.get_by_test_id("accept-proposal").click()
    page.get_by_test_id("file").set_input_files(
        [{"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": data} for name, data in PICTURES.items()]
    )
    expect(page.get_by_test_id("proof")).to_have_count(2)
    page.get_by_test_id("save").click()
    state(page, SAVED)


def save_to_file(page: Page, folder: Path) -> Path:
    page.get_by_test_id("sync-status").click()
    with page.expect_download() as started:
        page.get_by_test_id("rescue").click()
    name = started.value.suggested_filename
    assert name.isascii()
    assert name.startswith("kiemtra-so-a-")
    assert name.endswith(".kiemtra")
    expect(page.get_by_test_id("notice")).to_contain_text(name)
    started.value.save_as(folder / name)
    return folder / name


def rescue(file: Path, world: World) -> Any:
    return json.loads(kiemtra("inspection", "rescue", str(file), "--json", instance=world.installation.path))


def entries_from_tablet(world: World) -> list[str]:
    rows = world.installation.database().execute("SELECT id FROM entries WHERE device <> 'server'")
    return [row[0] for row in rows]


def test_work_goes_home_in_a_file_and_the_sync_afterwards_doubles_nothing(
    world: World, server: Server, tablets: MakeTablet, tmp_path: Path
) -> None:
    tablet = tablets()
    ready(tablet, "binh")
    server.stop(signal.SIGKILL)
    page = tablet.again(item_path())
    work(page)

    file = save_to_file(page, tmp_path)
    expect(page.get_by_test_id("count-saved")).to_have_text("3 ghi nhận, 2 tệp")

    report = rescue(file, world)
    assert (report["entries"]["stored"], report["entries"]["refused"]) == (3, [])
    assert report["evidence"] == {"stored": 2, "known": 0, "damaged": []}
    first = entries_from_tablet(world)
    assert len(first) == 3
    [answer] = values(world, answer_subject())
    assert answer["verdict"] == "dat"
    for data in PICTURES.values():
        digest = sha256(data).hexdigest()
        assert (world.installation.evidence_path / digest[:2] / digest).read_bytes() == data

    again = rescue(file, world)
    assert (again["entries"]["stored"], again["evidence"]["stored"], again["evidence"]["known"]) == (0, 0, 2)

    server.start()
    sync_now(page)
    expect(page.get_by_test_id("receipt")).to_contain_text("đủ 3/3 mục, 2/2 ảnh")
    page.goto(tablet.url + item_path())
    state(page, RECEIVED)
    assert entries_from_tablet(world) == first

    # What the tablet keeps after the sync, the office's own setup too, is nothing new there.
    later = rescue(save_to_file(page, tmp_path), world)
    assert (later["entries"]["stored"], later["entries"]["refused"], later["evidence"]["known"]) == (0, [], 2)
    assert later["entries"]["known"] > 3
