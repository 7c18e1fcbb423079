"""The register of outgoing papers: number, date and the body's seal after the signature, and what depends on them.

Where the installation has the seal's key, number and date go into the paper's fields and the seal is put on in the
same update. Otherwise the journal alone has them until the sealed file comes back (``app/papers/outside.py``).

A body without a certificate for a seal has its papers go out with the leader's signature alone (``sealless``): such a
paper is finished with its registration. Number and date, which no signature follows, get a time stamp of the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.clock import iso, local_date
from app.database import writing
from app.errors import ConflictError, InvalidInputError, NotFoundError, UnprocessableError
from app.files import write_atomically
from app.identity import Identity
from app.installation import Installation
from app.papers.effect import take_effect
from app.papers.issuing import check_number, issued_file, issuer_behind
from app.papers.owner import document_subject, owner_value
from app.papers.seals import seal_key
from app.papers.series import (
    NumberTakenError,
    Series,
    next_number,
    number_warnings,
    series_of,
    used_numbers,
)
from app.papers.signing import blanks_of, picture, sealed, takes_seal
from app.papers.stamping import levels, under_time_stamp, with_time_stamp
from app.workdays import doubtful
from reports.rendering.form import LEADER, SEAL

_TRIES = 20
_NOT_IN_THE_FILE = (
    "Số, ngày mới có trong sổ, chưa ghi được vào tệp PDF: văn bản không đóng dấu số cần dấu thời gian để giữ số, ngày. "
    "Tệp được ghi bổ sung khi dịch vụ dấu thời gian trả lời; nếu không dùng dịch vụ này, hãy lấy số trước khi ký."
)


def register(  # noqa: PLR0913 (the register's own columns)
    installation: Installation,
    owner: str,
    document: str,
    writer: Identity,
    *,
    number: int | None,
    issued_on: date | None,
) -> list[str]:
    """Write number and date of a signed paper into its fields and the journal, with the days that its terms end on.

    Without a number, the next one of the body's own series is taken where it keeps one here: two people who register at
    the same moment get two numbers.

    Returns:
        Warnings: a number given twice, gaps in an own series, terms over holidays that are decided each year.

    Raises:
        InvalidInputError: number or date missing or impossible.
        ConflictError: the paper is in the register already.
        NotFoundError: there is no such paper.
        ForeignSealError: the seal here is another body's.
        SigningError: the seal's key cannot sign; nothing was written.
    """
    value = standing_paper(installation, owner, document)
    if issued_on is None:
        raise InvalidInputError("Hãy ghi đủ số và ngày văn bản như trong sổ văn bản đi.")
    if value["state"] != "signed":
        raise ConflictError("Văn bản này đã vào sổ; số và ngày không sửa được nữa.")
    series = series_of(installation.database(), owner, {**value, "date": issued_on.isoformat()})
    for _ in range(_TRIES):
        given = value["number"] or next_number(installation, series) if number is None else number
        try:
            free = series if number is None else None
            _enter(installation, owner, document, writer, value, given, issued_on, must_be_free=free)
        except NumberTakenError:
            continue
        told = number_warnings(installation, series, given, document)
        told += _not_in_the_file(installation, standing_paper(installation, owner, document))
        return [*told, *_doubtful_terms(installation, owner, document, issued_on)]
    raise ConflictError("Nhiều người đang lấy số cùng lúc; hãy thử lại.")


def _enter(  # noqa: PLR0913 (the register's own columns)
    installation: Installation,
    owner: str,
    document: str,
    writer: Identity,
    value: Mapping[str, Any],
    number: int | None,
    issued_on: date,
    *,
    must_be_free: Series | None,
) -> None:
    if number is None:
        raise InvalidInputError("Hãy ghi đủ số và ngày văn bản như trong sổ văn bản đi.")
    check_number(number, issued_on, owner_value(installation.database(), owner), local_date(installation.clock()))
    if value["number"] and (value["number"], value["date"]) != (number, issued_on.isoformat()):
        raise InvalidInputError(
            f"Văn bản đã ghi số {value['number']:02d}, ngày {value['date']}; hãy vào sổ đúng số và ngày đó."
        )
    new = {**value, "number": number, "date": issued_on.isoformat(), "state": "registered"}
    pdf = _sealed(installation, owner, new)
    free = None if value["number"] else must_be_free
    keep_paper(installation, owner, document, writer, value, new, pdf, must_be_free=free)


def _doubtful_terms(installation: Installation, owner: str, document: str, day: date) -> list[str]:
    """Terms that cross a holiday whose days are decided each year."""
    rows = installation.database().execute(
        "SELECT due FROM remedies WHERE inspection = ? AND document = ? AND due IS NOT NULL", [owner, document]
    )
    names = {name for row in rows.fetchall() if (name := doubtful(day, date.fromisoformat(row[0])))}
    return [
        f"Có thời hạn đi qua dịp {name}: lịch nghỉ do cơ quan có thẩm quyền quyết định từng năm; hãy đối chiếu "
        "ngày cuối của thời hạn."
        for name in sorted(names)
    ]


def standing_paper(installation: Installation, owner: str, document: str) -> dict[str, Any]:
    """A paper's value.

    Raises:
        NotFoundError: there is no such paper.
    """
    value: dict[str, Any] | None = installation.journal().value(document_subject(owner, document))
    if value is None:
        raise NotFoundError("Không có văn bản này; hãy mở lại danh sách văn bản.")
    return value


def seal(installation: Installation, owner: str, document: str, writer: Identity) -> None:
    """Put the body's seal on a paper that went into the register without it (number given before the signature).

    Raises:
        ConflictError: it has its seal, or waits for the register.
        UnprocessableError: there is no key for it here, or another body's, or no field.
        SigningError: the key cannot sign.
    """
    value = standing_paper(installation, owner, document)
    if value["state"] != "registered" or is_finished(value):
        raise ConflictError("Văn bản này đã có dấu hoặc chưa vào sổ; hãy mở lại danh sách văn bản.")
    new = dict(value)
    pdf = _sealed(installation, owner, new)
    if pdf is None:
        raise UnprocessableError(
            "Máy chủ không có khóa con dấu hoặc tệp không có ô đóng dấu; hãy tải tệp về, đóng dấu bằng công cụ ký số "
            "của cơ quan rồi nộp lại."
        )
    keep_paper(installation, owner, document, writer, value, new, pdf)


def end_without_seal(installation: Installation, owner: str, document: str, writer: Identity) -> list[str]:
    """Finish a registered paper that gets no seal, because its body has no certificate for one.

    Returns:
        A warning where number and date are not in the file yet.

    Raises:
        ConflictError: it has its seal, or waits for the register, or was finished before.
        NotFoundError: there is no such paper.
    """
    value = standing_paper(installation, owner, document)
    if value["state"] not in {"registered", "replaced"} or is_finished(value):
        raise ConflictError("Văn bản này chưa vào sổ, đã có dấu hoặc đã kết thúc; hãy mở lại danh sách văn bản.")
    new = {**value, "sealless": True}
    pdf = _numbered(installation, new)
    keep_paper(installation, owner, document, writer, value, new, pdf)
    return _not_in_the_file(installation, new)


def is_finished(value: Mapping[str, Any]) -> bool:
    """Whether nothing is to be put on a paper any more."""
    return value["state"] in {"registered", "replaced"} and (is_sealed(value) or bool(value.get("sealless")))


def blanks_left(value: Mapping[str, Any], pdf: bytes) -> dict[str, str]:
    """What is still to be filled into the file of a paper that gets no seal."""
    if not (value.get("sealless") and value["number"] and value["date"]):
        return {}
    return blanks_of(pdf, value["number"], date.fromisoformat(value["date"]))


def _not_in_the_file(installation: Installation, value: Mapping[str, Any]) -> list[str]:
    pdf = issued_file(installation, value["sha256"], "pdf").read_bytes()
    if not blanks_left(value, pdf):
        return []
    return [_NOT_IN_THE_FILE]


def is_sealed(value: Mapping[str, Any]) -> bool:
    """Whether the body's seal is on the paper."""
    return any(one.get("role") == "seal" for one in value["signatures"])


