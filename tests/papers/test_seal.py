"""The real order: the leader signs, văn thư gives number and date and puts on the body's seal."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image

from app.conclusions.issue import issue
from app.errors import ConfigurationError, ConflictError, UnprocessableError
from app.installation import Installation
from app.papers import signing
from app.papers.issuing import issued_file
from app.papers.registering import is_sealed, register, seal
from app.papers.signing import signing_key, trial_seal
from app.papers.verifying import verify_document
from tests.conftest import FrozenClock, World

DAY = date(2026, 11, 20)


def value_of(world: World, document: str):
    return world.installation.journal().value(f"inspection/cuoc-1/document/{document}")


def registered(world: World):
    issued = issue(world.installation, "cuoc-1", world.who("an"))
    register(world.installation, "cuoc-1", issued.document, world.who("van"), number=7, issued_on=DAY)
    return issued, value_of(world, issued.document)


def without_seal(world: World, monkeypatch: pytest.MonkeyPatch):
    """A real leader's key, and none for the seal."""
    settings = {"signing_key": signing.TEST_KEY, "signing_password_file": signing.TEST_PASSWORD}
    monkeypatch.setattr(world.installation, "config", world.installation.config.model_copy(update=settings))


def test_registration_fills_in_number_and_date_and_seals(inspected: World):
    issued, value = registered(inspected)
    path = issued_file(inspected.installation, value["sha256"], "pdf")
    report = verify_document(inspected.installation, path).report

    assert value["sha256"] != issued.sha256
    assert path.read_bytes().startswith(issued.pdf.read_bytes())
    assert (report.valid, report.unchanged, report.trusted, report.matches_journal) == (True, True, True, True)
    assert [one.filled_fields for one in report.signers] == [
        ("Ngay", "NgayPhuLuc1", "So", "SoPhuLuc1", "Thang", "ThangPhuLuc1"),
        (),
    ]
    assert [one["role"] for one in value["signatures"]] == ["signer", "seal"]


def test_without_a_key_for_the_seal_number_and_date_are_in_the_register_alone(inspected: World, monkeypatch):
    without_seal(inspected, monkeypatch)
    issued, value = registered(inspected)

    assert (value["state"], value["number"], value["sha256"]) == ("registered", 7, issued.sha256)
    assert not is_sealed(value)


def test_a_seal_that_cannot_be_put_on_leaves_the_paper_waiting(inspected: World):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    signing.trial_seal(inspected.installation, inspected.installation.clock())
    (inspected.installation.path / "keys" / "test-seal.password").unlink()

    with pytest.raises(ConfigurationError, match="seal_key"):
        register(inspected.installation, "cuoc-1", issued.document, inspected.who("van"), number=7, issued_on=DAY)
    assert value_of(inspected, issued.document)["state"] == "signed"


def test_a_paper_numbered_first_gets_its_seal_once(inspected: World):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"), number=7, issued_on=DAY)
    assert not is_sealed(value_of(inspected, issued.document))

    seal(inspected.installation, "cuoc-1", issued.document, inspected.who("van"))
    value = value_of(inspected, issued.document)
    report = verify_document(inspected.installation, issued_file(inspected.installation, value["sha256"], "pdf")).report
    assert is_sealed(value)
    assert (report.valid, report.unchanged) == (True, True)
    with pytest.raises(ConflictError, match="đã có dấu"):
        seal(inspected.installation, "cuoc-1", issued.document, inspected.who("van"))


def test_no_seal_without_a_key(inspected: World, monkeypatch):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"), number=7, issued_on=DAY)
    without_seal(inspected, monkeypatch)
    with pytest.raises(UnprocessableError, match="không có khóa con dấu"):
        seal(inspected.installation, "cuoc-1", issued.document, inspected.who("van"))


def test_the_pictures_of_signer_and_body_come_from_the_keys(inspected: World):
    buffer = io.BytesIO()
    Image.new("RGBA", (60, 30), (10, 20, 200, 255)).save(buffer, "PNG")
    (inspected.installation.path / "keys" / "an.png").write_bytes(buffer.getvalue())

    assert (
        signing.picture(inspected.installation, {"signature_image": "an.png"}, "signature_image") == buffer.getvalue()
    )
    assert signing.picture(inspected.installation, {}, "seal_image") is None
    with pytest.raises(ConfigurationError, match="thư mục keys"):
        signing.picture(inspected.installation, {"seal_image": "dau.png"}, "seal_image")


def test_the_register_page_seals_and_says_so(inspected: World, browser):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"), number=7, issued_on=DAY)
    clerk = browser("van")
    assert "CON DẤU THỬ NGHIỆM" in clerk.get("/vao-so").text
    assert "Đóng dấu<span" in clerk.get("/vao-so").text

    clerk.post(f"/vao-so/cuoc-1/{issued.document}/dong-dau")
    page = clerk.get("/vao-so").text
    assert "Đã đóng dấu" in page
    assert "Đóng dấu<span" not in page


def test_only_the_clerk_seals(inspected: World, browser):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"), number=7, issued_on=DAY)
    assert browser("xem").post(f"/vao-so/cuoc-1/{issued.document}/dong-dau").status_code == 403
    assert not is_sealed(value_of(inspected, issued.document))


def test_a_key_signs_from_the_moment_it_is_made_whatever_the_hour(tmp_path: Path):
    for hour in (0, 16, 18, 23):
        clock = FrozenClock(datetime(2026, 11, 22, hour, 30, tzinfo=UTC))
        installation = Installation.create(tmp_path / str(hour), clock=clock)
        assert signing_key(installation, clock()).is_test
        assert trial_seal(installation, clock()).is_test
        installation.close()
