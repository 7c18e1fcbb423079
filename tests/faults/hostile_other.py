"""Hostile pictures, and hostile zips of XML as DOCX and XLSX are."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image

Case = tuple[str, bytes]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes = b"", more: bytes = b"", depth: int = 8, colour: int = 2) -> bytes:
    """A PNG that declares a size, whatever it holds."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = _chunk(b"IHDR", head) + more + _chunk(b"IDAT", data or zlib.compress(b"\0")) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _saved(kind: str, size: tuple[int, int] = (64, 64), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 10, 10)).save(out, kind, **more)  # type: ignore[arg-type]
    return out.getvalue()


def pictures(chance: random.Random) -> Iterator[Case]:
    """Declared sizes, torn data, text that unfolds, other formats under a good name."""
    for width, height in ((60_000, 60_000), (2**31 - 1, 1), (1, 2**31 - 1), (0, 0), (20_000, 9_000), (7_000, 4_200)):
        yield f"a PNG of {width}x{height}", png(width, height)
    jpeg = _saved("JPEG")
    at = jpeg.index(b"\xff\xc0") + 5
    for height, width in ((65_000, 65_000), (14_000, 14_000), (0, 0)):
        yield f"a JPEG of {width}x{height}", jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]
    slow = _saved("JPEG", progressive=True)
    at = slow.index(b"\xff\xc2") + 5
    yield "a progressive JPEG of 13000x13000", slow[:at] + struct.pack(">HH", 13_000, 13_000) + slow[at + 4 :]
    scans = slow[slow.index(b"\xff\xda") : -2]
    yield "a JPEG of 5,000 scans", slow[:-2] + scans * 5_000 + slow[-2:]
    yield "a JPEG with 60,000 comments", jpeg[:2] + b"\xff\xfe\x00\x04ab" * 60_000 + jpeg[2:]
    webp = _saved("WEBP", lossless=True)
    at = webp.index(b"VP8L") + 9
    yield "a WebP of 16383x16383", webp[:at] + struct.pack("<I", 0x0FFFFFFF) + webp[at + 4 :]
    yield "a WebP longer than it is", webp[:4] + struct.pack("<I", 2**31) + webp[8:]
    tiff = _saved("TIFF")
    yield "a TIFF", tiff
    yield "a TIFF whose directory is itself", tiff[:4] + struct.pack("<I", 8) + tiff[8:]
    gif = _saved("GIF")
    yield "a GIF", gif
    yield "a GIF of 65535x65535", gif[:6] + struct.pack("<HH", 65_535, 65_535) + gif[10:]
    yield "a BMP of 2,000,000 columns", _saved("BMP")[:18] + struct.pack("<ii", 2_000_000, 2_000_000) + bytes(40)
    yield "an icon", _saved("ICO")
    yield "an SVG with an address", b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1/'/></svg>"
    yield "PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(a) run\n"
    for name, good in (("JPEG", _saved("JPEG", (400, 300))), ("PNG", _saved("PNG", (400, 300))), ("WebP", webp)):
        for part in (1, 2, 3):
            yield f"a {name} torn at {part}/4", good[: len(good) * part // 4]
        data = bytearray(good)
        for _ in range(60):
            data[chance.randrange(20, len(data))] = chance.randrange(256)
        yield f"a scrambled {name}", bytes(data)


def unfolding_pictures() -> Iterator[Case]:
    """What is small and becomes large."""
    zeros = zlib.compress(bytes(60_000_000), 9)
    yield "a PNG of 5000x4000 that holds it", png(5000, 4000, zeros)
    yield "a PNG in 16 bits", png(5000, 3000, zeros, depth=16, colour=6)
    text = _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000), 9))
    yield "a PNG with a text of 200 MB", png(8, 8, more=text)
    yield "a PNG with 20,000 texts", png(8, 8, more=_chunk(b"tEXt", b"a\0b") * 20_000)
    profile = _chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(100_000_000), 9))
    yield "a PNG with a profile of 100 MB", png(8, 8, more=profile)


DOCUMENT = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>%s</w:body></w:document>"
TYPES = (
    "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
    "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
    "<Override PartName='/word/document.xml' ContentType="
    "'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>"
)
RELATIONS = "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>%s</Relationships>"
MAIN = (
    "<Relationship Id='r1' Target='%s' Type="
    "'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument'/>"
)
ENTITIES = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)


