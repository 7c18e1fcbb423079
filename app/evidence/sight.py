"""Who may see a piece of evidence, and how much of it.

The bytes as they were taken belong to the delegation: members of an inspection whose entry speaks of them,
administrators, and whoever brought them. The inspected unit and viewers get a photo's copy with its layer, once the
inspection's paper is out and somebody of the delegation has said that no personal data is left open on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from app.accounts.shapes import Role
from app.errors import ForbiddenError, NotFoundError
from app.evidence.picture import Marks, merged
from app.identity import Identity


@dataclass(frozen=True)
class Sight:
    """What an account may see of a file; ``marks`` is what is drawn over it wherever it is shown."""

    original: bool
    marks: Marks

    def require_original(self) -> None:
        """Raise ForbiddenError where only the copy may be seen."""
        if not self.original:
            raise ForbiddenError("Chỉ thành viên đoàn kiểm tra được xem ảnh gốc; hãy xem bản đã che.")


def sight_of(who: Identity, sha256: str) -> Sight:
    """How much of a file an account may see.

    Raises:
        NotFoundError: nothing.
    """
    values = _values(who.db, sha256)
    explained = _explained(who.db, sha256)
    spoken_of = {inspection for inspection, _ in values} | _scanned(who.db, sha256) | explained
    marks = merged(value.get("layer", ()) for _, value in values)
    if _brought(who, sha256) or any(who.may_see(inspection) for inspection in spoken_of):
        return Sight(original=True, marks=marks)
    if any(_is_of(who, inspection) for inspection in explained):
        return Sight(original=True, marks=marks)
    looked_at = all(value.get("personal") for _, value in values)
    if looked_at and any(_is_out_for(who, inspection) for inspection, _ in values):
        return Sight(original=False, marks=marks)
    raise NotFoundError("Không có tệp này, hoặc tài khoản này không được xem.")


def issued_marks(db: Database, sha256: str) -> Marks | None:
    """What lies over a photo on an issued paper; None where nobody has said that no personal data is left open.

    A scan of a signed site record is a paper of the delegation itself: nothing lies over it.
    """
    values = [value for _, value in _values(db, sha256)]
    if not values and _scanned(db, sha256):
        return ()
    if not values or not all(value.get("personal") for value in values):
        return None
    return merged(value.get("layer", ()) for value in values)


def _values(db: Database, sha256: str) -> list[tuple[str, dict[str, Any]]]:
    """Every current value that speaks of the file, with its inspection."""
    rows = db.execute("SELECT inspection, value FROM evidence WHERE file_sha256 = ?", [sha256])
    return [(row[0], orjson.loads(row[1])) for row in rows if row[1]]


def _scanned(db: Database, sha256: str) -> set[str]:
    """The inspections whose signed site record the file is a scan of."""
    query = (
        "SELECT inspection FROM minutes WHERE signed_scan_sha256 = ? "
        "UNION SELECT m.inspection FROM minutes m, json_each(m.value, '$.scans') s "
        "WHERE json_extract(s.value, '$.file.sha256') = ?"
    )
    return {row[0] for row in db.execute(query, [sha256, sha256])}


def _explained(db: Database, sha256: str) -> set[str]:
    """The inspections in which the unit's explanation names the file; the unit reads what it handed in itself."""
    query = " UNION ".join(
        f"SELECT t.inspection FROM {table} t, json_each(t.value, '$.files') f "
        "WHERE json_extract(f.value, '$.sha256') = ?"
        for table in ("explanations", "hearing_replies")
    )
    return {row[0] for row in db.execute(query, [sha256, sha256])}


def _is_of(who: Identity, inspection: str) -> bool:
    """Whether this is an account of the inspected unit."""
    return who.role is Role.UNIT and (who.setup(inspection) or {}).get("unit") == who.unit


def _brought(who: Identity, sha256: str) -> bool:
    query = "SELECT 1 FROM files WHERE sha256 = ? AND uploader = ?"
    return who.db.execute(query, [sha256, who.account]).fetchone() is not None


def _is_out_for(who: Identity, inspection: str) -> bool:
    """Whether the inspection's conclusion is out, and this account reads it as a viewer or as the unit it speaks to."""
    if not _is_of(who, inspection) and who.role is not Role.VIEWER:
        return False
    query = (
        "SELECT 1 FROM documents WHERE inspection = ? AND state = 'registered' "
        "AND coalesce(json_extract(value, '$.about'), '') = ''"
    )
    return who.db.execute(query, [inspection]).fetchone() is not None
