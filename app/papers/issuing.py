"""Issuing a composed paper: PDF/A with its manifest, signature, kept by its hash, written down.

Nothing is half-written: the file is made in memory and signed before anything is kept, files are written whole
under their hash, and all entries go in one transaction. A file that no entry names is only a stray one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
import uuid_utils

from app.clock import iso
from app.database import writing
from app.errors import InvalidInputError, UnprocessableError
from app.files import write_atomically
from app.identity import Identity
from app.inspections.queries import issuer_of
from app.installation import Installation
from app.ops.anchors import note_anchor
from app.papers.asked import remedy_id, remedy_value
from app.papers.effect import take_effect
from app.papers.naming import document_name, page_count, printed_subject
from app.papers.owner import column_of, own_issuer, root_of
from app.papers.pictures import photo_loader
from app.papers.provenance import new_code, with_provenance
from app.papers.series import Series, number_warnings
from app.papers.signing import picture, prepare, signed, signing_key
from app.papers.stamping import LEVEL, with_time_stamp
from reports.composing.requirements import Requirement
from reports.document import Document
from reports.rendering.docx import render_docx
from reports.rendering.form import LEADER
from reports.rendering.layout import NBSP, document_title, recipient_lines
from reports.rendering.pictures import PhotoLoader


@dataclass(frozen=True)
class Composed:
    """A paper ready to be issued, whatever it was composed from.

    Attributes:
        owner: whose paper: the owner's word (``app/papers/owner.py``), a campaign's too.
        document: what stands on it, with its manifest.
        issuer: id of the body that issues it; empty for the owner's own.
        about: which of the owner's papers (``DocumentValue.about``); a new issue replaces the one before it.
        covers: ids of the entries that it tells of.
        head: the journal's head that it was read at.
        wanted: requirements that it makes.
        code: the code that it prints, by which its file is verified; empty where it prints none.
        photos: gives its photos where they are not those of the evidence.
        remarks: what the check before signing still says, as the paper's value keeps it.
        replaces: id of the registered paper that it takes the place of.
        corrects: id of the registered paper whose lines it puts right, which are ``corrections``.
        reason: why it replaces or corrects.
    """

    owner: str
    document: Document
    issuer: str = ""
    about: str = ""
    covers: Sequence[str] = ()
    head: Mapping[str, str | int] = field(default_factory=dict)
    wanted: Sequence[Requirement] = ()
    code: str = ""
    remarks: Sequence[Mapping[str, str]] = ()
    replaces: str = ""
    corrects: str = ""
    corrections: Sequence[Mapping[str, str]] = ()
    reason: str = ""
    photos: PhotoLoader | None = None


@dataclass(frozen=True)
class Kept:
    """What an issue left.

    Attributes:
        document: id of the paper.
        pdf: path of the signed PDF.
        docx: path of the DOCX of the same text.
        sha256: of the PDF.
        paper: the Document.
        warnings: sentences on the number, if it is given twice.
    """

    document: str
    pdf: Path
    docx: Path
    sha256: str
    paper: Document
    warnings: tuple[str, ...] = ()


def issue_paper(  # noqa: PLR0913 (the signer's own choices)
    installation: Installation,
    paper: Composed,
    writer: Identity,
    *,
    signer: int = 0,
    outstanding: str = "",
    elsewhere: bool = False,
) -> Kept:
    """Sign a composed paper and keep it, or prepare it to be signed elsewhere.

    Args:
        installation: where the paper is kept.
        paper: what is issued; ``signer`` is the one whose block it carries.
        writer: who issues it.
        signer: which of the issuing body's signers signs; -1 where somebody else does (a site record's chủ tọa).
        outstanding: the sentence on what is still on tablets that the signer has confirmed.
        elsewhere: it is signed with the agency's own tool.

    Raises:
        UnprocessableError: an earlier one of the same paper is in the register.
        SigningError: the key cannot sign; nothing was written.
    """
    refuse_registered(installation, paper.owner, paper.about, replaces=paper.replaces)
    now = installation.clock()
    photos = paper.photos or photo_loader(installation)
    paper = _proving_itself(installation, paper)
    prepared = prepare(paper.document, now, photos)
    pdf, level = prepared.pdf, LEVEL
    if not elsewhere:
        key, image = signing_key(installation, now), _handwriting(installation, paper, signer)
        pdf, level = with_time_stamp(
            installation, now, LEADER, lambda service: signed(prepared, key, now, image, service)
        )
    # A DOCX is never signed: it keeps the mark of a draft.
    draft = replace(paper.document, draft=next_version(installation, paper.owner, paper.about))
    docx = render_docx(draft, photo_loader=photos)
    return _Keeping(installation, paper, pdf, docx, now, outstanding, elsewhere, level).write(writer)


def _proving_itself(installation: Installation, paper: Composed) -> Composed:
    """The paper with all that its manifest says at issue and, where its body prints it, the address to verify it at."""
    address, code = installation.config.public_address, ""
    wanted = issuer_behind(installation, paper.owner, paper.issuer).get("verification", False)
    document = replace(paper.document, manifest=with_provenance(installation, paper.document.manifest))
    if wanted and address and document.annexes:
        code = new_code()
        document = replace(document, verification=f"{address}/xac-minh/{code}")
    return replace(paper, document=document, code=code)


def issuer_behind(installation: Installation, owner: str, issuer: str | None) -> dict[str, Any]:
    """The body that issues a paper: the one it names, else the owner's own."""
    db = installation.database()
    return issuer_of(db, issuer or own_issuer(db, owner))


