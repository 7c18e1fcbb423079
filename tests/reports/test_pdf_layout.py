"""Where things stand on the PDF's pages: margins, sizes, baselines, the signer, the rectangles."""

from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest

from reports.document import Annex, Document, DocumentKind, Heading, Letterhead, Paragraph, Recipient, Signatory, Table
from reports.rendering import fonts, layout, pdf
from reports.rendering.pdf import RenderedPdf, render_pdf
from tests.reports.papers import CLOSING, POSTING, letter, notice, pages_of, remedies, word, words_of

MM = 72 / 25.4
HEIGHT = 297 * MM


def _sizes(pdf: bytes, page: int = 0) -> dict[str, tuple[str, float]]:
    """Font and size of each piece of text on a page."""
    found: dict[str, tuple[str, float]] = {}

    def visit(text: str, _cm: object, _tm: object, font: dict[str, str] | None, size: float) -> None:
        if text.strip() and font:
            found[text.strip()] = (str(font["/BaseFont"]).split("+")[-1], size)

    pypdf.PdfReader(io.BytesIO(pdf)).pages[page].extract_text(visitor_text=visit)
    return found


def _long(paragraphs: int, **changes: object) -> Document:
    blocks = [Paragraph(f"p{n}", POSTING, lead_in=f"{n}.") for n in range(paragraphs)]
    return notice(blocks=(*blocks, Paragraph("closing", CLOSING)), annexes=(), **changes)


def test_text_stays_within_the_margins() -> None:
    for one in words_of(render_pdf(_long(40)).bytes):
        assert one.left >= 30 * MM - 1
        assert one.right <= (210 - 15) * MM + 1
        assert one.bottom <= (297 - 20) * MM + 1
        if not one.text.isdigit():
            assert one.top >= 20 * MM - 3


