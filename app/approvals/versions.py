"""What of a paper is approved: every word of it, but for number, day, draft mark and signer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from reports.document import Annex, Block, Document, Heading, Paragraph, Photo, PhotoGrid, Table
from reports.rendering.layout import type_name

HEAD, RECIPIENTS = "dau-van-ban", "noi-nhan"
"""Ids of what stands around the paragraphs."""
TITLE = "muc-"
"""How ids of headings begin, after that of their annex."""


def said_parts(document: Document) -> list[tuple[str, str]]:
    """The paper piece by piece: id and text, in its order."""
    letterhead = " - ".join(
        part.replace("\n", " ") for part in (document.letterhead.superior, document.letterhead.body)
    )
    title = f"{type_name(document.kind)}: {document.subject}"
    addressed = [f"Kính gửi: {'; '.join(document.addressees)}"] if document.addressees else []
    recipients = (f"- {one.name} ({one.purpose})" if one.purpose else f"- {one.name}" for one in document.recipients)
    return [
        (HEAD, "\n".join((letterhead.removeprefix(" - "), title, *addressed))),
        *_pieces(document.blocks, ""),
        *(piece for number, annex in enumerate(document.annexes, 1) for piece in _annex(annex, number)),
        (RECIPIENTS, "\n".join(("Nơi nhận:", *recipients))),
    ]


def _annex(annex: Annex, number: int) -> Iterator[tuple[str, str]]:
    yield f"phu-luc-{number}", annex.title
    yield from _pieces(annex.blocks, f"phu-luc-{number}.")


def _pieces(blocks: Iterable[Block], prefix: str) -> Iterator[tuple[str, str]]:
    for number, block in enumerate(blocks, 1):
        match block:
            case Paragraph():
                yield prefix + block.id, f"{block.lead_in} {block.text}".strip()
            case Heading():
                yield f"{prefix}{TITLE}{number}", block.text
            case Table():
                rows = (block.header, *block.rows)
                yield f"{prefix}bang-{number}", "\n".join(" · ".join(row) for row in rows)
            case PhotoGrid():
                yield f"{prefix}anh-{number}", "\n".join(_photo(one) for one in block.photos)


def _photo(photo: Photo) -> str:
    return f"{photo.sha256} {photo.caption}"


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return sha256(text.encode()).hexdigest()


def digest_of(parts: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of all of it: ids, texts, and their order."""
    return digest("\x1e".join(f"{id_}\x1f{text}" for id_, text in parts))
