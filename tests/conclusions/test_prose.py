from __future__ import annotations

from datetime import date

import pytest

from checklists.model import Deadline, DeadlineUnit
from reports.composing.correction import Corrected, compose_correction
from reports.composing.facts import IssuerFact
from reports.composing.letter import ReminderFacts, reminder
from reports.composing.prose import bodies, body_name, deadline_text, due_day, expand, inside, listed, short_date
from reports.document import DocumentKind, Paragraph, Signatory

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("trong thời hạn 05 ngày làm việc kể từ ngày ban hành Thông báo này", date(2026, 11, 27)),
        ("trong thời hạn 10 ngày kể từ ngày ban hành Công văn này", date(2026, 11, 30)),
        ("trong thời hạn 15 ngày kể từ ngày ban hành Thông báo này", date(2026, 12, 7)),  # 5/12 is a Saturday
        ("trước ngày 30/3/2027", date(2027, 3, 29)),
        ("chậm nhất ngày 30/3/2027", date(2027, 3, 30)),
        ("đến hết ngày 31/12/2026", date(2026, 12, 31)),
        ("trước ngày 31/02/2027", None),
        ("thực hiện thường xuyên", None),
        ("", None),
    ],
)
def test_the_last_day_of_a_term(text, due):
    assert due_day(text, FRIDAY) == due


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("TTHC cấp xã", "Thủ tục hành chính cấp xã"),
        ("niêm yết TTHC", "niêm yết thủ tục hành chính"),
        ("qua BCCI; dịch vụ BCCI", "qua dịch vụ bưu chính công ích; dịch vụ bưu chính công ích"),
        ("Kế hoạch số 12/KH-UBND của UBND tỉnh", "Kế hoạch số 12/KH-UBND của Ủy ban nhân dân tỉnh"),
        ("Xong. CCHC tốt", "Xong. Cải cách hành chính tốt"),
    ],
)
def test_abbreviations_are_written_out(short, full):
    assert expand(short) == full


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("Còn 03 hồ sơ", "còn 03 hồ sơ"),
        ("Sở Nội vụ", "Sở Nội vụ"),
        ("UBND tỉnh", "UBND tỉnh"),
        ("Bộ phận Một cửa", "Bộ phận Một cửa"),
        ("20/27 nhiệm vụ", "20/27 nhiệm vụ"),
    ],
)
def test_inside_a_sentence(text, within):
    assert inside(text) == within


def test_days_and_lists_as_papers_write_them():
    assert short_date(date(2026, 2, 5)) == "05/02/2026"
    assert short_date(date(2019, 3, 30)) == "30/3/2019"
    assert listed(["A", "B", "C"]) == "A, B và C"
    assert listed(["A"]) == "A"


def test_a_term_speaks_of_its_own_paper_and_of_the_year_of_the_facts():
    days = Deadline(n=5, unit=DeadlineUnit.WORKING_DAYS, moc="m", text="t")
    fixed = Deadline(unit=DeadlineUnit.FIXED, moc="m", text="chậm nhất ngày 31 tháng 12 của năm kiểm tra")

    assert deadline_text(days, DocumentKind.LETTER, 2022).endswith("05 ngày làm việc kể từ ngày ban hành Công văn này")
    assert deadline_text(fixed, DocumentKind.NOTICE, 2022) == "chậm nhất ngày 31/12/2022"


@pytest.mark.parametrize(
    ("name", "place", "written"),
    [
        ("Đoàn kiểm tra CCHC tỉnh", "Đồng Tháp", "Đoàn kiểm tra cải cách hành chính tỉnh Đồng Tháp"),
        ("Đoàn kiểm tra CCHC tỉnh", "", "Đoàn kiểm tra cải cách hành chính tỉnh"),
        ("Sở Nội vụ", "Đồng Tháp", "Sở Nội vụ"),
    ],
)
def test_a_body_is_written_out_with_its_province(name: str, place: str, written: str) -> None:
    assert body_name(name, place) == written


def test_a_letter_writes_its_body_out_and_a_correction_goes_on_in_small_letters() -> None:
    body = IssuerFact(
        "Đoàn kiểm tra CCHC tỉnh", "ĐOÀN", Signatory("Trưởng đoàn", "An"), place="Đồng Tháp", symbol="ĐKT"
    )
    facts = ReminderFacts(issuer=body, unit="Sở A", paper="Thông báo số 05/TB-ĐKT", wanted=(), today=date(2026, 11, 22))
    letter = reminder(facts)
    assert "CCHC" not in f"{letter.letterhead.name}{letter.blocks}"
    wrong = Corrected("Thông báo số 05/TB-ĐKT", "Về kết luận kiểm tra", "0" * 64, ("Sở A",))
    opening = compose_correction(wrong, [{"wrong": "a", "right": "b"}], body, year=2026).blocks[0]
    assert isinstance(opening, Paragraph)
    assert "tỉnh Đồng Tháp đã ban hành Thông báo số 05/TB-ĐKT về kết luận kiểm tra." in opening.text


def test_bodies_stand_as_a_sentence_addresses_them():
    assert bodies(["Sở Ngoại vụ", "Ban Quản lý Khu kinh tế tỉnh"]) == "Sở Ngoại vụ và Ban Quản lý Khu kinh tế tỉnh"
    assert bodies(["Sở Tài nguyên và Môi trường", "Sở Ngoại vụ"]) == "Sở Tài nguyên và Môi trường; Sở Ngoại vụ"
