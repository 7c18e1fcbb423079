"""What an item makes of its figures: proposed verdict, derived figures, warnings, and checks at the door.

Nothing here repairs: totals that do not add up and sources that differ are reported as they are.
Figures travel as text (checklists/answers.py); the tablet does the same in app/field/client/src/rules.ts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from checklists.answers import AnswerValue, FigureReading, RowValue, Source, Verdict
from checklists.expressions import NUMBER, Value, evaluate, names, parse, read_date, read_value, write_value
from checklists.model import LEVELS, FieldType, Item, RowColumn

PRECEDENCE = (Source.COUNTED, Source.SOFTWARE, Source.REPORT)
"""Whose figure is used where several sources give one: what the team counted comes first."""

DOSSIER = re.compile(r"[A-Z0-9.]+-(\d{2})(\d{2})(\d{2})-\d{4,}", re.ASCII)
"""Mã hồ sơ, TT 01/2018/TT-VPCP Điều 19: …-YYMMDD-XXXX, YYMMDD being the day of reception."""

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
MEASURES = frozenset({"m²", "m2", "điểm số", "đồng", "%"})
"""Units that may have decimals; every other unit is counted in whole ones."""


@dataclass(frozen=True)
class Problem:
    """A fault of an answer. An ``error`` refuses the answer, a ``warning`` is shown and kept."""

    level: Literal["error", "warning"]
    where: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A figure that its sources give differently."""

    key: str
    label: str
    readings: tuple[FigureReading, ...]


def applicable(item: Item, level: str, on: date) -> bool:
    """Whether an item is asked of a unit of this level for a fact of this day.

    A level outside ``LEVELS`` (``nhom``: a summary over units) is asked every item of the day.
    """
    if level in LEVELS and level not in item.levels:
        return False
    return item.valid is None or in_force(item.valid.start, item.valid.end, on)


def in_force(start: str | None, end: str | None, on: date) -> bool:
    """Whether a day lies in a span; both ends are included, an absent end is open."""
    day = on.isoformat()
    return (start is None or start <= day) and (end is None or day <= end)


def environment(item: Item, figures: Mapping[str, str]) -> dict[str, Value]:
    """The figures of an answer as values; missing and unreadable ones are unknown."""
    return {field.key: read_value(field.type, figures.get(field.key)) for field in item.fields}


def derive(item: Item, figures: Mapping[str, str]) -> dict[str, str]:
    """The derived figures that can be known, as text (two decimals, half away from zero)."""
    env = environment(item, figures)
    found = {key: write_value(evaluate(parse(text), env)) for key, text in item.derived.items()}
    return {key: text for key, text in found.items() if text is not None}


def propose_verdict(item: Item, figures: Mapping[str, str], level: str | None = None) -> Verdict | None:
    """What the rule proposes; None where there is no rule or a figure that it needs is missing.

    With none of the rule's figures given there is no proposal, whatever ``is None`` would say. Where an
    item is only encouraged at the unit's level, "chưa đạt" is not proposed.
    """
    if item.rule is None:
        return None
    env = environment(item, figures)
    texts = (item.rule.dat, item.rule.mot_phan)
    if all(env.get(key) is None for text in texts if text for key in names(parse(text))):
        return None
    verdict = _ruled(texts, env)
    if verdict is not Verdict.PASS and level in item.encouraged:
        return None
    return verdict


def _ruled(texts: tuple[str, str | None], env: Mapping[str, Value]) -> Verdict | None:
    for text, verdict in zip(texts, (Verdict.PASS, Verdict.PARTIAL), strict=True):
        if text is None:
            continue
        holds = evaluate(parse(text), env)
        if holds is None:
            return None
        if holds is True:
            return verdict
    return Verdict.FAIL


def failed_checks(item: Item, figures: Mapping[str, str]) -> list[str]:
    """Sentences of the checks that the figures of one source do not meet."""
    env = environment(item, figures)
    return [check.text for check in item.checks if evaluate(parse(check.expr), env) is False]


def with_rows(item: Item, figures: Mapping[str, str], rows: int) -> dict[str, str]:
    """The figures, with those that count the table's rows taken from it where it has any."""
    counted = {field.key: str(rows) for field in item.fields if field.counts_rows and rows}
    return {**figures, **counted}


def chosen(value: AnswerValue) -> dict[str, FigureReading]:
    """One reading of each figure, by ``PRECEDENCE``."""
    return {
        key: min(readings, key=lambda reading: PRECEDENCE.index(reading.source))
        for key, readings in value.figures.items()
        if readings
    }


def chosen_figures(value: AnswerValue) -> dict[str, str]:
    """The texts of ``chosen``, as the rules take them."""
    return {key: reading.value for key, reading in chosen(value).items()}


def figures_of(value: AnswerValue, source: Source) -> dict[str, str]:
    """What one source alone says."""
    return {
        key: reading.value
        for key, readings in value.figures.items()
        for reading in readings
        if reading.source is source
    }


def differences(item: Item, value: AnswerValue) -> list[Difference]:
    """The figures whose sources differ. They are shown; none is taken for the right one."""
    found = []
    for field in item.fields:
        readings = value.figures.get(field.key, [])
        values = {_comparable(field.type, reading.value) for reading in readings}
        if len(values) > 1:
            found.append(Difference(field.key, field.label, tuple(readings)))
    return found


def _comparable(kind: FieldType, text: str) -> object:
    """12 and 12.0 are the same number."""
    value = read_value(kind, text)
    return text if value is None else value


