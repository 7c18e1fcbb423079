"""Number and date in the annexes: the same as on page 1, whoever fills them in, and nothing else."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

from app.verification.telling import tell
from reports.document import Annex, DocumentKind
from reports.rendering.form import DAY, LEADER, MONTH, NUMBER, SEAL, FormPlan, figures, twin_of
from reports.rendering.pdf import render_pdf
from reports.rendering.pdfa import to_pdfa
from reports.signing.sign import fill_fields, sign_pdf
from reports.verifying.appearance import shown_text
from reports.verifying.outside import check_upload
from reports.verifying.verify import TWINS_LEFT_BLANK
from tests.reports import papers
from tests.reports.agency import by_poppler, by_pyhanko
from tests.reports.signing_kit import NOW, signer
from tests.reports.test_form import fields, issued, judge, led, rect_of, rendered, seal, sealed
from tests.reports.test_outside import trusted
from tests.reports.test_verify import sign_outside, update

ISSUED_ON = date(2026, 11, 20)
GIVEN = figures(15, ISSUED_ON)
BLANKS = {"number": None, "issued_on": None, "year": 2026}


def check(uploaded):
    return check_upload(led(), uploaded, roots=trusted(), at=NOW)


def drawn(document):
    plan_of = render_pdf(document)
    return plan_of, FormPlan.of(plan_of, numbered=document.number is not None)


# ---------------------------------------------------------------- where they are


def test_the_annex_has_the_number_on_its_own_line():
    pdf = sealed()
    said = [papers.word(pdf, text, page=1) for text in ("số", "05", "ngày", "07", "tháng", "01", "năm")]
    assert [one.left for one in said] == sorted(one.left for one in said)
    assert [one.top for one in said] == pytest.approx([said[0].top] * len(said), abs=0.1)
    assert "(Kèm theo Thông báo số 05/TB-ĐKT ngày 07 tháng 01 năm 2026" in papers.pages_of(pdf)[1]


def test_before_that_it_has_the_blanks_that_it_had():
    line = papers.pages_of(led())[1]
    assert "(Kèm theo Thông báo số /TB-ĐKT ngày tháng năm 2026" in line
    for name, (_page, *box) in zip((NUMBER, DAY, MONTH), rendered().annex_rects[0], strict=True):
        field = fields(led())[f"{name}PhuLuc1"]
        assert rect_of(field) == pytest.approx(box, abs=0.01)
        assert ("/V" in field, shown_text(field)) == (False, "")
        assert str(field["/TU"]).endswith("(phụ lục 1)")


def test_every_annex_has_its_own_also_on_its_side():
    wide = Annex("Biểu tổng hợp", (papers.remedies(2),), landscape=True)
    document = papers.notice(**BLANKS)
    rectangles, plan = drawn(replace(document, annexes=(*document.annexes, wide)))
    assert [name for name in plan.blanks if twin_of(name) == NUMBER] == ["SoPhuLuc1", "SoPhuLuc2"]
    assert len(rectangles.annex_rects) == 2
    assert plan.places["SoPhuLuc2"].page == plan.places["SoPhuLuc1"].page + 1


def test_a_printed_number_leaves_no_blank():
    _rectangles, plan = drawn(papers.notice())
    assert plan.blanks == []


def test_minutes_have_their_day_in_the_annex_alone():
    document = papers.notice(kind=DocumentKind.MINUTES, **BLANKS)
    rectangles, plan = drawn(document)
    assert rectangles.day_rect is None
    assert sorted(plan.blanks) == [DAY, NUMBER, "SoPhuLuc1", MONTH]
    facts = {"title": "BB", "author": "Sở", "created": NOW, "form": plan}
    pdf = seal(sign_pdf(to_pdfa(rectangles.bytes, **facts), signer(), at=NOW, field_name=LEADER))
    assert "số 05/TB-ĐKT ngày 07 tháng 01 năm 2026" in papers.pages_of(pdf)[1]
    assert (judge(pdf).valid, judge(pdf).unchanged) == (True, True)


# ---------------------------------------------------------------- other tools


def field_named(writer, name):
    return next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/T"] == name)


def as_a_viewer(text, *, drawing="BT /{font} 12 Tf 0 g 2 3.5 Td ({text}) Tj ET", face="ChuNghieng", value=True):
    """A field filled in as viewers do it: clipped to the box, from the left, in the field's own face."""

    def fill(writer, name):
        field = field_named(writer, name)
        x1, y1, x2, y2 = (float(number) for number in field["/Rect"])
        inner = f"1 1 {x2 - x1 - 2:.2f} {y2 - y1 - 2:.2f} re W n "
        stream = f"/Tx BMC q {inner}{drawing.format(font=face, text=text)} Q EMC"
        font = writer.root["/AcroForm"]["/DR"]["/Font"].raw_get(f"/{face}")
        fonts = generic.DictionaryObject({pdf_name(f"/{face}"): font})
        facts = {
            "/Type": pdf_name("/XObject"),
            "/Subtype": pdf_name("/Form"),
            "/BBox": generic.ArrayObject(map(generic.FloatObject, ("0", "0", f"{x2 - x1:.2f}", f"{y2 - y1:.2f}"))),
            "/Resources": generic.DictionaryObject({pdf_name("/Font"): fonts}),
        }
        shown = generic.StreamObject({pdf_name(key): one for key, one in facts.items()}, stream_data=stream.encode())
        field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(shown)})
        if value:
            field[pdf_name("/V")] = pdf_string(text)
        writer.update_container(field)

    return fill


