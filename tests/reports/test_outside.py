"""Signed with the agency's own tool: two real ones, and every way of slipping something in."""

import io
from datetime import date
from functools import cache

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from reports.rendering.form import LEADER, NUMBER, SEAL, TEXT_FIELDS, fields_of, figures
from reports.signing.sign import fill_fields, sign_pdf
from reports.verifying.outside import check_upload
from reports.verifying.verify import load_trust_roots
from tests.reports.agency import agency, by_poppler, by_pyhanko
from tests.reports.signing_kit import NOW, roots, signer
from tests.reports.test_form import issued, judge, led, seal
from tests.reports.test_verify import (
    NAMED_ATTACKS,
    page_of,
    rewrite,
    sign_outside,
    update,
    watermark,
)

DAY = date(2026, 11, 20)


def trusted():
    return [*roots(), *load_trust_roots([agency() / "root.pem"])]


FILLED = ("Ngay", "NgayPhuLuc1", "So", "SoPhuLuc1", "Thang", "ThangPhuLuc1")
TOOLS = [by_pyhanko, by_poppler]


@cache
def filled():
    return fill_fields(led(), figures(15, DAY))


@cache
def sealed_by(tool):
    return tool(filled(), SEAL)


def check(uploaded, given=None):
    return check_upload(led() if given is None else given, uploaded, roots=trusted(), at=NOW)


# ---------------------------------------------------------------- what is taken


@pytest.mark.parametrize("tool", TOOLS)
def test_number_date_and_seal_of_another_tool_are_taken(tool):
    upload = check(sealed_by(tool))

    assert upload.reasons == ()
    assert (upload.number, upload.day, upload.month) == (15, 20, 11)
    assert list(upload.signed) == [SEAL]
    assert (upload.report.valid, upload.report.unchanged, upload.report.trusted) == (True, True, True)
    assert upload.report.signers[0].filled_fields == FILLED


@pytest.mark.parametrize("tool", TOOLS)
def test_the_leader_may_sign_elsewhere_too(tool):
    by_leader = tool(issued(), LEADER)
    first = check(by_leader, issued())
    assert (first.reasons, list(first.signed), first.number) == ((), [LEADER], None)

    second = check(tool(fill_fields(by_leader, figures(15, DAY)), SEAL), by_leader)
    assert (second.reasons, list(second.signed), second.number) == ((), [SEAL], 15)


def test_both_signatures_in_one_upload():
    both = by_poppler(fill_fields(by_pyhanko(issued(), LEADER), figures(15, DAY)), SEAL)
    assert check(both, issued()).reasons == ()
    assert list(check(both, issued()).signed) == [LEADER, SEAL]


def test_number_first_needs_no_figures_from_outside():
    pdf = by_poppler(led(numbered=True), SEAL)
    upload = check(pdf, led(numbered=True))
    assert (upload.reasons, upload.number) == ((), None)


# ---------------------------------------------------------------- one more change


def in_the_seals_update(change):
    """The change and the seal in one update, as the library would write it."""
    return sign_outside(filled(), field=SEAL, change=change)


def before_the_seal(change, tool):
    return tool(update(filled(), change), SEAL)


def field_named(writer, name):
    return dict(fields_of(writer.root))[name]


def other_field(writer):
    append_signature_field(writer, SigFieldSpec("Them", box=(50, 50, 500, 700)))


def text_field(writer):
    field = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): pdf_string("GhiThem"),
            pdf_name("/V"): pdf_string("Đạt"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 300, 400, 320))),
        }
    )
    reference = writer.add_object(field)
    page_of(writer)["/Annots"].append(reference)
    writer.update_container(page_of(writer))
    writer.root["/AcroForm"]["/Fields"].append(reference)
    writer.update_container(writer.root["/AcroForm"])


def widget_of_no_field(writer):
    widget = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 300, 400, 320))),
        }
    )
    page_of(writer)["/Annots"].append(writer.add_object(widget))
    writer.update_container(page_of(writer))


