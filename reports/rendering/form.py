"""The fields that an issued PDF has from the first: number, day and month, and the two signatures.

Number and date come after the leader's signature (NĐ 30/2020/NĐ-CP, Điều 15–16), and a signed file takes nothing
new: so every field is made before the first signature, and later hands only fill in what is there. The file stays
PDF/A-3b: each field has an appearance, and the fields' fonts are those embedded for the page's own text.

Each annex says once more what it belongs to, "(Kèm theo Thông báo số … ngày … tháng …)". Its blanks are fields of
their own (``SoPhuLuc1``), not further widgets of the one on page 1: pyHanko's rules on what may follow a signature
know fields but not their widgets, and would call every paper that got its number later altered.

The text that is filled in is figures only. It is drawn in the simplest way a viewer knows, so that what a field
shows can be read back and held against its value (``reports/verifying/appearance.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from reports.rendering import fonts, layout
from reports.rendering.pdf import RenderedPdf
from reports.rendering.pdf_parts import Rect

LEADER, SEAL = "ChuKy", "ConDau"
NUMBER, DAY, MONTH = "So", "Ngay", "Thang"
TEXT_FIELDS = (NUMBER, DAY, MONTH)
_TWIN = re.compile(rf"({'|'.join(TEXT_FIELDS)})PhuLuc(\d{{1,3}})", re.ASCII)

_LABELS = {
    NUMBER: "Số văn bản",
    DAY: "Ngày ban hành",
    MONTH: "Tháng ban hành",
    LEADER: "Chữ ký của người có thẩm quyền",
    SEAL: "Chữ ký số của cơ quan ban hành",
}
_LONGEST = {NUMBER: 5, DAY: 2, MONTH: 2}
_PRINTED, _PRINTED_AND_LOCKED = 4, 4 + 128
_CENTRED, _RIGHT = 1, 2  # a number stands close to the symbol after it: "05/TB-ĐKT" has no blank (NĐ 30/2020)
# A mark's box is 1.15 times as high as its type, which stands a quarter of its size above the lower edge.
_BOX, _BASE = 1.15, 0.25


@dataclass(frozen=True)
class FormPlan:
    """Where the fields go, by name; text fields only where something is left to fill in."""

    places: Mapping[str, Rect]

    @classmethod
    def of(cls, rendered: RenderedPdf, *, numbered: bool) -> FormPlan:
        """The fields of a drawn paper; ``numbered`` if number and date are printed already."""
        blanks = {NUMBER: rendered.number_rect, DAY: rendered.day_rect, MONTH: rendered.month_rect}
        places = {} if numbered else {name: rect for name, rect in blanks.items() if rect is not None}
        for position, annex in enumerate(() if numbered else rendered.annex_rects, start=1):
            for name, rect in zip(TEXT_FIELDS, annex, strict=False):
                # Minutes whose day is not known have no date on page 1: what is said first is no twin of anything.
                places[f"{name}PhuLuc{position}" if name in places else name] = rect
        return cls({**places, LEADER: rendered.signature_rect, SEAL: rendered.seal_rect})

    @property
    def blanks(self) -> list[str]:
        """The names of the text fields."""
        return [name for name in self.places if is_figure(name)]


def is_figure(name: str) -> bool:
    """Whether a field of that name takes number, day or month, on page 1 or in an annex."""
    return name in TEXT_FIELDS or bool(twin_of(name))


def twin_of(name: str) -> str:
    """The field whose value a field in an annex repeats; empty for any other field."""
    found = _TWIN.fullmatch(name)
    return found[1] if found else ""


def add_form(document: pikepdf.Pdf, plan: FormPlan) -> None:
    """Put the fields into an unsigned file.

    Raises:
        ValueError: the page does not use the fonts that the fields need.
    """
    fields = [_field(document, name, rect, plan) for name, rect in plan.places.items()]
    form = Dictionary(Fields=Array(fields))
    if plan.blanks:
        form.DR = Dictionary(Font=_fonts(document, plan))
    document.Root.AcroForm = document.make_indirect(form)


def _field(document: pikepdf.Pdf, name: str, rect: Rect, plan: FormPlan) -> Any:
    page = document.pages[rect.page]
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        T=String(name),
        TU=String(_label(name)),
        P=page.obj,
        Rect=Array([rect.x1, rect.y1, rect.x2, rect.y2]),
        AP=Dictionary(N=_nothing(document, rect)),
    )
    if is_figure(name):
        face = _font_name(name)
        size = round((rect.y2 - rect.y1) / _BOX, 2)
        what = twin_of(name) or name
        side = _RIGHT if what == NUMBER else _CENTRED
        field.update(Dictionary(FT=Name.Tx, F=_PRINTED, MaxLen=_LONGEST[what], Q=side))
        field.DA = String(f"{face} {size:g} Tf 0 g")
    else:
        field.update(Dictionary(FT=Name.Sig, F=_PRINTED_AND_LOCKED))
        if name == SEAL and plan.blanks:
            # The seal closes number and date (ISO 32000-1, 12.7.4.5).
            names = Array([String(blank) for blank in plan.blanks])
            field.Lock = document.make_indirect(Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=names))
    made = document.make_indirect(field)
    page.obj.Annots = Array([*page.obj.get(Name.Annots, Array()), made])
    return made


def _label(name: str) -> str:
    twin = _TWIN.fullmatch(name)
    return f"{_LABELS[twin[1]]} (phụ lục {twin[2]})" if twin else _LABELS[name]


def _nothing(document: pikepdf.Pdf, rect: Rect) -> Any:
    """An appearance that draws nothing: PDF/A wants one of every field."""
    box = Array([0, 0, round(rect.x2 - rect.x1, 2), round(rect.y2 - rect.y1, 2)])
    stream = document.make_stream(b"/Tx BMC EMC")
    stream.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=Dictionary()))
    return stream


def _font_name(field: str) -> str:
    return "/ChuDung" if field == NUMBER else "/ChuNghieng"


def _fonts(document: pikepdf.Pdf, plan: FormPlan) -> Any:
    """The pages' own faces, upright for the number and italic for the rest; their codes of figures are ASCII."""
    pages = sorted({plan.places[name].page for name in plan.blanks})
    used = {str(font.BaseFont): font for page in pages for font in document.pages[page].obj.Resources.Font.values()}
    # Of the parts that a face is embedded in, the first has the figures.
    named = {name.rpartition("+")[2]: used[name] for name in sorted(used, reverse=True)}
    wanted = {"/ChuDung": fonts.REGULAR, "/ChuNghieng": fonts.ITALIC}
    found = {key: font for key, face in wanted.items() for name, font in named.items() if _is_face(name, face)}
    if "/ChuDung" not in found:
        raise ValueError("page 1 has no text in the fields' face")
    return Dictionary(found)


