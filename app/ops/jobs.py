"""What runs every night: scale photos for reports, read evidence back, verify the journal, look after issued papers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from app.evidence.picture import UnreadablePictureError
from app.evidence.storage import EvidenceStorage, damaged
from app.installation import Installation
from app.ops.integrity import verify_journal
from app.papers.archiving import ArchiveReport, look_after
from app.papers.seals import ending_seals
from app.refusals import REFUSALS


@dataclass(frozen=True)
class JobsReport:
    """What was done, and what somebody should look at."""

    scaled: int
    evidence: int
    entries: int
    papers: int
    renewed: tuple[str, ...]
    problems: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def run_jobs(installation: Installation) -> JobsReport:
    """Run all jobs once."""
    storage = EvidenceStorage(installation.evidence_path, installation.database(), installation.clock)
    problems = [f"Minh chứng {digest} bị thiếu hoặc hỏng; hãy khôi phục từ bản sao lưu." for digest in damaged(storage)]
    scaled = sum(scale(storage, digest, problems) for digest in _unscaled(storage))
    verdict = verify_journal(installation)
    archive = _archive(installation)
    count = storage.db.execute("SELECT count(*) FROM files").fetchone()[0]
    told = (*problems, *verdict.problems, *archive.problems, *ending_seals(installation))
    return JobsReport(scaled, count, verdict.entries, archive.papers, tuple(archive.renewed), told)


def _archive(installation: Installation) -> ArchiveReport:
    try:
        return look_after(installation)
    except REFUSALS as error:
        return ArchiveReport(problems=[f"Chưa xem được các văn bản đã ban hành: {error.message}"])


def scale(storage: EvidenceStorage, digest: str, problems: list[str]) -> bool:
    """Make the smaller copy of one photo that reports and screens use; the original stays as it is."""
    try:
        storage.copy(digest)
    except UnreadablePictureError:
        problems.append(f"Ảnh {digest} không đọc được để thu nhỏ; hãy xem lại ảnh gốc.")
        return False
    return True


def _unscaled(storage: EvidenceStorage) -> list[str]:
    rows = storage.db.execute("SELECT sha256 FROM files WHERE type LIKE 'image/%' ORDER BY sha256")
    return [row[0] for row in rows if not storage.scaled_path(row[0]).exists() and storage.path(row[0]).exists()]
