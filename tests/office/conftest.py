"""A delegation's office: one account per role, and people who must see nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import StrictUndefined, Undefined
from jinja2.utils import missing

from app.accounts.accounts import add_account, identity_of
from app.application import create_app
from app.identity import Identity
from app.installation import Installation
from app.limits import limiter
from tests.office.samples import ISSUER, SETUP, UNIT

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PASSWORD = "mật khẩu dài"
CAST = (
    ("mai", "admin", "Mai Quản Trị"),
    ("lan", "lead", "Lan Trưởng Đoàn"),
    ("minh", "member", "Minh Thành Viên"),
    ("phong", "lead", "Phong Đoàn Khác"),
    ("thu", "clerk", "Thu Văn Thư"),
    ("don-vi", "unit", "Cán bộ xã Tân Bình"),
    ("khach", "viewer", "Khách Xem"),
)


class NamesMustExist(Undefined):
    """A variable that no view gave is a fault; a part that a journal value lacks is none."""

    def __new__(cls, hint=None, obj=missing, name=None, exc=None):
        kind = StrictUndefined if obj is missing else Undefined
        return kind(hint, obj, name, *([exc] if exc else []))


def fixed_clock() -> datetime:
    return NOW


@dataclass
class Office:
    """An installation with its people and one inspection of Lan and Minh."""

    installation: Installation
    app: Flask
    ids: dict[str, str]
    inspection: str = "kiem-tra-1"
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def who(self, username: str) -> Identity:
        found = identity_of(self.installation.database(), self.ids[username])
        assert found is not None
        return found[0]

    def client(self, username: str | None) -> FlaskClient:
        client = self.app.test_client()
        if username is not None:
            with client.session_transaction() as session:
                session["account"] = self.ids[username]
                session["epoch"] = 1
        return client

    def write(self, username: str, subject: str, value: object, supersedes: list[str] | None = None) -> str:
        return self.installation.journal().write(self.who(username), subject, value, supersedes=supersedes).id

    def current(self, subject: str) -> list[str]:
        return [entry.id for entry in self.installation.journal().current(subject)]

    def value(self, subject: str) -> object:
        return self.installation.journal().value(subject)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Made once: hashing passwords and making keys takes its time on purpose."""
    path = tmp_path_factory.mktemp("office") / "instance"
    installation = Installation.create(path, clock=fixed_clock)
    system = Identity.system(installation.database())
    journal = installation.journal()
    journal.write(system, "unit/tan-binh", UNIT)
    journal.write(system, "issuer/so-noi-vu", ISSUER)
    ids = {}
    for username, role, name in CAST:
        unit = "tan-binh" if role == "unit" else None
        ids[username] = add_account(
            journal, system, username=username, password=PASSWORD, role=role, name=name, unit=unit
        )
    journal.write(system, "inspection/kiem-tra-1/setup", SETUP(ids))
    installation.close()
    return path, ids


@pytest.fixture
def office(furnished: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Office]:
    path, ids = furnished
    shutil.copytree(path, tmp_path / "instance")
    installation = Installation(tmp_path / "instance", clock=fixed_clock)
    app = create_app(installation)
    app.config["WTF_CSRF_ENABLED"] = False
    app.jinja_env.undefined = NamesMustExist
    limiter.reset()
    yield Office(installation, app, ids)
    installation.close()


@pytest.fixture
def as_(office: Office) -> Callable[[str | None], FlaskClient]:
    """A client that is signed in as somebody."""
    return office.client