def _is_face(base_font: str, face: str) -> bool:
    return fonts.postscript_name(face) == base_font


def figures(number: int | None, day: date | None) -> dict[str, str]:
    """What the text fields of page 1 get: number and day with a leading zero as NĐ 30/2020, Phụ lục I has them."""
    if number is None or day is None:
        return {}
    in_month, month = layout.day_and_month(day)
    return {NUMBER: f"{number:02d}", DAY: in_month, MONTH: month}


def fill_in(writer: IncrementalPdfFileWriter, values: Mapping[str, str]) -> None:
    """Give text fields their values and appearances, as a part of the writer's update.

    Their twins in annexes get the same, those too whose field on page 1 another tool has filled in before.

    Raises:
        KeyError: there is no such field.
    """
    fields = dict(fields_of(writer.root))
    known = {name: value_of(field) for name, field in fields.items() if value_of(field).isdecimal()} | dict(values)
    empty = [name for name, field in fields.items() if twin_of(name) in known and not value_of(field)]
    for name, text in {**values, **{name: known[twin_of(name)] for name in empty}}.items():
        field = fields[name]
        appearance = writer.add_object(_appearance(writer, name, field, text))
        field[pdf_name("/V")] = generic.pdf_string(text)
        field[pdf_name("/AP")] = _dictionary(N=appearance)
        writer.update_container(field)


def _appearance(writer: IncrementalPdfFileWriter, name: str, field: Any, text: str) -> Any:
    x1, y1, x2, y2 = (float(number) for number in field["/Rect"])
    width, height = abs(x2 - x1), abs(y2 - y1)
    face = fonts.REGULAR if name == NUMBER else fonts.ITALIC
    size = height / _BOX
    size *= min(1.0, width / fonts.text_width(text, face, size))
    x = (width - fonts.text_width(text, face, size)) / (1 if field.get("/Q") == _RIGHT else 2)
    font = _font_name(name)
    drawn = f"/Tx BMC q BT {font} {size:.2f} Tf 0 g {x:.2f} {_BASE * height / _BOX:.2f} Td ({text}) Tj ET Q EMC"
    reference = writer.root["/AcroForm"]["/DR"]["/Font"].raw_get(font)
    resources = _dictionary(Font=_dictionary(**{font[1:]: reference}))
    corners = (f"{number:.2f}" for number in (0, 0, width, height))
    box = generic.ArrayObject(generic.FloatObject(corner) for corner in corners)  # type: ignore[no-untyped-call]
    return generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): box,
            pdf_name("/Resources"): resources,
        },
        stream_data=drawn.encode("ascii"),
    )


def _dictionary(**entries: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject(  # type: ignore[no-untyped-call]
        {pdf_name(f"/{key}"): value for key, value in entries.items()}
    )


def fields_of(root: Any) -> Iterator[tuple[str, Any]]:
    """The topmost fields of a file by name, as dictionaries."""
    fields = root["/AcroForm"]["/Fields"] if "/AcroForm" in root and "/Fields" in root["/AcroForm"] else ()
    for position in range(len(fields)):
        field = fields[position]
        if "/T" in field:
            yield str(field["/T"]), field


def value_of(field: Any) -> str:
    """What a text field holds; empty where nothing was filled in."""
    return str(field["/V"]).strip() if "/V" in field else ""
