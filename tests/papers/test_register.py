"""The register: series of numbers, terms, the slip, sendings, a year's list; replacing and correcting a paper."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import openpyxl
import pytest

from app.conclusions.issue import issue
from app.errors import ConflictError, InvalidInputError, UnprocessableError
from app.papers.chain import chain_of, chain_of_file
from app.papers.correcting import issue_correction
from app.papers.effect import due_of
from app.papers.naming import file_stem
from app.papers.registering import register
from app.papers.series import Series, gaps, next_number
from app.papers.verifying import verify_document
from app.remedies.queries import open_findings
from app.workdays import doubtful, is_day_of_rest
from reports.composing.prose import due_day
from tests.conftest import World, answer_value

DAY = date(2026, 11, 20)
ANSWER = "inspection/cuoc-1/answer/ho-so.tre-han-tren-phan-mem"
SERIES = Series("doan", "TB-ĐKT", 2026)


def own_series(world: World, first: int = 1) -> None:
    value = {"symbol": SERIES.symbol, "own": True, "first": {"2026": first}}
    world.installation.journal().write(world.who("van"), SERIES.subject, value)


def signed(world: World, inspection: str = "cuoc-1", **more: object) -> str:
    if inspection != "cuoc-1":
        world.setup(inspection)
        late = answer_value("chua_dat")
        world.installation.journal().write(world.who("an"), ANSWER.replace("cuoc-1", inspection), late)
    return issue(world.installation, inspection, world.who("an"), **more).document  # type: ignore[arg-type]


def enter(world: World, document: str, number: int | None = None, inspection: str = "cuoc-1") -> list[str]:
    return register(world.installation, inspection, document, world.who("van"), number=number, issued_on=DAY)


def value_of(world: World, document: str) -> dict[str, object]:
    return world.installation.journal().value(f"inspection/cuoc-1/document/{document}")


# ---- numbers


def test_an_own_series_gives_the_next_number_over_all_inspections(inspected: World):
    own_series(inspected, first=5)
    first, second = signed(inspected), signed(inspected, "cuoc-2")
    enter(inspected, first)
    enter(inspected, second, inspection="cuoc-2")

    rows = inspected.installation.database().execute("SELECT number FROM documents ORDER BY number").fetchall()
    assert [row[0] for row in rows] == [5, 6]
    assert next_number(inspected.installation, SERIES) == 7
    assert next_number(inspected.installation, Series("doan", "TB-ĐKT", 2027)) == 1


def test_gaps_and_double_use_are_told(inspected: World):
    own_series(inspected)
    first, second = signed(inspected), signed(inspected, "cuoc-2")
    assert enter(inspected, first, 3) == ["Dãy số TB-ĐKT năm 2026 còn thiếu số 01, 02; hãy ghi rõ lý do trong sổ."]
    told = enter(inspected, second, 3, "cuoc-2")

    assert told[0].startswith("Số 03/TB-ĐKT năm 2026 đã dùng cho")
    assert gaps(inspected.installation, SERIES) == [1, 2]


def test_a_number_that_was_taken_meanwhile_is_not_given_twice(inspected: World, monkeypatch: pytest.MonkeyPatch):
    own_series(inspected)
    first, second = signed(inspected), signed(inspected, "cuoc-2")
    asked = []

    def late(installation: object, series: Series) -> int | None:
        """Between the look and the writing, another văn thư takes the number."""
        found = next_number(installation, series)  # type: ignore[arg-type]
        if not asked:
            asked.append(found)
            enter(inspected, second, found, "cuoc-2")
        return found

    monkeypatch.setattr("app.papers.registering.next_number", late)
    enter(inspected, first)

    assert (asked, value_of(inspected, first)["number"]) == ([1], 2)


def test_without_an_own_series_the_number_is_typed_in(inspected: World):
    with pytest.raises(InvalidInputError, match="đủ số và ngày"):
        enter(inspected, signed(inspected))


# ---- terms


@pytest.mark.parametrize(
    ("term", "last"),
    [
        ("trước ngày 15/12/2026", "2026-12-14"),
        ("chậm nhất ngày 15/12/2026", "2026-12-15"),
        ("trong thời hạn 05 ngày làm việc kể từ ngày ban hành Thông báo này", "2026-11-30"),
        ("trong thời hạn 15 ngày kể từ ngày ban hành Thông báo này", "2026-12-07"),
        ("trong thời hạn 02 tháng kể từ ngày ban hành Thông báo này", "2027-01-20"),
        ("thực hiện thường xuyên", None),
    ],
)
def test_terms_end_on_their_last_allowed_day(term: str, last: str | None):
    assert due_of({"text": "Làm.", "deadline_text": term}, DAY) == last


def test_a_term_in_months_ends_in_the_month():
    assert due_day("03 tháng kể từ ngày ký", date(2026, 11, 30)) == date(2027, 3, 1)  # 28/02/2027 is a Sunday


def test_holidays_are_no_working_days_and_a_swapped_saturday_is_one():
    assert [is_day_of_rest(day) for day in (date(2026, 11, 24), date(2026, 9, 2), date(2026, 8, 22))] == [
        True,
        True,
        False,
    ]
    assert doubtful(date(2026, 2, 10), date(2026, 2, 26)) == "Tết Nguyên đán"
    assert doubtful(date(2026, 3, 2), date(2026, 3, 20)) == ""


def test_number_first_and_signed_elsewhere_starts_no_term_before_the_register(inspected: World):
    issue(inspected.installation, "cuoc-1", inspected.who("an"), number=7, issued_on=DAY, elsewhere=True)
    row = inspected.installation.database().execute("SELECT due FROM remedies").fetchone()

    assert row["due"] is None


# ---- replacing


def replaced(world: World) -> tuple[str, str]:
    """A registered paper, its requirement answered and accepted, and the signed paper that is to replace it."""
    old = signed(world)
    enter(world, old, 7)
    (remedy,) = world.installation.database().execute("SELECT remedy FROM remedies").fetchone()
    answer = {"state": "da_hoan_thanh", "text": "Đã xong."}
    world.installation.journal().write(world.who("dv"), f"inspection/cuoc-1/remedy/{remedy}/response/1", answer)
    new = signed(world, replaces=old, reason="Sai số liệu ở điểm a khoản 1.")
    return old, new


def test_a_replacing_paper_says_what_it_replaces_and_takes_effect_when_registered(inspected: World):
    old, new = replaced(inspected)
    db = inspected.installation.database()
    assert value_of(inspected, old)["state"] == "registered"
    assert db.execute("SELECT document FROM remedies").fetchone()[0] == old

    enter(inspected, new, 9)
    assert (value_of(inspected, old)["state"], value_of(inspected, new)["replaces"]) == ("replaced", old)
    remedy = db.execute("SELECT remedy, document, due FROM remedies").fetchone()
    assert (remedy["document"], remedy["due"]) == (new, "2026-11-30")
    assert db.execute("SELECT count(*) FROM remedy_responses").fetchone()[0] == 1
    chain = chain_of_file(db, str(value_of(inspected, old)["sha256"]))
    assert chain.replaced_by is not None
    assert chain.replaced_by.name == "Thông báo số 09/TB-ĐKT ngày 20/11/2026"
    assert chain_of(db, "cuoc-1", new).replaces.document == old  # type: ignore[union-attr]


def test_the_text_names_the_earlier_paper(inspected: World, browser):
    old = signed(inspected)
    enter(inspected, old, 7)

    page = browser("an").get("/cuoc-kiem-tra/cuoc-1/du-thao/xem").text
    assert "Thông báo này thay thế Thông báo số 07/TB-ĐKT ngày 20/11/2026." in page.replace("\u00a0", " ")


def test_what_the_new_paper_does_not_ask_ends_and_keeps_its_answers(inspected: World):
    old, _ = replaced(inspected)
    drop = {"dropped": True, "reason": "đã xong"}
    journal, an = inspected.installation.journal(), inspected.who("an")
    journal.write(an, "inspection/cuoc-1/conclusion/fail.ho-so.tre-han-tren-phan-mem", drop)
    new = signed(inspected, replaces=old, reason="Bỏ nội dung không đúng.")
    enter(inspected, new, 9)
    db = inspected.installation.database()
    row = db.execute("SELECT document, json_extract(value, '$.ended_by') AS ended FROM remedies").fetchone()

    assert (row["document"], row["ended"]) == (old, new)
    assert open_findings(db, "so-a", "cuoc-2") == []
    assert db.execute("SELECT count(*) FROM remedy_responses").fetchone()[0] == 1


def test_replacing_needs_a_reason_and_a_registered_paper(inspected: World):
    old = signed(inspected)
    with pytest.raises(UnprocessableError, match="chưa vào sổ"):
        signed(inspected, replaces=old, reason="x")
    enter(inspected, old, 7)
    with pytest.raises(InvalidInputError, match="lý do thay thế"):
        signed(inspected, replaces=old)
    with pytest.raises(UnprocessableError, match="đã vào sổ"):
        signed(inspected)


# ---- correcting


def test_a_correction_has_its_own_number_and_both_papers_say_so(inspected: World, browser):
    symbols = {"TB": "TB-ĐKT", "CV": "ĐKT"}
    journal = inspected.installation.journal()
    journal.write(inspected.system(), "issuer/doan", {**journal.value("issuer/doan"), "symbols": symbols})
    old = signed(inspected)
    enter(inspected, old, 7)
    path = f"/van-ban/cuoc-1/{old}/dinh-chinh"
    lines = {"lines-0-place": "khoản 1", "lines-0-wrong": "03 hồ sơ", "lines-0-right": "04 hồ sơ"}
    an = browser("an")
    looked = an.post(path, signer="0", reason="đánh máy sai", action="look", **lines)
    cells = re.findall(r"<t[hd][^>]*>(?:<p[^>]*>)?([^<]*)", looked.text.replace("\u00a0", " "))
    table = cells[cells.index("Trang, dòng") - 1 :]
    assert table[:8] == ["TT", "Trang, dòng", "Đã in", "Sửa là", "1", "Khoản 1", "03 hồ sơ", "04 hồ sơ"]
    assert an.post(path, signer="0", reason="đánh máy sai", action="sign", **lines).status_code == 302

    db = inspected.installation.database()
    (letter,) = db.execute("SELECT document FROM documents WHERE kind = 'CV'").fetchone()
    assert not chain_of(db, "cuoc-1", old).corrected_by
    enter(inspected, letter, 8)
    kept = str(value_of(inspected, letter)["sha256"])
    found = verify_document(
        inspected.installation, inspected.installation.issued_path / kept[:2] / f"{kept}.pdf"
    ).report
    assert (found.valid, found.unchanged, found.matches_journal) == (True, True, True), found.reasons
    assert [one.document for one in chain_of(db, "cuoc-1", old).corrected_by] == [letter]
    assert value_of(inspected, old)["state"] == "registered"
    van = browser("van")
    assert "Đính chính bởi" in van.get(f"/van-ban/cuoc-1/{old}/ho-so").text
    assert "Đính chính <a" in van.get(f"/van-ban/cuoc-1/{letter}/ho-so").text


def test_a_paper_that_is_not_out_is_not_corrected(inspected: World):
    line = {"place": "", "wrong": "a", "right": "b"}
    with pytest.raises(UnprocessableError, match="đã ban hành"):
        issue_correction(inspected.installation, "cuoc-1", signed(inspected), inspected.who("an"), [line], reason="sai")


# ---- slip, sendings, the year


def test_the_slip_has_what_the_agencys_register_asks_for(inspected: World, browser):
    document = signed(inspected)
    enter(inspected, document, 7)
    van, path = browser("van"), f"/van-ban/cuoc-1/{document}"
    assert van.post(f"{path}/phieu", drafted_by="Phòng CCHC", copies="12", urgency="Khẩn", seen="").status_code == 302
    page = van.get(f"{path}/ho-so").text
    assert f'href="{path}/ho-so"' in van.get("/vao-so").text
    assert f'href="{path}/ho-so"' in browser("an").get("/cuoc-kiem-tra/cuoc-1/van-ban").text

    for text in ("07/TB-ĐKT", "20/11/2026", "Nguyễn Văn Mẫu", "TRƯỞNG ĐOÀN", "Phòng CCHC", "Khẩn", "- Sở A (t/h);"):
        assert f">{text}</td>" in page or text in page
    assert van.post(f"{path}/phieu", drafted_by="Phòng khác", seen="").status_code == 409


def test_a_sending_and_its_receipt_are_noted(inspected: World, browser):
    document = signed(inspected)
    van, path = browser("van"), f"/van-ban/cuoc-1/{document}"
    gone = {"to": "Sở A", "way": "truc-lien-thong", "day": "20/11/2026", "time": "8:30"}
    assert van.post(f"{path}/gui", **gone).status_code == 400
    enter(inspected, document, 7)
    assert van.post(f"{path}/gui", **gone).status_code == 302
    entry = inspected.installation.journal().current(f"inspection/cuoc-1/dispatch/{document}/1")[0]
    assert (entry.value["sent_at"], entry.author) == ("2026-11-20T08:30", inspected.accounts["van"])
    receipt = {"number": "1", "seen": entry.id, "day": "21/11/2026", "time": "", "received_by": "Văn thư Sở A"}
    assert van.post(f"{path}/nhan", **receipt).status_code == 302
    assert "Văn thư Sở A" in van.get(f"{path}/ho-so").text
    assert browser("binh").post(f"{path}/gui", **gone).status_code == 403
    assert browser("dv").get(f"{path}/ho-so").status_code == 403


def test_a_years_register_is_filtered_and_exported(inspected: World, browser):
    enter(inspected, signed(inspected), 7)
    van = browser("van")
    assert "07/TB-ĐKT" in van.get("/so-van-ban?nam=2026&tim=sở").text
    assert "07/TB-ĐKT" not in van.get("/so-van-ban?nam=2026&loai=CV").text

    rows = list(csv.reader(io.StringIO(van.get("/so-van-ban/tai.csv?nam=2026").data.decode("utf-8-sig"))))
    assert rows[1][:4] == ["07", "TB-ĐKT", "20/11/2026", "Thông báo"]
    book = openpyxl.load_workbook(io.BytesIO(van.get("/so-van-ban/tai.xlsx?nam=2026").data))
    assert [cell.value for cell in book.active[4]][:2] == ["07", "TB-ĐKT"]
    assert van.get("/so-van-ban/tai.exe").status_code == 404


def test_a_series_is_set_on_its_page(inspected: World, browser):
    van = browser("van")
    fields = {"issuer": "doan", "symbol": "TB-ĐKT", "own": "y", "first": "12", "seen": ""}
    assert van.post("/so-van-ban/day-so", **fields).status_code == 302
    assert next_number(inspected.installation, SERIES) == 12
    assert "Số tiếp theo: <strong>12</strong>" in van.get("/so-van-ban/day-so").text
    assert van.post("/so-van-ban/day-so", **{**fields, "symbol": "XX"}).status_code == 404
    document = signed(inspected)
    assert "lấy số tiếp theo của dãy số: 12" in van.get("/vao-so").text
    van.post(f"/vao-so/cuoc-1/{document}", number="", issued_on="20/11/2026")
    assert value_of(inspected, document)["number"] == 12


def test_files_are_named_by_number_symbol_day_and_subject():
    name = file_stem("TB-ĐKT", "Về kết luận kiểm tra", number=5, day="2026-11-20")
    assert name == "05_TB-DKT_2026-11-20_ve-ket-luan-kiem-tra"
    assert file_stem("TB-ĐKT", "Về kết luận") == "TB-DKT_ve-ket-luan"


def test_a_registered_paper_keeps_its_number(inspected: World):
    document = signed(inspected)
    enter(inspected, document, 7)
    with pytest.raises(ConflictError, match="đã vào sổ"):
        enter(inspected, document, 8)
    pdf = inspected.installation.issued_path
    kept = str(value_of(inspected, document)["sha256"])
    assert verify_document(inspected.installation, pdf / kept[:2] / f"{kept}.pdf").report.unchanged


@pytest.mark.parametrize(
    ("path", "part"),
    [("/vao-so", "Vào sổ"), ("/van-ban", "Văn bản"), ("/cuoc-kiem-tra/cuoc-1/van-ban", "Cuộc kiểm tra")],
)
def test_a_page_of_papers_marks_one_part_of_the_navigation(inspected: World, browser, path: str, part: str):
    inspected.add("sep", "admin")
    page = browser("sep").get(path).text
    assert re.findall(r'aria-current="page">([^<]*)<', page.partition("</nav>")[0]) == [part]
