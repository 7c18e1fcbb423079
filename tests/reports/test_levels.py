"""Levels B-B, B-T, B-LT and B-LTA over the years, with real services over HTTP."""

import io
import urllib.request
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from reports.signing.archive import archive, holders, newest_stamp, withdrawn_since
from reports.signing.blocking import run_to_end
from reports.signing.sign import SignatureField, add_signature_fields
from reports.signing.signing_errors import AnswersMissingError, NothingToArchiveError, TimeStampError
from reports.signing.timestamps import TimeStampService
from reports.verifying.verify import judge, report_on, roots_as_der
from tests.reports.pki import WITHDRAWN_AT, pki
from tests.reports.signing_kit import NOW, RECT, SEAL_RECT, plain_pdf, sign

FIELDS = [SignatureField("ChuKy1", 0, RECT), SignatureField("Dau1", 0, SEAL_RECT)]


def year(number):
    return datetime(number, 6, 1, tzinfo=UTC)


def ask(url, body, kind):
    request = urllib.request.Request(url, data=body, headers={"Content-Type": kind} if body else {})
    return urllib.request.urlopen(request, timeout=10).read()


def service(name="first"):
    return TimeStampService(lambda body: ask(pki().tsa(name), body, "application/timestamp-query"))


def fetch(url, body):
    return ask(url, body, "application/ocsp-request")


def nothing(_url, _body):
    raise OSError


@cache
def signed(*, stamped: bool, leader: str = "leader") -> bytes:
    """Leader's signature and seal, at NOW."""
    pki().reset()
    given = {"service": service()} if stamped else {}
    data = sign(add_signature_fields(plain_pdf(), FIELDS), signer=pki().signer(leader), **given)
    return sign(data, signer=pki().signer("seal"), field_name="Dau1", seal=True, **given)


@cache
def archived(*, stamped: bool) -> bytes:
    data = signed(stamped=stamped)
    pki().reset()
    return archive(data, roots=pki().roots, at=NOW, service=service(), fetch=fetch)


@cache
def renewed() -> bytes:
    data = archived(stamped=True)
    pki().reset(year(2031))
    return archive(data, roots=pki().roots, at=year(2031), service=service("second"), fetch=fetch)


def judged(data, at=NOW):
    """As ``verify_pdf``, without the bounded child, whose start would cost most of the time here."""
    return report_on(judge(data, roots_as_der(pki().roots), at), "")


def told(data, at=NOW):
    report = judged(data, at)
    return (report.valid, report.trusted, report.unchanged, report.level)


def altered(data, change):
    """An update of an attacker, appended."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# ---------------------------------------------------------------- levels


@pytest.mark.parametrize(
    ("make", "level"),
    [
        (lambda: signed(stamped=False), "B-B"),
        (lambda: signed(stamped=True), "B-T"),
        (lambda: archived(stamped=False), "B-LTA"),
        (lambda: archived(stamped=True), "B-LTA"),
        (lambda: renewed(), "B-LTA"),  # noqa: PLW0108 (made when it is needed)
    ],
    ids=["B-B", "B-T", "archived without own stamps", "archived", "renewed"],
)
def test_every_level_is_told(make, level):
    at = NOW if level != "B-LTA" else year(2031)
    assert told(make(), at) == (True, True, True, level)


def test_the_archive_adds_and_never_rewrites():
    assert renewed().startswith(archived(stamped=True))
    assert archived(stamped=True).startswith(signed(stamped=True))


@pytest.mark.parametrize("stamped", [False, True])
def test_b_t_and_b_b_are_indeterminate_after_the_certificates_end(stamped):
    report = judged(signed(stamped=stamped), year(2030))
    assert (report.valid, report.trusted, report.unchanged) == (True, False, True)
    assert "không xác định được" in report.reasons[0]
    assert ("dấu thời gian chứng tỏ chữ ký có từ 22/11/2026" in report.reasons[0]) is stamped
    assert report.level == ("B-T" if stamped else "B-B")


def test_b_lta_holds_in_2045_when_it_was_renewed():
    report = judged(renewed(), year(2045))
    assert (report.valid, report.trusted, report.unchanged, report.level) == (True, True, True, "B-LTA")
    assert [one.proven_at for one in report.signers] == [NOW, NOW]
    assert [one.indication for one in report.signers] == [None, None]


def test_b_lta_without_renewal_is_indeterminate_after_the_time_stamps_end():
    report = judged(archived(stamped=True), year(2045))
    assert (report.valid, report.trusted, report.unchanged) == (True, False, True)
    assert any("mà chưa được gia hạn bằng dấu thời gian mới" in reason for reason in report.reasons)


def test_a_time_stamp_without_answers_makes_b_t():
    pki().reset()
    data = archive(signed(stamped=False), roots=pki().roots, at=NOW, service=service(), fetch=nothing)
    assert told(data) == (True, True, True, "B-T")
    assert told(data, year(2030)) == (True, False, True, "B-T")


def test_answers_without_a_time_stamp_over_them_make_b_lt():
    pki().reset()
    data = only_answers(signed(stamped=True))
    assert told(data) == (True, True, True, "B-LT")
    assert told(data, year(2028)) == (True, True, True, "B-LT")
    # Nothing proves any more that the answers are from before the certificate's end.
    assert told(data, year(2030)) == (True, False, True, "B-T")


def only_answers(data):
    """The archive's update without its time stamp: what another tool calls B-LT."""
    from reports.signing.archive import _Chains, _store_answers  # noqa: PLC0415

    def store(writer):
        _store_answers(writer, writer.prev.embedded_signatures, _Chains(pki().roots, writer.prev, NOW), fetch)

    return altered(data, store)


