"""Issuing a paper: compose, render, PDF/A with the manifest, sign, keep by its hash, write it down.

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

from app.clock import iso, local_date
from app.conclusions.checking import Checks, check
from app.conclusions.effect import take_effect
from app.conclusions.gather import PROPOSED, document_name, gather, issuing_inspection, outstanding_for, setup_of
from app.conclusions.naming import page_count, printed_subject, stem_of_document
from app.conclusions.photo_annex import photo_loader
from app.conclusions.provenance import new_code, with_provenance
from app.conclusions.series import Series, number_warnings
from app.conclusions.signing import picture, prepare, signed, signing_key
from app.conclusions.stamping import LEVEL, with_time_stamp
from app.database import writing
from app.errors import InvalidInputError, UnprocessableError
from app.files import write_atomically
from app.identity import Identity
from app.inspections.queries import issuer_of
from app.installation import Installation
from app.ops.anchors import note_anchor
from app.text import slug
from reports.composing.conclusion import compose, plan
from reports.composing.facts import ConclusionFacts
from reports.composing.remedy_list import spreadsheet, title
from reports.composing.requirements import Requirement
from reports.document import Document
from reports.rendering.docx import render_docx
from reports.rendering.form import LEADER
from reports.rendering.layout import NBSP, document_title, recipient_lines
from reports.rendering.pdf import render_pdf
from reports.rendering.pictures import PhotoLoader


class OutstandingError(UnprocessableError):
    """Something is still on tablets, and the signer has not said that he knows what."""

    code = "outstanding"


@dataclass(frozen=True)
class Composed:
    """A paper ready to be issued, whatever it was composed from.

    Attributes:
        inspection: whose paper.
        document: what stands on it, with its manifest.
        issuer: id of the body that issues it; empty for the inspection's own.
        about: which of the inspection's papers (``DocumentValue.about``); a new issue replaces the one before it.
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

    inspection: str
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
    facts, checks = _ready(installation, inspection, signer, replaces)
    if replaces and not reason:
        raise InvalidInputError("Hãy ghi lý do thay thế văn bản đã ban hành; lý do được lưu trong hồ sơ.")
    outstanding = confirmed_outstanding(installation, inspection, confirmed)
    named = _name_of_registered(installation, inspection)
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
    refuse_registered(installation, paper.inspection, paper.about, replaces=paper.replaces)
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
    draft = replace(paper.document, draft=next_version(installation, paper.inspection, paper.about))
    docx = render_docx(draft, photo_loader=photos)
    return _Keeping(installation, paper, pdf, docx, now, outstanding, elsewhere, level).write(writer)


def _proving_itself(installation: Installation, paper: Composed) -> Composed:
    """The paper with all that its manifest says at issue and, where its body prints it, the address to verify it at."""
    address, code = installation.config.public_address, ""
    wanted = issuer_behind(installation, paper.inspection, paper.issuer).get("verification", False)
    document = replace(paper.document, manifest=with_provenance(installation, paper.document.manifest))
    if wanted and address and document.annexes:
        code = new_code()
        document = replace(document, verification=f"{address}/xac-minh/{code}")
    return replace(paper, document=document, code=code)


def issuer_behind(installation: Installation, inspection: str, issuer: str | None) -> dict[str, Any]:
    """The body that issues a paper: the one it names, else the inspection's own."""
    db = installation.database()
    return issuer_of(db, issuer or setup_of(db, inspection)["issuer"])


def _handwriting(installation: Installation, paper: Composed, signer: int) -> bytes | None:
    """The picture of the chosen signer's hand, where the issuing body names one."""
    if signer < 0:
        return None
    signers = issuer_behind(installation, paper.inspection, paper.issuer).get("signers") or [{}]
    return picture(installation, signers[signer if signer < len(signers) else 0], "signature_image")


def confirmed_outstanding(installation: Installation, inspection: str, confirmed: str) -> str:
    """The sentence that is kept; never signs silently over what has not arrived."""
    sentence = outstanding_for(installation, inspection, setup_of(installation.database(), inspection)).sentence
    if sentence and confirmed != sentence:
        raise OutstandingError(
            f"Dữ liệu trên máy tính bảng chưa về đủ; nếu vẫn ký, hãy xác nhận: «{sentence}»",
            sentence=sentence,
        )
    return sentence


