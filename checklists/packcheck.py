"""What a pack must keep beyond its shapes: names that exist, rules that make sense, dates, one id once.

``faults`` yields the place inside the pack (as keys and indexes) and the reason in Vietnamese; the
readers of YAML and XLSForm turn the place into a line or a row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from checklists.expressions import ExpressionError, parse, read_date, type_of
from checklists.model import AREAS, LEVELS, FieldType, Item, LegalBasis, Pack, Span
from checklists.wording import TERMS, TemplateError, check_brackets, iter_templates, mandatory, placeholders

Place = tuple[str | int, ...]
Fault = tuple[Place, str]
KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


def faults(pack: Pack) -> Iterator[Fault]:
    """Every fault of a pack whose shape is right already."""
    if pack.area not in AREAS:
        yield ("area",), f"lĩnh vực «{pack.area}» không có trong đề cương; chọn một trong: {'; '.join(AREAS)}"
    yield from _repeated((item.id for item in pack.items), ("items",), "mã mục")
    for index, item in enumerate(pack.items):
        for place, reason in _item_faults(pack, item):
            yield ("items", index, *place), f"mục {item.id}: {reason}"


def _repeated(keys: Iterable[str], place: Place, what: str) -> Iterator[Fault]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield place, f"{what} «{key}» bị lặp {count} lần"


def _item_faults(pack: Pack, item: Item) -> Iterator[Fault]:
    if not item.id.startswith(f"{pack.id}."):
        yield ("id",), f"mã mục phải bắt đầu bằng «{pack.id}.»"
    if item.area and item.area not in AREAS:
        yield ("area",), f"lĩnh vực «{item.area}» không có trong đề cương"
    for name in ("levels", "encouraged"):
        for level in getattr(item, name):
            if level not in LEVELS:
                yield (name,), f"cấp «{level}» không đúng; chỉ dùng {', '.join(LEVELS)}"
    yield from _repeated((field.key for field in item.fields), ("fields",), "số liệu")
    yield from _repeated((column.key for column in item.rows), ("rows",), "cột")
    if not item.rows and any(field.counts_rows for field in item.fields):
        yield ("fields",), "có số liệu đếm theo dòng nhưng mục không có bảng (rows)"
    yield from _expression_faults(item)
    yield from _template_faults(item)
    yield from _date_faults(item)


def _expression_faults(item: Item) -> Iterator[Fault]:
    types = {field.key: field.type for field in item.fields}
    wanted: list[tuple[Place, str, FieldType]] = [
        (("derived", key), text, FieldType.NUMBER) for key, text in item.derived.items()
    ]
    if item.rule is not None:
        wanted.append((("rule", "dat"), item.rule.dat, FieldType.BOOL))
        if item.rule.mot_phan is not None:
            wanted.append((("rule", "mot_phan"), item.rule.mot_phan, FieldType.BOOL))
    wanted += [(("checks", index, "expr"), check.expr, FieldType.BOOL) for index, check in enumerate(item.checks)]
    for key in item.derived:
        if key in types or key in TERMS or not KEY.fullmatch(key):
            yield ("derived", key), f"tên số liệu suy ra «{key}» không đúng dạng hoặc đã dùng"
    for key in types.keys() & TERMS.keys():
        yield ("fields",), f"tên số liệu «{key}» trùng với tên gọi của đơn vị"
    for place, text, kind in wanted:
        try:
            found = type_of(parse(text), types)
        except ExpressionError as error:
            yield place, str(error)
            continue
        if found is not kind:
            yield place, f"biểu thức «{text}» phải cho kết quả kiểu {kind.value}, không phải {found.value}"


def _template_faults(item: Item) -> Iterator[Fault]:
    figures = {field.key for field in item.fields} | item.derived.keys()
    for place, text in iter_templates(item):
        if not text.strip():
            yield place, "câu bị để trống"
        try:
            check_brackets(text)
        except TemplateError as error:
            yield place, f"{error}: «{text[:60]}»"
            continue
        unknown = placeholders(text) - figures - TERMS.keys()
        if unknown:
            yield place, f"{{{min(unknown)}}} không phải là số liệu đã khai báo của mục"
        if place[0] == "plain" and place[1] != "note" and mandatory(text) - TERMS.keys():
            yield place, "câu plain không được bắt buộc có số liệu"
        if place[0] != "plain" and mandatory(text) & figures and _plain(item, place[0]) is None:
            yield place, f"câu cần số liệu mà mục chưa có câu dự phòng plain.{place[0]}"
        if place[0] != "plain" and not placeholders(text) & figures and _plain(item, place[0]) is not None:
            yield ("plain", place[0]), "câu plain không bao giờ được dùng vì câu chính không cần số liệu"


def _plain(item: Item, part: str) -> str | None:
    found: str | None = item.plain.model_dump(by_alias=True)[part]
    return found


def _date_faults(item: Item) -> Iterator[Fault]:
    spans: list[tuple[Place, LegalBasis | Span]] = [(("legal", index), basis) for index, basis in enumerate(item.legal)]
    if item.valid is not None:
        spans.append((("valid",), item.valid))
    for place, span in spans:
        for name, day in (("from", span.start), ("to", span.end)):
            if day is not None and read_date(day) is None:
                yield (*place, name), f"ngày «{day}» không có trong lịch"
        if span.start and span.end and span.start > span.end:
            yield place, f"ngày bắt đầu {span.start} sau ngày kết thúc {span.end}"
