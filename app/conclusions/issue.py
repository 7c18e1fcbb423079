"""The conclusion of an inspection: its draft, its issue after the check before signing, its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from app.clock import local_date
from app.conclusions.checking import Checks, check
from app.conclusions.gather import gather, issuing_inspection, outstanding_for
from app.errors import UnprocessableError
from app.files import write_atomically
from app.identity import Identity
from app.inspections.queries import setup_of
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
from app.papers.naming import stem_of_document
from app.papers.pictures import photo_loader
from app.text import slug
from reports.composing.asking import asks_in_words
from reports.composing.conclusion import compose, plan
from reports.composing.facts import ConclusionFacts
from reports.composing.remedy_list import spreadsheet, title
from reports.composing.requirements import Requirement
from reports.document import Document
from reports.rendering.docx import render_docx
from reports.rendering.pdf import render_pdf


class OutstandingError(UnprocessableError):
    """Something is still on tablets, and the signer has not said that he knows what."""

    code = "outstanding"


@dataclass(frozen=True)
class Issued(Kept):
    """An issued conclusion, with what it was composed from."""

    facts: ConclusionFacts = field(kw_only=True)


def issue(  # noqa: PLR0913 (the signer's own choices)
    installation: Installation,
    inspection: str,
    writer: Identity,
    *,
    signer: int = 0,
    number: int | None = None,
    issued_on: date | None = None,
    confirmed: str = "",
    elsewhere: bool = False,
    replaces: str = "",
    reason: str = "",
) -> Issued:
    """Sign an inspection's paper and keep it, or prepare it to be signed with the agency's own tool.

    Args:
        installation: where the facts are and the paper is kept.
        inspection: whose paper.
        writer: who issues it.
        signer: which of the issuing body's signers signs.
        number: of the register, where it is given before the signature; printed.
        issued_on: the day of issue, likewise; both or neither.
        confirmed: the sentence on what is still on tablets, as the signer was shown it; kept with the paper.
        elsewhere: it is signed with the agency's own tool; the file has its empty fields and no signature yet.
        replaces: id of the registered conclusion that this one takes the place of once it is registered itself.
        reason: why; kept with the paper.

    Raises:
        OutstandingError: something is on tablets, and ``confirmed`` does not say so.
        UnprocessableError: something keeps the paper from being issued, with the reason.
        InvalidInputError: number without day, or a day that cannot be.
        SigningError: the key cannot sign; nothing was written.
    """
    now = installation.clock()
    db = installation.database()
    check_number(number, issued_on, setup_of(db, inspection), local_date(now))
    facts, checks = _ready(installation, inspection, signer, replaces, reason)
    outstanding = confirmed_outstanding(installation, inspection, confirmed)
    named = name_of_registered(installation, inspection)
    facts = replace(facts, number=number, issued_on=issued_on, replaces=named)
    wanted = plan(facts).standing_requirements()
    paper = Composed(
        inspection,
        compose(facts),
        covers=facts.covers,
        head=facts.head,
        wanted=wanted,
        remarks=checks.to_values(),
        replaces=replaces,
        reason=reason,
    )
    kept = issue_paper(installation, paper, writer, signer=signer, outstanding=outstanding, elsewhere=elsewhere)
    return Issued(**vars(kept), facts=facts)


def confirmed_outstanding(installation: Installation, inspection: str, confirmed: str) -> str:
    """The sentence that is kept; never signs silently over what has not arrived."""
    sentence = outstanding_for(installation, inspection, setup_of(installation.database(), inspection)).sentence
    if sentence and confirmed != sentence:
        raise OutstandingError(
            f"Dữ liệu trên máy tính bảng chưa về đủ; nếu vẫn ký, hãy xác nhận: «{sentence}»",
            sentence=sentence,
        )
    return sentence


def _ready(
    installation: Installation, inspection: str, signer: int, replaces: str, reason: str
) -> tuple[ConclusionFacts, Checks]:
    teller = issuing_inspection(installation.database(), inspection, setup_of(installation.database(), inspection))
    if teller != inspection:
        raise UnprocessableError(
            "Cuộc kiểm tra này không ra văn bản riêng: kết quả được nêu trong văn bản của đơn vị cấp trên "
            "cùng đợt; hãy mở cuộc kiểm tra đó.",
            inspection=teller,
        )
    refuse_replacing(installation, inspection, "", replaces, reason)
    facts = gather(installation, inspection, signer=signer)
    checks = check(installation, inspection, facts)
    stopping = [one.remark.text for one in checks.stopping]
    if stopping:
        raise UnprocessableError(f"Chưa ban hành được: {' '.join(stopping)}", reasons=stopping)
    return facts, checks


def draft_document(installation: Installation, inspection: str, *, signer: int = 0) -> tuple[ConclusionFacts, Document]:
    """The paper as it stands, marked "DỰ THẢO"."""
    facts = replace(gather(installation, inspection, signer=signer), draft=draft_version(installation, inspection))
    facts = replace(facts, replaces=name_of_registered(installation, inspection))
    return facts, compose(facts)


def draft_version(installation: Installation, inspection: str) -> str:
    """The draft's "lần n": how many conclusions of this inspection were issued before, plus one."""
    return next_version(installation, inspection, "")


def build_document(  # noqa: PLR0913 (what the command offers)
    installation: Installation, inspection: str, out: Path, *, writer: Identity, sign: bool, confirmed: str = ""
) -> list[Path]:
    """Leave an inspection's paper in a directory: a draft, or signed and issued.

    Returns:
        Paths of the PDF, the DOCX and, where something is asked for, the remedy list as XLSX.

    Raises:
        KiemtraError: there is no such inspection, or its paper cannot be issued.
    """
    if sign:
        return leave(issue(installation, inspection, writer, confirmed=confirmed), out)
    facts, document = draft_document(installation, inspection)
    stem = f"{_stem(document, facts)}_du-thao"
    photos = photo_loader(installation)
    pdf = render_pdf(document, photo_loader=photos).bytes
    return _leave(out / stem, facts, document, pdf, render_docx(document, photo_loader=photos))


def leave(issued: Issued, out: Path) -> list[Path]:
    """Copy an issued paper, its DOCX and its remedy list into a directory."""
    stem = _stem(issued.paper, issued.facts)
    return _leave(out / stem, issued.facts, issued.paper, issued.pdf.read_bytes(), issued.docx.read_bytes())


def _stem(document: Document, facts: ConclusionFacts) -> str:
    """The file's name with the unit: papers to several units of a visit have the same trích yếu as far as it goes."""
    stem, unit = stem_of_document(document), slug(facts.unit.name)
    return stem if unit in stem else f"{stem}_{unit}"


def _leave(stem: Path, facts: ConclusionFacts, document: Document, pdf: bytes, docx: bytes) -> list[Path]:
    stem.parent.mkdir(parents=True, exist_ok=True)
    files = [(stem.with_name(f"{stem.name}.pdf"), pdf), (stem.with_name(f"{stem.name}.docx"), docx)]
    wanted: Sequence[Requirement] = plan(facts).standing_requirements()
    if wanted:
        heading = f"{title(document.kind, asks_in_words(wanted, facts))} - {facts.unit.name}"
        files.append((stem.with_name(f"{stem.name}_danh-muc-yeu-cau.xlsx"), spreadsheet(wanted, heading)))
    for path, data in files:
        write_atomically(path, data)
    return [path for path, _ in files]
