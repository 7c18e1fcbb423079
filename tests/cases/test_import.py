from __future__ import annotations

import unicodedata
from pathlib import Path

import orjson
import pytest
import yaml

from app.cases.importing import _plain_number, import_case
from app.cases.reading import BadCaseError
from tests.conftest import World

CASE = {
    "title": "Kiểm tra công tác CCHC năm 2026",
    "province": "Đồng Tháp",
    "team": "Đoàn kiểm tra CCHC tỉnh",
    "date": "2026-07-05",
    "period": "2026-01-01/2026-06-30",
    "units": [
        {
            "name": "Sở B",
            "level": "so",
            "facts": [
                {"topic": "ho-so", "good": False, "text": "Hồ sơ trễ hạn trên phần mềm", "figures": {"tre_han": 3}},
                {"topic": "dao-tao", "good": True, "text": "Kinh phí đào tạo được bố trí", "item": "dao-tao.kinh-phi"},
            ],
            "ask": ["Xử lý dứt điểm hồ sơ trễ hạn trước 2026-09-30"],
        }
    ],
}


def changed(**changes: object) -> dict[str, object]:
    return {**CASE, **changes}


def written(tmp_path: Path, case: object, name: str = "vu-viec.yaml") -> Path:
    path = tmp_path / name
    path.write_text(yaml.safe_dump(case, allow_unicode=True, sort_keys=False), "utf-8")
    return path


def imported(world: World, path: Path):
    return import_case(world.installation, path, writer=world.system())


def entries(world: World) -> int:
    return world.installation.journal().head().seq


def test_one_inspection_per_unit_with_answers_notes_and_requirements(world: World, tmp_path: Path):
    (inspection,) = imported(world, written(tmp_path, CASE)).inspections
    journal, root = world.installation.journal(), f"inspection/{inspection}"
    late = journal.value(f"{root}/answer/ho-so.tre-han-tren-phan-mem")

    assert late["verdict"] == "chua_dat"
    assert late["figures"]["tre_han"] == [
        {"value": "3", "source": "phan_mem", "period": {"start": "2026-01-01", "end": "2026-06-30"}}
    ]
    assert journal.value(f"{root}/note/dao-tao.kinh-phi/n-02")["text"] == "Kinh phí đào tạo được bố trí"
    ask = journal.value(f"{root}/remedy/y-01")
    assert (ask["text"], ask["deadline_text"], ask["due"]) == (
        "Xử lý dứt điểm hồ sơ trễ hạn trước ngày 30/9/2026",
        "trước ngày 30/9/2026",
        "2026-09-29",
    )
    assert ask["findings"] == ["answer/ho-so.tre-han-tren-phan-mem"]


def test_leads_and_members_take_part(world: World, tmp_path: Path):
    world.add("lan", "lead")
    (inspection,) = imported(world, written(tmp_path, CASE)).inspections
    members = world.installation.journal().value(f"inspection/{inspection}/setup")["members"]
    functions = {one["account"]: one["functions"] for one in members}

    assert [functions[world.accounts[name]] for name in ("an", "lan", "binh")] == [
        ["truong_doan"],
        ["pho_truong_doan"],
        ["thanh_vien"],
    ]
    assert world.accounts["mai"] not in functions


def test_an_administrator_who_imports_is_in_it(world: World, tmp_path: Path):
    (inspection,) = import_case(world.installation, written(tmp_path, CASE), writer=world.who("mai")).inspections

    assert world.who("mai").functions(inspection)


def test_the_same_file_again_writes_nothing(world: World, tmp_path: Path):
    path = written(tmp_path, CASE)
    first, before = imported(world, path), entries(world)
    second = imported(world, path)

    assert (second.inspections, second.existed, entries(world)) == (first.inspections, True, before)


def test_json_is_the_same_case(world: World, tmp_path: Path):
    path = tmp_path / "vu-viec.json"
    path.write_bytes(orjson.dumps(CASE, option=orjson.OPT_INDENT_2))

    assert imported(world, path).inspections == imported(world, written(tmp_path, CASE)).inspections


