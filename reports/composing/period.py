"""Báo cáo tổng hợp kết quả kiểm tra: what a campaign, or a period of it, found, for the authority above.

Told from the conclusions that are in the register, and from what has become of their requirements since. An
inspection without such a conclusion is named and not counted. Every number is counted from the facts; a figure is
printed where all its sources agree. The paragraphs (ids ``th.…``) may be reworded by the lead like all others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from checklists import wording
from checklists.answers import VERDICT_LABELS, Verdict
from checklists.model import AREAS, FieldType, Item
from reports.composing import frame
from reports.composing.blocks import by_addressee, by_area, numbered, plain, sections
from reports.composing.facts import PetitionFact
from reports.composing.parts import Part, PartKind
from reports.composing.period_annexes import annexes
from reports.composing.period_facts import Found, InspectedUnit, ItemTally, PeriodFacts, ScopeUnit, tallies, units_of
from reports.composing.prose import bare, bodies, body_name, expand, held, inside, listed, sentence, short_date
from reports.composing.said import addressee_of, petition_sentence
from reports.composing.statement import FORMAT
from reports.document import Document, DocumentKind, Letterhead, Paragraph

PREFIX = "th."
_KINDS: dict[str, PartKind] = {
    "opening": "opening",
    "lead": "lead",
    "replaces": "closing",
    "closing": "closing",
    "pass": "pass",
    "practice": "pass",
    "fail": "fail",
    "own": "fail",
    "cause": "cause",
    "petition": "petition",
}
_MOST_NAMED = 6
_MOST_FIGURES = 2


@dataclass(frozen=True)
class _Told:
    """A paragraph to be, with the journal's entries and the conclusions that it rests on."""

    id: str
    text: str
    area: str = ""
    rests_on: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()


def period_parts(facts: PeriodFacts) -> tuple[Part, ...]:
    """The report's paragraphs, each with what the lead says instead."""
    return tuple(_part(one, facts) for one in _proposed(facts))


def _part(one: _Told, facts: PeriodFacts) -> Part:
    name = f"{PREFIX}{one.id}"
    kind = _KINDS.get(one.id.partition(".")[0], "follow")
    return Part(name, kind, one.text, one.rests_on, one.area, facts.overrides.get(name))


def compose_period(facts: PeriodFacts) -> Document:
    """The report as it stands; its annexes tell of each unit, and every shortcoming in its conclusion's own words."""
    told = list(_proposed(facts))
    parts = [part for part in (_part(one, facts) for one in told) if part.stands]
    blocks = tuple(_blocks(parts, "CÔNG TÁC KIỂM TRA" if facts.gathered else "ĐỢT KIỂM TRA"))
    whom = authority(facts)
    return Document(
        kind=DocumentKind.REPORT,
        letterhead=Letterhead(facts.issuer.letterhead, facts.issuer.superior, facts.issuer.place, _body(facts)),
        symbol=facts.issuer.symbol,
        subject=subject(facts),
        signatory=facts.issuer.signatory,
        blocks=blocks,
        number=facts.number,
        issued_on=facts.issued_on,
        addressees=(whom,) if whom else (),
        recipients=(*facts.issuer.recipients, frame.archive(facts.issuer)),
        annexes=tuple(annexes(facts)),
        draft=facts.draft,
        year=facts.issued_on.year if facts.issued_on else facts.today.year,
        manifest=_manifest(facts, told, [block for block in blocks if isinstance(block, Paragraph)]),
    )


def subject(facts: PeriodFacts) -> str:
    """The trích yếu."""
    return held(f"Tổng hợp kết quả {deed(facts)}{_between(facts)}")


def deed(facts: PeriodFacts) -> str:
    """What was done, out of the campaign's title: "kiểm tra công tác cải cách hành chính năm 2026"."""
    title = re.sub(r"^đợt\s+", "", bare(expand(facts.title)), flags=re.IGNORECASE)
    if re.match(r"(kiểm tra|giám sát|phúc tra|thanh tra)(?!\w)", title, re.IGNORECASE):
        return inside(title)
    return f"kiểm tra {inside(title)}"


