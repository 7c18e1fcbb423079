"""What a paper looks like by NĐ 30/2020/NĐ-CP, Phụ lục I: measures and lines, shared by PDF, DOCX and HTML.

Measures are in points unless the name says otherwise. Where the decree leaves a range, the value most
agencies use is taken. The lines are plain text; how they are drawn is the renderers' affair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from reports.document import (
    Annex,
    Block,
    Document,
    DocumentKind,
    Heading,
    Paragraph,
    PhotoGrid,
    Recipient,
    Signatory,
    Table,
)

MM = 72 / 25.4

# The page: A4, margins 20–25, 20–25, 30–35 and 15–20 mm.
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 20 * MM, 20 * MM, 30 * MM, 15 * MM
TEXT_WIDTH = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT
# On a page turned on its side the binding edge is on top, so the wide margin goes there.
LANDSCAPE_MARGIN_TOP = 30 * MM
LANDSCAPE_MARGIN_SIDE = 20 * MM
LANDSCAPE_MARGIN_BOTTOM = 15 * MM
LANDSCAPE_TEXT_WIDTH = PAGE_HEIGHT - 2 * LANDSCAPE_MARGIN_SIDE
TEXT_HEIGHT = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
LANDSCAPE_TEXT_HEIGHT = PAGE_WIDTH - LANDSCAPE_MARGIN_TOP - LANDSCAPE_MARGIN_BOTTOM
# Baseline of the page number, from the upper edge: within the top margin.
PAGE_NUMBER_FROM_TOP = 14 * MM

# Sizes of type.
SIZE_BODY = 14
SIZE_LETTERHEAD = 13  # quốc hiệu, cơ quan chủ quản, cơ quan ban hành (12–13)
SIZE_MOTTO = 14  # tiêu ngữ (13–14)
SIZE_NUMBER = 13
SIZE_DATE = 14  # địa danh, thời gian (13–14)
SIZE_DATE_SMALL = 13
SIZE_ABOUT = 12  # trích yếu of a công văn (12–13)
SIZE_RECIPIENTS_HEAD = 12
SIZE_RECIPIENTS = 11
SIZE_TABLE = 12
SIZE_PAGE_NUMBER = 14
SIZE_DRAFT = 13

LEADING = 18.0  # 14 pt single-spaced is 16.1; the decree allows up to 1.5 lines
LEADING_TABLE = 14.5
PHOTO_GAP = 10.0  # between the caption of a photo and the next photo
LONG_WORD = 30  # characters
SPACE_BETWEEN = 6.0  # at least 6 pt between paragraphs
INDENT = 12.7 * MM  # 1 or 1.27 cm
TITLE_INSET = 12 * MM  # kept free on both sides of a trích yếu, so that it never fills the line
SIGNATURE_GAP = 30 * MM
SIGNATURE_WIDTH = 46 * MM
SIGNATURE_HEIGHT = 26 * MM
SEAL_SIZE = 36 * MM  # the seal is shown in its actual size
SIGNER_WIDTH = 93 * MM  # column of the signer; Nơi nhận takes the rest

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

NBSP = "\u00a0"
# Controls, formats (zero-width and soft marks), surrogates, private and unassigned characters.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
NUMBER_BLANK = " " * 8
DATE_BLANK = " " * 7

_TYPE_NAMES = {
    DocumentKind.NOTICE: "Thông báo",
    DocumentKind.LETTER: "Công văn",
    DocumentKind.REPORT: "Báo cáo",
    DocumentKind.MINUTES: "Biên bản",
}

_UNITS = (
    "ngày|tháng|giờ|phút|hồ|thủ|TTHC|nơi|điểm|đơn|nhiệm|người|lớp|chỉ|bản|lĩnh|quyết|nội|cơ|văn|phiếu|lượt|"
    "trường|tỷ|triệu|nghìn|đồng|tổ|cá|kiến|quy|cán|công|bộ|trang|xã|huyện|sở|phường|tồn|ảnh|mục|tiêu|"
    "năm|lần|km|cm|mm|m|m2|m²|kg|ha|°C"
)
_BEFORE = (
    "ngày|tháng|năm|Điều|điều|khoản|Khoản|điểm|Điểm|số|Số|quý|Quý|lần|mức độ|Mục|mục|Phần|phần|Chương|chương|"
    "Phụ lục|phụ lục|trang|ISO|TCVN|Mẫu|mẫu|Biểu|biểu|Quyết định|Nghị định|Thông tư|Kế hoạch|Nghị quyết|Thông báo|"
    "Công văn|Báo cáo|Chỉ thị|Biên bản"
)
_BIG = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_SYLLABLE = rf"[{_BIG}][^\W\d_]*"
# Nine in ten people of Việt Nam have one of these family names; a street or a place with one loses nothing by it.
_FAMILIES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trương|Lương|Mai|Tô|Trịnh|Đào|Lâm|"
    "Phùng|Tạ|Thái|Châu|Cao|Hà|Chu|Tăng|Quách|Nông|Triệu|Vương"
)
_PERSON = re.compile(rf"(?<!\w)((?:{_FAMILIES})(?: {_SYLLABLE}){{0,3}}) ({_SYLLABLE})(?!\w)")
_PLACE = re.compile(
    rf"(?<!\w)((?:tỉnh|huyện|quận|xã|phường|thị trấn|thành phố)(?: {_SYLLABLE}){{0,2}}) ({_SYLLABLE})(?!\w)"
)
_LETTER = re.compile(r"(?<!\w)([Đđ]iểm) (?=[a-zđ](?!\w))")
# Of a text that takes several lines the last one holds at least so many characters. What is bound to reach that
# must not grow longer than so much: the line before it would be torn apart.
_WRAPS, _LAST_LINE, _LONGEST_END = 60, 8, 20
_COLUMN = 18  # characters of bold capitals that fit a column of the narrowest signer block
_OFFICE = re.compile(
    r"(?P<title>(?:PHÓ )?(?:TỔNG )?(?:CHỦ TỊCH|CHỦ NHIỆM|GIÁM ĐỐC|BÍ THƯ|CHÁNH (?:VĂN PHÒNG|THANH TRA)|"
    r"(?:CỤC|VỤ|CHI CỤC) TRƯỞNG|TRƯỞNG (?:ĐOÀN|BAN|PHÒNG)|HIỆU TRƯỞNG)) (?P<body>.+)"
)
# A number that a word before it has taken ("ngày 05") counts nothing: "tháng" after it may start a line.
_NUMBER_UNIT = re.compile(rf"(?<![\w.,/{NBSP}])(\d+(?:[.,/]\d+)*%?) (?=(?:{_UNITS})(?!\w))")
_WORD_NUMBER = re.compile(rf"(?<!\w)({_BEFORE}) (?=(?:\d|[IVXLC]+(?!\w)))")
_DASH = re.compile(r"^([-–+•]) (?=\S)", re.MULTILINE)


def clean(text: str) -> str:
    """The text as it may stand on paper: NFC, no control characters or lone surrogates, no stray tabs."""
    kept = unicodedata.normalize("NFC", text).replace("\t", " ").replace("\r", "")
    for character in set(kept) - {"\n"}:
        if unicodedata.category(character) in _UNPRINTABLE:
            kept = kept.replace(character, "")
    return kept.strip("\n")


def bind(text: str) -> str:
    """Put no-break spaces where a line must not break.

    "03 hồ sơ", "ngày 12", "Điều 5", "điểm a", the last two syllables of a place's and of a person's name; and at
    the end, so that a last line is never one short word.
    """
    text = _WORD_NUMBER.sub(rf"\1{NBSP}", clean(text))
    text = _NUMBER_UNIT.sub(rf"\1{NBSP}", text)
    text = _LETTER.sub(rf"\1{NBSP}", text)
    text = _PLACE.sub(rf"\1{NBSP}\2", text)
    text = _PERSON.sub(rf"\1{NBSP}\2", text)
    return _bind_end(_DASH.sub(rf"\1{NBSP}", text))


def _bind_end(text: str, wraps: int = _WRAPS) -> str:
    """Keep the last words together of a text of so many characters, which takes several lines."""
    if len(text) < wraps:
        return text
    *words, last = text.rsplit(" ", 3)
    while len(words) > 1 and len(last) < _LAST_LINE and len(words[-1]) + len(last) < _LONGEST_END:
        last = f"{words.pop()}{NBSP}{last}"
    return " ".join([*words, last])


def type_name(kind: DocumentKind) -> str:
    """The type's name as written inside a sentence: "Thông báo", "Công văn"."""
    return _TYPE_NAMES[kind]


