"""The site record (biên bản): its paper as lines, the hash of what was shown, and what came after it.

The paper is a pure function of the record's value, written twice: here and in the tablet's ``paper.ts``. Both are held
together by ``minutes_cases.json``. Each line has a style and a text without line breaks; the hash is SHA-256 of all
lines. A later layout gets a number of its own: an old record is always drawn by the rules that it was read by.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Value = Mapping[str, Any]

REPUBLIC = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
BLANK = "......"
_SPACES = re.compile(r"[ \t\r\u00a0]+")


class Line(NamedTuple):
    """One line of the paper: ``style`` says how it looks, ``text`` is what stands there."""

    style: str
    text: str


def paper_lines(value: Value) -> list[Line]:
    """The record as it stands on paper, by Mẫu 1.9 of Phụ lục III NĐ 30/2020/NĐ-CP."""
    parts = (_head(value), _meeting(value), _people(value), _content(value), _end(value))
    return [Line(style, text) for part in parts for style, text in part]


def shown_sha256(value: Value) -> str:
    """SHA-256 of exactly the text that the paper shows, in lower-case hexadecimal."""
    lines = "".join(f"{style}\t{text}\n" for style, text in paper_lines(value))
    return hashlib.sha256(f"kiemtra-bien-ban-1\n{lines}".encode()).hexdigest()


def _clean(text: object) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", str(text or "")).replace("\n", " ")).strip(" ")


def _paragraphs(text: object) -> list[str]:
    return [line for part in str(text or "").split("\n") if (line := _clean(part))]


def _head(value: Value) -> Iterator[tuple[str, str]]:
    head = value.get("letterhead") or {}
    yield from (("superior", line.upper()) for line in _paragraphs(head.get("superior")))
    yield from (("body", line.upper()) for line in _paragraphs(head.get("body")))
    yield "republic", REPUBLIC
    yield "motto", MOTTO
    yield "number", f"Số: {BLANK}/{_clean(head.get('symbol')) or 'BB-' + BLANK}"
    yield "type", "BIÊN BẢN"
    yield "subject", _clean(value.get("subject"))


def _meeting(value: Value) -> Iterator[tuple[str, str]]:
    yield "text", f"Thời gian bắt đầu: {moment(value.get('started_at'))}."
    yield "text", f"Địa điểm: {_clean(value.get('place')) or BLANK}."


def moment(at: object) -> str:
    """``2026-11-20T08:05`` → "08 giờ 05 phút, ngày 20 tháng 11 năm 2026"; dots where a part is not known."""
    day, _, hour = str(at or "").partition("T")
    year, month, date = day.split("-") if day else (BLANK, BLANK, BLANK)
    hours, minutes = hour.split(":") if hour else (BLANK, BLANK)
    month = month.lstrip("0") if month not in {"01", "02"} else month
    return f"{hours} giờ {minutes} phút, ngày {date} tháng {month} năm {year}"


def _people(value: Value) -> Iterator[tuple[str, str]]:
    people = [one for one in value.get("people") or () if _clean(one.get("name")) or _clean(one.get("substitute"))]
    yield "text", "Thành phần tham dự:"
    team = _clean(value.get("team")) or "Đoàn kiểm tra"
    unit = _clean(value.get("unit_name")) or "Đơn vị được kiểm tra"
    names = {"doan": team, "don_vi": unit, "khac": "Thành phần khác"}
    number = 0
    for side, name in names.items():
        here = [_attends(one) for one in people if _side(one) == side and _is_there(one)]
        if here:
            number += 1
            yield "text", f"{number}. {name}:"
            yield from _listed(here)
    absent = [_named(one) for one in people if not _is_there(one)]
    if absent:
        yield "text", "Vắng mặt:"
        yield from _listed(absent)
    yield "text", f"Chủ trì (chủ tọa): {_signatory(value.get('chair'))}."
    yield "text", f"Thư ký (người ghi biên bản): {_signatory(value.get('secretary'))}."


def _side(one: Value) -> str:
    return str(one.get("side") or "don_vi")


def _is_there(one: Value) -> bool:
    return one.get("present") is not False or _clean(one.get("substitute")) != ""


def _named(one: Value) -> str:
    return ", ".join(part for part in (_clean(one.get("name")), _clean(one.get("position"))) if part)


def _attends(one: Value) -> str:
    substitute, mandate = _clean(one.get("substitute")), _clean(one.get("mandate"))
    if not substitute:
        return _named(one)
    return f"{substitute}, dự thay {_named(one)}" + (f" (theo {mandate})" if mandate else "")


def _signatory(one: Value | None) -> str:
    given = one or {}
    return ", ".join(part for part in (_clean(given.get("name")), _clean(given.get("title"))) if part) or BLANK


def _listed(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Items of a list: each ends with ";", the last with "."."""
    for number, text in enumerate(texts, 1):
        yield "item", f"- {text.rstrip(' .;,')}{'.' if number == len(texts) else ';'}"


