"""What belongs to a case file, part by part: papers, records with scans, evidence, what the unit said, remedies.

The order is that of an inspection's file: orders and plan, the unit's report, site records, evidence, explanations,
approvals, the delegation's report, the conclusion and what followed from it, remedies. What is known by number and day
only stands in the list without a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from app.accounts.manage import names_of
from app.errors import NotFoundError
from app.evidence.sight import sight_of
from app.evidence.storage import EvidenceStorage
from app.home.screen import moment, vietnamese_date
from app.identity import Identity
from app.inspections.queries import issuer_of, setup_of, unit_of
from app.inspections.records import records_of
from app.installation import Installation
from app.papers.issuing import issued_file
from app.papers.naming import stem_of, subject_of
from app.remedies.lists import Said, remedies_of
from reports.composing.case_list import Listed

ORDERS, REPORTED, RECORDS = "1. Kế hoạch, quyết định", "2. Báo cáo của đơn vị", "3. Biên bản"
EVIDENCE, SAID, APPROVALS = "4. Minh chứng", "5. Giải trình, kiến nghị của đơn vị", "6. Ý kiến duyệt"
PAPERS, REMEDIES = "7. Văn bản ban hành", "8. Khắc phục"
_FOLDERS = {
    RECORDS: "3_bien-ban",
    EVIDENCE: "4_minh-chung",
    SAID: "5_giai-trinh",
    APPROVALS: "6_y-kien-duyet",
    PAPERS: "7_van-ban",
    REMEDIES: "8_khac-phuc",
}
_SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_CHUNK = 256 * 1024
_HEAD = 2
"""Lines above the rows: what it is, and the columns' names."""
Read = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Piece:
    """One line of the file; ``read`` gives the bytes of its file, None where there is none."""

    listed: Listed
    stem: str = ""
    suffix: str = ""
    read: Read | None = None

    @property
    def folder(self) -> str:
        return _FOLDERS[self.listed.section]


def pieces_of(installation: Installation, inspection: str, who: Identity, *, originals: bool) -> Iterator[Piece]:
    """Every piece of an inspection's file, in the order of the list."""
    case = _Case(installation, inspection, who, originals)
    yield from case.orders()
    yield from case.records()
    yield from case.evidence()
    yield from case.said()
    yield from case.approvals()
    yield from case.papers()
    yield from case.remedies()


