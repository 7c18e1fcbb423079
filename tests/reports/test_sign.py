import asyncio
import io
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from PIL import Image, ImageDraw
from pyhanko.pdf_utils.reader import PdfFileReader

from reports.rendering.fonts import FontsMissingError
from reports.signing.keys import load_signer
from reports.signing.sign import SignatureField, add_signature_fields
from reports.signing.signing_errors import (
    CertificateExpiredError,
    NoSuchFieldError,
    SigningError,
    StampImageError,
    UnsignablePdfError,
)
from reports.signing.stamp import StampText, draw_stamp
from tests.reports.signing_kit import (
    NOW,
    RECT,
    SEAL_RECT,
    key_file,
    plain_pdf,
    sealable_pdf,
    sign,
    signed_pdf,
    signer,
)


def run(*command, data=None):
    assert shutil.which(command[0]), f"{command[0]} is not installed"
    return subprocess.run(command, input=data, capture_output=True, check=False)


def pdf_text(data, tmp_path, *options):
    (tmp_path / "t.pdf").write_bytes(data)
    return run("pdftotext", *options, tmp_path / "t.pdf", "-").stdout.decode()


def handwriting(size=(600, 200)):
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.line([(20, 150), (150, 30), (220, 170), (330, 60), (420, 150), (580, 40)], fill=(20, 40, 160), width=9)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def cms_and_content(data):
    signature = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
    start, first, second, last = (int(number) for number in signature.byte_range)
    return signature.pkcs7_content, data[start:first] + data[second : second + last]


def test_the_given_bytes_stay_as_they_are():
    assert signed_pdf().startswith(plain_pdf())


def test_pdfsig_says_valid_and_total_document_signed(tmp_path):
    (tmp_path / "s.pdf").write_bytes(signed_pdf())
    told = run("pdfsig", tmp_path / "s.pdf").stdout.decode()
    assert "Signature Validation: Signature is Valid." in told
    assert "Total document signed" in told
    assert "Signature Type: ETSI.CAdES.detached" in told


def test_openssl_verifies_the_cms_over_the_byte_range(tmp_path):
    container, content = cms_and_content(signed_pdf())
    (tmp_path / "sig.der").write_bytes(container)
    (tmp_path / "content").write_bytes(content)
    command = [
        *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "sig.der"),
        *("-content", tmp_path / "content", "-CAfile", key_file()[1], "-purpose", "any", "-out", "/dev/null"),
        *("-attime", str(int(NOW.timestamp()))),
    ]
    assert run(*command).returncode == 0, run(*command).stderr
    (tmp_path / "content").write_bytes(content + b" ")
    assert run(*command).returncode != 0


def test_qpdf_finds_no_fault(tmp_path):
    (tmp_path / "s.pdf").write_bytes(signed_pdf())
    checked = run("qpdf", "--check", tmp_path / "s.pdf")
    assert checked.returncode == 0, checked.stderr


def test_the_signature_is_pades_baseline():
    signature = PdfFileReader(io.BytesIO(signed_pdf())).embedded_signatures[0]
    kinds = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
    # The signing-time attribute is forbidden in PAdES; /M has the time.
    assert kinds == {"content_type", "message_digest", "signing_certificate_v2"}
    assert signature.md_algorithm == "sha256"
    assert signature.sig_object["/M"] == "D:20261122100405+07'00'"
    assert signature.docmdp_level.name == "FILL_FORMS"


def test_neither_xmp_nor_info_is_touched():
    with pikepdf.open(io.BytesIO(plain_pdf())) as before, pikepdf.open(io.BytesIO(signed_pdf())) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert dict(after.docinfo) == dict(before.docinfo)


def test_every_font_of_the_signed_file_is_embedded():
    with pikepdf.open(io.BytesIO(signed_pdf())) as pdf:
        stamp = pdf.Root.AcroForm.Fields[0].AP.N
        fonts = [font for form in stamp.Resources.XObject.values() for font in form.Resources.Font.values()]
        embedded = ["/FontFile2" in font.get("/FontDescriptor", {}) for font in fonts]
    assert embedded
    assert all(embedded)


def test_the_stamp_tells_who_for_whom_and_when(tmp_path):
    text = " ".join(pdf_text(signed_pdf(), tmp_path, "-l", "1").split())
    for line in (
        "CHỮ KÝ THỬ NGHIỆM",
        "Ký bởi: Nguyễn Văn Ánh",
        "Cơ quan: Sở Nội vụ",
        "Thời gian ký: 22.11.2026 10:04:05 +07:00",
    ):
        assert line in text


def test_a_real_certificate_has_no_test_mark(tmp_path):
    text = StampText(name="Nguyễn Văn Ánh", organisation="", at=NOW, is_test=False)
    told = pdf_text(draw_stamp(text, 130, 74), tmp_path)
    assert "THỬ NGHIỆM" not in told
    assert "Cơ quan" not in told


