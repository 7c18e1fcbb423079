"""What a hostile file might make its reader do; run in a bounded child by the tests of it."""

from __future__ import annotations

import ctypes
import re
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

from reports.signing.signing_errors import TrustRootError


def size(data: bytes) -> int:
    return len(data)


def told(data: bytes, moment: datetime) -> tuple[datetime, frozenset[str], dict[str, bytes]]:
    return moment.astimezone(UTC), frozenset({"a"}), {"data": data}


def calls_out(port: int) -> list[str]:
    """Python's own way, then the C library's, which no audit hook of Python sees."""
    refused = []
    for attempt in (lambda: socket.create_connection(("127.0.0.1", port)), socket.socket):
        try:
            attempt()
        except OSError as error:
            refused.append(type(error).__name__)
    if ctypes.CDLL(None).socket(2, 1, 0) == -1:
        refused.append("libc")
    return refused


def spins_in_c(_data: bytes) -> bool:
    return bool(re.match(r"(a+)+$", "a" * 60 + "b"))


def hoards(_data: bytes) -> int:
    return len(bytearray(600_000_000))


def falls_over(_data: bytes) -> bytes:
    return ctypes.string_at(0)


def forks(_data: bytes) -> int:
    return int(ctypes.CDLL(None).fork())


def writes(path: str) -> None:
    Path(path).write_bytes(b"kept")


def starts_a_thread(data: bytes) -> list[int]:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(len(data)))
    thread.start()
    thread.join()
    return found


def refuses(_data: bytes) -> None:
    raise TrustRootError("Một câu.")


def errs(_data: bytes) -> None:
    raise KeyError("x")


class Sneaky:
    """Would act by being unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit",))


def sends_code(_data: bytes) -> Sneaky:
    return Sneaky()


def address_space(_data: bytes) -> int:
    """Of the child, in bytes."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    return int(pages) * 4096
