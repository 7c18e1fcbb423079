"""Báo cáo kết quả kiểm tra: the delegation's report to the authority that set it up, from the conclusion's facts.

What it says of findings are the conclusion's own paragraphs, in the lead's words, so that both papers say the same;
around them stand paragraphs of its own (ids ``bc.…``), which the lead may reword too. Every number in it is counted
from the facts. What nobody knows (to whom it goes, when the visit was) is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from checklists.answers import VERDICT_LABELS, Verdict
from reports.composing import frame
from reports.composing.asking import addressed_among, ask_blocks, asks_in_words, lead_id, other_lead, verbs_by_body
from reports.composing.blocks import by_addressee, by_area, numbered, plain, sections
from reports.composing.conclusion import plan
from reports.composing.facts import ConclusionFacts, Finding, IssuerFact
from reports.composing.parts import Part, PartKind, Plan
from reports.composing.prose import days_text, expand, held, listed, sentence, short_date
from reports.composing.remedy_list import annex as requirement_list
from reports.composing.requirements import Requirement, main_addressee
from reports.composing.statement import manifest
from reports.document import Annex, Block, Document, DocumentKind, Heading, Letterhead, Recipient, Table

PREFIX = "bc."
_KINDS: dict[str, PartKind] = {
    "opening": "opening",
    "lead": "lead",
    "propose": "req",
    "replaces": "closing",
    "closing": "closing",
}
_NO_ACTION = (Verdict.NO_CASES, Verdict.NOT_APPLICABLE, Verdict.NOT_DUE)
_TOLD = (Verdict.PASS, Verdict.PARTIAL, Verdict.FAIL, Verdict.FIXED_ON_SITE, Verdict.AWAITING_PAPERS)


@dataclass(frozen=True)
class RecordFact:
    """A site record that was read out: what it is called, its day and place."""

    title: str
    day: date | None = None
    place: str = ""


@dataclass(frozen=True)
class VisitFact:
    """What the delegation did, counted from the journal.

    Attributes:
        sites: names of the places of the inspection.
        members: how many people the delegation has.
        records: the site records that were read out.
        asked: how many items the checklists ask, each place by itself.
        files, papers: photos and files, official papers taken as evidence.
    """

    sites: tuple[str, ...] = ()
    members: int = 0
    records: tuple[RecordFact, ...] = ()
    asked: int = 0
    files: int = 0
    papers: int = 0


@dataclass(frozen=True)
class ReportFacts:
    """What the report is composed from; ``issuer`` is the body that issues it, with its symbol for BC.

    ``replaces`` names the registered report that this one takes the place of.
    """

    conclusion: ConclusionFacts
    issuer: IssuerFact
    visit: VisitFact = field(default_factory=VisitFact)
    replaces: str = ""

    @property
    def told(self) -> ConclusionFacts:
        """The conclusion's facts as this body would speak of them."""
        return replace(self.conclusion, issuer=self.issuer)


def own_parts(facts: ReportFacts) -> tuple[Part, ...]:
    """The report's own paragraphs, each with what the lead says instead."""
    drafted = plan(facts.conclusion)
    proposed = [
        Part(f"{PREFIX}{id_}", _KINDS.get(id_.partition(".")[0], "follow"), text)
        for id_, text in _proposed(facts, drafted)
    ]
    return tuple(replace(part, override=facts.conclusion.overrides.get(part.id)) for part in proposed)


def compose_report(facts: ReportFacts) -> Document:
    """The report as it stands, with every item's result and the proposed requirements as annexes."""
    drafted, own = plan(facts.conclusion), {part.id.removeprefix(PREFIX): part for part in own_parts(facts)}
    about, told, whom = facts.conclusion, facts.told, authority(facts)
    recipients = [one for one in facts.issuer.recipients if not addressed_among(one, [Recipient(whom)])]
    blocks = tuple(_blocks(drafted, {id_: part for id_, part in own.items() if part.stands}, about))
    made = manifest(about, [*blocks], drafted.standing_requirements())
    return Document(
        kind=DocumentKind.REPORT,
        letterhead=Letterhead(facts.issuer.letterhead, facts.issuer.superior, facts.issuer.place, frame.issuer(told)),
        symbol=facts.issuer.symbol,
        subject=held(f"Kết quả {frame.deed(about)} tại {frame.unit(about)}"),
        signatory=facts.issuer.signatory,
        blocks=blocks,
        number=about.number,
        issued_on=about.issued_on,
        addressees=(whom,) if whom else (),
        recipients=(*recipients, frame.archive(facts.issuer)),
        annexes=tuple(_annexes(facts, drafted)),
        draft=about.draft,
        year=about.issued_on.year if about.issued_on else about.year,
        manifest={**made, "kind": DocumentKind.REPORT.value},
    )


