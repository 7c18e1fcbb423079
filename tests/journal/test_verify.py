"""Tampering with the database shows, and the row is named."""

from __future__ import annotations

import orjson
import pytest

from app.database import writing
from app.journal.store import Receipt, entry_of, link
from app.journal.verify import Anchor, verify
from tests.conftest import World, answer_value, make_entry

ITEM = "inspection/cuoc-1/answer/niem-yet.tthc-du-so-luong"


@pytest.fixture
def filled(world: World) -> World:
    world.setup()
    author = world.accounts["binh"]
    entries = [make_entry(f"{ITEM}@s{number}", answer_value(), author) for number in range(10)]
    entries.append(make_entry(f"{ITEM}@s1", answer_value("chua_dat"), author, supersedes=[entries[1]["id"]]))
    results = world.installation.journal().push(entries, world.who("binh"))
    assert {result.status for result in results} == {"stored"}
    return world


def problems(world: World, *anchors: Anchor) -> str:
    return "\n".join(verify(world.installation.journal().store, anchors).problems)


def test_an_untouched_journal_is_whole(filled: World) -> None:
    assert problems(filled) == ""


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("value", '{"item_version":1,"verdict":"khong_ap_dung"}'),
        ("author", "ai-do"),
        ("uploader", "ai-do"),
        ("received_at", "2020-01-01T00:00:00.000Z"),
        ("made_at", "2020-01-01T00:00:00.000Z"),
        ("subject", "inspection/cuoc-1/answer/niem-yet.khac"),
        ("supersedes", "[]"),
        ("device", "may-9"),
        ("digest", b"0" * 32),
        ("salt", b"0" * 16),
        ("hash", b"0" * 32),
        ("settled", 1),
    ],
)
def test_a_changed_row_is_named(filled: World, column: str, value: object) -> None:
    db = filled.installation.database()
    seq = db.execute("SELECT max(seq) FROM entries").fetchone()[0]
    db.execute(f"UPDATE entries SET {column} = ? WHERE seq = ?", [value, seq])
    assert f"Dòng {seq} " in problems(filled)


def test_a_removed_row_is_named(filled: World) -> None:
    filled.installation.database().execute("DELETE FROM entries WHERE seq = 7")
    assert "Thiếu dòng 7" in problems(filled)


def test_an_inserted_row_is_named(filled: World) -> None:
    db = filled.installation.database()
    last = db.execute("SELECT max(seq) FROM entries").fetchone()[0]
    columns = [row[1] for row in db.execute("PRAGMA table_info(entries)")][2:]
    db.execute(
        f"INSERT INTO entries SELECT ?, 'ffffffff-ffff-7fff-bfff-ffffffffffff', {', '.join(columns)} "
        "FROM entries WHERE seq = 5",
        [last + 1],
    )
    assert f"Dòng {last + 1} " in problems(filled)


def test_a_cut_tail_shows_against_an_anchor_only(filled: World) -> None:
    head = filled.installation.journal().head()
    db = filled.installation.database()
    db.execute("DELETE FROM entries WHERE seq > 6")
    db.execute("DELETE FROM superseded")
    assert problems(filled) == ""
    assert "đã bị cắt" in problems(filled, Anchor("Biên nhận", head.seq, head.hash))


def test_a_recomputed_chain_shows_against_an_anchor_only(filled: World) -> None:
    head = filled.installation.journal().head()
    store = filled.installation.journal().store
    db = filled.installation.database()
    db.execute("UPDATE entries SET author = 'ai-do' WHERE seq = 8")
    previous = store.genesis()
    for row in db.execute("SELECT * FROM entries ORDER BY seq").fetchall():
        receipt = Receipt(row["seq"], row["received_at"], row["uploader"])
        previous = link(previous, entry_of(row).header(), receipt, row["digest"])
        db.execute("UPDATE entries SET hash = ? WHERE seq = ?", [previous, row["seq"]])
    assert problems(filled) == ""
    assert "tính lại" in problems(filled, Anchor("Bản sao lưu", head.seq, head.hash))


def test_changed_edges_show(filled: World) -> None:
    filled.installation.database().execute("DELETE FROM superseded")
    assert "superseded" in problems(filled)


def test_erasing_a_value_keeps_the_chain(filled: World) -> None:
    journal = filled.installation.journal()
    entry = journal.current(f"{ITEM}@s3")[0]
    head = journal.head()
    with writing(journal.db):
        assert journal.store.erase(entry.id) == f"{ITEM}@s3"
    assert problems(filled, Anchor("Biên nhận", head.seq, head.hash)) == ""
    assert journal.current(f"{ITEM}@s3")[0].value is None
    pulled = [one for one in journal.store.pull("inspection/cuoc-1", 0, 100) if one["id"] == entry.id]
    assert pulled[0]["value"] is None
    assert pulled[0]["erased"] is True


def test_an_erased_entry_pushed_again_is_known_and_stays_erased(filled: World) -> None:
    journal = filled.installation.journal()
    again = make_entry(f"{ITEM}@s20", answer_value(), filled.accounts["binh"])
    journal.push([again], filled.who("binh"))
    with writing(journal.db):
        journal.store.erase(again["id"])
    assert [result.status for result in journal.push([again], filled.who("binh"))] == ["known"]
    assert journal.current(f"{ITEM}@s20")[0].value is None


def test_rebuilding_gives_identical_tables(filled: World) -> None:
    journal = filled.installation.journal()

    def dump() -> bytes:
        tables = [kind.table.name + "_current" for kind in journal.registry.kinds] + ["superseded"]
        rows = {
            name: [[repr(part) for part in row] for row in journal.db.execute(f"SELECT * FROM {name} ORDER BY 1, 2")]
            for name in tables
        }
        return orjson.dumps(rows)

    before = dump()
    with writing(journal.db):
        journal.db.execute("DELETE FROM answers_current")
        journal.db.execute("DELETE FROM superseded")
        journal.store.rebuild()
    assert dump() == before
