"""The fields of an issued PDF: where they are, what is filled in, what the seal closes."""

import io
import subprocess
from dataclasses import replace
from datetime import date
from functools import cache

import pikepdf
import pytest
from PIL import Image, ImageDraw
from pyhanko.pdf_utils.reader import PdfFileReader

from reports.rendering import layout
from reports.rendering.form import (
    DAY,
    LEADER,
    MONTH,
    NUMBER,
    SEAL,
    TEXT_FIELDS,
    FormPlan,
    fields_of,
    figures,
    twin_of,
    value_of,
)
from reports.rendering.pdf import render_pdf
from reports.rendering.pdfa import to_pdfa
from reports.signing.sign import empty_fields, fill_fields, sign_pdf
from reports.signing.signing_errors import NoSuchFieldError, UnsignablePdfError
from reports.verifying.appearance import shown_text
from reports.verifying.verify import verify_pdf
from tests.reports import papers
from tests.reports.signing_kit import NOW, roots, signer

DAY_OF_ISSUE = date(2026, 1, 7)
BODY = "SỞ NỘI VỤ TỈNH ĐỒNG THÁP"


@cache
def rendered(*, numbered=False):
    known = {"number": 7, "issued_on": DAY_OF_ISSUE} if numbered else {"number": None, "issued_on": None, "year": 2026}
    return render_pdf(replace(papers.notice(), **known))


@cache
def issued(*, numbered=False):
    plan = FormPlan.of(rendered(numbered=numbered), numbered=numbered)
    return to_pdfa(
        rendered(numbered=numbered).bytes,
        title="Thông báo",
        author="Sở Nội vụ",
        created=NOW,
        attachments={"manifest.json": b'{"sentences": []}'},
        form=plan,
    )


@cache
def led(*, numbered=False):
    return sign_pdf(issued(numbered=numbered), signer(), at=NOW, field_name=LEADER, name="Nguyễn Văn Ánh")


def seal(pdf, **changes):
    facts = {"at": NOW, "field_name": SEAL, "organisation": BODY, "seal": True, "fill": figures(5, DAY_OF_ISSUE)}
    return sign_pdf(pdf, signer(), **(facts | changes))


@cache
def sealed():
    return seal(led())


def fields(pdf):
    return dict(fields_of(PdfFileReader(io.BytesIO(pdf)).root))


def judge(pdf):
    return verify_pdf(pdf, roots=roots(), at=NOW)


def rect_of(field):
    return tuple(float(number) for number in field["/Rect"])


def text(pdf, tmp_path):
    (tmp_path / "t.pdf").write_bytes(pdf)
    told = subprocess.run(["pdftotext", "-layout", "-l", "1", tmp_path / "t.pdf", "-"], capture_output=True, check=True)
    return told.stdout.decode()


def test_every_field_lies_where_the_paper_has_its_blank():
    made, drawn = fields(issued()), rendered()
    places = {NUMBER: drawn.number_rect, DAY: drawn.day_rect, MONTH: drawn.month_rect}
    places |= {LEADER: drawn.signature_rect, SEAL: drawn.seal_rect}

    assert [name for name in made if not twin_of(name)] == list(places)
    for name, place in places.items():
        assert rect_of(made[name]) == pytest.approx(place[1:], abs=0.01)
        assert "/V" not in made[name]
        assert "/N" in made[name]["/AP"]
    assert empty_fields(issued()) == set(made)


def test_the_seal_lies_over_the_left_third_of_the_signature_in_its_own_size():
    made = fields(issued())
    left, right = rect_of(made[LEADER])[0], rect_of(made[LEADER])[2]
    assert rect_of(made[SEAL])[2] == pytest.approx(left + (right - left) / 3, abs=0.05)
    assert rect_of(made[SEAL])[2] - rect_of(made[SEAL])[0] == pytest.approx(layout.SEAL_SIZE, abs=0.05)


def test_number_first_leaves_the_signatures_only():
    assert set(fields(issued(numbered=True))) == {LEADER, SEAL}
    report = judge(seal(led(numbered=True), fill={}))
    assert (report.valid, report.unchanged) == (True, True)


def test_the_same_paper_has_the_same_bytes():
    plan = FormPlan.of(rendered(), numbered=False)
    facts = {"title": "T", "author": "S", "created": NOW, "form": plan}
    assert to_pdfa(rendered().bytes, **facts) == to_pdfa(rendered().bytes, **facts)


