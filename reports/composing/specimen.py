"""A specimen of an issuing body's paper: its letterhead, signature block and Nơi nhận around a few words."""

from __future__ import annotations

from reports.composing.facts import IssuerFact
from reports.composing.frame import archive
from reports.composing.prose import this
from reports.document import Document, DocumentKind, Letterhead, Paragraph, Recipient

_SUBJECTS = {
    DocumentKind.NOTICE: "Về kết luận kiểm tra công tác cải cách hành chính tại đơn vị được kiểm tra",
    DocumentKind.LETTER: "chấn chỉnh công tác cải cách hành chính",
    DocumentKind.REPORT: "Kết quả kiểm tra công tác cải cách hành chính",
    DocumentKind.MINUTES: "Kiểm tra công tác cải cách hành chính",
}


def specimen(issuer: IssuerFact, kind: DocumentKind, year: int) -> Document:
    """How a type of this body's papers looks; its text says that it is none."""
    unit = Recipient("Đơn vị được kiểm tra", "t/h")
    addressees = {DocumentKind.LETTER: (unit.name,), DocumentKind.REPORT: (issuer.addressee,)}
    own = (unit,) if kind is DocumentKind.NOTICE else ()
    return Document(
        kind=kind,
        letterhead=Letterhead(issuer.letterhead, issuer.superior, issuer.place, issuer.name),
        symbol=issuer.symbol,
        subject=_SUBJECTS[kind],
        signatory=issuer.signatory,
        blocks=(
            Paragraph("specimen", f"(Nội dung của văn bản.) {issuer.name} trình bày {this(kind)} theo mẫu trên./."),
        ),
        addressees=tuple(filter(None, addressees.get(kind, ()))),
        recipients=(*issuer.recipients, *own, archive(issuer)),
        year=year,
    )
