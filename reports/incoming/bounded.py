"""Runs a function on a stranger's file in a process of its own, bounded in time and memory, without a network.

Rules that this module keeps:

- the kernel ends the child when its time is up, also in the midst of a C library (``reports/incoming/confinement.py``);
- the child has nothing but the arguments; only plain values and our own dataclasses and errors come back from it;
- whatever goes wrong in it becomes one ``BoundedError`` with one sentence, never a crash of ours;
- at most so many children at once: whoever comes later waits, and is told so if it takes too long.

Why one template process and not a thread, ``spawn`` or ``python -m`` per file: a thread shares our memory and cannot be
stopped within C; a fresh interpreter needs half a second only to import the signature library; forking a process
with threads is unsafe. The template has no threads and has imported what it needs: a child costs milliseconds.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import dataclasses
import datetime as dt
import enum
import importlib
import io
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, TypeVarTuple

from reports.incoming.bounded_child import OURS, receive, send

Given = TypeVarTuple("Given")
T = TypeVar("T")

SECONDS = 9.0
MEMORY = 500_000_000
MOST_AT_ONCE = 3
PATIENCE = 20.0
_LARGEST_RESULT = 64 * 1024 * 1024
_GRACE = 2.0
log = logging.getLogger(__name__)


class BoundedError(Exception):
    """A stranger's file that could not be read within the bounds.

    Attributes:
        code: stable identifier for programs.
        message: Vietnamese sentence for people, with what to do next.
    """

    code: ClassVar[str] = "file_unreadable"
    text: ClassVar[str] = "Tệp bị hỏng hoặc có cấu trúc bất thường nên không đọc được; hãy dùng lại tệp gốc."

    def __init__(self) -> None:
        super().__init__(self.text)
        self.message = self.text


class TookTooLongError(BoundedError):
    """The time was up."""

    code = "file_too_tangled"
    text = "Tệp có cấu trúc rối bất thường nên không đọc xong trong thời gian cho phép; hãy dùng lại tệp gốc."


class TookTooMuchMemoryError(BoundedError):
    """The file unfolds to more than the memory that one file may take."""

    code = "file_too_big_unpacked"
    text = "Tệp bung ra quá lớn nên không đọc được; hãy dùng lại tệp gốc hoặc giảm cỡ ảnh trong tệp."


class BusyError(BoundedError):
    """Too many files are being read at this moment."""

    code = "too_many_files"
    text = "Máy chủ đang kiểm tra nhiều tệp cùng lúc; hãy đợi một phút rồi thử lại."


class _Plain(pickle.Unpickler):
    """Takes plain values, times, and classes of data and errors of ours: nothing that could act by being read."""

    def find_class(self, module: str, name: str) -> Any:
        found: Any = None
        if module.startswith(OURS) or module == "datetime":
            found = getattr(importlib.import_module(module), name, None)
        elif module == "builtins":
            found = getattr(builtins, name, None)
        if not isinstance(found, type) or not _is_data(found, module):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found


def _is_data(found: type, module: str) -> bool:
    if module == "builtins":
        return found in {frozenset, set, bytearray, complex} or issubclass(found, Exception)
    if module == "datetime":
        return found in {dt.datetime, dt.date, dt.time, dt.timedelta, dt.timezone}
    return dataclasses.is_dataclass(found) or issubclass(found, enum.Enum | Exception | tuple)


class _Template:
    """The process that forks a child for each task; started at the first one, and again should it be gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._orders: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def order(self, order: bytes, task: socket.socket) -> None:
        with self._lock:
            for attempt in (1, 2):
                if self._orders is None or self._owner != os.getpid():
                    self._start()
                try:
                    socket.send_fds(self._orders_socket(), [order], [task.fileno()])
                except OSError:
                    self._orders_socket().close()
                    self._orders = None
                    if attempt == 2:
                        raise
                else:
                    return

    def _orders_socket(self) -> socket.socket:
        if self._orders is None:
            raise BoundedError
        return self._orders

    def _start(self) -> None:
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its:
            command = [sys.executable, "-P", "-m", "reports.incoming.bounded_child", str(its.fileno())]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
            self._process = subprocess.Popen(  # noqa: S603 (our own module)
                command, pass_fds=[its.fileno()], env=environment, stdin=subprocess.DEVNULL
            )
        self._orders, self._owner = ours, os.getpid()

    def close(self) -> None:
        if self._owner == os.getpid() and self._orders is not None and self._process is not None:
            self._orders.close()
            self._orders = None
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE)


_template = _Template()
_places = threading.BoundedSemaphore(MOST_AT_ONCE)
atexit.register(_template.close)


def bounded(function: Callable[[*Given], T], *args: *Given, seconds: float = SECONDS, memory: int = MEMORY) -> T:
    """The function's result, computed where the file can do no harm.

    Args:
        function: at the top level of one of our modules; it may be run anywhere, with nothing but its arguments.
        *args: plain values, bytes, our dataclasses.
        seconds: time that it may take, by the clock.
        memory: bytes of memory that it may have, interpreter and libraries (some 150 MB) included.

    Raises:
        BoundedError: took too long, took too much, fell over, or too many others are at it.
        Exception: an error of ours that the function raised itself.
    """
    if not _places.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        return _opened(_run(function, args, seconds, memory))  # type: ignore[return-value]
    finally:
        _places.release()


def _run(function: Callable[..., Any], args: tuple[Any, ...], seconds: float, memory: int) -> bytes:
    ours, its = socket.socketpair()
    with ours:
        with its:
            order = pickle.dumps((function.__module__, function.__qualname__, seconds, memory))
            _template.order(order, its)
        ours.settimeout(PATIENCE)
        child, started = 0, time.monotonic()
        try:
            child = int(_read(receive(ours, most=100)))
            send(ours, pickle.dumps(args))
            started = time.monotonic()
            ours.settimeout(seconds + _GRACE)
            return receive(ours, most=_LARGEST_RESULT)
        except TimeoutError:
            _end(child)
            raise TookTooLongError from None
        except (OSError, EOFError):
            raise (TookTooLongError if time.monotonic() - started >= seconds else BoundedError) from None


def _end(child: int) -> None:
    """Of a child that still holds its socket, so that its number cannot have gone to another process."""
    if child:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)


def _opened(result: bytes) -> object:
    kind, value = _read(result)
    if kind == "value":
        return value
    if kind == "memory":
        raise TookTooMuchMemoryError
    if kind == "error":
        kind, args, state = value
        raise _error_of(kind, args, state)
    log.warning("a file made its reader fall over: %s", value)
    raise BoundedError


def _error_of(kind: type[Exception], args: tuple[Any, ...], state: dict[str, Any]) -> Exception:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


def _read(data: bytes) -> Any:
    try:
        return _Plain(io.BytesIO(data)).load()
    except Exception as error:
        log.warning("what came back was not plain: %s", error)
        raise BoundedError from error
