"""Small tools of administrative Vietnamese: words in full, dates, lists of places, terms.

A paper writes words out that a pack or a note abbreviates: the reader of a Thông báo is not the inspector.
What the lead has written by hand is never touched.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from checklists.model import Deadline, DeadlineUnit
from reports.document import DocumentKind
from reports.rendering.layout import day_and_month, type_name

NBSP = "\u00a0"

_FULL = (
    (r"dịch vụ BCCI", "dịch vụ bưu chính công ích"),
    (r"BCCI", "dịch vụ bưu chính công ích"),
    (r"dịch vụ công trực tuyến \(DVCTT\)|DVCTT", "dịch vụ công trực tuyến"),
    (r"DVCQG", "Dịch vụ công quốc gia"),
    (r"DVC", "dịch vụ công"),
    (r"KSTTHC", "kiểm soát thủ tục hành chính"),
    (r"TTHC", "thủ tục hành chính"),
    (r"CCHC", "cải cách hành chính"),
    (r"HTQLCL", "hệ thống quản lý chất lượng"),
    (r"CNTT", "công nghệ thông tin"),
    (r"PAKN", "phản ánh, kiến nghị"),
    (r"CBCCVC", "cán bộ, công chức, viên chức"),
    (r"UBMTTQ", "Ủy ban Mặt trận Tổ quốc"),
    (r"HĐND", "Hội đồng nhân dân"),
    (r"UBND", "Ủy ban nhân dân"),
)
# A symbol such as 14/NQ-HĐND or KH-UBND is a name and stays.
_WORDS = tuple((re.compile(rf"(?<![\w/-])(?:{short})(?![\w/-])"), full) for short, full in _FULL)
# "Bộ phận" is a place's name here, "kế hoạch" is mostly none: only names in two capitals or these are kept.
_NAMES = re.compile(
    r"(?:Đoàn|Cổng|Bộ phận|Bộ [A-ZĐ]|Sở [A-ZĐ]|Ủy ban|Hội đồng|Ban [A-ZĐ]|Nghị (?:quyết|định) (?:số )?\d|Trung tâm|"
    r"Văn phòng|Quyết định (?:số )?\d|Kế hoạch số|Phòng [A-ZĐ]|Thông báo số|Hệ thống [A-ZĐ]|Trưởng|Phó|Chủ tịch)"
)
_TERMS = re.compile(
    r"cải cách hành chính|thủ tục hành chính|giám sát|kiểm tra|kiểm soát|"
    r"\d+ tháng (?:đầu|cuối) năm(?: \d{4})?|năm \d{4}|quý [IVX]+|Khu kinh tế"
)
_DAY = r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
_RELATIVE = re.compile(
    r"(?P<count>\d{1,3})\s+(?:(?P<months>tháng)|ngày(?P<working>\s+làm việc)?),?\s+(?:kể )?từ ngày (?:ban hành|ký)"
)
_BEFORE = re.compile(rf"trước ngày\s+{_DAY}")
_UNTIL = re.compile(rf"(?:chậm nhất|đến hết|đến|muộn nhất|trong)\s+(?:là\s+|vào\s+)?ngày\s+{_DAY}")


def expand(text: str) -> str:
    """The text with its abbreviations written out."""
    text = unicodedata.normalize("NFC", text)
    for pattern, full in _WORDS:
        begins, rest = f"{full[:1].upper()}{full[1:]}", full
        text = pattern.sub(lambda match, b=begins, r=rest: b if _begins(match) else r, text)  # type: ignore[misc]
    return text


def _begins(match: re.Match[str]) -> bool:
    """Whether a match stands where a sentence begins."""
    return match.start() == 0 or match.string[: match.start()].endswith((". ", "? ", "! "))


def body_name(name: str, place: str) -> str:
    """A body's name in a sentence: written out, and with the province where it ends with "tỉnh" and the place tells."""
    name = expand(name)
    return f"{name} {place}" if place and re.search(r"\btỉnh$", name) else name


def held(subject: str) -> str:
    """A trích yếu whose terms stay on one line each."""
    return _TERMS.sub(lambda match: match[0].replace(" ", NBSP), subject)


