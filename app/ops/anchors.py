"""Anchors: the journal's head noted outside the database, in ``anchors.jsonl`` and in issued papers.

Only appended to. A cut tail or a recomputed chain contradicts them (``kiemtra journal verify``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from app.clock import iso
from app.installation import Installation
from app.journal.verify import Anchor

LABELS = {"receipt": "Biên nhận đồng bộ", "backup": "Bản sao lưu", "document": "Văn bản đã ban hành"}


def note_anchor(installation: Installation, kind: str, reference: str, head: dict[str, Any]) -> None:
    """Append the head to the instance's anchors."""
    line = {"kind": kind, "ref": reference, "at": iso(installation.clock()), **head}
    with installation.anchors_path.open("ab") as stream:
        stream.write(orjson.dumps(line) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def anchors_in(path: Path) -> Iterator[Anchor]:
    """Anchors of an ``anchors.jsonl``; a torn last line (power cut) is passed over."""
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            noted = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        label = LABELS.get(noted.get("kind"), "Mốc neo")
        yield Anchor(f"{label} {noted.get('ref', '')} lúc {noted.get('at', '')}", noted["seq"], noted["hash"])
