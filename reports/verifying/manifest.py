"""Reads the statement of facts that is attached to an issued PDF, from files that anybody may have made."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

MANIFEST_NAME = "manifest.json"

_MAX_BYTES = 32 * 1024 * 1024
_MAX_FILES = 1_000
_MAX_NODES = 1_000


def read_manifest(reader: PdfFileReader) -> dict[str, Any] | None:
    """The attached manifest, or None if there is none, more than one, or it cannot be read.

    A file named `manifest.json` is taken; failing that, the only attached JSON file.
    """
    try:
        files = list(_attached(_at(_at(reader.root, "/Names"), "/EmbeddedFiles")))
        named = [spec for name, spec in files if name == MANIFEST_NAME]
        others = [spec for name, spec in files if name.lower().endswith(".json")]
        candidates = named or others
        return _parse(candidates[0]) if len(candidates) == 1 else None
    except Exception:  # noqa: BLE001 # whatever is wrong with a stranger's file, there is no manifest then
        return None


def manifest_of(pdf: bytes) -> dict[str, Any] | None:
    """The manifest of a file, signed or not; None if there is none or the file cannot be read."""
    try:
        return read_manifest(PdfFileReader(io.BytesIO(pdf), strict=False))
    except Exception:  # noqa: BLE001 # likewise
        return None


def _at(node: Any, key: str) -> Any:
    """What stands under a key, references followed; None where there is nothing."""
    return node[key] if node is not None and key in node else None


def _attached(tree: Any) -> Iterator[tuple[str, Any]]:
    """The names and file specifications of a name tree; of a hostile one, the first nodes only."""
    nodes = [tree] if tree is not None else []
    for _visit in range(_MAX_NODES):
        if not nodes:
            return
        node = nodes.pop(0)
        names = _at(node, "/Names") or []
        for position in range(0, min(len(names), 2 * _MAX_FILES) - 1, 2):
            spec = names[position + 1]
            yield str(_at(spec, "/UF") or _at(spec, "/F") or names[position]), spec
        kids = _at(node, "/Kids") or []
        nodes += [kids[position] for position in range(min(len(kids), _MAX_NODES - len(nodes)))]


def _parse(spec: Any) -> dict[str, Any] | None:
    files = spec["/EF"]
    data = files["/F" if "/F" in files else "/UF"].data
    if len(data) > _MAX_BYTES:
        return None
    parsed = json.loads(data)
    return parsed if isinstance(parsed, dict) else None
