"""The other side of ``reports/incoming/bounded.py``: a small process that forks one confined child for each task.

Started as ``python -m reports.incoming.bounded_child FD`` with its end of a socket. It has no threads, so forking it
is safe, which forking a server with threads is not; and what a task needs is imported here once, so that a child
costs milliseconds. It ends when the other end of the socket is closed.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reports.incoming.confinement import confine

HEADER = struct.Struct(">Q")
LONGEST_ORDER = 4096
OURS = ("app.", "checklists.", "reports.")


def main(descriptor: int) -> None:
    """Take orders (one datagram each: a task's name with its socket) until nobody can give any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    orders = socket.socket(fileno=descriptor)
    while True:
        order, sockets, _flags, _address = socket.recv_fds(orders, LONGEST_ORDER, 1)
        if not order:
            return
        task = socket.socket(fileno=sockets[0])
        _load(order)
        if os.fork() == 0:
            orders.close()
            _serve(task, order)
        task.close()


def _load(order: bytes) -> None:
    """Import what the task needs before forking; a failure is the child's to report."""
    with contextlib.suppress(Exception):
        importlib.import_module(pickle.loads(order)[0])  # noqa: S301 (from our own process)
    gc.collect()
    gc.freeze()


def _serve(task: socket.socket, order: bytes) -> None:
    """The child's whole life."""
    code = 1
    try:
        module, name, seconds, memory = pickle.loads(order)  # noqa: S301 (from our own process)
        function = getattr(importlib.import_module(module), name)
        send(task, pickle.dumps(os.getpid()))
        arguments = pickle.loads(receive(task))  # noqa: S301 (from our own process; bytes within stay bytes)
        confine(seconds, memory)
        send(task, _result(function, arguments))
        code = 0
    finally:
        os._exit(code)


def _result(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps(("value", function(*arguments)))
    except MemoryError:
        gc.collect()
        return pickle.dumps(("memory", None))
    except Exception as error:  # noqa: BLE001 (raised again where it is waited for)
        if type(error).__module__.startswith(OURS):
            # Taken apart: an error whose __init__ takes other arguments cannot be put together by pickle.
            return pickle.dumps(("error", (type(error), error.args, vars(error))))
        return pickle.dumps(("crash", _where(error)))


def _where(error: Exception) -> str:
    """Kind and place of an error, without its text, which may quote the file."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"


def send(to: socket.socket, data: bytes) -> None:
    """One message: its length, then its bytes."""
    to.sendall(HEADER.pack(len(data)))
    to.sendall(data)


def receive(source: socket.socket, most: int = 1 << 40) -> bytes:
    """One message.

    Raises:
        EOFError: the other side is gone, or wants to send more than is taken.
    """
    (length,) = HEADER.unpack(_exactly(source, HEADER.size))
    if length > most:
        raise EOFError(length)
    return bytes(_exactly(source, length))


def _exactly(source: socket.socket, length: int) -> bytearray:
    data = bytearray(length)
    view, filled = memoryview(data), 0
    while filled < length:
        count = source.recv_into(view[filled:])
        if count == 0:
            raise EOFError(filled)
        filled += count
    return data


if __name__ == "__main__":
    main(int(sys.argv[1]))
