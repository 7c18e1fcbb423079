"""The lines of NĐ 30/2020, Phụ lục I."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reports.document import Annex, DocumentKind, Letterhead, Recipient, Signatory, Table
from reports.rendering import layout
from tests.reports.papers import letter, notice, remedies


@pytest.mark.parametrize(
    ("number", "line"),
    [(5, "Số: 05/TB-ĐKT"), (10, "Số: 10/TB-ĐKT"), (1424, "Số: 1424/TB-ĐKT"), (None, "Số:        /TB-ĐKT")],
)
def test_number_line(number: int | None, line: str) -> None:
    assert layout.number_line(notice(number=number)) == line


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (date(2022, 7, 5), "Đồng Tháp, ngày 05 tháng 7 năm 2022"),
        (date(2022, 2, 15), "Đồng Tháp, ngày 15 tháng 02 năm 2022"),
        (date(2022, 1, 9), "Đồng Tháp, ngày 09 tháng 01 năm 2022"),
        (date(2022, 12, 31), "Đồng Tháp, ngày 31 tháng 12 năm 2022"),
    ],
)
def test_date_line(day: date, line: str) -> None:
    assert layout.date_line(notice(issued_on=day)) == line


def test_date_line_is_left_to_fill() -> None:
    assert layout.date_line(notice(issued_on=None, year=2022)) == "Đồng Tháp, ngày       tháng       năm 2022"
    assert layout.date_line(notice(issued_on=None)).endswith("năm 20    ")


def test_minutes_have_no_date_line() -> None:
    assert layout.date_line(notice(kind=DocumentKind.MINUTES)) == ""


def test_only_a_letter_has_an_about_line() -> None:
    assert layout.about_line(notice()) == ""
    assert layout.about_line(letter(subject="chấn chỉnh công tác")) == "V/v chấn chỉnh công tác"
    assert layout.about_line(letter(subject="v/v chấn chỉnh công tác")) == "V/v chấn chỉnh công tác"
    assert layout.printed_type(letter()) == ""


def test_addressees() -> None:
    assert layout.addressee_lines(letter(addressees=("Sở Nội vụ;",))) == ["Sở Nội vụ."]
    assert layout.addressee_lines(letter(addressees=("Sở A", "Sở B", "Sở C."))) == ["- Sở A;", "- Sở B;", "- Sở C."]


def test_recipients_with_purposes() -> None:
    assert layout.recipient_lines(notice()) == [
        "- UBND tỉnh (b/c);",
        "- Ban Quản lý Khu kinh tế tỉnh (t/h);",
        "- Lưu: VT, CCHC (05b).",
    ]


def test_recipients_of_a_letter_start_with_nhu_tren_and_end_with_luu() -> None:
    lines = layout.recipient_lines(letter(recipients=(Recipient("Lưu: VT, KSTT"), Recipient("Sở Nội vụ"))))
    assert lines == ["- Như trên;", "- Sở Nội vụ;", "- Lưu: VT, KSTT."]
    assert layout.recipient_lines(notice(recipients=())) == ["- Lưu: VT."]


def test_signer_of_a_doan_has_the_second_title_above_the_name() -> None:
    signatory = Signatory(
        "Phó trưởng đoàn", "Lê Văn An", "TM. Đoàn kiểm tra\nKT. Trưởng đoàn", "Phó Giám đốc Sở Nội vụ"
    )
    assert layout.signer_lines(signatory) == (
        ["TM. ĐOÀN KIỂM TRA", "KT. TRƯỞNG ĐOÀN", "PHÓ TRƯỞNG ĐOÀN"],
        ["PHÓ\u00a0GIÁM\u00a0ĐỐC SỞ\u00a0NỘI\u00a0VỤ", "Lê Văn An"],
    )


@pytest.mark.parametrize(
    ("draft", "mark"),
    [
        ("", ""),
        ("lần 2", "DỰ THẢO lần 2"),
        ("Dự thảo lần 2", "DỰ THẢO lần 2"),
        ("DỰ THẢO", "DỰ THẢO"),
        ("3", "DỰ THẢO 3"),
    ],
)
def test_draft_mark(draft: str, mark: str) -> None:
    assert layout.draft_mark(notice(draft=draft)) == mark


def test_annex_reference() -> None:
    assert layout.annex_reference(notice()) == (
        "(Kèm theo Thông báo số 05/TB-ĐKT ngày 05 tháng 7 năm 2022 của "
        "Đoàn kiểm tra cải cách hành chính tỉnh Đồng Tháp)"
    )
    unregistered = layout.annex_reference(letter(number=None, issued_on=None, year=2019))
    assert unregistered == (
        "(Kèm theo Công văn số         /UBND-KSTT ngày       tháng       năm 2019 của Ủy ban nhân dân tỉnh Khánh Hòa)"
    )


def test_annexes_are_numbered_only_where_there_are_several() -> None:
    one, two = Annex("Một", ()), Annex("Hai", ())
    assert layout.annex_name(notice(annexes=(one,)), one) == "Phụ lục"
    assert [layout.annex_name(notice(annexes=(one, two)), each) for each in (one, two)] == ["Phụ lục I", "Phụ lục II"]
    named = replace(one, name="PHỤ LỤC IV")
    assert layout.annex_name(notice(annexes=(named, two)), named) == "Phụ lục IV"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("còn 03 hồ sơ", "còn 03_hồ sơ"),
        ("ngày 05 tháng 7 năm 2022, ngày 12", "ngày_05 tháng_7 năm_2022, ngày_12"),
        ("Điều 5 Nghị định số 30", "Điều_5 Nghị định số_30"),
        ("nhiệt độ 6,5 °C", "nhiệt độ 6,5_°C"),
        ("quý IV năm 2022", "quý_IV năm_2022"),
        ("trong thời hạn 15 ngày", "trong thời hạn 15_ngày"),
        ("- Chưa niêm yết", "-_Chưa niêm yết"),
        ("có 20/27 nhiệm vụ", "có 20/27_nhiệm vụ"),
        ("đạt 99,56% theo báo cáo", "đạt 99,56% theo báo cáo"),
        ("điểm a khoản 1 Điều 14, Mẫu 1.9", "điểm_a khoản_1 Điều_14, Mẫu_1.9"),
        ("Quyết định 09/2015/QĐ-TTg, số 05/TB-ĐKT", "Quyết định_09/2015/QĐ-TTg, số_05/TB-ĐKT"),
        ("ông Nguyễn Văn An, Trưởng đoàn", "ông Nguyễn Văn_An, Trưởng đoàn"),
        ("bà Hồ Thị Ngọc Ánh và Lê Vân", "bà Hồ Thị Ngọc_Ánh và Lê_Vân"),
        ("tỉnh Đồng Tháp, thị xã Phú Thọ", "tỉnh Đồng_Tháp, thị xã Phú_Thọ"),
        ("xã Một, tỉnh Bà Rịa", "xã_Một, tỉnh Bà_Rịa"),
        ("Sở Nội vụ tỉnh và các xã", "Sở Nội vụ tỉnh và các xã"),
        (f"{'một đoạn ' * 8}thống nhất và ký tên dưới đây./.", f"{'một đoạn ' * 8}thống nhất và ký tên dưới_đây./."),
        (f"{'một đoạn ' * 8}a b c d", f"{'một đoạn ' * 8}a b_c_d"),
        (f"{'một đoạn ' * 8}ngày 30/6/2018 như sau:", f"{'một đoạn ' * 8}ngày_30/6/2018 như_sau:"),
        (f"{'một đoạn ' * 8}{'x' * 40} đó", f"{'một đoạn ' * 8}{'x' * 40} đó"),
    ],
)
def test_bind(text: str, bound: str) -> None:
    assert layout.bind(text).replace("\u00a0", "_") == bound


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Về kết luận kiểm tra", "Thông báo số 05/TB-ĐKT về kết luận kiểm tra"),
        ("Kết quả kiểm tra", "Thông báo số 05/TB-ĐKT kết quả kiểm tra"),
        ("V/v chấn chỉnh", "Thông báo số 05/TB-ĐKT chấn chỉnh"),
        ("Ủy ban nhân dân tỉnh họp", "Thông báo số 05/TB-ĐKT Ủy ban nhân dân tỉnh họp"),
    ],
)
def test_a_title_goes_on_in_small_letters(subject: str, title: str) -> None:
    assert layout.document_title(notice(subject=subject)) == title


def test_clean_makes_nfc_and_drops_what_no_paper_can_hold() -> None:
    assert layout.clean("Ti\u1ebfng vie\u0323\u0302t\x00\ud800\u200b\ufeff\tA\r\nB") == "Tiếng việt A\nB"


def test_column_shares_fall_back_to_equal_ones() -> None:
    assert layout.column_shares(Table(("A", "B"), (("1", "2", "3"),), (1, 1))) == pytest.approx([1 / 3] * 3)
    assert layout.column_shares(Table(("A", "B"), (), (3, 1))) == [0.75, 0.25]
    assert layout.table_rows(Table(("A", "B"), (("1",),), (1, 1))) == [["1", ""]]


def test_paragraph_ids_name_table_rows_too() -> None:
    assert layout.paragraph_ids(notice(annexes=(Annex("A", (remedies(2),)),)))[-3:] == [
        "closing",
        "remedy.1",
        "remedy.2",
    ]


def test_body_of_the_letterhead_serves_in_sentences() -> None:
    document = notice(letterhead=Letterhead("SỞ NỘI VỤ\nTỈNH PHÚ THỌ"))
    assert layout.annex_reference(document).endswith("của SỞ NỘI VỤ TỈNH PHÚ THỌ)")
