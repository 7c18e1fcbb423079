"""Another build of the tablet's client, as a deployment would put it in the place of the present one."""

from __future__ import annotations

import re
from pathlib import Path

PARTS = ("app", "screens", "vi")


def another_build(static: Path, mark: str) -> dict[str, str]:
    """Shell, worker, both scripts and the texts by their new names, each speaking of the others by these.

    Args:
        static: the present build.
        mark: what stands in the new names, and in the name of the new worker's cache.
    """
    worker = (static / "sw.js").read_text("utf-8")
    names = {name: f"{part}-{mark}{Path(name).suffix}" for part in PARTS for name in _named(part, worker)}
    build = {"index.html": (static / "index.html").read_text("utf-8"), "sw.js": _recached(worker, mark)}
    build |= {new: (static / old).read_text("utf-8") for old, new in names.items()}
    return {name: _rename(text, names) for name, text in build.items()}


def _named(part: str, worker: str) -> set[str]:
    found = set(re.findall(rf"\b{part}-[\w-]+\.(?:json|js)", worker))
    if len(found) != 1:
        raise AssertionError(f"{part}: {sorted(found)}")
    return found


def _recached(worker: str, mark: str) -> str:
    return re.sub(r"field-[0-9a-f]{12}", f"field-{mark}", worker)


def _rename(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(old, new)
    return text
