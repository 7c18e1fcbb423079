"""The pass to PDF/A-3b: metadata, attachments, identity."""

from __future__ import annotations

import io
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from reports.rendering.pdf import render_pdf
from reports.rendering.pdfa import NotAPdfError, to_pdfa
from tests.reports.papers import notice, photo, photo_annex, text_of

CREATED = datetime(2022, 7, 5, 8, 30, tzinfo=UTC)
MANIFEST = json.dumps({"head": "đầu chuỗi"}).encode()


def _archived(**changes: object) -> bytes:
    pdf = render_pdf(notice(annexes=(photo_annex(2),)), photo_loader=photo).bytes
    settings: dict[str, object] = {
        "title": "Thông báo số 05/TB-ĐKT",
        "author": "Đoàn kiểm tra",
        "created": CREATED,
        "attachments": {"manifest.json": MANIFEST},
    }
    return to_pdfa(pdf, **(settings | changes))  # type: ignore[arg-type]


def _open(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def test_metadata_says_pdfa_3b() -> None:
    with _open(_archived()) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "3B"
        assert metadata["dc:title"] == "Thông báo số 05/TB-ĐKT"
        assert metadata["dc:creator"] == ["Đoàn kiểm tra"]
        assert metadata["xmp:CreateDate"] == "2022-07-05T08:30:00+00:00"


def test_information_dictionary_tells_the_same() -> None:
    with _open(_archived()) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Thông báo số 05/TB-ĐKT"
        assert str(pdf.docinfo["/Author"]) == "Đoàn kiểm tra"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20220705083000Z"
        assert set(pdf.docinfo.keys()) <= {"/Title", "/Author", "/CreationDate", "/ModDate", "/Producer"}


def test_colours_have_an_srgb_intent() -> None:
    with _open(_archived()) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"


def test_manifest_is_attached_as_the_source() -> None:
    with _open(_archived()) as pdf:
        assert pdf.attachments["manifest.json"].get_file().read_bytes() == MANIFEST
        assert pdf.attachments["manifest.json"].get_file().mime_type == "application/json"
        (spec,) = pdf.Root.AF
        assert spec.AFRelationship == "/Source"
        assert str(spec.UF) == "manifest.json"


def test_without_attachments_nothing_is_associated() -> None:
    with _open(_archived(attachments=None)) as pdf:
        assert "/AF" not in pdf.Root
        assert not pdf.attachments


def test_pages_are_left_as_they_were() -> None:
    drawn = render_pdf(notice(annexes=(photo_annex(2),)), photo_loader=photo).bytes
    assert text_of(_archived()) == text_of(drawn)


def test_same_input_gives_same_bytes_and_other_input_another_id() -> None:
    assert _archived() == _archived()
    with _open(_archived()) as one, _open(_archived(attachments={"manifest.json": b"{}"})) as other:
        assert bytes(one.trailer.ID[1]) != bytes(other.trailer.ID[1])


def test_id_is_there_and_whole() -> None:
    with _open(_archived()) as pdf:
        assert [len(bytes(part)) for part in pdf.trailer.ID] == [16, 16]


def test_qpdf_finds_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(_archived())
    checked = subprocess.run(["qpdf", "--check", str(path)], check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "File is not linearized" in checked.stdout


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n" + b"x" * 50])
def test_what_is_no_pdf_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(NotAPdfError, match=r"^Tệp không phải là PDF hoặc đã hỏng .*hãy dựng lại văn bản\.$"):
        to_pdfa(data, title="", author="", created=CREATED)


def test_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        _archived(created=datetime(2022, 7, 5))  # noqa: DTZ001
