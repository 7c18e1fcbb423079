"""From findings to paragraphs: which section a finding belongs to, and the sentence it becomes.

A finding speaks through its item's template; where the template would lose what somebody proposed to say
(a note "dien_dat"), the proposed wording stands, with ``{figure}`` placeholders filled in. Every figure of
the answer comes out: what no sentence prints follows with its name (cụ thể: …). Nothing is computed here
that nobody gave, and nothing is repaired.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from checklists import wording
from checklists.answers import AnswerValue, Source, Verdict
from checklists.model import AREAS, FieldType, FigureField, Item, Plain
from checklists.rules import chosen, chosen_figures, derive
from reports.composing.facts import ConclusionFacts, Finding, NoteFact, PaperFact
from reports.composing.prose import bare, expand, inside, listed, sentence, short_date

Section = Literal["pass", "fail", "neutral"]
REPEATS_ITEM = "kien-nghi-truoc.tai-dien"
_FRACTION = re.compile(r"\{(\w+)\}/\{(\w+)\}((?: [^\s{}\[\]|;,.()]+)*)")
_TELLS_SOURCE = {Source.REPORT: "báo cáo", Source.SOFTWARE: "phần mềm", Source.COUNTED: "kiểm tra thực tế"}
_BARE_VERB = re.compile(
    r"^((?:Theo báo cáo|Theo số liệu|Qua kiểm tra)[^,]*, )((?:thường xuyên |kịp thời )?(?:niêm yết|cập nhật|ban hành|"
    r"công khai|cung cấp|triển khai|bố trí|tổ chức|đăng tải|giải quyết|tiếp nhận|cử|rà soát|xây dựng|trình)(?!\w))",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(Điều|Khoản|khoản|Điểm|điểm|Mục|Chương|Phần|Phụ lục) ")


@dataclass(frozen=True)
class Statement:
    """One paragraph to be: what it says and the findings that it stands on."""

    id: str
    section: Section
    area: str
    text: str
    findings: tuple[Finding, ...]

    @property
    def rests_on(self) -> tuple[str, ...]:
        return tuple(finding.key for finding in self.findings)

    @property
    def repeats(self) -> bool:
        """Whether any of it was pointed out before."""
        return any(finding.repeat for finding in self.findings)


@dataclass(frozen=True)
class _Voice:
    """A finding speaking once: through its template, or through one of the wordings proposed for it.

    ``leads`` marks the voice that tells the answer's figures, so that they come out once.
    """

    finding: Finding
    note: NoteFact | None
    number: int

    @property
    def leads(self) -> bool:
        return self.number == 1


def statements(facts: ConclusionFacts) -> list[Statement]:
    """All paragraphs that speak of findings, in the order of the lĩnh vực."""
    groups: dict[tuple[Section, str], list[_Voice]] = {}
    for voice in _voices(facts):
        section = section_of(voice.finding, voice.note)
        if section is not None:
            groups.setdefault((section, _group_key(voice)), []).append(voice)
    made = [_statement(section, group, facts) for (section, _), group in groups.items()]
    made += _good_practice(facts)
    return sorted(_merged(made), key=lambda one: AREAS.index(one.area))


def _voices(facts: ConclusionFacts) -> list[_Voice]:
    found = []
    for finding in facts.findings:
        notes: Sequence[NoteFact | None] = finding.wordings()
        if not notes and not _only_marks_repeats(finding, facts):
            notes = [None]
        found += [_Voice(finding, note, number) for number, note in enumerate(notes, 1)]
    return found


def section_of(finding: Finding, note: NoteFact | None) -> Section | None:
    """Where the conclusion speaks of a finding; None where it does not.

    A proposed wording that says whether it praises decides for itself: one item may be praised and blamed
    in one breath (đạt, còn hạn chế).
    """
    if finding.verdict in {Verdict.NO_CASES, Verdict.NOT_APPLICABLE, Verdict.NOT_DUE, Verdict.AWAITING_PAPERS}:
        return None
    if note is not None and note.good is not None:
        return "pass" if note.good else "fail"
    match finding.verdict:
        case Verdict.PASS | Verdict.FIXED_ON_SITE:
            return "pass"
        case Verdict.FAIL:
            return "fail"
        case Verdict.PARTIAL:
            return "pass" if _figures_praise(finding) else "fail"
        case _:
            return "neutral" if note is not None or finding.value.figures else None


def _figures_praise(finding: Finding) -> bool:
    """Whether "đạt một phần" is told as an achievement: where only the praise has its figures."""
    figures = chosen_figures(finding.value)
    if not figures:
        return False
    blamed = wording.compose(finding.item, "shortcoming", figures, terms={})
    praised = wording.compose(finding.item, "pass", figures, terms={})
    return bool(praised.figures_used) and not blamed.figures_used


def _only_marks_repeats(finding: Finding, facts: ConclusionFacts) -> bool:
    """The list of repeats marks other findings; alone it says nothing of its own."""
    return finding.item.id == REPEATS_ITEM and any(other.repeat for other in facts.findings)


def _group_key(voice: _Voice) -> str:
    """Findings of one fact carry the same proposed wording; without one each speaks for itself."""
    return expand(bare(voice.note.text)).casefold() if voice.note else voice.finding.key


def _statement(section: Section, group: Sequence[_Voice], facts: ConclusionFacts) -> Statement:
    text = _group_text(section, group, facts)
    first = min(group, key=lambda voice: AREAS.index(voice.finding.area))
    suffix = "" if first.number == 1 else f".{first.number}"
    part = first.finding.key.removeprefix("answer/") + suffix
    findings = tuple(voice.finding for voice in group)
    return Statement(f"{section}.{part}", section, first.finding.area, text, findings)


def _group_text(section: Section, group: Sequence[_Voice], facts: ConclusionFacts) -> str:
    spoken = [one for one in group if one.finding.value.figures and one.leads] or [group[0]]
    texts = list(dict.fromkeys(_one_text(section, voice, facts) for voice in spoken))
    return "; ".join([bare(texts[0]), *(inside(bare(text)) for text in texts[1:])])


def _one_text(section: Section, voice: _Voice, facts: ConclusionFacts) -> str:
    text = _with_doer(expand(_said(section, voice, facts)))
    if section == "fail" and voice.note is None:
        text = _with_basis(text, voice.finding, facts)
    if section == "pass":
        text += _papers(voice.finding)
        text += _completion(voice)
    return _of_many(text) if facts.unit.is_group else text


def _with_doer(text: str) -> str:
    """After whose figures they are, no bare verb: "theo báo cáo …, đã niêm yết", "qua kiểm tra …, đơn vị niêm yết"."""

    def told(match: re.Match[str]) -> str:
        doer = "đơn vị" if match[1].casefold().startswith("qua kiểm tra") else "đã"
        return f"{match[1]}{doer} {match[2]}"

    return _BARE_VERB.sub(told, text)


def _said(section: Section, voice: _Voice, facts: ConclusionFacts) -> str:
    """The sentence with the figures of the answer, without its full stop."""
    finding, value = voice.finding, voice.finding.value
    part = _PARTS["fail" if finding.verdict is Verdict.FIXED_ON_SITE else section]
    template = wording.compose_answer(finding.item, part, value, terms=facts.unit.terms)
    proposed = _proposed(finding.item, value, voice.note.text, facts) if voice.note else None
    if proposed is None:
        return _complete(finding, template.text, template.figures_used)
    if not voice.leads:
        return bare(proposed.text)
    told = proposed.text if proposed.figures_used or section == "neutral" else _with_source(proposed.text, finding)
    return _complete(finding, told, proposed.figures_used)


_PARTS: dict[Section, wording.PartName] = {"pass": "pass", "fail": "shortcoming", "neutral": "note"}


def _proposed(item: Item, value: AnswerValue, text: str, facts: ConclusionFacts) -> wording.Sentence | None:
    """A proposed wording with its figures filled in; None where it asks for figures that are not there."""
    own = item.model_copy(update={"pass_": text, "plain": Plain()})
    known = set(value.figures) | set(wording.TERMS) | set(derive(item, chosen_figures(value)))
    if not wording.mandatory(text) <= known:
        return None
    return wording.compose_answer(own, "pass", value, terms=facts.unit.terms)


def _with_source(text: str, finding: Finding) -> str:
    """A wording whose writer put the figures in tells whose they are, where they have one source."""
    given = chosen(finding.value)
    printed = {
        reading.source
        for field in finding.item.fields
        if (reading := given.get(field.key)) and _stands_in(reading.value.strip(), field, text)
    }
    phrase = _phrase_of(printed, text)
    return f"{phrase[:1].upper()}{phrase[1:]}, {inside(text)}" if phrase else text


def _phrase_of(sources: set[Source], text: str) -> str:
    """Whose the figures are, where they have one source and the text does not say it already."""
    if len(sources) != 1:
        return ""
    (source,) = sources
    return "" if _TELLS_SOURCE[source] in text.casefold() else wording.source_phrase(source)


def _complete(finding: Finding, text: str, used: Iterable[str]) -> str:
    """A text with the figures that it does not print after it, "cụ thể: …": whose they are, and their names.

    Two that the item's sentences put into one fraction stand as one: "12/13 hồ sơ đúng và trước hạn".
    """
    unprinted = {field.key: field for field in _unprinted(finding.item, finding.value, used, text)}
    if not unprinted:
        return bare(text)
    figures = {key: reading.value.strip() for key, reading in chosen(finding.value).items()}
    told = []
    for above, below, noun in _fractions(finding.item):
        if above in unprinted and below in unprinted:
            parts = (wording.format_number(figures[above]), wording.format_number(figures[below]))
            told.append(f"{'/'.join(parts)} {noun or unprinted[above].unit}".strip())
            del unprinted[above], unprinted[below]
    told += [_named_figure(field, figures[key]) for key, field in unprinted.items()]
    return f"{bare(text)}, cụ thể: {_whose(finding.value, text)}{', '.join(map(inside, told))}"


def _whose(value: AnswerValue, text: str) -> str:
    """The source, where all figures have the same one and the text has not named it."""
    phrase = _phrase_of({reading.source for reading in chosen(value).values()}, text)
    return f"{phrase}, " if phrase else ""


def _fractions(item: Item) -> list[tuple[str, str, str]]:
    """The fractions of the item's sentences with the words after them."""
    found = [match.groups() for text in (item.pass_, item.shortcoming) for match in _FRACTION.finditer(text)]
    return [(above, below, noun.strip()) for above, below, noun in found]


