"""From facts to the paper: opening, achievements, shortcomings with causes, requirements, follow-up.

``plan`` proposes paragraphs, each with a stable id and the findings it stands on; the lead's own wording
lies over the proposal; ``compose`` makes the Document of what then stands. Pure: the same facts give the
same paper. What is not known is left out and never made up; the paper's register is that of a conclusion
(chưa…, còn…), which blames nobody of an offence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reports.composing import frame, said
from reports.composing.arrange import arranged
from reports.composing.asking import (
    addressed_among,
    ask_blocks,
    asked,
    asks_in_words,
    monitor_recipient,
    monitor_verb,
    other_recipients,
    verbs_by_body,
)
from reports.composing.blocks import by_addressee, by_area, numbered, plain
from reports.composing.blocks import sections as numbered_sections
from reports.composing.facts import ConclusionFacts
from reports.composing.joining import requirements
from reports.composing.parts import OTHER_PAPERS, OWN, Part, PartSection, Plan
from reports.composing.photo_annex import photo_annex
from reports.composing.prose import this
from reports.composing.remedy_list import annex
from reports.composing.requirements import Requirement, main_addressee
from reports.composing.sentences import Section, Statement, statements
from reports.composing.statement import manifest
from reports.composing.tone import told_cause, toned
from reports.document import Block, Document, DocumentKind, Heading, Letterhead, Recipient

__all__ = ["OWN", "Part", "Plan", "compose", "plan"]


def plan(facts: ConclusionFacts) -> Plan:
    """What the paper says, paragraph by paragraph, with what the lead changed."""
    told = statements(facts)
    shortcomings = [one for one in told if one.section == "fail"]
    wanted = requirements(facts, _standing(shortcomings, facts))
    parts = [
        Part("opening", "opening", frame.opening(facts)),
        *_told(told, "neutral"),
        *_told(told, "pass"),
        *_own(facts, "pass"),
        *_repeat_lead(shortcomings),
        *_fail_parts(shortcomings),
        *_own(facts, "fail"),
        *_explained(facts, _standing(shortcomings, facts)),
        *_causes(facts),
        *_own(facts, "cause"),
        *_petitions(facts),
        *asked(wanted, facts),
        *_follow_up(wanted, facts),
        *_own(facts, "follow"),
        *_replacing(facts),
        Part("closing", "closing", frame.closing(facts)),
    ]
    known = {part.id for part in parts}
    own = [id_ for id_ in facts.overrides if not id_.startswith(OTHER_PAPERS)]
    orphans = tuple(sorted(id_ for id_ in own if id_ not in known and not _is_dead(facts, id_)))
    standing = tuple(one for one in wanted if not one.into)
    return Plan(tuple(arranged([_laid_over(part, facts) for part in parts], facts)), standing, orphans)


def compose(facts: ConclusionFacts) -> Document:
    """The paper as it stands, with the remedy list as its annex and the manifest of what it rests on."""
    drafted = plan(facts)
    kind = facts.inspection.document_kind
    blocks = tuple(_blocks(drafted, facts))
    wanted = drafted.standing_requirements()
    annexes = (annex(wanted, kind, asks_in_words(wanted, facts), verbs_by_body(wanted, facts)), photo_annex(facts))
    return Document(
        kind=kind,
        letterhead=Letterhead(
            body=facts.issuer.letterhead,
            superior=facts.issuer.superior,
            place=facts.issuer.place,
            name=frame.issuer(facts),
        ),
        symbol=facts.issuer.symbol,
        subject=frame.subject(facts),
        signatory=facts.issuer.signatory,
        blocks=blocks,
        number=facts.number,
        issued_on=facts.issued_on,
        addressees=frame.addressees(facts),
        recipients=_recipients(facts, wanted),
        annexes=tuple(one for one in annexes if one),
        draft=facts.draft,
        year=facts.issued_on.year if facts.issued_on else facts.year,
        manifest=manifest(facts, blocks, wanted),
    )


def _replacing(facts: ConclusionFacts) -> list[Part]:
    """The paper says itself which earlier one it replaces; a reader of either must find the other."""
    if not facts.replaces:
        return []
    return [Part("replaces", "closing", f"{this(facts.inspection.document_kind)} thay thế {facts.replaces}.")]


def _is_dead(facts: ConclusionFacts, id_: str) -> bool:
    """An override that was taken back, or a paragraph of the lead's own that he withdrew."""
    found = facts.overrides[id_]
    return not found.text and not found.dropped


def _standing(shortcomings: Sequence[Statement], facts: ConclusionFacts) -> list[Statement]:
    """What the lead left out, alone or merged with others, asks for nothing either."""
    dropped = {id_ for id_, override in facts.overrides.items() if override.dropped}
    dropped |= {id_ for one in facts.overrides.values() if one.dropped for id_ in one.absorbs}
    return [one for one in shortcomings if one.id not in dropped]


def _told(told: Iterable[Statement], section: Section) -> list[Part]:
    return [Part(one.id, one.section, one.text, one.rests_on, one.area) for one in told if one.section == section]


def _repeat_lead(shortcomings: Sequence[Statement]) -> list[Part]:
    """One sentence before the shortcomings where all of them were pointed out before and none names the notice."""
    if not _all_repeat(shortcomings):
        return []
    keys = tuple(dict.fromkeys(key for one in shortcomings for key in one.rests_on))
    text = "Các tồn tại, hạn chế sau đây đã được nhắc nhở nhưng vẫn tiếp tục tái diễn:"
    return [Part("repeat", "repeat", text, keys)]


