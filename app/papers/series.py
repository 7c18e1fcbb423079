"""Series of numbers: which numbers a body has given under a symbol in a year, and the next one of a series kept here.

An agency numbers its papers in its own register, so a number is typed in by default. A Đoàn that issues under its own
symbol has a series of its own, which may be kept here; numbers begin at 01 each year (NĐ 30/2020/NĐ-CP Điều 15).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from app.errors import ConflictError
from app.installation import Installation
from app.papers.owner import own_issuer
from app.text import slug

_FEW = 8


class NumberTakenError(ConflictError):
    """A number of an own series was given to another paper meanwhile."""

    code = "number_taken"

    def __init__(self) -> None:
        super().__init__("Số này vừa được lấy cho văn bản khác; hãy thử lại.")


@dataclass(frozen=True)
class Series:
    """The numbers of one symbol of one issuing body in one year."""

    issuer: str
    symbol: str
    year: int

    @property
    def subject(self) -> str:
        return series_subject(self.issuer, self.symbol)

    def shown(self, number: int) -> str:
        """Such as ``05/TB-ĐKT``."""
        return f"{number:02d}/{self.symbol}"


def series_subject(issuer: str, symbol: str) -> str:
    """The subject of a series' setting: a plain spelling, with a hash because ĐKT and DKT are two symbols."""
    return f"series/{issuer}/{slug(symbol)[:40]}-{hashlib.sha256(symbol.encode()).hexdigest()[:8]}"


def series_of(db: Database, owner: str, paper: Mapping[str, Any]) -> Series | None:
    """The series that a paper's number is one of; None while it has no day."""
    if not paper.get("date"):
        return None
    issuer = paper.get("issuer") or own_issuer(db, owner)
    return Series(issuer, paper.get("symbol", ""), int(paper["date"][:4]))


def used_numbers(db: Database, series: Series, except_document: str = "") -> dict[int, list[str]]:
    """Titles of the papers by their number, over all inspections and campaigns. A replaced paper keeps its number."""
    rows = db.execute(
        "SELECT d.document, d.value, coalesce(json_extract(d.value, '$.issuer'), json_extract(i.value, '$.issuer'), "
        "json_extract(c.value, '$.issuer')) AS body FROM documents d "
        "LEFT JOIN inspections i ON i.inspection = d.inspection LEFT JOIN campaigns c ON c.id = d.campaign "
        "WHERE d.number IS NOT NULL AND substr(d.date, 1, 4) = ? AND json_extract(d.value, '$.symbol') = ?",
        [str(series.year), series.symbol],
    )
    found: dict[int, list[str]] = {}
    for row in rows.fetchall():
        value = orjson.loads(row["value"])
        if row["document"] != except_document and _same_body(db, row["body"], series.issuer):
            found.setdefault(value["number"], []).append(value["title"])
    return found


def _same_body(db: Database, one: str, other: str) -> bool:
    """The same issuing body, also where it was entered twice."""
    return one == other or _name(db, one) == _name(db, other) != ""


def _name(db: Database, issuer: str) -> str:
    row = db.execute("SELECT name FROM issuers WHERE id = ?", [issuer]).fetchone()
    return row[0] or "" if row else ""


def is_own(installation: Installation, series: Series) -> bool:
    """Whether the numbers of this series are given here."""
    return bool((installation.journal().value(series.subject) or {}).get("own"))


def first_number(installation: Installation, series: Series) -> int:
    """Where an own series begins in its year."""
    value = installation.journal().value(series.subject) or {}
    return int(value.get("first", {}).get(str(series.year), 1))


def next_number(installation: Installation, series: Series | None) -> int | None:
    """The next number of an own series; None where the numbers are given elsewhere."""
    if series is None or not is_own(installation, series):
        return None
    used = used_numbers(installation.database(), series)
    return max([first_number(installation, series) - 1, *used]) + 1


def gaps(installation: Installation, series: Series) -> list[int]:
    """Numbers of an own series that no paper has, below the highest one."""
    used = used_numbers(installation.database(), series)
    return [number for number in range(first_number(installation, series), max(used, default=0)) if number not in used]


def number_warnings(installation: Installation, series: Series | None, number: int | None, own: str = "") -> list[str]:
    """Another paper has this number; an own series has gaps."""
    if series is None or number is None:
        return []
    told = [
        f"Số {series.shown(number)} năm {series.year} đã dùng cho «{title}»; hãy đối chiếu sổ văn bản đi."
        for title in used_numbers(installation.database(), series, own).get(number, ())
    ]
    if is_own(installation, series) and (missing := gaps(installation, series)):
        few = ", ".join(f"{one:02d}" for one in missing[:_FEW]) + ("…" if len(missing) > _FEW else "")
        told.append(f"Dãy số {series.symbol} năm {series.year} còn thiếu số {few}; hãy ghi rõ lý do trong sổ.")
    return told