def bare(text: str) -> str:
    """Without the mark at its end."""
    return text.strip().rstrip(".;,: ")


def sentence(text: str) -> str:
    """With a capital at its start and one full stop at its end."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!", ":")) else f"{bare(text)}."


def inside(text: str) -> str:
    """As it stands inside a sentence: a small letter first, but names and abbreviations keep theirs."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    if _NAMES.match(text) or (len(word) > 1 and word.isupper()) or any(sign.isdigit() for sign in word):
        return text
    return text[:1].lower() + text[1:]


def short_date(day: date) -> str:
    """A date in a running sentence, after "ngày": 05/7/2022 (months 1 and 2 with a zero, others without)."""
    in_month, month = day_and_month(day)
    return f"{in_month}/{month}/{day.year}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: A, B và C."""
    names = [name for name in names if name]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} và {names[-1]}"


def bodies(names: Sequence[str]) -> str:
    """Bodies as a sentence addresses them: A, B và C; with semicolons where a name has a comma or "và" of its own."""
    plain = not any("," in name or " và " in name for name in names)
    return listed(names) if plain else "; ".join(names)


def days_text(days: Iterable[date]) -> str:
    """Such as: ngày 05/7/2022; several days are listed."""
    return "ngày " + listed([short_date(day) for day in sorted(set(days))])


def this(kind: DocumentKind) -> str:
    """How a paper speaks of itself: "Thông báo này"."""
    return f"{type_name(kind)} này"


def deadline_text(deadline: Deadline, kind: DocumentKind, year: int) -> str:
    """An item's term as the paper prints it: never a day counted from the draft.

    Args:
        deadline: the pack's suggestion.
        kind: the paper; the term runs from the day of its issue.
        year: of the facts, for a term at the year's end.
    """
    since = f"kể từ ngày ban hành {this(kind)}"
    if deadline.unit is DeadlineUnit.WORKING_DAYS and deadline.n:
        return f"trong thời hạn {deadline.n:02d} ngày làm việc {since}"
    if deadline.unit is DeadlineUnit.DAYS and deadline.n:
        return f"trong thời hạn {deadline.n:02d} ngày {since}"
    if deadline.unit is DeadlineUnit.STANDING:
        return "thực hiện thường xuyên"
    if deadline.unit is DeadlineUnit.AT_ONCE:
        return "thực hiện ngay"
    first = deadline.text.split(";")[0].strip()
    return re.sub(r"ngày 31 tháng 12 (?:của )?năm kiểm tra", f"ngày 31/12/{year}", first)


def weekend(day: date) -> bool:
    """Saturday or Sunday."""
    return day.weekday() >= 5


def due_day(text: str, issued_on: date, rests: Callable[[date], bool] = weekend) -> date | None:
    """The last day of a term, as it is known on the day of issue; None where the text names none.

    "trước ngày 30/3" ends on 29/3; "chậm nhất ngày 30/3" on 30/3. ``rests`` tells the days of rest, by which working
    days are counted; a term in days or months that ends on one ends on the next working day (Bộ luật Dân sự 2015,
    Điều 148 khoản 5). A term in months ends on the same day of the last month, or on its last day where it has none.
    """
    text = unicodedata.normalize("NFC", text)
    relative = _RELATIVE.search(text)
    if relative:
        count = int(relative["count"])
        if relative["working"]:
            return _after_working_days(issued_on, count, rests)
        end = _months_later(issued_on, count) if relative["months"] else issued_on + timedelta(days=count)
        return _working_day_from(end, rests)
    before, until = _day(_BEFORE.search(text)), _day(_UNTIL.search(text))
    if before is not None:
        return before - timedelta(days=1)
    return until


def _day(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _months_later(day: date, count: int) -> date:
    years, month = divmod(day.month - 1 + count, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _after_working_days(day: date, count: int, rests: Callable[[date], bool]) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= not rests(day)
    return day


def _working_day_from(day: date, rests: Callable[[date], bool]) -> date:
    while rests(day):
        day += timedelta(days=1)
    return day
