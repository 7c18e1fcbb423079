"""Signed elsewhere: the paper goes out with its empty fields, is signed with the agency's own tool and comes back.

Nothing of what comes back is believed before ``reports/verifying/outside.py`` has proved that it is the paper that
went out with the allowed changes and nothing more; what is refused leaves no trace but its sentences.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.clock import iso, local_date
from app.errors import ConflictError, InvalidInputError, UnprocessableError
from app.identity import Identity
from app.installation import Installation
from app.papers.issuing import check_number, issued_file, issuer_behind
from app.papers.owner import document_subject, owner_value
from app.papers.registering import is_finished, keep_paper, standing_paper
from app.papers.seals import is_of
from app.papers.series import number_warnings, series_of
from app.papers.signing import numbered, takes_number
from reports.rendering.form import LEADER, SEAL
from reports.verifying.outside import Upload, check_upload

_SIGNED_AT = "Chữ ký ngoài hệ thống"


class AlteredUploadError(UnprocessableError):
    """What came back is not the paper that went out with the allowed changes."""

    code = "altered_upload"


def awaits_signature(value: Mapping[str, Any]) -> bool:
    """Whether a signature put on elsewhere may still come back."""
    return value["state"] in {"prepared", "signed"} or (value["state"] == "registered" and not is_finished(value))


def with_number(
    installation: Installation, owner: str, document: str, number: int | None, issued_on: date | None
) -> bytes:
    """The signed paper with number and date in their fields, to be sealed elsewhere; nothing is written down yet.

    Raises:
        InvalidInputError: number or date missing or impossible.
        ConflictError: the paper is not waiting for its number.
        SigningError: the file cannot be filled in.
    """
    if number is None or issued_on is None:
        raise InvalidInputError("Hãy ghi đủ số và ngày văn bản như trong sổ văn bản đi.")
    db = installation.database()
    check_number(number, issued_on, owner_value(db, owner), local_date(installation.clock()))
    value = standing_paper(installation, owner, document)
    pdf = issued_file(installation, value["sha256"], "pdf").read_bytes()
    if not awaits_signature(value) or not takes_number(pdf):
        raise ConflictError("Văn bản này đã có số hoặc đã đóng dấu; hãy tải tệp PDF như thường.")
    return numbered(pdf, number, issued_on)


def take_back(installation: Installation, owner: str, document: str, writer: Identity, uploaded: bytes) -> list[str]:
    """Take a paper that was signed elsewhere in place of the one that went out.

    Returns:
        Warnings: a number given before, an annex that the agency's tool has left without number and date, a seal whose
        certificate bears another name.

    Raises:
        AlteredUploadError: the file is not that paper with the allowed changes; each difference is named.
        ConflictError: the paper waits for no signature.
        InvalidInputError: number or date in the file cannot be.
    """
    before = standing_paper(installation, owner, document)
    if not awaits_signature(before):
        raise ConflictError("Văn bản này đã đủ chữ ký và dấu; không nhận thêm tệp nào nữa.")
    now = installation.clock()
    given = _given_out(installation, owner, document, before, uploaded)
    upload = check_upload(given, uploaded, roots=installation.trust_roots(), at=now)
    if upload.reasons:
        raise AlteredUploadError("Không nhận tệp này: " + " ".join(upload.reasons), reasons=list(upload.reasons))
    after = _taken(before, upload, hashlib.sha256(uploaded).hexdigest(), iso(now))
    if SEAL in upload.signed or (after["state"] == "signed" and upload.number):
        _number_from(installation, owner, before, after, upload, sealed=SEAL in upload.signed)
    keep_paper(installation, owner, document, writer, before, after, uploaded)
    series = series_of(installation.database(), owner, after)
    notes = [*upload.notes, *_foreign_seal(installation, owner, after, upload)]
    return [*notes, *number_warnings(installation, series, after["number"], document)]


def _foreign_seal(installation: Installation, owner: str, value: Mapping[str, Any], upload: Upload) -> Iterator[str]:
    """A seal put on elsewhere is told, not refused, where its certificate does not bear the body's name."""
    body = issuer_behind(installation, owner, value.get("issuer"))
    one = upload.signed.get(SEAL)
    if one and not is_of(one.name, body, installation.config.seal_place(body["id"])):
        yield (
            f"Dấu trong tệp là của chứng thư «{one.name}», không mang tên «{body['name']}»; hãy đối chiếu đúng con dấu "
            "của cơ quan ban hành trước khi gửi đi."
        )


