"""The largest paper that anybody will ask for, and the smallest: what a layout must survive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice

from reports.document import Annex, Block, Document, Heading, Paragraph, PhotoGrid, Recipient, Table
from tests.reports.papers import CLOSING, OPENING, POSTING, TRAINING, letter, notice, photo_annex

FINDINGS, PHOTOS, ROWS = 200, 100, 60
SITES = (
    "Bộ phận Tiếp nhận và Trả kết quả",
    "Phòng Quản lý đầu tư",
    "Phòng Quản lý doanh nghiệp và lao động",
    "Ban Quản lý cửa khẩu quốc tế",
    "Trung tâm Dịch vụ hạ tầng khu công nghiệp",
)
AREAS = (
    "công tác chỉ đạo, điều hành",
    "cải cách thể chế",
    "cải cách thủ tục hành chính",
    "cải cách tổ chức bộ máy",
    "cải cách chế độ công vụ",
    "cải cách tài chính công",
    "xây dựng chính quyền số",
)
ADDRESS = (
    "https://dichvucong.dongthap.gov.vn/tra-cuu/ho-so/ket-qua?ma_ho_so=H20.15.11-221120-0042&nam=2022"
    "&don_vi=ban-quan-ly-khu-kinh-te&trang_thai=da_giai_quyet_truoc_han&trang=1#ket-qua-tra-cuu"
)
RUN_TOGETHER = "Nghiêncứu" * 14
LONG_NAME = (
    "Ban Quản lý Khu kinh tế cửa khẩu quốc tế, các khu công nghiệp tập trung, khu công nghệ cao và khu nông nghiệp ứng "
    "dụng công nghệ cao trực thuộc Ủy ban nhân dân tỉnh sau khi sắp xếp, hợp nhất các đơn vị hành chính cấp tỉnh theo "
    "nghị quyết của Quốc hội và tổ chức chính quyền địa phương hai cấp từ ngày 01"
)
NAMES = (
    "Chưa cập nhật đầy đủ kết quả số hóa thành phần hồ sơ",
    f"Kết quả tra cứu tại {ADDRESS} chưa khớp với sổ theo dõi",
    "Còn 03 hồ sơ trễ hạn chưa có văn bản xin lỗi",
    f"Tên tệp “{RUN_TOGETHER}” không có dấu cách nên không tra được",
    "Chưa niêm yết địa chỉ tiếp nhận phản ánh, kiến nghị",
)
PAGE_LONG = " ".join(
    f"({number}) rà soát hồ sơ tiếp nhận trong tháng {number % 12 + 1}, đối chiếu từng hồ sơ với sổ theo dõi, "
    "dữ liệu trên phần mềm, ghi rõ nguyên nhân chênh lệch;"
    for number in range(1, 61)
)


def smallest() -> Document:
    """One finding, no requirement, no annex."""
    return notice(
        blocks=(Paragraph("opening", OPENING), Paragraph("f", POSTING, ("f",)), Paragraph("closing", CLOSING)),
        annexes=(),
    )


def monster(*, photos: int = PHOTOS) -> Document:
    """200 findings over several sites, 100 photos, tables, words and cells without measure."""
    return notice(
        subject=f"Kết luận kiểm tra công tác cải cách hành chính năm 2026 tại {LONG_NAME}",
        blocks=(Paragraph("opening", OPENING), *_findings(), Paragraph("closing", CLOSING)),
        recipients=(
            Recipient("UBND tỉnh", "b/c"),
            Recipient(LONG_NAME, "t/h"),
            *(Recipient(site, "t/h") for site in SITES),
            Recipient("Lưu: VT, CCHC (05b)"),
        ),
        annexes=(
            Annex("Danh mục nội dung phải khắc phục", (_remedies(),)),
            Annex(
                "Kết quả kiểm tra hồ sơ theo từng địa điểm",
                (Heading("Hồ sơ được rút mẫu"), _dossiers()),
                landscape=True,
            ),
            photo_annex(photos),
        ),
    )


def crowded_letter() -> Document:
    """A công văn to 120 bodies, with a long "V/v" and a signer of four lines."""
    return letter(
        subject=f"V/v chấn chỉnh công tác cải cách hành chính tại {LONG_NAME[:140]}",
        addressees=tuple(f"Ủy ban nhân dân xã số {number}" for number in range(1, 121)),
    )


def _findings() -> Iterator[Block]:
    texts = cycle((POSTING, TRAINING, *NAMES, f"Qua kiểm tra thực tế tại {LONG_NAME}, {TRAINING}"))
    for part, (title, count) in enumerate((("KẾT QUẢ ĐẠT ĐƯỢC", 120), ("TỒN TẠI, HẠN CHẾ", 80)), 1):
        yield Heading(f"{'I' * part}. {title}")
        for number, area in enumerate(AREAS, 1):
            yield Heading(f"{number}. Về {area}", 2)
            share = range(number - 1, count, len(AREAS))
            for letter_, index, text in zip("abcdefghijklmnopqrstuvwxyz", share, texts, strict=False):
                site = SITES[index % len(SITES)]
                key = f"answer/muc-{part}-{index}@{index % len(SITES)}"
                yield Paragraph(f"f{part}.{index}", f"Tại {site}: {text}", (key,), f"{letter_})")


def _remedies() -> Table:
    texts = list(islice(cycle(NAMES), FINDINGS))
    texts[37] = PAGE_LONG
    return Table(
        header=("TT", "Tồn tại, hạn chế", "Yêu cầu", "Sản phẩm", "Chịu trách nhiệm", "Thời hạn"),
        rows=tuple(
            (str(number), text, "Khắc phục và báo cáo kết quả", "Báo cáo", SITES[number % 5], "31/12/2026")
            for number, text in enumerate(texts, 1)
        ),
        widths=(5, 27, 24, 14, 18, 12),
        align=("center", "left", "left", "left", "left", "center"),
        ids=tuple(f"remedy.{number}" for number in range(1, FINDINGS + 1)),
    )


def _dossiers() -> Table:
    return Table(
        header=("TT", "Mã hồ sơ", "Nơi tiếp nhận", "Lĩnh vực", "Ngày nhận", "Hẹn trả", "Đã trả", "Nhận xét"),
        rows=tuple(
            (
                str(number),
                f"H20.15-{number:06d}",
                SITES[number % 5],
                "Đầu tư",
                "02/11/2026",
                "20/11/2026",
                "19/11/2026" if number % 7 else "",
                "Đúng hạn" if number % 7 else RUN_TOGETHER,
            )
            for number in range(1, ROWS + 1)
        ),
        widths=(4, 12, 24, 10, 11, 11, 11, 17),
        align=("center", "left", "left", "left", "center", "center", "center", "left"),
    )


def without_photos(document: Document) -> Document:
    """The same paper without its annexes of photos."""
    kept = tuple(one for one in document.annexes if not any(isinstance(block, PhotoGrid) for block in one.blocks))
    return replace(document, annexes=kept)
