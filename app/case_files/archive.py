"""The case file (hồ sơ kiểm tra) of one inspection as a ZIP with its list, in the order of the file's ten parts.

The archive is written while it is sent: at any moment one piece of one file is in memory. The list comes last in the
archive, because only then every hash is known; its name sorts first.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.case_files.pieces import Piece, pieces_of
from app.clock import VIETNAM
from app.errors import KiemtraError
from app.identity import Identity
from app.installation import Installation
from app.text import slug
from reports.composing.case_list import Listed, as_csv, as_docx, as_xlsx

_PACKED = {".pdf", ".jpg", ".jpeg", ".png", ".webp", ".docx", ".xlsx"}
LIST = "00_muc-luc-ho-so"


class _Sink(io.RawIOBase):
    """What the archive writes into; emptied after each piece. It cannot be gone back in."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def take(self) -> Iterator[bytes]:
        """Everything since the last time."""
        waiting, self.waiting = self.waiting, []
        yield from waiting


@dataclass
class _Writing:
    """An archive that is being made."""

    at: datetime
    used: set[str]

    def __post_init__(self) -> None:
        self.sink = _Sink()
        self.archive = zipfile.ZipFile(self.sink, "w")

    def name(self, piece: Piece, position: int) -> str:
        """A plain, unique name: part, number in the list, what it is."""
        stem = f"{piece.folder}/{position:03d}_{slug(piece.stem)}"
        found = f"{stem}{piece.suffix}"
        while found in self.used:
            stem += "-2"
            found = f"{stem}{piece.suffix}"
        self.used.add(found)
        return found

    def entry(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self.at.astimezone(VIETNAM).timetuple()[:6])
        stored = Path(name).suffix in _PACKED
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info


def case_name(title: str) -> str:
    """The archive's own name."""
    return f"ho-so_{slug(title)}.zip"


def stream_case(
    installation: Installation, inspection: str, who: Identity, *, originals: bool = False
) -> Iterator[bytes]:
    """The archive, piece by piece.

    Args:
        installation: where everything is.
        inspection: whose file.
        who: sees what goes into it.
        originals: photos as they were taken beside their covered copies, where this account may see them.
    """
    writing = _Writing(installation.clock(), set())
    listed: list[Listed] = []
    for piece in pieces_of(installation, inspection, who, originals=originals):
        line = piece.listed
        if piece.read is not None:
            name = writing.name(piece, len(listed) + 1)
            digest = hashlib.sha256()
            try:
                yield from _write(writing, name, piece.read, digest.update)
                line = replace(line, file=name, sha256=digest.hexdigest())
            except (OSError, KiemtraError):
                line = replace(line, note=f"{line.note}; tệp không đọc được trên máy chủ".lstrip("; "))
        listed.append(line)
    yield from _write_lists(writing, installation, inspection, listed)


def _write(
    writing: _Writing, name: str, read: Callable[[], Iterable[bytes]], note: Callable[[bytes], None]
) -> Iterator[bytes]:
    """One file; nothing of it is begun before its first bytes could be read."""
    chunks = iter(read())
    first = next(chunks, b"")
    with writing.archive.open(writing.entry(name), "w") as out:
        note(first)
        out.write(first)
        yield from writing.sink.take()
        for chunk in chunks:
            note(chunk)
            out.write(chunk)
            yield from writing.sink.take()
    yield from writing.sink.take()


def _write_lists(
    writing: _Writing, installation: Installation, inspection: str, listed: list[Listed]
) -> Iterator[bytes]:
    setup: Mapping[str, Any] = installation.journal().value(f"inspection/{inspection}/setup") or {}
    heading = f"Hồ sơ: {setup.get('title', inspection)}"
    about = f"{len(listed)} tài liệu; lập lúc {writing.at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
    body: Mapping[str, Any] = installation.journal().value(f"issuer/{setup.get('issuer', '')}") or {}
    kept = body.get("retention", "")
    made = {
        ".docx": as_docx(listed, heading, about, kept),
        ".xlsx": as_xlsx(listed, heading, kept),
        ".csv": as_csv(listed),
    }
    for suffix, data in made.items():
        writing.archive.writestr(writing.entry(f"{LIST}{suffix}"), data)
        yield from writing.sink.take()
    writing.archive.close()
    yield from writing.sink.take()
