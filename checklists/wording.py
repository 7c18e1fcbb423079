"""From an item's wording and an answer's figures to one sentence of the conclusion.

A template has ``{figure}`` and ``{term}`` placeholders and optional segments ``[[…|…]]``: the first
alternative whose placeholders are all known stands, else the segment drops. The full template is used
when its figures are there, else the plain form. Substitution happens once: a value that looks like a
placeholder stays text. The register (lower case after the source phrase, "03 hồ sơ", 34.336, 99,56%) is
that of NĐ 30/2020/NĐ-CP papers; no template says "Yêu cầu": the conclusion puts that before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel.numbers import format_decimal

from checklists.answers import AnswerValue, Source
from checklists.expressions import NUMBER, names, parse, read_date
from checklists.model import FieldType, FigureField, Item, LegalBasis
from checklists.rules import MEASURES, PRECEDENCE, TIME, chosen_figures, derive, figures_of, in_force

PartName = Literal["pass", "shortcoming", "requirement", "note"]

TERMS: Mapping[str, str] = {
    "mot_cua": "Bộ phận Một cửa",
    "thu_truong": "người đứng đầu đơn vị",
    "dau_moi": "bộ phận đầu mối",
}
"""Names that depend on the unit and the day, with what is said where the unit's profile has none."""

SOURCE_PHRASES: Mapping[Source, str] = {
    Source.REPORT: "theo báo cáo của đơn vị",
    Source.SOFTWARE: "theo số liệu trên phần mềm",
    Source.COUNTED: "qua kiểm tra thực tế",
}
SOURCE_MARKS: Mapping[Source, str] = {
    Source.REPORT: "theo báo cáo",
    Source.SOFTWARE: "trên phần mềm",
    Source.COUNTED: "kiểm tra thực tế",
}
"""Words by which a sentence names its source already."""

KEEP_CAPITAL = frozenset({"Đoàn", "Cổng", "Bộ", "Sở", "Ủy"})
"""First words that keep their capital inside a sentence."""

NBSP = "\u00a0"
SHORT_NUMBER = 3
"""Longer numbers are not tied to their unit: a justified line overflows at a long tie."""

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}", re.ASCII)
SEGMENT = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


class TemplateError(ValueError):
    """A template's brackets do not match; the message is Vietnamese."""


@dataclass(frozen=True)
class Sentence:
    """A sentence and the keys of the figures (also derived ones) that it prints."""

    text: str
    figures_used: frozenset[str]


def check_brackets(template: str) -> None:
    """Refuse what would be printed as brackets.

    Raises:
        TemplateError: an unclosed, nested or empty bracket.
    """
    rest = PLACEHOLDER.sub("", template)
    for segment in SEGMENT.findall(rest):
        if "[[" in segment:
            raise TemplateError("đoạn [[…]] lồng trong đoạn khác")
    rest = SEGMENT.sub(lambda match: match[1], rest)
    if any(mark in rest for mark in ("{", "}", "[[", "]]")):
        raise TemplateError("ngoặc { } hoặc [[ ]] không khớp, hoặc tên trong { } không đúng dạng")


def placeholders(template: str) -> set[str]:
    """Every placeholder of a template."""
    return set(PLACEHOLDER.findall(template))


def mandatory(template: str) -> set[str]:
    """The placeholders outside optional segments."""
    return placeholders(SEGMENT.sub("", template))


@dataclass(frozen=True)
class _Values:
    """What one sentence may print."""

    fields: Mapping[str, FigureField]
    figures: Mapping[str, str]
    terms: Mapping[str, str]
    blame: bool

    def knows(self, key: str) -> bool:
        """A count of nothing is no shortcoming, so its template does not apply (a rate of 0% does)."""
        if key not in self.figures:
            return key in self.terms
        number = self.figures[key]
        counts = key not in self.fields or self.fields[key].type is FieldType.NUMBER
        return not (self.blame and counts and NUMBER.fullmatch(number) and Decimal(number) <= 0)

    def knows_all(self, keys: Iterable[str]) -> bool:
        return all(self.knows(key) for key in keys)

    def write(self, key: str, before: str, after: str) -> str:
        """A value as it stands between ``before`` and ``after``."""
        if key not in self.figures:
            return self.terms[key]
        field = self.fields.get(key)
        kind = field.type if field else FieldType.NUMBER
        text = self.figures[key]
        if kind is FieldType.PERCENT:
            return format_number(text) + ("" if after.startswith("%") else "%")
        if kind is not FieldType.NUMBER:
            return _format_other(kind, text)
        noun = re.match(r" [^\W\d]", after) is not None and not (field and field.unit in MEASURES)
        return padded(text) if noun and not before.endswith("/") else format_number(text)