def authority(facts: ReportFacts) -> str:
    """Whom it goes to: as set for the issuing body, else who decided on the delegation."""
    decision, orders = facts.conclusion.inspection.decision, facts.conclusion.inspection.plan
    by = (decision.issuer if decision else "") or (orders.issuer if orders else "")
    return expand(facts.issuer.addressee or by)


def _proposed(facts: ReportFacts, drafted: Plan) -> Iterator[tuple[str, str]]:
    yield "opening", _opening(facts)
    yield from (("when", text) for text in [_when(facts)] if text)
    yield from (("records", text) for text in [_collected(facts)] if text)
    yield "counts", _counts(facts)
    yield from _proposals(facts, drafted)
    if facts.replaces:
        yield frame.replacing(facts.replaces)
    yield "closing", _closing(facts)


def _opening(facts: ReportFacts) -> str:
    return frame.orders(facts.told) + f" {_speaker(facts)} báo cáo kết quả như sau:"


def _speaker(facts: ReportFacts) -> str:
    return frame.speaker(facts.told)


def _when(facts: ReportFacts) -> str:
    about, visit = facts.conclusion, facts.visit
    days = days_text(about.inspection.dates) if about.inspection.dates else ""
    places = f"kiểm tra thực tế tại {_places(visit.sites)}" if visit.sites else ""
    worked = f"làm việc với {frame.unit(about)}" + (f" {days}" if days else "") if days or places else ""
    told = listed([part for part in (worked, places) if part])
    return sentence(f"{_speaker(facts)} {told}") if told else ""


def _places(names: Sequence[str]) -> str:
    """One place by its name, several with their number."""
    return names[0] if len(names) == 1 else f"{len(names):02d} nơi gồm {listed(names)}"


def _collected(facts: ReportFacts) -> str:
    visit = facts.visit
    records = [f"{_quantity(len(visit.records), 'biên bản')}{_days_of(visit.records)}"] if visit.records else []
    proofs = [(visit.papers, "văn bản"), (visit.files, "ảnh, tệp tài liệu")]
    taken = [_quantity(count, noun) for count, noun in proofs if count]
    told = [*(f"lập {one}" for one in records), *([f"thu thập {listed(taken)} làm chứng cứ"] if taken else [])]
    return sentence(f"{_team(facts)} đã {listed(told)}") if told else ""


def _team(facts: ReportFacts) -> str:
    """Who inspected, in short: the delegation, also where another body issues."""
    return frame.full_team(facts.conclusion) if facts.conclusion.inspection.supervision else "Đoàn kiểm tra"


def _days_of(records: Sequence[RecordFact]) -> str:
    days = {record.day for record in records if record.day}
    return f" ({days_text(days)})" if days else ""


def _quantity(count: int, noun: str) -> str:
    return f"{count:02d} {noun}"


def _counts(facts: ReportFacts) -> str:
    findings, act = facts.conclusion.findings, frame.act(facts.conclusion)
    counts = Counter(finding.verdict for finding in findings)
    areas = {finding.area for finding in findings}
    told = [
        f"{_quantity(counts[verdict], 'nội dung')} {_verdict(verdict).lower()}"
        for verdict in (*_TOLD, *_NO_ACTION, None)
        if counts[verdict]
    ]
    text = f"{_team(facts)} đã {act} {_quantity(len(findings), 'nội dung')} thuộc {_quantity(len(areas), 'lĩnh vực')}"
    left = facts.visit.asked - len(findings)
    rest = f"; còn {_quantity(left, 'nội dung')} của bộ phiếu chưa {act}" if left > 0 else ""
    return sentence(f"{text}: {listed(told)}{rest}" if told else f"{text}{rest}")


