"""Does the journal still say what it said? The chain row by row, and anchors kept outside the database.

A chain alone cannot show a cut tail, nor that somebody recomputed it whole; anchors (a head noted in an
issued paper, a receipt or a backup) can.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from app.journal.entry import Entry, value_digest
from app.journal.store import Receipt, Store, entry_of, link


@dataclass(frozen=True)
class Anchor:
    """The journal's head as noted elsewhere."""

    where: str
    seq: int
    hash: str


@dataclass(frozen=True)
class Verdict:
    """What verification found; ``problems`` is empty where all is well."""

    entries: int
    anchors: int
    erased: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(store: Store, anchors: Iterable[Anchor] = ()) -> Verdict:
    """Check every row, the superseding edges and the anchors."""
    problems: list[str] = []
    count, erased = _verify_rows(store, problems)
    _verify_edges(store, problems)
    checked = 0
    for anchor in anchors:
        checked += 1
        _verify_anchor(store, anchor, problems)
    return Verdict(count, checked, erased, tuple(problems))


def _verify_rows(store: Store, problems: list[str]) -> tuple[int, int]:
    previous = store.genesis()
    expected, count, erased = 1, 0, 0
    for row in store.db.execute("SELECT * FROM entries ORDER BY seq"):
        count += 1
        if row["seq"] != expected:
            last = row["seq"] - 1
            gap = f"dòng {expected}" if expected == last else f"các dòng {expected}-{last}"
            problems.append(f"Thiếu {gap}: đã bị xóa khỏi sổ.")
        entry = entry_of(row)
        place = f"Dòng {row['seq']} (mã {row['id']}, {row['subject']})"
        if row["salt"] is None:
            erased += 1
        elif value_digest(row["salt"], entry.value_bytes) != row["digest"]:
            problems.append(f"{place}: nội dung đã bị sửa.")
        receipt = Receipt(row["seq"], row["received_at"], row["uploader"])
        if link(previous, entry.header(), receipt, row["digest"]) != row["hash"] and row["seq"] == expected:
            problems.append(f"{place}: dòng bị sửa hoặc được chèn vào, chuỗi băm không khớp.")
        if entry.settled != _says_settled(entry):
            problems.append(f"{place}: cột phụ của dòng đã bị sửa.")
        previous = row["hash"]
        expected = row["seq"] + 1
    return count, erased


def _says_settled(entry: Entry) -> bool:
    """What the column must hold; an erased value can no longer say."""
    if entry.value_bytes == b"":
        return entry.settled
    return isinstance(entry.value, dict) and entry.value.get("settled") is not None


def _verify_edges(store: Store, problems: list[str]) -> None:
    expected: dict[tuple[str, str], int] = {}
    for row in store.db.execute("SELECT subject, supersedes, settled FROM entries WHERE supersedes != '[]'"):
        for target in orjson.loads(row["supersedes"]):
            key = (target, row["subject"])
            expected[key] = max(expected.get(key, 0), row["settled"])
    found = {(row[0], row[1]): row[2] for row in store.db.execute("SELECT id, subject, settled FROM superseded")}
    if found != expected:
        problems.append(
            "Bảng «superseded» không khớp với các ghi nhận; hãy chạy «kiemtra journal rebuild» và tìm nguyên nhân."
        )


def _verify_anchor(store: Store, anchor: Anchor, problems: list[str]) -> None:
    found = store.hash_at(anchor.seq)
    if found is None:
        end = store.head().seq
        problems.append(
            f"{anchor.where} chứng nhận sổ đã có đến dòng {anchor.seq}, nay chỉ còn {end} dòng: phần cuối đã bị cắt."
        )
    elif found != anchor.hash:
        problems.append(f"{anchor.where} chứng nhận mã băm khác ở dòng {anchor.seq}: chuỗi đã bị tính lại sau khi sửa.")