def keep_paper(  # noqa: PLR0913 (a paper before and after)
    installation: Installation,
    owner: str,
    document: str,
    writer: Identity,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    pdf: bytes | None,
    *,
    must_be_free: Series | None = None,
) -> None:
    """Keep a paper's new file and value; what it brings begins when it is registered.

    Raises:
        ConflictError: somebody else changed the paper meanwhile.
        NumberTakenError: the number of the series ``must_be_free`` was given to another paper meanwhile.
    """
    path = issued_file(installation, str(after["sha256"]), "pdf")
    if pdf is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, pdf)
    with writing(installation.database()):
        if standing_paper(installation, owner, document) != before:
            raise ConflictError("Văn bản vừa được người khác cập nhật; hãy mở lại danh sách văn bản.")
        if must_be_free is not None and after["number"] in used_numbers(installation.database(), must_be_free):
            raise NumberTakenError
        installation.journal().write(writer, document_subject(owner, document), dict(after))
        if after["state"] == "registered" and before["state"] != "registered":
            take_effect(installation, owner, document, writer, after)


def _sealed(installation: Installation, owner: str, value: dict[str, Any]) -> bytes | None:
    """The paper with number, date and seal; its hash and the seal are noted in the value. None without a key."""
    if value.get("sealless"):
        return _numbered(installation, value)
    now = installation.clock()
    pdf = issued_file(installation, value["sha256"], "pdf").read_bytes()
    body = issuer_behind(installation, owner, value.get("issuer"))
    key = seal_key(installation, now, body) if takes_seal(pdf) else None
    if key is None:
        return None
    day = date.fromisoformat(value["date"])
    image = picture(installation, body, "seal_image")
    facts: dict[str, Any] = {"body": body["name"], "number": value["number"], "day": day, "image": image}
    sealed_pdf, level = with_time_stamp(
        installation, now, SEAL, lambda service: sealed(pdf, key, now, **facts, service=service)
    )
    value["sha256"] = hashlib.sha256(sealed_pdf).hexdigest()
    fact = {"name": body["name"], "at": iso(now), "level": level, "role": "seal"}
    value["signatures"] = [*value["signatures"], fact]
    return sealed_pdf


def _numbered(installation: Installation, value: dict[str, Any]) -> bytes | None:
    """The paper that gets no seal with number and date under a time stamp; None where there is none to be had."""
    pdf = issued_file(installation, value["sha256"], "pdf").read_bytes()
    values = blanks_left(value, pdf)
    found = under_time_stamp(installation, installation.clock(), pdf, values) if values else None
    if found is None:
        return None
    stamped, verdict = found
    value["sha256"] = hashlib.sha256(stamped).hexdigest()
    level = levels(verdict).get(LEADER)
    value["signatures"] = [{**one, "level": level or one["level"]} for one in value["signatures"]]
    return stamped
