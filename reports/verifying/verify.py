"""The full verdict on a signed PDF, from anybody, without a network and without a crash.

Rules that this module keeps:

- the last signature must cover the whole file; anything after an earlier one must be what certification at
  P = 2 allows (further signatures, filled-in form fields), also where the file itself would allow more;
- any exception of the libraries counts against the file, never for it;
- nothing named inside a file is fetched: no revocation lists, no certificates; those stored in it are used;
- the clock, the trust roots and the journal are passed in.

Limits: without revocation data in the file a withdrawn certificate is not noticed; without a time stamp the time
of signing is the signer's own word, so after the certificate's end nothing can be said but that the cryptography
still holds. The chain's other certificates inside the file are protected by the file's SHA-256 only.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from reports.incoming.bounded import BoundedError, bounded
from reports.signing.signing_errors import TrustRootError
from reports.verifying.changes import (
    ANSWERS_TAKEN,
    answers_only_grew,
    blank_twins,
    figure_faults,
    only_answers_since,
)
from reports.verifying.fingerprint import differences, fingerprint
from reports.verifying.longterm import History
from reports.verifying.manifest import read_manifest
from reports.verifying.signature_check import Finding, check_signature
from reports.verifying.verdict import Report, SignerReport, unjudged

__all__ = ["JournalCheck", "Report", "SignerReport", "load_trust_roots", "verify_pdf"]

MAX_FILE_BYTES = 100 * 1024 * 1024
_MAX_REVISIONS = 100
_MAX_OBJECTS = 1_000_000
_MAX_SIGNATURES = 50
_MAX_SECONDS = 9.0
_TOO_LARGE = f"Tệp lớn hơn {MAX_FILE_BYTES // 1024**2} MB nên không kiểm tra; hãy dùng đúng tệp đã phát hành."
TWINS_LEFT_BLANK = (
    "Số, ngày, tháng có ở trang 1 nhưng phụ lục còn để trống như lúc ký (công cụ điền chỉ ghi trang 1); "
    "nội dung không bị sửa."
)
_LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\r?\n?")
_OBJECT = re.compile(rb"\bobj\b")

log = logging.getLogger(__name__)


class JournalCheck(Protocol):
    """Holds a manifest against the journal of an installation."""

    def is_own(self, manifest: dict[str, Any]) -> bool:
        """Whether the manifest says that it was made of this journal."""
        ...

    def compare(self, manifest: dict[str, Any]) -> list[str]:
        """Vietnamese sentences that name each difference; empty if all matches."""
        ...


class _UnjudgedError(Exception):
    """Nothing can be said of the file; the argument is the Vietnamese sentence why."""


@dataclass(frozen=True)
class _Judgement:
    """What all signatures together say."""

    findings: tuple[Finding, ...]
    whole_file_signed: bool
    changes: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """What was found in a file; ``refusal`` says why where it could not be judged."""

    refusal: str = ""
    manifest: dict[str, Any] | None = None
    judgement: _Judgement | None = None


def load_trust_roots(paths: Sequence[Path]) -> list[x509.Certificate]:
    """Read root certificates from PEM files, each with one or more.

    Raises:
        TrustRootError: a file cannot be read or holds no certificate.
    """
    found: list[x509.Certificate] = []
    for path in paths:
        try:
            found += x509.load_pem_x509_certificates(path.read_bytes())
        except (OSError, ValueError) as error:
            raise TrustRootError(
                f"Không đọc được chứng thư gốc “{path.name}”; hãy kiểm tra đường dẫn trong cấu hình "
                "và dùng tệp dạng PEM do nơi cấp chứng thư công bố."
            ) from error
    return found


def verify_pdf(
    data: bytes,
    *,
    roots: Sequence[x509.Certificate | Path],
    at: datetime,
    journal: JournalCheck | None = None,
    issued_sha256: Container[str] | None = None,
) -> Report:
    """Judge a file.

    Args:
        data: the file.
        roots: the certificates at which a chain of trust may end, or PEM files with such.
        at: the moment for which certificates are judged, aware.
        journal: the installation's journal, if the manifest is to be held against it.
        issued_sha256: hashes (hexadecimal, lower case) of the files that the installation issued.

    Raises:
        TrustRootError: a PEM file of the configuration cannot be read; the file is never to blame for that.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    certificates = roots_as_der(roots)
    if len(data) > MAX_FILE_BYTES:
        return unjudged(sha256, _TOO_LARGE)
    try:
        judged = bounded(judge, data, certificates, at, seconds=_MAX_SECONDS)
    except BoundedError as error:
        return unjudged(sha256, error.message)
    return report_on(judged, sha256, journal=journal, issued_sha256=issued_sha256)


def roots_as_der(roots: Sequence[x509.Certificate | Path]) -> list[bytes]:
    """Trust roots as a child process takes them.

    Raises:
        TrustRootError: a PEM file of the configuration cannot be read.
    """
    found = load_trust_roots([root for root in roots if isinstance(root, Path)])
    found += [root for root in roots if isinstance(root, x509.Certificate)]
    return [root.public_bytes(serialization.Encoding.DER) for root in found]


