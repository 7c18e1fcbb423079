"""Who is asked to fill what, and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.inspections.progress import Asked, Progress, Scope, Verdicts, progress
from checklists.model import Item


@dataclass(frozen=True)
class Share:
    """A member's part of an inspection.

    Attributes:
        member: as in the setup.
        given: titles of checklists and fields of work; empty where the member is asked everything.
        progress: of the items that are the member's own, by whomever they were answered.
    """

    member: Mapping[str, Any]
    given: tuple[str, ...]
    progress: Progress


def own_items(member: Mapping[str, Any], asked: Sequence[Asked]) -> list[Item]:
    """The items that a member is asked: by checklist, by lĩnh vực, or all where nothing was given."""
    packs, areas = set(member.get("checklists") or ()), set(member.get("areas") or ())
    everything = not packs and not areas
    return [
        item
        for one in asked
        for item in one.items
        if everything or one.pack.id in packs or one.pack.area_of(item) in areas
    ]


def shares(scope: Scope, asked: Sequence[Asked], verdicts: Verdicts) -> list[Share]:
    """Every member's part, in the order of the setup."""
    titles = {one.pack.id: one.pack.title for one in asked}
    return [
        Share(
            member,
            (*(member.get("areas") or ()), *(titles.get(pack, pack) for pack in member.get("checklists") or ())),
            progress(own_items(member, asked), scope.sites, verdicts),
        )
        for member in scope.setup.get("members", ())
    ]
