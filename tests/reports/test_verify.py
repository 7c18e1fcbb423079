import asyncio
import io
import json
import random
import time
from datetime import timedelta
from functools import cache

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper

from reports.signing.keys import TEST_MARK, VIETNAM, load_signer, make_test_key
from reports.signing.sign import SignatureField, add_signature_fields
from reports.signing.signing_errors import TrustRootError
from reports.verifying import verify
from reports.verifying.container import container_is_sound
from reports.verifying.verify import load_trust_roots, verify_pdf
from tests.reports.signing_kit import MANIFEST, NOW, key_file, plain_pdf, roots, sealable_pdf, sign, signed_pdf, signer

TEST_NOTE = "Đây là chữ ký thử nghiệm, không có giá trị pháp lý."


def judge(data, **changes):
    return verify_pdf(data, **({"roots": roots(), "at": NOW} | changes))


def update(data, change):
    """Append a true incremental update, as an attacker with a PDF library would."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(data)
    return out.getvalue()


def rewrite(data, change):
    """Write the file anew, as an editor does on “save”."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def page_of(writer, number=0):
    return writer.root["/Pages"]["/Kids"][number].get_object()


def overlay(writer):
    page = page_of(writer)
    drawn = writer.add_object(generic.StreamObject(stream_data=b"1 0 0 rg 300 300 200 40 re f"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), drawn])
    writer.update_container(page)


def annotation(writer):
    page = page_of(writer, 1)
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (85, 690, 300, 720))),
            pdf_name("/Contents"): pdf_string("31/31"),
        }
    )
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def added_page(writer):
    pages = writer.root["/Pages"]
    copy = generic.DictionaryObject({key: page_of(writer).raw_get(key) for key in page_of(writer)})
    pages["/Kids"].append(writer.add_object(copy))
    pages[pdf_name("/Count")] = generic.NumberObject(3)
    writer.update_container(pages)


def removed_page(writer):
    pages = writer.root["/Pages"]
    pages["/Kids"].pop()
    pages[pdf_name("/Count")] = generic.NumberObject(1)
    writer.update_container(pages)


def replaced_attachment(writer):
    files = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    forged = generic.StreamObject(stream_data=b'{"document": "d-2"}')
    files[1]["/EF"][pdf_name("/F")] = writer.add_object(forged)
    writer.update_container(files[1]["/EF"])


def open_action(writer):
    script = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(script)
    writer.update_root()


