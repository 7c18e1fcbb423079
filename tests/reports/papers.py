"""Papers with real Vietnamese text for the renderers' tests."""

from __future__ import annotations

import io
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from reports.document import (
    Annex,
    Document,
    DocumentKind,
    Heading,
    Letterhead,
    Paragraph,
    Photo,
    PhotoGrid,
    Recipient,
    Signatory,
    Table,
)

OPENING = (
    "Thực hiện Kế hoạch số 45/KH-UBND ngày 28 tháng 02 năm 2022 của Ủy ban nhân dân tỉnh, ngày 05 tháng 7 năm 2022, "
    "Đoàn kiểm tra cải cách hành chính tỉnh đã kiểm tra tại Ban Quản lý Khu kinh tế tỉnh. Trên cơ sở Biên bản kiểm "
    "tra và Báo cáo của đơn vị, Đoàn kiểm tra thông báo kết luận như sau:"
)
POSTING = (
    "Qua kiểm tra thực tế, đơn vị niêm yết công khai đầy đủ 30/30 thủ tục hành chính tại 03 nơi: Bộ phận Tiếp nhận và "
    "Trả kết quả, trang thông tin điện tử của đơn vị và Trung tâm Kiểm soát thủ tục hành chính và Phục vụ hành chính "
    "công tỉnh."
)
DOSSIERS = (
    "Theo số liệu trên phần mềm, đã giải quyết đúng hạn và trước hạn 12/13 hồ sơ; toàn huyện 34.336 hồ sơ, đạt 99,56%."
)
TRAINING = (
    "Kế hoạch đào tạo, bồi dưỡng ban hành chưa đúng thời gian quy định; còn tình trạng được phân bổ chỉ tiêu nhưng "
    "không cử người tham gia."
)
CLOSING = "Trên đây là Thông báo kết luận kiểm tra tại Ban Quản lý Khu kinh tế tỉnh; đề nghị nghiêm túc thực hiện./."
REMEDY = ("Chưa ban hành kế hoạch đúng thời gian", "Ban hành kế hoạch đào tạo", "Kế hoạch", "Văn phòng", "31/12/2022")


def remedies(count: int) -> Table:
    """A remedy list in six columns."""
    return Table(
        header=("TT", "Tồn tại, hạn chế", "Yêu cầu", "Sản phẩm", "Chịu trách nhiệm", "Thời hạn"),
        rows=tuple((str(number), *REMEDY) for number in range(1, count + 1)),
        widths=(5, 22, 29, 18, 14, 12),
        align=("center", "left", "left", "left", "left", "left"),
        ids=tuple(f"remedy.{number}" for number in range(1, count + 1)),
    )


def notice(**changes: Any) -> Document:
    """A TB of a Đoàn with the two-line signer and a remedy list."""
    document = Document(
        kind=DocumentKind.NOTICE,
        letterhead=Letterhead(
            body="Đoàn kiểm tra\ncải cách hành chính",
            superior="UBND tỉnh Đồng Tháp",
            place="Đồng Tháp",
            name="Đoàn kiểm tra cải cách hành chính tỉnh Đồng Tháp",
        ),
        symbol="TB-ĐKT",
        subject="Kết luận kiểm tra công tác cải cách hành chính 6 tháng đầu năm 2022 tại Ban Quản lý Khu kinh tế tỉnh",
        signatory=Signatory("TRƯỞNG ĐOÀN", "Nguyễn Thị Hạnh", "TM. ĐOÀN KIỂM TRA", "PHÓ GIÁM ĐỐC SỞ NỘI VỤ"),
        blocks=(
            Paragraph("opening", OPENING),
            Heading("I. KẾT QUẢ ĐẠT ĐƯỢC"),
            Heading("1. Về công khai thủ tục hành chính", 2),
            Paragraph("niem-yet.tthc-du-so-luong", POSTING, ("niem-yet.tthc-du-so-luong@mot-cua",)),
            Paragraph("ho-so.ket-qua", DOSSIERS, ("ho-so.ket-qua", "ho-so.tre-han"), "2."),
            Heading("II. TỒN TẠI, HẠN CHẾ"),
            Paragraph("dao-tao.ke-hoach", TRAINING, ("dao-tao.ke-hoach",), "1."),
            Paragraph("closing", CLOSING),
        ),
        number=5,
        issued_on=date(2022, 7, 5),
        recipients=(
            Recipient("UBND tỉnh", "b/c"),
            Recipient("Ban Quản lý Khu kinh tế tỉnh", "t/h"),
            Recipient("Lưu: VT, CCHC (05b)"),
        ),
        annexes=(Annex("Danh mục nội dung phải khắc phục", (remedies(3),)),),
    )
    return replace(document, **changes)


def letter(**changes: Any) -> Document:
    """A công văn to many units."""
    settings: dict[str, Any] = {
        "kind": DocumentKind.LETTER,
        "letterhead": Letterhead("Ủy ban nhân dân\ntỉnh Khánh Hòa", place="Khánh Hòa"),
        "symbol": "UBND-KSTT",
        "subject": "V/v chấn chỉnh công tác cải cách hành chính qua kết quả kiểm tra năm 2018",
        "signatory": Signatory("PHÓ CHỦ TỊCH", "Trần Văn Minh", "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH"),
        "number": 1424,
        "issued_on": date(2019, 2, 18),
        "addressees": ("Các sở, ban, ngành", "Ủy ban nhân dân các huyện, thị xã, thành phố"),
        "recipients": (Recipient("Sở Nội vụ"),),
        "annexes": (),
    }
    return notice(**(settings | changes))


def photo_annex(count: int) -> Annex:
    """An annex of photos, named by their number."""
    photos = tuple(Photo(f"{number:064x}", f"Ảnh {number}. Bảng niêm yết") for number in range(1, count + 1))
    return Annex("Ảnh kiểm tra thực tế", (PhotoGrid(photos),))


def photo(sha256: str) -> bytes:
    """A small JPEG whose colour depends on its name."""
    stream = io.BytesIO()
    Image.new("RGB", (320, 240), (int(sha256, 16) * 40 % 256, 90, 120)).save(stream, "JPEG")
    return stream.getvalue()


@dataclass(frozen=True)
class Word:
    """A word on a page as poppler sees it; measures in points from the upper left corner."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def _poppler(pdf: bytes, *command: str) -> str:
    with TemporaryDirectory() as directory:
        path = Path(directory, "paper.pdf")
        path.write_bytes(pdf)
        done = subprocess.run([command[0], *command[1:], str(path), "-"], check=True, capture_output=True, timeout=60)
    return done.stdout.decode()


@cache
def text_of(pdf: bytes) -> str:
    """All text of a PDF with single spaces."""
    return " ".join(_poppler(pdf, "pdftotext").split())


@cache
def pages_of(pdf: bytes) -> list[str]:
    """The text of each page with single spaces."""
    return [" ".join(page.split()) for page in _poppler(pdf, "pdftotext").split("\f")[:-1]]


@cache
def words_of(pdf: bytes) -> list[Word]:
    """All words with their boxes."""
    root = ET.fromstring(_poppler(pdf, "pdftotext", "-bbox"))
    space = "{http://www.w3.org/1999/xhtml}"
    return [
        Word(index, word.text or "", *(float(word.attrib[key]) for key in ("xMin", "yMin", "xMax", "yMax")))
        for index, page in enumerate(root.iter(f"{space}page"))
        for word in page.iter(f"{space}word")
    ]


def word(pdf: bytes, text: str, page: int = 0) -> Word:
    """The first word on a page that reads so."""
    return next(one for one in words_of(pdf) if one.page == page and one.text == text)
