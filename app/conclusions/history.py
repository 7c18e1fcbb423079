"""Who said what of a draft and when, read from the journal; every wording there was can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from app.journal.store import WITHIN
from reports.composing.parts import ORDER
from reports.composing.requirements import with_term
from reports.composing.tone import TONES
from reports.words import Span, differences

NEWEST = 300
"""So many entries of a whole draft are listed."""


@dataclass(frozen=True)
class Told:
    """One entry on a paragraph.

    Attributes:
        part: id of the paragraph.
        entry: id of the entry.
        author: account.
        at: the maker's clock, UTC.
        deeds: what was done, in words.
        spans: how the wording changed; empty where it did not.
        text: the wording after it; empty where the proposal stood.
    """

    part: str
    entry: str
    author: str
    at: str
    deeds: tuple[str, ...]
    spans: tuple[Span, ...]
    text: str


def history_of(db: Database, inspection: str, part: str, proposed: str = "", remedy: str | None = None) -> list[Told]:
    """All that was said of one paragraph, newest first.

    Args:
        db: where the journal is.
        inspection: whose draft.
        part: the paragraph's id.
        proposed: the wording that the first entry replaced.
        remedy: id of the requirement behind the paragraph.
    """
    subjects = [f"inspection/{inspection}/conclusion/{part}"]
    if remedy:
        subjects.append(f"inspection/{inspection}/remedy/{remedy}")
    rows = db.execute(
        "SELECT seq, id, subject, author, made_at, value FROM entries "
        "WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY seq",
        [orjson.dumps(subjects).decode()],
    ).fetchall()
    return list(reversed(_told(rows, {part: proposed} if proposed else {}, part)))


def whole_history(db: Database, inspection: str) -> list[Told]:
    """What was said of all paragraphs of a draft, newest first; the newest only, of a long one."""
    scope = f"inspection/{inspection}/conclusion"
    rows = db.execute(
        f"SELECT seq, id, subject, author, made_at, value FROM entries WHERE {WITHIN} ORDER BY seq", [scope, scope]
    ).fetchall()
    return list(reversed(_told(rows, {}, "")))[:NEWEST]


def words_at(db: Database, inspection: str, part: str, seq: int) -> str | None:
    """The lead's wording of a paragraph when the journal had ``seq`` entries; None where the proposal stood."""
    row = db.execute(
        "SELECT value FROM entries WHERE subject = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
        [f"inspection/{inspection}/conclusion/{part}", seq],
    ).fetchone()
    value = orjson.loads(row[0]) if row and row[0] else None
    return (value.get("text") or None) if value else None


def _told(rows: Iterable[Any], proposed: Mapping[str, str], only: str) -> list[Told]:
    before: dict[str, Mapping[str, Any]] = {}
    texts = dict(proposed)
    found = []
    for row in rows:
        value = (orjson.loads(row["value"]) if row["value"] else None) or {}
        part = only or row["subject"].rsplit("/", 1)[-1]
        text = _text(row["subject"], value)
        old = texts.get(part, "")
        spans = tuple(differences(old, text)) if text and text != old else ()
        deeds = tuple(_deeds(before.get(row["subject"], {}), value, part))
        if text:
            texts[part] = text
        before[row["subject"]] = value
        found.append(Told(part, row["id"], row["author"], row["made_at"], deeds, spans, text))
    return found


def _text(subject: str, value: Mapping[str, Any]) -> str:
    if "/remedy/" in subject and value:
        return with_term(value["text"], value.get("deadline_text", ""), value.get("product", ""))
    return str(value.get("text", ""))


def _deeds(before: Mapping[str, Any], value: Mapping[str, Any], part: str) -> list[str]:
    if part.startswith(ORDER):
        return ["Chuyển thứ tự các đoạn" if value else "Trở về thứ tự đề xuất"]
    if not value:
        return ["Tách lại các đoạn đã gộp" if before.get("absorbs") else "Dùng lại như đề xuất"]
    found = [told for told, done in _changes(before, value) if done]
    return found or ["Đã xem thay đổi của kết quả kiểm tra"]


def _changes(before: Mapping[str, Any], value: Mapping[str, Any]) -> Sequence[tuple[str, bool]]:
    def differs(name: str) -> bool:
        return (value.get(name) or None) != (before.get(name) or None)

    tone = TONES.get(value.get("tone", ""))
    source = " theo bản Word đã sửa" if value.get("origin") else ""
    own = "Dùng lại câu đề xuất" if not value.get("text") else f"Ghi lời văn{source}"
    return (
        (f"Gộp {len(value.get('absorbs') or ())} đoạn", differs("absorbs") and bool(value.get("absorbs"))),
        (f"Bỏ đoạn: {value.get('reason', '')}", differs("dropped") and bool(value.get("dropped"))),
        ("Đưa lại vào văn bản", differs("dropped") and not value.get("dropped")),
        (f"Mức độ: {tone.label}" if tone else "Bỏ mức độ", differs("tone")),
        ("Đề nghị nhân rộng" if value.get("commended") else "Thôi đề nghị nhân rộng", differs("commended")),
        ("Ghi nguyên nhân, trách nhiệm", differs("cause")),
        (own, differs("text")),
    )
