"""A paragraph of the draft: what is proposed, what the lead says instead, where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reports.composing.facts import Override
from reports.composing.requirements import Requirement

PartKind = Literal[
    "opening", "neutral", "pass", "fail", "repeat", "explained", "cause", "petition", "lead", "req", "follow", "closing"
]
PartSection = Literal["pass", "fail", "cause", "req", "follow"]

OWN = "own."
"""Ids of paragraphs that the lead adds: ``own.<pass|fail|cause|follow>.<name>``."""
ORDER = "order."
"""Subjects that hold a section's order, ``order.<section>``: no paragraphs."""
OTHER_PAPERS = ("bc.", "cv.", "th.")
"""How ids of paragraphs of the inspection's other papers begin: its report, its letters."""
SECTIONS: dict[PartKind, PartSection] = {
    "neutral": "pass",
    "pass": "pass",
    "fail": "fail",
    "cause": "cause",
    "req": "req",
    "follow": "follow",
}
"""The sections whose paragraphs can be moved and merged, by the kind of their paragraphs."""


@dataclass(frozen=True)
class Part:
    """A paragraph of the draft: what is proposed, and what stands instead of it.

    Attributes:
        id: stable between drafts.
        kind: where it belongs.
        proposed: the tool's wording; empty for a paragraph the lead added.
        rests_on: keys of the findings it stands on.
        area: the lĩnh vực, for paragraphs of findings; the other body that is asked, for what is asked of it.
        override: the lead's wording, or that it is left out.
        requirement: for paragraphs of section III.
        members: ids of the paragraphs that were merged into this one.
        into: id of the paragraph that this one was merged into; it does not stand by itself then.
    """

    id: str
    kind: PartKind
    proposed: str
    rests_on: tuple[str, ...] = ()
    area: str = ""
    override: Override | None = None
    requirement: Requirement | None = None
    members: tuple[str, ...] = ()
    into: str = ""

    @property
    def dropped(self) -> bool:
        return self.override is not None and self.override.dropped

    @property
    def stands(self) -> bool:
        """It is on the paper by itself."""
        return not self.dropped and not self.into

    @property
    def edited(self) -> bool:
        """The lead's words stand instead of the proposal."""
        return self.override is not None and not self.override.dropped and bool(self.override.text)

    @property
    def spoken_at(self) -> int:
        """The place in the journal of the lead's last word on it; 0 where there is none."""
        return self.override.entry.seq if self.override and self.override.entry else 0

    @property
    def text(self) -> str:
        """What stands on the paper."""
        return self.override.text if self.override is not None and self.edited else self.proposed

    @property
    def section(self) -> PartSection | None:
        """The section it can be moved in; None for what has its fixed place."""
        return SECTIONS.get(self.kind)


@dataclass(frozen=True)
class Plan:
    """All paragraphs of a draft in their order, the dropped and the merged ones among them."""

    parts: tuple[Part, ...]
    requirements: tuple[Requirement, ...]
    orphans: tuple[str, ...]

    def of(self, *kinds: PartKind) -> list[Part]:
        """The parts of some kinds that stand."""
        return [part for part in self.parts if part.kind in kinds and part.stands]

    def standing_requirements(self) -> list[Requirement]:
        """The requirements whose paragraphs stand."""
        return [part.requirement for part in self.of("req") if part.requirement is not None]

    def neighbours(self, part: Part) -> list[Part]:
        """The standing paragraphs among which one can be moved, itself included."""
        return [one for one in self.parts if one.stands and one.section == part.section and _group(one) == _group(part)]


def _group(part: Part) -> str:
    """Achievements and shortcomings are told by lĩnh vực, requirements by whom they are for, the rest together."""
    return part.area if part.section in {"pass", "fail", "req"} else ""
