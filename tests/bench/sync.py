"""Push of entries and photos over HTTP, each as a ratio to the same bytes put down without us."""

from __future__ import annotations

import io
import json
import os
import secrets
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from PIL import Image
from sqlite_utils import Database

from app.identity import Identity
from app.installation import Installation
from app.journal.schema import migrations
from tests.conftest import answer_value, make_entry
from tests.server import Server, Tablet, kiemtra

PASSWORD = "mat-khau-do-toc-do"
DEVICES, BATCH = 10, 150
PHOTOS, UPLOADERS, PHOTO_BYTES = 100, 4, 350_000
ROUNDS = 7


def run() -> list[dict[str, Any]]:
    """Measure both in one run, rounds of reference and product interleaved."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        instance = Path(folder) / "instance"
        _prepare(instance)
        with Server(instance) as server:
            tablets = [Tablet(server, "tablet", PASSWORD) for _ in range(DEVICES)]
            return [_entries(Path(folder), tablets), _photos(Path(folder), tablets[:UPLOADERS])]


def _prepare(instance: Path) -> None:
    kiemtra("init", instance=instance)
    kiemtra(
        "account", "add", "--username", "tablet", "--role", "lead", "--password-stdin", instance=instance, text=PASSWORD
    )
    here = Installation(instance)
    account = here.database().execute("SELECT id FROM accounts").fetchone()[0]
    members = [{"account": account, "name": "Máy", "functions": ["truong_doan"]}]
    setup = {"title": "Đo", "unit": "u", "issuer": "i", "members": members, "checklists": ["niem-yet@1"]}
    here.journal().write(Identity.system(here.database()), "inspection/do/setup", setup)
    here.close()


def _entries(folder: Path, tablets: list[Tablet]) -> dict[str, Any]:
    ours, theirs = [], []
    raw = _Raw(folder / "raw.db")
    for number in range(ROUNDS):
        batches = [_batch(tablet.account, f"{number}-{device}") for device, tablet in enumerate(tablets)]
        rows = [_rows(batch) for batch in batches]
        theirs.append(_timed(lambda rows=rows: raw.insert(rows)))
        encoded = [json.dumps({"entries": batch}).encode() for batch in batches]
        jobs = [_pusher(tablet, body) for tablet, body in zip(tablets, encoded, strict=True)]
        ours.append(_timed(lambda jobs=jobs: _together(jobs)))
    return _ratio("push of 1,500 entries over HTTP / same rows into SQLite", ours, theirs, aim=4)


def _pusher(tablet: Tablet, body: bytes) -> Callable[[], None]:
    def push() -> None:
        tablet.headers["Content-Type"] = "application/json"
        tablet.connection.request("POST", "/api/sync/push", body, tablet.headers)
        results = json.loads(tablet.connection.getresponse().read())["results"]
        if {one["status"] for one in results} != {"stored"}:
            raise AssertionError(results[0])

    return push


def _batch(account: str, name: str) -> list[dict[str, Any]]:
    readings = [{"value": "30", "source": "doan_kiem_dem", "as_of": "2026-11-20"}]
    value = answer_value(figures={"phai_niem_yet": readings, "da_niem_yet": readings})
    return [
        make_entry(f"inspection/do/answer/niem-yet.tthc-du-so-luong@{name}-{number}", value, account)
        for number in range(BATCH)
    ]


class _Raw:
    """The same rows straight into SQLite: our own table with its indexes, WAL, FULL, one transaction per batch."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        migrations.apply(Database(self.db))

    def insert(self, batches: list[list[tuple[Any, ...]]]) -> None:
        for rows in batches:
            self.db.execute("BEGIN IMMEDIATE")
            self.db.executemany(f"INSERT INTO entries VALUES (NULL{', ?' * 14})", rows)
            self.db.execute("COMMIT")


def _rows(batch: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What the journal keeps of each entry, with the chain's bytes made up beforehand."""
    return [
        (
            entry["id"],
            entry["subject"],
            entry["v"],
            json.dumps(entry["value"], separators=(",", ":")),
            *(entry[name] for name in ("author", "device", "made_at")),
            "[]",
            0,
            entry["made_at"],
            entry["author"],
            secrets.token_bytes(16),
            secrets.token_bytes(32),
            secrets.token_bytes(32),
        )
        for entry in batch
    ]


def _photos(folder: Path, tablets: list[Tablet]) -> dict[str, Any]:
    ours, theirs = [], []
    for _ in range(3):
        photos = [_photo() for _ in range(PHOTOS)]
        theirs.append(_timed(lambda photos=photos: _write_all(folder / "raw", photos)))
        shares = [photos[start::UPLOADERS] for start in range(UPLOADERS)]
        jobs = [_uploader(tablet, share) for tablet, share in zip(tablets, shares, strict=True)]
        ours.append(_timed(lambda jobs=jobs: _together(jobs)))
    return _ratio("100 photos of 350 KB from 4 clients / write + fsync", ours, theirs, aim=6)


def _uploader(tablet: Tablet, photos: list[bytes]) -> Callable[[], None]:
    def upload() -> None:
        for photo in photos:
            tablet.send("PUT", f"/api/evidence/{sha256(photo).hexdigest()}", raw=photo)

    return upload


def _photo() -> bytes:
    """A JPEG with random content behind it up to the size of a phone's photo."""
    stream = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(stream, "JPEG", quality=80)
    head = stream.getvalue()
    return head + secrets.token_bytes(PHOTO_BYTES - len(head))


def _write_all(folder: Path, photos: list[bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for photo in photos:
        with (folder / secrets.token_hex(16)).open("wb") as stream:
            stream.write(photo)
            stream.flush()
            os.fsync(stream.fileno())


def _together(jobs: list[Callable[[], None]]) -> None:
    failures: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as failure:  # noqa: BLE001 (shown to the caller below)
            failures.append(failure)

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _timed(job: Callable[[], None]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def _ratio(name: str, ours: list[float], theirs: list[float], *, aim: float) -> dict[str, Any]:
    product, reference = statistics.median(ours[1:]), statistics.median(theirs[1:])
    return {"name": name, "ours_s": product, "reference_s": reference, "ratio": product / reference, "aim": aim}
