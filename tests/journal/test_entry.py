"""The canonical form: what is equal, and what is refused."""

from __future__ import annotations

import unicodedata
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journal.entry import MalformedEntryError, canonical_json, comparable, parse_entry
from tests.conftest import make_entry

SUBJECT = "inspection/cuoc-1/note/niem-yet.tthc-du-so-luong/a"


def entry(**changes: Any) -> dict[str, Any]:
    return {**make_entry(SUBJECT, {"text": "Đủ"}, "an"), **changes}


def test_nfd_and_nfc_are_the_same_entry() -> None:
    raw = entry(value={"text": "Đường dây nóng ở tiếp nhận"})
    decomposed = {**raw, "value": {"text": unicodedata.normalize("NFD", raw["value"]["text"])}}
    assert decomposed["value"] != raw["value"]
    assert parse_entry(decomposed) == parse_entry(raw)


def test_key_order_and_supersedes_order_do_not_matter() -> None:
    ids = [entry()["id"], entry()["id"]]
    raw = entry(supersedes=ids, value={"a": 1, "b": [{"x": "y", "z": None}]})
    turned = {**raw, "supersedes": [*reversed(ids), ids[0]], "value": {"b": [{"z": None, "x": "y"}], "a": 1}}
    assert parse_entry(raw).same_as(parse_entry(turned))


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    raw = entry(made_at="2026-11-22T01:00:00.000Z")
    assert parse_entry({**raw, "made_at": "2026-11-22T08:00:00+07:00"}) == parse_entry(raw)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"id": "không phải uuid"}, "id"),
        ({"subject": "Inspection/1"}, "subject"),
        ({"subject": "inspection/é"}, "subject"),
        ({"v": 0}, "v"),
        ({"v": True}, "v"),
        ({"author": ""}, "author"),
        ({"device": "a b"}, "device"),
        ({"made_at": "2026-02-30T01:00:00.000Z"}, "made_at"),
        ({"made_at": "2026-11-22T01:00:00"}, "made_at"),
        ({"supersedes": "x"}, "supersedes"),
        ({"value": {"ty_le": 99.56}}, "value"),
        ({"value": {"a": "\x00"}}, "value"),
        ({"value": {"a": "\ud800"}}, "value"),
        ({"value": {"khóa": 1}}, "value"),
        ({"value": {"a": 2**70}}, "value"),
        ({"value": {"a": "x" * 300_000}}, "value"),
    ],
)
def test_what_is_malformed_names_its_place(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(MalformedEntryError) as caught:
        parse_entry(entry(**changes))
    assert caught.value.details["place"] == place


def test_a_missing_and_an_extra_field_are_refused() -> None:
    raw = entry()
    del raw["device"]
    with pytest.raises(MalformedEntryError, match="thiếu device"):
        parse_entry(raw)
    with pytest.raises(MalformedEntryError, match="thừa seq"):
        parse_entry({**entry(), "seq": 1})


def test_an_entry_cannot_supersede_itself() -> None:
    raw = entry()
    with pytest.raises(MalformedEntryError, match="chính nó"):
        parse_entry({**raw, "supersedes": [raw["id"]]})


def test_depth_is_bounded() -> None:
    value: Any = []
    for _ in range(100):
        value = [value]
    with pytest.raises(MalformedEntryError, match="quá sâu"):
        parse_entry(entry(value=value))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdefgh_", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_canonical_json_is_stable_and_nfc(value: Any) -> None:
    once = canonical_json(value)
    assert unicodedata.is_normalized("NFC", once.decode())
    assert canonical_json(orjson.loads(once)) == once


def test_settled_does_not_make_a_value_another() -> None:
    plain = {"item_version": 1, "verdict": "dat"}
    settled = {**plain, "settled": {"reason": "theo số đếm"}}
    assert comparable(canonical_json(settled), settled) == comparable(canonical_json(plain), plain)


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_a_part_left_out_says_the_same_as_an_empty_one(empty: Any) -> None:
    short = {"item_version": 1, "verdict": "dat"}
    long = {**short, "reason": empty, "figures": {"a": [{"value": "1", "as_of": empty}]}}
    middle = {**short, "figures": {"a": [{"value": "1"}]}}
    assert comparable(canonical_json(long), long) == comparable(canonical_json(middle), middle)
    assert comparable(canonical_json(long), long) != comparable(canonical_json(short), short)


def test_false_and_nought_are_not_nothing() -> None:
    for part in (False, 0):
        value = {"a": part, "b": ""}
        assert comparable(canonical_json(value), value) == canonical_json({"a": part})
