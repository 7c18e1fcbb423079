"""What forgers do to a signed and sealed paper: every named attack, and single bits at chance places.

None may be called valid and unchanged. ``python -m tests.faults.tampering`` flips 2,000 bits (``FLIPS``, ``SEED``),
half of them over a file with time stamps and one for the archive, and writes the figures to build/tampering.json; the
sample runs with the tests.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from app.verification.telling import tell
from reports.rendering.form import LEADER, SEAL
from reports.rendering.form import figures as number_and_day
from reports.signing.archive import archive
from reports.signing.raising import with_own_time_stamp
from reports.signing.sign import fill_fields, sign_pdf
from reports.verifying.verdict import Report
from reports.verifying.verify import verify_pdf
from tests.reports import test_twins as twins
from tests.reports import test_verify as simple
from tests.reports.pki import pki
from tests.reports.signing_kit import NOW, roots
from tests.reports.test_form import BODY, DAY_OF_ISSUE, issued, led, sealed
from tests.reports.test_levels import fetch, service

FIGURES = Path(__file__).resolve().parents[2] / "build" / "tampering.json"
Writer = Any
Attack = Callable[[bytes], bytes]


def judged(data: bytes, trusted: Sequence[x509.Certificate] = ()) -> Report:
    return verify_pdf(data, roots=trusted or roots(), at=NOW)


@cache
def victim() -> bytes:
    """Signed by the leader, numbered and sealed in one update."""
    return sealed()


@cache
def archived() -> tuple[bytes, bytes]:
    """The same paper with time stamps of a service, the leader's put in later, and then fit for the archive."""
    pki().reset()
    by_leader = sign_pdf(issued(), pki().signer("leader"), at=NOW, field_name=LEADER)
    raised = with_own_time_stamp(by_leader, LEADER, service())
    facts = {"seal": True, "fill": number_and_day(5, DAY_OF_ISSUE), "service": service()}
    stamped = sign_pdf(raised, pki().signer("seal"), at=NOW, field_name=SEAL, **facts)
    return stamped, archive(stamped, roots=pki().roots, at=NOW, service=service(), fetch=fetch)


def updating(change: Callable[[Writer], None]) -> Attack:
    """The change in an update of its own, written leniently as a forger would."""

    def attack(data: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return attack


def _page(writer: Writer) -> Any:
    return simple.page_of(writer)


def _field(writer: Writer, name: str) -> Any:
    return next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/T"] == name)


def number_changed(writer: Writer) -> None:
    field = _field(writer, "So")
    field[pdf_name("/V")] = pdf_string("99")
    writer.update_container(field)


def number_looks_changed(writer: Writer) -> None:
    """The value stays, what is shown does not."""
    field = _field(writer, "So")
    shown = generic.StreamObject(stream_data=b"BT /F 12 Tf (99) Tj ET")
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(shown)})
    writer.update_container(field)


def stamp_redrawn(writer: Writer) -> None:
    """Another picture in the leader's signature."""
    field = _field(writer, "ChuKy")
    shown = generic.StreamObject(stream_data=b"0 0 1 rg 0 0 90 60 re f")
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(shown)})
    writer.update_container(field)


def second_field_of_a_name(writer: Writer) -> None:
    """Another field with the seal's name that holds the seal's signature."""
    old = _field(writer, SEAL)
    twin = generic.DictionaryObject({key: old.raw_get(key) for key in old})
    writer.root["/AcroForm"]["/Fields"].append(writer.add_object(twin))
    writer.update_container(writer.root["/AcroForm"])


def signature_rewritten(writer: Writer) -> None:
    """The signature's own dictionary anew, byte range and contents as they were, and something over the page."""
    writer.update_container(_field(writer, SEAL)["/V"])
    simple.overlay(writer)