def _handwriting(installation: Installation, paper: Composed, signer: int) -> bytes | None:
    """The picture of the chosen signer's hand, where the issuing body names one."""
    if signer < 0:
        return None
    signers = issuer_behind(installation, paper.owner, paper.issuer).get("signers") or [{}]
    return picture(installation, signers[signer if signer < len(signers) else 0], "signature_image")


def standing(installation: Installation, owner: str, about: str = "") -> list[tuple[str, dict[str, Any]]]:
    """One of an owner's papers (the conclusion) where no later issue has replaced it, oldest first."""
    column, id_ = column_of(owner)
    rows = installation.database().execute(
        f"SELECT document, value FROM documents WHERE {column} = ? AND state != 'replaced' ORDER BY seq", [id_]
    )
    found = [(row[0], orjson.loads(row[1])) for row in rows]
    return [(document, value) for document, value in found if value.get("about", "") == about]


def registered_paper(installation: Installation, owner: str, about: str = "") -> tuple[str, dict[str, Any]] | None:
    """The one of an owner's papers (the conclusion) that is in the register and stands, with its id."""
    found = [one for one in standing(installation, owner, about) if one[1]["state"] == "registered"]
    return found[0] if found else None


def name_of_registered(installation: Installation, owner: str, about: str = "") -> str:
    """The name of the one that a new issue would replace; empty where there is none."""
    found = registered_paper(installation, owner, about)
    return document_name(found[1]) if found else ""


def refuse_replacing(installation: Installation, owner: str, about: str, replaces: str, reason: str) -> None:
    """A paper in the register is replaced only by one that names it, with a reason.

    Raises:
        InvalidInputError: there is no reason.
        UnprocessableError: it is in the register, or what is to be replaced is not.
    """
    if replaces and not reason:
        raise InvalidInputError("Hãy ghi lý do thay thế văn bản đã ban hành; lý do được lưu trong hồ sơ.")
    refuse_registered(installation, owner, about, replaces=replaces)


def refuse_registered(installation: Installation, owner: str, about: str = "", *, replaces: str = "") -> None:
    """A paper that has its number is out: it is not signed anew behind its readers' backs, only replaced in words.

    Raises:
        UnprocessableError: it is in the register, or what is to be replaced is not.
    """
    found = standing(installation, owner, about)
    if replaces and replaces not in {document for document, paper in found if paper["state"] == "registered"}:
        raise UnprocessableError(
            "Văn bản cần thay thế chưa vào sổ hoặc đã được thay thế; hãy mở lại danh sách văn bản."
        )
    for document, paper in found:
        if paper["state"] == "registered" and document != replaces:
            raise UnprocessableError(
                f"Văn bản số {paper['number']:02d}/{paper['symbol']} đã vào sổ, không ký lại được; "
                "nếu có sai sót, hãy ban hành văn bản đính chính hoặc thay thế theo Nghị định 30/2020/NĐ-CP."
            )


def check_number(number: int | None, issued_on: date | None, setup: dict[str, Any], today: date) -> None:
    """Refuse a number without a day, and a day before the inspection or after today.

    Raises:
        InvalidInputError: with what to do.
    """
    if number is None and issued_on is None:
        return
    if number is None or issued_on is None:
        raise InvalidInputError("Số và ngày văn bản phải ghi cả hai; hãy điền đủ hoặc để trống cả hai.")
    if not 1 <= number <= 99999:
        raise InvalidInputError("Số văn bản phải từ 1 đến 99999; hãy xem lại sổ văn bản đi.")
    if issued_on > today:
        raise InvalidInputError("Ngày văn bản ở sau hôm nay; hãy ghi đúng ngày ban hành.")
    last = max(setup.get("dates") or [""])
    if last and issued_on.isoformat() < last:
        raise InvalidInputError("Ngày văn bản ở trước ngày kiểm tra; hãy xem lại.")


def as_date(text: str | None) -> date | None:
    """A day of a form's field."""
    return date.fromisoformat(text) if text else None