def judge(data: bytes, roots: Sequence[bytes], at: datetime) -> Judged:
    """What is found in a file itself, of whomever it is; for a bounded child.

    Args:
        data: the file.
        roots: the certificates at which a chain of trust may end, DER.
        at: the moment for which certificates are judged, aware.
    """
    try:
        reader = _open(data)
    except _UnjudgedError as reason:
        return Judged(refusal=str(reason))
    certificates = [x509.load_der_x509_certificate(root) for root in roots]
    return Judged(manifest=read_manifest(reader), judgement=_judge(data, reader, certificates, at))


def report_on(
    judged: Judged, sha256: str, *, journal: JournalCheck | None = None, issued_sha256: Container[str] | None = None
) -> Report:
    """The report of what was found, held against the installation; arguments as of ``verify_pdf``."""
    if judged.judgement is None:
        return unjudged(sha256, judged.refusal)
    matches, journal_reasons = _match(judged.manifest, sha256, journal, issued_sha256)
    return _report(judged.judgement, sha256, judged.manifest, matches=matches, journal_reasons=journal_reasons)


def _open(data: bytes) -> PdfFileReader:
    if b"%PDF-" not in data[:1024]:
        raise _UnjudgedError("Đây không phải tệp PDF; hãy chọn tệp PDF đã ký.")
    try:
        reader = read_leniently(data)
        encrypted = reader.encrypted
        too_much = reader.xrefs.total_revisions > _MAX_REVISIONS or int(reader.trailer["/Size"]) > _MAX_OBJECTS
        if not encrypted:
            _ = reader.root["/Pages"]["/Type"]
    except Exception as error:
        raise _UnjudgedError(
            "Tệp PDF bị hỏng hoặc thiếu phần cuối nên không kiểm tra được; hãy tải lại tệp gốc."
        ) from error
    if encrypted:
        raise _UnjudgedError("Tệp PDF bị đặt mật khẩu nên không kiểm tra được; hãy dùng bản không mã hoá.")
    if too_much:
        raise _UnjudgedError("Tệp PDF có quá nhiều đối tượng hoặc lần cập nhật nên không kiểm tra được.")
    return reader


def read_leniently(data: bytes) -> PdfFileReader:
    """Strictly, or else leniently: some signing tools write sloppy cross-reference tables.

    What was hung on after the file's end may keep it from being read; then the file is read without it, and
    the judgement that no signature covers the rest follows.
    """
    try:
        return PdfFileReader(io.BytesIO(data), strict=True)
    except Exception:  # noqa: BLE001 # the last attempt's error is the one that counts
        end = max((match.end() for match in _END.finditer(data)), default=len(data))
        hung_on = data[end:]
        own = data if _OBJECT.search(hung_on) else data[:end]
        return PdfFileReader(io.BytesIO(own), strict=False)


def _judge(data: bytes, reader: PdfFileReader, roots: list[x509.Certificate], at: datetime) -> _Judgement:
    try:
        signatures = _signatures(reader)
    except Exception as error:  # noqa: BLE001 # whatever cannot be read is not a valid signature
        return _Judgement(findings=(_unreadable(error),), whole_file_signed=False, changes=())
    history = History(data, reader, roots, at)
    findings = tuple(_check(data, signature, history) for signature in signatures)
    covered = bool(findings) and findings[-1].covers_whole_file
    return _Judgement(
        findings=findings,
        whole_file_signed=covered or (bool(findings) and _only_answers_follow(data, reader, signatures[-1])),
        changes=_changes(reader, signatures),
        notes=_notes(reader),
    )


def _notes(reader: PdfFileReader) -> tuple[str, ...]:
    """What to know of a file that is as it should be."""
    try:
        return (TWINS_LEFT_BLANK,) if blank_twins(reader) else ()
    except Exception as error:  # noqa: BLE001 # likewise
        log.info("fields could not be read: %s", type(error).__name__)
        return ()


def _check(data: bytes, signature: EmbeddedPdfSignature, history: History) -> Finding:
    try:
        return check_signature(data, signature, history)
    except Exception as error:  # noqa: BLE001 # likewise
        return _unreadable(error)


def _only_answers_follow(data: bytes, reader: PdfFileReader, last: EmbeddedPdfSignature) -> bool:
    """Whether all that comes after the last signature is data for long-term validation, whole and readable.

    As many updates follow as the table leads to: one that it passes over may be another's signature.
    """
    try:
        _start, _first, second, length = (int(number) for number in last.byte_range)
        ends = [match.end() for match in _END.finditer(data, second + length)]
        follow = reader.xrefs.total_revisions - 1 - last.signed_revision
        is_whole = len(ends) == follow and ends[-1:] == [len(data)]
        return is_whole and only_answers_since(reader, last.signed_revision)
    except Exception as error:  # noqa: BLE001 # likewise
        log.info("what follows the last signature could not be read: %s", type(error).__name__)
        return False


