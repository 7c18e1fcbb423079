"""Hostile PDFs: broken, endless, huge, encrypted, and signatures that only look like ones."""

from __future__ import annotations

import io
import random
import tempfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from reports.signing.keys import load_signer
from tests.reports.signing_kit import NOW, RECT, plain_pdf, sign, signed_pdf
from tests.reports.test_verify import PAGES, maze, small_pdf, update

Case = tuple[str, bytes]
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
SIGNED = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[3 0 R]>>>>"


def stream(data: bytes, more: bytes = b"/Filter/FlateDecode") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more, data)


@cache
def bomb(megabytes: int, rounds: int = 1) -> bytes:
    """Zeros packed by deflate, again and again."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()
    for _ in range(rounds - 1):
        packed = zlib.compress(packed, 9)
    return packed


def _page(more: bytes) -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%s>>" % more


def _signature(contents: bytes, more: bytes = b"", byte_range: bytes = b"[0 9 99 9]") -> bytes:
    value = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange%s/Contents<%s>%s>>"
    return small_pdf(SIGNED, PAGES, b"<</FT/Sig/T(ChuKy)/V " + value % (byte_range, contents, more) + b">>")


def loops() -> Iterator[Case]:
    """What leads back to itself."""
    yield "pages that hold themselves", small_pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>")
    yield "pages that hold each other", small_pdf(CATALOG, ONE_PAGE, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")
    yield "a reference to itself", small_pdf(CATALOG, b"2 0 R")
    yield "a ring of references", small_pdf(CATALOG, b"3 0 R", b"4 0 R", b"2 0 R")
    yield "a length that is its own", small_pdf(CATALOG, PAGES, b"<</Length 3 0 R>>\nstream\nx\nendstream")
    fields = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>"
    yield "fields that hold themselves", small_pdf(fields, PAGES, b"<</T(a)/Kids[3 0 R]>>")
    yield "fields that are their parent", small_pdf(fields, PAGES, b"<</T(a)/FT/Sig/Parent 3 0 R/Kids[3 0 R 3 0 R]>>")
    names = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>"
    yield "a name tree that holds itself", small_pdf(names, PAGES, b"<</Kids[3 0 R 3 0 R 3 0 R]>>")
    ways = (b"<</Kids[%d 0 R %d 0 R]>>" % (number, number) for number in range(4, 64))
    yield "a name tree of many ways", small_pdf(names, PAGES, *ways, b"<</Names[(a.json) 2 0 R]>>")
    outlines = b"<</Type/Catalog/Pages 2 0 R/Outlines 3 0 R>>"
    yield "an outline without end", small_pdf(outlines, PAGES, b"<</First 4 0 R/Last 4 0 R>>", b"<</Next 4 0 R>>")
    yield "a table that precedes itself", small_pdf(CATALOG, PAGES).replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev 9")
    own = small_pdf(CATALOG, PAGES)
    at = own.rindex(b"xref\n0")
    yield "a table whose Prev is itself", own.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % at)
    yield "a hybrid table that is itself", own.replace(b"/Root 1 0 R", b"/Root 1 0 R/XRefStm %d" % at)
    yield "a maze after a signature", maze(signed_pdf())
    many = b"<</Type/Pages/Kids[%s]/Count 40000>>" % (b"3 0 R " * 40_000)
    yield "one page forty thousand times", small_pdf(CATALOG, many, _page(b""))
    doubled = (b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 2>>" % (number, number) for number in range(3, 40))
    yield "a page tree that doubles", small_pdf(CATALOG, *doubled, _page(b""))


def depths() -> Iterator[Case]:
    """What is nested, or declared to be, beyond reason."""
    for name, start, end in (("arrays", b"[", b"]"), ("dictionaries", b"<</A", b">>")):
        for depth in (500, 50_000, 1_000_000):
            nested = b"<</Type/Catalog/Pages 2 0 R/X " + start * depth + end * depth + b">>"
            yield f"{depth} {name} deep", small_pdf(nested, PAGES)
    yield (
        "strings nested",
        small_pdf(b"<</Type/Catalog/Pages 2 0 R/X " + b"(" * 200_000 + b")" * 200_000 + b">>", PAGES),
    )
    for size in (1_000_000, 2**31 - 1, 2**63, -1):
        yield f"a table of {size}", small_pdf(CATALOG, PAGES, size=size)
    plain = small_pdf(CATALOG, PAGES)
    yield "a section of a million that is not there", plain.replace(b"xref\n0 3", b"xref\n0 1000000")
    rows = b"%010d 00000 n \n" % 9 * 300_000
    yield "a section of 300,000", plain.replace(b"xref\n0 3\n", b"xref\n0 300003\n" + rows)
    yield "a number of a million digits", small_pdf(b"<</Type/Catalog/Pages 2 0 R/X " + b"9" * 1_000_000 + b">>", PAGES)
    yield "a name of a million letters", small_pdf(b"<</Type/Catalog/Pages 2 0 R/" + b"A" * 1_000_000 + b" 1>>", PAGES)
    yield (
        "a thousand updates",
        plain
        + b"".join(
            b"xref\n0 0\ntrailer\n<</Size 3/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
            % (plain.rindex(b"xref\n0"), len(plain))
            for _ in range(1000)
        ),
    )
    yield (
        "100,000 annotations",
        small_pdf(CATALOG, ONE_PAGE, _page(b"/Annots[" + b"<</Subtype/Text>>" * 100_000 + b"]")),
    )
    yield (
        "200 signatures",
        small_pdf(
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]>>>>" % b"".join(b"%d 0 R " % n for n in range(3, 203)),
            PAGES,
            *(b"<</FT/Sig/T(a%d)/V<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>>>" % n for n in range(200)),
        ),
    )


def bombs() -> Iterator[Case]:
    """What unfolds."""
    for name, key in (("content", b"/Contents 4 0 R"), ("resources", b"/Resources 4 0 R")):
        yield f"{name} of 1 GB", small_pdf(CATALOG, ONE_PAGE, _page(key), stream(bomb(1024)))
    attached = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(manifest.json) 3 0 R]>>>>>>"
    spec = b"<</Type/Filespec/UF(manifest.json)/EF<</F 4 0 R>>>>"
    yield "a manifest of 1 GB", small_pdf(attached, PAGES, spec, stream(bomb(1024)))
    twice = b"/Filter[/FlateDecode/FlateDecode]"
    yield "a manifest packed twice", small_pdf(attached, PAGES, spec, stream(bomb(4096, 2), twice))
    chain = b"/Filter[" + b"/FlateDecode" * 400 + b"]"
    yield "a chain of 400 filters", small_pdf(attached, PAGES, spec, stream(zlib.compress(b"{}"), chain))
    for columns in (2**31, 10**9, 0, -5):
        predicted = (
            b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns %d/Colors 32/BitsPerComponent 16>>" % columns
        )
        yield (
            f"a predictor of {columns} columns",
            small_pdf(attached, PAGES, spec, stream(zlib.compress(b"\2abc"), predicted)),
        )
    deep = b"[" * 2_000_000
    yield "a manifest nested two million times", small_pdf(attached, PAGES, spec, stream(zlib.compress(deep)))
    yield "a manifest of one huge number", small_pdf(attached, PAGES, spec, stream(zlib.compress(b"9" * 5_000_000)))
    for name, kind in (
        ("an object stream of 2 GB", b"/Type/ObjStm/N 100000/First 10"),
        ("a table stream of 2 GB", b"/Type/XRef/Size 9/W[1 4 2]/Root 1 0 R"),
    ):
        body = b"%PDF-1.7\n1 0 obj\n" + CATALOG + b"\nendobj\n2 0 obj\n" + PAGES + b"\nendobj\n"
        packed = stream(bomb(2048), b"/Filter/FlateDecode" + kind)
        yield name, body + b"3 0 obj\n" + packed + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    inner = stream(zlib.compress(b"4 0 " + b"<<>>"), b"/Filter/FlateDecode/Type/ObjStm/N 1/First 4")
    yield "an object stream within itself", small_pdf(CATALOG, b"<</Type/Pages/Kids[4 0 R]/Count 1>>", inner)
    xmp = (
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
        + b"]><a>&j;</a>"
    )
    yield "entities in the metadata", _with_metadata(xmp)
    outside = b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"
    yield "a file in the metadata", _with_metadata(outside)


def _with_metadata(xmp: bytes) -> bytes:
    def change(writer: object) -> None:
        kind = {pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")}
        packet = generic.StreamObject(kind, xmp)
        writer.root[pdf_name("/Metadata")] = writer.add_object(packet)  # type: ignore[attr-defined]
        writer.update_root()  # type: ignore[attr-defined]

    return update(signed_pdf(), change)


def signatures(port: int) -> Iterator[Case]:
    """Containers that are none, and certificates that would have us call somewhere."""
    for name, contents in (
        ("nothing", b""),
        ("zeros", b"00" * 4000),
        ("a length of four GB", b"3084FFFFFFFF"),
        ("a length of 126 bytes", b"30FE" + b"FF" * 126),
        ("an open length without end", b"3080" * 20_000),
        ("sequences 100,000 deep", b"30820FFF" * 100_000),
        ("a huge integer", b"0282FFFF" + b"7F" * 65_535),
        ("noise", bytes(random.Random(1).randrange(256) for _ in range(4000)).hex().encode()),
    ):
        yield f"a signature of {name}", _signature(contents)
    for name, span in (
        ("negative", b"[0 9 -5 9]"),
        ("endless", b"[0 99999999999999999999 1 1]"),
        ("of three", b"[0 1 2]"),
        ("of words", b"[/A /B /C /D]"),
        ("of 100,000", b"[" + b"0 1 " * 50_000 + b"]"),
        ("overlapping", b"[0 500 100 500]"),
    ):
        yield f"a byte range {name}", _signature(b"3000", byte_range=span)
    yield "a lock without end", _signature(b"3000", b"/Reference[" + b"<</TransformMethod/FieldMDP>>" * 20_000 + b"]")
    yield "certificates that would have us call", sign(plain_pdf(), signer=_calling_signer(port))


def _calling_signer(port: int) -> object:
    """A key whose certificate names addresses at this machine for everything that could be fetched."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    where = x509.UniformResourceIdentifier(f"http://127.0.0.1:{port}/")
    access = [
        x509.AccessDescription(oid, where)
        for oid in (AuthorityInformationAccessOID.CA_ISSUERS, AuthorityInformationAccessOID.OCSP)
    ]
    points = [x509.DistributionPoint([where], None, None, None)]
    name, issuer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("Sở Nội vụ", "Không có"))
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW.replace(year=2020))
        .not_valid_after(NOW.replace(year=2040))
        .add_extension(x509.AuthorityInformationAccess(access), critical=False)
        .add_extension(x509.CRLDistributionPoints(points), critical=False)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.p12"
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(b"a", key, certificate, None, BestAvailableEncryption(b"a"))
        )
        return load_signer(path, "a", now=NOW)