# ---------------------------------------------------------------- withdrawn certificates


def test_a_withdrawn_certificate_is_noticed_by_stored_answers():
    data = signed(stamped=False, leader="withdrawn")
    pki().reset(year(2027))
    late = archive(data, roots=pki().roots, at=year(2027), service=service(), fetch=fetch)
    report = judged(late, year(2027))
    assert (report.valid, report.trusted, report.unchanged) == (True, False, True)
    assert report.signers[0].indication == "REVOKED_NO_POE"
    assert "đã bị thu hồi, và không có gì chứng tỏ chữ ký có trước đó" in report.reasons[0]
    # Years later the answer is stale, and still says it.
    assert judged(late, year(2028)).signers[0].indication == "REVOKED_NO_POE"
    assert judged(late, year(2030)).signers[0].indication == "REVOKED_NO_POE"


def test_a_certificate_withdrawn_after_the_time_stamp_costs_nothing():
    early = signed(stamped=True, leader="withdrawn")
    pki().reset()
    data = archive(early, roots=pki().roots, at=NOW, service=service(), fetch=fetch)
    pki().reset(year(2027))
    assert year(2027) > WITHDRAWN_AT
    late = archive(data, roots=pki().roots, at=year(2027), service=service(), fetch=fetch)
    report = judged(late, year(2028))
    assert (report.trusted, report.level) == (True, "B-LTA")
    assert any("về sau đã bị thu hồi" in reason for reason in report.reasons)


# ---------------------------------------------------------------- what may come after the last signature


def content_of_page_1(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    contents = page["/Contents"]
    stream = contents[0] if isinstance(contents, generic.ArrayObject) else contents
    stream._data = stream.data + b"\n0 0 m 100 100 l S\n"
    stream._encoded_data = None
    writer.update_container(stream)


def first_answer(writer):
    stream = writer.root["/DSS"]["/OCSPs"][0]
    stream._data = stream.data[:-1] + b"\0"
    stream._encoded_data = None
    writer.update_container(stream)


def another_store(writer):
    certificate = writer.root["/DSS"].raw_get("/Certs").raw_get(0)
    writer.root["/DSS"] = writer.add_object(
        generic.DictionaryObject({pdf_name("/Certs"): generic.ArrayObject([certificate])})
    )
    writer.update_root()


def dropped_answers(writer):
    """pyHanko and PAdES allow it; it could hide that a key was withdrawn."""
    del writer.root["/DSS"]["/OCSPs"]
    writer.update_container(writer.root["/DSS"])


def foreign_entry(writer):
    writer.root["/DSS"]["/Loi"] = generic.TextStringObject("xin chào")
    writer.update_container(writer.root["/DSS"])


ATTACKS = [first_answer, another_store, dropped_answers, foreign_entry, content_of_page_1]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_update_after_the_archives_time_stamp_is_refused(attack):
    report = judged(altered(archived(stamped=True), attack))
    assert not (report.valid and report.unchanged)
    assert report.reasons


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_update_under_another_time_stamp_is_refused(attack):
    """Anybody may get a time stamp: it vouches for nothing but the time."""
    writer = IncrementalPdfFileWriter(io.BytesIO(archived(stamped=True)))
    attack(writer)
    pki().reset()
    data = run_to_end(PdfTimeStamper(service(), field_name="Them").async_timestamp_pdf(writer, "sha256")).getvalue()
    report = judged(data)
    assert not report.unchanged
    assert report.reasons


def test_answers_and_a_page_in_one_update_are_refused():
    pki().reset()
    data = altered(signed(stamped=True), lambda writer: (store_one(writer), content_of_page_1(writer)))
    report = judged(data)
    assert not report.unchanged
    assert any("Trang 1: nội dung đã bị thay đổi" in reason for reason in report.reasons)


def store_one(writer):
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=[PdfFileReader(io.BytesIO(signed(stamped=True))).embedded_signatures[0].signer_cert]
    )


def test_answers_alone_after_the_last_signature_are_allowed():
    assert told(altered(signed(stamped=True), store_one)) == (True, True, True, "B-T")


@pytest.mark.parametrize("junk", [b"\n%x", b"1 0 obj\nnull\nendobj\n", bytes(3)])
def test_nothing_may_follow_the_answers(junk):
    assert not judged(altered(signed(stamped=True), store_one) + junk).unchanged


