"""The lead's order and merges, laid over the proposed paragraphs.

A merged paragraph is one of the lead's own that names the paragraphs it takes in: those keep their own words, and
come back when it is withdrawn. An order names a section's paragraphs; one that it does not know (a finding that came
later) stands after the paragraph that it would follow without any order. Without orders and merges nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from reports.composing.facts import ConclusionFacts
from reports.composing.parts import Part


def arranged(parts: Sequence[Part], facts: ConclusionFacts) -> list[Part]:
    """The paragraphs as the lead put them; merged ones follow the paragraph that took them in."""
    merged, taken = _merge(parts)
    into = {one.id: one.into for one in (*merged, *taken) if one.into}
    ordered = _ordered(merged, into, facts)
    inside = {part.id: [one for one in taken if one.into == part.id] for part in ordered if part.members}
    return [one for part in ordered for one in (part, *inside.get(part.id, ()))]


def _merge(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Each merging paragraph at the place of the first that it takes in, and those that were taken in."""
    into: dict[str, str] = {}
    # The newest first: one that merges a merged paragraph names that one's members too.
    for part in sorted((one for one in parts if _absorbs(one)), key=lambda part: part.spoken_at, reverse=True):
        members = [one for one in parts if one.id in _absorbs(part) and one.id not in into and one.id != part.id]
        into |= {one.id: part.id for one in members if one.section == part.section}
    taken = [replace(one, into=into[one.id]) for one in parts if one.id in into]
    merging = {part.id: _with_members(part, taken) for part in parts if part.id in into.values()}
    placed: dict[str, Part] = {}
    for part in parts:
        if part.id not in merging:
            whole = merging.get(into.get(part.id, ""), part)
            placed.setdefault(whole.id, whole)
    return list(placed.values()), taken


def _absorbs(part: Part) -> tuple[str, ...]:
    return part.override.absorbs if part.override else ()


def _with_members(part: Part, taken: Iterable[Part]) -> Part:
    """With the union of all links; it stands in the lĩnh vực of its first member."""
    members = [one for one in taken if one.into == part.id]
    links = dict.fromkeys((*part.rests_on, *(key for one in members for key in one.rests_on)))
    area = part.area or members[0].area
    return replace(part, rests_on=tuple(links), area=area, members=tuple(one.id for one in members))


def _ordered(parts: Sequence[Part], into: Mapping[str, str], facts: ConclusionFacts) -> list[Part]:
    """Section by section; a merged paragraph stands where the order has the first of those it took in."""
    found: list[Part] = []
    for section, group in groupby(parts, key=lambda part: part.section):
        wanted = facts.arrangement.get(section, ()) if section else ()
        found += _in_order(list(group), [into.get(id_, id_) for id_ in wanted])
    return found


def _in_order(parts: Sequence[Part], wanted: Sequence[str]) -> list[Part]:
    """Those that the order names in its order, each other one after whom it follows by nature."""
    by_id = {part.id: part for part in parts}
    result = [by_id[id_] for id_ in dict.fromkeys(wanted) if id_ in by_id]
    named = {part.id for part in result}
    for number, part in enumerate(parts):
        if part.id not in named:
            result.insert(result.index(parts[number - 1]) + 1 if number else 0, part)
    return result
