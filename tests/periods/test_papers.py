"""The report over a campaign as a paper: rights, wording, signature, register, downloads, verification."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app.conclusions.making import Choice
from app.errors import ForbiddenError, UnprocessableError
from app.ops.integrity import verify_journal
from app.papers.archiving import issued_papers, look_after
from app.papers.issuing import issued_file
from app.papers.registering import register
from app.papers.series import Series, used_numbers
from app.papers.verifying import verify_document
from app.periods.making import issue_report_over
from app.periods.span import Span
from app.verification.lookup import paper_of_file
from tests.conftest import World, answer_value
from tests.papers.test_verification import handed_in
from tests.periods.conftest import LATE, Browser, conclude

Signed = Callable[[str], Browser]
AT = "/dot-kiem-tra/dot-1/bao-cao"
ROOT = "campaign/dot-1/document"
DAY = date(2026, 11, 22)


def issued(world: World, span: Span | None = None, number: int | None = 8) -> str:
    """The report, signed by the leader, and in the register where it gets a number; its id."""
    kept = issue_report_over(world.installation, "dot-1", span or Span(), world.who("an"), Choice())
    if number:
        register(world.installation, "dot:dot-1", kept.document, world.who("van"), number=number, issued_on=DAY)
    return kept.document


def value(world: World, document: str) -> dict[str, Any]:
    found: dict[str, Any] = world.installation.journal().value(f"{ROOT}/{document}")
    return found


def the_report(world: World) -> str:
    """The id of the campaign's one paper."""
    rows = world.installation.database().execute("SELECT document FROM documents WHERE campaign = 'dot-1'").fetchall()
    ((document,),) = rows
    return str(document)


def words_of(data: bytes) -> str:
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(told.stdout.decode().replace("\u00a0", " ").split())


def test_the_issued_report_is_valid_and_matches_the_journal(toured: World) -> None:
    paper = value(toured, issued(toured))
    assert (paper["state"], paper["number"], paper["about"], paper["kind"]) == ("registered", 8, "tong-hop", "BC")
    assert {one["code"] for one in paper["remarks"]} == {"not-concluded", "not-visited", "sources-differ"}
    report = verify_document(toured.installation, issued_file(toured.installation, paper["sha256"], "pdf")).report
    assert (report.valid, report.unchanged, report.matches_journal) == (True, True, True)
    assert verify_journal(toured.installation).problems == ()


def test_a_registered_report_stays_as_it_was_issued(toured: World) -> None:
    document = issued(toured)
    before = value(toured, document)
    journal = toured.installation.journal()
    journal.write(toured.who("an"), f"inspection/c-3/answer/{LATE}", answer_value())
    conclude(toured, "c-3", 3)
    assert value(toured, document) == before
    with pytest.raises(UnprocessableError, match="đã vào sổ"):
        issue_report_over(toured.installation, "dot-1", Span(), toured.who("an"), Choice())
    later = issued(toured, Span(date(2026, 11, 20), date(2026, 11, 20)), number=9)
    assert value(toured, later)["about"] == "tong-hop.2026-11-20.2026-11-20"


def test_it_is_not_signed_while_nothing_is_concluded(touring: World) -> None:
    with pytest.raises(UnprocessableError, match="Chưa có kết luận kiểm tra nào"):
        issue_report_over(touring.installation, "dot-1", Span(), touring.who("an"), Choice())


def test_a_conclusion_whose_file_is_lost_keeps_it_from_being_signed(toured: World) -> None:
    row = toured.installation.database().execute("SELECT sha256 FROM documents WHERE inspection = 'c-1'").fetchone()
    issued_file(toured.installation, row[0], "pdf").unlink()
    with pytest.raises(UnprocessableError, match="Không đọc được nội dung của Thông báo số 01/TB-ĐKT"):
        issue_report_over(toured.installation, "dot-1", Span(), toured.who("an"), Choice())


def test_only_the_campaigns_leaders_sign(toured: World) -> None:
    for username in ("binh", "khac", "xem"):
        with pytest.raises(ForbiddenError):
            issue_report_over(toured.installation, "dot-1", Span(), toured.who(username), Choice())


