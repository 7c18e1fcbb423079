"""Files that come with a form of the office: kept as evidence is, and named in the value they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from werkzeug.datastructures import FileStorage

from app.errors import InvalidInputError, TooLargeError
from app.evidence.storage import EvidenceStorage
from app.identity import Identity
from forms.fields import clean

MOST_FILES = 20


def taken_in(storage: EvidenceStorage, who: Identity, files: Iterable[FileStorage], limit: int) -> list[dict[str, Any]]:
    """Keep the files of a form and return how a value names them.

    Args:
        storage: where they are kept.
        who: brings them.
        files: as the form has them; a field that was left empty counts for none.
        limit: most bytes of one file.

    Raises:
        UnknownTypeError: one is neither picture nor PDF.
        TooLargeError: one is larger than evidence may be.
    """
    found = []
    for file in files:
        data = file.stream.read(limit + 1) if file.filename else b""
        if len(data) > limit:
            raise TooLargeError(f"Tệp «{file.filename}» lớn hơn {limit >> 20} MB; hãy giảm cỡ hoặc chia nhỏ.")
        if data:
            digest = sha256(data).hexdigest()
            storage.put(digest, data, who.account)
            name = clean(file.filename or "").replace("\\", "/").rsplit("/", 1)[-1][:200]
            found.append({"sha256": digest, "type": storage.type_of(digest), "size": len(data), "name": name})
    return found


def kept(
    storage: EvidenceStorage, who: Identity, ticked: Iterable[str], old: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Files that were there before, or that a refused form has brought already, where they are still ticked.

    A ticked line is ``<sha256> <name>``. A file that is neither in the old value nor brought by this account is left
    out: knowing a hash gives no right to a file.
    """
    before = {one["sha256"]: dict(one) for one in old}
    found = []
    for line in ticked:
        digest, _, name = line.partition(" ")
        row = storage.db.execute(
            "SELECT type, size FROM files WHERE sha256 = ? AND uploader = ?", [digest, who.account]
        ).fetchone()
        if digest in before:
            found.append(before[digest])
        elif row is not None:
            found.append({"sha256": digest, "type": row["type"], "size": row["size"], "name": clean(name)[:200]})
    return found


def together(*lists: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All files once, in their order.

    Raises:
        InvalidInputError: more than a value holds.
    """
    found = {one["sha256"]: dict(one) for files in lists for one in files}
    if len(found) > MOST_FILES:
        raise InvalidInputError(f"Có {len(found)} tệp; mỗi nội dung chỉ kèm tối đa {MOST_FILES} tệp, hãy gộp lại.")
    return list(found.values())
