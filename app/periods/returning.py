"""A corrected DOCX of a report over a campaign comes back: its version, its base, taking over what was chosen.

The file says of which report it is and by which day it counted. What a proposed paragraph said then is known where
nothing that the report reads was written since; where something was, the page says that it does not know.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import orjson
from sqlite_utils import Database

from app.conclusions import drafting
from app.conclusions.history import words_at
from app.conclusions.making import Choice
from app.conclusions.making_pages import part_named
from app.conclusions.returning import Choice as Chosen
from app.conclusions.returning import Comparison, Drafted, compare_with, take_each
from app.errors import InvalidInputError, UnprocessableError
from app.installation import Installation
from app.papers.owner import of_campaign
from app.periods.making import Report, ReportDesk, part_subject, report_over, report_parts
from app.periods.span import Span
from reports.composing.docx_back import Base
from reports.composing.parts import Part
from reports.composing.period import period_parts
from reports.incoming.docx_text import DocxText

_MERGED = "Đã gộp vào đoạn khác trong bản Word."
_FIXED = {"opening", "closing", "lead"}
_READ = ("setup", "document", "remedy", "petition")
"""What a report reads of an inspection, beside whether anybody wrote down a result."""


def mark_of(campaign: str, span: Span, day: date) -> str:
    """What the DOCX of a report says of itself: which report, and the day that it counts by."""
    return f"{_report_name(campaign, span)}-{day:%Y%m%d}"


def _report_name(campaign: str, span: Span) -> str:
    told = f"{of_campaign(campaign)}/{span.about}"
    return f"bao-cao-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def compare_report(installation: Installation, campaign: str, span: Span, choice: Choice, data: bytes) -> Comparison:
    """Lay a corrected file beside the report as it stands.

    Args:
        installation: where the facts are.
        campaign: of which campaign.
        span: all of it, or the visits between two days.
        choice: the body and the signer under which the file was downloaded.
        data: the file.

    Raises:
        UnprocessableError: it cannot be read, or it is of another paper; with what to do.
    """

    def drafted(read: DocxText) -> Drafted:
        day = _day_of(read, campaign, span)
        report = report_over(installation, campaign, span, choice)
        bases = _Bases(installation.database(), campaign, span, report, read.seq, day)
        return Drafted(report.paper.document, period_parts(report.facts), bases.finder())

    return compare_with(data, drafted)


def _day_of(read: DocxText, campaign: str, span: Span) -> date | None:
    if not read.draft:
        return None
    found = re.fullmatch(rf"{_report_name(campaign, span)}-(\d{{4}})(\d\d)(\d\d)", read.draft)
    if found is None:
        raise UnprocessableError("Tệp này là dự thảo của văn bản khác; hãy mở đúng báo cáo, đúng kỳ rồi nộp lại.")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


@dataclass(frozen=True)
class _Bases:
    """What the paragraphs said when the journal had ``seq`` entries and the report counted by ``day``."""

    db: Database
    campaign: str
    span: Span
    report: Report
    seq: int | None
    day: date | None

    def finder(self) -> Callable[[Part], Base]:
        proposed = self._proposed()

        def base(part: Part) -> Base:
            if self.seq is None:
                return Base(part.stands, None)
            words = words_at(self.db, part_subject(self.campaign, self.span, part.id), self.seq)
            if words is not None or proposed is None:
                return Base(there=True, text=words)
            return Base(part.id in proposed, proposed.get(part.id))

        return base

    def _proposed(self) -> Mapping[str, str] | None:
        """The proposals of then; None where they may have been others."""
        facts = self.report.facts
        visits = [one.inspection for one in facts.visits]
        if self.seq is None or self.day is None or _moved_on(self.db, self.campaign, visits, self.seq):
            return None
        return {part.id: part.proposed for part in period_parts(replace(facts, today=self.day))}


def _moved_on(db: Database, campaign: str, visits: Sequence[str], seq: int) -> bool:
    """Whether something that the report reads was written after the journal had ``seq`` entries."""
    wanted = orjson.dumps([f"inspection/{one}/{what}" for one in visits for what in _READ]).decode()
    (later,) = db.execute(
        "SELECT EXISTS (SELECT 1 FROM entries e WHERE e.seq > :seq AND (e.subject = 'campaign/' || :campaign "
        "OR e.subject GLOB 'campaign/' || :campaign || '/document/*' OR e.subject GLOB 'unit/*' "
        "OR e.subject GLOB 'issuer/*' OR EXISTS (SELECT 1 FROM json_each(:wanted) w "
        "WHERE e.subject = w.value OR e.subject GLOB w.value || '/*')))",
        {"seq": seq, "campaign": campaign, "wanted": wanted},
    ).fetchone()
    return bool(later) or any(_began_after(db, table, visits, seq) for table in ("answers", "answer_rows", "notes"))


def _began_after(db: Database, table: str, visits: Sequence[str], seq: int) -> bool:
    """Whether an inspection has its first results in a table only since then."""
    query = (
        f"SELECT EXISTS (SELECT 1 FROM {table} WHERE inspection IN (SELECT value FROM json_each(?)) "
        "GROUP BY inspection HAVING min(seq) > ?)"
    )
    (began,) = db.execute(query, [orjson.dumps(list(visits)).decode(), seq]).fetchone()
    return bool(began)


def take_over_report(
    installation: Installation, desk: ReportDesk, span: Span, choices: Sequence[Chosen]
) -> list[tuple[Chosen, str]]:
    """Take over what was chosen, one by one; what was refused comes back with the reason."""
    return take_each(choices, lambda choice: _take(installation, desk, span, choice))


def _take(installation: Installation, desk: ReportDesk, span: Span, choice: Chosen) -> None:
    known = report_parts(installation, desk.campaign, span)
    first, *rest = [part_named(known, id_) for id_ in choice.parts] or [part_named(known, "")]
    if choice.state == "gone":
        drafting.drop(desk, first, choice.reason, _seen_of(first, choice))
        return
    if any(part.kind in _FIXED for part in rest):
        raise InvalidInputError("Đoạn mở đầu, đoạn kết không gộp được; hãy tách lại trong Word rồi nộp lại.")
    drafting.reword(desk, first, choice.text, _seen_of(first, choice))
    for part in rest:
        drafting.drop(desk, part, _MERGED, _seen_of(part, choice))


def _seen_of(part: Part, choice: Chosen) -> list[str]:
    """Of the entries that the page showed, the one of this paragraph."""
    own = part.override.entry if part.override else None
    return [own.id] if own and own.id in choice.seen else []
