"""Requirements that the lead put into one: which stand, and which were taken in.

The one that stands is written by him and names those it takes in (``absorbs``); withdrawing it brings them back. It
answers every finding of theirs. The tool's own proposals for findings that it answers are taken in too, whatever their
names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reports.composing.facts import ConclusionFacts
from reports.composing.prose import bare, due_day, inside
from reports.composing.requirements import Requirement, base_requirements, by_addressee, main_addressee
from reports.composing.sentences import Statement


def requirements(facts: ConclusionFacts, shortcomings: Sequence[Statement]) -> list[Requirement]:
    """All requirements, those that were taken in among them, in the paper's order."""
    joining, others = base_requirements(facts, shortcomings)
    return by_addressee(laid_together(joining, others), main_addressee(facts), shortcomings)


def laid_together(joining: Sequence[Requirement], others: Sequence[Requirement]) -> list[Requirement]:
    """All requirements; each taken in says into which."""
    everything = [*joining, *others]
    into: dict[str, str] = {}
    # The newest first: one that takes in a joined requirement names that one's members too.
    for one in sorted(joining, key=_written_at, reverse=True):
        into |= {other.id: one.id for other in everything if other.id not in into and _takes(one, other)}
    return [replace(_with_members(one, everything, into), into=into.get(one.id, "")) for one in everything]


def _written_at(one: Requirement) -> int:
    return max((entry.seq for entry in one.entries), default=0)


def _takes(one: Requirement, other: Requirement) -> bool:
    if one.id == other.id or other.addressee != one.addressee:
        return False
    covered = other.remedy is None and bool(other.findings) and set(other.findings) <= set(one.findings)
    return covered or other.id in one.absorbs


def _with_members(one: Requirement, everything: Iterable[Requirement], into: dict[str, str]) -> Requirement:
    members = [other for other in everything if into.get(other.id) == one.id]
    if not members:
        return one
    findings = dict.fromkeys((*one.findings, *(key for other in members for key in other.findings)))
    behind = {entry.id: entry for other in members for entry in (*other.entries, *other.behind)}
    return replace(
        one,
        findings=tuple(findings),
        members=tuple(other.id for other in members),
        behind=tuple(behind.values()),
    )


@dataclass(frozen=True)
class Proposal:
    """What is proposed for several requirements in one.

    Attributes:
        text: what all of them ask, one after another.
        deadline: the earliest term.
        due: the day that somebody set for it.
        product: what proves each.
        owner: who answers for them.
        follow_up: who follows them up.
    """

    text: str
    deadline: str
    due: date | None
    product: str
    owner: str
    follow_up: str


def proposed(chosen: Sequence[Requirement], day: date) -> Proposal:
    """One requirement in place of several; ``day`` is when terms in days would begin."""
    first = min(chosen, key=lambda one: _ends(one, day))
    return Proposal(
        text=_joined(one.text for one in chosen),
        deadline=first.deadline,
        due=first.due,
        product=_joined(one.product for one in chosen),
        owner=_joined(one.owner for one in chosen),
        follow_up=chosen[0].follow_up,
    )


def _joined(texts: Iterable[str]) -> str:
    """Each once, as one sentence lists them."""
    found = {bare(text).casefold(): bare(text) for text in texts if bare(text)}
    first, *rest = found.values() or ("",)
    return "; ".join([first, *(inside(text) for text in rest)])


def _ends(one: Requirement, day: date) -> date:
    """The last day of its term; what is due at once comes first, what has no end last."""
    if one.due is not None:
        return one.due
    if "ngay" in one.deadline.split():
        return date.min
    return due_day(one.deadline, day) or date.max