def authority(facts: PeriodFacts) -> str:
    """Whom it goes to: as set for the issuing body, else who decided on the delegation."""
    by = (facts.decision.issuer if facts.decision else "") or (facts.plan.issuer if facts.plan else "")
    return expand(facts.issuer.addressee or by)


def _between(facts: PeriodFacts) -> str:
    since = f"từ ngày {short_date(facts.since)}" if facts.since else ""
    until = f"đến ngày {short_date(facts.until)}" if facts.until else ""
    return f" ({' '.join(filter(None, [since, until]))})" if since or until else ""


def _body(facts: PeriodFacts) -> str:
    return body_name(facts.issuer.name, facts.issuer.place)


def _proposed(facts: PeriodFacts) -> Iterator[_Told]:
    counted = tallies(facts.concluded)
    yield _Told("opening", _opening(facts), entries=(facts.entry,) if facts.entry else ())
    yield from _survey(facts)
    yield from _praise(facts, counted)
    yield from _shortcomings(facts, counted)
    yield from _remedies(facts)
    yield from _causes(facts)
    yield from _petitions(facts)
    yield from _proposals(facts, counted)
    if facts.replaces:
        yield _Told(*frame.replacing(facts.replaces))
    yield _Told("closing", _closing(facts))


def _opening(facts: PeriodFacts) -> str:
    orders = [
        frame.paper_named(kind, paper)
        for kind, paper in (("Kế hoạch", facts.plan), ("Quyết định", facts.decision))
        if paper and paper.number
    ]
    by = f"Thực hiện {listed(orders)}, {_body(facts)}" if orders else _body(facts)
    period = f" trong kỳ{_between(facts)}" if facts.since or facts.until else ""
    return sentence(f"{by} báo cáo tổng hợp kết quả {deed(facts)}{period} như sau:")


def _survey(facts: PeriodFacts) -> Iterator[_Told]:
    yield _Told("scope", _scope(facts))
    if facts.visited:
        yield _Told("papers", _papers(facts), papers=_paper_ids(facts.concluded))
    if facts.pending:
        yield _Told("pending", _pending(facts))
    if facts.unvisited:
        names = _names(facts.unvisited)
        yield _Told("unvisited", sentence(f"Còn {_units(len(facts.unvisited))} chưa kiểm tra: {names}"))
    if facts.concluded:
        yield _Told("counts", _counts(facts), papers=_paper_ids(facts.concluded))


def _scope(facts: PeriodFacts) -> str:
    levels = Counter(unit.level for unit in facts.scope)
    kinds = [f"{levels[level]:02d} {_of_level(label)}" for level, label in facts.levels.items() if levels[level]]
    by_level = f" ({'; '.join(kinds)})" if len(kinds) > 1 else ""
    planned = f"Phạm vi đợt kiểm tra gồm {_units(len(facts.scope))}{by_level}. " if facts.scope else ""
    inside_scope = {unit.id for unit in facts.scope}
    done = [unit for unit in facts.visited if unit.id in inside_scope]
    others = [unit for unit in facts.visited if unit.id not in inside_scope]
    share = f"{len(done):02d}/{len(facts.scope):02d} đơn vị" if facts.scope else _units(len(facts.visited))
    more = f" và {_units(len(others))} ngoài phạm vi ({_names(others)})" if others and facts.scope else ""
    return f"{planned}Đến ngày {short_date(facts.today)}, đã kiểm tra {share}{_in_period(facts)}{more}."


def _of_level(label: str) -> str:
    return f"đơn vị {inside(label)}" if label.startswith("Cấp") else inside(label)


def _in_period(facts: PeriodFacts) -> str:
    return " trong kỳ" if facts.since or facts.until else ""


def _papers(facts: PeriodFacts) -> str:
    concluded = units_of(one for one in facts.visits if one.concluded)
    annex = "Phụ lục I" if any(one.shortcomings() for one in facts.concluded) else "Phụ lục"
    return sentence(
        f"Đã ban hành kết luận kiểm tra đối với {len(concluded):02d}/{len(facts.visited):02d} đơn vị được kiểm tra; "
        f"kết quả từng đơn vị nêu tại {annex} kèm theo"
    )


