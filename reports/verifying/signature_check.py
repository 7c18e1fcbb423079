"""One signature or document time stamp of a PDF: what the library finds, put into our terms and sentences."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import (
    MultivaluedAttributeError,
    NonexistentAttributeError,
    find_unique_cms_attribute,
)
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel

from reports.signing.blocking import run_to_end
from reports.signing.keys import day_of, is_test_certificate, name_of, organisation_of
from reports.verifying.changes import allows_filling, answers_only_grew, changes_since, filled_since, locks_of
from reports.verifying.container import container_is_sound
from reports.verifying.longterm import SIGNING_USAGES, TIME_STAMP, WITHDRAWN, History, Proof
from reports.verifying.verdict import SignerReport

# How far a signer's clock may run ahead of ours before it is worth a word.
_CLOCK_TOLERANCE = timedelta(minutes=10)

_INDICATIONS = {
    "NO_CERTIFICATE_CHAIN_FOUND": "không dẫn tới chứng thư gốc nào đã được tin cậy trong cấu hình; "
    "nếu tin nơi cấp, hãy thêm chứng thư gốc của nơi đó",
    "NO_SIGNING_CERTIFICATE_FOUND": "không có trong tệp",
    "NOT_YET_VALID": "chưa đến ngày có hiệu lực",
    WITHDRAWN: "hoặc của nơi cấp đã bị thu hồi, và không có gì chứng tỏ chữ ký có trước đó",
    "CHAIN_CONSTRAINTS_FAILURE": "không được cấp để ký văn bản",
    "CRYPTO_CONSTRAINTS_FAILURE": "dùng thuật toán không còn an toàn",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "dùng thuật toán không còn an toàn",
}


@dataclass(frozen=True)
class Finding:
    """The verdict on one signature; ``signer`` is None for a document time stamp or an unreadable one."""

    valid: bool
    trusted: bool
    unchanged: bool
    covers_whole_file: bool
    reasons: tuple[str, ...]
    signer: SignerReport | None = None

    @classmethod
    def unreadable(cls, reason: str) -> Finding:
        """The verdict on what cannot be read."""
        return cls(valid=False, trusted=False, unchanged=False, covers_whole_file=False, reasons=(reason,))


def check_signature(data: bytes, signature: EmbeddedPdfSignature, history: History) -> Finding:
    """Judge one signature.

    Args:
        data: the whole file.
        signature: as the library found it in the file.
        history: the file's time stamps and stored answers, judged at the moment of checking.

    Raises:
        Exception: of any kind, where the signature cannot be understood.
    """
    sound = container_is_sound(data, signature.byte_range, signature.pkcs7_content, history.roots)
    if signature.sig_object_type == TIME_STAMP:
        return _check_timestamp(data, signature, history, sound=sound)
    status = run_to_end(
        async_validate_pdf_signature(
            signature, signer_validation_context=history.context, key_usage_settings=SIGNING_USAGES
        )
    )
    sound = sound and not _stamp_is_broken(status)
    return _Judged(data, signature, status, history, sound=sound).finding()


def _check_timestamp(data: bytes, signature: EmbeddedPdfSignature, history: History, *, sound: bool) -> Finding:
    status = run_to_end(async_validate_pdf_timestamp(signature, validation_context=history.context))
    valid = bool(status.valid and status.intact and sound)
    trusted = valid and history.trusts(signature)
    certificate = _certificate(status.signing_cert)
    reasons = []
    if not valid:
        reasons.append("Dấu thời gian của tệp không khớp với nội dung: tệp đã bị sửa sau khi đóng dấu thời gian.")
    elif not trusted and history.at > certificate.not_valid_after_utc:
        reasons.append(
            f"Chứng thư của nơi cấp dấu thời gian “{name_of(certificate)}” đã hết hạn "
            f"({_period(certificate)}) mà chưa được gia hạn bằng dấu thời gian mới."
        )
    elif not trusted:
        reasons.append("Dấu thời gian của tệp không do nơi được tin cậy trong cấu hình cấp.")
    unchanged = valid and _only_allowed_changes(signature, status)
    if valid and not unchanged:
        reasons.append("Sau dấu thời gian, tệp đã bị thay đổi ngoài phần được phép.")
    return Finding(
        valid=valid,
        trusted=trusted,
        unchanged=unchanged,
        covers_whole_file=valid and _reaches_the_end(data, signature),
        reasons=tuple(reasons),
    )


class _Judged:
    """One signer's signature: what the library says of it now, and what the file's history proves."""

    def __init__(
        self, data: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus, history: History, *, sound: bool
    ) -> None:
        self.data, self.signature, self.status, self.history, self.sound = data, signature, status, history, sound
        self.certificate = _certificate(status.signing_cert)
        self.valid = bool(status.valid and status.intact and sound)
        self.proof = history.proof(signature, status) if self.valid else None
        self.withdrawn = self.valid and history.withdrawn(signature)
        self.signed_at = _signing_time(signature, status)

    def finding(self) -> Finding:
        signer = self._signer()
        reasons = [
            *_integrity_reasons(signer, self.status, sound=self.sound),
            *_trust_reasons(signer, self.certificate, self.history.at, out_of_time=self._out_of_time),
            *_notes(signer, self.status, self.history.at),
            *([_withdrawn_later(signer)] if self.withdrawn and signer.trusted else []),
        ]
        return Finding(
            valid=signer.valid,
            trusted=signer.trusted,
            unchanged=signer.unchanged,
            covers_whole_file=signer.covers_whole_file,
            reasons=tuple(reasons),
            signer=signer,
        )

    @property
    def _out_of_time(self) -> bool:
        """The time that the signature tells of itself lies outside its certificate's."""
        return self.signed_at is not None and not _holds_at(self.certificate, self.signed_at)

    @property
    def _trusted(self) -> bool:
        held = self.proof is not None and self.proof.held
        chain = (bool(self.status.trusted) and not self.withdrawn) or held
        return self.valid and chain and self.status.seed_value_ok and not self._out_of_time

    @property
    def _indication(self) -> str | None:
        if self.withdrawn:
            return WITHDRAWN
        indication = self.status.trust_problem_indic
        return indication.standard_name if indication else None

    def _signer(self) -> SignerReport:
        certificate = self.certificate
        return SignerReport(
            field_name=str(self.signature.field_name),
            name=name_of(certificate),
            organisation=organisation_of(certificate),
            issuer=_issuer(certificate),
            serial=f"{certificate.serial_number:x}",
            signing_time=self.signed_at,
            is_test=is_test_certificate(certificate),
            covers_whole_file=self.valid and _reaches_the_end(self.data, self.signature),
            valid=self.valid,
            trusted=self._trusted,
            unchanged=self.valid and _only_allowed_changes(self.signature, self.status),
            level=_level(self.signature, self.proof) if self.valid else None,
            indication=None if self._trusted else self._indication,
            filled_fields=_filled_fields(self.signature, self.status),
            proven_at=self.proof.at if self.proof else None,
        )