def printed_type(document: Document) -> str:
    """The type's name as printed under the letterhead; a công văn has none (NĐ 30/2020 Phụ lục I)."""
    return "" if document.kind is DocumentKind.LETTER else type_name(document.kind).upper()


def number_parts(document: Document) -> tuple[str, str, str]:
    """The number line in three: "Số: ", the number or the blank for it, "/TB-ĐKT"."""
    number = NUMBER_BLANK if document.number is None else f"{document.number:02d}"
    lead = "Số:" if document.number is None else "Số: "
    return lead, number, f"/{clean(document.symbol)}"


def number_line(document: Document) -> str:
    """The number and symbol: "Số: 05/TB-ĐKT"; a blank where văn thư has not given a number yet."""
    return "".join(number_parts(document))


def day_and_month(day: date) -> tuple[str, str]:
    """Day and month as figures by the decree: days under 10 and months 1 and 2 with a leading zero."""
    return f"{day.day:02d}", f"{day.month:02d}" if day.month < 3 else str(day.month)


def long_date(day: date) -> str:
    """A date in words and figures: "ngày 05 tháng 7 năm 2022"."""
    in_month, month = day_and_month(day)
    return f"ngày {in_month} tháng {month} năm {day.year}"


def date_parts(document: Document) -> tuple[str, str, str, str, str]:
    """The date line in five: text before the day, day, " tháng ", month, text from " năm" on."""
    place = clean(document.letterhead.place)
    before = f"{place}, ngày " if place else "Ngày "
    if document.issued_on is not None:
        day, month = day_and_month(document.issued_on)
        return before, day, " tháng ", month, f" năm {document.issued_on.year}"
    year = str(document.year) if document.year else "20    "
    return before.rstrip(), DATE_BLANK, "tháng", DATE_BLANK, f"năm {year}"