def _pending(facts: PeriodFacts) -> str:
    units = units_of(facts.pending)
    return sentence(
        f"{_units(len(units))} đã kiểm tra nhưng chưa ban hành kết luận ({_names(units)}); tồn tại, hạn chế tại các "
        "đơn vị này chưa được tổng hợp vào Báo cáo này"
    )


def _counts(facts: PeriodFacts) -> str:
    findings = [finding for one in facts.concluded for finding in one.findings if finding.verdict is not None]
    verdicts, areas = Counter(finding.verdict for finding in findings), {finding.area for finding in findings}
    told = [f"{verdicts[one]:02d} lượt {VERDICT_LABELS[one].lower()}" for one in Verdict if verdicts[one]]
    result = f": {listed(told)}" if told else ""
    units = _units(len(units_of(facts.concluded)))
    return sentence(
        f"Tại {units} đã có kết luận, đã đánh giá {len(findings):02d} lượt nội dung thuộc "
        f"{len(areas):02d} lĩnh vực{result}. Trong Báo cáo này, số đơn vị ghi ở mỗi nội dung là số đơn vị trên tổng "
        "số đơn vị đã có kết luận được kiểm tra nội dung đó"
    )


def _praise(facts: PeriodFacts, counted: Sequence[ItemTally]) -> Iterator[_Told]:
    for area in dict.fromkeys(one.area for one in counted):
        of_area = [one for one in counted if one.area == area]
        good = [one for one in of_area if one.is_mostly_praised and one.item]
        good.sort(key=lambda one: -len(one.praised))
        if good:
            yield _Told(
                f"pass.{_number(area)}", _praised(good), area, *_grounds(found for one in good for found in one.praised)
            )
        yield from _practices(facts, area)


def _praised(good: Sequence[ItemTally]) -> str:
    told = [f"{_generic(one.item, 'pass')} ({_praised_at(one)})" for one in good[:_MOST_NAMED] if one.item]
    rest = len(good) - len(told)
    more = f"; và {rest:02d} nội dung khác" if rest else ""
    return sentence(f"Các nội dung được thực hiện tốt: {'; '.join(map(inside, told))}{more}")


def _praised_at(one: ItemTally) -> str:
    """How many units of those in which it was looked at; the only one by its name."""
    return one.praised[0].at.unit.name if len(one.assessed) == 1 else _share(one.praised, one)


def _practices(facts: PeriodFacts, area: str) -> Iterator[_Told]:
    for visit in facts.concluded:
        for one in visit.said("pass"):
            found = visit.behind(one)
            if one.id.startswith("practice.") and any(finding.area == area for finding in found):
                text = sentence(f"{visit.unit.name}: {inside(one.text)}")
                shares = [Found(visit, one, finding) for finding in found]
                yield _Told(f"practice.{visit.inspection}.{one.id}", text, area, *_grounds(shares))


def _shortcomings(facts: PeriodFacts, counted: Sequence[ItemTally]) -> Iterator[_Told]:
    repeated = [found for one in counted for found in one.repeats]
    if repeated:
        yield _Told("repeats", _repeated(repeated), "", *_grounds(repeated))
    for one in counted:
        if one.failed:
            yield _Told(f"fail.{one.item_id}", _shortcoming(one), one.area, *_grounds(one.failed))
    for visit in facts.concluded:
        for own, found in visit.shortcomings():
            if visit.paper and not found:
                text = sentence(f"{visit.unit.name}: {inside(own.text)}")
                yield _Told(f"own.{visit.inspection}.{own.id}", text, "", (), own.entries, (visit.paper.id,))


def _repeated(repeated: Sequence[Found]) -> str:
    counts = Counter(one.at.unit.name for one in repeated)
    told = "; ".join(f"{name}: {count:02d} nội dung" for name, count in counts.items())
    return sentence(
        f"Có {len(repeated):02d} tồn tại, hạn chế tại {_units(len(counts))} đã được nhắc nhở trước đây nhưng tiếp tục "
        f"tái diễn ({told})"
    )


