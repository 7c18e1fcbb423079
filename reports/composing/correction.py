"""The công văn đính chính: which lines of an issued paper are wrong and what they should say.

NĐ 30/2020/NĐ-CP Điều 18: errors of form, presentation or procedure in an issued paper are put right by a công văn đính
chính of the body that issued it; errors of content need a paper of equal form that replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reports.composing import frame
from reports.composing.facts import IssuerFact
from reports.composing.prose import bare, expand
from reports.composing.statement import FORMAT
from reports.document import Block, Document, DocumentKind, Letterhead, Paragraph, Recipient


@dataclass(frozen=True)
class Corrected:
    """The paper that is put right.

    Attributes:
        name: "Thông báo số 05/TB-ĐKT ngày 20/11/2026".
        subject: its trích yếu.
        sha256: of its file.
        addressees: whom the correction is sent to.
        entry: id of the entry in which it stands.
        about: what every manifest says of where it comes from: inspection, unit, journal's head.
    """

    name: str
    subject: str
    sha256: str
    addressees: tuple[str, ...]
    entry: str = ""
    about: Mapping[str, object] = field(default_factory=dict)


def compose_correction(
    paper: Corrected, lines: Sequence[Mapping[str, str]], issuer: IssuerFact, *, year: int, draft: str = ""
) -> Document:
    """The letter; each line has ``place``, ``wrong`` and ``right``."""
    name = expand(issuer.name)
    opening = (
        f"{name} đã ban hành {paper.name} {paper.subject}. Qua rà soát, do sơ suất trong khâu trình bày văn bản, "
        f"{name} đính chính như sau:"
    )
    closing = (
        f"Các nội dung khác của {paper.name} không thay đổi. {name} thông báo để các cơ quan, đơn vị biết, thực hiện."
    )
    blocks: tuple[Block, ...] = (
        Paragraph("opening", opening),
        *(_line(number, line, alone=len(lines) == 1) for number, line in enumerate(lines, 1)),
        Paragraph("closing", f"{bare(closing)}./."),
    )
    return Document(
        kind=DocumentKind.LETTER,
        letterhead=Letterhead(body=issuer.letterhead, superior=issuer.superior, place=issuer.place, name=name),
        symbol=issuer.symbol,
        subject=f"V/v đính chính {paper.name}",
        signatory=issuer.signatory,
        blocks=blocks,
        addressees=paper.addressees,
        recipients=(Recipient("Như trên"), *issuer.recipients, frame.archive(issuer)),
        draft=draft,
        year=year,
        manifest=_manifest(paper, lines, blocks),
    )


def _manifest(paper: Corrected, lines: Sequence[Mapping[str, str]], blocks: Sequence[Block]) -> dict[str, object]:
    """A letter rests on the paper that it corrects, not on findings."""
    entries = [paper.entry] if paper.entry else []
    return {
        "format": FORMAT,
        **paper.about,
        "kind": DocumentKind.LETTER.value,
        "paragraphs": [
            {"id": block.id, "text": block.text, "edited": True, "rests_on": [], "entries": entries}
            for block in blocks
            if isinstance(block, Paragraph)
        ],
        "findings": [],
        "covers": entries,
        "corrects": {"name": paper.name, "sha256": paper.sha256},
        "lines": [dict(line) for line in lines],
    }


def _line(number: int, line: Mapping[str, str], *, alone: bool) -> Paragraph:
    where = f"Tại {line['place']}: đã in" if line.get("place") else "Đã in"
    text = f"{where} “{line['wrong']}”; nay sửa lại là “{line['right']}”."
    return Paragraph(f"line.{number}", text, lead_in="" if alone else f"{number}.")
