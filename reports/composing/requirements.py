"""What the paper asks for: who, what, until when, shown by what, followed up by whom.

A requirement somebody wrote stands as it is; each shortcoming that none of them speaks of gets the one that
its item proposes. Requirements that say the same to the same addressee are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from checklists import wording
from checklists.rules import chosen_figures
from reports.composing.facts import AddresseeKind, ConclusionFacts, EntryFact, Finding, RequirementFact
from reports.composing.prose import bare, deadline_text, expand, inside, sentence
from reports.composing.sentences import Statement
from reports.document import DocumentKind


@dataclass(frozen=True)
class Requirement:
    """One requirement as the paper makes it.

    Attributes:
        id: the paragraph's, ``req.<remedy>`` or ``req.<item>[@<site>]``.
        remedy: id of the remedy that somebody wrote; None where the tool proposes it.
        text: what is to be done, without the term.
        findings: keys of the findings it answers.
        addressee: who has to do it.
        deadline: the term as printed, empty where none is set.
        due: a day that somebody set; days counted from the issue are computed on registration.
        absorbs: ids of the requirements that it takes in, as it was written.
        into: id of the requirement that took this one in; it does not stand by itself then.
        members: ids of those that it did take in.
        behind: their entries.
    """

    id: str
    text: str
    addressee: str
    addressee_kind: AddresseeKind
    remedy: str | None = None
    findings: tuple[str, ...] = ()
    product: str = ""
    owner: str = ""
    deadline: str = ""
    due: date | None = None
    follow_up: str = ""
    entries: tuple[EntryFact, ...] = ()
    absorbs: tuple[str, ...] = ()
    into: str = ""
    members: tuple[str, ...] = ()
    behind: tuple[EntryFact, ...] = ()

    def paragraph(self) -> str:
        """The requirement as a paragraph of the paper, after "yêu cầu …:" or "đề nghị …:"."""
        return with_term(self.text, self.deadline, self.product)


def with_term(text: str, deadline: str, product: str) -> str:
    """A requirement with its term and what proves it, as one sentence."""
    text = bare(text)
    if deadline and bare(deadline).casefold() not in text.casefold():
        text += f"; {_doing(text, deadline)}"
    if product:
        text += f"; sản phẩm: {inside(bare(product))}"
    return sentence(text)


def from_paragraph(paragraph: str, one: Requirement) -> dict[str, str]:
    """A requirement's text, term and product out of a paragraph that somebody corrected: ``paragraph`` backwards."""
    text, _, product = bare(paragraph).partition("; sản phẩm: ")
    deadline = one.deadline if one.deadline and bare(one.deadline).casefold() in text.casefold() else ""
    own = f"; {_doing(one.text, deadline)}" if deadline else ""
    if own and text.endswith(own):
        text = text.removesuffix(own)
    elif term := _TERM.search(text):
        deadline = term["term"] if term["doing"] == "hoàn thành" else f"thực hiện {term['term']}"
        text = text[: term.start()]
    text = text[:1].upper() + text[1:]
    return {"text": text, "deadline_text": deadline, "product": product}


_TERM = re.compile(r"; (?P<doing>hoàn thành|thực hiện) (?P<term>[^;]+)$")


def _doing(text: str, deadline: str) -> str:
    """What is due until then: standing duties are carried out, the others are finished."""
    deadline = inside(deadline)
    if deadline.startswith(("thực hiện", "hoàn thành")) or text.startswith("Hoàn thành"):
        return deadline
    return f"thực hiện {deadline}" if deadline.startswith("từ ") else f"hoàn thành {deadline}"


def base_requirements(
    facts: ConclusionFacts, shortcomings: Sequence[Statement]
) -> tuple[list[Requirement], list[Requirement]]:
    """What was written to take others in, and all others: written ones, then a proposal for what none speaks of."""
    written = [_written(one, facts) for one in facts.requirements]
    joining, plain = [one for one in written if one.absorbs], [one for one in written if not one.absorbs]
    spoken_of = {key for one in plain for key in one.findings}
    proposed = [one for statement in shortcomings for one in _proposals(statement, spoken_of, facts)]
    return joining, _merged([*plain, *proposed])


