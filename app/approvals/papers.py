"""What goes through the approval: the conclusion, or another of the inspection's papers, as it was submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.approvals.queries import newest_submission
from app.conclusions.issue import draft_document
from app.conclusions.making import Choice, compose_paper, counted_by, possible_papers
from app.errors import NotFoundError
from app.installation import Installation
from app.papers.correcting import ABOUT as CORRECTION
from app.papers.correcting import correction
from app.papers.naming import REPORT
from reports.document import Document

PAPERS = (
    (REPORT, "Báo cáo kết quả kiểm tra của Đoàn"),
    ("don-doc", "Công văn đôn đốc"),
    ("dinh-chinh", "Công văn đính chính"),
)
"""The papers that may go through the conclusion's steps too."""


@dataclass(frozen=True)
class Paper:
    """One paper as it stands.

    Attributes:
        about: which one; empty for the conclusion.
        title: what people call it.
        document: what it says.
        issuer: the body that issues it, empty where it is the inspection's own.
        choice: what it was composed with, as a submission keeps it.
    """

    about: str
    title: str
    document: Document
    issuer: str = ""
    choice: Mapping[str, Any] | None = None


def paper_of(installation: Installation, inspection: str, about: str, issuer: str | None = None) -> Paper:
    """A paper of an inspection.

    Args:
        installation: where the facts are.
        inspection: whose paper.
        about: which paper.
        issuer: the body that is chosen on the page; None for the one that it was submitted with.

    Raises:
        NotFoundError: there is no such paper.
    """
    if not about:
        return Paper("", "Dự thảo kết luận", draft_document(installation, inspection)[1])
    told = newest_submission(installation.database(), inspection, about).get("choice") or {}
    if about.startswith(CORRECTION):
        return _letter(installation, inspection, about, told)
    choice = Choice(issuer=told.get("issuer") or "" if issuer is None else issuer)
    made = compose_paper(installation, inspection, about, choice)
    named = {one.about: one.title for one in possible_papers(installation, inspection)}
    day = counted_by(installation, inspection, about, choice)
    kept = {"issuer": made.issuer or None, "as_of": day.isoformat() if day else None}
    return Paper(about, named.get(about, made.document.subject), made.document, made.issuer, kept)


def _letter(installation: Installation, inspection: str, about: str, told: dict[str, Any]) -> Paper:
    """A công văn đính chính lives in what was submitted: until then it is only typed."""
    if not told.get("corrects"):
        raise NotFoundError("Công văn đính chính này chưa được trình; hãy lập ở trang «Hồ sơ văn bản».")
    value, letter = correction(installation, inspection, told["corrects"], told["lines"])
    return Paper(about, letter.subject, letter, value.get("issuer") or "", told)
