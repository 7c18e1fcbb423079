"""What stands in the PDF, and that nothing breaks it."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from reports.document import (
    Annex,
    Document,
    Heading,
    Letterhead,
    Paragraph,
    Photo,
    PhotoGrid,
    Recipient,
    Signatory,
    Table,
)
from reports.rendering import fonts, layout
from reports.rendering.pdf import render_pdf
from tests.reports.papers import CLOSING, letter, notice, pages_of, photo, photo_annex, remedies, text_of


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_all_text_and_figures_are_in_the_pdf() -> None:
    document = notice()
    text = text_of(render_pdf(document).bytes)
    for block in document.blocks:
        assert isinstance(block, Heading | Paragraph)
        assert _plain(block.text) in text
    for figure in ("30/30", "03 nơi", "12/13", "34.336 hồ sơ", "99,56%", "Số: 05/TB-ĐKT", "05 tháng 7 năm 2022"):
        assert figure in text


@pytest.mark.parametrize(
    "document", [notice(), letter(), notice(annexes=(photo_annex(3),))], ids=["tb", "cv", "photos"]
)
def test_same_document_gives_same_bytes(document: Document) -> None:
    assert render_pdf(document, photo_loader=photo).bytes == render_pdf(document, photo_loader=photo).bytes


def test_all_fonts_are_embedded(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(render_pdf(notice(), photo_loader=photo).bytes)
    listed = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert len(listed) >= 4
    assert all("Tinos" in line and line.split()[-5] == "yes" for line in listed), listed


def test_qpdf_finds_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(render_pdf(notice(annexes=(photo_annex(2),)), photo_loader=photo).bytes)
    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)


def test_decomposed_text_is_drawn_composed() -> None:
    document = notice(blocks=(Paragraph("a", "Tie\u0302\u0301ng Vie\u0323\u0302t co\u0301 da\u0302\u0301u"),))
    assert "Tiếng Việt có dấu" in text_of(render_pdf(document).bytes)


def test_symbols_are_drawn_and_what_has_no_glyph_is_told() -> None:
    rendered = render_pdf(notice(blocks=(Paragraph("a", "☐ chưa ☑ đạt ✓ xong 🙂 漢"),)))
    assert "☐ chưa ☑ đạt ✓ xong ? ?" in text_of(rendered.bytes)
    assert rendered.unprintable == ("漢", "🙂")


def test_markup_in_text_is_only_text() -> None:
    document = notice(blocks=(Paragraph("a", "<b>5 < 6 & 7</b> <img src='file:///etc/passwd'/>", lead_in="<i>1.</i>"),))
    assert "<i>1.</i> <b>5 < 6 & 7</b> <img src='file:///etc/passwd'/>" in text_of(render_pdf(document).bytes)


def test_nothing_in_the_text_breaks_the_file() -> None:
    bad = "a\x00b\ud800<para>&amp;\ufffe \n\nc"
    document = notice(
        letterhead=Letterhead(bad, bad, bad, bad),
        symbol=bad,
        subject=bad,
        signatory=Signatory(bad, bad, bad, bad),
        blocks=(
            Heading(bad),
            Table((bad,), ((bad,),), (1,)),
            PhotoGrid((Photo(bad, bad),)),
            Paragraph(bad, bad, (bad,), bad),
        ),
        addressees=(bad, bad),
        recipients=(Recipient(bad, bad),),
        annexes=(Annex(bad, (), bad),),
        draft=bad,
    )
    assert "<para>&amp;" in text_of(render_pdf(document).bytes)


def test_long_words_stay_on_the_page() -> None:
    address = "https://dichvucong.example.gov.vn/" + "thu_tuc_hanh_chinh_" * 20
    table = Table(("TT", "Địa chỉ"), (("1", address),), (1, 9))
    document = notice(blocks=(Paragraph("a", address), table, Paragraph("b", CLOSING)), subject=address)
    text = text_of(render_pdf(document).bytes).replace(" ", "")
    assert text.count(address) == 3


def test_one_finding_fits_one_page() -> None:
    document = notice(blocks=(Paragraph("a", CLOSING),), annexes=())
    assert render_pdf(document).pages == 1


def test_two_hundred_findings() -> None:
    findings = tuple(
        Paragraph(f"f{n}", f"Tồn tại thứ {n} tại đơn vị được kiểm tra.", lead_in=f"{n}.") for n in range(200)
    )
    rendered = render_pdf(notice(blocks=(Heading("I. TỒN TẠI"), *findings), annexes=()))
    text = text_of(rendered.bytes)
    assert all(f"{n}. Tồn tại thứ {n} tại" in text for n in range(200))
    assert rendered.signature_rect.page == rendered.pages - 1


def test_header_of_a_long_table_is_on_every_page() -> None:
    rendered = render_pdf(notice(annexes=(Annex("Danh mục", (remedies(60),)),)))
    annex_pages = pages_of(rendered.bytes)[1:]
    assert len(annex_pages) >= 3
    assert all("Tồn tại, hạn chế Yêu cầu" in page for page in annex_pages)
    assert text_of(rendered.bytes).count("Ban hành kế hoạch đào tạo") == 60


def test_row_taller_than_a_page_goes_on_on_the_next() -> None:
    table = Table(("TT", "Nội dung"), (("1", " ".join(f"từ{n}" for n in range(2500))),), (1, 9))
    rendered = render_pdf(notice(blocks=(table, Paragraph("b", CLOSING)), annexes=()))
    text = text_of(rendered.bytes)
    assert rendered.pages >= 3
    assert all(f"từ{n}" in text for n in range(2500))


@pytest.mark.parametrize("photos", [1, 2, 5])
def test_photos_with_captions(photos: int) -> None:
    rendered = render_pdf(notice(annexes=(photo_annex(photos),)), photo_loader=photo)
    images = [image for page in pypdf.PdfReader(io.BytesIO(rendered.bytes)).pages for image in page.images]
    assert len(images) == photos
    assert all(f"Ảnh {n}. Bảng niêm yết" in text_of(rendered.bytes) for n in range(1, photos + 1))


def test_a_photo_that_is_missing_or_broken_is_told() -> None:
    rendered = render_pdf(
        notice(annexes=(photo_annex(2),)), photo_loader=lambda sha256: b"GIF8" if sha256[-1] == "1" else None
    )
    assert text_of(rendered.bytes).count("(Ảnh lưu trong hồ sơ kiểm tra)") == 2


def test_empty_blocks_are_no_fault() -> None:
    empty = (PhotoGrid(()), Table((), (), ()), Paragraph("a", ""), Heading(""))
    assert render_pdf(notice(blocks=empty, recipients=())).pages == 2
    assert render_pdf(notice(blocks=(), annexes=())).pages == 1


def test_photo_grid_in_the_text_may_end_it() -> None:
    rendered = render_pdf(notice(blocks=(PhotoGrid((Photo("1", "Ảnh"),)),), annexes=()), photo_loader=photo)
    assert rendered.signature_rect.page == 0


def test_metadata_names_the_paper() -> None:
    info = pypdf.PdfReader(io.BytesIO(render_pdf(notice()).bytes)).metadata
    assert info is not None
    assert info.title == layout.document_title(notice())
    assert info.title.startswith("Thông báo số 05/TB-ĐKT kết luận kiểm tra")
    assert info.author == "Đoàn kiểm tra cải cách hành chính"


def test_page_1_knows_no_product_and_no_hash() -> None:
    document = replace(notice(), manifest={"head": "a" * 64})
    first = pages_of(render_pdf(document).bytes)[0]
    assert "a" * 16 not in first
    assert "kiemtra" not in first.casefold()


def test_missing_fonts_are_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "DIRECTORY", tmp_path / "fonts")
    fonts._register.cache_clear()
    with pytest.raises(fonts.FontsMissingError, match=r"Thiếu phông chữ .*Tinos_700Bold\.ttf.*make setup"):
        render_pdf(notice())


def test_broken_font_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in fonts.FILES.values():
        (tmp_path / name).write_bytes(b"no font")
    monkeypatch.setattr(fonts, "DIRECTORY", tmp_path)
    fonts._register.cache_clear()
    with pytest.raises(fonts.FontsMissingError, match=r"Tinos_400Regular\.ttf"):
        fonts.load_fonts()