class _Case:
    """One inspection's file; the methods follow its parts."""

    def __init__(self, installation: Installation, inspection: str, who: Identity, originals: bool) -> None:  # noqa: FBT001
        self.installation, self.inspection, self.who, self.originals = installation, inspection, who, originals
        self.db = installation.database()
        self.setup = setup_of(self.db, inspection)
        self.storage = EvidenceStorage(installation.evidence_path, self.db, installation.clock)
        self.names = names_of(self.db)
        self.unit = unit_of(self.db, self.setup["unit"])["name"]

    def rows(self, table: str) -> list[tuple[Any, dict[str, Any]]]:
        """Current values of a derived table, oldest first."""
        query = f"SELECT * FROM {table} WHERE inspection = ? AND value != 'null' ORDER BY seq"
        read = [(row, orjson.loads(row["value"])) for row in self.db.execute(query, [self.inspection]).fetchall()]
        return [(row, value) for row, value in read if value]

    def orders(self) -> Iterator[Piece]:
        """Papers that are known by number and day; they are kept elsewhere."""
        named = ((ORDERS, "plan", "Kế hoạch kiểm tra"), (ORDERS, "decision", "Quyết định kiểm tra"))
        for section, key, title in (*named, (REPORTED, "unit_report", "Báo cáo của đơn vị")):
            paper = self.setup.get(key) or {}
            if paper.get("number"):
                note = "Bản giấy hoặc ở hệ thống khác, không có tệp"
                yield Piece(_of_paper(section, paper.get("subject") or title, paper, note))

    def records(self) -> Iterator[Piece]:
        """Site records as they were read, with scans of the signed ones."""
        for record in records_of(self.db, self.inspection):
            if not record.is_read:
                continue
            day = vietnamese_date((record.value.get("started_at") or record.made_at)[:10])
            author = self.names.get(record.author, record.author)
            text = "\n".join(line.text for line in record.lines)
            listed = Listed(RECORDS, record.title, day=day, author=author, note="Nội dung đã đọc")
            yield Piece(listed, f"{record.title} {day}", ".txt", _bytes(partial(text.encode, "utf-8")))
            for scan in record.scans:
                yield from self._file(RECORDS, f"{record.title} đã ký", scan["file"], day, author, "Bản ký")

    def evidence(self) -> Iterator[Piece]:
        """Covered copies of photos, other files as they came, papers that are only named."""
        for row, value in self.rows("evidence"):
            author = self.names.get(row["author"], row["author"])
            title = value.get("caption") or value.get("item") or "Minh chứng"
            day = vietnamese_date((value.get("taken_at") or row["made_at"])[:10])
            if value.get("file"):
                yield from self._evidence_file(title, value["file"], day, author)
            elif value.get("paper"):
                yield Piece(_of_paper(EVIDENCE, title, value["paper"], "Văn bản được nêu, không có tệp"))
            else:
                told = value.get("address") or (value.get("call") or {}).get("number") or ""
                yield Piece(Listed(EVIDENCE, f"{title}: {told}", day=day, author=author))

    def _evidence_file(self, title: str, file: Mapping[str, Any], day: str, author: str) -> Iterator[Piece]:
        kind = self.storage.type_of(file["sha256"]) or ""
        if not kind.startswith("image/"):
            yield from self._file(EVIDENCE, title, file, day, author)
            return
        try:
            sight = sight_of(self.who, file["sha256"])
        except NotFoundError:
            return
        listed = Listed(EVIDENCE, title, day=day, author=author, note="Bản đã che")
        copy = _bytes(lambda: self.storage.copy(file["sha256"], sight.marks))
        yield Piece(listed, title, ".jpg", copy)
        if self.originals and sight.original:
            yield from self._file(EVIDENCE, title, file, day, author, "Ảnh gốc")

    def _file(  # noqa: PLR0913 (a line and its file)
        self, section: str, title: str, file: Mapping[str, Any], day: str, author: str, note: str = ""
    ) -> Iterator[Piece]:
        listed = Listed(section, title, day=day, author=author, note=note)
        if not self.storage.holds(file["sha256"]):
            yield Piece(Listed(section, title, day=day, author=author, note="Tệp chưa về máy chủ"))
            return
        suffix = _SUFFIXES.get(self.storage.type_of(file["sha256"]) or "", ".bin")
        yield Piece(listed, f"{title} {note}", suffix, _path(self.storage.path(file["sha256"])))

    def said(self) -> Iterator[Piece]:
        """The unit's explanations with their decisions, its requests, and the letters that came with them."""
        decisions = {(row["item"], row["site"]): value for row, value in self.rows("explanation_decisions")}
        lines = [
            (row["item"], value["text"], moment(row["made_at"]), *_decision(decisions.get((row["item"], row["site"]))))
            for row, value in self.rows("explanations")
        ]
        if lines:
            header = ("Mục", "Giải trình", "Gửi lúc", "Quyết định của Đoàn", "Lý do")
            yield self._sheet(SAID, "Giải trình của đơn vị và ý kiến của Đoàn", header, lines, author=self.unit)
        for _, value in (*self.rows("explanations"), *self.rows("hearing_replies")):
            for file in value.get("files", ()):
                yield from self._file(SAID, file.get("name") or "Tài liệu giải trình", file, "", self.unit)

    def approvals(self) -> Iterator[Piece]:
        """Who approved the draft, and the versions that were submitted."""
        lines = [
            (
                row["submission"],
                row["step"],
                self.names.get(row["author"], row["author"]),
                {"duyet": "Duyệt", "tra_lai": "Trả lại"}.get(value["decision"], value["decision"]),
                "\n".join([value.get("comment", ""), *(one["text"] for one in value.get("remarks", ()))]).strip(),
                moment(row["made_at"]),
            )
            for row, value in self.rows("approvals")
        ]
        if lines:
            header = ("Bản trình số", "Bước", "Người duyệt", "Ý kiến", "Nội dung", "Lúc")
            yield self._sheet(APPROVALS, "Ý kiến duyệt dự thảo", header, lines)
        for row, value in self.rows("submissions"):
            if value.get("file"):
                name, day = value.get("title") or "Dự thảo", vietnamese_date(row["made_at"][:10])
                title = f"{name}, bản trình số {row['submission']}"
                yield from self._file(APPROVALS, title, value["file"], day, self.names.get(row["author"], ""))

    def papers(self) -> Iterator[Piece]:
        """Signed papers as they are, with the DOCX of the same text; what was never issued is left out."""
        for _, value in self.rows("documents"):
            if not value["signatures"] or (value["state"] == "replaced" and not value.get("number")):
                continue
            body = issuer_of(self.db, value.get("issuer") or self.setup["issuer"])["name"]
            number = f"{value['number']:02d}/{value['symbol']}" if value.get("number") else f"/{value['symbol']}"
            note = "Đã được thay thế" if value["state"] == "replaced" else ""
            listed = Listed(
                PAPERS,
                subject_of(value),
                number=number,
                day=vietnamese_date(value.get("date")),
                author=body,
                pages=str(value.get("pages") or ""),
                note=note,
            )
            for suffix, sha256, kind in (("pdf", value["sha256"], ""), ("docx", value.get("docx_sha256"), "Bản DOCX")):
                path = issued_file(self.installation, sha256, suffix) if sha256 else None
                if path is not None and path.exists():
                    told = "; ".join(part for part in (note, kind) if part)
                    yield Piece(_noted(listed, told), stem_of(value), f".{suffix}", _path(path))

    def remedies(self) -> Iterator[Piece]:
        """The list of requirements with answers and decisions, and the files that the unit sent."""
        found = remedies_of(self.db, [self.inspection])
        if found:
            header = (
                "Nội dung",
                "Đơn vị thực hiện",
                "Sản phẩm",
                "Thời hạn",
                "Đến ngày",
                "Tình trạng",
                "Trả lời, quyết định",
            )
            lines = [
                (
                    one.value["text"],
                    one.value.get("addressee", ""),
                    one.value.get("product", ""),
                    one.term,
                    vietnamese_date(one.value.get("due")),
                    one.state_label,
                    "\n".join(_said(said) for said in one.history),
                )
                for one in found
            ]
            yield self._sheet(REMEDIES, "Danh mục yêu cầu và kết quả khắc phục", header, lines)
        for _, value in self.rows("remedy_responses"):
            if (value.get("paper") or {}).get("number"):
                yield Piece(
                    _of_paper(REMEDIES, "Báo cáo khắc phục của đơn vị", value["paper"], "Được nêu trong trả lời")
                )
            for file in value.get("files", ()):
                yield from self._file(REMEDIES, file.get("name") or "Tài liệu khắc phục", file, "", self.unit)

    def _sheet(
        self, section: str, title: str, header: tuple[str, ...], lines: Iterable[tuple[str, ...]], author: str = ""
    ) -> Piece:
        rows = list(lines)
        listed = Listed(section, title, author=author, note=f"{len(rows)} dòng, trích từ hệ thống")
        return Piece(listed, title, ".xlsx", _bytes(lambda: _spreadsheet(title, header, rows)))


