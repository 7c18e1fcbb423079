"""The journal's face: push, write, current values, pull.

Acceptance is decided in this order: *known* (same id, same content), form, right, shape, then for OFFICE
subjects compare-and-set. A refused entry goes to quarantine and blocks nobody. Within one batch the order does not
matter: what rests on a later entry of the same batch is tried again after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import orjson
import uuid_utils
from pydantic import BaseModel, ValidationError
from sqlite_utils import Database

from app.clock import Clock, iso
from app.database import writing
from app.errors import ConflictError, InvalidInputError, KiemtraError
from app.journal.entry import Entry, MalformedEntryError, parse_entry
from app.journal.kinds import Groups, Kind, Registry, SubjectClass, Writer
from app.journal.shape_errors import describe
from app.journal.store import Current, Head, Placed, Store

QUARANTINE_LIMIT = 2000
QUARANTINE_ENTRY_BYTES = 64 * 1024

Status = Literal["stored", "known", "refused"]
W = TypeVar("W", bound=Writer)


class IdReusedError(ConflictError):
    """Same id, other content."""

    code = "id_reused"


class UnknownSubjectError(InvalidInputError):
    """No room knows this subject or this version of its shape."""

    code = "unknown_subject"


class BadShapeError(InvalidInputError):
    """The value is not of the subject's shape."""

    code = "bad_shape"


class StaleError(ConflictError):
    """Compare-and-set failed; ``details["current"]`` is what is current now."""

    code = "conflict"


class NotYetError(ConflictError):
    """What the entry rests on has not arrived; offered again after it, the entry may be taken."""

    code = "not_yet"


@dataclass(frozen=True)
class Result:
    """What became of one pushed entry."""

    id: str | None
    status: Status
    code: str = ""
    message: str = ""


class Journal(Generic[W]):
    """Entries in, current values out."""

    def __init__(self, db: Database, registry: Registry, clock: Clock) -> None:
        self.db = db
        self.registry = registry
        self.clock = clock
        self.store = Store(db, registry)

    def push(self, raw_entries: Sequence[object], writer: W) -> list[Result]:
        """Take a batch in one transaction and say of each entry what became of it, in input order."""
        parsed = [_parse(raw) for raw in raw_entries]
        with writing(self.db):
            batch = _Batch(self, writer, [entry for entry in parsed if isinstance(entry, Entry)])
            results = [
                batch.take(entry) if isinstance(entry, Entry) else batch.refuse(_id_of(raw), raw, entry)
                for raw, entry in zip(raw_entries, parsed, strict=True)
            ]
            if batch.early:
                results = [batch.take_late(result) for result in results]
            batch.flush()
        return results

    def set_aside(self, raw_entries: Sequence[object], writer: W, error: KiemtraError) -> None:
        """Keep a batch that may not be taken now in the quarantine, save what is stored already."""
        offered = {id_: raw for raw in raw_entries if (id_ := _id_of(raw)) is not None}
        with writing(self.db):
            known = self.store.find(offered)
            for id_, raw in offered.items():
                if id_ not in known:
                    _quarantine(self.db, id_, raw, error, writer.account, iso(self.clock()))

    def write(self, writer: W, subject: str, value: Any, *, supersedes: Sequence[str] | None = None) -> Entry:
        """Write one value on the server's own behalf.

        Args:
            writer: the account that says it.
            subject: what it speaks of.
            value: the whole new value; None withdraws.
            supersedes: entries that the author had in front of them; None takes what is current now.

        Raises:
            KiemtraError: the entry was refused, with the reason.
        """
        with writing(self.db):
            if supersedes is None:
                supersedes = [entry.id for entry in self.current(subject)]
            entry = parse_entry(
                {
                    "id": str(uuid_utils.uuid7()),
                    "subject": subject,
                    "v": 1,
                    "value": value,
                    "author": writer.account,
                    "device": "server",
                    "made_at": iso(self.clock()),
                    "supersedes": list(supersedes),
                }
            )
            batch = _Batch(self, writer, [entry])
            batch.admit(entry)
            batch.flush()
        return entry

    def current(self, subject: str) -> list[Current]:
        """Current entries of one subject; several are a disagreement or equal values."""
        return self.store.current([subject]).get(subject, [])

    def value(self, subject: str) -> Any:
        """The one current value of an OFFICE subject, or None."""
        entries = self.current(subject)
        return entries[-1].value if entries else None

    def head(self) -> Head:
        """Where the journal ends now."""
        return self.store.head()

    def quarantined(self, scope: str) -> list[dict[str, str]]:
        """Refused entries of a scope, newest first."""
        rows = self.db.execute(
            "SELECT id, uploader, code, message, entry, refused_at FROM quarantine "
            "WHERE scope = ? ORDER BY refused_at DESC, id",
            [scope],
        )
        return [dict(row) for row in rows]


