"""How rooms teach the journal their subjects: a ``Kind`` each, in one ``Registry``.

The journal knows no room. A Kind says which subjects it speaks of, of which class they are, which shapes
their values may have, who may write them, and into which derived table their current values go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from pydantic import BaseModel

from app.journal.entry import Entry


class SubjectClass(Enum):
    """FIELD: many values may be current, differing ones are a disagreement. OFFICE: compare-and-set."""

    FIELD = "field"
    OFFICE = "office"


class Writer(Protocol):
    """Whose session brings an entry. Rooms add what their rights need."""

    @property
    def account(self) -> str: ...


Groups = Mapping[str, str | None]
"""The named parts of a subject, such as ``{"inspection": …, "item": …, "site": None}``."""

Check = Callable[[Any, Entry, Groups], None]
"""Raises a KiemtraError when this writer may not write this entry, or its value is wrong."""


ValueCheck = Callable[[Any, Groups, Any], None]
"""Raises a KiemtraError when a value does not fit what it speaks of: (writer, parts of the subject, value)."""


@dataclass(frozen=True)
class Table:
    """A derived table: one row per current entry.

    Attributes:
        name: table name.
        columns: parts of the value that become columns, with their SQL type; ``file.sha256`` becomes
            ``file_sha256``.
        indexes: column lists worth an index.
    """

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    indexes: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Kind:
    """One family of subjects.

    Attributes:
        name: for messages and the OpenAPI document.
        pattern: regular expression of the whole subject; its named groups become columns.
        subject_class: FIELD or OFFICE.
        shapes: a model per shape version ever released.
        may_write: refuses by raising.
        table: where current values are found.
        check: further tests of a value, read by its shape, that the shape cannot say.
        withdrawable: whether ``null`` may be written.
    """

    name: str
    pattern: re.Pattern[str]
    subject_class: SubjectClass
    shapes: Mapping[int, type[BaseModel]]
    may_write: Check
    table: Table
    check: ValueCheck | None = None
    withdrawable: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the subject's parts, in their order."""
        return tuple(self.pattern.groupindex)


class Registry:
    """All Kinds of the application, in order of how often they are written."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds = tuple(kinds)
        if len({kind.table.name for kind in self.kinds}) != len(self.kinds):
            raise ValueError("two Kinds share a derived table")

    def match(self, subject: str) -> tuple[Kind, Groups] | None:
        """The Kind a subject belongs to, with the subject's named parts."""
        for kind in self.kinds:
            found = kind.pattern.fullmatch(subject)
            if found:
                return kind, found.groupdict()
        return None