def moved_stamp(writer):
    widget = writer.root["/AcroForm"]["/Fields"][0]
    widget[pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
    writer.update_container(widget)


def renamed(writer):
    writer.trailer["/Info"][pdf_name("/Title")] = pdf_string("Thông báo khác")
    writer.update_container(writer.trailer["/Info"])


def retitled(writer):
    packet = writer.root["/Metadata"].data.replace("Thông báo".encode(), "Công văn".encode())
    writer.root[pdf_name("/Metadata")] = writer.add_object(
        generic.StreamObject({pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")}, packet)
    )
    writer.update_root()


NAMED_ATTACKS = {
    retitled: "Thông tin mô tả tệp (tên văn bản, tác giả) đã bị thay đổi sau khi ký.",
    overlay: "Trang 1: nội dung đã bị thay đổi sau khi ký.",
    annotation: "Trang 2: chú thích đã bị thay đổi sau khi ký.",
    added_page: "Số trang đã đổi từ 2 thành 3 sau khi ký.",
    removed_page: "Số trang đã đổi từ 2 thành 1 sau khi ký.",
    replaced_attachment: "Tệp đính kèm đã bị thay đổi sau khi ký.",
    open_action: "Cấu trúc chung của tệp (hành động, mục lục, lớp hiển thị) đã bị thay đổi sau khi ký.",
    renamed: "Thông tin mô tả tệp (tên văn bản, tác giả) đã bị thay đổi sau khi ký.",
}


@cache
def other_signer():
    path = key_file()[0].parent / "khac.p12"
    make_test_key(path, "khác", now=NOW)
    return load_signer(path, "khác", now=NOW)


def sign_outside(data, *, field, change=None, box=None):
    """Sign with the library's own means, changing something in the same update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    if change is not None:
        change(writer)
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    spec = SigFieldSpec(field, box=box) if box else None
    outside = PdfSigner(metadata, other_signer().engine, new_field_spec=spec)
    return asyncio.run(outside.async_sign_pdf(writer)).getvalue()


# ---------------------------------------------------------------- the good file


def test_a_signed_file_passes():
    report = judge(signed_pdf())
    assert (report.valid, report.trusted, report.unchanged, report.level) == (True, True, True, "B-B")
    assert report.exit_code == 0
    assert report.reasons == (TEST_NOTE,)
    assert report.matches_journal is None


def test_the_signer_is_told_in_full():
    (told,) = judge(signed_pdf()).signers
    assert told.name == TEST_MARK
    assert told.organisation == f"{TEST_MARK} - không có giá trị pháp lý"
    assert told.issuer == f"{TEST_MARK} - Gốc"
    assert int(told.serial, 16) == signer().certificate.serial_number
    assert told.signing_time == NOW
    assert told.signing_time.utcoffset() == VIETNAM.utcoffset(None)
    assert told.is_test
    assert told.covers_whole_file
    assert told.field_name == "ChuKy1"


def test_the_report_is_json():
    told = json.loads(json.dumps(judge(signed_pdf()).to_json()))
    promised = {"valid", "trusted", "unchanged", "level", "signers", "matches_journal", "reasons"}
    assert promised <= told.keys()
    assert told["signers"][0]["signing_time"] == "2026-11-22T10:04:05+07:00"


def test_verification_works_where_an_event_loop_runs():
    async def inside():
        return judge(signed_pdf())

    assert asyncio.run(inside()).exit_code == 0


# ---------------------------------------------------------------- trust and time


def test_an_unknown_root_costs_trust_only():
    report = judge(signed_pdf(), roots=())
    assert (report.valid, report.trusted, report.unchanged, report.exit_code) == (True, False, True, 0)
    assert report.signers[0].indication == "NO_CERTIFICATE_CHAIN_FOUND"
    assert "không dẫn tới chứng thư gốc nào đã được tin cậy" in report.reasons[0]


@pytest.mark.parametrize("years", [2, 19])
def test_after_the_certificates_end_only_the_cryptography_stands(years):
    report = judge(signed_pdf(), at=NOW + timedelta(days=365 * years))
    assert (report.valid, report.trusted, report.unchanged, report.exit_code) == (True, False, True, 0)
    assert report.signers[0].indication == "OUT_OF_BOUNDS_NO_POE"
    assert "(hiệu lực 22/11/2026–24/12/2027) đã hết hạn và chữ ký không có dấu thời gian" in report.reasons[0]


def test_a_clock_before_the_certificate_is_told():
    report = judge(signed_pdf(), at=NOW - timedelta(days=3))
    assert (report.valid, report.trusted) == (True, False)
    assert "chưa đến ngày có hiệu lực" in report.reasons[0]
    assert "muộn hơn đồng hồ của máy kiểm tra" in report.reasons[2]


def test_a_time_of_signing_outside_the_certificate_is_not_trusted(monkeypatch):
    monkeypatch.setattr("reports.signing.keys._check_time", lambda *_: None)
    report = judge(sign(plain_pdf(), at=NOW + timedelta(days=500)), at=NOW + timedelta(days=100))
    assert (report.valid, report.trusted, report.unchanged) == (True, False, True)
    assert "không có hiệu lực vào thời điểm ghi trong chữ ký" in report.reasons[0]


def test_roots_may_be_files(tmp_path):
    assert judge(signed_pdf(), roots=[key_file()[1]]).trusted
    (tmp_path / "goc.pem").write_text("none")
    for path in (tmp_path / "goc.pem", tmp_path / "khong-co.pem"):
        with pytest.raises(TrustRootError, match="Không đọc được chứng thư gốc"):
            load_trust_roots([path])
        with pytest.raises(TrustRootError):
            judge(signed_pdf(), roots=[path])


# ---------------------------------------------------------------- files that are none


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Đây không phải tệp PDF; hãy chọn tệp PDF đã ký."),
        (b"PK\x03\x04 a Word file", "Đây không phải tệp PDF; hãy chọn tệp PDF đã ký."),
        (b"%PDF-1.7\n", "Tệp PDF bị hỏng hoặc thiếu phần cuối nên không kiểm tra được; hãy tải lại tệp gốc."),
        (signed_pdf()[:-300], "Tệp PDF bị hỏng hoặc thiếu phần cuối nên không kiểm tra được; hãy tải lại tệp gốc."),
    ],
)
def test_what_cannot_be_judged_says_why(data, sentence):
    report = judge(data)
    assert (report.exit_code, report.judged, report.valid, report.unchanged) == (2, False, False, False)
    assert report.reasons == (sentence,)


def test_an_encrypted_file_is_not_judged():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf(manifest=False))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user=""))
    report = judge(out.getvalue())
    assert report.exit_code == 2
    assert "bị đặt mật khẩu" in report.reasons[0]


def test_too_large_a_file_is_not_judged(monkeypatch):
    monkeypatch.setattr(verify, "MAX_FILE_BYTES", 1000)
    assert judge(signed_pdf()).exit_code == 2


def test_too_many_revisions_are_not_judged(monkeypatch):
    monkeypatch.setattr(verify, "_MAX_REVISIONS", 1)
    # In this process: the bounded child has the constant as it stands in the module.
    assert "quá nhiều đối tượng hoặc lần cập nhật" in verify.judge(signed_pdf(), [], NOW).refusal


def test_an_unsigned_file_is_not_valid():
    report = judge(plain_pdf())
    assert (report.exit_code, report.judged, report.valid, report.trusted) == (1, True, False, False)
    assert report.reasons == ("Tệp PDF chưa có chữ ký số nào; hãy kiểm tra lại có đúng tệp đã phát hành không.",)


# ---------------------------------------------------------------- tampering


def test_no_flipped_bit_in_the_signatures_container_passes():
    chance = random.Random(4)
    data = signed_pdf()
    signature = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
    start, end = int(signature.byte_range[1]), int(signature.byte_range[1]) + 4400
    for _ in range(60):
        position = chance.randrange(start * 8, end * 8)
        changed = bytearray(data)
        changed[position // 8] ^= 1 << position % 8
        assert judge(bytes(changed)).exit_code != 0, position


def test_a_changed_byte_of_the_text_is_told():
    at = signed_pdf().index(b"/MediaBox [") + 15
    changed = signed_pdf()[:at] + bytes([signed_pdf()[at] ^ 1]) + signed_pdf()[at + 1 :]
    report = judge(changed)
    assert (report.valid, report.unchanged, report.exit_code) == (False, False, 1)
    assert report.reasons[0] == f"Nội dung tệp không còn khớp với chữ ký của “{TEST_MARK}”: tệp đã bị sửa sau khi ký."


@pytest.mark.parametrize("junk", [b"\n", b"%%EOF\n", b"junk" * 500, bytes(10)])
def test_trailing_junk_is_refused(junk):
    report = judge(signed_pdf() + junk)
    assert (report.unchanged, report.exit_code) == (False, 1)
    assert "Sau chữ ký cuối cùng, tệp còn bị thêm dữ liệu mà không chữ ký nào bảo vệ." in report.reasons


@pytest.mark.parametrize("attack", NAMED_ATTACKS, ids=lambda attack: attack.__name__)
def test_an_update_after_the_signature_is_refused_and_named(attack):
    report = judge(update(signed_pdf(), attack))
    assert (report.valid, report.unchanged, report.exit_code) == (True, False, 1)
    assert NAMED_ATTACKS[attack] in report.reasons


@pytest.mark.parametrize("attack", NAMED_ATTACKS, ids=lambda attack: attack.__name__)
def test_a_change_in_the_same_update_as_a_signature_is_refused_and_named(attack):
    report = judge(sign_outside(sealable_pdf(), field="Dau1", change=attack))
    assert (report.unchanged, report.exit_code) == (False, 1)
    assert NAMED_ATTACKS[attack] in report.reasons


def test_a_moved_stamp_is_refused():
    assert not judge(update(signed_pdf(), moved_stamp)).unchanged
    assert not judge(sign_outside(sealable_pdf(), field="Dau1", change=moved_stamp)).unchanged


def test_a_new_visible_signature_over_the_text_is_refused():
    report = judge(sign_outside(signed_pdf(), field="Lua", box=(50, 50, 500, 700)))
    assert (report.valid, report.unchanged, report.exit_code) == (True, False, 1)
    assert f"Sau chữ ký của “{TEST_MARK}”, tệp đã bị thay đổi ngoài phần được phép" in report.reasons[0]


def watermark(pdf):
    pdf.pages[0].contents_add(b"1 0 0 rg 300 300 200 40 re f")


def forged_manifest(pdf):
    pdf.attachments["manifest.json"].obj.EF.F.write(b'{"document": "d-2"}')


@pytest.mark.parametrize(
    "change", [lambda pdf: None, watermark, forged_manifest, lambda pdf: pdf.pages.append(pdf.pages[0])]
)
def test_a_rewritten_file_is_refused(change):
    report = judge(rewrite(signed_pdf(), change))
    assert (report.valid, report.unchanged) == (False, False)
    assert report.exit_code == 1


def test_a_signature_moved_to_another_file_is_refused():
    other = sign(plain_pdf(manifest=False))
    ours, theirs = (PdfFileReader(io.BytesIO(data)).embedded_signatures[0] for data in (signed_pdf(), other))
    first = int(theirs.byte_range[1])
    forged = other[: first + 1] + ours.pkcs7_content.hex().encode() + other[int(theirs.byte_range[2]) - 1 :]
    assert len(forged) == len(other)
    report = judge(forged)
    assert (report.valid, report.unchanged) == (False, False)


def test_an_unknown_kind_of_signature_is_not_passed_over():
    data = signed_pdf().replace(b"/ETSI.CAdES.detached", b"/ETSI.CAdES.detacheX")
    report = judge(data)
    assert (report.valid, report.exit_code) == (False, 1)
    assert report.reasons == ("Không đọc được một chữ ký trong tệp: tệp đã bị sửa hoặc hỏng.",)


def test_only_one_form_of_the_container_is_taken():
    data = signed_pdf()
    signature = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
    span = [int(number) for number in signature.byte_range]
    assert container_is_sound(data, span, signature.pkcs7_content)
    gap = data[span[1] : span[2]]
    for altered in (gap.replace(b"A", b"a", 1), gap[:-2] + b"1>", gap[:-3] + b" 0>", gap.replace(b"<", b"(", 1)):
        assert not container_is_sound(data[: span[1]] + altered + data[span[2] :], span, signature.pkcs7_content)
    for wrong in ([0, 5], [1, *span[1:]], [*span[:3], span[3] + 1], [0, span[2], span[1], 1]):
        assert not container_is_sound(data, wrong, signature.pkcs7_content)


def test_what_no_hash_protects_must_be_exact():
    signature = PdfFileReader(io.BytesIO(signed_pdf())).embedded_signatures[0]
    raw = signature.pkcs7_content
    root = "Gốc".encode()
    named_by_signer = raw.index(root, raw.index(root) + 1)  # first comes the certificate's own
    for position, value in {3: raw[3] + 1, 25: 3, named_by_signer: ord("g")}.items():
        assert raw[position] != value
        altered = raw[:position] + bytes([value]) + raw[position + 1 :]
        assert not judge(signed_pdf().replace(raw.hex().upper().encode(), altered.hex().upper().encode())).valid


# ---------------------------------------------------------------- several signatures


def test_a_seal_in_its_own_field_is_allowed():
    twice = sign(sealable_pdf(), field_name="Dau1", signer=other_signer())
    report = judge(twice, roots=[*roots()])
    assert (report.valid, report.unchanged, report.exit_code) == (True, True, 0)
    assert [told.covers_whole_file for told in report.signers] == [False, True]
    # The second signer's root is not known here.
    assert [told.trusted for told in report.signers] == [True, False]
    assert not report.trusted


def test_another_tools_seal_is_allowed_too():
    report = judge(sign_outside(sealable_pdf(), field="Dau1"))
    assert (report.valid, report.unchanged, report.level) == (True, True, "B-B")


def test_filled_in_fields_are_allowed_and_named():
    def text_field(writer):
        page = page_of(writer)
        field = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): pdf_string("So"),
                pdf_name("/F"): generic.NumberObject(4),
                pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 750, 140, 770))),
            }
        )
        reference = writer.add_object(field)
        page["/Annots"].append(reference)
        writer.update_container(page)
        writer.root["/AcroForm"]["/Fields"].append(reference)
        writer.update_container(writer.root["/AcroForm"])

    def number(writer):
        field = writer.root["/AcroForm"]["/Fields"][1]
        field[pdf_name("/V")] = pdf_string("05")
        writer.update_container(field)

    ready = update(add_signature_fields(plain_pdf(), [SignatureField("Dau1", 0, (300, 190, 390, 280))]), text_field)
    report = judge(sign_outside(sign(ready), field="Dau1", change=number))
    assert (report.valid, report.unchanged) == (True, True), report.reasons
    assert report.signers[0].filled_fields == ("So",)
    # The same value without a signature over it is not.
    assert not judge(update(sign(ready), number)).unchanged


# ---------------------------------------------------------------- the journal


class Journal:
    def __init__(self, *differences):
        self.differences = list(differences)
        self.seen = None

    def compare(self, manifest):
        self.seen = manifest
        if manifest.get("document") is None:
            raise KeyError("document")
        return self.differences


def test_the_manifest_is_read_and_held_against_the_journal():
    journal = Journal()
    report = judge(signed_pdf(), journal=journal)
    assert report.matches_journal is True
    assert report.manifest == journal.seen == MANIFEST
    report = judge(signed_pdf(), journal=Journal("Nhật ký không có bản ghi 0193."))
    assert report.matches_journal is False
    assert report.reasons == (TEST_NOTE, "Nhật ký không có bản ghi 0193.")
    assert report.exit_code == 0


def test_a_file_without_manifest_does_not_match():
    report = judge(sign(plain_pdf(manifest=False)), journal=Journal())
    assert (report.manifest, report.matches_journal) == (None, False)
    assert "không có bản kê dữ liệu đính kèm" in report.reasons[1]


def test_a_manifest_that_the_journal_cannot_read_does_not_match():
    strange = rewrite(plain_pdf(), lambda pdf: pdf.attachments["manifest.json"].obj.EF.F.write(b"{}"))
    report = judge(sign(strange), journal=Journal())
    assert report.matches_journal is False
    assert "không đúng khuôn dạng" in report.reasons[1]


@pytest.mark.parametrize("data", [b"not json", b"[1]", b"[" * 100_000])
def test_a_broken_manifest_is_none(data):
    broken = rewrite(plain_pdf(), lambda pdf: pdf.attachments["manifest.json"].obj.EF.F.write(data))
    report = judge(sign(broken))
    assert (report.manifest, report.exit_code) == (None, 0)


def test_the_hash_of_an_issued_file_is_looked_up():
    report = judge(signed_pdf())
    assert judge(signed_pdf(), issued_sha256={report.sha256}).matches_journal is True
    stranger = judge(signed_pdf(), issued_sha256=frozenset())
    assert stranger.matches_journal is False
    assert "không phải là một trong các tệp mà hệ thống đã phát hành" in stranger.reasons[1]


# ---------------------------------------------------------------- time stamps of others


@cache
def time_stamper():
    """A time-stamp service of the tests' own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "TSA thử nghiệm")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(11)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=5000))
        .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    own = translate_pyca_cryptography_cert_to_asn1(certificate)
    stamper = DummyTimeStamper(own, translate_pyca_cryptography_key_to_asn1(key), fixed_dt=NOW)
    return stamper, certificate


def stamped_signature():
    metadata = PdfSignatureMetadata(field_name="ChuKy1", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    stamping = PdfSigner(metadata, signer().engine, timestamper=time_stamper()[0])
    return asyncio.run(stamping.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(plain_pdf())))).getvalue()


def test_a_time_stamp_from_a_known_service_makes_level_b_t():
    data = stamped_signature()
    report = judge(data, roots=[*roots(), time_stamper()[1]])
    assert (report.valid, report.trusted, report.unchanged, report.level) == (True, True, True, "B-T")
    assert report.signers[0].signing_time == NOW


def test_a_time_stamp_from_an_unknown_service_counts_for_nothing():
    report = judge(stamped_signature())
    assert (report.valid, report.unchanged, report.level) == (True, True, "B-B")
    assert f"Dấu thời gian kèm chữ ký của “{TEST_MARK}” không kiểm chứng được nên không được tính." in report.reasons


def test_a_document_time_stamp_after_the_signature_is_judged():
    writer = IncrementalPdfFileWriter(io.BytesIO(signed_pdf()))
    stamping = PdfTimeStamper(time_stamper()[0], field_name="DauThoiGian")
    data = asyncio.run(stamping.async_timestamp_pdf(writer, "sha256")).getvalue()
    report = judge(data, roots=[*roots(), time_stamper()[1]])
    assert (report.valid, report.trusted, report.unchanged, len(report.signers)) == (True, True, True, 1)
    unknown = judge(data)
    assert (unknown.valid, unknown.trusted, unknown.unchanged) == (True, False, True)
    assert "Dấu thời gian của tệp không do nơi được tin cậy trong cấu hình cấp." in unknown.reasons
    at = data.rindex(b"/DocTimeStamp") - 40
    broken = judge(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert broken.exit_code != 0


# ---------------------------------------------------------------- hostile files


def small_pdf(*objects, size=None):
    """A PDF of the given objects, the first being the catalog."""
    body, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    trailer = b"<</Size %d/Root 1 0 R>>" % (size or count)
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (
        *(count, table, trailer, len(body)),
    )


PAGES = b"<</Type/Pages/Kids[]/Count 0>>"
HOSTILE = {
    "pages that hold themselves": small_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
    "fields that hold themselves": small_pdf(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>", PAGES, b"<</T(a)/Kids[3 0 R]>>"
    ),
    "a name tree that holds itself": small_pdf(
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>", PAGES, b"<</Kids[3 0 R 3 0 R 3 0 R]>>"
    ),
    "a name tree of many ways": small_pdf(
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>",
        PAGES,
        *(b"<</Kids[%d 0 R %d 0 R]>>" % (number, number) for number in range(4, 64)),
        b"<</Names[(a.json) 2 0 R]>>",
    ),
    "a reference to itself": small_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"2 0 R"),
    "deep nesting": small_pdf(b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 50_000 + b"]" * 50_000 + b">>", PAGES),
    "a huge object table": small_pdf(b"<</Type/Catalog/Pages 2 0 R>>", PAGES, size=2_000_000_000),
    "a table that precedes itself": small_pdf(b"<</Type/Catalog/Pages 2 0 R>>", PAGES).replace(
        b"/Root 1 0 R", b"/Root 1 0 R/Prev 9"
    ),
    "a signature of nonsense": small_pdf(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>",
        PAGES,
        b"<</FT/Sig/T(a)/V<</Type/Sig/SubFilter/ETSI.CAdES.detached/Contents<00>/ByteRange[0 9 -5 1e9]>>>>",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_bounded_time(name):
    started = time.monotonic()
    report = judge(HOSTILE[name], journal=Journal())
    assert report.exit_code in {1, 2}
    assert not report.valid
    assert report.reasons
    assert time.monotonic() - started < 5


def maze(data):
    """Sixty dictionaries, each with two references to the next: an update that touches the last one."""

    def dig(writer):
        target = writer.add_object(generic.DictionaryObject())
        for _ in range(60):
            both = generic.DictionaryObject({pdf_name("/A"): target, pdf_name("/B"): target})
            target = writer.add_object(both)
        writer.root[pdf_name("/PieceInfo")] = target
        writer.update_root()

    return update(data, dig)


def test_a_maze_of_references_is_left_in_time(monkeypatch):
    monkeypatch.setattr(verify, "_MAX_SECONDS", 1.0)
    data = update(sign(maze(plain_pdf())), overlay)
    started = time.monotonic()
    report = judge(data)
    assert time.monotonic() - started < 5
    assert report.exit_code == 2
    assert "cấu trúc rối bất thường" in report.reasons[0]