class _Batch(Generic[W]):
    """One push under way: what is accepted waits to be appended together."""

    def __init__(self, journal: Journal[W], writer: W, entries: Sequence[Entry]) -> None:
        self.journal = journal
        self.writer = writer
        self.received_at = iso(journal.clock())
        self.stored = journal.store.find(entry.id for entry in entries)
        self.waiting: list[Placed] = []
        self.early: dict[str, Entry] = {}
        self.late: dict[str, Result] = {}

    def take(self, entry: Entry) -> Result:
        """Decide about one entry and never raise for a refusal."""
        try:
            known = self.admit(entry)
        except KiemtraError as error:
            if isinstance(error, NotYetError | StaleError) and entry.id not in self.late:
                self.early[entry.id] = entry
            return self.refuse(entry.id, _raw(entry), error)
        return Result(entry.id, "known" if known else "stored")

    def take_late(self, result: Result) -> Result:
        """Decide once more about what came too early, after those of the batch that it supersedes."""
        if result.status != "refused" or result.id is None:
            return result
        path = [self.early.pop(result.id)] if result.id in self.early else []
        while path:
            deeper = next((id_ for id_ in path[-1].supersedes if id_ in self.early), None)
            if deeper is not None:
                path.append(self.early.pop(deeper))
                continue
            entry = path.pop()
            self.late[entry.id] = result
            self.late[entry.id] = self.take(entry)
        return self.late.get(result.id, result)

    def admit(self, entry: Entry) -> bool:
        """Accept an entry or raise; True where it was already there."""
        stored = self.stored.get(entry.id)
        if stored is not None:
            if not _same(stored, entry):
                raise IdReusedError(
                    "Mã ghi nhận này đã được dùng cho nội dung khác; hãy giữ nguyên trên máy và báo người quản trị.",
                    id=entry.id,
                )
            return True
        kind, groups = self._kind(entry)
        if kind.subject_class is SubjectClass.OFFICE:
            self.flush()
        kind.may_write(self.writer, entry, groups)
        value = read_shape(kind, entry)
        if kind.check is not None and value is not None:
            kind.check(self.writer, groups, value)
        if kind.subject_class is SubjectClass.OFFICE:
            self._compare(entry)
        self.stored[entry.id] = entry
        self.waiting.append(Placed(entry, kind, tuple(groups.values())))
        if kind.subject_class is SubjectClass.OFFICE:
            self.flush()
        return False

    def _kind(self, entry: Entry) -> tuple[Kind, Groups]:
        matched = self.journal.registry.match(entry.subject)
        if matched is None:
            raise UnknownSubjectError(
                f"Máy chủ không biết loại ghi nhận «{entry.subject}»; hãy cập nhật ứng dụng.",
                subject=entry.subject,
            )
        return matched

    def _compare(self, entry: Entry) -> None:
        current = self.journal.current(entry.subject)
        if entry.supersedes != tuple(sorted(found.id for found in current)):
            raise StaleError(
                "Nội dung này đã được người khác thay đổi; hãy xem bản hiện tại rồi sửa lại.",
                subject=entry.subject,
                current=[{"id": found.id, "value": found.value, "author": found.author} for found in current],
            )

    def refuse(self, id_: str | None, raw: object, error: KiemtraError) -> Result:
        """Keep a refused entry in the bounded quarantine."""
        if id_ is not None and not isinstance(error, IdReusedError):
            _quarantine(self.journal.db, id_, raw, error, self.writer.account, self.received_at)
        return Result(id_, "refused", error.code, error.message)

    def flush(self) -> None:
        """Append what waits."""
        if not self.waiting:
            return
        self.journal.store.append(self.waiting, self.received_at, self.writer.account)
        self.journal.db.execute(
            "DELETE FROM quarantine WHERE id IN (SELECT value FROM json_each(?))",
            [orjson.dumps([placed.entry.id for placed in self.waiting]).decode()],
        )
        self.waiting = []


def read_shape(kind: Kind, entry: Entry) -> BaseModel | None:
    """The value by the shape of its version; None for a withdrawal."""
    model = kind.shapes.get(entry.v)
    if model is None:
        raise UnknownSubjectError(
            f"Máy chủ chưa biết phiên bản {entry.v} của «{kind.name}»; hãy cập nhật máy chủ.",
            subject=entry.subject,
        )
    if entry.value is None:
        if not kind.withdrawable:
            raise BadShapeError("Nội dung này không thể thu hồi; hãy ghi nội dung thay thế.", subject=entry.subject)
        return None
    try:
        return model.model_validate(entry.value)
    except ValidationError as error:
        places = describe(error)
        raise BadShapeError(
            "Giá trị không hợp lệ: " + "; ".join(places[:5]) + ".", subject=entry.subject, places=places
        ) from error


def _same(stored: Entry, entry: Entry) -> bool:
    if stored.value_bytes == b"":  # erased: the header alone must do
        return stored.header() == entry.header()
    return stored.same_as(entry)


def _parse(raw: object) -> Entry | MalformedEntryError:
    try:
        return parse_entry(raw)
    except MalformedEntryError as error:
        return error


def _id_of(raw: object) -> str | None:
    id_ = raw.get("id") if isinstance(raw, dict) else None
    return id_[:100] if isinstance(id_, str) else None


def _raw(entry: Entry) -> dict[str, Any]:
    fields = ("id", "subject", "v", "value", "author", "device", "made_at", "supersedes")
    return {name: getattr(entry, name) for name in fields}


def _quarantine(  # noqa: PLR0913 (one row's columns)
    db: Database, id_: str, raw: object, error: KiemtraError, uploader: str, refused_at: str
) -> None:
    subject = raw.get("subject") if isinstance(raw, dict) else None
    scope = "/".join(subject.split("/", 2)[:2]) if isinstance(subject, str) else ""
    try:
        text = orjson.dumps(raw).decode()
    except orjson.JSONEncodeError:
        text = "{}"
    if len(text) > QUARANTINE_ENTRY_BYTES:
        text = "{}"
    db.execute(
        "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?)",
        [id_, uploader, scope[:200], error.code, error.message, text, refused_at],
    )
    db.execute(
        "DELETE FROM quarantine WHERE rowid IN (SELECT rowid FROM quarantine ORDER BY rowid DESC LIMIT -1 OFFSET ?)",
        [QUARANTINE_LIMIT],
    )