def test_sizes_and_faces_of_page_1() -> None:
    sizes = _sizes(render_pdf(notice()).bytes)
    assert sizes["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == ("Tinos-Bold", 13)
    assert sizes["Độc lập - Tự do - Hạnh phúc"] == ("Tinos-Bold", 14)
    assert sizes["UBND TỈNH ĐỒNG THÁP"] == ("Tinos-Regular", 13)
    assert sizes["ĐOÀN KIỂM TRA"] == ("Tinos-Bold", 13)
    assert sizes["Số: 05/TB-ĐKT"] == ("Tinos-Regular", 13)
    assert sizes["Đồng Tháp, ngày 05 tháng 7 năm 2022"] == ("Tinos-Italic", 14)
    assert sizes["THÔNG BÁO"] == ("Tinos-Bold", 14)
    assert sizes["Nơi nhận:"] == ("Tinos-BoldItalic", 12)
    assert sizes["- UBND tỉnh (b/c);"] == ("Tinos-Regular", 11)


@pytest.mark.parametrize(
    "document", [notice(), letter(), notice(number=None, issued_on=None)], ids=["tb", "cv", "blank"]
)
def test_number_and_place_share_a_baseline(document: Document) -> None:
    rendered = render_pdf(document)
    assert rendered.date_rect is not None
    number = rendered.number_rect.y1 + 0.25 * layout.SIZE_NUMBER
    assert rendered.date_rect.y1 + 0.25 * layout.SIZE_DATE == pytest.approx(number, abs=0.1)


def test_long_place_name_stays_in_its_column() -> None:
    place = "Thành phố Hồ Chí Minh mở rộng và vùng phụ cận phía Đông Nam"
    drawn = render_pdf(notice(letterhead=Letterhead("Sở Nội vụ", place=place))).bytes
    assert max(one.right for one in words_of(drawn) if one.page == 0) <= (210 - 15) * MM + 1


def test_first_lines_are_indented_by_a_half_inch() -> None:
    assert word(render_pdf(notice()).bytes, "Thực").left == pytest.approx(30 * MM + 12.7 * MM, abs=1)


def test_page_number_is_centred_in_the_top_margin_from_page_2() -> None:
    rendered = render_pdf(_long(30))
    assert rendered.pages >= 3
    assert not any(one.text == "1" for one in words_of(rendered.bytes) if one.page == 0 and one.top < 20 * MM)
    for page in range(1, rendered.pages):
        number = word(rendered.bytes, str(page + 1), page)
        assert number.bottom < 20 * MM
        assert (number.left + number.right) / 2 == pytest.approx((30 + 210 - 15) / 2 * MM, abs=1)


def test_draft_mark_is_on_every_page_and_covers_nothing() -> None:
    rendered = render_pdf(notice(draft="lần 2"))
    for page, text in enumerate(pages_of(rendered.bytes)):
        assert "DỰ THẢO lần 2" in text
        mark = word(rendered.bytes, "DỰ", page)
        assert mark.bottom < 20 * MM
    assert "DỰ THẢO" not in pages_of(render_pdf(notice()).bytes)[0]


def test_letter_has_about_line_and_addressees_instead_of_a_type() -> None:
    first = pages_of(render_pdf(letter()).bytes)[0]
    assert "CÔNG VĂN" not in first
    assert "V/v chấn chỉnh công tác" in first
    assert "Kính gửi: - Các sở, ban, ngành; - Ủy ban nhân dân các huyện, thị xã, thành phố." in first
    assert "- Như trên;" in first


def test_minutes_have_no_date_at_the_top() -> None:
    rendered = render_pdf(notice(kind=DocumentKind.MINUTES, annexes=()))
    assert rendered.date_rect is None
    assert "BIÊN BẢN" in pages_of(rendered.bytes)[0]


@pytest.mark.parametrize("paragraphs", range(8, 26))
def test_signer_never_stands_alone(paragraphs: int) -> None:
    rendered = render_pdf(_long(paragraphs))
    last = pages_of(rendered.bytes)[rendered.signature_rect.page]
    before = last.split("Nơi nhận:")[0]
    assert before.count(" ") > 8, f"only {before!r} stands with the signer"


def test_a_table_at_the_end_goes_with_the_signer() -> None:
    for rows in range(20, 45, 3):
        rendered = render_pdf(notice(blocks=(Paragraph("a", POSTING), remedies(rows)), annexes=()))
        before = pages_of(rendered.bytes)[rendered.signature_rect.page].split("Nơi nhận:")[0]
        assert f"{rows} Chưa ban hành" in before or "Chưa ban" in before


def test_heading_is_not_left_at_the_foot_of_a_page() -> None:
    for paragraphs in range(5, 13):
        blocks = [Paragraph(f"p{n}", POSTING) for n in range(paragraphs)]
        blocks2 = (
            *blocks,
            Heading("II. TỒN TẠI"),
            Heading("1. Về hồ sơ", 2),
            Paragraph("x", POSTING),
            Paragraph("y", CLOSING),
        )
        for page in pages_of(render_pdf(notice(blocks=blocks2, annexes=())).bytes):
            assert not page.endswith(("II. TỒN TẠI", "1. Về hồ sơ"))


def _overlap(rendered: RenderedPdf) -> float:
    seal, signature = rendered.seal_rect, rendered.signature_rect
    return (seal.x2 - signature.x1) / (signature.x2 - signature.x1)


def test_seal_covers_the_left_third_of_the_signature() -> None:
    rendered = render_pdf(notice())
    assert _overlap(rendered) == pytest.approx(1 / 3, abs=0.01)
    assert rendered.seal_rect.x2 - rendered.seal_rect.x1 == pytest.approx(36 * MM, abs=0.1)
    assert rendered.seal_rect.page == rendered.signature_rect.page


def test_signature_lies_between_title_and_second_title() -> None:
    rendered = render_pdf(notice())
    page = rendered.signature_rect.page
    title, below = word(rendered.bytes, "TRƯỞNG", page), word(rendered.bytes, "PHÓ", page)
    assert HEIGHT - title.bottom >= rendered.signature_rect.y2 - 2
    assert HEIGHT - below.top <= rendered.signature_rect.y1 + 2


def test_number_and_date_rectangles_lie_on_their_figures() -> None:
    rendered = render_pdf(notice(number=1424, issued_on=date(2022, 11, 25)))
    day, month = rendered.day_rect, rendered.month_rect
    assert day is not None
    assert month is not None
    for rect, text in ((day, "25"), (month, "11")):
        found = next(one for one in words_of(rendered.bytes) if one.page == 0 and one.text == text)
        assert rect.x1 == pytest.approx(found.left, abs=0.5)
        assert rect.x2 == pytest.approx(found.right, abs=0.5)
        assert rect.y1 < HEIGHT - (found.top + found.bottom) / 2 < rect.y2
    symbol = next(one for one in words_of(rendered.bytes) if one.text == "1424/TB-ĐKT")
    assert rendered.number_rect.x1 == pytest.approx(symbol.left, abs=0.5)


def test_blanks_are_wide_enough_for_the_figures() -> None:
    rendered = render_pdf(notice(number=None, issued_on=None))
    assert rendered.day_rect is not None
    assert rendered.number_rect.x2 - rendered.number_rect.x1 >= fonts.text_width("1424", fonts.REGULAR, 13) - 0.1
    assert rendered.day_rect.x2 - rendered.day_rect.x1 >= fonts.text_width("25", fonts.ITALIC, 14)


def test_annex_is_on_a_page_of_its_own_and_may_lie_on_its_side() -> None:
    annexes = (Annex("Danh mục", (remedies(2),), landscape=True), Annex("Ảnh", (Paragraph("x", "Ghi chú"),)))
    rendered = render_pdf(notice(annexes=annexes))
    pages = pypdf.PdfReader(io.BytesIO(rendered.bytes)).pages
    assert [page.mediabox.width > page.mediabox.height for page in pages] == [False, True, False]
    texts = pages_of(rendered.bytes)
    assert "Phụ lục I DANH MỤC (Kèm theo Thông báo số 05/TB-ĐKT ngày 05 tháng 7 năm 2022 của Đoàn kiểm tra" in texts[1]
    assert "Phụ lục II ẢNH" in texts[2]


def test_each_annex_counts_its_own_pages() -> None:
    annexes = (Annex("Danh mục", (remedies(40),)), Annex("Danh mục khác", (remedies(40),)))
    rendered = render_pdf(notice(annexes=annexes))
    numbers = [
        [one.text for one in words_of(rendered.bytes) if one.page == page and one.bottom < 20 * MM]
        for page in range(rendered.pages)
    ]
    starts = [page for page, text in enumerate(pages_of(rendered.bytes)) if "Phụ lục I" in text]
    assert len(starts) == 2
    assert starts[1] - starts[0] > 1
    for page, shown in enumerate(numbers):
        first = max((start for start in (0, *starts) if start <= page), default=0)
        assert shown == ([] if page == first else [str(page - first + 1)])


def test_a_header_comes_once_on_a_page() -> None:
    """Where all rows but the last fit, the last but one goes with it, and not under a second header."""
    for count in range(26, 33):
        rows = (*(("Một dòng",) for _ in range(count)), (POSTING * 3,))  # the last, much higher one does not fit
        table = Table(("Tiêu đề",), rows, (1.0,))
        texts = pages_of(render_pdf(notice(annexes=(Annex("Danh mục", (table,)),))).bytes)
        assert max(text.count("Tiêu đề") for text in texts) == 1


def test_many_recipients_follow_below_the_signer() -> None:
    recipients = tuple(Recipient(f"Ủy ban nhân dân xã số {number}", "t/h") for number in range(1, 121))
    rendered = render_pdf(notice(recipients=recipients, annexes=()))
    text = " ".join(pages_of(rendered.bytes))
    assert all(f"- Ủy ban nhân dân xã số {number} (t/h);" in text for number in range(1, 121))


def test_narrow_columns_do_not_cut_words() -> None:
    table = Table(("TT", "Nội dung", "Thời hạn"), (("1", "Việc " * 60, "31/12/2022"),), (1, 96, 3))
    words = [one.text for one in words_of(render_pdf(notice(blocks=(table, Paragraph("c", CLOSING)))).bytes)]
    assert "TT" in words
    assert "31/12/2022" in words


def test_long_titles_of_a_signer_are_broken_in_the_column() -> None:
    signatory = Signatory(
        "PHÓ CHÁNH VĂN PHÒNG PHỤ TRÁCH KIỂM SOÁT THỦ TỤC HÀNH CHÍNH TỈNH", "Lê Văn An", "TL. CHỦ TỊCH"
    )
    drawn = render_pdf(notice(signatory=signatory, annexes=())).bytes
    assert word(drawn, "CHÁNH").left > (30 + 60) * MM


def test_closer_lines_spare_a_page_that_holds_little_but_the_signer() -> None:
    spared = 0
    for paragraphs in range(12, 22):
        blocks = (*(Paragraph(f"p{n}", "Đã thực hiện.") for n in range(paragraphs)), Paragraph("closing", CLOSING))
        document = notice(blocks=blocks, annexes=())
        loose = pdf._draw(document, None, pdf.LOOSE)
        rendered = render_pdf(document)
        assert rendered.pages <= loose[1]
        spared += rendered.pages < loose[1]
    assert spared >= 1
    assert pdf.TIGHT.leading >= 14 * 1.149, "closer than single-spaced"