def _verdict(verdict: Verdict | None) -> str:
    """A verdict in words; what was only noted has none."""
    return VERDICT_LABELS[verdict] if verdict else "Ghi nhận"


def _proposals(facts: ReportFacts, drafted: Plan) -> Iterator[tuple[str, str]]:
    whom = authority(facts)
    yield from ((id_, text) for id_, text in [("conclude", _conclude(facts, drafted))] if not whom)
    wishes = list(_wishes(facts, drafted))
    if whom or wishes:
        asked = whom or "cơ quan có thẩm quyền"
        yield "lead", f"{frame.from_results(facts.conclusion)}, {_speaker(facts)} đề nghị {asked}:"
    if whom:
        yield "propose.conclude", _conclude(facts, drafted)
    yield from wishes
    others = _of_others(facts, drafted) if whom else []  # without one the sentence before speaks of all of them
    for other, group in groupby(others, key=lambda one: one.addressee):
        yield lead_id(other), other_lead(other, facts.told, first=False)
        yield from ((f"propose.{one.id}", sentence(one.text)) for one in group)


def _wishes(facts: ReportFacts, drafted: Plan) -> Iterator[tuple[str, str]]:
    """What the authority is asked beside the conclusion."""
    if any(part.id.startswith("practice.") for part in drafted.of("pass")):
        text = f"Phổ biến cách làm hay của {frame.unit(facts.conclusion)} để các đơn vị khác nghiên cứu, áp dụng."
        yield "propose.practice", text
    if drafted.of("petition"):
        text = "Xem xét, giải quyết hoặc giao cơ quan có thẩm quyền trả lời các kiến nghị của đơn vị nêu trên."
        yield "propose.petitions", text


def _of_others(facts: ReportFacts, drafted: Plan) -> list[Requirement]:
    """What is asked of bodies that are not the inspected unit."""
    main = main_addressee(facts.conclusion)
    return [one for one in drafted.standing_requirements() if one.addressee != main]


def _conclude(facts: ReportFacts, drafted: Plan) -> str:
    """What is to become of it: only who issues the conclusion is asked to issue it, others for their opinion."""
    about, whom = facts.conclusion, authority(facts)
    paper = "công văn" if about.inspection.document_kind is DocumentKind.LETTER else "thông báo"
    wanted = drafted.standing_requirements()
    where = "Phụ lục II" if about.findings else "Phụ lục"
    quantity = _quantity(len(wanted), "nội dung")
    verb = asks_in_words(wanted, about)
    asks = f", trong đó {verb} thực hiện {quantity} nêu tại {where} kèm theo Báo cáo này" if wanted else ""
    conclusion = f"{paper} kết luận {frame.act(about)} tại {frame.unit(about)}{asks}"
    issues = frame.speaker(about)
    if not whom:
        return sentence(f"{issues} dự kiến ban hành {conclusion}")
    if addressed_among(Recipient(frame.issuer(about)), [Recipient(whom)]):
        return sentence(f"Xem xét, ban hành {conclusion}")
    return sentence(f"Xem xét, cho ý kiến để {issues} ban hành {conclusion}")


def _closing(facts: ReportFacts) -> str:
    about, whom = facts.conclusion, authority(facts)
    text = f"Trên đây là Báo cáo kết quả {frame.deed(about)} tại {frame.unit(about)}"
    return f"{text}; {_speaker(facts)} kính trình {whom} xem xét, chỉ đạo./." if whom else f"{text}./."


