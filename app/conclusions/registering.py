"""The register of outgoing papers: number, date and the body's seal after the signature, and what depends on them.

Where the installation has the seal's key, number and date go into the paper's fields and the seal is put on in the
same update. Otherwise the journal alone has them until the sealed file comes back (``app/conclusions/outside.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from app.clock import iso, local_date
from app.conclusions.gather import setup_of
from app.conclusions.issue import LEVEL, check_number, issued_file, issuer_behind, number_warnings
from app.conclusions.signing import picture, seal_key, sealed, takes_seal
from app.database import writing
from app.errors import ConflictError, InvalidInputError, NotFoundError, UnprocessableError
from app.files import write_atomically
from app.identity import Identity
from app.installation import Installation
from reports.prose import due_day


def register(  # noqa: PLR0913 (the register's own columns)
    installation: Installation,
    inspection: str,
    document: str,
    writer: Identity,
    *,
    number: int | None,
    issued_on: date | None,
) -> list[str]:
    """Write number and date of a signed paper into its fields and the journal, with the days that its terms end on.

    Returns:
        Warnings, where the number was given before.

    Raises:
        InvalidInputError: number or date missing or impossible.
        ConflictError: the paper is in the register already.
        NotFoundError: there is no such paper.
        SigningError: the seal's key cannot sign; nothing was written.
    """
    if number is None or issued_on is None:
        raise InvalidInputError("Hãy ghi đủ số và ngày văn bản như trong sổ văn bản đi.")
    db = installation.database()
    check_number(number, issued_on, setup_of(db, inspection), local_date(installation.clock()))
    value = standing_paper(installation, inspection, document)
    if value["state"] != "signed":
        raise ConflictError("Văn bản này đã vào sổ; số và ngày không sửa được nữa.")
    if value["number"] and (value["number"], value["date"]) != (number, issued_on.isoformat()):
        raise InvalidInputError(
            f"Văn bản đã ghi số {value['number']:02d}, ngày {value['date']}; hãy vào sổ đúng số và ngày đó."
        )
    warnings = number_warnings(installation, value["symbol"], number, issued_on, document)
    new = {**value, "number": number, "date": issued_on.isoformat(), "state": "registered"}
    pdf = _sealed(installation, inspection, new)
    keep_paper(installation, inspection, document, writer, value, new, pdf)
    return warnings


def standing_paper(installation: Installation, inspection: str, document: str) -> dict[str, Any]:
    """A paper's value.

    Raises:
        NotFoundError: there is no such paper.
    """
    value: dict[str, Any] | None = installation.journal().value(f"inspection/{inspection}/document/{document}")
    if value is None:
        raise NotFoundError("Không có văn bản này; hãy mở lại danh sách văn bản.")
    return value


def seal(installation: Installation, inspection: str, document: str, writer: Identity) -> None:
    """Put the body's seal on a paper that went into the register without it (number given before the signature).

    Raises:
        ConflictError: it has its seal, or waits for the register.
        UnprocessableError: there is no key for it here, or no field.
        SigningError: the key cannot sign.
    """
    value = standing_paper(installation, inspection, document)
    if value["state"] != "registered" or is_sealed(value):
        raise ConflictError("Văn bản này đã có dấu hoặc chưa vào sổ; hãy mở lại danh sách văn bản.")
    new = dict(value)
    pdf = _sealed(installation, inspection, new)
    if pdf is None:
        raise UnprocessableError(
            "Máy chủ không có khóa con dấu hoặc tệp không có ô đóng dấu; hãy tải tệp về, đóng dấu bằng công cụ ký số "
            "của cơ quan rồi nộp lại."
        )
    keep_paper(installation, inspection, document, writer, value, new, pdf)


def is_sealed(value: Mapping[str, Any]) -> bool:
    """Whether the body's seal is on the paper."""
    return any(one.get("role") == "seal" for one in value["signatures"])


def keep_paper(  # noqa: PLR0913 (a paper before and after)
    installation: Installation,
    inspection: str,
    document: str,
    writer: Identity,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    pdf: bytes | None,
) -> None:
    """Keep a paper's new file and value; terms in days begin when it gets its date.

    Raises:
        ConflictError: somebody else changed the paper meanwhile.
    """
    path = issued_file(installation, str(after["sha256"]), "pdf")
    if pdf is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, pdf)
    with writing(installation.database()):
        if standing_paper(installation, inspection, document) != before:
            raise ConflictError("Văn bản vừa được người khác cập nhật; hãy mở lại danh sách văn bản.")
        installation.journal().write(writer, f"inspection/{inspection}/document/{document}", dict(after))
        if after["date"] and not before["date"]:
            _start_terms(installation, inspection, document, writer, date.fromisoformat(str(after["date"])))


def _sealed(installation: Installation, inspection: str, value: dict[str, Any]) -> bytes | None:
    """The paper with number, date and seal; its hash and the seal are noted in the value. None without a key."""
    now = installation.clock()
    pdf = issued_file(installation, value["sha256"], "pdf").read_bytes()
    key = seal_key(installation, now)
    if key is None or not takes_seal(pdf):
        return None
    body = issuer_behind(installation, inspection, value.get("issuer"))
    day = date.fromisoformat(value["date"])
    image = picture(installation, body, "seal_image")
    sealed_pdf = sealed(pdf, key, now, body=body["name"], number=value["number"], day=day, image=image)
    value["sha256"] = hashlib.sha256(sealed_pdf).hexdigest()
    fact = {"name": body["name"], "at": iso(now), "level": LEVEL, "role": "seal"}
    value["signatures"] = [*value["signatures"], fact]
    return sealed_pdf


def _start_terms(installation: Installation, inspection: str, document: str, writer: Identity, day: date) -> None:
    rows = (
        installation.database()
        .execute("SELECT remedy, value FROM remedies WHERE inspection = ? AND document = ?", [inspection, document])
        .fetchall()
    )
    for row in rows:
        value: dict[str, Any] = orjson.loads(row["value"])
        due = due_day(f"{value.get('deadline_text', '')}. {value['text']}", day)
        if value.get("due") is None and due is not None:
            subject = f"inspection/{inspection}/remedy/{row['remedy']}"
            installation.journal().write(writer, subject, {**value, "due": due.isoformat()})