def date_line(document: Document) -> str:
    """Place and date, "Đồng Tháp, ngày 05 tháng 7 năm 2022"; minutes have none: they tell their hours."""
    return "" if document.kind is DocumentKind.MINUTES else "".join(date_parts(document))


def about_line(document: Document) -> str:
    """The "V/v …" under the number of a công văn; empty for papers with a printed type name."""
    if document.kind is not DocumentKind.LETTER:
        return ""
    subject = re.sub(r"^V/v\s+", "", clean(document.subject), flags=re.IGNORECASE)
    return f"V/v {subject}"


def letterhead_lines(text: str) -> list[str]:
    """A body's name in capitals, broken where its author broke it."""
    return [line.strip().upper() for line in clean(text).split("\n") if line.strip()]


def _listed(names: list[str]) -> list[str]:
    """Names as items of a list: each ends with ";", the last with "."."""
    bare = [name.rstrip(" .;,") for name in names]
    return [f"- {name}{'.' if index == len(bare) - 1 else ';'}" for index, name in enumerate(bare)]


def addressee_lines(document: Document) -> list[str]:
    """The lines after "Kính gửi:"; a single addressee stands on the same line, without a dash."""
    names = [name for name in map(clean, document.addressees) if name.strip()]
    if len(names) == 1:
        return [f"{names[0].rstrip(' .;,')}."]
    return _listed(names)


def recipient_lines(document: Document) -> list[str]:
    """The lines of Nơi nhận with their purposes; "Như trên" leads if there is a Kính gửi, "Lưu: VT" ends."""
    recipients = list(document.recipients)
    if document.addressees and not any(one.name.casefold().startswith("như trên") for one in recipients):
        recipients.insert(0, Recipient("Như trên"))
    kept = [one for one in recipients if one.name.casefold().startswith("lưu")]
    if not kept and document.kind is not DocumentKind.MINUTES:
        kept = [Recipient("Lưu: VT")]
    others = [one for one in recipients if not one.name.casefold().startswith("lưu")]
    return _listed([_with_purpose(one) for one in (*others, *kept)])


def _with_purpose(recipient: Recipient) -> str:
    name, purpose = clean(recipient.name).rstrip(" .;,"), clean(recipient.purpose).strip("() ")
    return f"{name} ({purpose})" if purpose else name


def signer_lines(signatory: Signatory) -> tuple[list[str], list[str]]:
    """The signer block above and below the signature.

    Above: the authority (TM., KT., TL., each on its own line) and the title; below: the title in the agency
    whose seal the Đoàn uses, and the name without rank or degree. A long title does not end in one short word.
    """
    above = [*letterhead_lines(signatory.authority), *letterhead_lines(signatory.title)]
    below = letterhead_lines(signatory.second_title)
    return [_signer_line(one) for one in above], [*map(_signer_line, below), clean(signatory.name)]


