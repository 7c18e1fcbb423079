from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import PASSWORD, World, answer_value


@dataclass
class Browser:
    """A signed-in browser: forms carry the token."""

    client: FlaskClient
    token: str

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, **fields: str) -> Any:
        return self.client.post(path, data={"csrf_token": self.token, **fields})


@pytest.fixture
def browser(app: Flask) -> Callable[[str], Browser]:
    def signed_in(username: str) -> Browser:
        client = app.test_client()
        answered = client.post("/api/session", json={"username": username, "password": PASSWORD})
        return Browser(client, answered.json["csrf_token"])

    return signed_in


@pytest.fixture
def inspected(world: World) -> World:
    """An inspection with a praise and a shortcoming, a văn thư, the unit's and a viewer's account."""
    world.add("van", "clerk")
    world.add("dv", "unit", unit="so-a")
    world.add("dv-khac", "unit", unit="so-b")
    world.add("xem", "viewer")
    world.setup()
    journal, an = world.installation.journal(), world.who("an")
    late = {"tre_han": [{"value": "3", "source": "phan_mem"}]}
    journal.write(an, "inspection/cuoc-1/answer/ho-so.tre-han-tren-phan-mem", answer_value("chua_dat", figures=late))
    journal.write(an, "inspection/cuoc-1/answer/dao-tao.kinh-phi", answer_value())
    return world