def test_pages_are_for_the_campaigns_people(toured: World, browser: Signed) -> None:
    for username, status in (("an", 200), ("mai", 200), ("binh", 200), ("chi", 404), ("khac", 404), ("xem", 403)):
        assert browser(username).get(f"{AT}/tong-hop").status_code == status, username
    assert "Ký văn bản" not in browser("binh").get(f"{AT}/tong-hop").text
    assert browser("binh").post(f"{AT}/tong-hop", action="sign").status_code == 403
    assert browser("binh").post(f"{AT}/tong-hop/loi-van", part="th.opening", text="Khác").status_code == 403


def test_a_period_is_chosen_and_a_wrong_one_is_explained(toured: World, browser: Signed) -> None:
    an = browser("an")
    whole, some = an.post(AT), an.post(AT, since="19/11/2026", until="20/11/2026")
    assert [whole.location, some.location] == [f"{AT}/tong-hop", f"{AT}/tong-hop.2026-11-19.2026-11-20"]
    wrong = an.post(AT, since="20/11/2026", until="19/11/2026")
    assert (wrong.status_code, "ở sau ngày cuối kỳ" in wrong.text, "20/11/2026" in wrong.text) == (400, True, True)
    assert an.get(f"{AT}/tong-hop.2026-02-30.2026-03-01").status_code == 404


def test_the_page_shows_the_paper_and_what_to_look_at(toured: World, browser: Signed) -> None:
    page = browser("an").get(f"{AT}/tong-hop").text
    assert 'aria-current="page">Đợt kiểm tra' in page
    for told in (
        "Toàn đợt",
        "remark-not-concluded",
        "remark-not-visited",
        "remark-sources-differ",
        "Lời văn",
        "02/02 đơn vị",
    ):
        assert told in page, told


def test_paragraphs_are_reworded_dropped_and_not_overwritten(toured: World, browser: Signed) -> None:
    an, at = browser("an"), f"{AT}/tong-hop/loi-van"
    assert an.post(at, part="th.opening", text="Báo cáo như sau:", action="save").status_code == 302
    assert "Báo cáo như sau:" in an.get(f"{AT}/tong-hop").text
    other = f"{AT}/tong-hop.2026-11-18.2026-11-20"
    assert "Báo cáo như sau:" not in an.get(other).text
    late = an.post(at, part="th.opening", text="Lời khác:", action="save", seen="")
    assert (late.status_code, "Lời khác:" in late.text) == (409, True)
    assert an.post(at, part="th.unvisited", action="drop", reason="Đã hoãn").status_code == 302
    assert "Còn 01 đơn vị chưa kiểm tra" not in an.get(f"{AT}/tong-hop").text.split("Lời văn")[0]
    empty = an.post(at, part="th.scope", action="drop", text="Của tôi")
    assert (empty.status_code, "Của tôi" in empty.text) == (400, True)


def test_it_is_signed_registered_sent_and_downloaded(toured: World, browser: Signed) -> None:
    an, van = browser("an"), browser("van")
    assert an.post(f"{AT}/tong-hop", action="sign", issuer="doan", signer="0").status_code == 302
    document = the_report(toured)
    assert "Kiểm tra CCHC năm 2026" in van.get("/vao-so").text
    at = f"/van-ban/dot:dot-1/{document}"
    assert browser("xem").get(f"{at}/tep.pdf").status_code == 404
    entered = van.post(f"/vao-so/dot:dot-1/{document}", number="8", issued_on="22/11/2026")
    assert entered.status_code == 302, entered.text
    assert van.post(f"{at}/phieu", copies="5", drafted_by="Phòng CCHC").status_code == 302
    sent = {"to": "UBND tỉnh", "way": "truc-lien-thong", "day": "22/11/2026", "time": ""}
    assert van.post(f"{at}/gui", **sent).status_code == 302
    page = van.get(f"{at}/ho-so").text
    assert "Phòng CCHC" in page
    assert "Trục liên thông văn bản" in page
    assert "Báo cáo của đợt kiểm tra" in browser("mai").get(f"{at}/ho-so").text
    assert "08" in van.get("/so-van-ban?nam=2026").text
    pdf = browser("xem").get(f"{at}/tep.pdf").data
    assert "Số: 08/BC-ĐKT" in words_of(pdf)
    assert browser("xem").get(f"{at}/kiem-tra").status_code == 200
    assert "tổng hợp kết quả kiểm tra" in browser("xem").get("/van-ban").text.lower()
    for username in ("dv", "khac"):
        assert browser(username).get(f"{at}/tep.pdf").status_code in {403, 404}
    told = paper_of_file(toured.installation, value(toured, document)["sha256"], None)
    assert told is not None
    assert (told.label, told.state) == ("08/BC-ĐKT", "standing")


