"""The packs of the program, read as an inspector reads them."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from datetime import date

import pytest

from checklists import library
from checklists.answers import Source, Verdict
from checklists.library import Library
from checklists.model import AREAS, DeadlineUnit, FieldType, Item, Kind, Pack
from checklists.rules import applicable, failed_checks, propose_verdict
from checklists.wording import compose, iter_templates

LIBRARY = Library.load()
ITEMS = [(pack, item) for pack in LIBRARY.packs() for item in pack.items]
ITEM_PARAMS = [pytest.param(pack, item, id=item.id) for pack, item in ITEMS]
ABBREVIATIONS = re.compile(r"\b(TTHC|CCHC|DVC|BCCI|HTQLCL|CSDLQG|PAKN|CNTT)\b")


def sample(item: Item) -> dict[str, str]:
    """A figure of each kind for every field."""
    values = {
        FieldType.NUMBER: "7",
        FieldType.PERCENT: "87.5",
        FieldType.DATE: "2022-03-05",
        FieldType.TIME: "07:15",
        FieldType.TEXT: "số 12/KH-UBND",
        FieldType.BOOL: "true",
    }
    return {field.key: values[field.type] for field in item.fields}


def test_fourteen_packs() -> None:
    assert len(LIBRARY.packs()) == 14
    assert sum(pack.main for pack in LIBRARY.packs()) == 10
    assert len(ITEMS) >= 156


def test_item_ids_are_unique_over_all_packs() -> None:
    assert max(Counter(item.id for _, item in ITEMS).values()) == 1


def test_every_field_of_work_has_items() -> None:
    assert {pack.area_of(item) for pack, item in ITEMS} == set(AREAS)


def test_each_pack_has_a_core_set() -> None:
    assert all(any(item.core for item in pack.items) for pack in LIBRARY.packs())


@pytest.mark.parametrize(("pack", "item"), ITEM_PARAMS)
def test_item_is_complete(pack: Pack, item: Item) -> None:
    assert item.product
    assert item.product[0].islower()
    assert item.evidence
    assert item.levels
    assert (item.kind in {Kind.VERDICT, Kind.TEXT}) or item.fields
    assert pack.version == 1


@pytest.mark.parametrize(("pack", "item"), ITEM_PARAMS)
def test_register_of_wording(pack: Pack, item: Item) -> None:
    for _, text in iter_templates(item):
        assert "vi phạm" not in text.lower()
        assert not ABBREVIATIONS.search(text)
        assert text.endswith(".")
    assert not item.requirement.startswith(("Yêu cầu", "Đề nghị"))


@pytest.mark.parametrize(("pack", "item"), ITEM_PARAMS)
@pytest.mark.parametrize("part", ["pass", "shortcoming", "requirement", "note"])
def test_sentences_with_and_without_figures(pack: Pack, item: Item, part: str) -> None:
    for figures in ({}, sample(item)):
        text = compose(item, part, figures, terms={}, source=Source.REPORT).text  # type: ignore[arg-type]
        assert not re.search(r"[{}\[\]|]|\s\s|\s[,;.]", text)
        assert text[0].isupper() or text[0].isdigit()
        assert text[-1] in ".?"


@pytest.mark.parametrize(("pack", "item"), ITEM_PARAMS)
def test_unsure_bases_say_why_and_none_is_vague(pack: Pack, item: Item) -> None:
    for basis in item.legal:
        assert basis.sure or basis.note
        assert "đối chiếu" not in f"{basis.doc} {basis.clause}"


def test_terms_count_from_the_day_of_issue_or_say_when() -> None:
    for _, item in ITEMS:
        counted = item.deadline.unit in {DeadlineUnit.DAYS, DeadlineUnit.WORKING_DAYS}
        assert (item.deadline.n is not None and item.deadline.n > 0) or not counted
        assert not counted or f"{item.deadline.n:02} ngày" in item.deadline.text


def test_dossier_columns_are_checked() -> None:
    columns = [column for _, item in ITEMS for column in item.rows if column.key == "ma_ho_so"]
    assert columns
    assert all(column.dossier for column in columns)


def test_iso_is_only_encouraged_at_the_commune() -> None:
    pack = LIBRARY.pack("iso-9001")
    assert all("xa" in item.encouraged for item in pack.items)


@pytest.mark.parametrize("pack", LIBRARY.packs(), ids=lambda pack: pack.id)
def test_json_for_the_tablet_round_trips(pack: Pack) -> None:
    sent = json.loads(json.dumps(pack.model_dump(mode="json", by_alias=True)))
    assert Pack.model_validate(sent) == pack
    assert {"pass", "shortcoming", "requirement", "plain", "rule", "fields"} <= sent["items"][0].keys()


def test_loading_is_fast_and_cached() -> None:
    library._cached.cache_clear()
    first = time.perf_counter()
    Library.load()
    cold = time.perf_counter() - first
    second = time.perf_counter()
    Library.load()
    warm = time.perf_counter() - second
    assert warm < cold / 5


PROPOSED = [
    ("niem-yet.tthc-du-so-luong", {"phai_niem_yet": "30", "da_niem_yet": "30"}, Verdict.PASS),
    ("niem-yet.tthc-du-so-luong", {"linh_vuc": "47", "da_niem_yet": "273"}, None),
    ("ho-so.ket-qua-giai-quyet", {"tong": "13", "dung_va_truoc_han": "12"}, Verdict.PARTIAL),
    ("ho-so.ket-qua-giai-quyet", {"da_giai_quyet": "34336", "ty_le_dung_va_truoc_han": "99.56"}, Verdict.PARTIAL),
    ("ho-so.ket-qua-giai-quyet", {"tong": "13"}, None),
    ("ho-so.tre-han-tren-phan-mem", {"tre_han": "3"}, Verdict.FAIL),
    ("chi-dao.nhiem-vu-ke-hoach", {"nhiem_vu": "27", "da_trien_khai": "20"}, None),
    ("chi-dao.nhiem-vu-ke-hoach", {"nhiem_vu": "27", "hoan_thanh": "20", "qua_han": "0"}, Verdict.PASS),
    ("to-chuc.quy-che-tai-san-cong", {"long_ghep": "true"}, Verdict.FAIL),
    ("to-chuc.quy-che-tai-san-cong", {"ngay": "2022-01-05", "long_ghep": "false"}, Verdict.PASS),
    ("dao-tao.ke-hoach-dung-han", {"ngay_ban_hanh": "2022-04-01", "han": "2022-03-31"}, Verdict.PARTIAL),
    ("dao-tao.su-dung-chi-tieu", {"chi_tieu": "10", "bo": "2"}, Verdict.FAIL),
    ("kien-nghi-truoc.tong-hop", {"noi_dung": "8"}, None),
]


@pytest.mark.parametrize(("item_id", "figures", "verdict"), PROPOSED)
def test_what_an_inspector_would_say(item_id: str, figures: dict[str, str], verdict: Verdict | None) -> None:
    assert propose_verdict(LIBRARY.item(item_id), figures) == verdict


def test_published_rates_that_do_not_add_up_are_reported() -> None:
    asked = LIBRARY.item("ho-so.ket-qua-giai-quyet")
    assert failed_checks(asked, {"ty_le_dung_va_truoc_han": "99.56", "ty_le_qua_han": "0.44"}) == []
    assert failed_checks(asked, {"ty_le_dung_va_truoc_han": "99.56", "ty_le_qua_han": "0.54"}) == [
        "Tỷ lệ đúng và trước hạn cộng tỷ lệ quá hạn khác 100%."
    ]
    assert failed_checks(asked, {"tong": "13", "ky_truoc": "1", "truc_tuyen": "2", "truc_tiep_buu_chinh": "9"}) == [
        "Tổng số hồ sơ khác kỳ trước chuyển sang cộng tiếp nhận trực tuyến cộng trực tiếp, bưu chính."
    ]


@pytest.mark.parametrize(("pack", "item"), ITEM_PARAMS)
def test_a_blank_item_proposes_nothing_and_warns_of_nothing(pack: Pack, item: Item) -> None:
    assert propose_verdict(item, {}) is None
    assert failed_checks(item, {}) == []


def test_the_communes_iso_is_praised_but_not_blamed() -> None:
    asked = LIBRARY.item("iso-9001.danh-gia-noi-bo")
    assert propose_verdict(asked, {"so_lan": "1"}, "xa") is Verdict.PASS
    assert propose_verdict(asked, {"so_lan": "0"}, "xa") is None
    assert propose_verdict(asked, {"so_lan": "0"}, "so") is Verdict.FAIL


def test_districts_and_mergers_by_date() -> None:
    asked = LIBRARY.item("duong-day-nong.thong-tin-cu-sau-sap-xep")
    assert not applicable(asked, "xa", date(2025, 6, 30))
    assert applicable(asked, "xa", date(2025, 7, 1))