def broken(chance: random.Random) -> Iterator[Case]:
    """A good file, torn, scrambled, mixed up with others."""
    good = signed_pdf()
    for part in range(1, 16):
        yield f"torn at {part}/16", good[: len(good) * part // 16]
    for number in range(18):
        data = bytearray(good)
        for _ in range(1 + number * 4):
            at = chance.randrange(len(data))
            data[at : at + 40] = chance.randbytes(40)
        yield f"scrambled {number}", bytes(data)
    for number in range(6):
        parts = [good[at : at + 5000] for at in range(0, len(good), 5000)]
        chance.shuffle(parts)
        yield f"shuffled {number}", b"%PDF-1.7\n" + b"".join(parts)
    for password in ("", "a"):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(plain_pdf())) as pdf:
            pdf.save(out, encryption=pikepdf.Encryption(owner="b", user=password))
        yield f"encrypted with «{password}»", out.getvalue()
    yield "nothing at all", b""
    yield "a header alone", b"%PDF-1.7\n"
    yield "an end alone", b"%PDF-1.7\nstartxref\n0\n%%EOF\n"
    yield "a PDF that is a page of HTML", b"<html><script>1</script></html><!--%PDF-1.7-->"
    yield "a PDF behind a kilobyte of zeros", bytes(1020) + good
    yield "a PDF that begins as a zip", b"PK\3\4" + good
    yield "eight million spaces", b"%PDF-1.7\n" + b" " * 8_000_000 + b"startxref\n9\n%%EOF"
    yield "a million percent signs", b"%PDF-1.7\n" + b"%" * 1_000_000
    yield "two hundred thousand objects without a table", b"%PDF-1.7\n" + b"1 0 obj\n<<>>\nendobj\n" * 200_000
    yield (
        "a page of three miles",
        small_pdf(CATALOG, ONE_PAGE, _page(b"/UserUnit 1e300/CropBox[-1e38 -1e38 1e38 1e38]")),
    )
    actions = b"/OpenAction<</S/Launch/F(cmd.exe)>>/AA<</WC<</S/JavaScript/JS(while(1);)>>>>"
    yield "an action for everything", small_pdf(b"<</Type/Catalog/Pages 2 0 R" + actions + b">>", PAGES)
    yield "a rectangle that is none", sign(plain_pdf(), rect=(*RECT[:2], RECT[2], RECT[3]))[:-3]


def pdfs(chance: random.Random, port: int) -> Iterator[Case]:
    """All of them; ``port`` is one that must never be called."""
    for family in (loops(), depths(), bombs(), signatures(port), broken(chance)):
        yield from family
