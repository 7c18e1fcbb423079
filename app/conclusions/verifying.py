"""``kiemtra document verify`` and the page of it: a file's full verdict, held against the journal if there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.clock import VIETNAM, system_clock
from app.errors import InvalidInputError
from app.installation import Installation
from reports.statement import FORMAT
from reports.verdict import Report
from reports.verify import verify_pdf

_MOST_NAMED = 5


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
    rows = installation.database().execute("SELECT sha256 FROM documents WHERE value IS NOT NULL")
    issued = {row[0] for row in rows}
    return Verified(
        verify_pdf(data, roots=roots, at=installation.clock(), journal=JournalOf(installation), issued_sha256=issued)
    )


class JournalOf:
    """Holds a paper's manifest against an installation's journal (``reports.verify.JournalCheck``)."""

    def __init__(self, installation: Installation) -> None:
        self.store = installation.journal().store

    def is_own(self, manifest: dict[str, Any]) -> bool:
        """Whether the manifest says that it was made of this journal; the first manifests do not say of which."""
        head = manifest.get("head")
        named = head.get("journal") if isinstance(head, dict) else None
        return named is None or named == self.store.genesis().hex()

    def compare(self, manifest: dict[str, Any]) -> list[str]:
        """What differs, in Vietnamese; empty where all matches."""
        if manifest.get("format") != FORMAT:
            return ["Bản kê dữ liệu không phải do hệ thống này lập."]
        return [*self._head(manifest["head"]), *self._entries(manifest)]

    def _head(self, head: dict[str, Any]) -> list[str]:
        seq = int(head["seq"])
        if self.store.hash_at(seq) == head["hash"]:
            return []
        if self.store.head().seq < seq:
            return [f"Nhật ký của hệ thống ngắn hơn lúc ký văn bản (thiếu từ ghi nhận {self.store.head().seq + 1})."]
        return [f"Chuỗi băm của nhật ký tại ghi nhận {seq} khác với lúc ký văn bản."]

    def _entries(self, manifest: dict[str, Any]) -> list[str]:
        named = {entry["id"]: entry for finding in manifest["findings"] for entry in finding["entries"]}
        ids = {*named, *manifest["covers"], *(id_ for part in manifest["paragraphs"] for id_ in part["entries"])}
        found = self.store.find(ids)
        missing = sorted(ids - found.keys())
        other = sorted(id_ for id_, entry in named.items() if id_ in found and not _same(entry, found[id_]))
        told = []
        if missing:
            told.append(f"Nhật ký không có {len(missing)} ghi nhận mà văn bản dựa vào ({_few(missing)}).")
        if other:
            told.append(f"{len(other)} ghi nhận có người ghi hoặc thiết bị khác với bản kê ({_few(other)}).")
        return told


def _same(named: dict[str, Any], entry: Any) -> bool:
    return bool(entry.author == named["author"] and entry.device == named["device"])


def _few(ids: list[str]) -> str:
    more = ", …" if len(ids) > _MOST_NAMED else ""
    return ", ".join(ids[:_MOST_NAMED]) + more
