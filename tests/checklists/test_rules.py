"""Both evaluators run checklists/rule_cases.json; this is the server's run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists import rules
from checklists.answers import AnswerValue, RowValue, Verdict
from checklists.expressions import (
    Binary,
    ExpressionError,
    Number,
    evaluate,
    names,
    parse,
    read_value,
    type_of,
    write_value,
)
from checklists.model import FieldType, Item

TABLE: dict[str, Any] = json.loads((Path(rules.__file__).parent / "rule_cases.json").read_text("utf-8"))
TYPES = {key: FieldType(kind) for key, kind in TABLE["types"].items()}


def item(**parts: Any) -> Item:
    base = {
        "id": "thu.muc",
        "question": "Hỏi?",
        "kind": "counts",
        "pass": "Đạt.",
        "shortcoming": "Chưa đạt.",
        "requirement": "Sửa.",
        "deadline": {"unit": "ngay", "n": 5, "moc": "ngay-ban-hanh-thong-bao", "text": "trong 05 ngày"},
    }
    return Item.model_validate({**base, **parts})


ITEMS = {name: item(**parts) for name, parts in TABLE["items"].items()}


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case.get("name")) for case in TABLE[name]]


def test_the_table_is_as_long_as_promised() -> None:
    assert len(TABLE["expressions"]) >= 60


@pytest.mark.parametrize("case", cases("expressions"))
def test_expression(case: dict[str, Any]) -> None:
    env = {key: read_value(kind, case["figures"].get(key)) for key, kind in TYPES.items()}
    value = evaluate(parse(case["expr"]), env)
    assert (value if isinstance(value, bool) else write_value(value)) == case["expect"]


@pytest.mark.parametrize("text", TABLE["refused"])
def test_refused_text(text: str) -> None:
    with pytest.raises(ExpressionError, match="biểu thức"):
        parse(text)


@pytest.mark.parametrize("case", cases("verdicts"))
def test_proposed_verdict(case: dict[str, Any]) -> None:
    assert rules.propose_verdict(ITEMS[case["item"]], case["figures"], case["level"]) == case["expect"]


@pytest.mark.parametrize("case", cases("derived"))
def test_derived_figures(case: dict[str, Any]) -> None:
    assert rules.derive(ITEMS[case["item"]], case["figures"]) == case["expect"]


@pytest.mark.parametrize("case", cases("checks"))
def test_checks_report(case: dict[str, Any]) -> None:
    assert rules.failed_checks(ITEMS[case["item"]], case["figures"]) == case["expect"]


@pytest.mark.parametrize("case", cases("rows_counted"))
def test_rows_are_counted(case: dict[str, Any]) -> None:
    assert rules.with_rows(ITEMS[case["item"]], case["figures"], case["rows"]) == case["expect"]


@pytest.mark.parametrize("case", cases("values"))
def test_value(case: dict[str, Any]) -> None:
    field = case["field"]
    found = rules.check_value(field["key"], field["label"], FieldType(field["type"]), field["unit"], case["text"])
    assert [problem.level for problem in found] == ([case["expect"]] if case["expect"] else [])


@pytest.mark.parametrize("case", cases("dossiers"))
def test_dossier(case: dict[str, Any]) -> None:
    assert rules.is_dossier(case["text"]) is case["expect"]


@pytest.mark.parametrize("case", cases("answers"))
def test_answer(case: dict[str, Any]) -> None:
    found = rules.check_answer(ITEMS[case["item"]], AnswerValue.model_validate(case["value"]))
    assert [[problem.level, problem.where] for problem in found] == case["expect"]


@pytest.mark.parametrize("case", cases("chosen"))
def test_chosen_source(case: dict[str, Any]) -> None:
    value = AnswerValue.model_validate({"item_version": 1, "figures": case["figures"]})
    assert rules.chosen_figures(value) == case["expect"]


@pytest.mark.parametrize("case", cases("differences"))
def test_differences(case: dict[str, Any]) -> None:
    value = AnswerValue.model_validate({"item_version": 1, "figures": case["figures"]})
    found = rules.differences(ITEMS[case["item"]], value)
    assert [difference.key for difference in found] == case["expect"]


@pytest.mark.parametrize("case", cases("rows"))
def test_row(case: dict[str, Any]) -> None:
    found = rules.check_row(ITEMS[case["item"]], RowValue(item_version=1, row=case["row"]))
    assert [[problem.level, problem.where] for problem in found] == case["expect"]


@pytest.mark.parametrize("case", cases("applicable"))
def test_applicable(case: dict[str, Any]) -> None:
    asked = item(levels=case["levels"], valid=case["valid"])
    assert rules.applicable(asked, case["level"], date.fromisoformat(case["day"])) is case["expect"]


def test_an_error_says_what_to_do() -> None:
    value = AnswerValue.model_validate(
        {"item_version": 1, "figures": {"phai": [{"value": "99,56", "source": "bao_cao"}]}}
    )
    problem = rules.check_answer(ITEMS["posted"], value)[0]
    assert problem.text == "«Số phải niêm yết»: «99,56» không phải là số; hãy ghi số thập phân, ví dụ 99.56."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a + d", "phép «+» không dùng được với giá trị kiểu date"),
        ("d + e", "phép «+» không dùng được với giá trị kiểu date"),
        ("a and f", "phép «and» không dùng được với giá trị kiểu number"),
        ("t == t", "phép «==» không dùng được với giá trị kiểu text"),
        ("f < g", "phép «<» không dùng được với giá trị kiểu bool"),
        ("not a", "phép «not» không dùng được với giá trị kiểu number"),
        ("-d", "phép «-» không dùng được với giá trị kiểu date"),
        ("nam_kiem_tra == 1", "«nam_kiem_tra» không phải là số liệu đã khai báo của mục"),
    ],
)
def test_a_rule_that_can_never_hold_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        type_of(parse(text), TYPES)
    assert str(refused.value) == reason


def test_types_of_sound_expressions() -> None:
    found = [type_of(parse(text), TYPES) for text in ("d - e", "p", "f == g", "t is None", "d <= e or f")]
    number, flag = FieldType.NUMBER, FieldType.BOOL
    assert found == [number, number, flag, flag, flag]


def test_names_of_an_expression() -> None:
    assert set(names(parse("not (a - b > 3) or c is None"))) == {"a", "b", "c"}


def test_multiplication_binds_tighter() -> None:
    tree = parse("1 + 2 * 3")
    assert isinstance(tree, Binary)
    assert tree.op == "+"
    assert isinstance(tree.left, Number)


@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except ExpressionError:
        return
    evaluate(tree, {})


@given(st.integers(0, 10**15 - 1), st.integers(0, 10**6 - 1))
def test_decimals_are_read_and_written_exactly(whole: int, cents: int) -> None:
    text = f"{whole}.{cents % 100:02}"
    value = read_value(FieldType.NUMBER, text)
    assert write_value(value) == (text.rstrip("0").rstrip("."))


def test_a_verdict_of_the_rule_is_a_verdict() -> None:
    assert rules.propose_verdict(ITEMS["posted"], {"phai": "30", "da": "30"}) is Verdict.PASS
