"""Whom the paper asks, and how: the inspected unit first, then other bodies, each under a paragraph of its own.

A delegation requires of the unit that it inspected (or asks it, by level). Of other bodies it may only ask (đề nghị);
what is for a superior one it proposes (kiến nghị). Only an Ủy ban nhân dân requires of those below it. The lead may
reword each of these paragraphs: who stands above whom is read from names, and a name may tell too little.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from reports.composing import frame
from reports.composing.blocks import lettered, numbered, paragraph, plain
from reports.composing.facts import ConclusionFacts
from reports.composing.parts import Part
from reports.composing.prose import expand, inside
from reports.composing.requirements import Requirement, follow_up, main_addressee
from reports.document import Block, DocumentKind, Recipient

LEAD = "lead"
_CENTRE, _PROVINCE, _DEPARTMENT, _DISTRICT, _COMMUNE = 4, 3, 2, 1, 0
_CENTRAL_CITIES = "hà nội|hồ chí minh|hải phòng|đà nẵng|cần thơ|huế"
_SPEAKERS = "các |chủ tịch |thường trực |lãnh đạo |giám đốc |ban thường vụ "
_OFFICES = r"sở\b|ban quản lý|văn phòng|thanh tra|trung tâm|công an tỉnh|ban \w+ hội đồng"
_PARTY = "(?:tỉnh|thành) ủy"
_MINISTRIES = r"Thủ tướng|Quốc hội|Các bộ\b|Bộ (?!Chỉ huy)[A-ZĐ]|Ngân hàng Nhà nước|Kiểm toán nhà nước"
# Read in this order: "Văn phòng Ủy ban nhân dân tỉnh" is a body of the province, "thành phố Huế" no district.
_RANKS = (
    (_CENTRE, rf"(?:Văn phòng |Thanh tra )?Chính phủ|{_MINISTRIES}"),
    (_DEPARTMENT, rf"(?i:(?:{_SPEAKERS})*(?:{_OFFICES}))"),
    (
        _PROVINCE,
        rf"(?i:(?:{_SPEAKERS})*(?:(?:ủy ban|hội đồng) nhân dân (?:tỉnh|thành phố (?:{_CENTRAL_CITIES}))|{_PARTY}))",
    ),
    (_DISTRICT, rf"(?i:(?:{_SPEAKERS})*(?:ủy ban nhân dân )?(?:các |cấp )?(?:huyện|quận|thị xã|thành phố)\b)"),
    (_COMMUNE, rf"(?i:(?:{_SPEAKERS})*(?:ủy ban nhân dân )?(?:các |cấp )?(?:xã|phường|thị trấn|đặc khu)\b)"),
)
_GOVERNS = re.compile(r"(?:chủ tịch )?ủy ban nhân dân", re.IGNORECASE)
_PURPOSES = {"yêu cầu": "t/h", "đề nghị": "p/h", "kiến nghị": "b/c"}
_ROOMS = re.compile(r"(?:Phòng|Tổ|Bộ phận|Ban thư ký|Thư ký|Chi cục)\b", re.IGNORECASE)


def verb_for(addressee: str, facts: ConclusionFacts) -> str:
    """What the issuing body says to another body: yêu cầu, đề nghị or kiến nghị."""
    name, theirs = expand(facts.issuer.name), _rank(addressee)
    own = _rank(name)
    # A delegation's name tells no rank; those that issue papers are of the province.
    own = _DEPARTMENT if own is None else own
    if _same(addressee, facts.issuer.addressee) or (theirs is not None and theirs > own):
        return "kiến nghị"
    governs = _GOVERNS.match(name) is not None and theirs is not None and theirs < own
    return "yêu cầu" if governs and facts.issuer.verb == "yêu cầu" else "đề nghị"


def monitor_verb(facts: ConclusionFacts) -> str:
    """What is said to the body that follows the requirements up: giao to one's own, đề nghị to any other."""
    body = follow_up(facts)
    return "giao" if _ROOMS.match(body) or verb_for(body, facts) == "yêu cầu" else "đề nghị"


def monitor_recipient(facts: ConclusionFacts) -> tuple[Recipient, ...]:
    """The body that follows the requirements up, as a line of Nơi nhận; a room of the issuing body needs none."""
    body = follow_up(facts)
    if _ROOMS.match(body) or body in {expand(facts.issuer.name), frame.issuer(facts)}:
        return ()
    return (Recipient(body, "để theo dõi"),)