def _unreadable(error: Exception) -> Finding:
    log.info("signature could not be read: %s", type(error).__name__)
    return Finding.unreadable("Không đọc được một chữ ký trong tệp: tệp đã bị sửa hoặc hỏng.")


def _signatures(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """All signatures and document time stamps in the order of signing.

    Raises:
        ValueError: there is one of an unknown kind, or too many; the library would pass it over.
    """
    filled = sum(1 for _field in enumerate_sig_fields(reader, filled_status=True))
    found: list[EmbeddedPdfSignature] = reader.embedded_signatures if filled <= _MAX_SIGNATURES else []
    if len(found) != filled:
        raise ValueError(filled)
    return found


def _changes(reader: PdfFileReader, signatures: list[EmbeddedPdfSignature]) -> tuple[str, ...]:
    """What differs between the first signed state and the file as it is, in words."""
    try:
        return tuple(_differences(reader, signatures))
    except Exception as error:  # noqa: BLE001 # what cannot be compared does not count as unchanged
        log.info("revisions could not be compared: %s", type(error).__name__)
        return ("Không so sánh được nội dung tệp với nội dung lúc ký.",)


def _differences(reader: PdfFileReader, signatures: list[EmbeddedPdfSignature]) -> list[str]:
    last = reader.xrefs.total_revisions - 1
    if not signatures or signatures[0].signed_revision == last:
        return []
    old, new = (reader.get_historical_resolver(number) for number in (signatures[0].signed_revision, last))
    found = differences(fingerprint(old), fingerprint(new)) + figure_faults(reader, signatures[0].signed_revision)
    if not answers_only_grew(reader, signatures[0].signed_revision):
        found.append(ANSWERS_TAKEN)
    if reader.xrefs.hybrid_xrefs_present:
        found.append("Tệp có hai bảng tra đối tượng khác nhau nên phần mềm xem có thể hiện khác nhau.")
    return found


def _match(
    manifest: dict[str, Any] | None,
    sha256: str,
    journal: JournalCheck | None,
    issued_sha256: Container[str] | None,
) -> tuple[bool | None, list[str]]:
    if journal is None and issued_sha256 is None:
        return None, []
    if journal is not None and manifest is not None and not _is_own(journal, manifest):
        return None, ["Văn bản do một hệ thống khác lập; nhật ký ở đây không có gì để đối chiếu."]
    reasons = []
    if issued_sha256 is not None and sha256 not in issued_sha256:
        reasons.append("Tệp này không phải là một trong các tệp mà hệ thống đã phát hành (mã băm khác).")
    if journal is not None and manifest is None:
        reasons.append("Tệp không có bản kê dữ liệu đính kèm nên không đối chiếu được với nhật ký.")
    elif journal is not None and manifest is not None:
        reasons += _compared(journal, manifest)
    return not reasons, reasons


def _is_own(journal: JournalCheck, manifest: dict[str, Any]) -> bool:
    try:
        return journal.is_own(manifest)
    except Exception:  # noqa: BLE001 (a malformed one is compared, and that says what is wrong)
        return True


def _compared(journal: JournalCheck, manifest: dict[str, Any]) -> list[str]:
    try:
        return journal.compare(manifest)
    except Exception:
        log.exception("manifest could not be compared with the journal")
        return ["Bản kê dữ liệu đính kèm không đúng khuôn dạng nên không đối chiếu được với nhật ký."]


def _report(
    judgement: _Judgement,
    sha256: str,
    manifest: dict[str, Any] | None,
    *,
    matches: bool | None,
    journal_reasons: list[str],
) -> Report:
    findings = judgement.findings
    reasons = [reason for finding in findings for reason in finding.reasons]
    if not findings:
        reasons.append("Tệp PDF chưa có chữ ký số nào; hãy kiểm tra lại có đúng tệp đã phát hành không.")
    elif not judgement.whole_file_signed and all(finding.signer for finding in findings):
        reasons.append("Sau chữ ký cuối cùng, tệp còn bị thêm dữ liệu mà không chữ ký nào bảo vệ.")
    reasons += [*judgement.changes, *judgement.notes]
    return Report(
        valid=bool(findings) and all(finding.valid for finding in findings),
        trusted=bool(findings) and all(finding.trusted for finding in findings),
        unchanged=judgement.whole_file_signed
        and not judgement.changes
        and all(finding.unchanged for finding in findings),
        level=_lowest(findings),
        signers=tuple(finding.signer for finding in findings if finding.signer is not None),
        matches_journal=matches,
        reasons=tuple(dict.fromkeys(reasons + journal_reasons)),
        sha256=sha256,
        manifest=manifest,
    )


def _lowest(findings: tuple[Finding, ...]) -> str | None:
    levels = [finding.signer.level for finding in findings if finding.signer is not None]
    known = [level for level in levels if level is not None]
    if not known or len(known) != len(levels):
        return None
    return min(known, key=_LEVELS.index)