def number_that_shows_another(writer):
    stream = field_named(writer, NUMBER)["/AP"]["/N"]
    copy = generic.StreamObject({key: stream.raw_get(key) for key in stream}, stream.data.replace(b"(15)", b"(51)"))
    field_named(writer, NUMBER)["/AP"][pdf_name("/N")] = writer.add_object(copy)
    writer.update_container(field_named(writer, NUMBER))


def number_in_other_letters(writer):
    font = writer.root["/AcroForm"]["/DR"]["/Font"]["/ChuDung"]
    other = writer.add_object(generic.DictionaryObject({key: font.raw_get(key) for key in font}))
    resources = field_named(writer, NUMBER)["/AP"]["/N"]["/Resources"]
    resources["/Font"][pdf_name("/ChuDung")] = other
    writer.update_container(resources)


def moved_seal(writer):
    field = field_named(writer, SEAL)
    field[pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
    writer.update_container(field)


def unlocked_seal(writer):
    del field_named(writer, SEAL)["/Lock"]
    writer.update_container(field_named(writer, SEAL))


def drawn_anew_by_viewers(writer):
    writer.root["/AcroForm"][pdf_name("/NeedAppearances")] = generic.BooleanObject(value=True)
    writer.update_container(writer.root["/AcroForm"])


def other_signature_of_the_leader(writer):
    field = field_named(writer, LEADER)
    field["/AP"][pdf_name("/N")] = field_named(writer, SEAL)["/AP"].raw_get("/N")
    writer.update_container(field)


def reader_rights(writer):
    writer.root["/Perms"][pdf_name("/UR3")] = writer.add_object(generic.DictionaryObject())
    writer.update_container(writer.root["/Perms"])


FORM_ATTACKS = {
    other_field: "Tệp bị thêm ô “Them” không có khi phát hành.",
    text_field: "Tệp bị thêm ô “GhiThem” không có khi phát hành.",
    widget_of_no_field: "Trang 1: ô nhập hoặc ô ký đã bị thêm, bớt hoặc chuyển chỗ.",
    number_that_shows_another: "Ô “So” hiện ra khác với giá trị của ô (15).",
    number_in_other_letters: "Ô “So” hiện ra khác với giá trị của ô (15).",
    moved_seal: "Ô “ConDau” đã bị đổi chỗ, đổi kiểu hoặc đổi thuộc tính.",
    unlocked_seal: "Ô “ConDau” đã bị đổi chỗ, đổi kiểu hoặc đổi thuộc tính.",
    drawn_anew_by_viewers: "Thiết lập chung của các ô điền đã bị thay đổi.",
    other_signature_of_the_leader: "Ô “ChuKy” đã ký hoặc đã khóa nhưng bị thay đổi.",
    reader_rights: "Quyền sửa ghi trong tệp đã bị thay đổi.",
}
ATTACKS = {**{attack: told for attack, told in NAMED_ATTACKS.items() if "page" not in attack.__name__}, **FORM_ATTACKS}


# The library itself takes this one back when it signs.
IN_ONE_UPDATE = [attack for attack in ATTACKS if attack is not drawn_anew_by_viewers]


@pytest.mark.parametrize("attack", IN_ONE_UPDATE, ids=lambda attack: attack.__name__)
def test_a_change_in_the_seals_own_update_is_refused_and_named(attack):
    assert ATTACKS[attack] in check(in_the_seals_update(attack)).reasons


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_change_before_popplers_seal_is_refused_and_named(attack):
    assert ATTACKS[attack] in check(before_the_seal(attack, by_poppler)).reasons


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_change_after_the_seal_is_refused_and_named(attack):
    reasons = check(update(sealed_by(by_pyhanko), attack)).reasons
    named = ATTACKS[attack] in reasons
    assert named or any("đã ký hoặc đã khóa" in reason for reason in reasons)


def extra_page(writer):
    pages = writer.root["/Pages"]
    first = page_of(writer)
    kids = generic.DictionaryObject({key: first.raw_get(key) for key in first if key != "/Annots"})
    pages["/Kids"].append(writer.add_object(kids))
    pages[pdf_name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)


@pytest.mark.parametrize("tool", TOOLS)
def test_an_added_page_is_refused_and_named(tool):
    assert any("Số trang đã đổi" in reason for reason in check(before_the_seal(extra_page, tool)).reasons)


def test_what_was_shown_and_taken_back_is_still_found():
    def put_back(writer):
        page = page_of(writer)
        page["/Contents"] = page["/Contents"].raw_get(0)
        writer.update_container(page)

    attacked = update(update(filled(), ATTACK_OVERLAY), put_back)
    assert NAMED_ATTACKS[ATTACK_OVERLAY] in check(by_poppler(attacked, SEAL)).reasons


ATTACK_OVERLAY = next(attack for attack in NAMED_ATTACKS if attack.__name__ == "overlay")


@pytest.mark.parametrize("junk", [b"\n", b"%%EOF\n", b"<html>", bytes(100)])
def test_trailing_junk_is_refused(junk):
    assert check(sealed_by(by_poppler) + junk).reasons


@pytest.mark.parametrize("change", [lambda pdf: None, watermark])
def test_a_file_written_anew_is_refused_as_such(change):
    reasons = check(rewrite(sealed_by(by_pyhanko), change)).reasons
    assert reasons[0].startswith("Tệp đã bị phần mềm khác ghi lại")
    assert any("Trang 1: nội dung" in reason for reason in reasons) == (change is watermark)


def test_an_update_that_points_past_the_issued_paper_is_refused():
    """The issued bytes are all there, but the chain of updates leads to another paper put between."""
    with pikepdf.new() as other:
        other.add_blank_page()
        out = io.BytesIO()
        other.save(out)
    shifted = led() + out.getvalue()
    assert check(shifted).reasons


def test_the_same_file_again_is_told():
    assert check(led()).reasons == ("Tệp nộp lại đúng là tệp đã tải về, chưa có chữ ký nào mới; hãy ký rồi nộp lại.",)


def test_filled_in_and_not_signed_is_told():
    assert "Tệp chưa có chữ ký nào mới ở ô ký dành sẵn; hãy ký vào đúng ô rồi nộp lại." in check(filled()).reasons


def test_a_seal_without_number_is_told():
    assert any("số, ngày, tháng còn trống" in reason for reason in check(by_pyhanko(led(), SEAL)).reasons)


def test_a_seal_without_the_leader_is_told():
    pdf = by_pyhanko(fill_fields(issued(), figures(15, DAY)), SEAL)
    assert any("chưa có chữ ký của người có thẩm quyền" in reason for reason in check(pdf, issued()).reasons)


def test_the_wrong_order_is_told():
    pdf = by_poppler(by_poppler(fill_fields(issued(), figures(15, DAY)), SEAL), LEADER)
    assert any("đóng trước chữ ký" in reason for reason in check(pdf, issued()).reasons)


@pytest.mark.parametrize("text", ["1a", "0", "999999", "٣"])
def test_figures_that_are_none_are_told(text):
    pdf = by_pyhanko(update(led(), lambda writer: bad_value(writer, text)), SEAL)
    assert check(pdf).reasons


def bad_value(writer, text):
    for name in TEXT_FIELDS:
        field_named(writer, name)[pdf_name("/V")] = pdf_string(text)
        writer.update_container(field_named(writer, name))


def test_an_unknown_key_is_told():
    upload = check_upload(led(), sealed_by(by_pyhanko), roots=roots(), at=NOW)
    assert any("trust_roots" in reason for reason in upload.reasons)


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_paper_is_told(data):
    assert check(data).reasons


def test_another_paper_is_told():
    other = sign_pdf(issued(numbered=True), signer(), at=NOW, field_name=LEADER)
    reasons = check(seal(other, fill={})).reasons
    assert reasons[0].startswith("Tệp đã bị phần mềm khác ghi lại")


# ---------------------------------------------------------------- the verdict on it


@pytest.mark.parametrize("attack", [other_field, text_field, moved_seal, reader_rights], ids=lambda one: one.__name__)
def test_popplers_files_are_not_judged_more_mildly(attack):
    assert not judge(before_the_seal(attack, by_poppler)).unchanged
