"""One stage for the short selection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright

from tests.faults.stage import Stage
from tests.faults.trial import Ground


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, playwright_driver: Playwright) -> Iterator[Ground]:
    directory = tmp_path_factory.mktemp("faults")
    with Stage(directory / "stage") as stage:
        ground = Ground(stage, playwright_driver, directory)
        yield ground
        ground.close()
        assert stage.verify() == []