def _ready(installation: Installation, inspection: str, signer: int, replaces: str) -> tuple[ConclusionFacts, Checks]:
    teller = issuing_inspection(installation.database(), inspection, setup_of(installation.database(), inspection))
    if teller != inspection:
        raise UnprocessableError(
            "Cuộc kiểm tra này không ra văn bản riêng: kết quả được nêu trong văn bản của đơn vị cấp trên "
            "cùng đợt; hãy mở cuộc kiểm tra đó.",
            inspection=teller,
        )
    refuse_registered(installation, inspection, replaces=replaces)
    facts = gather(installation, inspection, signer=signer)
    checks = check(installation, inspection, facts)
    stopping = [one.remark.text for one in checks.stopping]
    if stopping:
        raise UnprocessableError(f"Chưa ban hành được: {' '.join(stopping)}", reasons=stopping)
    return facts, checks


def standing(installation: Installation, inspection: str, about: str = "") -> list[tuple[str, dict[str, Any]]]:
    """One of an inspection's papers (the conclusion) where no later issue has replaced it, oldest first."""
    rows = installation.database().execute(
        "SELECT document, value FROM documents WHERE inspection = ? AND state != 'replaced' ORDER BY seq", [inspection]
    )
    found = [(row[0], orjson.loads(row[1])) for row in rows]
    return [(document, value) for document, value in found if value.get("about", "") == about]


def refuse_registered(installation: Installation, inspection: str, about: str = "", *, replaces: str = "") -> None:
    """A paper that has its number is out: it is not signed anew behind its readers' backs, only replaced in words.

    Raises:
        UnprocessableError: it is in the register, or what is to be replaced is not.
    """
    found = standing(installation, inspection, about)
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
        issuer = self.composed.issuer or setup_of(self.installation.database(), self.composed.inspection)["issuer"]
        return Series(issuer, self.document.symbol, day.year) if day else None

    def _is_sealless(self) -> bool:
        return bool(issuer_behind(self.installation, self.composed.inspection, self.composed.issuer).get("sealless"))

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
        document, root = self.document, f"inspection/{composed.inspection}"
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
        for earlier, paper in standing(self.installation, composed.inspection, composed.about):
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
            take_effect(self.installation, composed.inspection, id_, writer, value)


def issued_file(installation: Installation, sha256: str, suffix: str) -> Path:
    """Where an issued file is kept."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise InvalidInputError("Mã băm của tệp không đúng dạng.")
    return installation.issued_path / sha256[:2] / f"{sha256}.{suffix}"


def remedy_id(one: Requirement) -> str:
    """The remedy's id: that of what somebody wrote, or one made from what the item proposed it for."""
    return one.remedy or PROPOSED + hashlib.sha256(one.id.encode()).hexdigest()[:20]


def remedy_value(one: Requirement, document: str) -> dict[str, Any]:
    """The value of ``remedy/<id>`` of a signed paper; terms in days begin when it is registered."""
    return {
        "text": one.text,
        "findings": list(one.findings),
        "addressee": one.addressee,
        "addressee_kind": one.addressee_kind,
        "product": one.product,
        "owner": one.owner,
        "deadline_text": one.deadline,
        "due": one.due.isoformat() if one.due else None,
        "follow_up": one.follow_up,
        "document": document,
        **({"absorbs": list(one.absorbs)} if one.absorbs else {}),
    }


def draft_document(installation: Installation, inspection: str, *, signer: int = 0) -> tuple[ConclusionFacts, Document]:
    """The paper as it stands, marked "DỰ THẢO"."""
    facts = replace(gather(installation, inspection, signer=signer), draft=draft_version(installation, inspection))
    facts = replace(facts, replaces=_name_of_registered(installation, inspection))
    return facts, compose(facts)


def registered_conclusion(installation: Installation, inspection: str) -> tuple[str, dict[str, Any]] | None:
    """The inspection's conclusion that is in the register and stands, with its id."""
    found = [one for one in standing(installation, inspection) if one[1]["state"] == "registered"]
    return found[0] if found else None


def _name_of_registered(installation: Installation, inspection: str) -> str:
    found = registered_conclusion(installation, inspection)
    return document_name(found[1]) if found else ""


def draft_version(installation: Installation, inspection: str) -> str:
    """The draft's "lần n": how many conclusions of this inspection were issued before, plus one."""
    return next_version(installation, inspection, "")


def next_version(installation: Installation, inspection: str, about: str) -> str:
    """The "lần n" of the draft of one of an inspection's papers."""
    row = installation.database().execute(
        "SELECT count(*) FROM documents WHERE inspection = ? AND value != 'null' "
        "AND coalesce(json_extract(value, '$.about'), '') = ?",
        [inspection, about],
    )
    return f"lần {row.fetchone()[0] + 1}"


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
        heading = f"{title(document.kind)} - {facts.unit.name}"
        files.append((stem.with_name(f"{stem.name}_danh-muc-yeu-cau.xlsx"), spreadsheet(wanted, heading)))
    for path, data in files:
        write_atomically(path, data)
    return [path for path, _ in files]
