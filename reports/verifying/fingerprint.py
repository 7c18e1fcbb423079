"""Fingerprints of what a reader sees and gets in a PDF: they say what an update changed.

A page's fingerprint takes in its content, resources, boxes and annotations. Form fields' own widgets are left
out, for filling them in may be allowed and is judged by the signature's difference rules. Streams are
compared as they are stored: an update that leaves a stream alone leaves its bytes alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.metadata.xmp_xml import meta_from_xmp, parse_xmp
from pyhanko.pdf_utils.reader import HistoricalResolver

# Hostile files: no more objects, no deeper nesting than this is looked at.
_MAX_OBJECTS = 400_000
_MAX_PAGES = 20_000
_MAX_DEPTH = 200
# Back references would draw the whole document into every page.
_SKIPPED = frozenset({"/Parent", "/P", "/StructParents", "/StructParent"})
_PAGE_OWN = frozenset({"/Contents", "/Annots"})
_CATALOG_JUDGED_ELSEWHERE = frozenset(
    {"/Pages", "/AcroForm", "/Metadata", "/Perms", "/DSS", "/Extensions", "/Version", "/Names", "/AF"}
)
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_INFO_SHOWN = ("/Title", "/Author", "/Subject", "/Keywords")


class TooManyObjectsError(ValueError):
    """The file has more in it than is looked at."""


@dataclass(frozen=True)
class PageFingerprint:
    """Digests of one page's parts."""

    content: str
    annotations: str
    rest: str


@dataclass(frozen=True)
class Fingerprint:
    """Digests of a whole revision."""

    pages: tuple[PageFingerprint, ...]
    attachments: str
    catalog: str
    info: str


def fingerprint(revision: HistoricalResolver) -> Fingerprint:
    """Fingerprint a revision of a file.

    Raises:
        TooManyObjectsError: over the limits on pages, objects or depth.
    """
    digester = _Digester()
    root = revision.root
    names = resolved(root.get("/Names", {}))
    return Fingerprint(
        pages=tuple(_page(digester, page) for page in page_dictionaries(root)),
        attachments=digester.digest([names.get("/EmbeddedFiles"), root.get("/AF")]),
        catalog=digester.digest(
            [
                _without(root, _CATALOG_JUDGED_ELSEWHERE),
                _without(names, frozenset({"/EmbeddedFiles"})),
            ]
        ),
        info=repr((_info(revision), _xmp(revision))),
    )


def _info(revision: HistoricalResolver) -> list[str]:
    """What the Info dictionary says of the text; tools may set their own name and dates there."""
    reference = revision.trailer_view.get_value_as_reference("/Info", optional=True)
    described = {} if reference is None else revision(reference)
    return [str(described.get(key)) for key in _INFO_SHOWN]


def _xmp(revision: HistoricalResolver) -> list[str]:
    """Likewise of the XMP packet, whose title readers show first."""
    if "/Metadata" not in revision.root:
        return []
    # By reference: the library cannot look back at metadata streams that it knows as such.
    stream = revision(revision.root.get_value_as_reference("/Metadata"))
    told = meta_from_xmp(parse_xmp(BytesIO(stream.data)))
    return [str(text) for text in (told.title, told.author, told.subject, told.keywords)]


def differences(old: Fingerprint, new: Fingerprint) -> list[str]:
    """Vietnamese sentences that name what differs; empty if nothing does."""
    found = []
    if len(old.pages) != len(new.pages):
        found.append(f"Số trang đã đổi từ {len(old.pages)} thành {len(new.pages)} sau khi ký.")
    for number, (before, after) in enumerate(zip(old.pages, new.pages, strict=False), start=1):
        found += [f"Trang {number}: {what} đã bị thay đổi sau khi ký." for what in _page_changes(before, after)]
    if old.attachments != new.attachments:
        found.append("Tệp đính kèm đã bị thay đổi sau khi ký.")
    if old.catalog != new.catalog:
        found.append("Cấu trúc chung của tệp (hành động, mục lục, lớp hiển thị) đã bị thay đổi sau khi ký.")
    if old.info != new.info:
        found.append("Thông tin mô tả tệp (tên văn bản, tác giả) đã bị thay đổi sau khi ký.")
    return found