def verbs_by_body(wanted: Iterable[Requirement], facts: ConclusionFacts) -> dict[str, str]:
    """What is said to each of those who are asked."""
    main, bodies = main_addressee(facts), dict.fromkeys(one.addressee for one in wanted)
    return {body: facts.issuer.verb if body == main else verb_for(body, facts) for body in bodies}


def asks_in_words(wanted: Iterable[Requirement], facts: ConclusionFacts) -> str:
    """How a list of these requirements is called: "yêu cầu", "đề nghị" or "yêu cầu, đề nghị"."""
    verbs = verbs_by_body(wanted, facts).values()
    return ", ".join(verb for verb in _PURPOSES if verb in verbs)


def _rank(name: str) -> int | None:
    """How high a body stands; None where its name does not tell."""
    return next((rank for rank, pattern in _RANKS if re.match(pattern, name)), None)


def _same(one: str, other: str) -> bool:
    return bool(other) and expand(one).casefold() == expand(other).casefold()


def asked(wanted: Sequence[Requirement], facts: ConclusionFacts) -> Iterator[Part]:
    """The requirements as paragraphs, those for one body after the paragraph that names it."""
    main = main_addressee(facts)
    standing = {one.addressee for one in wanted if not one.into}
    for whom, group in groupby(wanted, key=lambda one: one.addressee):
        area = "" if whom == main else whom
        text = other_lead(whom, facts, first=main not in standing) if area else frame.requirement_lead(facts)
        if whom in standing:
            yield Part(lead_id(whom) if area else LEAD, "lead", text, area=area)
        yield from (_part(one, area) for one in group)


def _part(one: Requirement, area: str) -> Part:
    return Part(one.id, "req", one.paragraph(), one.findings, area, requirement=one, members=one.members, into=one.into)


def lead_id(whom: str) -> str:
    """The id of the paragraph that asks another body."""
    return f"{LEAD}.{hashlib.sha256(whom.casefold().encode()).hexdigest()[:12]}"


def other_lead(whom: str, facts: ConclusionFacts, *, first: bool) -> str:
    """Such as "Đề nghị Sở Tư pháp:"; where the unit itself is asked for nothing, with what it follows from."""
    verb = verb_for(whom, facts)
    if first and facts.inspection.document_kind is not DocumentKind.REPORT:
        return f"{frame.from_results(facts)}, {frame.speaker(facts)} {verb} {inside(whom)}:"
    return f"{verb[:1].upper()}{verb[1:]} {inside(whom)}:"


def ask_blocks(parts: Iterable[Part]) -> list[Block]:
    """Who is asked, and for what; with several bodies "1. Đề nghị …:" and the points below it as a), b)."""
    groups: list[tuple[Part, list[Part]]] = []
    for part in parts:
        if part.kind == "lead":
            groups.append((part, []))
        elif groups:
            groups[-1][1].append(part)
    groups = [(lead, points) for lead, points in groups if points]
    if len(groups) == 1:
        return [*plain([groups[0][0]]), *numbered(groups[0][1])]
    blocks: list[Block] = []
    for number, (lead, points) in enumerate(groups, 1):
        blocks += [paragraph(lead, f"{number}."), *lettered(points)]
    return blocks


def other_recipients(
    wanted: Iterable[Requirement], facts: ConclusionFacts, known: Sequence[Recipient]
) -> list[Recipient]:
    """The other bodies that are asked, as lines of Nơi nhận: whoever is asked gets the paper."""
    main, names = main_addressee(facts), {expand(one.name).casefold() for one in known}
    others = dict.fromkeys(one.addressee for one in wanted if one.addressee != main)
    return [Recipient(whom, _PURPOSES[verb_for(whom, facts)]) for whom in others if not _among(whom, names)]


def _among(whom: str, names: Iterable[str]) -> bool:
    """Whether a line names it already: "Chủ tịch UBND tỉnh" gets what UBND tỉnh gets."""
    own = re.sub(r"^(?:chủ tịch|lãnh đạo|giám đốc) ", "", whom.casefold())
    return any(own in name or name in own for name in names)


def addressed_among(one: Recipient, others: Iterable[Recipient]) -> bool:
    """Whether others among the addressees name that body already."""
    return _among(expand(one.name), [expand(other.name).casefold() for other in others if other.name])
