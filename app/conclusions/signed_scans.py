"""The signed site record on its paper: photos of it, and pages of what an office scanner made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.clock import VIETNAM
from app.errors import NotFoundError
from app.evidence.picture import UnreadablePictureError, compose_here
from app.evidence.scans import page_picture, scan_of
from app.evidence.sight import issued_marks
from app.evidence.storage import EvidenceStorage
from app.inspections.records import SiteRecord
from app.installation import Installation
from app.papers.pictures import ON_PAPER, storage_of
from reports.composing.prose import short_date
from reports.composing.record_paper import ScanFact
from reports.rendering.pictures import PhotoLoader


def moment_on_paper(utc_text: str) -> str:
    """A UTC moment as papers write it: "11 giờ 05 phút, ngày 20/11/2026"; what is none stays as it is."""
    try:
        at = datetime.fromisoformat(utc_text).astimezone(VIETNAM)
    except ValueError:
        return utc_text
    return f"{at:%H} giờ {at:%M} phút, ngày {short_date(at.date())}"


def scan_facts(installation: Installation, record: SiteRecord) -> tuple[ScanFact, ...]:
    """Every file of a record's signed paper, with the pictures that the paper can carry of it."""
    storage = storage_of(installation)
    return tuple(_fact(storage, one, record.shown) for one in record.scans)


def _fact(storage: EvidenceStorage, scan: Mapping[str, Any], shown: str) -> ScanFact:
    file = scan["file"]
    digest, at, current, name = (
        file["sha256"],
        moment_on_paper(scan["at"]),
        scan["shown"] == shown,
        file.get("name", ""),
    )
    if _is_photo(storage, scan):
        return ScanFact((digest,), at, current, name)
    try:
        found = scan_of(storage, digest)
    except NotFoundError:
        return ScanFact((), at, current, name, trouble="tệp chưa về máy chủ.")
    return ScanFact(found.pages, at, current, name, found.count, found.trouble)


def scan_pictures(installation: Installation, record: SiteRecord) -> PhotoLoader:
    """Gives the pictures of this record's signed paper and nothing else."""
    storage = storage_of(installation)
    photos = {one["file"]["sha256"] for one in record.scans if _is_photo(storage, one)}
    papers = {one["file"]["sha256"] for one in record.scans} - photos
    pages = {page: digest for digest in papers for page in _pages(storage, digest)}

    def load(sha256: str) -> bytes | None:
        try:
            if sha256 in pages:
                return page_picture(storage, pages[sha256], sha256)
            marks = issued_marks(installation.database(), sha256) if sha256 in photos else None
            return None if marks is None else storage.copy(sha256, marks)
        except (NotFoundError, UnreadablePictureError):
            return None

    return load


def picture_on_screen(installation: Installation, record: SiteRecord, sha256: str) -> bytes:
    """A picture of this record's signed paper as its preview shows it: a JPEG no larger than on paper.

    Raises:
        NotFoundError: the record's paper carries no such picture.
    """
    data = scan_pictures(installation, record)(sha256)
    if data is None:
        raise NotFoundError("Biên bản không có hình này, hoặc hình chưa được phép in; hãy tải lại trang dự thảo.")
    return compose_here(data, (), ON_PAPER)  # our own JPEG: what came from outside has been drawn in the child


def _is_photo(storage: EvidenceStorage, scan: Mapping[str, Any]) -> bool:
    """By the bytes where they are here, else as the tablet called it."""
    file = scan["file"]
    return (storage.type_of(file["sha256"]) or str(file["type"])).startswith("image/")


def _pages(storage: EvidenceStorage, digest: str) -> tuple[str, ...]:
    try:
        return scan_of(storage, digest).pages
    except NotFoundError:
        return ()
