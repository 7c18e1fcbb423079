"""Correcting an issued paper by a công văn đính chính with a number of its own; the paper itself stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.approvals.queries import refuse_unapproved
from app.clock import local_date
from app.errors import InvalidInputError, UnprocessableError
from app.identity import Identity
from app.inspections.queries import unit_of
from app.installation import Installation
from app.papers.chain import chain_of
from app.papers.issuing import Composed, Kept, issue_paper, issuer_behind
from app.papers.naming import document_name, subject_of
from app.papers.owner import campaign_of, document_subject, owner_value
from app.papers.registering import standing_paper
from app.units.facts import issuer_fact
from reports.composing.correction import Corrected, compose_correction
from reports.composing.prose import expand
from reports.document import Document

ABOUT = "dinh-chinh"


def correction(  # noqa: PLR0913 (a paper and its letter)
    installation: Installation,
    owner: str,
    document: str,
    lines: Sequence[Mapping[str, str]],
    *,
    signer: int = 0,
    draft: str = "dự thảo",
) -> tuple[dict[str, Any], Document]:
    """The paper that is corrected, and the letter as it would be.

    Raises:
        NotFoundError: there is no such paper.
        UnprocessableError: it is not in the register, or the body has no symbol for a công văn.
    """
    value = standing_paper(installation, owner, document)
    if value["state"] != "registered":
        raise UnprocessableError("Chỉ đính chính văn bản đã ban hành, còn hiệu lực; hãy mở lại danh sách văn bản.")
    body = issuer_behind(installation, owner, value.get("issuer"))
    issuer = issuer_fact(body, "CV", signer)
    if not issuer.symbol:
        raise UnprocessableError("Cơ quan ban hành chưa có ký hiệu Công văn; hãy khai ở trang «Cơ quan ban hành».")
    journal = installation.journal()
    whom, about = _about(installation, owner, body)
    about |= {"head": journal.head().to_json()}
    stands_in = journal.current(document_subject(owner, document))[-1].id
    paper = Corrected(document_name(value), subject_of(value), value["sha256"], whom, entry=stands_in, about=about)
    year = local_date(installation.clock()).year
    return value, compose_correction(paper, lines, issuer, year=year, draft=draft)


def _about(
    installation: Installation, owner: str, body: Mapping[str, Any]
) -> tuple[tuple[str, ...], dict[str, object]]:
    """Whom the corrected paper went to, and what the manifest says of whose paper it is."""
    db = installation.database()
    value, campaign = owner_value(db, owner), campaign_of(owner)
    if campaign is not None:
        decided = (value.get("decision") or {}).get("issuer") or (value.get("plan") or {}).get("issuer")
        whom = expand(body.get("addressee") or decided or "")
        return (whom,) if whom else (), {"campaign": campaign}
    unit = unit_of(db, value["unit"])
    return (unit["name"],), {"inspection": owner, "unit": {"id": unit["id"], "name": unit["name"]}}


def about_of(installation: Installation, owner: str, document: str) -> str:
    """Which paper the next correction of a paper is: each has its own."""
    made = len(chain_of(installation.database(), owner, document).corrected_by)
    return f"{ABOUT}/{document[-12:]}/{made + 1}"


def issue_correction(  # noqa: PLR0913 (the signer's own choices)
    installation: Installation,
    owner: str,
    document: str,
    writer: Identity,
    lines: Sequence[Mapping[str, str]],
    *,
    reason: str,
    signer: int = 0,
    elsewhere: bool = False,
) -> Kept:
    """Sign the letter, or prepare it to be signed with the agency's own tool; văn thư registers it like any paper.

    Raises:
        InvalidInputError: no lines, or no reason.
        UnprocessableError: the paper is not in the register, or the letter is not approved.
        SigningError: the key cannot sign; nothing was written.
    """
    if not lines or not reason:
        raise InvalidInputError("Hãy ghi nội dung đính chính và lý do.")
    value, letter = correction(installation, owner, document, lines, signer=signer, draft="")
    about, issuer = about_of(installation, owner, document), value.get("issuer") or ""
    refuse_unapproved(installation, owner, about, letter, issuer)
    paper = Composed(
        owner,
        letter,
        issuer=issuer,
        about=about,
        covers=list(letter.manifest["covers"]),  # type: ignore[call-overload]
        head=dict(letter.manifest["head"]),  # type: ignore[call-overload]
        corrects=document,
        corrections=lines,
        reason=reason,
    )
    return issue_paper(installation, paper, writer, signer=signer, elsewhere=elsewhere)
