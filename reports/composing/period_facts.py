"""What a report over many inspections is composed from, and the counting that its sentences and its annexes share.

A unit's findings are what its registered conclusion says of them, as the conclusion's own manifest keeps it: what is
not concluded yet is not here, and a finding that changed after the conclusion stands as it was signed. Requirements
are those of the journal, because they go on living after the paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from checklists.answers import Verdict
from checklists.model import AREAS, Item
from reports.composing.facts import IssuerFact, Override, PaperFact, PetitionFact

RemedyState = Literal["done", "late", "undated", "waiting", "open", "overdue"]
SaidSection = Literal["pass", "fail", "cause", "petition", ""]
ASSESSED = frozenset({Verdict.PASS, Verdict.PARTIAL, Verdict.FAIL, Verdict.FIXED_ON_SITE})
OTHER_AREA = "Nội dung khác"


@dataclass(frozen=True)
class SaidFinding:
    """A finding as a conclusion's manifest has it.

    Attributes:
        key: ``answer/<item>[@<site>]``.
        item: the item; None where no checklist knows it any more.
        readings: what each source said, by figure.
        repeat: the same was pointed out before, ``notice`` where it was.
        entries: ids of the journal's entries behind it.
    """

    key: str
    item_id: str
    item: Item | None
    area: str
    verdict: Verdict | None
    readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    repeat: bool = False
    notice: str = ""
    entries: tuple[str, ...] = ()

    def agreed(self) -> dict[str, str]:
        """The figures that every source gives alike; what differs is left out and never repaired."""
        return {key: values[0] for key, values in self.readings.items() if len(set(values)) == 1}

    def differing(self) -> list[str]:
        """The figures that the sources give differently."""
        return sorted(key for key, values in self.readings.items() if len(set(values)) > 1)


@dataclass(frozen=True)
class SaidParagraph:
    """A paragraph of a conclusion."""

    id: str
    text: str
    rests_on: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()

    @property
    def section(self) -> SaidSection:
        """What part of the conclusion it stands in; empty for what tells of no finding."""
        first = self.id.removeprefix("own.").partition(".")[0]
        names: dict[str, SaidSection] = {
            "pass": "pass",
            "practice": "pass",
            "fail": "fail",
            "cause": "cause",
            "petition": "petition",
        }
        return names.get(first, "")


@dataclass(frozen=True)
class ConcludedFact:
    """A registered conclusion: ``id`` is the document's, ``name`` as a sentence names it.

    ``corrected`` are the registered letters that put lines of it right, as a sentence names them.
    """

    id: str
    name: str
    number: str
    day: date
    sha256: str
    findings: tuple[SaidFinding, ...] = ()
    paragraphs: tuple[SaidParagraph, ...] = ()
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True)
class RemedyFact:
    """A requirement of a registered conclusion, with what became of it by the report's day.

    Attributes:
        addressee: who has to do it.
        due: the last day.
        done_on: the day of the unit's answer that the delegation accepted, or of the acceptance where there is none.
        answered: the unit has answered, and the delegation has not decided.
        elsewhere: another body than the inspected unit has to do it.
        entries: ids of the journal's entries it was read from.
    """

    text: str
    addressee: str
    due: date | None = None
    done_on: date | None = None
    answered: bool = False
    elsewhere: bool = False
    entries: tuple[str, ...] = ()

    def state(self, today: date) -> RemedyState:
        """How it stands on a day."""
        if self.done_on is not None:
            return "undated" if self.due is None else "done" if self.done_on <= self.due else "late"
        if self.due is not None and self.due < today:
            return "overdue"
        return "waiting" if self.answered else "open"


@dataclass(frozen=True)
class ScopeUnit:
    """A unit that the plan means to visit."""

    id: str
    name: str
    level: str


@dataclass(frozen=True)
class InspectedUnit:
    """One inspection of the campaign.

    Attributes:
        inspection: its id.
        unit: whom it visits.
        days: of the visit.
        visited: results were written down, or a conclusion is out.
        paper: its registered conclusion.
        unreadable: name of its registered conclusion where what it says cannot be read; then there is no ``paper``.
        told_in: the paper of the unit above on the same visit that tells of this one too.
    """

    inspection: str
    unit: ScopeUnit
    days: tuple[date, ...] = ()
    visited: bool = False
    paper: ConcludedFact | None = None
    told_in: str = ""
    unreadable: str = ""
    remedies: tuple[RemedyFact, ...] = ()
    petitions: tuple[PetitionFact, ...] = ()

    @property
    def concluded(self) -> bool:
        """Some registered paper speaks of it."""
        return self.paper is not None or bool(self.told_in or self.unreadable)

    @property
    def findings(self) -> tuple[SaidFinding, ...]:
        """What its conclusion says of each item; nothing without one."""
        return self.paper.findings if self.paper else ()

    def said(self, section: SaidSection) -> list[SaidParagraph]:
        """The paragraphs of one part of its conclusion."""
        return [one for one in self.paper.paragraphs if one.section == section] if self.paper else []

    def behind(self, paragraph: SaidParagraph) -> list[SaidFinding]:
        """The findings that a paragraph of its conclusion stands on."""
        return [one for one in self.findings if one.key in paragraph.rests_on]

    def shortcomings(self) -> list[tuple[SaidParagraph, list[SaidFinding]]]:
        """The shortcomings that its conclusion names, each with its findings."""
        return [(one, self.behind(one)) for one in self.said("fail")]

    def fallen_short(self) -> set[str]:
        """What it fell short in, as the report counts: by item, however many sentences its conclusion made of them."""
        told = self.shortcomings()
        return {name for own, found in told for name in ({one.item_id for one in found} or {own.id})}

    def repeats(self) -> set[str]:
        """What of that was pointed out before."""
        return {one.item_id for _, found in self.shortcomings() for one in found if one.repeat}

    def count(self, today: date, *states: RemedyState) -> int:
        """How many requirements of the unit itself are in one of the states; of all states where none is named."""
        own = [one for one in self.remedies if not one.elsewhere]
        return sum(not states or one.state(today) in states for one in own)


@dataclass(frozen=True)
class PeriodFacts:
    """Everything that a report over a campaign is composed from.

    Attributes:
        campaign: its id; ``entry`` the id of the journal's entry of its plan.
        since, until: the period the report is limited to; None for the whole campaign.
        today: the day by which everything is told.
        scope: the units of the plan; levels: what their levels are called.
        visits: its inspections, of the period.
        gathered: it is over a period of a body's inspections, not over a campaign.
        elsewhere: ids of units that were visited at another time than the period.
        replaces: the name of the registered report that this one takes the place of.
    """

    campaign: str
    title: str
    team: str
    issuer: IssuerFact
    today: date
    scope: tuple[ScopeUnit, ...]
    visits: tuple[InspectedUnit, ...]
    levels: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    gathered: bool = False
    elsewhere: frozenset[str] = frozenset()
    plan: PaperFact | None = None
    decision: PaperFact | None = None
    entry: str = ""
    overrides: Mapping[str, Override] = field(default_factory=dict)
    number: int | None = None
    issued_on: date | None = None
    draft: str = ""
    replaces: str = ""
    head: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def concluded(self) -> list[InspectedUnit]:
        """Inspections with a conclusion of their own in the register."""
        return [one for one in self.visits if one.paper is not None]

    @property
    def pending(self) -> list[InspectedUnit]:
        """Inspections whose conclusion is not out: nothing of theirs is counted as concluded."""
        return [one for one in self.visits if one.visited and not one.concluded]

    @property
    def visited(self) -> list[ScopeUnit]:
        """The units that were visited, each once."""
        return units_of(one for one in self.visits if one.visited)

    @property
    def unvisited(self) -> list[ScopeUnit]:
        """The units of the plan that nobody has visited yet, in the period or outside of it."""
        seen = {one.id for one in self.visited} | self.elsewhere
        return [one for one in self.scope if one.id not in seen]


@dataclass(frozen=True)
class Found:
    """One unit's share of what several units have in common."""

    at: InspectedUnit
    paragraph: SaidParagraph
    finding: SaidFinding