def _page_changes(before: PageFingerprint, after: PageFingerprint) -> list[str]:
    labels = (("nội dung", "content"), ("chú thích", "annotations"), ("khổ giấy hoặc tài nguyên", "rest"))
    return [label for label, part in labels if getattr(before, part) != getattr(after, part)]


def page_dictionaries(root: Any) -> list[dict[str, Any]]:
    """The pages in order, each as a dictionary with what it inherits."""
    found: list[dict[str, Any]] = []
    nodes: list[tuple[Any, dict[str, Any]]] = [(root["/Pages"], {})]
    visited = 0
    while nodes:
        visited += 1
        if visited > _MAX_PAGES:
            raise TooManyObjectsError
        node, inherited = nodes.pop()
        passed_on = inherited | {key: node.raw_get(key) for key in _INHERITED if key in node}
        if "/Kids" in node:
            nodes += [(resolved(kid), passed_on) for kid in reversed(node["/Kids"])]
        else:
            found.append(passed_on | {key: node.raw_get(key) for key in node})
    return found


def _page(digester: _Digester, page: dict[str, Any]) -> PageFingerprint:
    kept = [note for note in resolved(page.get("/Annots")) or [] if resolved(note).get("/Subtype") != "/Widget"]
    return PageFingerprint(
        content=digester.digest(page.get("/Contents")),
        annotations=digester.digest(kept),
        rest=digester.digest({key: value for key, value in page.items() if key not in _PAGE_OWN}),
    )


def _without(dictionary: Any, keys: frozenset[str]) -> dict[str, Any]:
    return {key: dictionary.raw_get(key) for key in dictionary if key not in keys} if dictionary else {}


def digest_of(value: Any) -> str:
    """The digest of one value with all that hangs on it.

    Raises:
        TooManyObjectsError: over the limits.
    """
    return _Digester().digest(value)


def resolved(value: Any) -> Any:
    """The value itself where a reference stands for it."""
    if isinstance(value, generic.IndirectObject):
        return value.get_object()  # type: ignore[no-untyped-call]
    return value


class _Digester:
    """Digests object graphs; an object met again counts by its digest, one inside itself by its number."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}
        self._seen = 0

    def digest(self, value: Any) -> str:
        return self._of(value, 0).hex()

    def _of(self, value: Any, depth: int) -> bytes:
        self._seen += 1
        if self._seen > _MAX_OBJECTS or depth > _MAX_DEPTH:
            raise TooManyObjectsError
        if isinstance(value, generic.IndirectObject):
            return self._of_reference(value, depth)
        return hashlib.sha256(self._plain(value, depth)).digest()

    def _of_reference(self, reference: generic.IndirectObject, depth: int) -> bytes:
        key = (int(reference.idnum), int(reference.generation))
        if key not in self._known:
            self._known[key] = hashlib.sha256(b"cycle %d %d" % key).digest()
            self._known[key] = self._of(resolved(reference), depth + 1)
        return self._known[key]

    def _plain(self, value: Any, depth: int) -> bytes:
        if isinstance(value, dict):
            text = self._dictionary(value, depth)
            # A stream's bytes as stored; its dictionary names the filters.
            if isinstance(value, generic.StreamObject):
                return b"stream" + text + hashlib.sha256(value.encoded_data).digest()
            return b"dict" + text
        if isinstance(value, list):
            items = (value.raw_get(i) for i in range(len(value))) if hasattr(value, "raw_get") else iter(value)
            return b"list" + b"".join(self._of(item, depth + 1) for item in items)
        if isinstance(value, generic.TextStringObject | generic.ByteStringObject):
            return b"string" + bytes(value.original_bytes)
        return f"{type(value).__name__} {value}".encode()

    def _dictionary(self, value: dict[str, Any], depth: int) -> bytes:
        raw = getattr(value, "raw_get", value.__getitem__)
        return b"".join(
            hashlib.sha256(key.encode()).digest() + self._of(raw(key), depth + 1)
            for key in sorted(value)
            if key not in _SKIPPED
        )
