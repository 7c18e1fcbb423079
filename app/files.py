"""Writing files so that they are there whole, or not at all, also after a power cut."""

from __future__ import annotations

import os
import secrets
from hashlib import file_digest
from pathlib import Path


def write_atomically(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file through a temporary one in the same directory; durable when this returns."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; read in blocks, whatever its size."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def sync_directory(path: Path) -> None:
    """Make names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
