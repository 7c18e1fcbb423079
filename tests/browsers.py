"""The processes of browsers: found below ours, and killed when they answer no more."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Kill every Chromium that this process has started when the block takes longer.

    Playwright waits for ever for a browser that answers no more; killed, it becomes an error at the waiting line.
    """
    watchdog = threading.Timer(seconds, kill_browsers)
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def kill_browsers() -> None:
    """SIGKILL to every Chromium that this process has started."""
    kill([pid for pid in family(os.getpid()) if b"chromium" in command(pid).partition(b"\0")[0]])


def kill(processes: list[int]) -> None:
    """SIGKILL to those that are still there."""
    for pid in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def command(pid: int) -> bytes:
    """A process's command line, its words ended by NUL; empty where it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for known in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{known}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found