def _unprinted(item: Item, value: AnswerValue, used: Iterable[str], text: str) -> list[FigureField]:
    figures, used = chosen_figures(value), set(used)
    return [
        field
        for field in item.fields
        if figures.get(field.key, "").strip()
        and field.key not in used
        and field.type is not FieldType.BOOL
        and not _stands_in(figures[field.key].strip(), field, text)
    ]


def _stands_in(value: str, field: FigureField, text: str) -> bool:
    """Whether somebody has written the figure into the text: 3 as 3 or 03, 34336 as 34.336."""
    if field.type is FieldType.TEXT:
        return value in text
    shown = {value, wording.format_number(value), wording.padded(value), wording.format_date(value)}
    return any(re.search(rf"(?<![\d.,]){re.escape(one)}(?![\d]|[.,]\d)", text) for one in shown)


def _named_figure(field: FigureField, value: str) -> str:
    if field.type is FieldType.TEXT:
        return " ".join(value.split()).rstrip(".;,")
    text = re.sub(r"(?:\s*\([^)]*\)| như đã công bố)(?=:)", "", wording.format_figure(field, value))
    # "số lĩnh vực: 47 lĩnh vực" says its noun twice.
    noun = f"số {field.unit}: "
    if field.unit and text.lower().startswith(noun.lower()):
        return text[len(noun) :]
    return text.replace(": ", " là ", 1)