def other_page_tree(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject({key: _page(writer).raw_get(key) for key in _page(writer)})
    page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f"))
    kids = generic.ArrayObject([writer.add_object(page), *list(pages["/Kids"])[1:]])
    tree = {pdf_name("/Type"): pdf_name("/Pages"), pdf_name("/Kids"): kids, pdf_name("/Count"): pages["/Count"]}
    writer.root[pdf_name("/Pages")] = writer.add_object(generic.DictionaryObject(tree))
    writer.update_root()


def font_swapped(writer: Writer) -> None:
    """The page's font shows other letters for the same codes."""
    fonts = _page(writer)["/Resources"]["/Font"]
    for name in list(fonts):
        font = fonts[name]
        font[pdf_name("/Encoding")] = generic.DictionaryObject(
            {pdf_name("/Differences"): generic.ArrayObject([generic.NumberObject(48), pdf_name("/nine")])}
        )
        writer.update_container(font)


def stream_replaced(writer: Writer) -> None:
    """Shadow content: an object that the page has always pointed to says something else."""
    reference = _page(writer).raw_get("/Contents")
    target = reference if isinstance(reference, generic.IndirectObject) else reference.raw_get(0)
    new = generic.StreamObject(stream_data=b"BT /F1 14 Tf 100 700 Td (30/30) Tj ET")
    writer.objects[(target.generation, target.idnum)] = new


def layer_hidden(writer: Writer) -> None:
    """Shadow content: what was shown is in a layer that is off."""
    group = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): pdf_string("a")})
    reference = writer.add_object(group)
    setting = generic.DictionaryObject({pdf_name("/OFF"): generic.ArrayObject([reference])})
    writer.root[pdf_name("/OCProperties")] = generic.DictionaryObject(
        {pdf_name("/OCGs"): generic.ArrayObject([reference]), pdf_name("/D"): setting}
    )
    writer.update_root()


def permissions_dropped(writer: Writer) -> None:
    del writer.root["/Perms"]
    writer.update_root()


def fields_emptied(writer: Writer) -> None:
    """The form without its fields: a viewer then shows no signature at all."""
    writer.root["/AcroForm"][pdf_name("/Fields")] = generic.ArrayObject()
    writer.update_container(writer.root["/AcroForm"])


def in_the_update_of_the_seal(change: Callable[[Writer], None]) -> Attack:
    """The change together with a seal that is put on properly."""
    return lambda _data: simple.sign_outside(led(), field=SEAL, change=change)


def in_the_update_of_number_and_seal(change: Callable[[Writer], None]) -> Attack:
    """Likewise, over number and date that were filled in before."""
    return lambda _data: simple.sign_outside(fill_fields(led(), twins.GIVEN), field=SEAL, change=change)


def _last_table(data: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


def _size(data: bytes) -> int:
    return int(PdfFileReader(io.BytesIO(data), strict=False).trailer["/Size"])


def _root(data: bytes) -> bytes:
    found = PdfFileReader(io.BytesIO(data), strict=False).trailer.raw_get("/Root")
    return b"%d %d R" % (found.idnum, found.generation)


def _appended(data: bytes, numbered: dict[int, bytes], *, previous: int | None = None, more: bytes = b"") -> bytes:
    """An update written by hand: objects, their table, a trailer that leads wherever the forger likes."""
    body, table = data if data.endswith(b"\n") else data + b"\n", b""
    for number, content in sorted(numbered.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    trailer = b"<</Size %d/Root %s/Prev %d%s>>" % (
        max(_size(data), *(number + 1 for number in numbered), 0),
        _root(data),
        _last_table(data) if previous is None else previous,
        more,
    )
    return body + b"xref\n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (table, trailer, len(body))


def _content_number(data: bytes) -> int:
    page = PdfFileReader(io.BytesIO(data), strict=False).root["/Pages"]["/Kids"][0]
    reference = page.raw_get("/Contents")
    return int((reference if isinstance(reference, generic.IndirectObject) else reference.raw_get(0)).idnum)


def older_table(data: bytes) -> bytes:
    """A table that leads past the seal's update back to the leader's."""
    earlier = int(re.findall(rb"startxref\s+(\d+)", data)[-2])
    return _appended(data, {_size(data): b"null"}, previous=earlier)


def older_table_with_answers(data: bytes) -> bytes:
    """Likewise, and the update brings a certificate for long-term validation, as nobody would mind."""
    tables = [int(found) for found in re.findall(rb"startxref\s+(\d+)", data)]
    with pikepdf.open(io.BytesIO(data[: data.index(b"%%EOF", tables[-2]) + 6])) as leaders:
        catalog = leaders.Root.unparse(resolved=True).strip()
    number, [root] = _size(data), roots()
    certificate = root.public_bytes(Encoding.DER)
    store = b"/DSS<</Type/DSS/Certs[%d 0 R]>>>>" % number
    stream = b"<</Length %d>>\nstream\n%s\nendstream" % (len(certificate), certificate)
    objects = {int(_root(data).split()[0]): catalog[:-2] + store, number: stream}
    return _appended(data, objects, previous=tables[-2])


def two_tables(data: bytes) -> bytes:
    """A hybrid table: old readers see one object, new ones another."""
    return _appended(data, {_size(data): b"null"}, more=b"/XRefStm 17")


def hide_and_replace(data: bytes) -> bytes:
    """The table alone is new: it leads to bytes that were always there."""
    number, elsewhere = _content_number(data), data.index(b" obj") - 1
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, elsewhere)
    trailer = b"trailer\n<</Size %d/Root %s/Prev %d>>\n" % (_size(data), _root(data), _last_table(data))
    return data + b"\n" + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(data) + 1)