def test_a_decomposed_letter_is_the_same_letter(world: World, tmp_path: Path):
    composed = imported(world, written(tmp_path, CASE)).inspections
    path = tmp_path / "tach.yaml"
    path.write_text(unicodedata.normalize("NFD", written(tmp_path, CASE).read_text("utf-8")), "utf-8")

    assert imported(world, path).inspections == composed


def test_two_facts_with_the_same_figures_go_to_two_items(world: World, tmp_path: Path):
    facts = [
        {
            "topic": "niem-yet",
            "good": True,
            "text": "Niêm yết bộ TTHC cấp huyện",
            "figures": {"linh_vuc": 47, "phai_niem_yet": 273},
        },
        {
            "topic": "niem-yet",
            "good": True,
            "text": "Niêm yết bộ TTHC cấp xã",
            "figures": {"linh_vuc": 30, "phai_niem_yet": 140},
        },
    ]
    case = changed(units=[{"name": "Sở B", "level": "so", "facts": facts}])
    (inspection,) = imported(world, written(tmp_path, case)).inspections
    rows = world.installation.database().execute("SELECT value FROM answers WHERE inspection = ?", [inspection])
    given = [orjson.loads(row[0])["figures"] for row in rows]

    assert sorted(one["linh_vuc"][0]["value"] for one in given if one) == ["30", "47"]


def test_praise_and_blame_of_one_item_are_partial(world: World, tmp_path: Path):
    facts = [
        {"topic": "dao-tao", "good": good, "text": text, "item": "dao-tao.kinh-phi"}
        for good, text in ((True, "Có bố trí kinh phí"), (False, "Giải ngân còn chậm"))
    ]
    case = changed(units=[{"name": "Sở B", "level": "so", "facts": facts}])
    (inspection,) = imported(world, written(tmp_path, case)).inspections

    assert (
        world.installation.journal().value(f"inspection/{inspection}/answer/dao-tao.kinh-phi")["verdict"]
        == "dat_mot_phan"
    )


def test_a_figure_without_a_place_is_kept_in_words_and_reported(world: World, tmp_path: Path):
    facts = [
        {
            "topic": "dao-tao",
            "good": True,
            "text": "Có bố trí kinh phí",
            "item": "dao-tao.kinh-phi",
            "figures": {"so_la": 12},
        }
    ]
    report = imported(world, written(tmp_path, changed(units=[{"name": "Sở B", "level": "so", "facts": facts}])))
    note = world.installation.journal().value(f"inspection/{report.inspections[0]}/note/dao-tao.kinh-phi/n-01")

    assert note["text"].endswith("(so la: 12)")
    assert "so_la" in report.remarks[0]


def test_the_figures_of_a_wording_are_filled_in_for_people_to_read(world: World, tmp_path: Path):
    fact = {"topic": "ho-so", "good": False, "text": "Trễ hạn", "figures": {"tre_han": 3}}
    fact |= {"item": "ho-so.tre-han-tren-phan-mem", "wording": "Hiện còn {tre_han} hồ sơ quá hạn trả"}
    report = imported(world, written(tmp_path, changed(units=[{"name": "Sở B", "level": "so", "facts": [fact]}])))
    note = f"inspection/{report.inspections[0]}/note/ho-so.tre-han-tren-phan-mem/n-01"

    assert world.installation.journal().value(note)["text"] == "Hiện còn 03 hồ sơ quá hạn trả"


