"""A pack as an XLSForm: what ODK, KoboToolbox and Survey123 read, plus columns of ours.

Sheets ``survey``, ``choices`` and ``settings`` follow the XLSForm convention. What it cannot say (wording,
legal bases, deadlines …) stands in columns whose names begin with ``kt_``; other tools ignore them, and
checklists/xlsform_reader.py reads the pack back from them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from checklists.answers import VERDICT_LABELS
from checklists.expressions import Binary, Expr, IsNone, Name, Number, Unary, parse
from checklists.model import LEVELS, FieldType, FigureField, Item, Pack, RowColumn

Row = dict[str, Any]

SURVEY = "survey"
CHOICES = "choices"
SETTINGS = "settings"
STANDARD = (
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
)
OURS = (
    "kt_role",
    "kt_key",
    "kt_type",
    "kt_unit",
    "kt_counts_rows",
    "kt_dossier",
    "kt_expr",
    "kt_version",
    "kt_kind",
    "kt_per",
    "kt_levels",
    "kt_encouraged",
    "kt_valid_from",
    "kt_valid_to",
    "kt_varies_level",
    "kt_varies_date",
    "kt_rule_dat",
    "kt_rule_mot_phan",
    "kt_checks",
    "kt_evidence",
    "kt_legal",
    "kt_pass",
    "kt_shortcoming",
    "kt_requirement",
    "kt_plain_pass",
    "kt_plain_shortcoming",
    "kt_plain_requirement",
    "kt_plain_note",
    "kt_deadline_n",
    "kt_deadline_unit",
    "kt_deadline_moc",
    "kt_deadline_text",
    "kt_product",
    "kt_area",
    "kt_core",
    "kt_integrity",
)
LEVEL_NAMES = {"so": "Sở, ban, ngành cấp tỉnh", "huyen": "Cấp huyện", "xa": "Cấp xã"}
LEVEL_QUESTION = "kt_cap_don_vi"
DAY_QUESTION = "kt_ngay_su_viec"
DOSSIER_CONSTRAINT = r"regex(., '^[A-Z0-9.]+-[0-9]{6}-[0-9]{4,}$')"
ASK = {
    FieldType.NUMBER: "decimal",
    FieldType.PERCENT: "decimal",
    FieldType.DATE: "date",
    FieldType.TIME: "time",
    FieldType.TEXT: "text",
    FieldType.BOOL: "select_one co_khong",
}
CONSTRAINTS = {
    FieldType.NUMBER: (". >= 0", "Ghi số từ 0 trở lên."),
    FieldType.PERCENT: (". >= 0 and . <= 100", "Ghi tỷ lệ từ 0 đến 100."),
}


def write(pack: Pack) -> bytes:
    """The workbook of a pack."""
    book = Workbook()
    survey = book.active
    if not isinstance(survey, Worksheet):  # a new workbook always has one
        raise TypeError
    survey.title = SURVEY
    rows = _opening()
    for item in pack.items:
        rows += _item_rows(item)
    _fill(survey, (*STANDARD, *OURS), rows)
    _fill(book.create_sheet(CHOICES), ("list_name", "name", "label"), _choices())
    _fill(
        book.create_sheet(SETTINGS),
        ("form_title", "form_id", "version", "kt_area", "kt_main"),
        [
            {
                "form_title": pack.title,
                "form_id": pack.id,
                "version": str(pack.version),
                "kt_area": pack.area,
                "kt_main": _flag(pack.main),
            }
        ],
    )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Worksheet, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    for number, row in enumerate([dict(zip(columns, columns, strict=True)), *rows], start=1):
        for place, column in enumerate(columns, start=1):
            value = row.get(column, "")
            if value in {"", None}:
                continue
            cell = sheet.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with "=" is no formula
            cell.alignment = Alignment(vertical="top", wrap_text=column in {"label", "hint"})
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        wide = column in {"label", "hint", "form_title", "kt_pass", "kt_shortcoming", "kt_requirement"}
        sheet.column_dimensions[get_column_letter(place)].width = 60 if wide else 18


def _choices() -> list[Row]:
    lists: Mapping[str, Mapping[str, str]] = {
        "cap": {level: LEVEL_NAMES[level] for level in LEVELS},
        "ket_qua": {verdict.value: label for verdict, label in VERDICT_LABELS.items()},
        "co_khong": {"true": "Có", "false": "Không"},
    }
    return [
        {"list_name": name, "name": key, "label": label}
        for name, entries in lists.items()
        for key, label in entries.items()
    ]


def _opening() -> list[Row]:
    return [
        {"type": "select_one cap", "name": LEVEL_QUESTION, "label": "Cấp của đơn vị được kiểm tra"},
        {"type": "date", "name": DAY_QUESTION, "label": "Ngày của sự việc"},
    ]


def local_name(item_id: str) -> str:
    """The XLSForm name of an item's group: XML names know no digit at the start."""
    name = item_id.partition(".")[2].replace("-", "_")
    return f"m_{name}" if name[:1].isdigit() else name


