"""A server that was restored from a backup gets back from the tablet what the backup did not have."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.installation import Installation
from tests.browser.field_kit import RECEIVED, MakeTablet, answer_subject, item_path, ready, state, sync_now
from tests.conftest import World
from tests.server import Server, kiemtra

pytestmark = pytest.mark.browser


def test_a_tablet_ahead_of_a_restored_server_starts_over_and_loses_nothing(
    world: World, server: Server, tablets: MakeTablet, tmp_path: Path
) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    page.get_by_test_id("verdict-dat").click()
    page.get_by_test_id("save").click()
    state(page, RECEIVED)
    archive, keys, restored = tmp_path / "b.tar", tmp_path / "k.tar", tmp_path / "restored"
    kiemtra("backup", str(archive), "--keys", str(keys), instance=world.installation.path)

    page.goto(tablet.url + item_path(site="trang"))
    page.get_by_test_id("verdict-chua_dat").click()
    page.get_by_test_id("save").click()
    state(page, RECEIVED)

    server.stop(signal.SIGKILL)
    kiemtra("restore", str(archive), "--keys", str(keys), instance=restored)
    with Server(restored, server.port):
        sync_now(page)
        expect(page.get_by_test_id("receipt")).to_contain_text("đủ 2/2 mục")
    here = Installation(restored)
    assert [entry.value["verdict"] for entry in here.journal().current(answer_subject(site="trang"))] == ["chua_dat"]
    assert [entry.value["verdict"] for entry in here.journal().current(answer_subject())] == ["dat"]
    here.close()
