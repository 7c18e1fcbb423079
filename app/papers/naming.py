"""How a paper is named: as people speak of it, and as its file is called."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pikepdf

from app.text import slug
from reports.composing.prose import short_date
from reports.document import Document
from reports.rendering.layout import NBSP, clean

REPORT = "bao-cao"
"""``about`` of the delegation's report to those above it: not for the unit, nor for everybody."""
OVER_CAMPAIGN = "tong-hop"
"""How ``about`` of a campaign's reports begins."""
_TYPES = r"(?:Thông báo|Công văn|Báo cáo|Biên bản)"


def subject_of(paper: Mapping[str, Any]) -> str:
    """The trích yếu of a paper's value; papers of earlier versions have it in their title only."""
    told: str = paper.get("subject") or re.sub(rf"^{_TYPES}(?: số \S+)?\s*", "", paper["title"])
    return told or paper["title"]


def printed_subject(document: Document) -> str:
    """The trích yếu of a Document in one line, without "V/v"."""
    text = clean(document.subject).replace("\n", " ").replace(NBSP, " ")
    return re.sub(r"^V/v\s+", "", text, flags=re.IGNORECASE)


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def file_stem(symbol: str, subject: str, *, number: int | None = None, day: str | None = None) -> str:
    """A file's name: number, symbol, day, trích yếu, in plain letters: ``05_TB-DKT_2026-11-20_ve-ket-luan…``."""
    plain = slug(symbol.replace("/", "-")).upper()
    parts = [f"{number:02d}" if number else "", plain if symbol else "", day or "", slug(subject)]
    return "_".join(part for part in parts if part)


def stem_of(paper: Mapping[str, Any]) -> str:
    """The file name of a kept paper."""
    return file_stem(paper.get("symbol", ""), subject_of(paper), number=paper.get("number"), day=paper.get("date"))


def stem_of_document(document: Document) -> str:
    """The file name of a Document that may not be issued yet."""
    day = document.issued_on.isoformat() if document.issued_on else None
    return file_stem(document.symbol, printed_subject(document), number=document.number, day=day)


def document_name(document: Mapping[str, Any]) -> str:
    """Such as "Thông báo số 05/TB-ĐKT ngày 20/7/2022"; without a number, by its day of signing."""
    name = {"TB": "Thông báo", "CV": "Công văn", "BC": "Báo cáo"}.get(document["kind"], "văn bản")
    if document.get("number"):
        name += f" số {document['number']:02d}/{document['symbol']}"
    if document.get("date"):
        name += f" ngày {short_date(date.fromisoformat(document['date']))}"
    return name
