"""A paper that was signed with the agency's own tool: is it the issued one and nothing more?

``uploaded.startswith(issued)`` and a valid signature are not enough: one update can add a page, an overlay or an
annotation and sign it. So the upload must (1) begin with the issued bytes, (2) still read as the issued paper at that
point, (3) change nothing in any later revision but what ``changes.py`` allows, (4) be signed in the fields made for
it, in the right order, by keys that are trusted here, the last signature over the whole file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from reports.incoming.bounded import BoundedError, bounded
from reports.rendering.form import DAY, LEADER, MONTH, NUMBER, SEAL, TEXT_FIELDS, fields_of, value_of
from reports.verifying.changes import changes_since, differs, locks_of
from reports.verifying.verdict import Report, SignerReport, unjudged
from reports.verifying.verify import TWINS_LEFT_BLANK, Judged, judge, read_leniently, report_on, roots_as_der


@dataclass(frozen=True)
class Upload:
    """What came back.

    Attributes:
        reasons: Vietnamese sentences that name everything that keeps the file from being taken; empty if nothing does.
        notes: Vietnamese sentences on what to know of a file that is taken.
        report: the verdict on its signatures.
        signed: the signatures that were put on outside, by field.
        number: as filled in; None where the paper has no such field or it is empty.
        day: likewise, in its month.
        month: likewise.
    """

    reasons: tuple[str, ...]
    report: Report
    signed: Mapping[str, SignerReport] = field(default_factory=dict)
    number: int | None = None
    day: int | None = None
    month: int | None = None
    notes: tuple[str, ...] = ()


def check_upload(issued: bytes, uploaded: bytes, *, roots: Sequence[x509.Certificate | Path], at: datetime) -> Upload:
    """Hold a file that came back against the one that was given out.

    Args:
        issued: the file as it was given out, signed or not.
        uploaded: the file that came back.
        roots: certificates at which a chain of trust may end.
        at: the moment of checking, aware.

    Raises:
        TrustRootError: a configured root certificate cannot be read.
    """
    sha256 = hashlib.sha256(uploaded).hexdigest()
    try:
        judged, compared = bounded(_held_against, issued, uploaded, roots_as_der(roots), at)
    except BoundedError as error:
        return Upload((error.message,), unjudged(sha256, error.message))
    report = report_on(judged, sha256)
    if not report.judged:
        return Upload(report.reasons, report)
    if uploaded == issued:
        return Upload(("Tệp nộp lại đúng là tệp đã tải về, chưa có chữ ký nào mới; hãy ký rồi nộp lại.",), report)
    if compared is None:
        return Upload(("Không đối chiếu được tệp với văn bản đã phát hành: tệp đã bị sửa hoặc hỏng.",), report)
    before, values = compared.signed_before, compared.values
    reasons = list(compared.reasons)
    signed = {one.field_name: one for one in report.signers if one.field_name not in before}
    reasons += _signature_reasons(report, signed, before)
    reasons += _figure_reasons(values, sealed=SEAL in signed)
    if reasons and not (report.valid and report.unchanged and report.trusted):
        reasons += report.reasons
    number, day, month = (int(values[name]) if _is_figure(values.get(name, "")) else None for name in TEXT_FIELDS)
    notes = tuple(note for note in report.reasons if note == TWINS_LEFT_BLANK)
    return Upload(tuple(dict.fromkeys(reasons)), report, signed, number, day, month, notes)


@dataclass(frozen=True)
class _Compared:
    """What the two files have to do with each other."""

    reasons: tuple[str, ...]
    values: Mapping[str, str]
    signed_before: frozenset[str]


def _held_against(
    issued: bytes, uploaded: bytes, roots: Sequence[bytes], at: datetime
) -> tuple[Judged, _Compared | None]:
    """Verdict and comparison in one bounded child; no comparison where the file cannot be compared."""
    judged = judge(uploaded, roots, at)
    if judged.judgement is None or issued == uploaded:
        return judged, None
    try:
        reasons, values = _proved(issued, uploaded)
    except Exception:  # noqa: BLE001 (whatever cannot be compared is not taken)
        return judged, None
    return judged, _Compared(tuple(reasons), values, _signed_fields(issued))


def _proved(issued: bytes, uploaded: bytes) -> tuple[list[str], dict[str, str]]:
    """What differs beyond what may, and the values of the text fields that the paper has."""
    given, back = read_leniently(issued), read_leniently(uploaded)
    base = given.xrefs.total_revisions - 1
    if not uploaded.startswith(issued):
        rewritten = (
            "Tệp đã bị phần mềm khác ghi lại (không còn giữ nguyên từng byte của tệp đã tải về); "
            "hãy ký thẳng lên tệp tải về, không mở bằng phần mềm soạn thảo rồi lưu lại."
        )
        return [rewritten, *differs(given, base, back)], {}
    if back.xrefs.total_revisions <= base + 1:
        return ["Sau phần đã phát hành, tệp bị nối thêm dữ liệu lạ."], {}
    found = [f"Phần đã phát hành bị che: {one}" for one in _hidden(given, back, base)]
    locks = [locks_of(signature.sig_object) for signature in given.embedded_signatures]
    found += changes_since(back, base, lambda name: any(is_locked(name) for is_locked in locks))
    known = {name for name, _ in fields_of(given.root)}
    values = {
        str(name): str(value_of(one)) for name, one in fields_of(back.root) if name in TEXT_FIELDS and name in known
    }
    return found, values


def _hidden(given: PdfFileReader, back: PdfFileReader, base: int) -> list[str]:
    """Whether the issued paper still reads the same within the upload: an update may point past it."""
    return differs(given, base, back, other_revision=base)


def _signed_fields(pdf: bytes) -> frozenset[str]:
    return frozenset(str(signature.field_name) for signature in read_leniently(pdf).embedded_signatures)


def _signature_reasons(report: Report, signed: Mapping[str, SignerReport], before: frozenset[str]) -> list[str]:
    reasons = []
    if not signed:
        reasons.append("Tệp chưa có chữ ký nào mới ở ô ký dành sẵn; hãy ký vào đúng ô rồi nộp lại.")
    reasons += [
        f"Chữ ký “{name}” không nằm trong ô ký dành sẵn của văn bản." for name in signed if name not in {LEADER, SEAL}
    ]
    if SEAL in signed and LEADER not in before and LEADER not in signed:
        reasons.append("Đã có dấu cơ quan nhưng chưa có chữ ký của người có thẩm quyền; phải ký trước, đóng dấu sau.")
    names = [one.field_name for one in report.signers]
    if {LEADER, SEAL} <= set(names) and names.index(SEAL) < names.index(LEADER):
        reasons.append("Dấu cơ quan được đóng trước chữ ký của người có thẩm quyền; phải ký trước, đóng dấu sau.")
    if not report.valid:
        reasons.append("Có chữ ký không hợp lệ trong tệp.")
    elif not report.unchanged:
        reasons.append("Tệp bị thay đổi ngoài phần được phép, hoặc chữ ký cuối không bao trùm cả tệp.")
    elif not report.trusted:
        reasons.append("Có chữ ký mà chứng thư chưa được tin cậy ở đây; quản trị thêm chứng thư gốc vào trust_roots.")
    return reasons


def _figure_reasons(values: Mapping[str, str], *, sealed: bool) -> list[str]:
    """The blanks must hold what a register can take, and all of it once the seal is on."""
    filled = {name: text for name, text in values.items() if text}
    if sealed and len(filled) < len(values):
        return [
            "Đã đóng dấu nhưng số, ngày, tháng còn trống trong tệp; hãy ghi số và ngày, tải tệp đã điền rồi đóng dấu."
        ]
    limits = {NUMBER: 99999, DAY: 31, MONTH: 12}
    labels = {NUMBER: "số văn bản", DAY: "ngày", MONTH: "tháng"}
    return [
        f"Ô {labels[name]} ghi “{text[:20]}” không đúng; chỉ ghi chữ số, từ 1 đến {limits[name]}."
        for name, text in filled.items()
        if not (_is_figure(text) and 1 <= int(text) <= limits[name])
    ]


def _is_figure(text: str) -> bool:
    return len(text) <= len("99999") and text.isascii() and text.isdecimal()