def test_a_unit_below_is_inspected_on_the_same_visit_and_is_a_place(world: World, tmp_path: Path):
    units = [
        {
            "name": "UBND huyện C",
            "level": "huyen",
            "facts": [{"topic": "dao-tao", "good": True, "text": "Đào tạo tốt"}],
        },
        {
            "name": "UBND thị trấn C",
            "level": "xa",
            "parent": "UBND huyện C",
            "facts": [{"topic": "dao-tao", "good": True, "text": "Đào tạo tốt"}],
        },
    ]
    above, below = imported(world, written(tmp_path, changed(units=units))).inspections
    journal = world.installation.journal()
    setups = [journal.value(f"inspection/{one}/setup") for one in (above, below)]

    assert setups[0]["visit"] == setups[1]["visit"]
    assert [site["name"] for site in setups[0]["sites"]] == ["UBND thị trấn C"]


BROKEN = [
    ("title: [", "cú pháp YAML"),
    ("", "trống"),
    ("- a\n- b\n", "phải có các mục"),
    ("title: a\nteam: b\nunits: []\n", "units"),
    ("title: a\nteam: b\nmoi: 1\nunits:\n  - {name: A, level: so}\n", "moi"),
    ("title: a\nteam: b\ntitle: c\nunits:\n  - {name: A, level: so}\n", "ghi hai lần"),
    ("title: a\nteam: b\ndate: 2026-02-30\nunits:\n  - {name: A, level: so}\n", "không có trong lịch"),
    ("title: a\nteam: b\nperiod: 2026-05-01/2026-01-01\nunits:\n  - {name: A, level: so}\n", "kỳ phải viết"),
    ("title: a\nteam: b\nunits:\n  - {name: A, level: quan}\n", "level"),
    ("title: a\nteam: b\nunits:\n  - {name: A, level: xa, parent: B}\n", "không có đơn vị «B»"),
    ("title: a\nteam: b\nunits: &x\n  - {name: A, level: so, facts: *x}\n", "bí danh"),
]


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_a_wrong_file_is_one_sentence_with_its_place(world: World, tmp_path: Path, text, words):
    path = tmp_path / "hong.yaml"
    path.write_text(text, "utf-8")
    before = entries(world)

    with pytest.raises(BadCaseError, match=words) as refused:
        imported(world, path)
    assert str(refused.value).startswith("hong.yaml, dòng ")
    assert "\n" not in str(refused.value)
    assert entries(world) == before


FACT = """\
title: a
team: b
units:
  - name: A
    level: so
    facts:
      - topic: ho-so
        good: false
        text: Trễ hạn
"""


@pytest.mark.parametrize(
    ("more", "line", "words"),
    [
        ("        item: ho-so.khong-co\n", 10, "không có mục «ho-so.khong-co»"),
        ("        item: ho-so.tre-han-tren-phan-mem\n        figures: {tre_han: ba}\n", 11, "«ba» không phải là số"),
        ("        item: ho-so.tre-han-tren-phan-mem\n        figures: {tre_han: -3}\n", 11, "âm"),
        ("        good: true\n", 10, "ghi hai lần"),
    ],
)
def test_a_wrong_fact_is_named_by_its_line(world: World, tmp_path: Path, more, line, words):
    path = tmp_path / "hong.yaml"
    path.write_text(FACT + more, "utf-8")
    before = entries(world)

    with pytest.raises(BadCaseError, match=words) as refused:
        imported(world, path)
    assert refused.value.details["line"] == line
    assert entries(world) == before


@pytest.mark.parametrize("data", [b"\xff\xfe\x00title", b"title: \x00"])
def test_what_is_no_text_is_refused(world: World, tmp_path: Path, data):
    path = tmp_path / "hong.yaml"
    path.write_bytes(data)

    with pytest.raises(BadCaseError):
        imported(world, path)


def test_a_missing_file_is_a_sentence(world: World, tmp_path: Path):
    with pytest.raises(BadCaseError, match="không đọc được"):
        imported(world, tmp_path / "khong-co.yaml")


@pytest.mark.parametrize(
    ("written_as", "kept"), [("99,56%", "99.56"), ("34.336", "34336"), (8, "8"), ("0,44%", "0.44")]
)
def test_numbers_as_people_write_them(written_as, kept):
    assert _plain_number(str(written_as)) == kept