def _stamp_is_broken(status: PdfSignatureStatus) -> bool:
    """A time stamp that does not hold by itself was altered: nothing else in the file protects it."""
    stamp = status.timestamp_validity
    return stamp is not None and not (stamp.valid and stamp.intact)


def _reaches_the_end(data: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Of a sound container: it is the only gap, so the end alone is left to look at."""
    _start, _first, second, last = signature.byte_range
    return int(second) + int(last) == len(data)


def _only_allowed_changes(signature: EmbeddedPdfSignature, status: Any) -> bool:
    """Nothing after the signature, or nothing beyond further signatures and filled-in fields (P = 2).

    The library takes updates as a careful tool writes them. Where it does not understand one (poppler writes anew
    what it did not change), the revisions themselves are compared.
    """
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    difference = status.diff_result
    if isinstance(difference, DiffResult):
        # A document time stamp has no permissions of its own: None.
        allowed = difference.modification_level <= ModificationLevel.FORM_FILLING and status.docmdp_ok is not False
        # The library lets an update drop stored answers.
        return allowed and answers_only_grew(signature.reader, signature.signed_revision)
    return allows_filling(signature.reader) and not changes_since(
        signature.reader, signature.signed_revision, locks_of(signature.sig_object)
    )


def _filled_fields(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> tuple[str, ...]:
    """Fields other than signatures that got a value later."""
    difference = status.diff_result
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return ()
    if not isinstance(difference, DiffResult):
        return tuple(str(name) for name in filled_since(signature.reader, signature.signed_revision))
    signatures = {name for name, _value, _reference in enumerate_sig_fields(signature.reader)}
    return tuple(sorted(str(name) for name in difference.changed_form_fields - signatures))


def _level(signature: EmbeddedPdfSignature, proof: Proof | None) -> str | None:
    """The PAdES level that holds at the moment of checking; None for other forms."""
    if signature.sig_object.get("/SubFilter") != SigSeedSubFilter.PADES.value:
        return None
    try:
        find_unique_cms_attribute(signature.signer_info["signed_attrs"], "signing_certificate_v2")
    except (NonexistentAttributeError, MultivaluedAttributeError):
        return None
    if proof is None:
        return "B-B"
    if not proof.held:
        return "B-T"
    return "B-LTA" if proof.archived else "B-LT"


def _signing_time(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> datetime | None:
    stamp = status.timestamp_validity
    if stamp is not None and stamp.valid and stamp.intact and stamp.trusted:
        return stamp.timestamp
    moment = status.signer_reported_dt or signature.self_reported_timestamp
    # A time without its zone says nothing.
    return moment if moment is not None and moment.tzinfo is not None else None


def _integrity_reasons(signer: SignerReport, status: PdfSignatureStatus, *, sound: bool) -> list[str]:
    who = _who(signer)
    if not status.intact:
        return [f"Nội dung tệp không còn khớp với {who}: tệp đã bị sửa sau khi ký."]
    if not status.valid:
        return [f"Không kiểm chứng được {who} bằng chứng thư kèm theo: chữ ký đã bị sửa hoặc bị ghép."]
    if not sound:
        return [f"Phần dữ liệu chứa {who} không đúng chuẩn hoặc đã bị sửa."]
    if not signer.unchanged:
        return [f"Sau {who}, tệp đã bị thay đổi ngoài phần được phép (ký tiếp, điền ô để trống)."]
    return []


def _trust_reasons(
    signer: SignerReport, certificate: x509.Certificate, at: datetime, *, out_of_time: bool
) -> list[str]:
    if signer.trusted or not signer.valid:
        return []
    reasons = []
    if out_of_time:
        reasons.append(
            f"Chứng thư của “{signer.name}” không có hiệu lực vào thời điểm ghi trong chữ ký ({_period(certificate)})."
        )
    if signer.indication != WITHDRAWN and at > certificate.not_valid_after_utc:
        reasons.append(f"Chứng thư của “{signer.name}” ({_period(certificate)}) đã hết hạn{_not_proved(signer)}")
    elif at < certificate.not_valid_before_utc:
        reasons.append(f"Chứng thư của “{signer.name}” ({_period(certificate)}) chưa đến ngày có hiệu lực.")
    elif signer.indication is not None:
        why = _INDICATIONS.get(signer.indication, f"không kiểm tra được ({signer.indication})")
        reasons.append(f"Chứng thư của “{signer.name}” {why}.")
    return reasons or [f"Chữ ký của “{signer.name}” không đúng với điều kiện đã đặt sẵn cho ô ký."]


def _not_proved(signer: SignerReport) -> str:
    """Indeterminate in the sense of ETSI EN 319 102-1: neither valid nor invalid can be said any more."""
    if signer.proven_at is None:
        return (
            " và chữ ký không có dấu thời gian còn kiểm chứng được, "
            "nên không xác định được chữ ký có được tạo khi chứng thư còn hạn hay không."
        )
    return (
        f"; dấu thời gian chứng tỏ chữ ký có từ {day_of(signer.proven_at)}, nhưng tệp không lưu giữ được tình trạng "
        "chứng thư lúc đó, nên không xác định được chứng thư khi ấy đã bị thu hồi hay chưa."
    )


def _withdrawn_later(signer: SignerReport) -> str:
    return f"Chứng thư của “{signer.name}” về sau đã bị thu hồi; dấu thời gian chứng tỏ chữ ký có trước đó."


def _notes(signer: SignerReport, status: PdfSignatureStatus, at: datetime) -> list[str]:
    notes = []
    if signer.is_test:
        notes.append("Đây là chữ ký thử nghiệm, không có giá trị pháp lý.")
    if signer.signing_time is not None and signer.signing_time > at + _CLOCK_TOLERANCE:
        notes.append(f"Thời điểm ghi trong {_who(signer)} muộn hơn đồng hồ của máy kiểm tra; hãy xem lại đồng hồ.")
    if status.timestamp_validity is not None and signer.valid and signer.level == "B-B":
        notes.append(f"Dấu thời gian kèm {_who(signer)} không kiểm chứng được nên không được tính.")
    return notes


def _who(signer: SignerReport) -> str:
    return f"chữ ký của “{signer.name}”"


def _certificate(certificate: asn1_x509.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())


def _issuer(certificate: x509.Certificate) -> str:
    names = certificate.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    text = str(names[0].value) if names else certificate.issuer.rfc4514_string()
    return unicodedata.normalize("NFC", text)


def _holds_at(certificate: x509.Certificate, moment: datetime) -> bool:
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def _period(certificate: x509.Certificate) -> str:
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return f"hiệu lực {day_of(first)}–{day_of(last)}"