def _shortcoming(one: ItemTally) -> str:
    own = _own_words(one)
    names = "; ".join(found.at.unit.name if own else _with_figures(found) for found in one.failed)
    common = _generic(one.item, "shortcoming") if one.item else bare(one.failed[0].paragraph.text)
    text = f"{own or common}: {_share(one.failed, one)} ({names})"
    if not one.repeats:
        return sentence(text)
    again = "; ".join(found.at.unit.name + _at(found.finding.notice) for found in one.repeats)
    return sentence(f"{text}; trong đó {_units(len(one.repeats))} để tái diễn nội dung đã được nhắc nhở ({again})")


def _at(notice: str) -> str:
    return f", {notice}" if notice else ""


def _own_words(one: ItemTally) -> str:
    """Of a single unit the words of its conclusion, where they speak of nothing else and their sources agree."""
    only = one.failed[0]
    behind = only.at.behind(only.paragraph)
    alone = len(one.failed) == 1 and {finding.item_id for finding in behind} == {one.item_id}
    return bare(only.paragraph.text) if alone and not any(finding.differing() for finding in behind) else ""


def _generic(item: Item | None, part: wording.PartName) -> str:
    """An item's sentence without figures: what units have in common."""
    return bare(expand(wording.compose(item, part, {}, terms={}).text)) if item else ""


def _with_figures(found: Found) -> str:
    """A unit's name with the figures that its shortcoming prints, where the sources agree on them."""
    item, agreed = found.finding.item, found.finding.agreed()
    if item is None or not agreed:
        return found.at.unit.name
    used = wording.compose(item, "shortcoming", agreed, terms={}).figures_used
    fields = [one for one in item.fields if one.key in used and one.type in {FieldType.NUMBER, FieldType.PERCENT}]
    told = [wording.format_figure(one, agreed[one.key]) for one in fields if one.key in agreed]
    shown = ", ".join(told) if len(told) <= _MOST_FIGURES else ""
    return f"{found.at.unit.name} – {shown}" if shown else found.at.unit.name


def _remedies(facts: PeriodFacts) -> Iterator[_Told]:
    wanted = [one for visit in facts.concluded for one in visit.remedies]
    if not wanted:
        return
    entries = tuple(entry for one in wanted for entry in one.entries)
    yield _Told("remedies", _progress(facts), entries=entries, papers=_paper_ids(facts.concluded))
    late = [one for one in wanted if one.state(facts.today) == "overdue"]
    if late:
        counts = Counter(one.addressee for one in late)
        told = "; ".join(f"{name}: {count:02d} nội dung" for name, count in counts.items())
        text = sentence(f"Cơ quan, đơn vị còn nội dung quá thời hạn: {told}")
        yield _Told("overdue", text, entries=tuple(entry for one in late for entry in one.entries))


def _progress(facts: PeriodFacts) -> str:
    counts = Counter(one.state(facts.today) for visit in facts.concluded for one in visit.remedies)
    done = counts["done"] + counts["late"] + counts["undated"]
    kinds = [("done", "đúng thời hạn"), ("late", "sau thời hạn"), ("undated", "không ấn định ngày")]
    how = [f"{counts[state]:02d} nội dung {name}" for state, name in kinds if counts[state]]  # type: ignore[index]
    still = counts["open"] + counts["waiting"]
    answered = f" (trong đó {counts['waiting']:02d} nội dung đơn vị đã báo cáo, đang được xem xét)" * bool(
        counts["waiting"]
    )
    told = [
        f"đã hoàn thành {done:02d} nội dung ({listed(how)})" if done else "chưa có nội dung nào hoàn thành",
        *([f"{still:02d} nội dung đang thực hiện, chưa quá thời hạn{answered}"] if still else []),
        *([f"{counts['overdue']:02d} nội dung quá thời hạn chưa hoàn thành"] if counts["overdue"] else []),
    ]
    others = sum(one.elsewhere for visit in facts.concluded for one in visit.remedies)
    of_others = f", trong đó {others:02d} nội dung đối với cơ quan khác" if others else ""
    return sentence(
        f"Các kết luận kiểm tra đã yêu cầu thực hiện {counts.total():02d} nội dung{of_others}. Đến ngày "
        f"{short_date(facts.today)}: {'; '.join(told)}"
    )