def _given_out(
    installation: Installation, owner: str, document: str, value: Mapping[str, Any], uploaded: bytes
) -> bytes:
    """The file that the upload began as: the paper's last one, or that before its signature got a time stamp."""
    rows = installation.database().execute(
        "SELECT DISTINCT json_extract(value, '$.sha256') FROM entries WHERE subject = ?",
        [document_subject(owner, document)],
    )
    last = issued_file(installation, value["sha256"], "pdf").read_bytes()
    paths = (issued_file(installation, row[0], "pdf") for row in rows.fetchall() if row[0])
    files = (path.read_bytes() for path in paths if path.exists())
    # Of the same length: nothing was put on it but the time stamp within the signature.
    began = (file for file in files if len(file) == len(last) and uploaded.startswith(file))
    return next(began, last)


def _taken(before: Mapping[str, Any], upload: Upload, sha256: str, now: str) -> dict[str, Any]:
    facts = [
        {
            "name": one.name[:500],
            "at": iso(one.signing_time) if one.signing_time else now,
            "level": one.level or _SIGNED_AT,
            "role": "seal" if name == SEAL else "signer",
        }
        for name, one in upload.signed.items()
    ]
    state = before["state"]
    if state == "prepared" and LEADER in upload.signed:
        state = "registered" if before["date"] else "signed"
    standing = [{**one, "level": _level_now(one, upload)} for one in before["signatures"]]
    return {**before, "sha256": sha256, "signatures": [*standing, *facts], "state": state}


def _level_now(fact: Mapping[str, Any], upload: Upload) -> str:
    """An earlier signature's level in the file that came back, which may be from before its time stamp."""
    name = SEAL if fact.get("role") == "seal" else LEADER
    return next((one.level for one in upload.report.signers if one.field_name == name and one.level), fact["level"])


def _number_from(  # noqa: PLR0913 (a paper before and after)
    installation: Installation,
    owner: str,
    before: Mapping[str, Any],
    after: dict[str, Any],
    upload: Upload,
    *,
    sealed: bool,
) -> None:
    """Number and date as the file has them; they must agree with what the register has already."""
    number = before["number"] if upload.number is None else upload.number
    today = local_date(installation.clock())
    day = date.fromisoformat(before["date"]) if before["date"] else None
    if upload.day and upload.month:
        day = _latest(upload.day, upload.month, today)
    check_number(number, day, owner_value(installation.database(), owner), today)
    known = (before["number"], before["date"])
    if before["number"] and known != (number, day.isoformat() if day else None):
        raise AlteredUploadError(
            f"Số, ngày trong tệp khác với sổ văn bản (sổ ghi số {before['number']:02d}, ngày {before['date']}); "
            "hãy điền đúng như sổ rồi đóng dấu lại."
        )
    after["number"], after["date"] = number, day.isoformat() if day else None
    if sealed and number and day:
        after["state"] = "registered"


def _latest(day: int, month: int, today: date) -> date:
    """The last such day up to today; the year is printed on the paper and not filled in.

    Raises:
        InvalidInputError: there is no such day.
    """
    for year in range(today.year, today.year - 5, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    raise InvalidInputError(f"Ngày {day:02d} tháng {month} ghi trong tệp không có thật; hãy điền lại ngày văn bản.")
