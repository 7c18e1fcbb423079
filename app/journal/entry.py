"""An entry and its canonical form: what equality, ``known`` and the hash chain are computed from.

Rules that must hold for ever, because hashes and signatures of issued papers depend on them:

1. Text is NFC; keys are ASCII and sorted; ``supersedes`` is sorted and unique.
2. No floats (decimals travel as strings), no NUL, no lone surrogates, integers within 64 bits.
3. ``made_at`` is UTC with milliseconds and ``Z``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, TypeGuard

import orjson

from app.errors import InvalidInputError

FIELDS = frozenset({"id", "subject", "v", "value", "author", "device", "made_at", "supersedes"})
MAX_VALUE_BYTES = 256 * 1024
MAX_SUPERSEDES = 1000
MAX_DEPTH = 32

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_SUBJECT = re.compile(r"[a-z][a-z-]*(/[A-Za-z0-9@._-]+){1,8}")
_NAME = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_MADE_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class MalformedEntryError(InvalidInputError):
    """The entry is not of the journal's form; ``details["place"]`` names the field."""

    code = "malformed"


class Entry(NamedTuple):
    """One statement by somebody, in canonical form."""

    id: str
    subject: str
    v: int
    value: Any
    author: str
    device: str
    made_at: str
    supersedes: tuple[str, ...]
    value_bytes: bytes
    settled: bool

    def header(self) -> bytes:
        """The canonical fields other than the value."""
        return header_bytes(self.id, self.subject, self.v, self.author, self.device, self.made_at, self.supersedes)

    def same_as(self, other: Entry) -> bool:
        """Equal in every canonical field."""
        return self.value_bytes == other.value_bytes and self.header() == other.header()


def header_bytes(  # noqa: PLR0913 (the seven fields of the form)
    id_: str, subject: str, v: int, author: str, device: str, made_at: str, supersedes: tuple[str, ...]
) -> bytes:
    """Canonical JSON of the seven fields other than the value; the keys stand in sorted order."""
    return orjson.dumps(
        {
            "author": author,
            "device": device,
            "id": id_,
            "made_at": made_at,
            "subject": subject,
            "supersedes": supersedes,
            "v": v,
        }
    )


def value_digest(salt: bytes, value_bytes: bytes) -> bytes:
    """Salted digest of a value: it stands in the chain, so that the value itself can be erased."""
    return sha256(salt + value_bytes).digest()


def canonical_json(value: object) -> bytes:
    """Canonical JSON of a value.

    Raises:
        MalformedEntryError: floats, NUL, lone surrogates, non-ASCII keys, too deep or too large.
    """
    return canonical(value)[1]


def canonical(value: object) -> tuple[Any, bytes]:
    """A value in canonical form, as an object and as JSON bytes."""
    _check(value)
    encoded = _dump(value)
    if b"\\u0000" in encoded:
        _refuse_nul(value)
    if not encoded.isascii() and not unicodedata.is_normalized("NFC", encoded.decode()):
        value = _nfc(value)
        encoded = _dump(value)
    if len(encoded) > MAX_VALUE_BYTES:
        raise _malformed("value", "nội dung quá dài; hãy tách thành nhiều ghi chú hoặc đính kèm tệp")
    return value, encoded


def parse_entry(raw: object) -> Entry:
    """Read an entry from JSON.

    Raises:
        MalformedEntryError: with the field at fault.
    """
    if not isinstance(raw, dict):
        raise _malformed("entry", "mỗi ghi nhận phải là một đối tượng JSON")
    if raw.keys() != FIELDS:
        _raise_wrong_fields(raw)
    value, value_bytes = canonical(raw["value"])
    id_ = _uuid(raw["id"], "id")
    return Entry(
        id=id_,
        subject=_matching(raw["subject"], "subject", _SUBJECT, 300),
        v=_version(raw["v"]),
        value=value,
        author=_name(raw["author"], "author"),
        device=_name(raw["device"], "device"),
        made_at=_moment(raw["made_at"]),
        supersedes=_supersedes(raw["supersedes"], id_),
        value_bytes=value_bytes,
        settled=type(value) is dict and value.get("settled") is not None,
    )


def comparable(value_bytes: bytes, value: object) -> bytes:
    """What two values are compared by.

    ``settled`` says how a value came to be, not what it is; and a part left out says the same as an empty one,
    so that a form and a tablet that both mean "nothing there" do not disagree.
    """
    if (
        b'""' in value_bytes
        or b"null" in value_bytes
        or b"[]" in value_bytes
        or b"{}" in value_bytes
        or b'"settled"' in value_bytes
    ):
        return _dump(_telling(value))
    return value_bytes