def _said(one: Said) -> str:
    words = ". ".join(filter(None, (one.text.rstrip("."), one.detail)))
    return f"{one.label}: {words} ({moment(one.made_at)})"


def _decision(value: Mapping[str, Any] | None) -> tuple[str, str]:
    if value is None:
        return "Chưa quyết định", ""
    labels = {"tiep_thu": "Tiếp thu", "mot_phan": "Tiếp thu một phần", "khong_tiep_thu": "Không tiếp thu"}
    return labels.get(value["decision"], value["decision"]), value.get("reason", "")


def _of_paper(section: str, title: str, paper: Mapping[str, Any], note: str) -> Listed:
    return Listed(
        section,
        paper.get("subject") or title,
        number=paper.get("number", ""),
        day=vietnamese_date(paper.get("date")),
        author=paper.get("issuer", ""),
        note=note,
    )


def _noted(listed: Listed, note: str) -> Listed:
    return Listed(**{**vars(listed), "note": note})


def _spreadsheet(title: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    """A plain table; text that looks like a formula stays text."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 (a new workbook has a sheet)
    sheet.append([title])
    sheet.append(list(header))
    for row in rows:
        sheet.append([str(cell or "") for cell in row])
    for number, line in enumerate(sheet.iter_rows(), 1):
        for cell in line:
            cell.font = Font(bold=number <= _HEAD)
            cell.alignment = Alignment(wrap_text=number > 1, vertical="top")
            if cell.data_type == "f":
                cell.data_type = "s"
    for column in range(len(header)):
        sheet.column_dimensions[chr(ord("A") + column)].width = 30
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _bytes(make: Callable[[], bytes]) -> Read:
    return lambda: iter((make(),))


def _path(path: Path) -> Read:
    def read() -> Iterator[bytes]:
        with path.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                yield chunk

    return read
