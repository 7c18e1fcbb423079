"""Photos for the renderers: covered copies only, and only of photos that somebody has looked at."""

from __future__ import annotations

from app.errors import NotFoundError
from app.evidence.picture import UnreadablePictureError
from app.evidence.sight import issued_marks
from app.evidence.storage import EvidenceStorage
from app.installation import Installation
from reports.rendering.pictures import PhotoLoader

ON_PAPER = 1000
"""Pixels of a photo's longer side on paper: 330 to the inch at the width of half a page."""


def storage_of(installation: Installation) -> EvidenceStorage:
    """The evidence of an installation."""
    return EvidenceStorage(installation.evidence_path, installation.database(), installation.clock)


def photo_loader(installation: Installation) -> PhotoLoader:
    """Gives the covered copy of a photo; None for one that may not stand on a paper."""
    storage = storage_of(installation)

    def load(sha256: str) -> bytes | None:
        marks = issued_marks(installation.database(), sha256)
        if marks is None:
            return None
        try:
            return storage.copy(sha256, marks, ON_PAPER)
        except (NotFoundError, UnreadablePictureError):
            return None

    return load
