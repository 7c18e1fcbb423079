"""Babel's way into the tablet's texts: they stand in one JSON of keys and Vietnamese sentences."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO


def extract(
    file: BinaryIO,
    keywords: Collection[str],  # noqa: ARG001 (Babel's interface)
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Each sentence as a message: its context is the key, its id the Vietnamese text."""
    for line, pair in enumerate(json.load(file).items(), start=2):
        yield line, "pgettext", pair, []
