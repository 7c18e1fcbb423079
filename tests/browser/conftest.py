"""Fixtures of the browser tests: a server, and tablets as they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.field_kit import PORTRAIT, REPORTED, MakeTablet, Tablet
from tests.conftest import World
from tests.server import Server


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    world.setup(
        sites=[
            {"id": "mot-cua", "name": "Bộ phận Một cửa", "kind": "noi-niem-yet"},
            {"id": "trang", "name": "Trang thông tin điện tử", "kind": "noi-niem-yet"},
        ],
        reported=[REPORTED],
    )
    with Server(world.installation.path) as running:
        yield running


@pytest.fixture
def tablets(playwright_driver: Playwright, server: Server, tmp_path: Path) -> Iterator[MakeTablet]:
    """Makes tablets; at the end none may have complained in its console."""
    made: list[Tablet] = []

    def make(size: tuple[int, int] = PORTRAIT) -> Tablet:
        made.append(Tablet(playwright_driver, tmp_path / f"profile-{len(made)}", server.url, size))
        return made[-1]

    yield make
    for tablet in made:
        tablet.close()
    assert [complaint for tablet in made for complaint in tablet.complaints] == []
