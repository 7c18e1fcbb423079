"""Evidence bytes, kept by their SHA-256 under ``evidence/ab/<sha256>``; names are labels, never paths."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from sqlite_utils import Database

from app.clock import Clock, iso
from app.database import writing
from app.errors import NotFoundError, TooLargeError, UnprocessableError
from app.evidence.header import picture_header
from app.evidence.picture import LONGEST_SIDE, Marks, composed, layer_key
from app.files import file_sha256, sync_directory, write_atomically

SHA256 = re.compile(r"[0-9a-f]{64}")
MAX_PIXELS = 200_000_000
MAX_PIXELS_UNSCALED = 30_000_000
"""JPEG alone can be read smaller than it is; a larger PNG or WebP would not fit into a file's share of memory."""


class HashMismatchError(UnprocessableError):
    """The bytes are not what their name says: a broken transfer."""

    code = "hash_mismatch"


class UnknownTypeError(UnprocessableError):
    """Not a picture nor a PDF, whatever the sender called it."""

    code = "unknown_type"


def sniff(data: bytes) -> str:
    """The type of a file by its bytes: JPEG, PNG, WebP or PDF.

    Raises:
        UnknownTypeError: with what to do.
    """
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    found = picture_header(data)
    if found is None:
        raise UnknownTypeError(
            "Tệp không phải ảnh JPEG, PNG, WebP hoặc PDF đọc được; hãy chụp lại hoặc chuyển sang một trong các dạng đó."
        )
    kind, width, height = found
    if width * height > (MAX_PIXELS if kind == "image/jpeg" else MAX_PIXELS_UNSCALED):
        raise TooLargeError("Ảnh có quá nhiều điểm ảnh; hãy giảm cỡ ảnh rồi gửi lại.", pixels=width * height)
    return kind


class EvidenceStorage:
    """Files by hash, with their record in ``files``."""

    def __init__(self, root: Path, db: Database, clock: Clock) -> None:
        self.root = root
        self.db = db
        self.clock = clock

    def path(self, digest: str) -> Path:
        """Where the bytes of a hash lie.

        Raises:
            NotFoundError: the name is no SHA-256.
        """
        if not SHA256.fullmatch(digest):
            raise NotFoundError("Mã tệp không đúng dạng SHA-256.")
        return self.root / digest[:2] / digest

    def scaled_path(self, digest: str, layer: str = "", longest: int = LONGEST_SIDE) -> Path:
        """Where a smaller copy of a photo lies once it was made; one for each layer that was drawn over it."""
        original = self.path(digest)
        size = "" if longest == LONGEST_SIDE else f"@{longest}"
        name = f"{digest}-{layer}{size}.jpg" if layer else f"{digest}{size}.jpg"
        return self.root.parent / "scaled" / original.parent.name / name

    def put(self, digest: str, data: bytes, uploader: str) -> bool:
        """Store bytes under their hash; durable when this returns. False where they were there already.

        Raises:
            HashMismatchError, UnknownTypeError: nothing was written.
        """
        path = self.path(digest)
        if sha256(data).hexdigest() != digest:
            raise HashMismatchError("Tệp bị hỏng trên đường truyền; máy sẽ gửi lại.", sha256=digest)
        if self.holds(digest):
            return False
        kind = sniff(data)
        if not path.parent.exists():
            path.parent.mkdir(exist_ok=True)
            sync_directory(self.root)
        write_atomically(path, data, mode=0o640)
        with writing(self.db):
            self.db.execute(
                "INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?, ?)",
                [digest, kind, len(data), uploader, iso(self.clock())],
            )
        return True

    def holds(self, digest: str) -> bool:
        """Record and bytes are both there, whole."""
        row = self.db.execute("SELECT size FROM files WHERE sha256 = ?", [digest]).fetchone()
        path = self.path(digest)
        return row is not None and path.exists() and path.stat().st_size == row[0]

    def read(self, digest: str) -> tuple[bytes, str]:
        """Bytes and type of a file.

        Raises:
            NotFoundError: the instance does not hold it.
        """
        path, kind = self.path(digest), self.type_of(digest)
        if kind is None or not path.exists():
            raise NotFoundError("Máy chủ chưa có tệp này.")
        return path.read_bytes(), kind

    def type_of(self, digest: str) -> str | None:
        """The type of a file by its record; None where there is none."""
        row = self.db.execute("SELECT type FROM files WHERE sha256 = ?", [digest]).fetchone()
        return row[0] if row else None

    def copy(self, digest: str, marks: Marks = (), longest: int = LONGEST_SIDE) -> bytes:
        """The copy of a photo that is shown and issued, with its layer; made once and kept.

        Args:
            digest: of the original.
            marks: the layer.
            longest: pixels of the copy's longer side.

        Raises:
            NotFoundError, UnreadablePictureError: there is no such picture.
        """
        target = self.scaled_path(digest, layer_key(marks), longest)
        if target.exists():
            return target.read_bytes()
        made = composed(self.read(digest)[0], marks, longest)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, made, mode=0o640)
        return made


def damaged(storage: EvidenceStorage) -> list[str]:
    """Hashes whose bytes are missing or no longer match."""
    rows = storage.db.execute("SELECT sha256 FROM files ORDER BY sha256")
    return [row[0] for row in rows if not _intact(storage.path(row[0]), row[0])]


def _intact(path: Path, digest: str) -> bool:
    return path.exists() and file_sha256(path) == digest
