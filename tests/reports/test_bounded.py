"""The bounded child: whatever a file makes its reader do ends in one sentence, in time, and harms nobody."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from reports.incoming import bounded as bounding
from reports.incoming.bounded import BoundedError, BusyError, TookTooLongError, TookTooMuchMemoryError, bounded
from reports.signing.signing_errors import TrustRootError
from tests import bounded_tasks as tasks

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=7)))


def test_a_result_comes_back_as_it_is() -> None:
    assert bounded(tasks.told, b"x", NOON) == (NOON.astimezone(UTC), frozenset({"a"}), {"data": b"x"})


def test_many_bytes_go_in() -> None:
    assert bounded(tasks.size, bytes(60_000_000)) == 60_000_000


def test_a_child_that_spins_within_c_is_ended() -> None:
    bounded(tasks.size, b"")  # the template's own start is not what is measured
    started = time.monotonic()
    with pytest.raises(TookTooLongError, match="trong thời gian cho phép; hãy dùng lại tệp gốc"):
        bounded(tasks.spins_in_c, b"", seconds=0.5)
    # Where the kernel did not end it, we would wait for two seconds more.
    assert time.monotonic() - started < 2.4


def test_a_child_that_hoards_is_told_so() -> None:
    with pytest.raises(TookTooMuchMemoryError, match="bung ra quá lớn"):
        bounded(tasks.hoards, b"")


@pytest.mark.parametrize("task", [tasks.falls_over, tasks.errs, tasks.sends_code])
def test_a_child_that_falls_over_or_sends_what_is_not_plain_harms_nobody(task: object) -> None:
    with pytest.raises(BoundedError, match="bị hỏng hoặc có cấu trúc bất thường") as caught:
        bounded(task, b"")  # type: ignore[arg-type]
    assert type(caught.value) is BoundedError


def test_an_error_of_ours_is_raised_here() -> None:
    with pytest.raises(TrustRootError, match="Một câu"):
        bounded(tasks.refuses, b"")


def test_there_is_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert bounded(tasks.calls_out, port) == ["PermissionError", "PermissionError", "libc"]
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_there_are_no_children_of_the_child() -> None:
    assert bounded(tasks.forks, b"") == -1
    assert bounded(tasks.starts_a_thread, b"abc") == [3]


def test_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(BoundedError):
        bounded(tasks.writes, str(tmp_path / "kept"))
    assert (tmp_path / "kept").stat().st_size == 0


def test_several_threads_may_ask_at_once() -> None:
    answers: list[int] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(bounded(tasks.size, bytes(n)))) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(12))


def test_who_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounding, "PATIENCE", 0.05)
    monkeypatch.setattr(bounding, "_places", threading.BoundedSemaphore(1))
    assert bounding._places.acquire()
    with pytest.raises(BusyError, match="đợi một phút"):
        bounded(tasks.size, b"")


def test_a_template_that_was_killed_is_started_again() -> None:
    bounded(tasks.size, b"")
    process = bounding._template._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert bounded(tasks.size, b"ab") == 2


def test_the_program_itself_leaves_room_for_the_file() -> None:
    bounded(tasks.size, b"")
    assert bounded(tasks.address_space, b"") < bounding.MEMORY / 2