def content_by_hand(data: bytes) -> bytes:
    return _appended(data, {_content_number(data): b"<</Length 21>>\nstream\n0 0 1 rg 0 0 9 9 re f\nendstream"})


def junk_behind(data: bytes) -> bytes:
    return data + b"\n% " + bytes(range(33, 126)) * 9


def junk_before(data: bytes) -> bytes:
    return b"% truoc\n" + data


def second_file_behind(data: bytes) -> bytes:
    """Another whole PDF after the signed one."""
    return data + simple.small_pdf(b"<</Type/Catalog/Pages 2 0 R>>", simple.PAGES)


def _ranges(data: bytes) -> list[re.Match[bytes]]:
    return list(re.finditer(rb"/ByteRange\s*\[([\d\s]+)\]", data))


def _container(match: re.Match[bytes]) -> tuple[int, int]:
    """Where a signature itself stands, which no hash covers: every fourth bit is flipped there."""
    _start, first, second, _last = (int(one) for one in match.group(1).split())
    return first, second


def _with_range(data: bytes, numbers: list[int]) -> bytes:
    match = _ranges(data)[-1]
    text = (b"/ByteRange [" + b" ".join(b"%d" % one for one in numbers) + b"]").ljust(len(match.group()))
    return data[: match.start()] + text + data[match.end() :]


def _numbers(data: bytes) -> list[int]:
    return [int(one) for one in _ranges(data)[-1].group(1).split()]


def wider_gap(data: bytes) -> bytes:
    """Signature wrapping: the gap swallows what stands behind the signature."""
    first = _numbers(data)
    return _with_range(data, [first[0], first[1], first[2] + 200, first[3] - 200])


def moved_second_part(data: bytes) -> bytes:
    """Signature wrapping: the signed end is copied behind, what is forged stands before it."""
    start, first, second, last = _numbers(data)
    forged = data + b"\n" + data[second : second + last]
    return _with_range(forged, [start, first, len(data) + 1, last])


def half_range(data: bytes) -> bytes:
    return _with_range(data, [0, _numbers(data)[1]])


def range_from_elsewhere(data: bytes) -> bytes:
    start, first, second, last = _numbers(data)
    return _with_range(data, [start, first, second, last - 10]) + data[-10:]


def no_range(data: bytes) -> bytes:
    match = _ranges(data)[-1]
    return data[: match.start()] + b"/ByteRangX" + data[match.start() + 10 :]


def empty_contents(data: bytes) -> bytes:
    """Universal forgery: a signature without its contents."""
    at = _numbers(data)[1]
    return data[:at] + b"<00" + data[at + 3 :]


def saved_anew(data: bytes) -> bytes:
    """The history flattened, as an editor does on “save”."""
    return simple.rewrite(data, lambda _pdf: None)


def signed_by_a_namesake() -> bytes:
    """The whole paper made anew with a key whose certificate bears the same names."""
    forged = sign_pdf(issued(), simple.other_signer(), at=NOW, field_name=LEADER, name="Nguyễn Văn Ánh")
    filled = number_and_day(5, DAY_OF_ISSUE)
    return sign_pdf(forged, simple.other_signer(), at=NOW, field_name=SEAL, organisation=BODY, seal=True, fill=filled)


def saved_linear(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, linearize=True)
    return out.getvalue()


def page_text_changed(data: bytes) -> bytes:
    """One byte of what page 1 says."""
    at = data.index(b"stream", data.index(b"/Contents")) + 40
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


