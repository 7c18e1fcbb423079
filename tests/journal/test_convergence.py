"""Any order, any duplication, any batching of the same entries: the same current values, the same acceptance.

The naive model says in a few lines what is current; the journal has to agree with it and with itself.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import orjson
import uuid_utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from app.accounts.shapes import Role
from app.clock import system_clock
from app.database import open_database
from app.identity import Identity
from app.journal.journal import Journal
from app.journal.verify import verify
from app.kinds import REGISTRY
from app.tables import migrations

SUBJECTS = [
    "inspection/c/answer/niem-yet.tthc-du-so-luong",
    "inspection/c/answer/niem-yet.tthc-du-so-luong@mot-cua",
    "inspection/c/note/niem-yet.tthc-du-so-luong/n1",
]
IDS = [str(uuid_utils.uuid7()) for _ in range(12)]
SETUP = {
    "title": "t",
    "unit": "u",
    "issuer": "i",
    "checklists": ["niem-yet@1"],
    "members": [
        {"account": "an", "name": "An", "functions": ["truong_doan"]},
        {"account": "binh", "name": "Bình", "functions": ["thanh_vien"]},
    ],
}
_numbers = itertools.count()


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Entries with arbitrary edges, also across subjects, into the future and in circles."""
    entries = []
    for number in range(draw(st.integers(1, len(IDS)))):
        subject = draw(st.sampled_from(SUBJECTS))
        author = draw(st.sampled_from(["an", "binh", "la"]))
        settled = draw(st.sampled_from([False, False, True]))
        others = [one for one in IDS if one != IDS[number]]
        entries.append(
            {
                "id": IDS[number],
                "subject": subject,
                "v": 1,
                "value": draw(st.none()) if draw(st.integers(0, 5)) == 0 else _value(draw, subject, settled=settled),
                "author": author,
                "device": "d",
                "made_at": "2026-11-22T01:00:00.000Z",
                "supersedes": draw(st.lists(st.sampled_from(others), max_size=3, unique=True)),
            }
        )
    return entries


def _value(draw: st.DrawFn, subject: str, *, settled: bool) -> dict[str, Any]:
    mark = {"settled": {"reason": "đã đếm lại"}} if settled else {}
    if "/note/" in subject:
        return {"text": draw(st.sampled_from(["a", "b"])), **mark}
    return {"item_version": 1, "verdict": draw(st.sampled_from(["dat", "chua_dat", "khong"])), **mark}


def model_accepts(entry: dict[str, Any]) -> bool:
    """Who may say what, independent of everything else that was said."""
    value = entry["value"] or {}
    if value.get("verdict") == "khong" or entry["author"] == "la":
        return False
    return not value.get("settled") or entry["author"] == "an"


def model_current(entries: list[dict[str, Any]]) -> dict[str, set[str]]:
    """What no entry of the same subject supersedes; a settled one yields to a settled one only."""
    current: dict[str, set[str]] = {}
    for subject in {entry["subject"] for entry in entries}:
        own = [entry for entry in entries if entry["subject"] == subject]
        left = {
            entry["id"]
            for entry in own
            if not any(entry["id"] in other["supersedes"] and _touches(other, entry) for other in own)
        }
        current[subject] = left or {entry["id"] for entry in own}
    return current


def _touches(other: dict[str, Any], entry: dict[str, Any]) -> bool:
    return bool((other["value"] or {}).get("settled")) or not (entry["value"] or {}).get("settled")


def fresh(folder: Path) -> Journal[Identity]:
    db = open_database(folder / f"{next(_numbers)}.db")
    db.execute("PRAGMA synchronous = OFF")
    migrations.apply(db)
    journal = Journal[Identity](db, REGISTRY, system_clock)
    journal.store.create()
    journal.write(Identity.system(db), "inspection/c/setup", SETUP)
    return journal


def leader(db: Database) -> Identity:
    return Identity("an", Role.LEAD, "An", db)


