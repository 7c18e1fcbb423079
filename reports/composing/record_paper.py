"""The site record (biên bản) as an issued paper: the very lines that were read out on the tablet, signed.

The lines come in with their styles and are not worded anew here, so the paper says what the hash of what was shown
stands for. What happened after reading (signatures on glass, printing, scans, later changes) follows in an annex.
Layout: Mẫu 1.9 of Phụ lục III NĐ 30/2020/NĐ-CP.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.composing.prose import bare, held
from reports.composing.statement import FORMAT
from reports.document import (
    Annex,
    Block,
    Document,
    DocumentKind,
    Drawing,
    Heading,
    Letterhead,
    Paragraph,
    Photo,
    PhotoGrid,
    Recipient,
    Signatory,
    Table,
)

_BODY = ("text", "item", "heading")
_CHAIR, _SECRETARY, _UNIT = "chu_tri", "thu_ky", "don_vi"


@dataclass(frozen=True)
class DrawnFact:
    """A signature drawn on glass: whose, in which role, when (as printed), and whether it is of the present text."""

    name: str
    role: str
    role_label: str
    at: str
    current: bool
    drawing: Drawing


@dataclass(frozen=True)
class ScanFact:
    """A file with a photo or scan of the signed paper.

    Attributes:
        pictures: hashes of the pictures to be drawn: a photo's own, or one for each page of a PDF.
        at: when it was attached, as printed.
        current: it is of the present text.
        name: of the file.
        count: pages of a PDF; 0 for a photo.
        trouble: why nothing of it can be drawn, as the end of a sentence.
    """

    pictures: tuple[str, ...]
    at: str
    current: bool
    name: str = ""
    count: int = 0
    trouble: str = ""


@dataclass(frozen=True)
class RecordFacts:
    """A site record as it was read out.

    Attributes:
        lines: style and text of each line, as the tablet showed them.
        shown: the hash of those lines; empty for a draft.
        read: who read it out and when, as printed; empty for a draft.
        printed: when it was printed on site, as printed; empty where it was not.
        changes: how many earlier versions it has.
        after: how many entries came in after it.
        held_on: the day on which it was begun.
        entry: id, seq, author and device of the version.
    """

    inspection: str
    lines: tuple[tuple[str, str], ...]
    letterhead: Letterhead
    symbol: str
    shown: str = ""
    read: str = ""
    printed: str = ""
    changes: int = 0
    after: int = 0
    signatures: tuple[DrawnFact, ...] = ()
    scans: tuple[ScanFact, ...] = ()
    unit: Mapping[str, str] | None = None
    covers: tuple[str, ...] = ()
    entry: str = ""
    head: Mapping[str, str | int] | None = None
    held_on: date | None = None
    year: int | None = None
    number: int | None = None
    issued_on: date | None = None
    draft: str = ""


def compose_record(facts: RecordFacts) -> Document:
    """The record as a paper: the lines, the three who sign, and what happened after reading."""
    blocks = tuple(_block(index, style, text) for index, (style, text) in enumerate(facts.lines) if style in _BODY)
    *cosigners, chair = _signers(facts)
    return Document(
        kind=DocumentKind.MINUTES,
        letterhead=facts.letterhead,
        symbol=facts.symbol,
        subject=held(_first(facts, "subject")),
        signatory=chair,
        cosigners=tuple(cosigners),
        blocks=blocks,
        number=facts.number,
        issued_on=facts.issued_on,
        recipients=tuple(Recipient(text.removeprefix("- ")) for style, text in facts.lines if style == "recipient"),
        annexes=tuple(_annexes(facts)),
        draft=facts.draft,
        year=facts.year,
        held_on=facts.held_on,
        manifest=_manifest(facts, blocks),
    )


def _first(facts: RecordFacts, style: str) -> str:
    return next((text for one, text in facts.lines if one == style), "")


def _block(index: int, style: str, text: str) -> Block:
    return Heading(text) if style == "heading" else Paragraph(f"bb.{index}", text)


def _signers(facts: RecordFacts) -> list[Signatory]:
    """Thư ký, the unit's head, chủ tọa: each as a title, perhaps a second one, and a name."""
    texts = [(style, text) for style, text in facts.lines if style in {"sign", "title", "name"}]
    groups = [texts[at : at + 3] for at in range(0, len(texts), 3)]
    roles = (_SECRETARY, _UNIT, _CHAIR)
    return [
        _signatory(dict(group), _drawn_by(facts, role)) for group, role in zip(groups, roles, strict=False) if group
    ]


