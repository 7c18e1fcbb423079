"""Signed elsewhere: out with empty fields, back with proof, and every refusal says why."""

from __future__ import annotations

import io
from datetime import date

import pytest

from app.conclusions.issue import issue
from app.errors import ConflictError, ForbiddenError, InvalidInputError
from app.papers.issuing import issued_file
from app.papers.outside import AlteredUploadError, take_back, with_number
from app.papers.registering import register
from app.papers.verifying import verify_document
from reports.rendering.form import LEADER, SEAL
from tests.conftest import World
from tests.reports.agency import agency, by_poppler
from tests.reports.test_verify import overlay, update

DAY = date(2026, 11, 20)


@pytest.fixture
def office(inspected: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The agency's root is trusted."""
    config = inspected.installation.config
    roots = [*config.trust_roots, str(agency() / "root.pem")]
    monkeypatch.setattr(inspected.installation, "config", config.model_copy(update={"trust_roots": roots}))
    return inspected


def value_of(world: World, document: str):
    return world.installation.journal().value(f"inspection/cuoc-1/document/{document}")


def file_of(world: World, document: str) -> bytes:
    return issued_file(world.installation, value_of(world, document)["sha256"], "pdf").read_bytes()


def given_back(world: World, document: str, pdf: bytes, who: str = "van"):
    return take_back(world.installation, "cuoc-1", document, world.who(who), pdf)


def test_the_seal_of_the_agencys_tool_registers_the_paper(office: World):
    issued = issue(office.installation, "cuoc-1", office.who("an"))
    ready = with_number(office.installation, "cuoc-1", issued.document, 15, DAY)
    assert value_of(office, issued.document)["state"] == "signed"

    (told,) = given_back(office, issued.document, by_poppler(ready, SEAL))
    assert "không mang tên «Đoàn kiểm tra»; hãy đối chiếu đúng con dấu" in told
    value = value_of(office, issued.document)
    assert (value["state"], value["number"], value["date"]) == ("registered", 15, "2026-11-20")
    assert [one["role"] for one in value["signatures"]] == ["signer", "seal"]
    due = office.installation.database().execute("SELECT due FROM remedies").fetchone()[0]
    assert due == "2026-11-30"
    report = verify_document(office.installation, issued_file(office.installation, value["sha256"], "pdf")).report
    assert (report.valid, report.unchanged, report.trusted, report.matches_journal) == (True, True, True, True)


def test_both_sign_elsewhere(office: World):
    issued = issue(office.installation, "cuoc-1", office.who("an"), elsewhere=True)
    value = value_of(office, issued.document)
    assert (value["state"], value["signatures"]) == ("prepared", [])

    given_back(office, issued.document, by_poppler(issued.pdf.read_bytes(), LEADER), "an")
    assert value_of(office, issued.document)["state"] == "signed"
    ready = with_number(office.installation, "cuoc-1", issued.document, 15, DAY)
    given_back(office, issued.document, by_poppler(ready, SEAL))
    assert value_of(office, issued.document)["state"] == "registered"


def test_the_leader_elsewhere_and_the_seal_here(office: World):
    issued = issue(office.installation, "cuoc-1", office.who("an"), elsewhere=True)
    given_back(office, issued.document, by_poppler(issued.pdf.read_bytes(), LEADER), "an")
    register(office.installation, "cuoc-1", issued.document, office.who("van"), number=15, issued_on=DAY)
    value = value_of(office, issued.document)
    report = verify_document(office.installation, issued_file(office.installation, value["sha256"], "pdf")).report
    assert (value["state"], report.valid, report.unchanged) == ("registered", True, True)


def test_a_number_that_the_register_has_already_is_kept_to(office: World):
    issued = issue(office.installation, "cuoc-1", office.who("an"), number=7, issued_on=DAY)
    given_back(office, issued.document, by_poppler(file_of(office, issued.document), SEAL))
    value = value_of(office, issued.document)
    assert (value["state"], value["number"], len(value["signatures"])) == ("registered", 7, 2)


def test_an_altered_file_leaves_everything_as_it_was(office: World):
    issued = issue(office.installation, "cuoc-1", office.who("an"))
    ready = with_number(office.installation, "cuoc-1", issued.document, 15, DAY)
    before = value_of(office, issued.document)
    with pytest.raises(AlteredUploadError, match="Trang 1: nội dung đã bị thay đổi") as refused:
        given_back(office, issued.document, by_poppler(update(ready, overlay), SEAL))

    assert refused.value.details["reasons"]
    assert value_of(office, issued.document) == before
    assert len(list(office.installation.issued_path.rglob("*.pdf"))) == 1


def test_a_day_before_the_inspection_is_refused(office: World):
    issued = issue(office.installation, "cuoc-1", office.who("an"))
    with pytest.raises(InvalidInputError):
        with_number(office.installation, "cuoc-1", issued.document, 15, date(2026, 11, 1))


def test_nothing_more_is_taken_after_the_seal(office: World):
    issued = issue(office.installation, "cuoc-1", office.who("an"))
    register(office.installation, "cuoc-1", issued.document, office.who("van"), number=15, issued_on=DAY)
    with pytest.raises(ConflictError, match="đủ chữ ký"):
        given_back(office, issued.document, file_of(office, issued.document))
    with pytest.raises(ConflictError, match="đã có số"):
        with_number(office.installation, "cuoc-1", issued.document, 15, DAY)


def test_a_member_hands_nothing_in(office: World):
    issued = issue(office.installation, "cuoc-1", office.who("an"))
    ready = by_poppler(with_number(office.installation, "cuoc-1", issued.document, 15, DAY), SEAL)
    with pytest.raises(ForbiddenError):
        given_back(office, issued.document, ready, "binh")


def test_the_way_over_the_pages(office: World, browser):
    issued = issue(office.installation, "cuoc-1", office.who("an"))
    clerk = browser("van")
    at = f"/vao-so/cuoc-1/{issued.document}/pdf-da-dien-so"
    ready = clerk.post(at, number="15", issued_on="20/11/2026")
    assert (ready.status_code, ready.mimetype) == (200, "application/pdf")

    place = f"/van-ban/cuoc-1/{issued.document}/nop-lai"
    assert "ConDau" in clerk.get(place).text
    refused = clerk.post(place, file=(io.BytesIO(ready.data), "a.pdf"))
    assert refused.status_code == 422
    assert "chưa có chữ ký nào mới" in refused.text
    taken = clerk.post(place, file=(io.BytesIO(by_poppler(ready.data, SEAL)), "a.pdf"))
    assert taken.status_code == 302
    assert "15/TB-ĐKT" in clerk.get("/vao-so").text


def test_preparing_over_the_page(office: World, browser):
    leader = browser("an")
    leader.post("/cuoc-kiem-tra/cuoc-1/ban-hanh", signer="0", action="elsewhere")
    page = leader.get("/cuoc-kiem-tra/cuoc-1/van-ban").text
    assert "Chờ ký ngoài hệ thống" in page
    assert "PDF để ký" in page
    assert "Nộp bản đã ký ngoài" in page