@pytest.mark.parametrize("size", [(130, 74), (90, 90), (60, 30), (300, 120)])
def test_long_names_stay_inside_the_rectangle(tmp_path, size):
    text = StampText(
        name="Công Tằng Tôn Nữ Thị Huyền Trang Thanh Nguyên",
        organisation="Ban Quản lý Khu kinh tế và các khu công nghiệp tỉnh Đồng Tháp",
        at=NOW,
        is_test=True,
    )
    (tmp_path / "stamp.pdf").write_bytes(draw_stamp(text, *size, image=handwriting()))
    boxes = run("pdftotext", "-bbox", tmp_path / "stamp.pdf", "-").stdout.decode()
    found = [
        dict(part.split("=") for part in line.split(">")[0].split()[1:])
        for line in boxes.splitlines()
        if "<word" in line
    ]
    assert len(found) >= 20
    for word in found:
        edges = {key: float(value.strip('"')) for key, value in word.items()}
        assert edges["xMin"] >= 0
        assert edges["xMax"] <= size[0]


def test_the_handwriting_is_drawn_with_its_transparency():
    with pikepdf.open(io.BytesIO(sign(plain_pdf(), image=handwriting()))) as pdf:
        form = next(iter(pdf.Root.AcroForm.Fields[0].AP.N.Resources.XObject.values()))
        transparent = ["/SMask" in picture for picture in form.Resources.XObject.values()]
    assert transparent.count(True) == 1


@pytest.mark.parametrize("data", [b"", b"GIF89a", handwriting()[:100], b"x" * (6 * 1024 * 1024)])
def test_a_useless_picture_is_told(data):
    with pytest.raises(StampImageError, match="không phải tệp PNG dùng được"):
        sign(plain_pdf(), image=data)


def test_the_same_stamp_has_the_same_bytes():
    text = StampText(name="Ánh", organisation="Sở", at=NOW, is_test=True)
    assert draw_stamp(text, 130, 74) == draw_stamp(text, 130, 74)


def test_an_expired_certificate_signs_nothing():
    with pytest.raises(CertificateExpiredError, match="đã hết hạn ngày 24/12/2027"):
        sign(plain_pdf(), at=NOW + timedelta(days=400))


@pytest.mark.parametrize("data", [b"", b"hello", plain_pdf()[:-200], b"%PDF-1.7\n"])
def test_a_broken_pdf_is_told(data):
    with pytest.raises(UnsignablePdfError, match="Không ký được tệp PDF này"):
        sign(data)


def test_an_encrypted_pdf_is_told():
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf(manifest=False))) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(UnsignablePdfError):
        sign(buffer.getvalue())


def test_a_page_that_is_not_there_is_told():
    with pytest.raises(UnsignablePdfError):
        sign(plain_pdf(), page_index=7)


def test_an_error_of_the_key_becomes_ours():
    class LostToken:
        def __getattr__(self, name):
            raise OSError("token removed")

    with pytest.raises(SigningError):
        sign(plain_pdf(), signer=replace(signer(), engine=LostToken()))


def test_missing_fonts_are_told_as_such(monkeypatch):
    def missing():
        raise FontsMissingError(["Tinos"])

    monkeypatch.setattr("reports.signing.stamp.load_fonts", missing)
    with pytest.raises(FontsMissingError):
        sign(plain_pdf())


def test_a_second_signature_goes_into_its_own_field_only():
    twice = sign(sealable_pdf(), field_name="Dau1", name="Văn thư")
    assert twice.startswith(sealable_pdf())
    first, second = PdfFileReader(io.BytesIO(twice)).embedded_signatures
    assert [first.field_name, second.field_name] == ["ChuKy1", "Dau1"]
    assert [float(number) for number in second.sig_field["/Rect"]] == list(SEAL_RECT)
    with pytest.raises(NoSuchFieldError, match="không có ô ký trống “Moi”"):
        sign(sealable_pdf(), field_name="Moi")
    with pytest.raises(NoSuchFieldError):
        sign(sealable_pdf(), field_name="ChuKy1")


def test_a_field_is_not_made_twice():
    once = add_signature_fields(plain_pdf(), [SignatureField("Dau1", 0, SEAL_RECT)])
    with pytest.raises(UnsignablePdfError):
        add_signature_fields(once, [SignatureField("Dau1", 0, RECT)])


def test_signing_works_where_an_event_loop_runs():
    async def inside():
        return sign(plain_pdf())

    assert asyncio.run(inside()).startswith(plain_pdf())


def test_a_held_key_signs_again_without_its_file(tmp_path):
    copy = tmp_path / "k.p12"
    copy.write_bytes(key_file()[0].read_bytes())
    held = load_signer(copy, "mật khẩu thử", now=NOW)
    copy.unlink()
    first, second = sign(plain_pdf(), signer=held), sign(plain_pdf(), signer=held)
    assert len(first) == len(second)
