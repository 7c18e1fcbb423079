"""Backup into one file, restore into an empty instance, every hash read back.

The archive is a plain tar: ``manifest.json`` first (hash of every member, the journal's head), then the
database snapshot, evidence, issued papers, imported checklists, settings and anchors. Keys are not in it: they
go into a file of their own, so that a backup can lie where a key must not.
"""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from app.clock import Clock, iso
from app.database import open_database
from app.errors import InvalidInputError
from app.files import file_sha256, sync_directory
from app.identity import Identity
from app.installation import Installation
from app.journal.journal import Journal
from app.journal.verify import Anchor, verify
from app.kinds import REGISTRY
from app.ops.anchors import note_anchor

FORMAT = "kiemtra-backup-1"
FOLDERS = ("evidence", "issued", "checklists")
FILES = ("config.toml", "anchors.jsonl")
_MEMBER = re.compile(r"(kiemtra\.db|config\.toml|anchors\.jsonl|(evidence|issued|checklists|keys)/[A-Za-z0-9@._/-]+)")
BLOCK = 1 << 20


class BadBackupError(InvalidInputError):
    """The file is no whole backup of ours."""

    code = "bad_backup"


class NotEmptyError(InvalidInputError):
    """Restoring over data would lose it."""

    code = "not_empty"


@dataclass(frozen=True)
class BackupReport:
    """What was written or read back."""

    files: int
    entries: int
    head: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {"files": self.files, "entries": self.entries, "head": self.head}


def backup(installation: Installation, target: Path, keys_target: Path | None = None) -> BackupReport:
    """Write a backup; the target appears only when it is whole.

    Raises:
        InvalidInputError: the target exists already.
    """
    for path in (target, keys_target):
        if path is not None and path.exists():
            raise InvalidInputError(f"«{path}» đã có; hãy chọn tên tệp khác để không ghi đè bản sao lưu cũ.")
    with TemporaryDirectory(dir=target.resolve().parent, prefix=".kiemtra-backup-") as folder:
        snapshot = Path(folder) / "kiemtra.db"
        installation.database().execute("VACUUM INTO ?", [str(snapshot)])
        head = _head_of(snapshot, installation.clock)
        note_anchor(installation, "backup", target.name, head)
        members = {"kiemtra.db": snapshot, **dict(_members(installation.path))}
        manifest = {
            "format": FORMAT,
            "made_at": iso(installation.clock()),
            "head": head,
            "files": {name: file_sha256(path) for name, path in members.items()},
        }
        _write_archive(Path(folder) / "archive", manifest, members).replace(target)
        if keys_target is not None:
            keys = {f"keys/{path.name}": path for path in sorted((installation.path / "keys").iterdir())}
            keys_manifest = {"format": FORMAT, "files": {name: file_sha256(path) for name, path in keys.items()}}
            archive = _write_archive(Path(folder) / "keys", keys_manifest, keys)
            archive.chmod(0o600)
            archive.replace(keys_target)
    sync_directory(target.resolve().parent)
    return BackupReport(len(members), int(head["seq"]), head)


def restore(source: Path, instance: Path, *, clock: Clock, keys_source: Path | None = None) -> BackupReport:
    """Restore a backup into an empty instance, checking every hash from the disk.

    Raises:
        NotEmptyError: the instance holds data; nothing was touched.
        BadBackupError: the archive is damaged; nothing was left behind.
    """
    _require_empty(instance)
    instance.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=instance.resolve().parent, prefix=".kiemtra-restore-") as folder:
        fresh = Path(folder) / "instance"
        fresh.mkdir()
        manifest = _extract(source, fresh)
        if keys_source is not None:
            _extract(keys_source, fresh)
        _verify_head(fresh / "kiemtra.db", manifest["head"], clock)
        if instance.exists():
            shutil.rmtree(instance)
        fresh.replace(instance)
    Installation.create(instance, clock=clock)
    return BackupReport(len(manifest["files"]), int(manifest["head"]["seq"]), manifest["head"])


def head_in_backup(path: Path) -> Anchor:
    """The journal's head as a backup file states it."""
    with _opened(path) as archive:
        head = _read_manifest(archive, path)["head"]
    return Anchor(f"Bản sao lưu {path.name}", int(head["seq"]), str(head["hash"]))


