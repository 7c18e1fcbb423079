"""Backup and restore: whole, or not at all."""

from __future__ import annotations

import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

from app.evidence.storage import EvidenceStorage, damaged
from app.installation import Installation
from app.journal.verify import verify
from app.ops.backup import BadBackupError, NotEmptyError, backup, restore
from app.ops.integrity import verify_journal
from tests.conftest import World, answer_value, make_entry
from tests.sync.test_api import photo

ITEM = "inspection/cuoc-1/answer/niem-yet.tthc-du-so-luong"


@pytest.fixture
def filled(world: World) -> World:
    world.setup()
    author = world.accounts["binh"]
    entries = [make_entry(f"{ITEM}@s{number}", answer_value(), author) for number in range(5)]
    world.installation.journal().push(entries, world.who("binh"))
    here = world.installation
    storage = EvidenceStorage(here.evidence_path, here.database(), here.clock)
    for colour in ("red", "green"):
        data = photo(colour)
        storage.put(sha256(data).hexdigest(), data, author)
    return world


def test_a_backup_restored_reads_back_every_hash(filled: World, tmp_path: Path) -> None:
    target, keys = tmp_path / "b.tar", tmp_path / "k.tar"
    report = backup(filled.installation, target, keys)
    assert keys.stat().st_mode & 0o077 == 0
    restored_path = tmp_path / "moi"
    restored = restore(target, restored_path, clock=filled.clock, keys_source=keys)
    assert restored.head == report.head == filled.installation.journal().head().to_json()
    here = Installation(restored_path, clock=filled.clock)
    storage = EvidenceStorage(here.evidence_path, here.database(), here.clock)
    assert damaged(storage) == []
    assert here.database().execute("SELECT count(*) FROM files").fetchone()[0] == 2
    assert verify_journal(here, [target]).ok
    assert here.secrets() == filled.installation.secrets()
    here.close()


def test_keys_are_not_in_the_backup(filled: World, tmp_path: Path) -> None:
    backup(filled.installation, tmp_path / "b.tar")
    with tarfile.open(tmp_path / "b.tar") as archive:
        assert [name for name in archive.getnames() if name.startswith("keys")] == []
    secret = filled.installation.secrets()[0].encode()
    assert secret not in (tmp_path / "b.tar").read_bytes()


def test_restoring_over_data_is_refused(filled: World, tmp_path: Path) -> None:
    backup(filled.installation, tmp_path / "b.tar")
    head = filled.installation.journal().head()
    with pytest.raises(NotEmptyError, match="đã có"):
        restore(tmp_path / "b.tar", filled.installation.path, clock=filled.clock)
    assert filled.installation.journal().head() == head
    (tmp_path / "khac").mkdir()
    (tmp_path / "khac" / "anh.jpg").write_bytes(b"x")
    with pytest.raises(NotEmptyError):
        restore(tmp_path / "b.tar", tmp_path / "khac", clock=filled.clock)


@pytest.mark.parametrize("position", [0.05, 0.3, 0.6, 0.9])
def test_a_damaged_backup_leaves_nothing_behind(filled: World, tmp_path: Path, position: float) -> None:
    backup(filled.installation, tmp_path / "b.tar")
    with tarfile.open(tmp_path / "b.tar") as archive:
        member = archive.getmembers()[1:][int(position * (len(archive.getmembers()) - 1))]
    data = bytearray((tmp_path / "b.tar").read_bytes())
    data[member.offset_data + member.size // 2] ^= 0x40
    (tmp_path / "b.tar").write_bytes(data)
    with pytest.raises(BadBackupError):
        restore(tmp_path / "b.tar", tmp_path / "moi", clock=filled.clock)
    assert not (tmp_path / "moi").exists()
    assert list(tmp_path.glob(".kiemtra-*")) == []


def test_a_cut_backup_and_a_foreign_file_are_refused(filled: World, tmp_path: Path) -> None:
    backup(filled.installation, tmp_path / "b.tar")
    data = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(data[: len(data) // 2])
    (tmp_path / "la.tar").write_bytes(b"khong phai tar" * 100)
    for name in ("cut.tar", "la.tar"):
        with pytest.raises(BadBackupError):
            restore(tmp_path / name, tmp_path / "moi", clock=filled.clock)


def test_an_existing_backup_is_not_overwritten(filled: World, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_bytes(b"cu")
    with pytest.raises(Exception, match="đã có"):
        backup(filled.installation, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_bytes() == b"cu"


def test_a_cut_tail_shows_against_a_backup(filled: World, tmp_path: Path) -> None:
    backup(filled.installation, tmp_path / "b.tar")
    db = filled.installation.database()
    db.execute("DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries)")
    filled.installation.anchors_path.unlink()
    assert verify(filled.installation.journal().store).ok
    verdict = verify_journal(filled.installation, [tmp_path / "b.tar"])
    assert "b.tar" in verdict.problems[0]
    assert "bị cắt" in verdict.problems[0]