def _causes(facts: PeriodFacts) -> Iterator[_Told]:
    """Causes as the conclusions name them; those in the same words stand once."""
    same: dict[str, list[tuple[InspectedUnit, Any]]] = {}
    for visit in facts.concluded:
        for one in visit.said("cause"):
            same.setdefault(bare(one.text).casefold(), []).append((visit, one))
    for told in same.values():
        visit, first = told[0]
        names = _names(units_of(at for at, _ in told))
        entries = tuple(entry for _, one in told for entry in one.entries)
        text = sentence(f"{bare(first.text)} ({names})")
        yield _Told(f"cause.{visit.inspection}.{first.id}", text, "", (), entries, _paper_ids(at for at, _ in told))


def _petitions(facts: PeriodFacts) -> Iterator[_Told]:
    found = [(visit, one) for visit in facts.concluded for one in visit.petitions]
    order = list(dict.fromkeys(addressee_of(one).casefold() for _, one in found))
    for visit, one in sorted(found, key=lambda pair: order.index(addressee_of(pair[1]).casefold())):
        text = f"{visit.unit.name}: {inside(petition_sentence(one, 'Đoàn kiểm tra'))}"
        entries = tuple(entry.id for entry in (one.entry, one.replied) if entry is not None)
        yield _Told(f"petition.{visit.inspection}.{one.id}", text, addressee_of(one), entries=entries)


def _open_petitions(facts: PeriodFacts) -> list[PetitionFact]:
    return [one for visit in facts.concluded for one in visit.petitions if one.handling != "tra_loi"]


def _proposals(facts: PeriodFacts, counted: Sequence[ItemTally]) -> Iterator[_Told]:
    made = list(_proposal_texts(facts, counted))
    whom = authority(facts)
    if made:
        yield _Told("lead", f"Từ kết quả kiểm tra nêu trên, {_body(facts)} đề nghị{f' {whom}' if whom else ''}:")
    for name, text in made:
        yield _Told(f"propose.{name}", sentence(text))


def _proposal_texts(facts: PeriodFacts, counted: Sequence[ItemTally]) -> Iterator[tuple[str, str]]:
    common = [_generic(one.item, "shortcoming") for one in counted if one.is_common and one.item]
    if common:
        told = "; ".join(map(inside, common[:_MOST_NAMED]))
        yield "common", f"Chỉ đạo các cơ quan, đơn vị tập trung khắc phục các tồn tại, hạn chế phổ biến: {told}"
    late = Counter(
        one.addressee for visit in facts.concluded for one in visit.remedies if one.state(facts.today) == "overdue"
    )
    if late:
        yield (
            "overdue",
            (
                f"Chỉ đạo {bodies(list(late))} khẩn trương hoàn thành các nội dung đã quá thời hạn, báo cáo kết quả "
                "thực hiện"
            ),
        )
    repeated = units_of(found.at for one in counted for found in one.repeats)
    if repeated:
        yield (
            "repeats",
            (
                f"Chỉ đạo {bodies([unit.name for unit in repeated])} khắc phục dứt điểm các tồn tại, hạn chế đã "
                "được nhắc nhở, không để tiếp tục tái diễn"
            ),
        )
    if any(one.id.startswith("practice.") for visit in facts.concluded for one in visit.said("pass")):
        yield "practice", "Cho phổ biến các cách làm hay nêu trên để các cơ quan, đơn vị nghiên cứu, áp dụng"
    if _open_petitions(facts):
        yield (
            "petitions",
            ("Xem xét, giải quyết hoặc giao cơ quan có thẩm quyền trả lời các kiến nghị của đơn vị nêu trên"),
        )


def _closing(facts: PeriodFacts) -> str:
    text, whom = f"Trên đây là Báo cáo tổng hợp kết quả {deed(facts)}{_between(facts)}", authority(facts)
    return f"{text}; {_body(facts)} kính trình {whom} xem xét, chỉ đạo./." if whom else f"{text}./."


