"""A real server for many trials; each trial has an inspection and accounts of its own in it."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from app.accounts.accounts import hasher
from app.installation import Installation
from app.journal.verify import verify
from tests.conftest import World
from tests.faults.proxy import Proxy
from tests.server import Server

SITES = [
    {"id": "mot-cua", "name": "Bộ phận Một cửa", "kind": "noi-niem-yet"},
    {"id": "trang", "name": "Trang thông tin điện tử", "kind": "noi-niem-yet"},
]


@dataclass(frozen=True)
class Case:
    """One inspection and who works on it."""

    inspection: str
    people: tuple[str, ...]


class Stage:
    """An installation with a running server, kept through many trials."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        _cheap_passwords()
        self.directory = directory
        self.installation = Installation.create(directory / "instance")
        self.world = World(self.installation, None)  # type: ignore[arg-type]
        self.server = Server(self.installation.path, KIEMTRA_LOGIN_LIMIT="100000 per minute")
        self._open = ExitStack()
        journal, system = self.installation.journal(), self.world.system()
        journal.write(system, "unit/so-a", {"name": "Sở A", "level": "so"})
        signer = {"name": "Nguyễn Văn Mẫu", "title": "TRƯỞNG ĐOÀN", "authority": "TM. ĐOÀN KIỂM TRA"}
        issuer = {"name": "Đoàn kiểm tra", "letterhead": "ĐOÀN KIỂM TRA", "place": "Đồng Tháp", "signers": [signer]}
        journal.write(system, "issuer/doan", {**issuer, "symbols": {"TB": "TB-ĐKT"}})

    def __enter__(self) -> Self:
        self._open.enter_context(self.server)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        self.installation.close()

    def case(self, people: int = 1) -> Case:
        """A fresh inspection with that many members; the first one leads it."""
        key = secrets.token_hex(6)
        names = tuple(f"can-bo-{key}-{n}" for n in range(people))
        for n, name in enumerate(names):
            self.world.add(name, "member" if n else "lead", name=f"Cán bộ {n}")
        members = [
            {
                "account": self.world.accounts[name],
                "name": f"Cán bộ {n}",
                "functions": ["thanh_vien" if n else "truong_doan"],
            }
            for n, name in enumerate(names)
        ]
        setup = {
            "title": f"Kiểm tra thử {key}",
            "unit": "so-a",
            "issuer": "doan",
            "dates": ["2026-11-20"],
            "members": members,
            "sites": SITES,
            "checklists": ["niem-yet@1", "ho-so@1", "dao-tao@1"],
        }
        self.installation.journal().write(self.world.system(), f"inspection/cuoc-{key}/setup", setup)
        return Case(f"cuoc-{key}", names)

    def proxy(self) -> Proxy:
        return Proxy(self.server.port)

    # What the server holds, read from its own files.

    def entries(self, inspection: str) -> list[dict[str, Any]]:
        """Everything that the server's journal has of an inspection, in its order."""
        return self.installation.journal().store.pull(f"inspection/{inspection}", 0, 1_000_000)

    def current(self, subject: str) -> list[Any]:
        return [entry.value for entry in self.installation.journal().current(subject)]

    def quarantined(self, inspection: str) -> list[dict[str, str]]:
        return self.installation.journal().quarantined(f"inspection/{inspection}")

    def has_file(self, digest: str) -> bool:
        """Whether the server keeps these bytes whole."""
        path = self.installation.evidence_path / digest[:2] / digest
        return path.is_file() and sha256(path.read_bytes()).hexdigest() == digest

    def verify(self) -> list[str]:
        """What is wrong with the journal's chain."""
        return list(verify(self.installation.journal().store).problems)


def _cheap_passwords() -> None:
    hasher.cache_clear()
    real = hasher()
    real._parameters = type(real._parameters)(
        type=real._parameters.type, version=19, salt_len=8, hash_len=16, time_cost=1, memory_cost=8, parallelism=1
    )