def _item_rows(item: Item) -> list[Row]:
    name = local_name(item.id)
    names = {field.key: f"{name}__{field.key}" for field in item.fields}
    bools = {field.key for field in item.fields if field.type is FieldType.BOOL}
    rows = [_group_row(item, name)]
    rows += [_figure_row(field, names[field.key]) for field in item.fields]
    rows += [
        {
            "type": "calculate",
            "name": f"{name}__{key}",
            "calculation": to_xpath(parse(text), names, bools),
            "kt_role": "derived",
            "kt_key": key,
            "kt_expr": text,
        }
        for key, text in item.derived.items()
    ]
    rows += _table_rows(item, name)
    rows += _verdict_rows(item, name, names, bools)
    rows.append({"type": "end_group", "name": name})
    return rows


def _group_row(item: Item, name: str) -> Row:
    plain, deadline, varies = item.plain, item.deadline, item.varies
    return {
        "type": "begin_group",
        "name": name,
        "label": item.question,
        "hint": item.guidance,
        "relevant": _relevant(item),
        "kt_role": "item",
        "kt_key": item.id,
        "kt_version": item.version,
        "kt_kind": item.kind.value,
        "kt_per": item.per,
        "kt_levels": " ".join(item.levels),
        "kt_encouraged": " ".join(item.encouraged),
        "kt_valid_from": item.valid and item.valid.start,
        "kt_valid_to": item.valid and item.valid.end,
        "kt_varies_level": varies and varies.level,
        "kt_varies_date": varies and varies.date,
        "kt_rule_dat": item.rule and item.rule.dat,
        "kt_rule_mot_phan": item.rule and item.rule.mot_phan,
        "kt_checks": _json(item.checks),
        "kt_evidence": _json_texts(item.evidence),
        "kt_legal": _json(item.legal),
        "kt_pass": item.pass_,
        "kt_shortcoming": item.shortcoming,
        "kt_requirement": item.requirement,
        "kt_plain_pass": plain.pass_,
        "kt_plain_shortcoming": plain.shortcoming,
        "kt_plain_requirement": plain.requirement,
        "kt_plain_note": plain.note,
        "kt_deadline_n": deadline.n,
        "kt_deadline_unit": deadline.unit.value,
        "kt_deadline_moc": deadline.moc,
        "kt_deadline_text": deadline.text,
        "kt_product": item.product,
        "kt_area": item.area,
        "kt_core": _flag(item.core),
        "kt_integrity": _flag(item.integrity),
    }


def _json(parts: Iterable[Any]) -> str:
    plain = [part.model_dump(mode="json", by_alias=True, exclude_defaults=True) for part in parts]
    return json.dumps(plain, ensure_ascii=False) if plain else ""


def _json_texts(texts: tuple[str, ...]) -> str:
    return json.dumps(list(texts), ensure_ascii=False) if texts else ""


def _flag(value: bool) -> str:  # noqa: FBT001
    return "true" if value else ""


