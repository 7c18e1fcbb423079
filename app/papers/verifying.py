"""``kiemtra document verify`` and the page of it: a file's full verdict, held against the journal if there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from app.clock import VIETNAM, system_clock
from app.errors import InvalidInputError
from app.installation import Installation
from app.papers.comparing import JournalOf
from reports.verifying.verdict import Report
from reports.verifying.verify import verify_pdf


@dataclass(frozen=True)
class Verified:
    """A verdict with its sentences for people."""

    report: Report

    @property
    def exit_code(self) -> int:
        """0 valid and unchanged, 1 not, 2 not to be judged."""
        return self.report.exit_code

    def to_json(self) -> dict[str, Any]:
        return self.report.to_json()

    def lines(self) -> list[str]:
        """The verdict in plain Vietnamese, the most important first."""
        report = self.report
        if not report.judged:
            return ["Không kết luận được về tệp này.", *report.reasons]
        told = [_verdict(report), *(_signer(one) for one in report.signers)]
        if report.matches_journal is not None:
            told.append(
                "Bản kê dữ liệu trong tệp khớp với nhật ký của hệ thống."
                if report.matches_journal
                else "Bản kê dữ liệu trong tệp KHÔNG khớp với nhật ký của hệ thống."
            )
        return [*told, *report.reasons]


def _verdict(report: Report) -> str:
    if not report.signers:
        return "Tệp không có chữ ký hợp lệ."
    valid = "Chữ ký hợp lệ" if report.valid else "Chữ ký KHÔNG hợp lệ"
    unchanged = "nội dung nguyên vẹn từ khi ký" if report.unchanged else "nội dung ĐÃ BỊ THAY ĐỔI sau khi ký"
    trusted = "chứng thư được tin cậy" if report.trusted else "chứng thư chưa được tin cậy ở đây"
    return f"{valid}; {unchanged}; {trusted}; mức {report.level or 'không xác định'}."


def _signer(one: Any) -> str:
    when: datetime | None = one.signing_time
    at = f" lúc {when.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if when else ""
    return f"Người ký: {one.name} ({one.organisation}){at}."


def verify_document(installation: Installation | None, path: Path) -> Verified:
    """Judge a file; with an installation also against its journal and the files it issued.

    Raises:
        InvalidInputError: the file cannot be read.
        TrustRootError: a configured root certificate cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"Không đọc được tệp «{path}»: {error.strerror}; hãy kiểm tra đường dẫn.") from error
    return verify_bytes(installation, data)


def verify_bytes(installation: Installation | None, data: bytes) -> Verified:
    """As ``verify_document``, of bytes."""
    if installation is None:
        return Verified(verify_pdf(data, roots=[], at=system_clock()))
    roots = installation.trust_roots()
    issued = issued_hashes(installation)
    return Verified(
        verify_pdf(data, roots=roots, at=installation.clock(), journal=JournalOf(installation), issued_sha256=issued)
    )


def issued_hashes(installation: Installation) -> frozenset[str]:
    """The hashes of all issued files, also of papers before time stamps were added to them for the archive."""
    rows = installation.database().execute("SELECT sha256, value FROM documents WHERE value != 'null'").fetchall()
    return frozenset(digest for row in rows for digest in (row[0], *orjson.loads(row[1]).get("earlier", ())))