def check_answer(item: Item, value: AnswerValue) -> list[Problem]:
    """Every fault of an answer: what cannot be taken first, then what somebody should look at."""
    problems = answer_errors(item, value)
    problems += [
        Problem("warning", source.value, text)
        for source in PRECEDENCE
        for text in failed_checks(item, figures_of(value, source))
    ]
    for field in item.fields:
        for reading in value.figures.get(field.key, []):
            problems += _warnings(check_value(field.key, field.label, field.type, field.unit, reading.value))
    return problems + list(_verdict_problems(item, value))


def answer_errors(item: Item, value: AnswerValue) -> list[Problem]:
    """Faults for which an answer is refused: unknown figures, letters for numbers, days that do not exist."""
    fields = {field.key: field for field in item.fields}
    problems: list[Problem] = []
    for key, readings in value.figures.items():
        field = fields.get(key)
        if field is None:
            text = f"Mục không có số liệu «{key}»; hãy cập nhật bộ phiếu kiểm tra."
            problems.append(Problem("error", key, text))
            continue
        for reading in readings:
            found = check_value(key, field.label, field.type, field.unit, reading.value)
            problems += [problem for problem in found if problem.level == "error"]
        problems += _reading_problems(key, field.label, readings)
    return problems


def _warnings(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.level == "warning"]


def _reading_problems(key: str, label: str, readings: list[FigureReading]) -> Iterator[Problem]:
    if len(readings) > 1 and len({reading.source for reading in readings}) < len(readings):
        yield Problem("error", key, f"«{label}»: mỗi nguồn chỉ ghi một số; hãy bỏ số ghi thừa.")
    for reading in readings:
        period = reading.period
        days = (reading.as_of, period.start, period.end) if period else (reading.as_of,)
        if not all(day is None or read_date(day) for day in days):
            yield Problem("error", key, f"«{label}»: ngày của số liệu không có trong lịch; hãy ghi lại ngày.")
        if period and period.start > period.end:
            yield Problem("error", key, f"«{label}»: kỳ số liệu có ngày đầu sau ngày cuối; hãy ghi lại kỳ.")


def _verdict_problems(item: Item, value: AnswerValue) -> Iterator[Problem]:
    if value.reason.strip():
        return
    if value.verdict is Verdict.NOT_APPLICABLE:
        yield Problem("warning", "reason", "Kết quả «không áp dụng» cần ghi lý do.")
    proposed = propose_verdict(item, chosen_figures(value))
    judged = {Verdict.PASS, Verdict.PARTIAL, Verdict.FAIL}
    if proposed and value.verdict in judged and value.verdict is not proposed:
        yield Problem("warning", "reason", "Kết quả khác với gợi ý từ số liệu; hãy ghi lý do.")


def check_row(item: Item, value: RowValue) -> list[Problem]:
    """Every fault of one row of an item's table."""
    columns = {column.key: column for column in item.rows}
    problems = [
        Problem("error", key, f"Bảng của mục không có cột «{key}»; hãy cập nhật bộ phiếu kiểm tra.")
        for key in value.row
        if key not in columns
    ]
    for key, column in columns.items():
        problems += _cell_problems(column, value.row.get(key, ""))
    return problems


def _cell_problems(column: RowColumn, text: str) -> list[Problem]:
    if column.dossier and text and not is_dossier(text):
        return [
            Problem(
                "error",
                column.key,
                f"«{column.label}»: «{text}» chưa đúng dạng mã hồ sơ (ví dụ 000.00.53.H48-220921-0099, "
                "giữa hai dấu gạch là năm, tháng, ngày tiếp nhận).",
            )
        ]
    return check_value(column.key, column.label, column.type, "", text)


def is_dossier(text: str) -> bool:
    """Whether a text is a mã hồ sơ whose day of reception exists."""
    match = DOSSIER.fullmatch(text)
    return match is not None and read_date(f"20{match[1]}-{match[2]}-{match[3]}") is not None


def check_value(key: str, label: str, kind: FieldType, unit: str, text: str) -> list[Problem]:
    """The faults of one value of a figure or a cell; an empty one has none."""
    if not text:
        return []
    fault = _value_fault(kind, text)
    if fault is not None:
        return [Problem("error", key, f"«{label}»: {fault}")]
    if kind is FieldType.NUMBER and unit and unit not in MEASURES and "." in text:
        return [Problem("warning", key, f"«{label}»: «{text}» không phải là số nguyên; hãy xem lại.")]
    return []


@lru_cache(maxsize=4096)  # the same few numbers and days come in thousands of answers
def _value_fault(kind: FieldType, text: str) -> str | None:
    if kind in {FieldType.NUMBER, FieldType.PERCENT}:
        return _number_fault(kind, text)
    if kind is FieldType.DATE and read_date(text) is None:
        return f"«{text}» không phải là ngày có trong lịch; hãy ghi năm-tháng-ngày, ví dụ 2022-07-05."
    if kind is FieldType.TIME and not TIME.fullmatch(text):
        return f"«{text}» không phải là giờ; hãy ghi giờ:phút, ví dụ 07:15."
    if kind is FieldType.BOOL and text not in {"true", "false"}:
        return f"«{text}» không phải là có hay không; hãy ghi true hoặc false."
    return None


def _number_fault(kind: FieldType, text: str) -> str | None:
    if not NUMBER.fullmatch(text):
        return f"«{text}» không phải là số; hãy ghi số thập phân, ví dụ 99.56."
    number = Fraction(text)
    if number < 0:
        return f"«{text}» là số âm; hãy ghi số từ 0 trở lên."
    if kind is FieldType.PERCENT and number > 100:
        return f"«{text}» vượt quá 100%; hãy xem lại tỷ lệ."
    return None