def _members(root: Path) -> Iterator[tuple[str, Path]]:
    for name in FILES:
        if (root / name).exists():
            yield name, root / name
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            # Names that begin with a dot are writes under way.
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix(), path


def _write_archive(path: Path, manifest: dict[str, Any], members: dict[str, Path]) -> Path:
    with tarfile.open(path, "w") as archive:
        encoded = orjson.dumps(manifest, option=orjson.OPT_INDENT_2)
        info = tarfile.TarInfo("manifest.json")
        info.size = len(encoded)
        archive.addfile(info, io.BytesIO(encoded))
        for name, member in members.items():
            archive.add(member, name, recursive=False)
    return path


def _opened(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path, "r:")
    except (tarfile.TarError, OSError) as error:
        raise BadBackupError(f"«{path}» không phải là bản sao lưu của kiemtra hoặc đã hỏng.") from error


def _read_manifest(archive: tarfile.TarFile, path: Path) -> dict[str, Any]:
    try:
        first = archive.next()
        stream = archive.extractfile(first) if first and first.name == "manifest.json" else None
        manifest = orjson.loads(stream.read()) if stream else None
    except (tarfile.TarError, orjson.JSONDecodeError, OSError) as error:
        raise BadBackupError(f"«{path}» không phải là bản sao lưu của kiemtra hoặc đã hỏng.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadBackupError(f"«{path}» không phải là bản sao lưu của kiemtra.")
    return manifest


def _extract(source: Path, target: Path) -> dict[str, Any]:
    with _opened(source) as archive:
        manifest = _read_manifest(archive, source)
        expected: dict[str, str] = manifest["files"]
        try:
            for member in archive:
                if member.name != "manifest.json":
                    _extract_member(archive, member, target, expected)
        except (tarfile.TarError, OSError) as error:
            raise BadBackupError(f"«{source}» bị hỏng giữa chừng; hãy dùng bản sao lưu khác.") from error
    for name, digest in expected.items():
        if not (target / name).is_file() or file_sha256(target / name) != digest:
            raise BadBackupError(f"Tệp «{name}» trong bản sao lưu bị thiếu hoặc hỏng; hãy dùng bản sao lưu khác.")
    return manifest


def _extract_member(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path, expected: dict[str, str]) -> None:
    safe = _MEMBER.fullmatch(member.name) and ".." not in member.name.split("/") and member.isfile()
    stream = archive.extractfile(member) if safe and member.name in expected else None
    if stream is None:
        raise BadBackupError(f"Bản sao lưu có tệp lạ «{member.name}»; không khôi phục.")
    path = target / member.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as written:
        shutil.copyfileobj(stream, written, BLOCK)
    path.chmod(0o600 if member.name.startswith("keys/") else 0o640)


def _require_empty(instance: Path) -> None:
    database = instance / "kiemtra.db"
    if not database.exists():
        if instance.exists() and any(path.name != "README.md" for path in instance.iterdir()):
            raise NotEmptyError(f"«{instance}» không trống; hãy khôi phục vào một thư mục mới.")
        return
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        count = connection.execute("SELECT count(*) FROM entries").fetchone()[0]
    except sqlite3.Error as error:
        raise NotEmptyError(f"«{database}» không đọc được; hãy khôi phục vào một thư mục mới.") from error
    finally:
        connection.close()
    if count:
        raise NotEmptyError(f"«{instance}» đã có {count} ghi nhận; hãy khôi phục vào một thư mục mới.")


def _head_of(database: Path, clock: Clock) -> dict[str, Any]:
    db = open_database(database)
    try:
        head: dict[str, Any] = Journal[Identity](db, REGISTRY, clock).head().to_json()
        # The copy must be one file: no write-ahead log beside it.
        db.execute("PRAGMA journal_mode = DELETE")
    finally:
        db.close()
    return head


def _verify_head(database: Path, head: dict[str, Any], clock: Clock) -> None:
    db = open_database(database)
    try:
        store = Journal[Identity](db, REGISTRY, clock).store
        found = verify(store, [Anchor("Bản sao lưu", int(head["seq"]), str(head["hash"]))])
    except sqlite3.Error as error:
        raise BadBackupError("Cơ sở dữ liệu trong bản sao lưu không đọc được.") from error
    finally:
        db.close()
    if not found.ok:
        raise BadBackupError("Sổ ghi nhận trong bản sao lưu không nguyên vẹn: " + found.problems[0])