BY_UPDATE = (
    simple.retitled, simple.overlay, simple.annotation, simple.replaced_attachment, simple.open_action, simple.renamed,
    number_changed, number_looks_changed, stamp_redrawn, second_field_of_a_name, signature_rewritten, other_page_tree,
    font_swapped, stream_replaced, layer_hidden, permissions_dropped, fields_emptied,
)  # fmt: skip
BY_HAND = (
    older_table, older_table_with_answers, two_tables, hide_and_replace, content_by_hand, junk_behind, junk_before,
    second_file_behind, wider_gap, moved_second_part, half_range, range_from_elsewhere, no_range, empty_contents,
    saved_anew, saved_linear, page_text_changed,
)  # fmt: skip
WITH_THE_SEAL = (
    simple.overlay, simple.annotation, simple.replaced_attachment, simple.open_action, simple.retitled, font_swapped,
    stream_replaced, layer_hidden, stamp_redrawn, other_page_tree,
)  # fmt: skip
BY_A_FIELD = (
    "another number in the annex", "shows another", "shows another on page 1", "white", "cut off", "pointed at",
)  # fmt: skip
ATTACKS: dict[str, Attack] = {
    **{one.__name__: updating(one) for one in BY_UPDATE},
    **{one.__name__: one for one in BY_HAND},
    **{f"{one.__name__} with the seal": in_the_update_of_the_seal(one) for one in WITH_THE_SEAL},
    **{f"a field: {name}": in_the_update_of_number_and_seal(twins.ATTACKS[name][0]) for name in BY_A_FIELD},
}


def faults_of(report: Report) -> list[str]:
    """What is wrong with a verdict on a forged file."""
    told = tell(report, None)
    found = []
    if report.exit_code == 0 or (report.valid and report.unchanged):
        found.append("called valid and unchanged")
    if told.tone == "good":
        found.append(f"told as good: {told.headline}")
    if not any(reason.endswith(".") for reason in report.reasons):
        found.append("no sentence says what happened")
    return found


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def flips(
    count: int,
    seed: int,
    workers: int = 2,
    *,
    of: bytes | None = None,
    trusted: Sequence[x509.Certificate] = (),
) -> tuple[list[str], float]:
    """Faults of so many flipped bits, and the seconds it took; each fault names the bit that repeats it."""
    data, chance = of or victim(), random.Random(seed)
    spans = [(0, len(data))] * (3 * len(_ranges(data))) + [_container(match) for match in _ranges(data)]
    bits = [chance.randrange(8 * first, 8 * last) for first, last in (spans[n % len(spans)] for n in range(count))]
    started = time.monotonic()

    def trial(bit: int) -> list[str]:
        return [f"bit {bit} of seed {seed}: {fault}" for fault in faults_of(judged(flipped(data, bit), trusted))]

    with ThreadPoolExecutor(workers) as pool:
        found = [fault for faults in pool.map(trial, bits) for fault in faults]
    return found, time.monotonic() - started


def main() -> int:
    """The long run."""
    count, seed = int(os.environ.get("FLIPS", "2000")), int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"tampering: {count} flipped bits, SEED={seed}, and {len(ATTACKS)} named attacks")
    named = {name: judged(attack(victim())) for name, attack in ATTACKS.items()}
    faults = [f"{name}: {fault}" for name, report in named.items() for fault in faults_of(report)]
    found, seconds = flips(count - count // 2, seed)
    for level, data in zip(("B-T", "B-LTA"), archived(), strict=True):
        assert (judged(data, pki().roots).exit_code, judged(data, pki().roots).level) == (0, level)
        more, took = flips(count // 4, seed, of=data, trusted=pki().roots)
        found, seconds = [*found, *(f"{level}, {fault}" for fault in more)], seconds + took
    figures = {
        "seed": seed,
        "flips": count,
        "bytes": len(victim()),
        "seconds": round(seconds, 1),
        "faults": faults + found,
        "attacks": {name: report.reasons[:2] for name, report in named.items()},
    }
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"  {seconds:.0f} s, {len(faults + found)} faults; see {FIGURES}")
    for fault in faults + found:
        print(f"  {fault}")
    return 1 if faults or found else 0


if __name__ == "__main__":
    sys.exit(main())