def test_leader_then_number_date_and_seal_in_one_update():
    pdf = sealed()
    report = judge(pdf)

    assert pdf.startswith(led())
    assert pdf[len(led()) :].count(b"startxref") == 1
    assert (report.valid, report.unchanged, report.trusted) == (True, True, True)
    assert [(one.field_name, one.filled_fields) for one in report.signers] == [
        (LEADER, ("Ngay", "NgayPhuLuc1", "So", "SoPhuLuc1", "Thang", "ThangPhuLuc1")),
        (SEAL, ()),
    ]


def test_what_is_filled_in_is_what_is_read(tmp_path):
    made = fields(sealed())
    assert [(value_of(made[name]), shown_text(made[name])) for name in TEXT_FIELDS] == [
        ("05", "05"),
        ("07", "07"),
        ("01", "01"),
    ]
    seen = " ".join(text(sealed(), tmp_path).split())
    assert "Số: 05/TB-ĐKT" in seen
    assert "ngày 07 tháng 01 năm 2026" in seen


def test_a_long_number_stays_in_its_blank(tmp_path):
    pdf = seal(led(), fill=figures(12345, DAY_OF_ISSUE))
    assert "12345" in text(pdf, tmp_path)
    data = fields(pdf)[NUMBER]["/AP"]["/N"].data.decode()
    start = float(data.split(" g ")[1].split()[0])
    assert start >= 0


def test_the_seal_closes_number_and_date():
    reference = fields(sealed())[SEAL]["/V"]["/Reference"][0]
    assert reference["/TransformMethod"] == "/FieldMDP"
    assert set(reference["/TransformParams"]["/Fields"]) == {*TEXT_FIELDS, "SoPhuLuc1", "NgayPhuLuc1", "ThangPhuLuc1"}

    report = judge(fill_fields(sealed(), {NUMBER: "99"}))
    assert not report.unchanged


def test_a_second_seal_has_no_field():
    with pytest.raises(NoSuchFieldError):
        seal(sealed(), fill=figures(9, DAY_OF_ISSUE))


def test_all_fonts_of_the_sealed_file_are_embedded():
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        faces = [
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        ]
        assert faces
        assert all("/FontFile2" in face for face in faces)
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_qpdf_finds_no_fault(tmp_path):
    (tmp_path / "s.pdf").write_bytes(sealed())
    assert subprocess.run(["qpdf", "--check", tmp_path / "s.pdf"], capture_output=True, check=False).returncode == 0


def test_an_unknown_field_cannot_be_filled_in():
    with pytest.raises(UnsignablePdfError):
        fill_fields(issued(), {"KhongCo": "1"})


def pixels(pdf, tmp_path, box):
    """The part of page with the signer, at 72 dots an inch: a dot is a point."""
    page = rendered().signature_rect.page + 1
    (tmp_path / "p.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "72", "-f", str(page), "-l", str(page), "-png", tmp_path / "p.pdf", tmp_path / "p"]
    subprocess.run(command, check=True)
    picture = Image.open(next(tmp_path.glob("p-*.png"))).convert("RGB")
    x1, y1, x2, y2 = (round(number) for number in box)
    return picture.crop((x1, picture.height - y2, x2, picture.height - y1))


def test_the_seals_picture_is_red_and_full_size(tmp_path):
    red = Image.new("RGBA", (425, 425), (0, 0, 0, 0))
    ImageDraw.Draw(red).ellipse((0, 0, 424, 424), outline=(210, 10, 20, 255), width=30)
    buffer = io.BytesIO()
    red.save(buffer, "PNG")
    _page, *box = rendered().seal_rect
    seen = pixels(seal(led(), image=buffer.getvalue()), tmp_path, box)

    def is_red(x, y):
        pixel = seen.getpixel((x, y))
        return pixel[0] > 150 and pixel[1] < 90

    middle = seen.height // 2
    assert is_red(4, middle)
    assert is_red(seen.width - 5, middle)


def test_figures_follow_the_decree():
    assert figures(5, DAY_OF_ISSUE) == {NUMBER: "05", DAY: "07", MONTH: "01"}
    assert figures(120, date(2026, 11, 20)) == {NUMBER: "120", DAY: "20", MONTH: "11"}
    assert figures(None, None) == {}