@dataclass(frozen=True)
class ItemTally:
    """What the conclusions say of one item.

    Attributes:
        failed: the shortcomings, one for each unit.
        praised: the units whose conclusion praises it and names no shortcoming.
        assessed: the units in which it was judged at all.
    """

    item_id: str
    item: Item | None
    area: str
    failed: tuple[Found, ...]
    praised: tuple[Found, ...]
    assessed: tuple[ScopeUnit, ...]

    @property
    def repeats(self) -> list[Found]:
        """Those that were pointed out before."""
        return [one for one in self.failed if one.finding.repeat]

    @property
    def is_mostly_praised(self) -> bool:
        """At least half of the units in which it was looked at are praised for it."""
        return bool(self.praised) and 2 * len(self.praised) >= len(self.assessed)

    @property
    def is_common(self) -> bool:
        """At least two units have the shortcoming, and half of those in which it was looked at."""
        return len(self.failed) > 1 and 2 * len(self.failed) >= len(self.assessed)


def units_of(visits: Iterable[InspectedUnit]) -> list[ScopeUnit]:
    """The units of inspections, each once, in their order."""
    return list({one.unit.id: one.unit for one in visits}.values())


def tallies(visits: Sequence[InspectedUnit]) -> list[ItemTally]:
    """All items that the conclusions speak of, by lĩnh vực; what most units have comes first."""
    told: dict[str, list[tuple[InspectedUnit, SaidFinding]]] = {}
    for visit in visits:
        for finding in visit.findings:
            told.setdefault(finding.item_id, []).append((visit, finding))
    found = [_tally(item_id, told_of) for item_id, told_of in told.items()]
    order = [*AREAS, OTHER_AREA]
    return sorted(found, key=lambda one: (order.index(one.area), -len(one.failed)))


def _tally(item_id: str, told: Sequence[tuple[InspectedUnit, SaidFinding]]) -> ItemTally:
    failed = _first_of_unit(told, "fail")
    named = {one.at.unit.id for one in failed}
    praised = [one for one in _first_of_unit(told, "pass") if one.at.unit.id not in named]
    seen = [at for at, finding in told if finding.verdict in ASSESSED]
    seen += [one.at for one in (*failed, *praised)]
    first = told[0][1]
    area = first.area if first.area in AREAS else OTHER_AREA
    return ItemTally(item_id, first.item, area, tuple(failed), tuple(praised), tuple(units_of(seen)))


def _first_of_unit(told: Sequence[tuple[InspectedUnit, SaidFinding]], section: SaidSection) -> list[Found]:
    """Each unit once, however many of its places are meant; a repeat goes before what is new."""
    found = [
        Found(at, paragraph, finding)
        for at, finding in told
        for paragraph in at.said(section)
        if finding.key in paragraph.rests_on
    ]
    by_unit: dict[str, Found] = {}
    for one in sorted(found, key=lambda one: not one.finding.repeat):
        by_unit.setdefault(one.at.unit.id, one)
    order = {one.at.unit.id: place for place, one in reversed(list(enumerate(found)))}
    return sorted(by_unit.values(), key=lambda one: order[one.at.unit.id])
