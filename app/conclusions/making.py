"""The papers of an inspection beside its conclusion: the delegation's report, site records, reminders.

Each is composed from the journal, drafted, signed, registered and replaced like the conclusion (``issue_paper``); the
journal keeps all of them under ``inspection/<id>/document/<id>``, and ``about`` says which paper it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlite_utils import Database

from app.approvals.queries import counted_by, refuse_unapproved
from app.clock import local_date
from app.conclusions.gather import gather, journal_head
from app.conclusions.issue import confirmed_outstanding
from app.conclusions.signed_scans import moment_on_paper, scan_facts, scan_pictures
from app.errors import NotFoundError, UnprocessableError
from app.identity import Identity
from app.inspections.bundle import fact_day
from app.inspections.progress import Scope, asked, sites_of
from app.inspections.queries import setup_of, unit_of
from app.inspections.records import ROLE_LABELS, SiteRecord, entries_after, records_of
from app.installation import Installation
from app.papers.issuing import (
    Composed,
    Kept,
    check_number,
    issue_paper,
    issuer_behind,
    name_of_registered,
    next_version,
    refuse_replacing,
    standing,
)
from app.papers.naming import REPORT, document_name
from app.remedies.lists import Remedy, remedies_of
from app.units.facts import issuer_fact
from reports.composing.facts import ConclusionFacts, Override
from reports.composing.letter import OpenRequirement, ReminderFacts, reminder, reminder_parts
from reports.composing.parts import Part
from reports.composing.prose import expand
from reports.composing.record_paper import DrawnFact, RecordFacts, compose_record
from reports.composing.report import RecordFact, ReportFacts, VisitFact, compose_report, own_parts
from reports.composing.statement import FORMAT
from reports.document import Document, DocumentKind, Drawing, Letterhead

RECORD = "bien-ban."
REMINDER = "don-doc."
_SYMBOLS = {DocumentKind.REPORT: "Báo cáo", DocumentKind.LETTER: "Công văn", DocumentKind.MINUTES: "Biên bản"}


@dataclass(frozen=True)
class Choice:
    """What the drafter chose: which body issues (empty: the inspection's own), who signs, number and day if given.

    ``as_of`` is the day by which a reminder counts what is overdue.
    """

    issuer: str = ""
    signer: int = 0
    number: int | None = None
    issued_on: date | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class Possible:
    """A paper that can be made, or was made already: ``state`` is that of the one that stands."""

    about: str
    kind: str
    title: str
    hint: str = ""
    state: str = ""


def possible_papers(installation: Installation, inspection: str) -> list[Possible]:
    """The papers of an inspection beside its conclusion that can be made now."""
    return [
        replace(one, state=_state(installation, inspection, one.about)) for one in _possible(installation, inspection)
    ]


def _possible(installation: Installation, inspection: str) -> Iterator[Possible]:
    db = installation.database()
    for record in records_of(db, inspection):
        if record.is_read:
            day = moment_of(record.value.get("started_at"))
            yield Possible(f"{RECORD}{record.id}", "BB", record.title, f"Bắt đầu {day}" if day else "")
    hint = "Gửi cơ quan thành lập Đoàn; kèm kết quả từng nội dung và các yêu cầu đề xuất"
    yield Possible(REPORT, "BC", "Báo cáo kết quả kiểm tra của Đoàn", hint)
    number = _next_reminder(installation, inspection)
    for earlier in range(1, number):
        yield Possible(f"{REMINDER}{earlier}", "CV", f"Công văn đôn đốc lần {earlier}")
    open_ = [one for one in _of_the_unit(db, inspection) if not one.done]
    if open_ and _asking_paper(installation, inspection) is not None:
        hint = f"Còn {len(open_):02d} yêu cầu chưa hoàn thành"
        yield Possible(f"{REMINDER}{number}", "CV", f"Công văn đôn đốc lần {number}", hint)


def _state(installation: Installation, inspection: str, about: str) -> str:
    found = standing(installation, inspection, about)
    return found[-1][1]["state"] if found else ""


def _next_reminder(installation: Installation, inspection: str) -> int:
    """The first reminder that is not in the register yet."""
    number = 1
    while _state(installation, inspection, f"{REMINDER}{number}") == "registered":
        number += 1
    return number


def compose_paper(
    installation: Installation, inspection: str, about: str, choice: Choice, *, draft: bool = True
) -> Composed:
    """One of an inspection's papers as it stands.

    Args:
        installation: where the facts are.
        inspection: whose paper.
        about: which paper.
        choice: issuing body, signer, number and day.
        draft: marked "DỰ THẢO" with its version.

    Raises:
        NotFoundError: there is no such paper.
    """
    version = next_version(installation, inspection, about) if draft else ""
    own = setup_of(installation.database(), inspection)["issuer"]
    choice = replace(choice, issuer="" if choice.issuer == own else choice.issuer)
    if about == REPORT:
        return _report(installation, inspection, choice, version)
    if about.startswith(RECORD):
        return _record(installation, inspection, about, choice, version)
    if re.fullmatch(rf"{re.escape(REMINDER)}[1-9]\d?", about):
        choice = replace(choice, as_of=day_counted(installation, inspection, about, choice))
        return _reminder(installation, inspection, about, choice, version)
    raise NotFoundError("Không có loại văn bản này; hãy mở lại danh sách văn bản của cuộc kiểm tra.")


def day_counted(installation: Installation, inspection: str, about: str, choice: Choice) -> date | None:
    """The day by which a reminder counts; None for papers that count no days."""
    if not about.startswith(REMINDER):
        return None

    def composed(day: date) -> Document:
        return _reminder(installation, inspection, about, replace(choice, as_of=day), "").document

    return counted_by(installation, inspection, about, composed)


def parts_of_paper(installation: Installation, inspection: str, about: str, choice: Choice) -> tuple[Part, ...]:
    """The paper's own paragraphs, which the lead may reword; a site record has none."""
    if about == REPORT:
        return own_parts(_report_facts(installation, inspection, choice))
    if about.startswith(REMINDER):
        choice = replace(choice, as_of=day_counted(installation, inspection, about, choice))
        return reminder_parts(_reminder_facts(installation, inspection, int(about.removeprefix(REMINDER)), choice))
    return ()


def issue_other(  # noqa: PLR0913 (the signer's own choices)
    installation: Installation,
    inspection: str,
    about: str,
    writer: Identity,
    choice: Choice,
    *,
    confirmed: str = "",
    elsewhere: bool = False,
    replaces: str = "",
    reason: str = "",
) -> Kept:
    """Sign one of an inspection's papers and keep it, or prepare it to be signed elsewhere.

    Raises:
        OutstandingError: the report, while something is on tablets and ``confirmed`` does not say so.
        UnprocessableError: something keeps the paper from being issued, with the reason.
        InvalidInputError: number without day, a day that cannot be, or a replacement without a reason.
        SigningError: the key cannot sign; nothing was written.
    """
    refuse_replacing(installation, inspection, about, replaces, reason)
    today = local_date(installation.clock())
    check_number(choice.number, choice.issued_on, setup_of(installation.database(), inspection), today)
    outstanding = confirmed_outstanding(installation, inspection, confirmed) if about == REPORT else ""
    paper = compose_paper(installation, inspection, about, choice, draft=False)
    _refuse_unready(installation, inspection, paper)
    refuse_unapproved(installation, inspection, about, paper.document, paper.issuer)
    signer = -1 if about.startswith(RECORD) else choice.signer
    paper = replace(paper, replaces=replaces, reason=reason)
    return issue_paper(installation, paper, writer, signer=signer, outstanding=outstanding, elsewhere=elsewhere)


def _refuse_unready(installation: Installation, inspection: str, paper: Composed) -> None:
    kind = paper.document.kind
    if not paper.document.symbol:
        raise UnprocessableError(
            f"Cơ quan ban hành chưa có ký hiệu {_SYMBOLS[kind]}; hãy ghi ở trang «Cơ quan ban hành» rồi lập lại."
        )
    if kind is DocumentKind.MINUTES:
        record = record_of(installation, inspection, paper.about)
        if not record.is_read or record.mismatch or record.disputed:
            raise UnprocessableError(
                "Biên bản chưa đọc lại, có hai bản khác nhau hoặc nội dung không khớp mã đã đọc; hãy hoàn thành trên "
                "máy tính bảng trước khi ký số."
            )
    if kind is DocumentKind.LETTER and not any(annex.blocks for annex in paper.document.annexes):
        raise UnprocessableError("Mọi yêu cầu đã hoàn thành, không còn nội dung nào để đôn đốc.")


def _report(installation: Installation, inspection: str, choice: Choice, version: str) -> Composed:
    facts = _report_facts(installation, inspection, choice)
    told = replace(facts.conclusion, number=choice.number, issued_on=choice.issued_on, draft=version)
    document = compose_report(replace(facts, conclusion=told))
    return Composed(inspection, document, choice.issuer, REPORT, told.covers, told.head)


def _report_facts(installation: Installation, inspection: str, choice: Choice) -> ReportFacts:
    body = issuer_behind(installation, inspection, choice.issuer)
    facts = gather(installation, inspection)
    fact = issuer_fact(body, DocumentKind.REPORT.value, choice.signer)
    replaces = name_of_registered(installation, inspection, REPORT)
    return ReportFacts(facts, fact, _visit(installation, inspection, facts), replaces)


def _visit(installation: Installation, inspection: str, facts: ConclusionFacts) -> VisitFact:
    db = installation.database()
    setup = setup_of(db, inspection)
    unit = unit_of(db, setup["unit"])
    scope = Scope(inspection, setup, unit["name"], unit.get("level", ""), fact_day(setup, facts.inspection.day))
    places = [
        max(1, len(sites_of(item, scope.sites))) for one in asked(installation.library(), scope) for item in one.items
    ]
    evidence = {one.id: one for finding in facts.findings for one in finding.evidence}.values()
    return VisitFact(
        sites=tuple(expand(site["name"]) for site in scope.sites),
        members=len(setup.get("members", ())),
        records=tuple(_record_fact(one) for one in records_of(db, inspection) if one.is_read),
        asked=sum(places),
        files=sum(one.sha256 is not None for one in evidence),
        papers=sum(one.paper is not None for one in evidence),
    )


def _record_fact(record: SiteRecord) -> RecordFact:
    started = record.value.get("started_at") or ""
    day = date.fromisoformat(started[:10]) if started else None
    return RecordFact(record.title, day, record.value.get("place", ""))


def record_of(installation: Installation, inspection: str, about: str) -> SiteRecord:
    """The site record that a paper is about.

    Raises:
        NotFoundError: there is none.
    """
    id_ = about.removeprefix(RECORD)
    for record in records_of(installation.database(), inspection):
        if record.id == id_:
            return record
    raise NotFoundError("Không có biên bản này; hãy mở lại danh sách biên bản.")


def _record(installation: Installation, inspection: str, about: str, choice: Choice, version: str) -> Composed:
    record = record_of(installation, inspection, about)
    facts = replace(
        record_facts(installation, inspection, record),
        number=choice.number,
        issued_on=choice.issued_on,
        draft=version,
    )
    document = compose_record(facts)
    covers = sorted({record.entry, *facts.covers})
    head = dict(facts.head or {})
    photos = scan_pictures(installation, record)
    return Composed(inspection, document, choice.issuer, about, covers, head, photos=photos)


def record_facts(installation: Installation, inspection: str, record: SiteRecord) -> RecordFacts:
    """A site record as its paper tells it."""
    db, value = installation.database(), record.value
    head = value.get("letterhead") or {}
    unit = unit_of(db, setup_of(db, inspection)["unit"])
    read, started = value.get("read"), value.get("started_at") or ""
    return RecordFacts(
        inspection=inspection,
        lines=tuple((line.style, line.text) for line in record.lines),
        letterhead=Letterhead(head.get("body", ""), head.get("superior", ""), name=value.get("team", "")),
        symbol=head.get("symbol", ""),
        shown=record.shown,
        read=f"{read['by']} đọc lại lúc {moment_on_paper(read['at'])}" if read else "",
        printed=moment_on_paper(value["printed_at"]) if value.get("printed_at") else "",
        changes=record.earlier,
        after=len(entries_after(db, inspection, [record])) if read else 0,
        signatures=tuple(_drawn(one) for one in record.signatures),
        scans=scan_facts(installation, record),
        unit={"id": unit["id"], "name": unit["name"]},
        covers=tuple(value.get("covers", ())),
        entry=record.entry,
        head=journal_head(installation),
        held_on=date.fromisoformat(started[:10]) if started else None,
        year=int(started[:4]) if started else local_date(installation.clock()).year,
    )


def _drawn(one: Mapping[str, Any]) -> DrawnFact:
    drawing = Drawing(tuple(tuple(stroke) for stroke in one["strokes"]), one.get("height") or 400)
    role = ROLE_LABELS.get(one["role"], one["role"])
    return DrawnFact(one["name"], one["role"], role, moment_on_paper(one["at"]), one["current"], drawing)


def moment_of(local: str | None) -> str:
    """``2026-11-20T08:05`` as ``08:05 20/11/2026``."""
    if not local:
        return ""
    day, _, hour = local.partition("T")
    return f"{hour} {date.fromisoformat(day):%d/%m/%Y}".strip()


def _reminder(installation: Installation, inspection: str, about: str, choice: Choice, version: str) -> Composed:
    facts = _reminder_facts(installation, inspection, int(about.removeprefix(REMINDER)), choice)
    facts = replace(facts, number=choice.number, issued_on=choice.issued_on, draft=version)
    covers = sorted({entry for one in facts.wanted for entry in one.entries})
    head = journal_head(installation)
    db = installation.database()
    unit = unit_of(db, setup_of(db, inspection)["unit"])
    parts = [part for part in reminder_parts(facts) if part.stands]
    told = {
        "format": FORMAT,
        "inspection": inspection,
        "unit": {"id": unit["id"], "name": unit["name"]},
        "kind": DocumentKind.LETTER.value,
        "head": head,
        "paragraphs": [
            {"id": part.id, "text": part.text, "edited": part.edited, "rests_on": [], "entries": covers}
            for part in parts
        ],
        "findings": [],
        "covers": covers,
    }
    return Composed(inspection, reminder(facts, told), choice.issuer, about, covers, head)


def _reminder_facts(installation: Installation, inspection: str, number: int, choice: Choice) -> ReminderFacts:
    db = installation.database()
    found = _asking_paper(installation, inspection)
    if found is None:
        raise UnprocessableError("Chưa có kết luận nào vào sổ; chỉ đôn đốc được yêu cầu của văn bản đã ban hành.")
    body = issuer_behind(installation, inspection, choice.issuer)
    today = choice.as_of or local_date(installation.clock())
    remedies = _of_the_unit(db, inspection)
    wanted = [one for one in remedies if not one.done]
    overrides = gather(installation, inspection).overrides
    return ReminderFacts(
        issuer=issuer_fact(body, DocumentKind.LETTER.value, choice.signer),
        unit=expand(unit_of(db, setup_of(db, inspection)["unit"])["name"]),
        paper=document_name(found),
        wanted=tuple(_open(installation, one) for one in wanted),
        today=today,
        number_of=number,
        total=len(remedies),
        earlier=tuple(_earlier_reminders(installation, inspection, number)),
        overrides=_of_letter(overrides),
        year=today.year,
    )


def _of_the_unit(db: Database, inspection: str) -> list[Remedy]:
    """What the unit itself was asked and still has to do or did: the letter goes to the unit."""
    return [one for one in remedies_of(db, [inspection]) if one.of_unit and not one.ended]


def _of_letter(overrides: Mapping[str, Override]) -> dict[str, Override]:
    return {id_: one for id_, one in overrides.items() if id_.startswith("cv.")}


def _asking_paper(installation: Installation, inspection: str) -> dict[str, Any] | None:
    """The conclusion that is in the register."""
    found = [value for _, value in standing(installation, inspection) if value["state"] == "registered"]
    return found[-1] if found else None


def _earlier_reminders(installation: Installation, inspection: str, number: int) -> Iterator[str]:
    for earlier in range(1, number):
        for _, value in standing(installation, inspection, f"{REMINDER}{earlier}"):
            if value["state"] == "registered":
                yield document_name(value)


def _open(installation: Installation, one: Remedy) -> OpenRequirement:
    value = one.value
    due = date.fromisoformat(value["due"]) if value.get("due") else None
    subject = f"inspection/{one.inspection}/remedy/{one.remedy}"
    entries = tuple(entry.id for entry in installation.journal().current(subject))
    return OpenRequirement(value["text"], one.term, due, one.state_label, entries)