def _signer_line(text: str) -> str:
    """A title that a narrow column breaks before the body: "PHÓ CHỦ TỊCH" and "UBND XÃ", never "PHÓ CHỦ"."""
    office = _OFFICE.fullmatch(text)
    if office is None:
        return _bind_end(text, _COLUMN)
    body = office["body"].replace(" ", NBSP) if len(office["body"]) <= _COLUMN else _bind_end(office["body"], _COLUMN)
    return f"{office['title'].replace(' ', NBSP)} {body}"


def draft_mark(document: Document) -> str:
    """The mark on everything unsigned, "DỰ THẢO lần 2"; empty on the paper to be signed."""
    draft = clean(document.draft).strip()
    if not draft:
        return ""
    version = re.sub(r"^(bản\s+)?dự thảo\s*", "", draft, flags=re.IGNORECASE)
    return f"DỰ THẢO {version}".strip()


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


def annex_name(document: Document, annex: Annex) -> str:
    """The annex's own heading, "Phụ lục" or, where there are several, "Phụ lục II"."""
    name = re.sub(r"^phụ lục", "Phụ lục", clean(annex.name).strip(), flags=re.IGNORECASE)
    if name != "Phụ lục" or len(document.annexes) < 2:
        return name
    position = next(index for index, one in enumerate(document.annexes) if one is annex)
    return f"{name} {_ROMAN[position] if position < len(_ROMAN) else position + 1}"


def annex_reference(document: Document) -> str:
    """The line under an annex's title: "(Kèm theo Thông báo số 05/TB-ĐKT ngày … của …)"."""
    number = "".join(number_parts(document)[1:])
    blank = f"ngày{DATE_BLANK}tháng{DATE_BLANK}năm {document.year or '20    '}"
    dated = document.held_on or document.issued_on
    day = long_date(dated) if dated else blank
    body = " ".join(clean(document.letterhead.name or document.letterhead.body).split())
    return f"(Kèm theo {type_name(document.kind)} số {number} {day} của {body})"


_BEGINNINGS = "Về|Kết quả|Kết luận|Kiểm tra|Giám sát|Phúc tra|Tổng hợp"


def document_title(document: Document) -> str:
    """One line that names the paper, for the file's metadata."""
    number = f" số {number_line(document).removeprefix('Số:').strip()}" if document.number is not None else ""
    subject = re.sub(r"^V/v\s+", "", clean(document.subject).replace("\n", " "), flags=re.IGNORECASE)
    # On paper a trích yếu begins a line; here it follows the type's name. Other first words may be names.
    subject = re.sub(rf"^({_BEGINNINGS})(?!\w)", lambda match: match[0].lower(), subject)
    return f"{type_name(document.kind)}{number} {subject}".strip()


def all_blocks(document: Document) -> Iterator[Block]:
    """Every block of the paper and of its annexes, in the order of reading."""
    yield from document.blocks
    for annex in document.annexes:
        yield from annex.blocks


def paragraph_ids(document: Document) -> list[str]:
    """The ids of all paragraphs and table rows, in the order of reading, each once."""
    ids: dict[str, None] = {}
    for block in all_blocks(document):
        if isinstance(block, Paragraph):
            ids[block.id] = None
        elif isinstance(block, Table):
            ids.update(dict.fromkeys(block.ids))
    return list(ids)


def text_align(text: str) -> str:
    """Justified, but for a text with an address or a code in it: the line before such a word would be torn apart."""
    return "left" if any(len(word) >= LONG_WORD for word in text.split()) else "justify"


def leads_on(block: Block) -> bool:
    """Whether a block belongs to what follows: a heading, or a sentence that ends in a colon."""
    return isinstance(block, Heading) or (isinstance(block, Paragraph) and block.text.rstrip().endswith(":"))


def photos_beside(grid: PhotoGrid) -> int:
    """How many photos stand beside each other: two, or one where a page is theirs alone."""
    return 1 if grid.rows == 1 else 2


def column_shares(table: Table) -> list[float]:
    """The columns' shares of the text width, summing to 1; equal ones where the author gave none that fit."""
    count = max(1, len(table.header), *(len(row) for row in table.rows))
    widths = [float(width) for width in table.widths]
    if len(widths) != count or any(width <= 0 for width in widths):
        widths = [1.0] * count
    return [width / sum(widths) for width in widths]


def column_align(table: Table, column: int) -> str:
    """The alignment of one column: left, center or right."""
    return table.align[column] if column < len(table.align) else "left"


def table_rows(table: Table) -> list[list[str]]:
    """The rows filled up with empty cells to the table's width."""
    count = len(column_shares(table))
    return [[clean(cell) for cell in row] + [""] * (count - len(row)) for row in table.rows]