def test_a_visible_time_stamp_over_the_text_is_refused():
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field  # noqa: PLC0415

    pki().reset()
    writer = IncrementalPdfFileWriter(io.BytesIO(signed(stamped=True)))
    append_signature_field(writer, SigFieldSpec("Che", on_page=0, box=(100, 600, 400, 700)))
    data = run_to_end(PdfTimeStamper(service(), field_name="Khac").async_timestamp_pdf(writer, "sha256")).getvalue()
    assert not judged(data).unchanged


def test_no_flipped_bit_of_an_archived_file_passes():
    data = archived(stamped=True)
    start = len(signed(stamped=True))
    for at in range(start, len(data), (len(data) - start) // 7):
        flipped = data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]
        assert judged(flipped).exit_code != 0, at


def test_a_time_stamp_of_a_signature_that_was_altered_makes_it_invalid():
    """What lies in the container is not covered by the signature; a broken token is no honest one."""
    data = signed(stamped=True)
    signature = PdfFileReader(io.BytesIO(data)).embedded_signatures[-1]
    token = signature.signer_info["unsigned_attrs"][0]["values"][0]["content"]["signer_infos"][0]["signature"].native
    at = data.lower().index(token.hex().encode())
    broken = judged(data[:at] + (b"1" if data[at : at + 1] == b"0" else b"0") + data[at + 1 :])
    assert not broken.valid


# ---------------------------------------------------------------- the archive's own questions


def test_the_newest_stamp_and_the_first_end_are_told():
    assert newest_stamp(signed(stamped=True)) is None
    newest = newest_stamp(renewed())
    assert (newest.made_at, newest.holds_until) == (year(2031), datetime(2050, 1, 1, tzinfo=UTC))
    assert [(one.name, one.ends) for one in holders(renewed())] == [
        ("leader KT", datetime(2029, 1, 1, tzinfo=UTC)),
        ("seal KT", datetime(2029, 1, 1, tzinfo=UTC)),
    ]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", plain_pdf()])
def test_what_has_no_signature_is_not_archived(data):
    with pytest.raises(NothingToArchiveError):
        archive(data, roots=pki().roots, at=NOW, service=service(), fetch=nothing)


def test_a_withdrawn_key_is_found_by_asking_now():
    data = signed(stamped=True, leader="withdrawn")
    first, second = holders(data)
    for at, since in ((NOW, None), (year(2027), WITHDRAWN_AT)):
        pki().reset(at)
        assert withdrawn_since(data, first, roots=pki().roots, at=at, fetch=fetch) == since
        assert withdrawn_since(data, second, roots=pki().roots, at=at, fetch=fetch) is None


def test_an_archive_that_must_be_complete_is_left_alone_otherwise():
    pki().reset()
    with pytest.raises(AnswersMissingError):
        archive(signed(stamped=False), roots=pki().roots, at=NOW, service=service(), fetch=nothing, complete=True)
    whole = archive(signed(stamped=False), roots=pki().roots, at=NOW, service=service(), fetch=fetch, complete=True)
    assert told(whole)[3] == "B-LTA"


def test_a_failed_time_stamp_leaves_the_archive_undone():
    def refuse(_body):
        raise TimeoutError

    with pytest.raises(TimeStampError, match="không trả lời"):
        archive(signed(stamped=False), roots=pki().roots, at=NOW, service=TimeStampService(refuse), fetch=nothing)


def test_a_clock_that_runs_ahead_is_no_proof():
    """A stamp of the future proves nothing now."""
    paper = signed(stamped=False)  # where it is made here, that turns the clock back
    pki().reset(NOW + timedelta(days=30))
    data = archive(paper, roots=pki().roots, at=NOW, service=service(), fetch=nothing)
    assert told(data)[3] == "B-B"


@pytest.mark.parametrize("whose", ["between", "root"])
@pytest.mark.parametrize("part", ["subject", "issuer", "validity", "extensions", "signature", "unused bits"])
def test_the_certificates_above_the_signers_are_held_to_their_root(whose: str, part: str):
    """Of the last signature: an altered one would else only cost the trust in it."""
    data = signed(stamped=False)
    last = PdfFileReader(io.BytesIO(data)).embedded_signatures[-1]
    found = (one.chosen for one in last.signed_data["certificates"])
    certificate = next(one for one in found if f"{whose} KT" in str(one.subject.native))
    der, tbs = certificate.dump(), certificate["tbs_certificate"]
    proof = certificate["signature_value"].contents
    pieces = {"signature": proof, "unused bits": proof}
    piece = pieces[part] if part in pieces else tbs[part].dump()
    at = der.rindex(piece) + (0 if part == "unused bits" else len(piece) - 3)
    byte = data.rindex(der.hex().upper().encode()) + 2 * at + 1
    forged = data[:byte] + (b"2" if data[byte : byte + 1] != b"2" else b"3") + data[byte + 1 :]
    assert told(data)[0] is True
    assert told(forged)[0] is False
