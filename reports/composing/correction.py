"""The công văn đính chính: which lines of an issued paper are wrong and what they should say.

NĐ 30/2020/NĐ-CP Điều 18: errors of form, presentation or procedure in an issued paper are put right by a công văn đính
chính of the body that issued it; errors of content need a paper of equal form that replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reports.composing import frame
from reports.composing.facts import IssuerFact
from reports.composing.prose import bare, body_name, inside
from reports.composing.statement import FORMAT
from reports.document import Block, Document, DocumentKind, Letterhead, Paragraph, Recipient, Table


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
    name = body_name(issuer.name, issuer.place)
    opening = (
        f"{name} đã ban hành {paper.name} {inside(paper.subject)}. Qua rà soát, do sơ suất trong khâu trình bày "
        f"văn bản, {name} đính chính như sau:"
    )
    closing = (
        f"Các nội dung khác của {paper.name} không thay đổi. {name} thông báo để các cơ quan, đơn vị biết, thực hiện."
    )
    blocks: tuple[Block, ...] = (
        Paragraph("opening", opening),
        _lines(lines),
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


def _lines(lines: Sequence[Mapping[str, str]]) -> Table:
    """What is wrong beside what it should say; the column of places only where a place is named."""
    rows = [
        (str(number), _capital(line.get("place", "")), line["wrong"], line["right"])
        for number, line in enumerate(lines, 1)
    ]
    used = [column for column in range(len(_HEADER)) if column != _PLACE or any(row[_PLACE] for row in rows)]
    return Table(
        header=tuple(_HEADER[column] for column in used),
        rows=tuple(tuple(row[column] for column in used) for row in rows),
        widths=tuple(_WIDTHS[column] for column in used),
        align=tuple("left" if column else "center" for column in used),
        ids=tuple(f"line.{number}" for number in range(1, len(rows) + 1)),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_HEADER = ("TT", "Trang, dòng", "Đã in", "Sửa là")
_WIDTHS = (0.08, 0.22, 0.35, 0.35)
_PLACE = 1
