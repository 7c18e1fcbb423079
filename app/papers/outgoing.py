"""The register of outgoing papers: the registration slip of one paper, its sendings, a year's list with export.

Fields are those that an agency's own register asks for (NĐ 30/2020/NĐ-CP Điều 16 và Phụ lục IV), so that they can be
copied from here into it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from sqlite_utils import Database

from app.inspections.queries import issuer_of
from app.papers.naming import subject_of
from app.papers.owner import OWNER, column_of, own_issuer
from app.papers.registering import is_sealed
from forms.fields import show_date
from reports import csv_text

TYPES = {"TB": "Thông báo", "CV": "Công văn", "BC": "Báo cáo", "BB": "Biên bản"}
COLUMNS = (
    ("number", "Số", 8),
    ("symbol", "Ký hiệu", 14),
    ("date", "Ngày văn bản", 13),
    ("type", "Loại", 12),
    ("subject", "Trích yếu", 60),
    ("signer", "Người ký", 28),
    ("recipients", "Nơi nhận", 44),
    ("drafted_by", "Đơn vị soạn thảo", 26),
    ("copies", "Số lượng bản", 10),
    ("issuer", "Cơ quan ban hành", 30),
    ("unit", "Đơn vị được kiểm tra", 30),
    ("state", "Tình trạng", 18),
    ("sealed", "Dấu", 12),
    ("sent", "Phát hành", 16),
)
STATES = {"registered": "Đã ban hành", "replaced": "Đã được thay thế"}


@dataclass(frozen=True)
class Sending:
    """One sending of a paper with its entry."""

    number: int
    entry: str
    author: str
    value: dict[str, Any]

    @property
    def received(self) -> bool:
        return bool(self.value.get("received_at"))


def slip_of(db: Database, owner: str, document: str) -> tuple[dict[str, Any], list[str]]:
    """What was typed in on the slip, and the entries it stands in."""
    column, id_ = column_of(owner)
    row = db.execute(f"SELECT entry, value FROM slips WHERE {column} = ? AND document = ?", [id_, document]).fetchone()
    return (orjson.loads(row["value"]) or {}, [row["entry"]]) if row and row["value"] else ({}, [])


def sendings_of(db: Database, owner: str, document: str) -> list[Sending]:
    """The sendings of a paper in their order."""
    column, id_ = column_of(owner)
    rows = db.execute(
        f"SELECT number, entry, author, value FROM dispatches WHERE {column} = ? AND document = ?",
        [id_, document],
    )
    read = [(row, orjson.loads(row["value"]) if row["value"] else None) for row in rows.fetchall()]
    found = [Sending(int(row["number"]), row["entry"], row["author"], value) for row, value in read if value]
    return sorted(found, key=lambda one: one.number)


def slip_fields(db: Database, paper: Mapping[str, Any], slip: Mapping[str, Any], owner: str) -> list[tuple[str, str]]:
    """The fields of the "Phiếu đăng ký văn bản đi", empty ones left out."""
    issuer = issuer_of(db, paper.get("issuer") or own_issuer(db, owner))
    signed = [one["name"] for one in paper["signatures"] if one.get("role", "signer") == "signer"]
    title = " ".join((paper.get("signer_title") or _title_of(issuer, signed)).split())
    fields = (
        ("Số", f"{paper['number']:02d}" if paper.get("number") else ""),
        ("Ký hiệu", paper.get("symbol", "")),
        ("Số, ký hiệu", f"{paper['number']:02d}/{paper['symbol']}" if paper.get("number") else ""),
        ("Ngày văn bản", show_date(paper.get("date"))),
        ("Loại văn bản", TYPES.get(paper["kind"], paper["kind"])),
        ("Trích yếu", subject_of(paper)),
        ("Cơ quan ban hành", issuer["name"]),
        ("Người ký", ", ".join(signed)),
        ("Chức vụ người ký", title),
        ("Nơi nhận", "\n".join(paper.get("recipients") or _recipients_of(issuer))),
        ("Đơn vị, người soạn thảo", slip.get("drafted_by") or issuer.get("archive", "").removeprefix("VT").strip(", ")),
        ("Số trang", str(paper.get("pages") or "")),
        ("Số lượng bản", str(slip.get("copies") or issuer.get("copies") or "")),
        ("Độ khẩn", slip.get("urgency", "")),
        ("Độ mật", slip.get("secrecy", "")),
        ("Ghi chú", slip.get("note", "")),
    )
    return [(label, text) for label, text in fields if text]


def _title_of(issuer: Mapping[str, Any], signed: Sequence[str]) -> str:
    return next((one["title"] for one in issuer.get("signers", ()) if one["name"] in signed), "")


def _recipients_of(issuer: Mapping[str, Any]) -> list[str]:
    """Papers of earlier versions did not keep their Nơi nhận."""
    return [one["name"] for one in issuer.get("recipients", ())]


def registered_papers(
    db: Database, year: int, *, symbol: str = "", kind: str = "", words: str = ""
) -> list[dict[str, Any]]:
    """The papers of a year that are in the register, by issuing body, symbol and number.

    Args:
        db: where they are read.
        year: of the paper's date.
        symbol: only of this symbol; empty for all.
        kind: only of this type.
        words: only those in whose trích yếu, unit or number all these words stand.
    """
    rows = db.execute(
        f"SELECT {OWNER} AS owner, d.document, d.value, coalesce(u.name, c.title) AS unit FROM documents d "
        "LEFT JOIN inspections i ON i.inspection = d.inspection LEFT JOIN units u ON u.id = i.unit "
        "LEFT JOIN campaigns c ON c.id = d.campaign "
        "WHERE d.state IN ('registered', 'replaced') AND d.number IS NOT NULL AND substr(d.date, 1, 4) = ?",
        [str(year)],
    ).fetchall()
    lines = [_line(db, row) for row in rows]
    wanted = words.casefold().split()
    found = [
        line
        for line in lines
        if symbol in ("", line["symbol"])
        and kind in ("", line["kind"])
        and all(word in f"{line['subject']} {line['unit']} {line['number']}".casefold() for word in wanted)
    ]
    return sorted(found, key=lambda line: (line["issuer"], line["symbol"], line["value"]["number"]))


def _line(db: Database, row: Any) -> dict[str, Any]:
    paper = orjson.loads(row["value"])
    slip, _ = slip_of(db, row["owner"], row["document"])
    sent = sendings_of(db, row["owner"], row["document"])
    fields = dict(slip_fields(db, paper, slip, row["owner"]))
    return {
        "owner": row["owner"],
        "document": row["document"],
        "value": paper,
        "kind": paper["kind"],
        "number": fields["Số"],
        "symbol": paper.get("symbol", ""),
        "date": fields["Ngày văn bản"],
        "type": fields["Loại văn bản"],
        "subject": fields["Trích yếu"],
        "signer": fields.get("Người ký", ""),
        "recipients": fields.get("Nơi nhận", ""),
        "drafted_by": fields.get("Đơn vị, người soạn thảo", ""),
        "copies": fields.get("Số lượng bản", ""),
        "issuer": fields["Cơ quan ban hành"],
        "unit": row["unit"] or "",
        "state": STATES.get(paper["state"], paper["state"]),
        "sealed": "Đã đóng dấu" if is_sealed(paper) else "Không đóng dấu số" if paper.get("sealless") else "",
        "sent": f"{sum(one.received for one in sent)}/{len(sent)} đã nhận" if sent else "",
    }


def years_of(db: Database) -> list[int]:
    """Years in which papers were registered, the latest first."""
    rows = db.execute("SELECT DISTINCT substr(date, 1, 4) AS year FROM documents WHERE number IS NOT NULL")
    return sorted((int(row["year"]) for row in rows.fetchall() if row["year"]), reverse=True)


def as_csv(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """A year's list for other programs."""
    return csv_text.as_csv(
        [heading for _, heading, _ in COLUMNS], ([str(line[key]) for key, _, _ in COLUMNS] for line in lines)
    )


def as_xlsx(lines: Iterable[Mapping[str, Any]], heading: str) -> bytes:
    """A year's list as a spreadsheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 (a new workbook has a sheet)
    sheet.title = "Sổ văn bản đi"
    sheet.append([heading])
    sheet.append([])
    sheet.append([label for _, label, _ in COLUMNS])
    for line in lines:
        sheet.append([str(line[key]) for key, _, _ in COLUMNS])
    for cell in (*sheet[1], *sheet[3]):
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=3):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.data_type == "f":
                cell.data_type = "s"
    for column, (_, _, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A4"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
