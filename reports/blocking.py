"""Runs the signing library from ordinary code: its coroutines to their end, its searches within a time."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

# The library logs the names of certificate holders, which have no place in a log of ours. Whatever it has to
# say reaches the caller as an error or as part of the verdict.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


def run_to_end(coroutine: Coroutine[Any, Any, T]) -> T:
    """The coroutine's result; works also where the calling thread has an event loop of its own."""
    if not _in_loop():
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def _in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class DeadlineError(Exception):
    """The time was up before the result was there."""


class _TimeIsUp(BaseException):  # not an error to be caught on the way by whoever catches all
    """Thrown into the thread that took too long."""


def within(seconds: float, function: Callable[[], T]) -> T:
    """The function's result, if it has one in time.

    A hostile file can make the library follow its references for years. The work runs in a thread of its own,
    which is interrupted at the next instruction of Python; single calls into C are bounded by the file's size.

    Raises:
        DeadlineError: it took longer.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(function())
        except BaseException as error:  # noqa: BLE001 # raised again where it is waited for
            errors.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(seconds)
    if worker.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident or 0), ctypes.py_object(_TimeIsUp))
        worker.join(seconds)
        raise DeadlineError
    if errors:
        raise errors[0]
    return results[0]
