"""A bad pack is refused with file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.packfile import PackError, parse_pack, read_pack

GOOD = """\
id: thu
version: 1
title: Phiếu thử
area: Cải cách thủ tục hành chính
items:
  - id: thu.mot
    question: Đủ không?
    kind: counts
    fields:
      - key: phai
        label: Phải có
        unit: nơi
      - key: da
        label: Đã có
        unit: nơi
    derived:
      thieu: phai - da
    rule:
      dat: da >= phai
    legal:
      - doc: Nghị định số 61/2018/NĐ-CP
        from: 2018-06-21
        to: 2025-06-30
        sure: true
    pass: Có đủ[[ {da}/{phai} nơi]].
    shortcoming: Còn thiếu {thieu}/{phai} nơi.
    requirement: Bổ sung tại {mot_cua}.
    plain:
      shortcoming: Còn thiếu.
    deadline:
      unit: ngay
      n: 5
      moc: ngay-ban-hanh-thong-bao
      text: trong 05 ngày
"""


def swap(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1
    return GOOD.replace(old, new, 1)


def test_the_good_pack_is_good() -> None:
    assert parse_pack(GOOD).items[0].legal[0].start == "2018-06-21"


BAD = {
    "no title": (swap("title: Phiếu thử\n", ""), 1, "trường title: thiếu trường bắt buộc"),
    "unknown field": (
        swap("    kind:", "    kin: 1\n    kind:"),
        8,
        "trường items.0.kin: trường không có trong mẫu phiếu",
    ),
    "unknown kind": (swap("kind: counts", "kind: count"), 8, "giá trị không có trong danh sách cho phép («count»)"),
    "key twice": (swap("    question:", "    id: thu.hai\n    question:"), 7, "trường «id» bị ghi hai lần"),
    "item twice": (GOOD + GOOD[GOOD.index("  - id") :], 5, "mã mục «thu.mot» bị lặp 2 lần"),
    "figure twice": (swap("key: da", "key: phai"), 9, "mục thu.mot: số liệu «phai» bị lặp 2 lần"),
    "foreign item": (swap("id: thu.mot", "id: khac.mot"), 6, "mã mục phải bắt đầu bằng «thu.»"),
    "undeclared in rule": (swap("da >= phai", "da >= tong"), 19, "«tong» không phải là số liệu đã khai báo"),
    "broken rule": (swap("da >= phai", "da >= "), 19, "biểu thức «da >=» bị cụt ở cuối"),
    "rule that is no yes or no": (swap("dat: da >= phai", "dat: da + phai"), 19, "phải cho kết quả kiểu bool"),
    "derived of nothing": (swap("phai - da", "phai - het"), 17, "«het» không phải là số liệu"),
    "derived that hides a figure": (swap("thieu: phai", "da: phai"), 17, "không đúng dạng hoặc đã dùng"),
    "undeclared in wording": (swap("{thieu}/", "{con}/"), 26, "{con} không phải là số liệu đã khai báo"),
    "bracket": (swap("[[ {da}/{phai} nơi]]", "[[ {da}/{phai} nơi]"), 25, "ngoặc { } hoặc [[ ]] không khớp"),
    "capital in bracket": (swap("{mot_cua}", "{Mot_Cua}"), 27, "ngoặc { } hoặc [[ ]] không khớp"),
    "no way to say it": (
        swap("    plain:\n      shortcoming: Còn thiếu.\n", ""),
        26,
        "chưa có câu dự phòng plain.shortcoming",
    ),
    "plain for nothing": (
        swap("      shortcoming: Còn thiếu.", "      shortcoming: Còn thiếu.\n      requirement: Bổ sung."),
        30,
        "không bao giờ được dùng",
    ),
    "plain with figures": (
        swap("Còn thiếu.\n", "Còn thiếu {phai} nơi.\n"),
        29,
        "câu plain không được bắt buộc có số liệu",
    ),
    "day that is not": (swap("2018-06-21", "2018-06-31"), 22, "ngày «2018-06-31» không có trong lịch"),
    "day no day": (swap("2018-06-21", "21/6/2018"), 22, "giá trị không đúng dạng («21/6/2018»)"),
    "span backwards": (swap("to: 2025-06-30", "to: 2015-06-30"), 21, "ngày bắt đầu 2018-06-21 sau ngày kết thúc"),
    "level": (swap("    derived:", "    levels: [tinh]\n    derived:"), 16, "cấp «tinh» không đúng"),
    "area": (
        swap("area: Cải cách thủ tục hành chính", "area: Việc khác"),
        4,
        "lĩnh vực «Việc khác» không có trong đề cương",
    ),
    "rows counted without rows": (
        swap("        unit: nơi", "        unit: nơi\n        counts_rows: true"),
        9,
        "mục không có bảng",
    ),
    "alias": (swap("- id: thu.mot", "- &x\n    id: thu.mot") + "  - *x\n", 6, "không dùng bí danh YAML"),
    "syntax": (swap("kind: counts", "kind: [counts"), 9, "không đúng cú pháp YAML"),
    "tab": (swap("    kind:", "\tkind:"), 8, "không đúng cú pháp YAML"),
    "empty": ("", 1, "tệp trống"),
    "a word": ("xin chào", 1, "trường phiếu: phải là các cặp tên: giá trị"),
    "no items": (GOOD[: GOOD.index("items:")] + "items: []\n", 5, "danh sách không được trống"),
    "number for text": (swap("title: Phiếu thử", "title: 12"), 3, "phải là chữ"),
    "key no text": (swap("title:", "? [a]\n: 1\ntitle:"), 3, "tên trường phải là chữ"),
}


@pytest.mark.parametrize(("text", "line", "reason"), list(BAD.values()), ids=list(BAD))
def test_refused(text: str, line: int, reason: str) -> None:
    with pytest.raises(PackError) as refused:
        parse_pack(text, "thu.yaml")
    assert (refused.value.file, refused.value.line) == ("thu.yaml", line)
    assert reason in refused.value.reason


def test_the_sentence_names_the_place() -> None:
    with pytest.raises(PackError) as refused:
        parse_pack(swap("kind: counts", "kind: count"), "thu.yaml")
    assert str(refused.value) == (
        "thu.yaml, dòng 8: trường items.0.kind: giá trị không có trong danh sách cho phép («count»)."
    )


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(PackError, match="lồng quá sâu"):
        parse_pack("a: " + "[" * 60 + "]" * 60)


def test_files_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "thu.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PackError, match="không phải là văn bản UTF-8"):
        read_pack(file)
    with pytest.raises(PackError, match="không đọc được tệp"):
        read_pack(tmp_path / "khong-co.yaml")


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "thu.yaml"
    file.write_bytes(b"#" * 2_000_001)
    with pytest.raises(PackError, match="tệp lớn quá 2 MB"):
        read_pack(file)


def test_text_is_brought_to_nfc() -> None:
    decomposed = GOOD.replace("Phiếu thử", "Phie\u0302\u0301u thử")
    assert parse_pack(decomposed).title == "Phiếu thử"
