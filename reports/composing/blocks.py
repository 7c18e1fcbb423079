"""Paragraphs of a draft as blocks of a paper: counted, under lĩnh vực, under numbered parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checklists.model import AREAS
from reports.composing.parts import Part
from reports.composing.prose import inside
from reports.document import Block, Heading, Paragraph

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
LETTERS = "abcdđeghiklmnopqrstuvxy"


def sections(told: Iterable[tuple[str, Sequence[Block]]]) -> list[Block]:
    """Parts counted by Roman numbers, each under its title; an empty one is left out."""
    blocks: list[Block] = []
    number = 0
    for heading, section in told:
        if section and heading:
            blocks.append(Heading(f"{ROMAN[number]}. {heading}"))
            number += 1
        blocks += section
    return blocks


def by_addressee(parts: Sequence[Part]) -> list[Block]:
    """The unit's requests, under whom it asks."""
    blocks: list[Block] = []
    for number, whom in enumerate(dict.fromkeys(part.area for part in parts), 1):
        group = [part for part in parts if part.area == whom]
        blocks.append(Heading(f"{number}. Đối với {inside(whom)}", level=2))
        blocks += lettered(group)
    return blocks


def plain(parts: Iterable[Part]) -> list[Block]:
    """Paragraphs without numbers."""
    return [paragraph(part) for part in parts]


def numbered(parts: Sequence[Part]) -> list[Block]:
    """Paragraphs counted 1., 2.; a single one has no number."""
    if len(parts) == 1:
        return plain(parts)
    return [paragraph(part, f"{number}.") for number, part in enumerate(parts, 1)]


def lettered(parts: Sequence[Part]) -> list[Block]:
    """Paragraphs counted a), b); a single one has no letter."""
    if len(parts) == 1:
        return plain(parts)
    return [paragraph(part, f"{_letter(index)})") for index, part in enumerate(parts)]


def by_area(parts: Sequence[Part]) -> list[Block]:
    """Grouped by lĩnh vực in the order of the đề cương; what the lead added without one comes last.

    A single lĩnh vực has no heading: there is no "1." without a "2.".
    """
    areas = [area for area in (*AREAS, "") if any(part.area == area for part in parts)]
    if len(areas) < 2:
        return numbered(parts)
    blocks: list[Block] = []
    for number, area in enumerate(areas, 1):
        group = [part for part in parts if part.area == area]
        blocks.append(Heading(f"{number}. {_area_title(area)}", level=2))
        blocks += lettered(group)
    return blocks


def _area_title(area: str) -> str:
    return f"Về {inside(area)}" if area else "Nội dung khác"


def _letter(index: int) -> str:
    """a, b, c … z, then aa, ab: Vietnamese papers count by their own alphabet."""
    first, last = divmod(index, len(LETTERS))
    return (LETTERS[first - 1] if first else "") + LETTERS[last]


def paragraph(part: Part, lead_in: str = "") -> Paragraph:
    """A part as it stands on the paper."""
    return Paragraph(part.id, part.text, part.rests_on, lead_in, edited=part.edited or not part.proposed)