def _blocks(parts: Sequence[Part], what: str) -> list[Any]:
    named = {part.id.removeprefix(PREFIX): part for part in parts}

    def of(*names: str) -> list[Part]:
        return [part for id_, part in named.items() if id_.partition(".")[0] in names]

    proposals = of("propose")
    told = [
        (f"KHÁI QUÁT VỀ {what}", numbered(of("scope", "papers", "pending", "unvisited", "counts"))),
        ("ƯU ĐIỂM, KẾT QUẢ ĐẠT ĐƯỢC", by_area(of("pass", "practice"))),
        ("TỒN TẠI, HẠN CHẾ", [*plain(of("repeats")), *by_area(of("fail", "own"))]),
        ("KẾT QUẢ THỰC HIỆN YÊU CẦU SAU KIỂM TRA", numbered(of("remedies", "overdue"))),
        ("NGUYÊN NHÂN", numbered(of("cause"))),
        ("KIẾN NGHỊ CỦA ĐƠN VỊ ĐƯỢC KIỂM TRA", by_addressee(of("petition"))),
        ("KIẾN NGHỊ, ĐỀ XUẤT", [*plain(of("lead")), *numbered(proposals)] if proposals else []),
    ]
    return [*plain(of("opening")), *sections(told), *plain(of("replaces", "closing"))]


def _manifest(facts: PeriodFacts, told: Sequence[_Told], blocks: Sequence[Paragraph]) -> dict[str, object]:
    """As a conclusion's manifest; each sentence names the conclusions it rests on, by the documents' ids."""
    known = {f"{PREFIX}{one.id}": one for one in told}
    paragraphs = []
    for block in blocks:
        own, by = facts.overrides.get(block.id), known[block.id]
        entries = {*by.entries, *([own.entry.id] if own and own.entry else [])}
        paragraphs.append(
            {
                "id": block.id,
                "text": block.text,
                "edited": block.edited,
                "rests_on": list(by.rests_on),
                "entries": sorted(entries),
                "documents": sorted(set(by.papers)),
                **({"origin": "docx"} if own and own.origin else {}),
            }
        )
    papers = [one.paper for one in facts.concluded if one.paper]
    return {
        "format": FORMAT,
        "campaign": facts.campaign,
        "period": {
            "from": facts.since.isoformat() if facts.since else None,
            "to": facts.until.isoformat() if facts.until else None,
            "as_of": facts.today.isoformat(),
        },
        "kind": DocumentKind.REPORT.value,
        "head": dict(facts.head),
        "paragraphs": paragraphs,
        "findings": [],
        "documents": [{"id": one.id, "name": one.name, "sha256": one.sha256} for one in papers],
        "covers": sorted(covers(facts)),
    }


def covers(facts: PeriodFacts) -> set[str]:
    """Every entry that the report tells of."""
    found = {entry for one in _proposed(facts) for entry in one.entries}
    return found | {override.entry.id for override in facts.overrides.values() if override.entry}


def _grounds(found: Iterable[Found]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Subjects of findings, entries and papers behind a sentence."""
    all_of_them = list(found)
    subjects = dict.fromkeys(f"inspection/{one.at.inspection}/{one.finding.key}" for one in all_of_them)
    entries = dict.fromkeys(entry for one in all_of_them for entry in (*one.finding.entries, *one.paragraph.entries))
    return tuple(subjects), tuple(entries), _paper_ids(one.at for one in all_of_them)


def _paper_ids(visits: Iterable[InspectedUnit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.paper.id for one in visits if one.paper))


def _units(count: int) -> str:
    return f"{count:02d} đơn vị"


def _share(found: Sequence[Found], one: ItemTally) -> str:
    return f"{len(units_of(each.at for each in found)):02d}/{len(one.assessed):02d} đơn vị"


def _names(units: Iterable[ScopeUnit]) -> str:
    """Names apart from each other by semicolons: many have a comma or "và" in them."""
    return "; ".join(unit.name for unit in units)


def _number(area: str) -> str:
    return str(AREAS.index(area) + 1) if area in AREAS else "0"