def page_one_alone(writer):
    """What a tool leaves whose user types into the three fields of page 1."""
    for name, text in GIVEN.items():
        as_a_viewer(text, face="ChuDung" if name == NUMBER else "ChuNghieng")(writer, name)


@cache
def half_filled():
    return update(led(), page_one_alone)


@pytest.mark.parametrize("tool", [by_pyhanko, by_poppler])
def test_an_annex_left_blank_is_told_and_is_no_forgery(tool):
    upload = check(tool(half_filled(), SEAL))
    assert upload.reasons == ()
    assert (upload.number, upload.day, upload.month) == (15, 20, 11)
    assert upload.notes == (TWINS_LEFT_BLANK,)
    assert (upload.report.valid, upload.report.unchanged) == (True, True)
    assert TWINS_LEFT_BLANK in tell(upload.report, None).notes


def test_a_seal_put_on_here_fills_in_what_another_tool_left_blank():
    pdf = sign_pdf(half_filled(), signer(), at=NOW, field_name=SEAL, seal=True)
    assert "số 15/TB-ĐKT ngày 20 tháng 11 năm 2026" in papers.pages_of(pdf)[1]
    assert TWINS_LEFT_BLANK not in judge(pdf).reasons
    assert judge(pdf).unchanged


@pytest.mark.parametrize("tool", [by_pyhanko, by_poppler])
def test_an_annex_that_was_typed_into_is_taken(tool):
    def everywhere(writer):
        page_one_alone(writer)
        for name, text in GIVEN.items():
            as_a_viewer(text)(writer, f"{name}PhuLuc1")

    upload = check(tool(update(led(), everywhere), SEAL))
    assert (upload.reasons, upload.notes) == ((), ())


# ---------------------------------------------------------------- what is refused and named


def on(name, change):
    return lambda writer: change(writer, name)


def pointed_at(writer, name):
    """Another text when somebody points at it."""
    as_a_viewer("99", value=False)(writer, name)
    looks = field_named(writer, name)["/AP"]
    other = looks.raw_get("/N")
    as_a_viewer("15")(writer, name)
    field_named(writer, name)["/AP"][pdf_name("/R")] = other


def in_a_layer(writer, name):
    as_a_viewer("15", drawing="/OC /MC0 BDC BT /{font} 12 Tf 2 3.5 Td ({text}) Tj ET EMC")(writer, name)