def zipped(files: dict[str, str | bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def docx(body: str = "", **more: str | bytes) -> bytes:
    """A DOCX of the fewest parts; ``more`` replaces or adds parts."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS % (MAIN % "word/document.xml"),
        "word/document.xml": DOCUMENT % body,
    }
    return zipped(parts | more)


def _zip_of(zeros: int, name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS % (MAIN % "word/document.xml"))
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(zeros):
                part.write(bytes(1 << 20))
    return out.getvalue()


def zips(chance: random.Random, port: int) -> Iterator[Case]:
    """Bombs, entities, addresses, endless relations, names that climb, numbers that lie."""
    good = docx("<w:p><w:r><w:t>Chào</w:t></w:r></w:p>")
    nested = good
    for _ in range(6):
        nested = zipped({"a.docx": nested, "b.docx": nested})
    yield "zips within zips", nested
    for name, payload in (
        ("entities that multiply", f"{ENTITIES}]><a>&j;</a>"),
        ("one long entity often", "<!DOCTYPE a [<!ENTITY a '" + "a" * 100_000 + "'>]><a>" + "&a;" * 20_000 + "</a>"),
        ("a file as an entity", "<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><a>&a;</a>"),
        ("an address as an entity", f"<!DOCTYPE a [<!ENTITY a SYSTEM 'http://127.0.0.1:{port}/'>]><a>&a;</a>"),
        ("an address as a grammar", f"<!DOCTYPE a SYSTEM 'http://127.0.0.1:{port}/a.dtd'><a/>"),
        ("elements 100,000 deep", "<a>" * 100_000 + "</a>" * 100_000),
        ("200,000 attributes", "<a " + " ".join(f"b{n}='1'" for n in range(200_000)) + "/>"),
        ("XML that is none", "<a><b></a>"),
        ("XML in another encoding", "<?xml version='1.0' encoding='utf-7'?><a/>"),
        ("a NUL in XML", "<a>\0</a>"),
    ):
        yield f"{name}, in the document", docx(**{"word/document.xml": payload})
        yield f"{name}, in the types", docx(**{"[Content_Types].xml": payload})
    yield (
        "20,000 relations",
        docx(
            **{
                "word/_rels/document.xml.rels": RELATIONS
                % "".join(MAIN.replace("r1", f"r{n}") % "document.xml" for n in range(20_000))
            },
        ),
    )
    yield "a relation to itself", docx(**{"_rels/.rels": RELATIONS % (MAIN % "_rels/.rels")})
    yield (
        "a relation to an address",
        docx(
            **{
                "_rels/.rels": RELATIONS
                % (MAIN % f"http://127.0.0.1:{port}/").replace("/>", " TargetMode='External'/>")
            }
        ),
    )
    for climbing in ("../../../../tmp/kiemtra-thoat", "/etc/passwd", "C:\\\\a", "word/" + "a" * 60_000, "con\0.xml"):
        yield f"a name that climbs: {climbing[:12]!r}", zipped({climbing: "a", "[Content_Types].xml": TYPES})
    yield "50,000 files", zipped({f"word/{n}.xml": "" for n in range(50_000)}, zipfile.ZIP_STORED)
    yield "a file twice", good + good
    yield "100,000 paragraphs", docx("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 100_000)
    yield "tables 2,000 deep", docx("<w:tbl><w:tr><w:tc>" * 2_000 + "</w:tc></w:tr></w:tbl>" * 2_000)
    for number in range(4):
        data = bytearray(good)
        for _ in range(10):
            data[chance.randrange(len(data))] = chance.randrange(256)
        yield f"a scrambled zip {number}", bytes(data)
    for part in (1, 2, 3):
        yield f"a zip torn at {part}/4", good[: len(good) * part // 4]
    yield "a zip that says it is encrypted", good.replace(b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\1\0")
    end = good.rindex(b"PK\5\6")
    yield "a zip whose directory lies", good[: end + 12] + struct.pack("<II", 2**31, 2**31) + good[end + 20 :]
    yield "an old Word file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)


def unfolding_zips() -> Iterator[Case]:
    """Likewise of zips."""
    yield "a document of 2 GB", _zip_of(2048)
    yield "a sheet of 2 GB", _zip_of(2048, "xl/worksheets/sheet1.xml")