def _signatory(told: Mapping[str, str], drawn: Drawing | None) -> Signatory:
    if told["title"]:
        return Signatory(told["title"], told["name"], authority=told["sign"], drawn=drawn)
    return Signatory(told["sign"], told["name"], drawn=drawn)


def _drawn_by(facts: RecordFacts, role: str) -> Drawing | None:
    """The last signature in a role that is of the present text; one of an earlier text is only told of."""
    return next((one.drawing for one in reversed(facts.signatures) if one.role == role and one.current), None)


def _annexes(facts: RecordFacts) -> Iterator[Annex]:
    if facts.read:
        yield Annex("Việc đọc, in và ký biên bản", tuple(_told_after(facts)))
    pictures = [(sha256, one) for one in facts.scans for sha256 in one.pictures]
    if pictures:
        photos = tuple(Photo(sha256, _caption(index, one)) for index, (sha256, one) in enumerate(pictures, 1))
        yield Annex("Bản giấy đã ký", (PhotoGrid(photos, rows=1),))


def _caption(index: int, scan: ScanFact) -> str:
    how = "quét, đính" if scan.count else "chụp"
    return f"Trang {index}, {how} lúc {scan.at}" + ("" if scan.current else " (của nội dung trước khi sửa)")


def _left_out(scan: ScanFact) -> str:
    """What of a scan is not drawn, and why; empty where all is."""
    name = f" «{scan.name}»" if scan.name else ""
    if scan.trouble:
        return f"Tệp quét{name} không in được ở đây: {bare(scan.trouble)}. Tệp gốc lưu trong hồ sơ."
    if scan.count > len(scan.pictures):
        return f"Tệp quét{name} có {scan.count} trang, ở đây in {len(scan.pictures)} trang; tệp gốc lưu trong hồ sơ."
    return ""


def _told_after(facts: RecordFacts) -> Iterator[Block]:
    yield Paragraph("bb.read", f"Biên bản được {facts.read}.", lead_in="1.")
    printed = f"In tại chỗ lúc {facts.printed}" if facts.printed else "Chưa in tại chỗ"
    left_out = [told for one in facts.scans if (told := _left_out(one))]
    scans = f"; đã đính {len(facts.scans):02d} ảnh, tệp quét bản giấy đã ký" if facts.scans else ""
    yield Paragraph("bb.printed", " ".join([f"{printed}{scans}.", *left_out]), lead_in="2.")
    yield Paragraph("bb.changed", _changes(facts), lead_in="3.")
    # The hash has a line of its own: beside words it would stretch them.
    yield Paragraph("bb.shown", "Mã nội dung đã đọc (SHA-256):", lead_in="4.")
    yield Paragraph("bb.sha256", facts.shown)
    if facts.signatures:
        text = "Chữ ký vẽ trên máy tính bảng, bổ trợ cho chữ ký và dấu trên bản giấy:"
        yield Paragraph("bb.signatures", text, lead_in="5.")
        yield _signature_table(facts.signatures)


def _changes(facts: RecordFacts) -> str:
    changed = (
        f"Biên bản đã được sửa hoặc bổ sung {facts.changes:02d} lần; các bản trước được lưu trong nhật ký"
        if facts.changes
        else "Sau khi lập, biên bản không sửa đổi"
    )
    later = f"; có {facts.after:02d} ghi nhận đến sau biên bản, được đánh dấu trong hồ sơ" if facts.after else ""
    return f"{changed}{later}."


def _signature_table(signatures: Sequence[DrawnFact]) -> Table:
    rows = tuple(
        (str(number), one.name, one.role_label, one.at, "Nội dung này" if one.current else "Nội dung trước khi sửa")
        for number, one in enumerate(signatures, 1)
    )
    return Table(
        header=("TT", "Người ký", "Tư cách", "Lúc ký", "Ký trên"),
        rows=rows,
        widths=(0.07, 0.3, 0.2, 0.22, 0.21),
        align=("center", "left", "left", "left", "left"),
    )


def _manifest(facts: RecordFacts, blocks: Sequence[Block]) -> dict[str, object]:
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    return {
        "format": FORMAT,
        "inspection": facts.inspection,
        "unit": dict(facts.unit or {}),
        "kind": DocumentKind.MINUTES.value,
        "head": dict(facts.head or {}),
        "shown_sha256": facts.shown,
        "paragraphs": [
            {"id": one.id, "text": one.text, "edited": False, "rests_on": [], "entries": [facts.entry]}
            for one in paragraphs
        ],
        "findings": [],
        "covers": sorted({facts.entry, *facts.covers}),
    }