def compose(
    item: Item,
    part: PartName,
    figures: Mapping[str, str],
    *,
    terms: Mapping[str, str],
    source: Source | None = None,
) -> Sentence:
    """One sentence of an item, and the figures it prints.

    ``figures`` are texts as in answers (one source's, or chosen ones), ``terms`` the unit's names on the
    day; ``source`` leads the sentence where it prints figures, except in a requirement.
    """
    values = _values(item, part, figures, terms)
    text, used = _fill_best(item, part, values)
    text = _clean(text)
    if source is not None and used and part != "requirement" and not _names_source(text, source):
        text = f"{source_phrase(source)}, {_lower_first(text, _template_start(item, part))}"
    return Sentence(_finish(text), frozenset(used))


def sentence(
    item: Item,
    part: PartName,
    figures: Mapping[str, str],
    *,
    terms: Mapping[str, str],
    source: Source | None = None,
) -> str:
    """The text of ``compose``."""
    return compose(item, part, figures, terms=terms, source=source).text


def _names_source(text: str, source: Source) -> bool:
    """Whether a sentence (còn 03 hồ sơ trễ hạn trên phần mềm) says already where its figure is from."""
    return SOURCE_MARKS[source] in text


def compose_answer(item: Item, part: PartName, value: AnswerValue, *, terms: Mapping[str, str]) -> Sentence:
    """The sentence of an answer, from its chosen figures.

    A source is named only if it alone gives every figure that the sentence stands on.
    """
    figures = chosen_figures(value)
    text = compose(item, part, figures, terms=terms)
    keys = {name for key in text.figures_used for name in _inputs(item, key)}
    for source in PRECEDENCE:
        alone = figures_of(value, source)
        if keys and all(alone.get(key) == figures.get(key) for key in keys):
            return compose(item, part, figures, terms=terms, source=source)
    return text


def _inputs(item: Item, key: str) -> set[str]:
    """The figures that a printed figure comes from."""
    return set(names(parse(item.derived[key]))) if key in item.derived else {key}


def _values(item: Item, part: PartName, figures: Mapping[str, str], terms: Mapping[str, str]) -> _Values:
    known = {key: unicodedata.normalize("NFC", text.strip()) for key, text in figures.items()}
    known = {key: text for key, text in known.items() if text}
    given = {key: text for key, text in terms.items() if text}
    blame = part in {"shortcoming", "requirement"}
    fields = {field.key: field for field in item.fields}
    return _Values(fields, {**known, **derive(item, known)}, {**TERMS, **given}, blame)


def _templates(item: Item, part: PartName) -> tuple[str | None, str | None]:
    """Full and plain template of a part."""
    match part:
        case "pass":
            return item.pass_, item.plain.pass_
        case "shortcoming":
            return item.shortcoming, item.plain.shortcoming
        case "requirement":
            return item.requirement, item.plain.requirement
        case "note":
            return item.plain.note, None


def _fill_best(item: Item, part: PartName, values: _Values) -> tuple[str, set[str]]:
    full, plain = _templates(item, part)
    if full is not None and values.knows_all(mandatory(full)):
        text, used = _fill(full, values)
        if used or plain is None or not _wants_figures(full):
            return text, used
    if plain is not None and values.knows_all(mandatory(plain)):
        return _fill(plain, values)
    return _neutral(item, values)


def _wants_figures(template: str) -> bool:
    return bool(placeholders(template) - TERMS.keys())


def _fill(template: str, values: _Values) -> tuple[str, set[str]]:
    flat = SEGMENT.sub(lambda match: _alternative(match[1], values), template)
    used = placeholders(flat) & values.figures.keys()
    text = PLACEHOLDER.sub(
        lambda match: values.write(match[1], flat[: match.start()], flat[match.end() :]),
        flat,
    )
    return text, used


def _alternative(segment: str, values: _Values) -> str:
    for alternative in segment.split("|"):
        if values.knows_all(placeholders(alternative)):
            return alternative
    return ""


def _neutral(item: Item, values: _Values) -> tuple[str, set[str]]:
    """The figures by their labels: neither praise nor blame."""
    fields = [field for field in item.fields if field.key in values.figures]
    if not fields:
        return item.question, set()
    texts = [format_figure(field, values.figures[field.key]) for field in fields]
    return "; ".join(texts), {field.key for field in fields}


