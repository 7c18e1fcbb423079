"""Fixtures that every room may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uuid_utils
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Playwright, expect, sync_playwright

from app.accounts.accounts import add_account, hasher, identity_of
from app.application import create_app
from app.identity import Identity
from app.installation import Installation
from tests.browsers import patience

# "make faults" tries a hundred times as many histories as an ordinary run.
settings.register_profile("long", max_examples=2000, deadline=None)

PASSWORD = "mat-khau-thu"
START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> None:
    """Real argon2 with small parameters: hundreds of test accounts would cost minutes."""
    hasher.cache_clear()
    real = hasher()
    real._parameters = type(real._parameters)(
        type=real._parameters.type, version=19, salt_len=8, hash_len=16, time_cost=1, memory_cost=8, parallelism=1
    )


@pytest.fixture(autouse=True)
def no_browser_for_ever(request: pytest.FixtureRequest) -> Iterator[None]:
    """A browser that answers no more fails its test at the line that waits, before the whole process is ended."""
    if request.node.get_closest_marker("browser") is None:
        yield
        return
    with patience(240):
        yield


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """The one driver of a test process: a second one refuses to start beside it."""
    expect.set_options(timeout=15_000)
    with sync_playwright() as driver:
        yield driver


@dataclass
class FrozenClock:
    """A clock that stands still until told otherwise."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class World:
    """An installation with a cast: Mai administers, An leads, Bình is a member, Chi must see nothing."""

    installation: Installation
    clock: FrozenClock
    accounts: dict[str, str] = field(default_factory=dict)

    def add(self, username: str, role: str, **more: Any) -> str:
        system = Identity.system(self.installation.database())
        account = add_account(
            self.installation.journal(), system, username=username, password=PASSWORD, role=role, **more
        )
        self.accounts[username] = account
        return account

    def who(self, username: str) -> Identity:
        found = identity_of(self.installation.database(), self.accounts[username])
        assert found is not None
        return found[0]

    def system(self) -> Identity:
        return Identity.system(self.installation.database())

    def setup(self, inspection: str = "cuoc-1", **changes: Any) -> str:
        """An inspection that An leads and Bình is a member of."""
        value = {
            "title": "Kiểm tra công tác CCHC năm 2026",
            "unit": "so-a",
            "issuer": "doan",
            "dates": ["2026-11-20"],
            "members": [
                {"account": self.accounts["an"], "name": "An", "functions": ["truong_doan"]},
                {"account": self.accounts["binh"], "name": "Bình", "functions": ["thanh_vien"]},
            ],
            "sites": [{"id": "mot-cua", "name": "Bộ phận Một cửa"}, {"id": "trang", "name": "Trang thông tin"}],
            "checklists": ["niem-yet@1", "ho-so@1", "dao-tao@1"],
            **changes,
        }
        self.installation.journal().write(self.system(), f"inspection/{inspection}/setup", value)
        return inspection


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


def make_world(path: Path, clock: FrozenClock) -> World:
    """A new installation with the cast."""
    installation = Installation.create(path, clock=clock)
    world = World(installation, clock)
    world.add("mai", "admin")
    world.add("an", "lead")
    world.add("binh", "member")
    world.add("chi", "member")
    journal, system = installation.journal(), world.system()
    journal.write(system, "unit/so-a", {"name": "Sở A", "level": "so"})
    signer = {"name": "Nguyễn Văn Mẫu", "title": "TRƯỞNG ĐOÀN", "authority": "TM. ĐOÀN KIỂM TRA"}
    issuer = {"name": "Đoàn kiểm tra", "letterhead": "ĐOÀN KIỂM TRA", "place": "Đồng Tháp", "signers": [signer]}
    journal.write(system, "issuer/doan", {**issuer, "symbols": {"TB": "TB-ĐKT"}})
    return world


@pytest.fixture
def world(tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    world = make_world(tmp_path / "instance", clock)
    yield world
    world.installation.close()


@pytest.fixture
def app(world: World) -> Flask:
    application = create_app(world.installation)
    application.config["TESTING"] = True
    return application


@dataclass
class Api:
    """A signed-in client that speaks JSON and carries the CSRF token."""

    client: FlaskClient
    token: str = ""

    def sign_in(self, username: str, password: str = PASSWORD) -> Any:
        answered = self.client.post("/api/session", json={"username": username, "password": password})
        if answered.status_code == 200:
            self.token = answered.json["csrf_token"]
        return answered

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(path, json=body, headers={"X-CSRFToken": self.token})

    def put(self, path: str, data: bytes) -> Any:
        return self.client.put(path, data=data, headers={"X-CSRFToken": self.token})


@pytest.fixture
def api(app: Flask) -> Callable[[str], Api]:
    def signed_in(username: str) -> Api:
        api = Api(app.test_client())
        assert api.sign_in(username).status_code == 200
        return api

    return signed_in


def make_entry(subject: str, value: Any, author: str, **changes: Any) -> dict[str, Any]:
    """An entry as a tablet would make it."""
    return {
        "id": str(uuid_utils.uuid7()),
        "subject": subject,
        "v": 1,
        "value": value,
        "author": author,
        "device": "may-1",
        "made_at": "2026-11-22T01:00:00.000Z",
        "supersedes": [],
        **changes,
    }


def answer_value(verdict: str | None = "dat", **more: Any) -> dict[str, Any]:
    """An answer's value."""
    return {"item_version": 1, "verdict": verdict, **more}
