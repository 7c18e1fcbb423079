"""The optimistic lock of forms: a form carries the entry ids that it showed; what another person saved is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.accounts.manage import names_of
from app.journal.journal import StaleError
from app.web import installation

Readable = Callable[[Mapping[str, Any]], Mapping[str, str]]
"""Turns a value into labelled text, for people to compare."""


@dataclass(frozen=True)
class Conflict:
    """What another person saved while this form was open.

    Attributes:
        author: shown name of the other person.
        differences: label, what is saved now, what was typed here.
    """

    author: str
    differences: tuple[tuple[str, str, str], ...]


def seen_in(text: str | None) -> list[str]:
    """Entry ids of a form's hidden field."""
    return (text or "").split()


def seen_text(ids: list[str]) -> str:
    """Entry ids for a form's hidden field."""
    return " ".join(ids)


def conflict_of(error: StaleError, typed: Mapping[str, Any], readable: Readable) -> tuple[Conflict, str]:
    """What to show after a refused save, and the hidden field for saving over it knowingly."""
    current = error.details["current"]
    saved = current[-1]["value"] if current else None
    author = names_of(installation().database()).get(current[-1]["author"], "Người khác") if current else "Người khác"
    theirs, mine = readable(saved or {}), readable(typed)
    labels = list(dict.fromkeys([*theirs, *mine]))
    differences = tuple(
        (label, theirs.get(label, ""), mine.get(label, ""))
        for label in labels
        if theirs.get(label, "") != mine.get(label, "")
    )
    return Conflict(author, differences), seen_text([entry["id"] for entry in current])