def leftover_figures(item: Item, figures: Mapping[str, str], used: Container[str]) -> list[str]:
    """The given figures that a sentence did not print, each as "nhãn: số đơn vị"."""
    return [
        format_figure(field, figures[field.key].strip())
        for field in item.fields
        if figures.get(field.key, "").strip() and field.key not in used
    ]


def format_figure(field: FigureField, text: str) -> str:
    """A figure with its label and unit: "số nơi niêm yết: 03 nơi"."""
    label = _lower_first(field.label, "")
    if field.type is FieldType.PERCENT:
        return f"{label}: {format_number(text)}%"
    if field.type is not FieldType.NUMBER:
        return f"{label}: {_format_other(field.type, text)}"
    if not field.unit or field.unit in MEASURES:
        return f"{label}: {format_number(text)}" + (f"{NBSP}{field.unit}" if field.unit else "")
    return f"{label}: {_tie(padded(text) + ' ' + field.unit)}"


def source_phrase(source: Source) -> str:
    """Whose figure it is, as a sentence says it."""
    return SOURCE_PHRASES[source]


def basis_text(basis: LegalBasis) -> str:
    """Such as: Điều 8 Nghị định 61/2018/NĐ-CP. Also the key under which a basis is confirmed."""
    return f"{basis.clause} {basis.doc}".strip()


Articles = Mapping[tuple[str, str], str]
"""By item and ``basis_text``: the article that somebody found for the item, where the pack names none."""


def bases(item: Item, on: date, confirmed: Container[str] = (), articles: Articles | None = None) -> list[str]:
    """The legal bases to print for a fact of a day: in force then, and sure or confirmed by name.

    Args:
        item: what was asked.
        on: the day of the fact.
        confirmed: the ``basis_text`` of those that somebody has checked and signed for.
        articles: what somebody has checked and signed for of this item alone.
    """
    found = [(one, (articles or {}).get((item.id, basis_text(one)), "")) for one in item.legal]
    return [
        f"{article} {basis.doc}" if article else basis_text(basis)
        for basis, article in found
        if in_force(basis.start, basis.end, on) and (basis.sure or article or basis_text(basis) in confirmed)
    ]


@lru_cache(maxsize=4096)
def format_number(text: str) -> str:
    """A number the Vietnamese way: 34336 → 34.336; 99.56 → 99,56. Other text is left as it is."""
    if not NUMBER.fullmatch(text):
        return text
    return str(format_decimal(Decimal(text), format="#,##0.######", locale="vi", decimal_quantization=False))


def padded(text: str | int) -> str:
    """A count as it stands before its noun: 3 → 03, 12 → 12, 34336 → 34.336."""
    shown = format_number(str(text))
    return f"0{shown}" if len(shown) == 1 and shown in "123456789" else shown


def format_date(day: str | date) -> str:
    """dd/mm/yyyy; other text is left as it is."""
    found = read_date(day) if isinstance(day, str) else day
    return f"{found:%d/%m/}{found.year:04}" if found else str(day)


def _format_other(kind: FieldType, text: str) -> str:
    if kind is FieldType.DATE:
        return format_date(text)
    if kind is FieldType.TIME and TIME.fullmatch(text):
        return f"{text[:2]} giờ {text[3:]}"
    if kind is FieldType.BOOL:
        return {"true": "có", "false": "không"}.get(text, text)
    return " ".join(text.split()).rstrip(".;,")


def _template_start(item: Item, part: PartName) -> str:
    return next((text for text in _templates(item, part) if text), "")[:1]


def _lower_first(text: str, template_start: str) -> str:
    """Inside a sentence: but names, abbreviations and values keep their first letter."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    if template_start == "{" or word in KEEP_CAPITAL or (len(word) > 1 and word.isupper()):
        return text
    return text[:1].lower() + text[1:]


def _clean(text: str) -> str:
    """One space between words, none before a mark."""
    return re.sub(r" +([,;.:)])", r"\1", re.sub(r"[ \n]+", " ", text)).strip()


def _tie(text: str) -> str:
    """Short numbers stay with the word after them."""
    pattern = rf"(?<![\w.,/])(\d[\d.,]{{0,{SHORT_NUMBER - 1}}}) (?=[^\W\d])"
    return re.sub(pattern, rf"\1{NBSP}", text)


def _finish(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return _tie(text if text.endswith((".", "?", "!")) else f"{text}.")


def iter_templates(item: Item) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every template of an item with its place in the pack file."""
    yield ("pass",), item.pass_
    yield ("shortcoming",), item.shortcoming
    yield ("requirement",), item.requirement
    for name, text in item.plain.model_dump(by_alias=True).items():
        if text is not None:
            yield ("plain", name), text
