"""Whose approval is missing: of the conclusion, and of each other paper that goes through the steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.approvals.papers import Paper, paper_of
from app.approvals.queries import Approval, approval_of, goes_through_steps, sentences
from app.approvals.versions import said_parts
from app.errors import NotFoundError, UnprocessableError
from app.installation import Installation
from app.papers.issuing import standing
from app.papers.naming import REPORT


@dataclass(frozen=True)
class Missing:
    """One thing that is missing.

    Attributes:
        who: the shown name of the one it is missing from.
        what: a Vietnamese sentence.
        endpoint: the page where it is done.
        stops: nothing is signed while it is missing: the conclusion, or the paper that ``paper`` names.
        paper: title of the paper beside the conclusion that it is missing for; empty for the conclusion.
        asked: what the page is asked for beside the inspection.
    """

    who: str
    what: str
    endpoint: str
    stops: bool = False
    paper: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)


def of_approval(approval: Approval, secretary: str, paper: Paper | None = None) -> Iterator[Missing]:
    """What keeps one paper from being signed for want of approval; ``paper`` is None for the conclusion."""
    facts: dict[str, Any] = {"endpoint": "approvals.index", "stops": True}
    facts |= {"paper": paper.title, "asked": {"van-ban": paper.about}} if paper else {}
    newest = approval.newest
    if approval.complete:
        return
    if newest is None or not approval.valid:
        for text in sentences(approval):
            yield Missing(secretary, text, **facts)
        return
    for one in newest.stages:
        if one.said is None and not one.signs:
            turn = newest.turn is not None and one.number == newest.turn.number
            state = "đang chờ duyệt" if turn else "chưa đến lượt"
            yield Missing(one.who, f"Bước «{one.step['title']}»: {state}.", **facts)


def of_other_papers(installation: Installation, inspection: str, secretary: str) -> Iterator[Missing]:
    """The delegation's report, reminders and corrections that wait for approval.

    The report is waited for wherever it goes through steps; reminders and corrections once they were submitted, for
    nobody owes one before. What was signed, or prepared to be signed elsewhere, waits no more.
    """
    db = installation.database()
    for about in _wanted(installation, inspection):
        if standing(installation, inspection, about):
            continue
        try:
            paper = paper_of(installation, inspection, about)
        except (NotFoundError, UnprocessableError):
            # What was submitted cannot be issued any more, such as a correction of a paper that was replaced.
            continue
        if goes_through_steps(db, inspection, about, paper.issuer):
            approval = approval_of(db, inspection, said_parts(paper.document), about, paper.issuer)
            yield from of_approval(approval, secretary, paper)


def _wanted(installation: Installation, inspection: str) -> list[str]:
    rows = installation.database().execute(
        "SELECT DISTINCT json_extract(value, '$.about') FROM submissions WHERE inspection = ? ORDER BY 1", [inspection]
    )
    return list(dict.fromkeys([REPORT, *(row[0] for row in rows.fetchall() if row[0])]))