def _relevant(item: Item) -> str:
    conditions = []
    if set(item.levels) != set(LEVELS):
        conditions.append(" or ".join(f"${{{LEVEL_QUESTION}}} = '{level}'" for level in item.levels))
    if item.valid and item.valid.start:
        conditions.append(f"${{{DAY_QUESTION}}} >= date('{item.valid.start}')")
    if item.valid and item.valid.end:
        conditions.append(f"${{{DAY_QUESTION}}} <= date('{item.valid.end}')")
    return " and ".join(f"({condition})" for condition in conditions)


def _figure_row(field: FigureField, name: str) -> Row:
    constraint, message = CONSTRAINTS.get(field.type, ("", ""))
    return {
        "type": ASK[field.type],
        "name": name,
        "label": field.label,
        "hint": field.unit,
        "constraint": constraint,
        "constraint_message": message,
        "kt_role": "figure",
        "kt_key": field.key,
        "kt_type": field.type.value,
        "kt_unit": field.unit,
        "kt_counts_rows": _flag(field.counts_rows),
    }


def _table_rows(item: Item, name: str) -> list[Row]:
    if not item.rows:
        return []
    table = f"{name}___bang"
    rows: list[Row] = [{"type": "begin_repeat", "name": table, "label": "Bảng kê"}]
    rows += [_column_row(column, f"{table}__{column.key}") for column in item.rows]
    return [*rows, {"type": "end_repeat", "name": table}]


def _column_row(column: RowColumn, name: str) -> Row:
    constraint, message = CONSTRAINTS.get(column.type, ("", ""))
    if column.dossier:
        constraint, message = DOSSIER_CONSTRAINT, "Mã hồ sơ có dạng 000.00.53.H48-220921-0099."
    return {
        "type": ASK[column.type],
        "name": name,
        "label": column.label,
        "constraint": constraint,
        "constraint_message": message,
        "kt_role": "column",
        "kt_key": column.key,
        "kt_type": column.type.value,
        "kt_dossier": _flag(column.dossier),
    }


def _verdict_rows(item: Item, name: str, names: Mapping[str, str], bools: set[str]) -> list[Row]:
    rows: list[Row] = []
    if item.rule is not None:
        partial = item.rule.mot_phan
        otherwise = "'chua_dat'"
        if partial is not None:
            otherwise = f"if({to_xpath(parse(partial), names, bools)}, 'dat_mot_phan', 'chua_dat')"
        passed = to_xpath(parse(item.rule.dat), names, bools)
        rows.append(
            {
                "type": "calculate",
                "name": f"{name}___goi_y",
                "calculation": f"if({passed}, 'dat', {otherwise})",
            }
        )
    verdict = f"{name}___ket_qua"
    rows.append({"type": "select_one ket_qua", "name": verdict, "label": "Kết quả"})
    reason = f"${{{verdict}}} = 'khong_ap_dung'"
    rows.append({"type": "text", "name": f"{name}___ly_do", "label": "Lý do", "relevant": reason})
    return [*rows, {"type": "image", "name": f"{name}___anh", "label": "Ảnh minh chứng"}]


def to_xpath(expr: Expr, names: Mapping[str, str], bools: set[str]) -> str:
    """An expression of ours as XPath over the form's questions."""
    match expr:
        case Number(value):
            return _decimal(value)
        case Name(key):
            return f"(${{{names[key]}}} = 'true')" if key in bools else f"${{{names[key]}}}"
        case IsNone(operand, negated):
            text = f"${{{names[operand.key]}}}" if isinstance(operand, Name) else to_xpath(operand, names, bools)
            return f"(string({text}) {'!=' if negated else '='} '')"
        case Unary(op, operand):
            inner = to_xpath(operand, names, bools)
            return f"not({inner})" if op == "not" else f"(-{inner})"
        case Binary(op, left, right):
            sign = {"==": "=", "/": "div"}.get(op, op)
            return f"({to_xpath(left, names, bools)} {sign} {to_xpath(right, names, bools)})"


def _decimal(value: Fraction) -> str:
    """A literal of the language has a finite decimal form."""
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    text = str((value * 10**digits).numerator).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text