TEXT = "BT /{font} 12 Tf"
TWIN = "SoPhuLuc1"
OTHERWISE = {name: f"Ô “{name}” hiện ra khác với giá trị của ô (15)." for name in (NUMBER, TWIN)}
ATTACKS = {
    "another number in the annex": (
        on(TWIN, as_a_viewer("51")),
        f"Ô “{TWIN}” ở phụ lục ghi “51”, không giống ô “So” (15).",
    ),
    "shows another": (on(TWIN, as_a_viewer("51", value=False)), OTHERWISE[TWIN]),
    "shows another on page 1": (on(NUMBER, as_a_viewer("51", value=False, face="ChuDung")), OTHERWISE[NUMBER]),
    "white": (on(TWIN, as_a_viewer("15", drawing=TEXT + " 1 g 2 3.5 Td ({text}) Tj ET")), OTHERWISE[TWIN]),
    "cut off": (on(TWIN, as_a_viewer("15", drawing="0 0 8 15 re W n " + TEXT + " 2 3.5 Td ({text}) Tj ET")), None),
    "outside": (on(TWIN, as_a_viewer("15", drawing=TEXT + " 25 3.5 Td ({text}) Tj ET")), None),
    "above": (on(TWIN, as_a_viewer("15", drawing=TEXT + " 2 14 Td ({text}) Tj ET")), None),
    "tiny": (on(TWIN, as_a_viewer("15", drawing="BT /{font} 1 Tf 2 3.5 Td ({text}) Tj ET")), None),
    "turned": (on(TWIN, as_a_viewer("15", drawing=TEXT + " 0 1 -1 0 9 3 Tm ({text}) Tj ET")), None),
    "squeezed": (on(TWIN, as_a_viewer("15", drawing=TEXT + " 5 Tz 2 3.5 Td ({text}) Tj ET")), None),
    "unseen mode": (on(TWIN, as_a_viewer("15", drawing=TEXT + " 3 Tr 2 3.5 Td ({text}) Tj ET")), None),
    "a bar over it": (on(TWIN, as_a_viewer("15", drawing=TEXT + " 2 3 Td ({text}) Tj ET 0 0 30 16 re f")), None),
    "over each other": (on(TWIN, as_a_viewer("15", drawing=TEXT + " 2 3 Td (1) Tj (5) Tj ET")), None),
    "pulled together": (on(TWIN, as_a_viewer("15", drawing=TEXT + " 2 3 Td [(1) 500 (5)] TJ ET")), None),
    "in a layer": (on(TWIN, in_a_layer), None),
    "pointed at": (on(TWIN, pointed_at), None),
    "nothing": (on(TWIN, as_a_viewer("15", drawing="")), None),
}


def before_the_seal(change):
    return update(fill_fields(led(), GIVEN), change)


@pytest.mark.parametrize("name", ATTACKS)
def test_a_field_that_shows_something_else_is_refused_and_named(name):
    change, told = ATTACKS[name]
    told = told or OTHERWISE[TWIN]
    given = before_the_seal(change)
    assert told in check(by_poppler(given, SEAL)).reasons
    with_the_seal = sign_outside(fill_fields(led(), GIVEN), field=SEAL, change=change)
    for forged in (seal(given, fill={}), with_the_seal):
        report = judge(forged)
        assert told in report.reasons
        assert not report.unchanged


def test_a_number_that_is_drawn_but_not_given_is_refused():
    forged = seal(update(led(), on(TWIN, as_a_viewer("15", value=False))), fill={})
    told = f"Ô “{TWIN}” hiện ra khác với giá trị của ô ()."
    assert told in judge(forged).reasons
    assert told in check(by_poppler(update(led(), on(TWIN, as_a_viewer("15", value=False))), SEAL)).reasons


def test_a_seal_that_is_drawn_but_not_put_on_is_refused():
    reasons = check(update(fill_fields(led(), GIVEN), on(SEAL, as_a_viewer("15", value=False)))).reasons
    assert f"Ô “{SEAL}” bị vẽ hình khi chưa ký." in reasons


def test_a_number_in_the_annex_alone_is_refused():
    forged = seal(update(led(), on(TWIN, as_a_viewer("15"))), fill={})
    assert f"Ô “{TWIN}” ở phụ lục ghi “15”, không giống ô “So” (còn trống)." in judge(forged).reasons


def test_after_the_seal_no_annex_is_filled_in():
    late = update(by_pyhanko(half_filled(), SEAL), on(TWIN, as_a_viewer("15")))
    assert not judge(late).unchanged


def test_a_stranger_who_moves_the_annexes_field_is_refused():
    def moved(writer):
        field = field_named(writer, TWIN)
        field[pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
        writer.update_container(field)

    assert (
        f"Ô “{TWIN}” đã bị đổi chỗ, đổi kiểu hoặc đổi thuộc tính."
        in check(by_poppler(before_the_seal(moved), SEAL)).reasons
    )


def test_older_papers_without_these_fields_stay_as_they_are():
    plan = FormPlan.of(replace(rendered(), annex_rects=()), numbered=False)
    old = to_pdfa(rendered().bytes, title="T", author="S", created=NOW, form=plan)
    report = judge(seal(sign_pdf(old, signer(), at=NOW, field_name=LEADER)))
    assert (report.valid, report.unchanged) == (True, True)
    assert TWINS_LEFT_BLANK not in report.reasons
    assert len(issued()) > len(old)