def _content(value: Value) -> Iterator[tuple[str, str]]:
    yield "text", "Nội dung:"
    number = 0
    for title, lines in _parts(value):
        if lines:
            number += 1
            yield "heading", f"{number}. {title}"
            yield from lines


def _parts(value: Value) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for section in value.get("sections") or ():
        yield _clean(section.get("title")), _texts(section.get("text"))
    yield "Kiểm đếm người có mặt", list(_listed([_count(one) for one in value.get("counts") or ()]))
    preliminary = value.get("preliminary") or {}
    yield "Kết luận sơ bộ của người chủ trì", _texts(preliminary.get("text"))
    yield "Ý kiến của đơn vị được kiểm tra", _texts(value.get("unit_opinion"))
    yield "Kiến nghị của đơn vị được kiểm tra", _petitions(value)
    yield "Tài liệu giao, nhận", _texts(value.get("handed_over"))


def _texts(text: object) -> list[tuple[str, str]]:
    return [("text", line) for line in _paragraphs(text)]


def _petitions(value: Value) -> list[tuple[str, str]]:
    told = [(_clean(one.get("text")), _clean(one.get("addressee"))) for one in value.get("requests") or ()]
    texts = [f"Với {whom}: {text}" if whom else text for text, whom in told if text]
    return [*_listed(texts), *_texts(value.get("petitions"))]


def _count(one: Value) -> str:
    where = _clean(one.get("where"))
    labels = (
        ("expected", "phải có mặt"),
        ("present", "có mặt"),
        ("excused", "vắng có lý do"),
        ("unexplained", "vắng chưa rõ lý do"),
    )
    figures = [f"{label} {_padded(one[key])} người" for key, label in labels if one.get(key) is not None]
    return f"{moment(one.get('at'))}{', tại ' + where if where else ''}: {', '.join(figures) or BLANK}"


def _padded(count: int) -> str:
    return f"{count:02d}" if count else "0"


def _end(value: Value) -> Iterator[tuple[str, str]]:
    what = "Việc kiểm đếm" if value.get("kind") == "diem_danh" else "Buổi làm việc"
    yield "text", f"{what} kết thúc vào {moment(value.get('ended_at'))}."
    copies = value.get("copies") or 2
    shares = "mỗi bên giữ 01 bản" if copies == 2 else "mỗi bên giữ ít nhất 01 bản"
    made = f"Biên bản này được lập thành {copies:02d} bản có giá trị như nhau, {shares}"
    yield "text", f"{made}; đã được đọc lại cho những người có mặt cùng nghe, thống nhất và ký tên dưới đây./."
    unit = value.get("unit_signer") or {}
    for title, second, one in (
        ("THƯ KÝ", "", value.get("secretary")),
        ("ĐẠI DIỆN ĐƠN VỊ", _clean(unit.get("title")).upper(), unit),
        ("CHỦ TỌA", "", value.get("chair")),
    ):
        yield "sign", title
        yield "title", second
        yield "name", _clean((one or {}).get("name"))
    recipients = [name for one in value.get("recipients") or () if (name := _clean(one))]
    yield from (("recipient", text) for _, text in _listed(recipients))
