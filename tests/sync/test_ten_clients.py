"""Ten clients, shuffled batches, everything sent twice, answers lost at random: each entry exactly once.

Then a backup from the middle of it is restored under the tablets' feet: they start over and lose nothing.
"""

from __future__ import annotations

import json
import random
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.identity import Identity
from app.installation import Installation
from app.journal.verify import verify
from tests.conftest import answer_value, make_entry
from tests.server import Server, Tablet, kiemtra

PASSWORD = "mat-khau-thu"
CLIENTS, ENTRIES = 10, 1500
ITEM = "niem-yet.tthc-du-so-luong"


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "instance"
    kiemtra("init", instance=path)
    add = ("account", "add", "--username", "an", "--role", "lead", "--password-stdin")
    kiemtra(*add, instance=path, text=PASSWORD)
    here = Installation(path)
    account = here.database().execute("SELECT id FROM accounts").fetchone()[0]
    members = [{"account": account, "name": "An", "functions": ["truong_doan"]}]
    setup = {"title": "Thử", "unit": "u", "issuer": "i", "members": members, "checklists": ["niem-yet@1"]}
    here.journal().write(Identity.system(here.database()), "inspection/thu/setup", setup)
    here.close()
    return path


@pytest.fixture
def server(instance: Path) -> Iterator[Server]:
    with Server(instance) as running:
        yield running


def entries_of(account: str) -> list[dict[str, Any]]:
    """Answers with later versions that supersede earlier ones, over three hundred subjects."""
    made: list[dict[str, Any]] = []
    for number in range(ENTRIES):
        subject = f"inspection/thu/answer/{ITEM}@s{number % 300}"
        earlier = [made[number - 300]["id"]] if number >= 300 else []
        made.append(make_entry(subject, answer_value(reason=str(number)), account, supersedes=earlier))
    return made


def push_forgetfully(tablet: Tablet, batches: list[list[dict[str, Any]]], chance: random.Random) -> None:
    """Push batches; one answer in four is thrown away before it is read, and the batch goes again later."""
    queue = list(batches)
    while queue:
        batch = queue.pop(0)
        if chance.random() < 0.25 and len(queue) < 200:
            _push_and_hang_up(tablet, batch)
            queue.append(batch)
            continue
        results = tablet.send("POST", "/api/sync/push", {"entries": batch})["results"]
        assert {one["status"] for one in results} <= {"stored", "known"}


def _push_and_hang_up(tablet: Tablet, batch: list[dict[str, Any]]) -> None:
    headers = {**tablet.headers, "Content-Type": "application/json"}
    tablet.connection.request("POST", "/api/sync/push", json.dumps({"entries": batch}), headers)
    tablet.connection.sock.shutdown(socket.SHUT_RDWR)
    tablet.connection.close()


def all_at_once(server: Server, entries: list[dict[str, Any]], seed: int) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            chance = random.Random(seed + number)
            own = entries[number::CLIENTS] * 2
            chance.shuffle(own)
            size = chance.randint(5, 60)
            with Tablet(server, "an", PASSWORD) as tablet:
                push_forgetfully(tablet, [own[start : start + size] for start in range(0, len(own), size)], chance)
        except BaseException as failure:  # noqa: BLE001 (raised below, in the test's own thread)
            failures.append(failure)

    threads = [threading.Thread(target=work, args=[number]) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_each_entry_is_held_exactly_once(server: Server, instance: Path) -> None:
    with Tablet(server, "an", PASSWORD) as tablet:
        entries = entries_of(tablet.account)
    all_at_once(server, entries, seed=7)
    here = Installation(instance)
    rows = here.database().execute("SELECT id FROM entries WHERE subject LIKE 'inspection/thu/answer/%'")
    assert sorted(row[0] for row in rows) == sorted(entry["id"] for entry in entries)
    current = here.database().execute("SELECT entry FROM answers WHERE inspection = 'thu'")
    assert sorted(row[0] for row in current) == sorted(entry["id"] for entry in entries[-300:])
    assert verify(here.journal().store).ok
    here.close()
    assert "nguyên vẹn" in kiemtra("journal", "verify", instance=instance)


def pull_all(tablet: Tablet, cursor: str = "") -> tuple[list[dict[str, Any]], str]:
    pulled: list[dict[str, Any]] = []
    more = True
    while more:
        page = tablet.send("GET", f"/api/sync/pull?inspection=thu&after={cursor}")
        pulled += page["entries"]
        cursor, more = page["next"], page["more"]
    return pulled, cursor


def test_a_tablet_ahead_of_a_restored_backup_starts_over_and_loses_nothing(
    server: Server, instance: Path, tmp_path: Path
) -> None:
    with Tablet(server, "an", PASSWORD) as tablet:
        entries = entries_of(tablet.account)[:200]
        tablet.send("POST", "/api/sync/push", {"entries": entries[:120]})
        kiemtra("backup", str(tmp_path / "b.tar"), "--keys", str(tmp_path / "k.tar"), instance=instance)
        tablet.send("POST", "/api/sync/push", {"entries": entries[120:]})
        _, cursor = pull_all(tablet)
    server.stop()
    restored = tmp_path / "restored"
    kiemtra("restore", str(tmp_path / "b.tar"), "--keys", str(tmp_path / "k.tar"), instance=restored)
    with Server(restored) as again, Tablet(again, "an", PASSWORD) as tablet:
        with pytest.raises(AssertionError, match="journal_changed"):
            pull_all(tablet, cursor)
        held = {entry["id"] for entry in pull_all(tablet)[0]}
        kept = [entry for entry in entries if entry["id"] not in held]
        assert len(kept) == 80
        results = tablet.send("POST", "/api/sync/push", {"entries": entries})["results"]
        assert [one["status"] for one in results].count("stored") == 80
        receipt = tablet.send(
            "POST", "/api/inspections/thu/receipt", {"entries": [one["id"] for one in entries], "evidence": []}
        )
        assert receipt["missing"] == {"entries": [], "evidence": []}
