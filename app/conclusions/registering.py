"""The register of outgoing papers: number and date after the signature, and what depends on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from app.clock import local_date
from app.conclusions.gather import setup_of
from app.conclusions.issue import check_number, number_warnings
from app.database import writing
from app.errors import ConflictError, InvalidInputError, NotFoundError
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
    """Write number and date of a signed paper into the journal, and the days that its terms end on.

    Returns:
        Warnings, where the number was given before.

    Raises:
        InvalidInputError: number or date missing or impossible.
        ConflictError: the paper is in the register already.
        NotFoundError: there is no such paper.
    """
    if number is None or issued_on is None:
        raise InvalidInputError("Hãy ghi đủ số và ngày văn bản như trong sổ văn bản đi.")
    db = installation.database()
    check_number(number, issued_on, setup_of(db, inspection), local_date(installation.clock()))
    journal = installation.journal()
    subject = f"inspection/{inspection}/document/{document}"
    with writing(db):
        value = journal.value(subject)
        if value is None:
            raise NotFoundError("Không có văn bản này; hãy mở lại danh sách văn bản.")
        if value["state"] != "signed":
            raise ConflictError("Văn bản này đã vào sổ; số và ngày không sửa được nữa.")
        warnings = number_warnings(installation, value["symbol"], number, issued_on, document)
        new = {**value, "number": number, "date": issued_on.isoformat(), "state": "registered"}
        journal.write(writer, subject, new)
        _start_terms(installation, inspection, document, writer, issued_on)
    return warnings


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
