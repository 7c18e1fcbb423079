"""The DOCX of a paper: its text, bookmarks and measures."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from reports.document import Annex, Document, Paragraph, PhotoGrid, Table
from reports.rendering import layout
from reports.rendering.docx import bookmark_name, render_docx
from tests.reports.papers import CLOSING, letter, notice, photo, photo_annex, remedies

MM = 36000  # EMU


def _opened(document: Document) -> Any:
    return docx.Document(io.BytesIO(render_docx(document, photo_loader=photo)))


def _text(word: Any) -> str:
    """All words in the order of the file, no-break spaces as spaces."""
    return " ".join(
        "".join(t.text or "" for t in p.iter(qn("w:t"))) for p in word.element.body.iter(qn("w:p"))
    ).replace("\u00a0", " ")


def _bookmarks(word: Any) -> dict[str, str]:
    """Bookmark names with the text of their paragraphs."""
    return {
        start.get(qn("w:name")): "".join(t.text or "" for t in start.getparent().iter(qn("w:t"))).replace("\u00a0", " ")
        for start in word.element.body.iter(qn("w:bookmarkStart"))
    }


def test_all_paragraphs_are_there_with_their_bookmarks() -> None:
    document = notice()
    marks = _bookmarks(_opened(document))
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lead = f"{block.lead_in} " if block.lead_in else ""
            assert marks[bookmark_name(block.id)] == lead + block.text
    assert set(marks) == {bookmark_name(one) for one in layout.paragraph_ids(document)}


def test_bookmarks_enclose_the_text_and_are_numbered_once() -> None:
    body = _opened(notice()).element.body
    starts, ends = list(body.iter(qn("w:bookmarkStart"))), list(body.iter(qn("w:bookmarkEnd")))
    numbers = [start.get(qn("w:id")) for start in starts]
    assert numbers == [end.get(qn("w:id")) for end in ends]
    assert len(set(numbers)) == len(numbers)
    for start, end in zip(starts, ends, strict=True):
        paragraph = start.getparent()
        assert paragraph is end.getparent()
        runs = [index for index, child in enumerate(paragraph) if child.tag == qn("w:r")]
        assert paragraph.index(start) < min(runs)
        assert paragraph.index(end) > max(runs)


@pytest.mark.parametrize("one", ["closing", "niem-yet.a@mot-cua/1", "Đạt", "a" * 39, "", "A", "_x", "9"])
def test_bookmark_names_are_valid(one: str) -> None:
    assert re.fullmatch(r"[A-Za-z]\w{0,39}", bookmark_name(one), re.ASCII)


def test_bookmark_names_differ_where_only_capitals_or_signs_do() -> None:
    ids = ["a.b", "a-b", "a_b", "A_b", "a" * 60, "a" * 61, "h_0", "p_a", "a"]
    assert len({bookmark_name(one).lower() for one in ids}) == len(ids)


def test_a_repeated_id_is_bookmarked_once() -> None:
    document = notice(blocks=(Paragraph("a", "Một"), Paragraph("a", "Hai")), annexes=())
    assert _bookmarks(_opened(document)) == {"p_a": "Một"}


def test_lines_of_the_paper() -> None:
    text = _text(_opened(notice()))
    for line in (
        "UBND TỈNH ĐỒNG THÁP",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 05/TB-ĐKT",
        "Đồng Tháp, ngày 05 tháng 7 năm 2022",
        "THÔNG BÁO",
        "Nơi nhận:",
        "- Lưu: VT, CCHC (05b).",
        "TM. ĐOÀN KIỂM TRA",
        "PHÓ GIÁM ĐỐC SỞ NỘI VỤ",
        "Nguyễn Thị Hạnh",
        "Phụ lục",
        "(Kèm theo Thông báo số 05/TB-ĐKT ngày 05 tháng 7 năm 2022 của Đoàn kiểm tra",
    ):
        assert line in text


def test_letter_and_blanks_to_fill() -> None:
    text = _text(_opened(letter(number=None, issued_on=None, year=2019)))
    assert "Số:        /UBND-KSTT" in text
    assert "ngày       tháng       năm 2019" in text
    assert "V/v chấn chỉnh công tác" in text
    assert "- Các sở, ban, ngành;" in text
    assert "CÔNG VĂN" not in text


def test_page_and_type() -> None:
    word = _opened(notice())
    section = word.sections[0]
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(one / MM) for one in margins] == [20, 15, 20, 30]
    assert (round(section.page_width / MM), round(section.page_height / MM)) == (210, 297)
    assert (word.styles["Normal"].font.name, word.styles["Normal"].font.size.pt) == ("Times New Roman", 14)
    paragraph = next(p for p in word.paragraphs if p.text.startswith("Thực hiện"))
    assert paragraph.style.paragraph_format.first_line_indent.mm == pytest.approx(12.7, abs=0.1)
    assert paragraph.style.paragraph_format.space_before.pt == 6


def test_text_has_named_styles_and_no_looks_of_its_own() -> None:
    word = _opened(notice())
    texts = [p for p in word.paragraphs if p.text.startswith(("Thực hiện", "I. KẾT QUẢ", "1. Về công khai"))]
    assert [p.style.name for p in texts] == ["Nội dung văn bản", "Heading 1", "Heading 2"]
    for paragraph in texts:
        assert not paragraph._p.pPr.xpath("./w:spacing | ./w:ind | ./w:jc")
        assert not any(run._r.xpath("./w:rPr/w:sz") for run in paragraph.runs)
    for name in ("Nội dung văn bản", "Heading 1", "Ô bảng", "Nơi nhận"):
        faces = word.styles[name].element.rPr.rFonts
        assert faces.get(qn("w:ascii")) == faces.get(qn("w:hAnsi")) == "Times New Roman"
        assert not [key for key in faces.attrib if "Theme" in key]
    assert word.styles["Heading 1"].paragraph_format.keep_with_next


def test_page_number_from_page_2_and_draft_mark_on_all() -> None:
    section = _opened(notice(draft="lần 2")).sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    assert "DỰ THẢO lần 2" in section.header.paragraphs[0].text
    assert "DỰ THẢO lần 2" in section.first_page_header.paragraphs[0].text


def test_annex_may_lie_on_its_side() -> None:
    annexes = (Annex("Danh mục", (remedies(2),), landscape=True), Annex("Ảnh", ()))
    sections = _opened(notice(annexes=annexes)).sections
    assert [one.page_width > one.page_height for one in sections] == [False, True, False]
    for section in sections:  # each part counts its own pages, and its first one shows no number
        assert section.different_first_page_header_footer
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert "PAGE" not in section.first_page_header._element.xml
        assert "PAGE" in section.header._element.xml


def test_tables_have_widths_on_columns_and_cells_and_a_repeated_header() -> None:
    word = _opened(notice(annexes=(Annex("Danh mục", (remedies(60),)),)))
    table = next(t for t in word.tables if len(t.columns) == 6)
    assert len(table.rows) == 61
    for column, cell in zip(table.columns, table.rows[5].cells, strict=True):
        assert column.width == cell.width
    assert sum(column.width for column in table.columns) == pytest.approx(165 * MM, rel=0.01)
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


def test_photos() -> None:
    with_photos = _opened(notice(annexes=(photo_annex(3),)))
    assert len(with_photos.inline_shapes) == 3
    assert "Ảnh 3. Bảng niêm yết" in _text(with_photos)
    without = docx.Document(io.BytesIO(render_docx(notice(annexes=(photo_annex(1),)))))
    assert "(Ảnh lưu trong hồ sơ kiểm tra)" in _text(without)


def test_the_end_is_kept_with_the_signer() -> None:
    paragraphs = _opened(
        notice(blocks=(Paragraph("a", "Đề nghị."), Paragraph("b", "Trên đây./.")), annexes=())
    ).paragraphs
    kept = [p.text for p in paragraphs if p.paragraph_format.keep_with_next]
    assert kept == ["Đề nghị.", "Trên đây./."]


def test_nothing_in_the_text_breaks_the_file() -> None:
    hostile = "a\x00b\ud800<w:p>&amp;\ufffe \n\nc"
    blocks = (Paragraph(hostile, hostile, lead_in=hostile), Table((hostile,), ((hostile,),), (1,)), PhotoGrid(()))
    word = _opened(notice(blocks=blocks, subject=hostile, annexes=()))
    assert "<w:p>&amp;" in _text(word)


def test_same_document_gives_same_bytes() -> None:
    first = render_docx(notice(), photo_loader=photo)
    assert render_docx(notice(), photo_loader=photo) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {info.date_time[0] for info in package.infolist()} == {1980}


def test_file_with_no_annex_ends_with_a_paragraph() -> None:
    body = _opened(notice(annexes=(), blocks=(Paragraph("a", CLOSING),))).element.body
    assert [child.tag for child in body][-2:] == [qn("w:p"), qn("w:sectPr")]