def _all_repeat(shortcomings: Sequence[Statement]) -> bool:
    return len(shortcomings) > 1 and all(
        one.repeats and not any(finding.repeat and finding.repeat.notice for finding in one.findings)
        for one in shortcomings
    )


def _fail_parts(shortcomings: Sequence[Statement]) -> list[Part]:
    together = _all_repeat(shortcomings)
    return [
        Part(one.id, "fail", one.text if together else _with_repeat(one), one.rests_on, one.area)
        for one in shortcomings
    ]


def _with_repeat(one: Statement) -> str:
    """A repeat is named; where the earlier notice is known, the sentence has named it already."""
    named = any(finding.repeat and finding.repeat.notice for finding in one.findings)
    if not one.repeats or named:
        return one.text
    return f"{one.text.rstrip('.')}; nội dung này đã được nhắc nhở nhưng tiếp tục tái diễn."


def _causes(facts: ConclusionFacts) -> list[Part]:
    noted = [(note.text, finding) for finding in facts.findings for note in finding.notes if note.kind == "nguyen_nhan"]
    parts = [Part("cause", "cause", frame.cause(facts.inspection.cause))] if facts.inspection.cause else []
    seen = {facts.inspection.cause}
    for number, (text, finding) in enumerate(noted, 1):
        if text in seen:
            continue
        seen.add(text)
        id_ = f"cause.{finding.key.removeprefix('answer/')}.{number}"
        parts.append(Part(id_, "cause", frame.cause(text), (finding.key,), finding.area))
    return parts


def _explained(facts: ConclusionFacts, shortcomings: Iterable[Statement]) -> list[Part]:
    """Explanations that were not taken, of shortcomings that stand, where the lead wants the conclusion to say so."""
    about = {key: _worded(one, facts) for one in shortcomings for key in one.rests_on}
    return [
        Part(
            said.explanation_id(one),
            "explained",
            said.explanation_sentence(one, about[one.key], frame.speaker(facts)),
            (one.key,),
        )
        for one in said.told_explanations(facts)
        if one.key in about
    ]


def _worded(one: Statement, facts: ConclusionFacts) -> str:
    """A statement as the lead worded it."""
    override = facts.overrides.get(one.id)
    return override.text if override and override.text else one.text


def _petitions(facts: ConclusionFacts) -> list[Part]:
    return [
        Part(
            said.petition_id(one),
            "petition",
            said.petition_sentence(one, frame.speaker(facts)),
            (),
            said.addressee_of(one),
        )
        for one in said.grouped(facts.petitions)
    ]


def _follow_up(wanted: Iterable[Requirement], facts: ConclusionFacts) -> list[Part]:
    of_unit = any(one.addressee == main_addressee(facts) and not one.into for one in wanted)
    told = frame.follow_up_paragraphs(facts, has_list=of_unit, verb=monitor_verb(facts))
    return [Part(id_, "follow", text) for id_, text in told]


def _own(facts: ConclusionFacts, section: PartSection) -> list[Part]:
    """Paragraphs that the lead added; a withdrawn one is gone."""
    return [
        Part(id_, section, told_cause(override.cause, override.area) if override.cause else "", override.rests_on)
        for id_, override in sorted(facts.overrides.items())
        if id_.startswith(f"{OWN}{section}.") and (override.text or override.dropped or override.cause)
    ]


def _laid_over(part: Part, facts: ConclusionFacts) -> Part:
    """With what the lead says of it; the links are those of the proposal and those that his words were written on."""
    override = facts.overrides.get(part.id)
    if override is None:
        return part
    links = tuple(dict.fromkeys((*part.rests_on, *override.rests_on)))
    proposed = toned(part.proposed, override, facts)
    return replace(part, proposed=proposed, rests_on=links, area=part.area or override.area, override=override)


def _blocks(drafted: Plan, facts: ConclusionFacts) -> list[Block]:
    praise, shortcomings, asks, follow = frame.headings(facts, with_cause=bool(drafted.of("cause")))
    headings = (praise, shortcomings, said.PETITIONS_HEADING, asks, follow)
    blamed = by_area(drafted.of("fail"))
    sections = [
        by_area(drafted.of("neutral", "pass")),
        [*plain(drafted.of("repeat")), *blamed, *_explanations(drafted, blamed), *plain(drafted.of("cause"))],
        by_addressee(drafted.of("petition")),
        ask_blocks(drafted.of("lead", "req")),
        numbered(drafted.of("follow")),
    ]
    blocks = [*plain(drafted.of("opening")), *numbered_sections(zip(headings, sections, strict=True))]
    return [*blocks, *plain(drafted.of("closing"))]


def _explanations(drafted: Plan, before: Sequence[Block]) -> list[Block]:
    """After the shortcomings, under a title of their own where those have titles."""
    parts = drafted.of("explained")
    titles = sum(isinstance(block, Heading) for block in before)
    heading = [Heading(f"{titles + 1}. {said.EXPLANATIONS_TITLE}", level=2)] if parts and titles else []
    return [*heading, *plain(parts)]


def _recipients(facts: ConclusionFacts, wanted: Sequence[Requirement]) -> tuple[Recipient, ...]:
    """Nơi nhận as configured, with the unit (t/h), other bodies that are asked, who follows up, and the archive."""
    found = list(facts.issuer.recipients)
    addressed = facts.inspection.document_kind is DocumentKind.LETTER
    if not addressed and not any(one.name == facts.unit.name for one in found):
        found.append(Recipient(facts.unit.name, frame.purpose(facts)))
    found += other_recipients(wanted, facts, found)
    found += [one for one in monitor_recipient(facts) if not addressed_among(one, found)]
    return (*found, frame.archive(facts.issuer))