def _telling(value: object) -> object:
    if isinstance(value, dict):
        parts = {key: _telling(part) for key, part in value.items() if key != "settled"}
        return {key: part for key, part in parts.items() if part not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_telling(part) for part in value]
    return value


def _dump(value: object) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise _malformed("value", "có ký tự hoặc số không hợp lệ; hãy nhập lại nội dung") from error


_PLAIN = frozenset({str, int, bool, type(None)})


def _check(value: object) -> None:
    """Types, keys and depth, layer by layer: this runs for every pushed entry."""
    layer = [value]
    for _ in range(MAX_DEPTH + 1):
        inner: list[object] = []
        for part in layer:
            if type(part) not in _PLAIN:
                inner += _parts(part)
        if not inner:
            return
        layer = inner
    if not _PLAIN.issuperset(map(type, layer)):
        raise _malformed("value", "nội dung lồng nhau quá sâu")


def _parts(value: object) -> Iterable[object]:
    kind = type(value)
    if kind is dict:
        for key in value:  # type: ignore[attr-defined]
            if type(key) is not str or not key.isascii():
                raise _malformed("value", "tên trường chỉ được dùng ký tự ASCII")
        return value.values()  # type: ignore[attr-defined,no-any-return]
    if kind is list or kind is tuple:
        return value  # type: ignore[return-value]
    raise _malformed("value", 'số thập phân phải viết dưới dạng chuỗi, ví dụ "99.56"')


def _refuse_nul(value: object) -> None:
    """The escape is there; whether as a NUL or as the letters themselves, the parts tell."""
    if isinstance(value, str) and "\x00" in value:
        raise _malformed("value", "có ký tự NUL; hãy nhập lại nội dung")
    if isinstance(value, dict):
        for key, part in value.items():
            _refuse_nul(key)
            _refuse_nul(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_nul(part)


def _nfc(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: _nfc(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_nfc(part) for part in value]
    return value


def _malformed(place: str, message: str) -> MalformedEntryError:
    return MalformedEntryError(f"Ghi nhận không đúng dạng ở «{place}»: {message}.", place=place)


def _raise_wrong_fields(raw: dict[Any, Any]) -> None:
    missing = sorted(FIELDS - raw.keys())
    unknown = sorted(str(key) for key in raw.keys() - FIELDS)
    wrong = "thiếu " + ", ".join(missing) if missing else "thừa " + ", ".join(unknown)
    raise _malformed("entry", wrong)


def _uuid(raw: object, place: str) -> str:
    if isinstance(raw, str):
        raw = raw.lower()
        if _UUID.fullmatch(raw):
            return raw
    raise _malformed(place, "phải là UUID do thiết bị tạo ra")


def _matching(raw: object, place: str, form: re.Pattern[str], longest: int) -> str:
    if isinstance(raw, str) and len(raw) <= longest and form.fullmatch(raw):
        return raw
    raise _malformed(place, "không đúng dạng cho phép")


@lru_cache(maxsize=1024)  # a batch has one device and few authors
def _known_name(raw: str) -> bool:
    return _NAME.fullmatch(raw) is not None


def _name(raw: object, place: str) -> str:
    if isinstance(raw, str) and _known_name(raw):
        return raw
    raise _malformed(place, "không đúng dạng cho phép")


def _version(raw: object) -> int:
    if _is_int(raw) and 1 <= raw <= 1000:
        return raw
    raise _malformed("v", "phải là số nguyên từ 1")


def _is_int(raw: object) -> TypeGuard[int]:
    return type(raw) is int


def _moment(raw: object) -> str:
    if not isinstance(raw, str):
        raise _malformed("made_at", "phải là thời điểm UTC, ví dụ 2026-11-22T01:02:03.456Z")
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError as error:
        raise _malformed("made_at", f"«{raw[:40]}» không phải là thời điểm có thật") from error
    if moment.tzinfo is None:
        raise _malformed("made_at", "thiếu múi giờ; thời điểm phải theo UTC")
    if _MADE_AT.fullmatch(raw):
        return raw
    try:
        moment = moment.astimezone(UTC)
    except OverflowError as error:
        raise _malformed("made_at", f"«{raw[:40]}» không phải là thời điểm có thật") from error
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _supersedes(raw: object, own: str) -> tuple[str, ...]:
    if raw == []:
        return ()
    if not isinstance(raw, list) or len(raw) > MAX_SUPERSEDES:
        raise _malformed("supersedes", "phải là danh sách mã của các ghi nhận đã thấy")
    ids = sorted({_uuid(part, "supersedes") for part in raw})
    if own in ids:
        raise _malformed("supersedes", "một ghi nhận không thể thay thế chính nó")
    return tuple(ids)
