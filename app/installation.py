"""A running installation: the directory ``instance/`` with its database, files, keys and settings.

One object owns every path below the directory. Database connections are one per thread.
"""

from __future__ import annotations

import os
import secrets
import threading
from pathlib import Path

from sqlite_utils import Database

from app.clock import Clock, system_clock
from app.config import TEMPLATE, Config, load_config
from app.database import open_database
from app.errors import ConfigurationError
from app.files import write_atomically
from app.identity import Identity
from app.journal.journal import Journal
from app.kinds import REGISTRY
from app.tables import migrations
from checklists.library import Library
from reports.signing.keys import make_test_key

SECRET_BYTES = 32


class Installation:
    """Paths, settings and connections of one instance directory."""

    def __init__(self, path: Path, *, clock: Clock = system_clock) -> None:
        self.path = path
        self.clock = clock
        if not self.database_path.exists():
            raise ConfigurationError(f"«{path}» chưa được khởi tạo; hãy chạy «kiemtra init --instance {path}».")
        self.config: Config = load_config(path / "config.toml")
        self._local = threading.local()

    @classmethod
    def create(cls, path: Path, *, clock: Clock = system_clock) -> Installation:
        """Make a new instance, or bring an existing one up to date; never touches what is there."""
        for name in ("evidence", "issued", "keys", "log", "checklists"):
            (path / name).mkdir(parents=True, exist_ok=True)
        (path / "keys").chmod(0o700)
        if not (path / "config.toml").exists():
            write_atomically(path / "config.toml", TEMPLATE.encode())
        if not (path / "keys" / "secret_key").exists():
            write_atomically(path / "keys" / "secret_key", secrets.token_hex(SECRET_BYTES).encode(), mode=0o600)
        _make_signing_key(path / "keys", clock)
        db = open_database(path / "kiemtra.db")
        try:
            migrations.apply(db)
            Journal[Identity](db, REGISTRY, clock).store.create()
        finally:
            db.close()
        return cls(path, clock=clock)

    @property
    def database_path(self) -> Path:
        return self.path / "kiemtra.db"

    @property
    def evidence_path(self) -> Path:
        return self.path / "evidence"

    @property
    def issued_path(self) -> Path:
        return self.path / "issued"

    @property
    def anchors_path(self) -> Path:
        return self.path / "anchors.jsonl"

    def secrets(self) -> list[str]:
        """The session secret and, behind it, older ones that still verify (one per line)."""
        return (self.path / "keys" / "secret_key").read_text("ascii").split()

    def database(self) -> Database:
        """This thread's connection."""
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = open_database(self.database_path)
        return db

    def journal(self) -> Journal[Identity]:
        """The journal on this thread's connection."""
        journal: Journal[Identity] | None = getattr(self._local, "journal", None)
        if journal is None:
            journal = self._local.journal = Journal(self.database(), REGISTRY, self.clock)
        return journal

    def library(self) -> Library:
        """The checklists: those released with the application and those imported here."""
        return Library.load(self.path / "checklists")

    def close(self) -> None:
        """Close this thread's connection."""
        db: Database | None = getattr(self._local, "db", None)
        if db is not None:
            db.close()
            self._local.db = self._local.journal = None

    def trust_roots(self) -> list[Path]:
        """Root certificates at which a chain of trust may end; the test seal's goes with the test key's."""
        roots = [self.resolve(root) for root in self.config.trust_roots]
        test, seal = (self.path / "keys" / f"test-{one}.root.pem" for one in ("signer", "seal"))
        return [*roots, seal] if test in roots and seal.exists() and seal not in roots else roots

    def resolve(self, relative: str) -> Path:
        """A path from the configuration, relative to the instance."""
        return self.path / relative


def _make_signing_key(keys: Path, clock: Clock) -> None:
    """First start makes a key whose certificate says plainly that it is for testing."""
    if (keys / "test-signer.p12").exists():
        return
    password = secrets.token_urlsafe(24)
    write_atomically(keys / "test-signer.password", password.encode(), mode=0o600)
    make_test_key(keys / "test-signer.p12", password, now=clock())


def default_path() -> Path:
    """``KIEMTRA_INSTANCE``, else ``instance`` in the working directory."""
    return Path(os.environ.get("KIEMTRA_INSTANCE", "instance"))