def test_a_file_from_before_the_seal_is_found_by_its_manifest(toured: World) -> None:
    document = issued(toured, number=None)
    first = value(toured, document)["sha256"]
    register(toured.installation, "dot:dot-1", document, toured.who("van"), number=8, issued_on=DAY)
    assert value(toured, document)["sha256"] != first
    told = paper_of_file(toured.installation, first, {"campaign": "dot-1"})
    assert told is not None
    assert (told.label, told.older) == ("08/BC-ĐKT", True)


def test_numbers_of_campaigns_and_inspections_are_one_series(toured: World) -> None:
    issued(toured, number=8)
    used = used_numbers(toured.installation.database(), Series("doan", "BC-ĐKT", 2026))
    assert list(used) == [8]


def test_it_is_signed_outside_with_its_fields(toured: World, browser: Signed) -> None:
    an = browser("an")
    assert an.post(f"{AT}/tong-hop", action="elsewhere", issuer="doan", signer="0").status_code == 302
    document = the_report(toured)
    at = f"/van-ban/dot:dot-1/{document}"
    pdf = an.get(f"{at}/tep.pdf").data
    back = an.client.post(f"{at}/nop-lai", data={"csrf_token": an.token, "file": (BytesIO(pdf), "a.pdf")})
    assert back.status_code == 422  # nothing was signed
    assert value(toured, document)["state"] == "prepared"


def test_it_is_corrected_by_a_letter(toured: World, browser: Signed) -> None:
    document = issued(toured)
    lines = {"lines-0-place": "Mục I", "lines-0-wrong": "02", "lines-0-right": "03", "reason": "Nhầm", "signer": "0"}
    page = browser("an").post(f"/van-ban/dot:dot-1/{document}/dinh-chinh", action="sign", **lines)
    assert page.status_code == 302, page.text
    assert page.location.endswith(AT)
    rows = toured.installation.database().execute("SELECT kind FROM documents WHERE campaign = 'dot-1'").fetchall()
    assert sorted(row[0] for row in rows) == ["BC", "CV"]


def test_drafts_are_downloaded_as_pdf_and_docx(toured: World, browser: Signed) -> None:
    an = browser("an")
    assert "DỰ THẢO lần 1" in words_of(an.get(f"{AT}/tong-hop/tai.pdf").data)
    assert an.get(f"{AT}/tong-hop/tai.docx").data[:2] == b"PK"
    assert an.get(f"{AT}/tong-hop/tai.odt").status_code == 404


def test_anybody_may_verify_it_by_file_or_printed_code(
    toured: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = toured.installation.journal()
    journal.write(toured.system(), "issuer/doan", {**journal.value("issuer/doan"), "verification": True})
    here = toured.installation
    monkeypatch.setattr(here, "config", here.config.model_copy(update={"public_address": "https://kt.example.vn"}))
    paper = value(toured, issued(toured))
    stranger = app.test_client()
    pdf = issued_file(toured.installation, paper["sha256"], "pdf").read_bytes()
    for answer in (handed_in(stranger, pdf), stranger.get(f"/xac-minh/{paper['code']}")):
        assert "Báo cáo số 08/BC-ĐKT ngày 22/11/2026" in answer.text
        assert "Tổng hợp kết quả kiểm tra" in answer.text.replace("\u00a0", " ")


def test_the_nightly_job_looks_after_it(toured: World) -> None:
    document = issued(toured)
    found = {paper.document: paper.owner for paper in issued_papers(toured.installation)}
    assert found[document] == "dot:dot-1"
    assert look_after(toured.installation).problems == []


def test_another_bodys_lead_does_not_see_it_in_the_list(toured: World, browser: Signed) -> None:
    issued(toured)
    seen = {name: "báo cáo tổng hợp" in browser(name).get("/van-ban").text.lower() for name in ("an", "xem", "khac")}
    assert seen == {"an": True, "xem": True, "khac": False}
