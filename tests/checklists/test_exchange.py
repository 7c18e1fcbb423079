"""Packs survive YAML and XLSForm; a bad workbook is refused with sheet, row and reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from checklists.exchange import from_xlsform, from_yaml, to_xlsform, to_yaml
from checklists.expressions import parse
from checklists.library import Library
from checklists.model import AREAS, LEVELS, Pack
from checklists.packfile import PackError
from checklists.xlsform import to_xpath

LIBRARY = Library.load()

words = st.text(alphabet="aăâbcdđeêghikloôơpqrstuưvxyàáảãạằếộ ,;:=+-#'\"“”()0123456789\n", min_size=1, max_size=40)
text = words.filter(lambda one: one.strip() != "")
days = st.dates().map(lambda day: day.isoformat())
keys = st.sampled_from(["a", "b_2", "so_ho_so", "ngay"])
kinds = st.sampled_from(["number", "percent", "date", "time", "text", "bool"])
fields = st.lists(
    st.fixed_dictionaries({"key": keys, "label": text, "type": kinds, "unit": st.one_of(st.just(""), text)}),
    max_size=3,
    unique_by=lambda field: field["key"],
)
columns = st.lists(
    st.fixed_dictionaries({"key": keys, "label": text, "type": kinds, "dossier": st.booleans()}),
    max_size=3,
    unique_by=lambda column: column["key"],
)
bases = st.lists(
    st.fixed_dictionaries({"doc": text, "clause": text, "sure": st.booleans(), "note": text}, optional={"from": days}),
    max_size=2,
)


@st.composite
def packs(draw: Callable[[Any], Any]) -> Pack:
    some = st.one_of(st.none(), text)
    items = [
        {
            "id": f"thu.muc-{number}",
            "version": draw(st.integers(1, 9)),
            "question": draw(text),
            "kind": draw(st.sampled_from(["verdict", "counts", "text"])),
            "guidance": draw(st.one_of(st.just(""), text)),
            "fields": draw(fields),
            "rows": draw(columns),
            "evidence": draw(st.lists(text, max_size=2)),
            "legal": draw(bases),
            "levels": draw(st.lists(st.sampled_from(LEVELS), unique=True)),
            "per": draw(some),
            "varies": draw(st.one_of(st.none(), st.fixed_dictionaries({"level": text, "date": some}))),
            "valid": draw(st.one_of(st.none(), st.fixed_dictionaries({"from": days}))),
            "pass": draw(text),
            "shortcoming": draw(text),
            "requirement": draw(text),
            "plain": {"note": draw(some)},
            "deadline": {
                "unit": "ngay",
                "n": draw(st.one_of(st.none(), st.integers(0, 90))),
                "moc": "x",
                "text": draw(text),
            },
            "product": draw(st.one_of(st.just(""), text)),
            "core": draw(st.booleans()),
        }
        for number in range(draw(st.integers(1, 2)))
    ]
    return Pack.model_validate(
        {
            "id": "thu",
            "version": draw(st.integers(1, 99)),
            "title": draw(text),
            "area": draw(st.sampled_from(AREAS)),
            "main": draw(st.booleans()),
            "items": items,
        }
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(packs())
def test_any_pack_survives_both_forms(pack: Pack) -> None:
    assert from_yaml(to_yaml(pack)) == pack
    assert from_xlsform(to_xlsform(pack)) == pack


@pytest.mark.parametrize("pack", LIBRARY.packs(), ids=lambda pack: pack.id)
def test_the_packs_survive_both_forms(pack: Pack) -> None:
    assert from_yaml(to_yaml(pack)) == pack
    assert from_xlsform(to_xlsform(pack)) == pack


def sheet(book: Workbook, name: str = "survey") -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def column(page: Worksheet, name: str) -> int:
    return next(cell.column for cell in page[1] if cell.value == name)


def edited(change: Callable[[Workbook], None], pack_id: str = "niem-yet") -> bytes:
    book = load_workbook(io.BytesIO(to_xlsform(LIBRARY.pack(pack_id))))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def put(row: int, name: str, value: Any, page: str = "survey") -> bytes:
    def change(book: Workbook) -> None:
        sheet(book, page).cell(row, column(sheet(book, page), name)).value = value

    return edited(change)


def test_the_survey_is_an_xlsform() -> None:
    book = load_workbook(io.BytesIO(to_xlsform(LIBRARY.pack("ho-so"))))
    assert book.sheetnames == ["survey", "choices", "settings"]
    page = sheet(book)
    types = [cell.value for cell in page["A"][1:]]
    assert types.count("begin_group") == types.count("end_group") == 14
    assert types.count("begin_repeat") == types.count("end_repeat")
    names = [cell.value for cell, kind in zip(page["B"][1:], types, strict=True) if not str(kind).startswith("end_")]
    assert len(names) == len(set(names))
    constraints = {cell.value for cell in page[get_column_letter(column(page, "constraint"))]}
    assert "regex(., '^[A-Z0-9.]+-[0-9]{6}-[0-9]{4,}$')" in constraints


@pytest.mark.parametrize(
    ("expr", "xpath"),
    [
        ("a >= 0.9 * b", "(${m__a} >= (0.9 * ${m__b}))"),
        ("a == b or not f", "((${m__a} = ${m__b}) or not((${m__f} = 'true')))"),
        ("100 * a / b", "((100 * ${m__a}) div ${m__b})"),
        ("f is not None and a is None", "((string(${m__f}) != '') and (string(${m__a}) = ''))"),
        ("-a + 0.05", "((-${m__a}) + 0.05)"),
        ("(a + b) is None", "(string((${m__a} + ${m__b})) = '')"),
    ],
)
def test_rules_in_the_words_of_xlsform(expr: str, xpath: str) -> None:
    assert to_xpath(parse(expr), {key: f"m__{key}" for key in "abf"}, {"f"}) == xpath


def test_a_question_edited_in_excel_is_the_new_question() -> None:
    pack = from_xlsform(put(4, "label", "Câu hỏi mới?"))
    assert pack.items[0].question == "Câu hỏi mới?"
    assert pack.items[1:] == LIBRARY.pack("niem-yet").items[1:]


def test_excel_makes_numbers_of_texts() -> None:
    pack = from_xlsform(put(2, "version", 2.0, "settings"))
    assert pack.version == 2


def test_rows_of_the_form_only_are_skipped() -> None:
    def change(book: Workbook) -> None:
        sheet(book).append(["note", "ghi_chu", "Cảm ơn"])

    assert from_xlsform(edited(change)) == LIBRARY.pack("niem-yet")


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    first = LIBRARY.pack("niem-yet").items[0].model_copy(update={"guidance": "=1+1"})
    pack = LIBRARY.pack("niem-yet").model_copy(update={"items": (first,)})
    assert from_xlsform(to_xlsform(pack)) == pack


def drop(name: str) -> bytes:
    return edited(lambda book: book.remove(book[name]))


def head(name: str, new: str) -> bytes:
    return edited(lambda book: sheet(book).cell(1, column(sheet(book), name)).__setattr__("value", new))


BAD: dict[str, tuple[bytes, str, int, str]] = {
    "no zip": (b"xin chao", "", 1, "không phải là tệp Excel .xlsx"),
    "no survey": (drop("survey"), "survey", 1, "thiếu trang «survey»"),
    "no settings": (drop("settings"), "settings", 1, "thiếu trang «settings»"),
    "no column": (head("kt_key", "key"), "survey", 1, "thiếu cột «kt_key»"),
    "kind": (put(4, "kt_kind", "dem"), "survey", 4, "giá trị không có trong danh sách cho phép («dem»)"),
    "rule": (put(4, "kt_rule_dat", "da >= "), "survey", 4, "bị cụt ở cuối"),
    "placeholder": (put(4, "kt_pass", "Đủ {la}."), "survey", 4, "{la} không phải là số liệu đã khai báo"),
    "figure type": (put(5, "kt_type", "so"), "survey", 5, "giá trị không có trong danh sách cho phép («so»)"),
    "derived": (put(9, "kt_expr", "phai_niem_yet - la"), "survey", 9, "«la» không phải là số liệu"),
    "role": (put(5, "kt_role", "so_lieu"), "survey", 5, "kt_role «so_lieu» không đúng"),
    "figure before any item": (put(2, "kt_role", "figure"), "survey", 2, "phải nằm trong một mục"),
    "json": (put(4, "kt_legal", "[{"), "survey", 4, "cột kt_legal không đúng dạng JSON"),
    "json no list": (put(4, "kt_evidence", "{}"), "survey", 4, "cột kt_evidence phải là danh sách JSON"),
    "flag": (put(4, "kt_core", "có lẽ"), "survey", 4, "cột kt_core chỉ ghi true hoặc để trống"),
    "number": (put(4, "kt_version", "một"), "survey", 4, "cột kt_version phải là số nguyên"),
    "area": (put(2, "kt_area", "Khác", "settings"), "settings", 2, "lĩnh vực «Khác» không có"),
    "pack id": (put(2, "form_id", "Niêm yết", "settings"), "settings", 2, "giá trị không đúng dạng"),
}


@pytest.mark.parametrize(("content", "page", "line", "reason"), list(BAD.values()), ids=list(BAD))
def test_refused(content: bytes, page: str, line: int, reason: str) -> None:
    with pytest.raises(PackError) as refused:
        from_xlsform(content, "thu.xlsx")
    found = refused.value
    assert (found.file, found.sheet, found.line) == ("thu.xlsx", page, line)
    assert reason in found.reason


def test_no_items() -> None:
    def change(book: Workbook) -> None:
        sheet(book).delete_rows(2, 500)

    with pytest.raises(PackError, match="không có mục nào"):
        from_xlsform(edited(change))


def test_the_sentence_names_sheet_and_row() -> None:
    with pytest.raises(PackError, match=r"^thu.xlsx, trang «survey», dòng 4: cột kt_version phải là số nguyên"):
        from_xlsform(put(4, "kt_version", "một"), "thu.xlsx")


def test_a_torn_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types>")
    with pytest.raises(PackError, match="bị hỏng"):
        from_xlsform(stream.getvalue())


def test_a_bomb_is_refused_unopened() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 101_000_000)
    with pytest.raises(PackError, match="giải nén ra quá lớn"):
        from_xlsform(stream.getvalue())
