"""The Document: a list of blocks that every renderer (PDF, DOCX, HTML) draws alike.

It says what stands on the paper, not how: fonts, sizes and margins are NĐ 30/2020/NĐ-CP, Phụ lục I,
and live in the renderers' shared ``reports/rendering/layout.py``. Text is plain and in NFC;
the only mark-up are the runs' styles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import accumulate


class DocumentKind(StrEnum):
    """Types of paper (NĐ 30/2020 Điều 7); CV is a công văn, which has no printed type name."""

    NOTICE = "TB"
    LETTER = "CV"
    REPORT = "BC"
    MINUTES = "BB"


@dataclass(frozen=True)
class Letterhead:
    """Top of page 1: superior body (may be empty), issuing body, place name.

    ``name`` is the issuing body as it is written in a running sentence ("Đoàn kiểm tra cải cách hành chính
    tỉnh Đồng Tháp"); empty when ``body`` serves there too.
    """

    body: str
    superior: str = ""
    place: str = ""
    name: str = ""


@dataclass(frozen=True)
class Drawing:
    """A signature drawn on glass: strokes as a start and steps of x, y, milliseconds, in a field 1000 wide."""

    strokes: tuple[tuple[int, ...], ...]
    height: int = 400

    def lines(self) -> Iterator[list[tuple[int, int]]]:
        """Each stroke as points from the field's upper left corner; a dot is two points at one place."""
        for stroke in self.strokes:
            steps = [(stroke[at], stroke[at + 1]) for at in range(0, len(stroke) - 2, 3)]
            points = list(accumulate(steps, lambda here, step: (here[0] + step[0], here[1] + step[1])))
            yield points if len(points) > 1 else points * 2


@dataclass(frozen=True)
class Signatory:
    """The signer block.

    ``authority`` is TM./KT./TL. with the body, a line each; ``second_title`` the Đoàn's second line; ``drawn`` a
    signature that was drawn on glass.
    """

    title: str
    name: str
    authority: str = ""
    second_title: str = ""
    drawn: Drawing | None = None


@dataclass(frozen=True)
class Recipient:
    """A line of Nơi nhận with its purpose: b/c, t/h, p/h."""

    name: str
    purpose: str = ""


@dataclass(frozen=True)
class Heading:
    """A part heading as printed: level 1 "I. ƯU ĐIỂM", level 2 "1. Về cải cách thủ tục hành chính"."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A justified paragraph.

    ``id`` is stable between drafts; ``rests_on`` names the findings' keys the text stands on (empty =
    the lead's own words); ``lead_in`` is the number or letter before the text, e.g. "1.": upright and not bold where
    the paragraph has no title of its own (NĐ 30/2020 Phụ lục I).
    """

    id: str
    text: str
    rests_on: tuple[str, ...] = ()
    lead_in: str = ""
    italic: bool = False
    edited: bool = False


@dataclass(frozen=True)
class Table:
    """A table; ``widths`` are shares of the text width; ``align`` per column: left, center, right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    align: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Photo:
    """A photo by its hash; the renderer asks the injected loader for a scaled JPEG.

    ``details`` is a second line under the caption: where and when it was taken.
    """

    sha256: str
    caption: str
    details: str = ""


@dataclass(frozen=True)
class PhotoGrid:
    """Photos two beside each other, ``rows`` of them under each other on a page (2 or 3); with 1 row, one to a page."""

    photos: tuple[Photo, ...]
    rows: int = 3


Block = Heading | Paragraph | Table | PhotoGrid


@dataclass(frozen=True)
class Annex:
    """A phụ lục in the same file (one signature serves both, NĐ 30/2020 Phụ lục I)."""

    title: str
    blocks: tuple[Block, ...]
    name: str = "PHỤ LỤC"
    landscape: bool = False


@dataclass(frozen=True)
class Document:
    """One paper. ``number``/``issued_on`` are None until văn thư registers it: the line is left to fill.

    ``year`` is printed on the date line while ``issued_on`` is None; ``draft`` is the version of a draft
    ("lần 2"), empty on the paper that is to be signed. ``cosigners`` sign beside the signatory, from the left, as on a
    biên bản; Nơi nhận then stands below them. ``held_on`` is the day of a biên bản, which has no date at its head: its
    annexes name that day, not the one on which it was registered. ``verification`` is the address at which anybody may
    verify the issued file; empty where none is printed.
    """

    kind: DocumentKind
    letterhead: Letterhead
    symbol: str
    subject: str
    signatory: Signatory
    blocks: tuple[Block, ...]
    number: int | None = None
    issued_on: date | None = None
    addressees: tuple[str, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    annexes: tuple[Annex, ...] = ()
    draft: str = ""
    year: int | None = None
    cosigners: tuple[Signatory, ...] = ()
    manifest: dict[str, object] = field(default_factory=dict)
    verification: str = ""
    held_on: date | None = None
