"""Runs the signing library from ordinary code: its coroutines to their end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
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