@dataclass
class _Keeping:
    """A signed paper that is about to be kept."""

    installation: Installation
    composed: Composed
    pdf: bytes
    docx: bytes
    now: datetime
    outstanding: str
    elsewhere: bool
    level: str

    @property
    def document(self) -> Document:
        return self.composed.document

    def write(self, writer: Identity) -> Kept:
        sha256 = hashlib.sha256(self.pdf).hexdigest()
        docx_sha256 = hashlib.sha256(self.docx).hexdigest()
        id_ = str(uuid_utils.uuid7())
        warnings = number_warnings(self.installation, self._series(), self.document.number)
        paths = [self._keep(sha256, "pdf", self.pdf), self._keep(docx_sha256, "docx", self.docx)]
        try:
            with writing(self.installation.database()):
                self._write_entries(writer, id_, sha256, docx_sha256)
        except BaseException:
            for path in paths:
                path.unlink(missing_ok=True)
            raise
        note_anchor(self.installation, "document", id_, dict(self.composed.head))
        return Kept(id_, paths[0], paths[1], sha256, self.document, tuple(warnings))

    def _keep(self, sha256: str, suffix: str, data: bytes) -> Path:
        path = issued_file(self.installation, sha256, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
        return path

    def _series(self) -> Series | None:
        """The numbers that this paper's own is one of, where it was given before the signature."""
        day = self.document.issued_on
        issuer = self.composed.issuer or own_issuer(self.installation.database(), self.composed.owner)
        return Series(issuer, self.document.symbol, day.year) if day else None

    def _is_sealless(self) -> bool:
        return bool(issuer_behind(self.installation, self.composed.owner, self.composed.issuer).get("sealless"))

    def _state(self) -> str:
        if self.elsewhere:
            return "prepared"
        return "registered" if self.document.issued_on else "signed"

    def _signatures(self) -> list[dict[str, str]]:
        if self.elsewhere:
            return []
        return [{"name": self.document.signatory.name, "at": iso(self.now), "level": self.level, "role": "signer"}]

    def _write_entries(self, writer: Identity, id_: str, sha256: str, docx_sha256: str) -> None:
        journal, composed = self.installation.journal(), self.composed
        document, root = self.document, root_of(composed.owner)
        day = document.issued_on
        value: dict[str, Any] = {
            "kind": document.kind.value,
            "title": document_title(document).replace(NBSP, " ")[:500],
            "state": self._state(),
            "sha256": sha256,
            "docx_sha256": docx_sha256,
            "symbol": document.symbol,
            "number": document.number,
            "date": day.isoformat() if day else None,
            "signatures": self._signatures(),
            "covers": list(composed.covers),
            "head": dict(composed.head),
            "outstanding": self.outstanding,
            "remarks": [dict(one) for one in composed.remarks],
            "subject": printed_subject(document)[:500],
            "signer_title": document.signatory.title,
            "signer_name": document.signatory.name[:500],
            "recipients": recipient_lines(document),
            "pages": page_count(self.pdf),
            "reason": composed.reason,
        }
        value |= {"corrects": composed.corrects} if composed.corrects else {}
        value |= {"corrections": [dict(one) for one in composed.corrections]} if composed.corrections else {}
        value |= {"about": composed.about} if composed.about else {}
        value |= {"issuer": composed.issuer} if composed.issuer else {}
        value |= {"sealless": True} if self._is_sealless() else {}
        value |= {"code": composed.code} if composed.code else {}
        for earlier, paper in standing(self.installation, composed.owner, composed.about):
            value["replaces"] = earlier
            if earlier != composed.replaces:
                journal.write(writer, f"{root}/document/{earlier}", {**paper, "state": "replaced"})
        asked = {remedy_id(one): remedy_value(one, id_) for one in composed.wanted}
        if composed.replaces:
            # Until it is registered itself, the earlier paper and its requirements stand.
            value |= {"replaces": composed.replaces, "pending": asked}
            asked = {}
        journal.write(writer, f"{root}/document/{id_}", value)
        for remedy, one in asked.items():
            journal.write(writer, f"{root}/remedy/{remedy}", one)
        if value["state"] == "registered":
            take_effect(self.installation, composed.owner, id_, writer, value)


def issued_file(installation: Installation, sha256: str, suffix: str) -> Path:
    """Where an issued file is kept."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise InvalidInputError("Mã băm của tệp không đúng dạng.")
    return installation.issued_path / sha256[:2] / f"{sha256}.{suffix}"


def next_version(installation: Installation, owner: str, about: str) -> str:
    """The "lần n" of the draft of one of an owner's papers."""
    column, id_ = column_of(owner)
    row = installation.database().execute(
        f"SELECT count(*) FROM documents WHERE {column} = ? AND value != 'null' "
        "AND coalesce(json_extract(value, '$.about'), '') = ?",
        [id_, about],
    )
    return f"lần {row.fetchone()[0] + 1}"