def _blocks(drafted: Plan, own: dict[str, Part], about: ConclusionFacts) -> list[Block]:
    survey = [own[id_] for id_ in ("when", "records", "counts") if id_ in own]
    proposals = [part for id_, part in own.items() if id_.startswith(("lead", "propose."))]
    concluding = [own[id_] for id_ in ("conclude",) if id_ in own]
    shortcomings = [*plain(drafted.of("repeat")), *by_area(drafted.of("fail")), *plain(drafted.of("explained"))]
    told: list[tuple[str, Sequence[Block]]] = [
        (f"KHÁI QUÁT VỀ CUỘC {frame.act(about).upper()}", numbered(survey)),
        ("ƯU ĐIỂM, KẾT QUẢ ĐẠT ĐƯỢC", by_area(drafted.of("neutral", "pass"))),
        ("TỒN TẠI, HẠN CHẾ", shortcomings),
        ("NGUYÊN NHÂN", numbered(drafted.of("cause"))),
        (f"KIẾN NGHỊ CỦA ĐƠN VỊ ĐƯỢC {frame.act(about).upper()}", by_addressee(drafted.of("petition"))),
        ("KIẾN NGHỊ, ĐỀ XUẤT", [*plain(concluding), *(ask_blocks(proposals) if proposals else [])]),
    ]
    names = ("opening", "replaces", "closing")
    ends = [plain([part for id_, part in own.items() if id_.partition(".")[0] == name]) for name in names]
    return [*ends[0], *sections(told), *ends[1], *ends[2]]


def _annexes(facts: ReportFacts, drafted: Plan) -> Iterator[Annex]:
    if facts.conclusion.findings:
        title = f"Kết quả {frame.act(facts.conclusion)} từng nội dung"
        yield Annex(title, tuple(_result_tables(facts.conclusion.findings)), landscape=True)
    standing = drafted.standing_requirements()
    asks = asks_in_words(standing, facts.conclusion)
    verbs = verbs_by_body(standing, facts.conclusion)
    wanted = requirement_list(standing, facts.conclusion.inspection.document_kind, asks, verbs)
    if wanted is not None:
        yield replace(wanted, title=f"Danh mục nội dung đề xuất {asks} thực hiện", blocks=_proposed_terms(wanted))


def _proposed_terms(wanted: Annex) -> tuple[Block, ...]:
    """A term from the day of "this" paper is one from the day of the conclusion that is proposed here."""
    return tuple(
        replace(block, rows=tuple(tuple(map(_of_conclusion, row)) for row in block.rows))
        if isinstance(block, Table)
        else block
        for block in wanted.blocks
    )


def _of_conclusion(cell: str) -> str:
    return cell.replace("Thông báo này", "thông báo kết luận").replace("Công văn này", "công văn kết luận")


def _result_tables(findings: Sequence[Finding]) -> Iterator[Block]:
    """A table per lĩnh vực; a column of places only where most results have one: other places stand in the words."""
    areas = list(dict.fromkeys(finding.area for finding in findings))
    with_sites = 2 * sum(finding.site is not None for finding in findings) > len(findings)
    with_proofs = any(_proofs(finding) for finding in findings)
    for number, area in enumerate(areas, 1):
        yield Heading(f"{number}. {area}")
        rows = [
            _row(index, one, with_sites=with_sites)
            for index, one in enumerate((f for f in findings if f.area == area), 1)
        ]
        columns = [0, 1, *([2] if with_sites else []), 3, *([4] if with_proofs else [])]
        yield Table(
            header=tuple(_HEADER[column] for column in columns),
            rows=tuple(tuple(row[column] for column in columns) for row in rows),
            widths=tuple(_WIDTHS[column] for column in columns),
            align=tuple(_ALIGN[column] for column in columns),
        )


_HEADER = ("TT", "Nội dung theo bộ phiếu", "Nơi thực hiện", "Kết quả", "Chứng cứ")
_WIDTHS = (0.06, 0.48, 0.18, 0.14, 0.14)
_ALIGN = ("center", "left", "left", "center", "left")


def _row(number: int, finding: Finding, *, with_sites: bool) -> tuple[str, ...]:
    site = expand(finding.site.name) if finding.site else ""
    where = f" (tại {site})" if site and not with_sites else ""
    return (str(number), f"{expand(finding.item.question)}{where}", site, _verdict(finding.verdict), _proofs(finding))


def _proofs(finding: Finding) -> str:
    files = sum(one.sha256 is not None for one in finding.evidence)
    papers = [one.paper for one in finding.evidence if one.paper and one.paper.number]
    told = [f"{files:02d} ảnh, tệp"] if files else []
    return "; ".join([*told, *(_paper(one.number, one.date) for one in papers)])


def _paper(number: str, day: date | None) -> str:
    return f"{number.removeprefix('số ')}" + (f" ngày {short_date(day)}" if day else "")
