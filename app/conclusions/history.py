"""Who said what of a draft and when, read from the journal; every wording there was can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlite_utils import Database

from app.journal.store import WITHIN
from app.papers.asked import is_proposed
from reports.composing.parts import ORDER
from reports.composing.prose import short_date
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
    rows = [row for scope in ("conclusion", "remedy") for row in _within(db, f"inspection/{inspection}/{scope}")]
    rows = [row for row in rows if _of_draft(row["subject"].split("/")[2:])]
    return list(reversed(_told(sorted(rows, key=lambda row: row["seq"]), {}, "")))[:NEWEST]


def _within(db: Database, scope: str) -> list[Any]:
    query = f"SELECT seq, id, subject, author, made_at, value FROM entries WHERE {WITHIN}"
    return list(db.execute(query, [scope, scope]).fetchall())


def _of_draft(place: Sequence[str]) -> bool:
    """A paragraph, or a requirement that somebody wrote; no answer to one, none that an issue made of a proposal."""
    return place[0] == "conclusion" or (len(place) == 2 and not is_proposed(place[1]))


def words_at(db: Database, subject: str, seq: int) -> str | None:
    """The lead's wording of a paragraph when the journal had ``seq`` entries; None where the proposal stood."""
    row = db.execute(
        "SELECT value FROM entries WHERE subject = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
        [subject, seq],
    ).fetchone()
    value = orjson.loads(row[0]) if row and row[0] else None
    return (value.get("text") or None) if value else None


def _told(rows: Iterable[Any], proposed: Mapping[str, str], only: str) -> list[Told]:
    before: dict[str, Mapping[str, Any]] = {}
    texts = dict(proposed)
    found = []
    for row in rows:
        value = (orjson.loads(row["value"]) if row["value"] else None) or {}
        part = only or _part_of(row["subject"])
        text = _text(row["subject"], value)
        old = texts.get(part, "")
        spans = tuple(differences(old, text)) if text and text != old else ()
        deeds = tuple(_deeds(before.get(row["subject"], {}), value, part))
        if text:
            texts[part] = text
        before[row["subject"]] = value
        found.append(Told(part, row["id"], row["author"], row["made_at"], deeds, spans, text))
    return found


def _part_of(subject: str) -> str:
    name = subject.rsplit("/", 1)[-1]
    return f"req.{name}" if "/remedy/" in subject else name


def _text(subject: str, value: Mapping[str, Any]) -> str:
    if "/remedy/" in subject and value:
        return with_term(value["text"], value.get("deadline_text", ""), value.get("product", ""))
    return str(value.get("text", ""))


def _deeds(before: Mapping[str, Any], value: Mapping[str, Any], part: str) -> list[str]:
    if part.startswith(ORDER):
        return ["Chuyển thứ tự các đoạn" if value else "Trở về thứ tự đề xuất"]
    if not value:
        return [f"Tách lại các {_noun(part)} đã gộp" if before.get("absorbs") else "Dùng lại như đề xuất"]
    found = [told for told, done in _changes(before, value, part) if done]
    return found or ["Đã xem thay đổi của kết quả kiểm tra"]


def _noun(part: str) -> str:
    return "yêu cầu" if part.startswith("req.") else "đoạn"


def _changes(before: Mapping[str, Any], value: Mapping[str, Any], part: str) -> Sequence[tuple[str, bool]]:
    def differs(name: str) -> bool:
        return (value.get(name) or None) != (before.get(name) or None)

    tone = TONES.get(value.get("tone", ""))
    source = " theo bản Word đã sửa" if value.get("origin") else ""
    own = "Dùng lại câu đề xuất" if not value.get("text") else f"Ghi lời văn{source}"
    return (
        (f"Gộp {len(value.get('absorbs') or ())} {_noun(part)}", differs("absorbs") and bool(value.get("absorbs"))),
        (f"Bỏ đoạn: {value.get('reason', '')}", differs("dropped") and bool(value.get("dropped"))),
        ("Đưa lại vào văn bản", differs("dropped") and not value.get("dropped")),
        (f"Mức độ: {tone.label}" if tone else "Bỏ mức độ", differs("tone")),
        ("Đề nghị nhân rộng" if value.get("commended") else "Thôi đề nghị nhân rộng", differs("commended")),
        ("Ghi nguyên nhân, trách nhiệm", differs("cause")),
        (own, differs("text")),
        *_of_requirement(before, value, differs),
    )


def _of_requirement(
    before: Mapping[str, Any], value: Mapping[str, Any], differs: Callable[[str], bool]
) -> Sequence[tuple[str, bool]]:
    """What only requirements say; in a paragraph's value none of it stands."""
    begins = differs("due") and bool(value.get("document")) and bool(value.get("due"))
    return (
        (f"Cơ quan, đơn vị thực hiện: {value.get('addressee') or 'đơn vị được kiểm tra'}", differs("addressee")),
        (f"Thời hạn: {value.get('deadline_text') or 'chưa đặt'}", differs("deadline_text")),
        (f"Sản phẩm: {value.get('product') or 'chưa nêu'}", differs("product")),
        ("Nêu trong văn bản ký ban hành", differs("document")),
        ("Văn bản thay thế không còn yêu cầu này", differs("ended_by")),
        ("Tính ngày hết hạn theo ngày ban hành", begins and not before.get("due")),
        (f"Gia hạn đến hết ngày {_day(value)}", begins and bool(before.get("due"))),
    )


def _day(value: Mapping[str, Any]) -> str:
    return short_date(date.fromisoformat(value["due"])) if value.get("due") else ""
