"""The texts of a DOCX that somebody corrected, paragraph by paragraph.

The file is a stranger's: ``read_docx`` is for the bounded child (``bounded.py``). Tracked changes are read as
accepted, comments come beside their paragraph, and what a word processor adds for itself (split runs, soft hyphens,
spelling marks, its own bookmarks) is not text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from reports.rendering.docx_parts import same_bytes
from reports.words import plain

LARGEST_PART = 40_000_000
MOST_PARAGRAPHS = 20_000
MARK = re.compile(r"kiemtra[_ :,;]+([a-z0-9-]{1,64})[_ :,;]+(\d{1,15})")
_CORE, _BODY, _COMMENTS = "docProps/core.xml", "word/document.xml", "word/comments.xml"
_KEYWORDS = re.compile(rb"<cp:keywords\s*/>|<cp:keywords>[^<]*</cp:keywords>")
_SKIPPED = {qn(f"w:{name}") for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "txbxContent")}
_WITHIN = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
_SIGNS = {qn("w:tab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
_CHANGES = tuple(qn(f"w:{name}") for name in ("ins", "del", "moveFrom", "moveTo"))


class NotDocxError(Exception):
    """The file is no DOCX that can be read; the message says what to do."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or "Tệp này không phải tệp DOCX đọc được; hãy lưu lại từ Word dưới dạng .docx.")


@dataclass(frozen=True)
class Comment:
    """A remark in the margin."""

    author: str
    text: str


@dataclass(frozen=True)
class DocxParagraph:
    """One paragraph.

    Attributes:
        text: as it reads when all tracked changes are accepted; NFC, ordinary blanks.
        bookmarks: names of the bookmarks that begin in it.
        in_table: it stands in a table.
        tracked: it has tracked changes.
        comments: remarks on it.
    """

    text: str
    bookmarks: tuple[str, ...] = ()
    in_table: bool = False
    tracked: bool = False
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True)
class DocxText:
    """A file as it was read; ``draft`` and ``seq`` say of which draft it was, where that has survived."""

    paragraphs: tuple[DocxParagraph, ...]
    draft: str = ""
    seq: int | None = None


def marked(package: bytes, draft: str, seq: int) -> bytes:
    """The same DOCX with a property that says of which draft it is (small letters, figures, hyphens); it is kept."""
    mark = f"<cp:keywords>kiemtra_{draft}_{seq}</cp:keywords>".encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, _KEYWORDS.sub(mark, data) if name == _CORE else data)
    return same_bytes(stream.getvalue())


def read_docx(data: bytes) -> DocxText:
    """The paragraphs of the body in their order.

    Raises:
        NotDocxError: it is none, or larger than any paper.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            body = parse_xml(_part(package, _BODY)).find(qn("w:body"))
            names = package.namelist()
            comments = _comments(parse_xml(_part(package, _COMMENTS))) if _COMMENTS in names else {}
            found = MARK.search(_part(package, _CORE).decode("utf-8", "replace")) if _CORE in names else None
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, NotImplementedError, RuntimeError) as error:
        raise NotDocxError from error
    if body is None:
        raise NotDocxError
    paragraphs = tuple(_Reader(comments).read(body))
    return DocxText(paragraphs, found[1] if found else "", int(found[2]) if found else None)


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > LARGEST_PART:
        raise NotDocxError("Tệp DOCX lớn bất thường nên không nhận; hãy bỏ ảnh, bảng dán thêm rồi nộp lại.")
    return package.read(name)


def _comments(root: Any) -> dict[str, Comment]:
    return {
        one.get(qn("w:id"), ""): Comment(
            plain(one.get(qn("w:author"), ""))[:200], plain(" ".join(part.text or "" for part in one.iter(qn("w:t"))))
        )
        for one in root.iter(qn("w:comment"))
    }


@dataclass
class _Reader:
    """One body being read; a paragraph whose end was deleted goes on in the next one."""

    comments: dict[str, Comment]
    pending: list[Any] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    count: int = 0

    def read(self, parent: Any, *, in_table: bool = False) -> Iterator[DocxParagraph]:
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child, in_table=in_table)
            elif child.tag == qn("w:tbl"):
                for cell in child.iter(qn("w:tc")):
                    yield from self.read(cell, in_table=True)
            elif child.tag in _WITHIN:
                yield from self.read(child, in_table=in_table)
            elif child.tag == qn("w:bookmarkStart"):
                # LibreOffice and Word may put the start of a bookmark between two paragraphs.
                self.waiting.append(child.get(qn("w:name"), ""))

    def _paragraph(self, paragraph: Any, *, in_table: bool) -> Iterator[DocxParagraph]:
        self.count += 1
        if self.count > MOST_PARAGRAPHS:
            raise NotDocxError("Tệp có quá nhiều đoạn nên không nhận; hãy nộp đúng tệp dự thảo đã sửa.")
        self.pending.append(paragraph)
        if paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None:
            return
        parts, self.pending = self.pending, []
        names = [one.get(qn("w:name"), "") for part in parts for one in part.iter(qn("w:bookmarkStart"))]
        marks = [one.get(qn("w:id"), "") for part in parts for one in part.iter(qn("w:commentReference"))]
        waiting, self.waiting = self.waiting, []
        yield DocxParagraph(
            text=plain("".join(text for part in parts for text in _texts(part))),
            bookmarks=tuple(dict.fromkeys([*waiting, *names])),
            in_table=in_table,
            tracked=len(parts) > 1 or any(next(part.iter(*_CHANGES), None) is not None for part in parts),
            comments=tuple(self.comments[mark] for mark in dict.fromkeys(marks) if mark in self.comments),
        )


def _texts(node: Any) -> Iterator[str]:
    for child in node:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _SKIPPED:
            yield from _texts(child)