def _with_basis(text: str, finding: Finding, facts: ConclusionFacts) -> str:
    """A sentence that ends in "theo quy định" names the clause, where one is certain on the day.

    Any other names only what a person found for this item: he gave it so that it be said.
    """
    named = [basis for basis in facts.bases_of(finding) if _ARTICLE.match(basis)]
    found = {f"{one.text} {basis}" for (item, basis), one in facts.articles.items() if item == finding.item.id}
    own = next((basis for basis in named if basis in found), None)
    if text.endswith("theo quy định"):
        clause = own or next(iter(named), None)
        return f"{text} tại {clause}" if clause else text
    return f"{text} (quy định tại {own})" if own else text


def _papers(finding: Finding) -> str:
    papers = [paper_text(one.paper) for one in finding.evidence if one.paper and one.paper.number]
    return f" ({'; '.join(dict.fromkeys(papers))})" if papers else ""


def paper_text(paper: PaperFact) -> str:
    """Such as "Kế hoạch số 12/KH-SNV ngày 05/01/2022 của Sở Nội vụ", with what is known of it."""
    kind = "" if re.match(r"(số|[A-ZĐ]\w+ \w+ số) ", paper.number) else f"{_type_by_symbol(paper.number)} số "
    day = f" ngày {short_date(paper.date)}" if paper.date else ""
    issuer = f" của {paper.issuer}" if paper.issuer else ""
    return f"{kind}{paper.number}{day}{issuer}"