def push_all(journal: Journal[Identity], batches: list[list[dict[str, Any]]]) -> dict[str, str]:
    verdicts: dict[str, str] = {}
    for batch in batches:
        for result in journal.push(batch, leader(journal.db)):
            verdicts[str(result.id)] = "accepted" if result.status != "refused" else result.code
    return verdicts


def current_of(journal: Journal[Identity]) -> dict[str, set[str]]:
    found = journal.store.current(SUBJECTS)
    return {subject: {entry.id for entry in entries} for subject, entries in found.items()}


def derived_of(journal: Journal[Identity]) -> dict[str, list[Any]]:
    found = {}
    for kind in REGISTRY.kinds:
        if kind.name not in {"answer", "note"}:
            continue
        rows = journal.db.execute(f"SELECT subject, entry, hex(same) FROM {kind.table.name} ORDER BY 1, 2")
        found[kind.name] = [tuple(row) for row in rows]
    return found


def split(draw: st.DrawFn, entries: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Shuffle, repeat some, and cut into batches."""
    shuffled = draw(st.permutations(entries))
    again = draw(st.lists(st.sampled_from(entries), max_size=4))
    queue = [*shuffled, *again]
    cut = draw(st.integers(1, len(queue)))
    return [queue[start : start + cut] for start in range(0, len(queue), cut)]


# An ordinary run tries sixty histories; the long profile says itself how many.
EXAMPLES = 60 if settings().max_examples <= 100 else settings().max_examples


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), entries=histories())
def test_order_batching_and_duplication_do_not_matter(
    tmp_path: Path, data: st.DataObject, entries: list[dict[str, Any]]
) -> None:
    journals = [fresh(tmp_path), fresh(tmp_path)]
    verdicts = [push_all(journals[0], [entries]), push_all(journals[1], data.draw(st.composite(split)(entries)))]
    accepted = [entry for entry in entries if model_accepts(entry)]
    for journal, verdict in zip(journals, verdicts, strict=True):
        assert {id_ for id_, said in verdict.items() if said == "accepted"} == {entry["id"] for entry in accepted}
        assert current_of(journal) == model_current(accepted)
        assert verify(journal.store).ok
    assert derived_of(journals[0]) == derived_of(journals[1])
    before = derived_of(journals[1])
    journals[1].store.rebuild()
    assert derived_of(journals[1]) == before
    for journal in journals:
        journal.db.close()


def test_a_settled_value_holds_against_a_late_ordinary_one(tmp_path: Path) -> None:
    journal = fresh(tmp_path)
    subject = SUBJECTS[0]
    base = {"v": 1, "device": "d", "made_at": "2026-11-22T01:00:00.000Z", "subject": subject}
    first = {**base, "id": IDS[0], "author": "binh", "supersedes": [], "value": {"item_version": 1, "verdict": "dat"}}
    settled_value = {"item_version": 1, "verdict": "chua_dat", "settled": {"reason": "đếm lại"}}
    settled = {**base, "id": IDS[1], "author": "an", "supersedes": [IDS[0]], "value": settled_value}
    late = {**base, "id": IDS[2], "author": "binh", "supersedes": [IDS[1]], "value": first["value"]}
    push_all(journal, [[late], [settled, first]])
    assert current_of(journal)[subject] == {IDS[1], IDS[2]}
    journal.db.close()


def test_one_batch_or_many_make_the_same_values(tmp_path: Path) -> None:
    value = orjson.loads(orjson.dumps({"item_version": 1, "verdict": "dat"}))
    entries = [
        {
            "id": str(uuid_utils.uuid7()),
            "subject": f"inspection/c/answer/niem-yet.muc-{number % 7}",
            "v": 1,
            "value": value,
            "author": "an",
            "device": "d",
            "made_at": "2026-11-22T01:00:00.000Z",
            "supersedes": [],
        }
        for number in range(40)
    ]
    together, apart = fresh(tmp_path), fresh(tmp_path)
    push_all(together, [entries])
    push_all(apart, [[entry] for entry in reversed(entries)])
    assert derived_of(together) == derived_of(apart)
    together.db.close()
    apart.db.close()
