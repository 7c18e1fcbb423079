"""An inspection's site records as the office reads them, and which entries came after them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from app.inspections.minutes import Line, paper_lines, shown_sha256

FIELD_TABLES = ("answers", "answer_rows", "notes", "evidence")
"""What a delegation records on the day; only this can come after the record."""

KIND_LABELS = {
    "lam_viec": "Biên bản làm việc",
    "toan_cuoc": "Biên bản kiểm tra",
    "diem_danh": "Biên bản kiểm đếm",
}
ROLE_LABELS = {"thu_ky": "Thư ký", "chu_tri": "Chủ tọa", "don_vi": "Đại diện đơn vị"}


@dataclass(frozen=True)
class SiteRecord:
    """One current version of a site record.

    Attributes:
        id: the record's id within its inspection.
        entry: the version's entry.
        value: what it says.
        author: account that made this version.
        made_at: the maker's clock, UTC.
        disputed: another current version of the same record says something else.
        earlier: how many versions it has taken the place of.
    """

    id: str
    entry: str
    value: dict[str, Any]
    author: str
    made_at: str
    disputed: bool
    earlier: int

    @property
    def title(self) -> str:
        """``Biên bản làm việc``."""
        return KIND_LABELS.get(self.value.get("kind") or "lam_viec", KIND_LABELS["lam_viec"])

    @property
    def is_read(self) -> bool:
        """It was read through; before that it is a draft."""
        return bool(self.value.get("read"))

    @property
    def shown(self) -> str:
        """The hash of what was shown, as the tablet gave it; empty while it is a draft."""
        return self.value.get("shown_sha256") or ""

    @property
    def mismatch(self) -> bool:
        """The hash that the tablet gave is not the hash of the text that the record holds."""
        return bool(self.shown) and self.shown != shown_sha256(self.value)

    @property
    def state(self) -> tuple[str, str]:
        """How far it has come, with a tone: draft, read, printed, signed scan attached."""
        if not self.is_read:
            return "Bản nháp, chưa đọc", ""
        if any(scan["shown"] == self.shown for scan in self.scans):
            return "Đã đính bản ký", "good"
        return ("Đã in, chờ bản ký", "warn") if self.value.get("printed_at") else ("Đã đọc, chưa in", "warn")

    @property
    def scans(self) -> list[dict[str, Any]]:
        """Photos and scans of the signed paper."""
        found: list[dict[str, Any]] = self.value.get("scans") or []
        return found

    @property
    def signatures(self) -> list[dict[str, Any]]:
        """Signatures drawn on the glass, with the path of their strokes and whether they are of this text."""
        return [
            {**one, "path": stroke_path(one["strokes"]), "current": one["shown"] == self.shown}
            for one in self.value.get("signatures") or ()
        ]

    @property
    def lines(self) -> list[Line]:
        """The paper's lines."""
        return paper_lines(self.value)


def stroke_path(strokes: Sequence[Sequence[int]]) -> str:
    """The ``d`` of an SVG path for strokes given as a start and steps of x, y, milliseconds."""
    parts = []
    for stroke in strokes:
        steps = [f"{stroke[at]} {stroke[at + 1]}" for at in range(0, len(stroke) - 2, 3)]
        # A dot is a step of no length: round line ends make it visible.
        parts.append(f"M{steps[0]}l" + (" ".join(steps[1:]) or "0 0"))
    return "".join(parts)


def records_of(db: Database, inspection: str) -> list[SiteRecord]:
    """The current versions of every site record, oldest record first."""
    rows = db.execute(
        "SELECT m.*, (SELECT count(DISTINCT o.same) FROM minutes o WHERE o.subject = m.subject) AS versions, "
        "(SELECT count(*) FROM entries e WHERE e.subject = m.subject) AS all_entries "
        "FROM minutes m WHERE m.inspection = ? AND m.value != 'null' ORDER BY m.subject, m.entry",
        [inspection],
    )
    return [
        SiteRecord(
            row["minutes"],
            row["entry"],
            orjson.loads(row["value"]),
            row["author"],
            row["made_at"],
            row["versions"] > 1,
            row["all_entries"] - 1,
        )
        for row in rows
    ]


def covered_entries(records: Sequence[SiteRecord]) -> frozenset[str] | None:
    """The entries that a record which was read covers; None where there is no such record yet."""
    read = [record for record in records if record.is_read]
    return frozenset(entry for record in read for entry in record.value.get("covers", ())) if read else None


def entries_after(db: Database, inspection: str, records: Sequence[SiteRecord]) -> frozenset[str]:
    """Current field entries that no read record covers: they are kept and marked "sau biên bản"."""
    covered = covered_entries(records)
    return frozenset() if covered is None else frozenset(_current(db, inspection)) - covered


def _current(db: Database, inspection: str) -> Iterator[str]:
    for table in FIELD_TABLES:
        yield from (row[0] for row in db.execute(f"SELECT entry FROM {table} WHERE inspection = ?", [inspection]))


def files_missing(db: Database, inspection: str) -> list[dict[str, Any]]:
    """Scans that a record names and whose bytes are not here yet."""
    held = {row[0] for row in db.execute("SELECT sha256 FROM files")}
    return [
        {"author": record.author, "made_at": scan["at"], "value": {"caption": f"{record.title} đã ký"}}
        for record in records_of(db, inspection)
        for scan in record.scans
        if scan["file"]["sha256"] not in held
    ]
