"""The report over a campaign as a paper: composed, worded, signed and kept like every other (``issue_paper``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.approvals.queries import counted_by, refuse_unapproved
from app.clock import local_date
from app.conclusions.drafting import Desk
from app.conclusions.making import Choice
from app.errors import UnprocessableError
from app.identity import Identity
from app.installation import Installation
from app.papers.issuing import (
    Composed,
    Kept,
    check_number,
    issue_paper,
    name_of_registered,
    next_version,
    refuse_replacing,
)
from app.papers.owner import of_campaign, own_issuer
from app.periods.checking import PeriodRemark, remarks
from app.periods.gather import period_facts
from app.periods.span import Span, span_of
from reports.composing.parts import Part
from reports.composing.period import compose_period, covers, period_parts
from reports.composing.period_facts import PeriodFacts
from reports.document import Document


@dataclass(frozen=True)
class ReportDesk(Desk):
    """Where somebody words a campaign's report; ``about`` names which."""

    campaign: str = ""
    about: str = ""

    def write(self, part: str, value: Mapping[str, Any] | None, seen: Sequence[str] | None) -> None:
        """As for a conclusion, below the campaign."""
        subject = part_subject(self.campaign, span_of(self.about), part)
        self.journal.write(self.who, subject, value, supersedes=seen)


def part_subject(campaign: str, span: Span, part: str) -> str:
    """The subject of what is said of one of a report's paragraphs."""
    return f"campaign/{campaign}/report/{span.about}/{part}"


@dataclass(frozen=True)
class Report:
    """The report as it stands, read once: what it is composed from, what its signer should know, the paper."""

    facts: PeriodFacts
    remarks: Sequence[PeriodRemark]
    paper: Composed


def report_over(installation: Installation, campaign: str, span: Span, choice: Choice, *, draft: bool = True) -> Report:
    """The report as it stands.

    Args:
        installation: where the facts are.
        campaign: of which campaign.
        span: all of it, or the visits between two days.
        choice: issuing body (empty: the campaign's own), signer, number and day. Without ``as_of`` it counts by today,
            or by the day of its submission while it still says what was submitted.
        draft: marked "DỰ THẢO" with its version.
    """
    owner, db = of_campaign(campaign), installation.database()
    choice = replace(choice, as_of=choice.as_of or _counted_by(installation, campaign, span, choice))
    facts = _facts(installation, campaign, span, choice, draft=draft)
    told = remarks(installation, facts)
    issuer = "" if choice.issuer == own_issuer(db, owner) else choice.issuer
    paper = Composed(
        owner,
        compose_period(facts),
        issuer,
        span.about,
        covers=sorted(covers(facts)),
        head=facts.head,
        remarks=[one.to_value() for one in told],
    )
    return Report(facts, told, paper)


def _counted_by(installation: Installation, campaign: str, span: Span, choice: Choice) -> date:
    def composed(day: date) -> Document:
        return compose_period(_facts(installation, campaign, span, replace(choice, as_of=day), draft=True))

    return counted_by(installation, of_campaign(campaign), span.about, composed)


def _facts(installation: Installation, campaign: str, span: Span, choice: Choice, *, draft: bool) -> PeriodFacts:
    owner = of_campaign(campaign)
    return replace(
        period_facts(installation, campaign, span, issuer=choice.issuer, signer=choice.signer),
        today=choice.as_of or local_date(installation.clock()),
        number=choice.number,
        issued_on=choice.issued_on,
        draft=next_version(installation, owner, span.about) if draft else "",
        replaces=name_of_registered(installation, owner, span.about),
    )


def report_parts(installation: Installation, campaign: str, span: Span) -> tuple[Part, ...]:
    """The report's paragraphs, which may be reworded."""
    return period_parts(_facts(installation, campaign, span, Choice(), draft=True))


def issue_report_over(  # noqa: PLR0913 (the signer's own choices)
    installation: Installation,
    campaign: str,
    span: Span,
    writer: Identity,
    choice: Choice,
    *,
    elsewhere: bool = False,
    replaces: str = "",
    reason: str = "",
) -> Kept:
    """Sign the report and keep it, or prepare it to be signed elsewhere.

    Args:
        installation: where the facts are and the paper is kept.
        campaign: of which campaign.
        span: all of it, or the visits between two days.
        writer: who issues it.
        choice: issuing body, signer, number and day.
        elsewhere: it is signed with the agency's own tool.
        replaces: id of the registered report of the same span that this one takes the place of, once it is registered.
        reason: why; kept with the paper.

    Raises:
        UnprocessableError: something keeps it from being issued, with the reason, it is not approved, or it is in the
            register already.
        InvalidInputError: number without day, a day that cannot be, or a replacement without a reason.
        SigningError: the key cannot sign; nothing was written.
    """
    check_number(choice.number, choice.issued_on, {}, local_date(installation.clock()))
    refuse_replacing(installation, of_campaign(campaign), span.about, replaces, reason)
    report = report_over(installation, campaign, span, choice, draft=False)
    stopping = [one.text for one in report.remarks if one.level == "block"]
    if stopping:
        raise UnprocessableError(f"Chưa ban hành được: {' '.join(stopping)}", reasons=stopping)
    paper = replace(report.paper, replaces=replaces, reason=reason)
    refuse_unapproved(installation, paper.owner, paper.about, paper.document, paper.issuer)
    return issue_paper(installation, paper, writer, signer=choice.signer, elsewhere=elsewhere)
