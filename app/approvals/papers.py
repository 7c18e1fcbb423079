"""What goes through the approval: the conclusion, another of the inspection's papers, or a campaign's report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.approvals.queries import newest_submission
from app.conclusions.issue import draft_document
from app.conclusions.making import Choice, compose_paper, day_counted, possible_papers
from app.errors import NotFoundError
from app.installation import Installation
from app.papers.correcting import ABOUT as CORRECTION
from app.papers.correcting import correction
from app.papers.issuing import Composed
from app.papers.naming import OVER_CAMPAIGN, REPORT
from app.papers.owner import campaign_of
from app.periods.making import report_over
from app.periods.span import span_of
from reports.composing.prose import inside
from reports.document import Document

PAPERS = (
    (REPORT, "Báo cáo kết quả kiểm tra của Đoàn"),
    ("don-doc", "Công văn đôn đốc"),
    (CORRECTION, "Công văn đính chính"),
)
"""The papers that may go through the steps of an inspection's conclusion too."""
PAPERS_OF_BODY = (*PAPERS, (OVER_CAMPAIGN, "Báo cáo tổng hợp của đợt kiểm tra"))
"""Those that may go through the steps of an issuing body."""
PAPERS_OF_CAMPAIGN = ((CORRECTION, "Công văn đính chính"),)
"""Those that may go through the steps of a campaign's reports too."""


@dataclass(frozen=True)
class Paper:
    """One paper as it stands.

    Attributes:
        about: which one; empty for the conclusion.
        title: what people call it.
        document: what it says.
        issuer: the body that issues it, empty where it is the owner's own.
        choice: what it was composed with, as a submission keeps it.
    """

    about: str
    title: str
    document: Document
    issuer: str = ""
    choice: Mapping[str, Any] | None = None


def paper_of(installation: Installation, owner: str, about: str, issuer: str | None = None) -> Paper:
    """A paper of an inspection or a campaign.

    Args:
        installation: where the facts are.
        owner: whose paper.
        about: which paper; empty for the conclusion, or for the report over all of a campaign.
        issuer: the body that is chosen on the page; None for the one that it was submitted with.

    Raises:
        NotFoundError: there is no such paper.
    """
    campaign = campaign_of(owner)
    if not about and campaign is None:
        return Paper("", "Dự thảo kết luận", draft_document(installation, owner)[1])
    about = about or OVER_CAMPAIGN
    told = newest_submission(installation.database(), owner, about).get("choice") or {}
    if about.startswith(CORRECTION):
        return _letter(installation, owner, about, told)
    choice = Choice(issuer=told.get("issuer") or "" if issuer is None else issuer)
    if campaign is not None:
        return _report_over(installation, campaign, about, choice)
    made = compose_paper(installation, owner, about, choice)
    named = {one.about: one.title for one in possible_papers(installation, owner)}
    kept = _kept(made, day_counted(installation, owner, about, choice))
    return Paper(about, named.get(about, made.document.subject), made.document, made.issuer, kept)


def _report_over(installation: Installation, campaign: str, about: str, choice: Choice) -> Paper:
    span = span_of(about)
    report = report_over(installation, campaign, span, choice)
    title = "Báo cáo tổng hợp" if span.since is None else f"Báo cáo tổng hợp {inside(span.name)}"
    made = report.paper
    return Paper(about, title, made.document, made.issuer, _kept(made, report.facts.today))


def _kept(made: Composed, day: date | None) -> dict[str, Any]:
    return {"issuer": made.issuer or None, "as_of": day.isoformat() if day else None}


def _letter(installation: Installation, owner: str, about: str, told: dict[str, Any]) -> Paper:
    """A công văn đính chính lives in what was submitted: until then it is only typed."""
    if not told.get("corrects"):
        raise NotFoundError("Công văn đính chính này chưa được trình; hãy lập ở trang «Hồ sơ văn bản».")
    value, letter = correction(installation, owner, told["corrects"], told["lines"])
    return Paper(about, letter.subject, letter, value.get("issuer") or "", told)