def _type_by_symbol(number: str) -> str:
    """The type's name by its abbreviation (NĐ 30/2020 Phụ lục III)."""
    names = {"KH": "Kế hoạch", "QĐ": "Quyết định", "BC": "Báo cáo", "TB": "Thông báo", "BB": "Biên bản"}
    names |= {"NQ": "Nghị quyết", "CT": "Chỉ thị", "TTr": "Tờ trình", "HD": "Hướng dẫn", "QC": "Quy chế"}
    symbol = re.search(r"/([^-/]+)-", number)
    return names.get(symbol[1], "Văn bản") if symbol else "Văn bản"


def _completion(voice: _Voice) -> str:
    finding = voice.finding
    if finding.verdict is Verdict.FIXED_ON_SITE and voice.leads:
        return "; nội dung này đã được đơn vị tiếp thu, khắc phục ngay trong buổi kiểm tra"
    # A partial finding with a blaming wording of its own says there what is still open.
    blamed = any(note.good is False for note in finding.wordings())
    if finding.verdict is Verdict.PARTIAL and voice.leads and not blamed:
        point = next((bare(note.text) for note in finding.notes if note.kind == "nhan_xet"), "")
        return f"; tuy nhiên, {inside(expand(point))}" if point else ""
    return ""


def _of_many(text: str) -> str:
    """A summary over units speaks of them in the plural."""
    text = re.sub(r"(báo cáo|trách nhiệm) của đơn vị", r"\1 của các đơn vị", text)
    return re.sub(r"^(Qua kiểm tra[^,]*), đơn vị", r"\1, các đơn vị", text)


def _good_practice(facts: ConclusionFacts) -> list[Statement]:
    return [
        Statement(
            f"practice.{finding.key.removeprefix('answer/')}.{number}",
            "pass",
            finding.area,
            f"Cách làm hay: {inside(expand(bare(note.text)))}",
            (finding,),
        )
        for finding in facts.findings
        for number, note in enumerate((one for one in finding.notes if one.kind == "cach_lam_hay"), 1)
    ]


def _merged(made: Iterable[Statement]) -> list[Statement]:
    """Sentences that say the same stand once, with the places they were found at and all their findings."""
    by_text: dict[tuple[Section, str], list[Statement]] = {}
    for one in made:
        by_text.setdefault((one.section, one.text.casefold()), []).append(one)
    return [_one_of(same) for same in by_text.values()]


def _one_of(same: Sequence[Statement]) -> Statement:
    first = min(same, key=lambda one: AREAS.index(one.area))
    findings = tuple({finding.key: finding for one in same for finding in one.findings}.values())
    text = _at_places(first.text, findings)
    return Statement(first.id, first.section, first.area, _with_notice(text, findings), findings)


def _at_places(text: str, findings: Sequence[Finding]) -> str:
    names = list(dict.fromkeys(expand(finding.site.name) for finding in findings if finding.site))
    if not names or any(finding.site is None for finding in findings) or all(name in text for name in names):
        return sentence(text)
    if len(names) == 1:
        return sentence(f"Tại {names[0]}: {inside(text)}")
    return sentence(f"Tại {wording.padded(len(names))} nơi gồm {listed(names)}: {inside(text)}")


def _with_notice(text: str, findings: Sequence[Finding]) -> str:
    notices = [one.repeat.notice for one in findings if one.repeat and one.repeat.notice]
    if not notices:
        return text
    again = f"đã được nhắc nhở tại {listed(list(dict.fromkeys(notices)))} nhưng tiếp tục tái diễn"
    return sentence(f"{bare(text)}; nội dung này {again}")