def by_addressee(wanted: Sequence[Requirement], main: str, shortcomings: Iterable[Statement]) -> list[Requirement]:
    """Those for the unit, then those for each other body, in the order of the shortcomings."""
    findings = [finding for statement in shortcomings for finding in statement.findings]
    place = {finding.key: position for position, finding in enumerate(findings)}

    def first(one: Requirement) -> int:
        return min((place[key] for key in one.findings if key in place), default=len(place))

    ordered = sorted(wanted, key=first)
    bodies = list(dict.fromkeys(one.addressee for one in ordered))
    return sorted(ordered, key=lambda one: (one.addressee != main, bodies.index(one.addressee)))


def main_addressee(facts: ConclusionFacts) -> str:
    """Whom the paper speaks to."""
    name = expand(facts.unit.name)
    return inside(name) if facts.unit.is_group else name


def _written(one: RequirementFact, facts: ConclusionFacts) -> Requirement:
    first = next((finding for finding in facts.findings if finding.key in one.findings), None)
    suggestion = _suggested_term(first, facts) if first and not one.due else ""
    return Requirement(
        id=f"req.{one.id}",
        remedy=one.id,
        text=bare(expand(one.text)),
        addressee=expand(one.addressee) or main_addressee(facts),
        addressee_kind=one.addressee_kind,
        findings=one.findings,
        product=product_text(one.product or (first.item.product if first else "")),
        owner=one.owner,
        deadline=one.deadline_text or suggestion,
        due=one.due,
        follow_up=one.follow_up or follow_up(facts),
        entries=one.entries,
        absorbs=one.absorbs,
    )


def _proposals(statement: Statement, spoken_of: set[str], facts: ConclusionFacts) -> list[Requirement]:
    """One requirement for each clause of a shortcoming that nobody has spoken of: a sentence asks once."""
    by_item: dict[str, list[Finding]] = {}
    for finding in statement.findings:
        by_item.setdefault(finding.item.id, []).append(finding)
    clauses = statement.text.count(";") + 1
    written = sum(any(one.key in spoken_of for one in group) for group in by_item.values())
    open_items = [group for group in by_item.values() if all(one.key not in spoken_of for one in group)]
    wanted = open_items[: max(0, clauses - written)]
    made = [one for group in wanted for finding in group if (one := _proposed(finding, facts)) is not None]
    if made:
        skipped = tuple(one.key for group in open_items[len(wanted) :] for one in group)
        made[0] = replace(made[0], findings=(*made[0].findings, *skipped))
    return made


def _proposed(finding: Finding, facts: ConclusionFacts) -> Requirement | None:
    """What an item proposes for its shortcoming; nothing where its wording says nothing."""
    text = wording.compose(finding.item, "requirement", chosen_figures(finding.value), terms=facts.unit.terms).text
    if not bare(text) or bare(text) == bare(finding.item.question):
        return None
    kind: AddresseeKind = "tat_ca" if facts.unit.is_group else "don_vi"
    return Requirement(
        id=f"req.{finding.key.removeprefix('answer/')}",
        text=bare(expand(text)),
        addressee=main_addressee(facts),
        addressee_kind=kind,
        findings=(finding.key,),
        product=product_text(finding.item.product),
        deadline=_suggested_term(finding, facts),
        follow_up=follow_up(facts),
    )


def product_text(text: str) -> str:
    """What proves it, without a pack's reminder of what to write down."""
    return re.sub(r"\s*\(số, ngày[^)]*\)", "", expand(text))


def _suggested_term(finding: Finding, facts: ConclusionFacts) -> str:
    """The pack's term; a report sets none."""
    kind = facts.inspection.document_kind
    if kind is DocumentKind.REPORT:
        return ""
    return expand(deadline_text(finding.item.deadline, kind, facts.inspection.day.year))


def follow_up(facts: ConclusionFacts) -> str:
    """Who follows the requirements up: as set for the issuing body, else that body itself."""
    return expand(facts.issuer.follow_up or facts.issuer.name)


def _merged(all_of_them: Iterable[Requirement]) -> list[Requirement]:
    found: dict[tuple[str, str], Requirement] = {}
    for one in all_of_them:
        key = (one.addressee.casefold(), one.text.casefold())
        earlier = found.get(key)
        if earlier is None:
            found[key] = one
            continue
        keys = tuple(dict.fromkeys((*earlier.findings, *one.findings)))
        entries = tuple({entry.id: entry for entry in (*earlier.entries, *one.entries)}.values())
        found[key] = replace(earlier, findings=keys, entries=entries)
    return list(found.values())
