"""Entries on disk: appending with the hash chain, current values, derived tables, pulling.

The journal's only door to SQL, so that another database can stand behind it. Everything here works on
batches: one statement for many entries. Callers hold the write transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from sqlite_utils import Database

from app.journal.entry import Entry, comparable, value_digest
from app.journal.kinds import Kind, Registry, SubjectClass
from app.journal.schema import migrations

SALT_BYTES = 16

IS_CURRENT = """
    NOT EXISTS (
        SELECT 1 FROM superseded s
        WHERE s.id = e.id AND s.subject = e.subject AND s.settled >= e.settled
    )
"""
"""An edge from an ordinary entry does not touch a settled one."""


@dataclass(frozen=True)
class Head:
    """The journal's end: how many entries and the chain's hash there."""

    seq: int
    hash: str

    def to_json(self) -> dict[str, str | int]:
        return {"seq": self.seq, "hash": self.hash}


class Current(NamedTuple):
    """A current value of a subject and the facts about it."""

    seq: int
    id: str
    subject: str
    v: int
    value: Any
    author: str
    device: str
    made_at: str
    received_at: str
    settled: bool


WITHIN = "subject > ? || '/' AND subject < ? || '0'"
"""All subjects below a scope such as ``inspection/<id>``, by the index on subjects ("0" follows "/"); bind it twice."""


class Placed(NamedTuple):
    """An accepted entry with the Kind of its subject and the subject's parts."""

    entry: Entry
    kind: Kind
    parts: tuple[str | None, ...]


class Receipt(NamedTuple):
    """What the server adds to an entry."""

    seq: int
    received_at: str
    uploader: str

    def canonical(self) -> bytes:
        return orjson.dumps(tuple(self))


def link(previous: bytes, header: bytes, receipt: Receipt, digest: bytes) -> bytes:
    """The chain's next hash. The server's own facts are in it too: a changed uploader shows."""
    return sha256(previous + header + receipt.canonical() + digest).digest()


class Store:
    """Entries and what is derived from them, in one SQLite database."""

    def __init__(self, db: Database, registry: Registry) -> None:
        self.db = db
        self.registry = registry
        self._insert_derived = {kind.name: _insert_statement(kind) for kind in registry.kinds}

    def create(self) -> None:
        """Bring an empty or older database up to date; derived tables that changed are built anew."""
        migrations.apply(self.db)
        fingerprint = _fingerprint(self.registry)
        found = self.db.execute("SELECT value FROM journal_meta WHERE key = 'derived'").fetchone()
        if found is None or found[0] != fingerprint:
            self.rebuild()
            self.db.execute("INSERT OR REPLACE INTO journal_meta VALUES ('derived', ?)", [fingerprint])

    def genesis(self) -> bytes:
        """The hash before the first entry; it names this journal and no other."""
        found = self.db.execute("SELECT value FROM journal_meta WHERE key = 'journal_id'").fetchone()
        return sha256(f"kiemtra journal {found[0]}".encode()).digest()

    def head(self) -> Head:
        """Where the journal ends now."""
        row = self.db.execute("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
        return Head(row[0], row[1].hex()) if row else Head(0, self.genesis().hex())

    def hash_at(self, seq: int) -> str | None:
        """The chain's hash after entry ``seq``; None where there is no such entry."""
        if seq == 0:
            return self.genesis().hex()
        row = self.db.execute("SELECT hash FROM entries WHERE seq = ?", [seq]).fetchone()
        return row[0].hex() if row else None

    def find(self, ids: Iterable[str]) -> dict[str, Entry]:
        """Stored entries by id. The value of an erased one is None and its bytes are empty."""
        rows = self.db.execute("SELECT * FROM entries WHERE id IN (SELECT value FROM json_each(?))", [_json(list(ids))])
        return {row["id"]: entry_of(row) for row in rows}

    def append(self, entries: Sequence[Placed], received_at: str, uploader: str) -> None:
        """Append entries, their edges, and bring the derived tables up to date."""
        if not entries:
            return
        head = self.head()
        previous = bytes.fromhex(head.hash)
        rows, edges = [], []
        salts = secrets.token_bytes(SALT_BYTES * len(entries))
        for number, (entry, _, _) in enumerate(entries):
            salt = salts[number * SALT_BYTES : (number + 1) * SALT_BYTES]
            digest = value_digest(salt, entry.value_bytes)
            receipt = Receipt(head.seq + number + 1, received_at, uploader)
            previous = link(previous, entry.header(), receipt, digest)
            rows.append(_row(entry, receipt, salt, digest, previous))
            edges += [(target, entry.subject, entry.settled) for target in entry.supersedes]
        self.db.conn.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._add_edges(edges)
        self._project_new(entries, head.seq)

    def _add_edges(self, edges: Sequence[tuple[str, str, bool]]) -> None:
        self.db.conn.executemany(
            "INSERT INTO superseded VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET settled = max(settled, excluded.settled)",
            edges,
        )

    def current(self, subjects: Iterable[str]) -> dict[str, list[Current]]:
        """Current entries of each subject, oldest first; where a cycle leaves none, all of its entries."""
        wanted = _json(list(subjects))
        found: dict[str, list[Current]] = {}
        rows = self.db.execute(
            f"SELECT e.* FROM entries e WHERE e.subject IN (SELECT value FROM json_each(?)) "
            f"AND {IS_CURRENT} ORDER BY e.subject, e.id",
            [wanted],
        )
        for row in rows:
            found.setdefault(row["subject"], []).append(_current_of(row))
        missing = [subject for subject in orjson.loads(wanted) if subject not in found]
        if missing:
            rows = self.db.execute(
                "SELECT * FROM entries WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY id",
                [_json(missing)],
            )
            for row in rows:
                found.setdefault(row["subject"], []).append(_current_of(row))
        return found

    def project(self, subjects: set[str]) -> None:
        """Write the current values of the subjects into their derived tables."""
        if not subjects:
            return
        batches: dict[str, list[tuple[Any, ...]]] = {}
        stale: dict[str, list[str]] = {}
        kinds: dict[str, Kind] = {}
        for subject, entries in self.current(subjects).items():
            matched = self.registry.match(subject)
            if matched is None:  # a subject of an older release: kept in the journal, derived nowhere
                continue
            kind, groups = matched
            kinds[kind.name] = kind
            stale.setdefault(kind.name, []).append(subject)
            parts = tuple(groups.values())
            batches.setdefault(kind.name, []).extend(
                _derived_row(kind, parts, entry.seq, entry.value, _same(entry.value)) for entry in entries
            )
        for name, kind in kinds.items():
            self.db.execute(
                f"DELETE FROM {kind.table.name}_current WHERE seq IN (SELECT seq FROM entries "
                "WHERE subject IN (SELECT value FROM json_each(?)))",
                [_json(stale[name])],
            )
            self.db.conn.executemany(self._insert_derived[name], batches[name])

    def _project_new(self, entries: Sequence[Placed], after: int) -> None:
        """As ``project``; a subject with one entry alone needs no look at the database: that entry is current."""
        rows = self.db.execute(
            "SELECT subject FROM entries WHERE subject IN (SELECT value FROM json_each(?)) "
            "GROUP BY subject HAVING count(*) > 1",
            [_json([placed.entry.subject for placed in entries])],
        )
        older = {row[0] for row in rows}
        self.project(older)
        batches: dict[str, list[tuple[Any, ...]]] = {}
        for seq, (entry, kind, parts) in enumerate(entries, after + 1):
            if entry.subject not in older:
                same = _digest(comparable(entry.value_bytes, entry.value))
                batches.setdefault(kind.name, []).append(_derived_row(kind, parts, seq, entry.value, same))
        for name, batch in batches.items():
            self.db.conn.executemany(self._insert_derived[name], batch)

    def rebuild(self) -> dict[str, int]:
        """Derive edges and tables anew from the entries alone; never validates. Returns rows per table."""
        with self.db.atomic():
            for kind in self.registry.kinds:
                self.db.execute(f"DROP VIEW IF EXISTS {kind.table.name}")
                self.db.execute(f"DROP TABLE IF EXISTS {kind.table.name}_current")
                _create_table(self.db, kind)
            self.db.execute("DELETE FROM superseded")
            rows = self.db.execute("SELECT subject, supersedes, settled FROM entries WHERE supersedes != '[]'")
            self._add_edges([(target, row[0], row[2]) for row in rows for target in orjson.loads(row[1])])
            subjects = [row[0] for row in self.db.execute("SELECT DISTINCT subject FROM entries")]
            for start in range(0, len(subjects), 1000):
                self.project(set(subjects[start : start + 1000]))
        return {
            kind.table.name: self.db.execute(f"SELECT count(*) FROM {kind.table.name}").fetchone()[0]
            for kind in self.registry.kinds
        }

    def pull(self, scope: str, after: int, limit: int) -> list[dict[str, Any]]:
        """Entries of a scope after a position, in order, as they go over the wire."""
        rows = self.db.execute(
            f"SELECT * FROM entries WHERE {WITHIN} AND seq > ? ORDER BY seq LIMIT ?", [scope, scope, after, limit]
        )
        return [_wire(row) for row in rows]

    def erase(self, entry_id: str) -> str | None:
        """Remove a value for good; header and salted digest stay, so the chain still verifies.

        Returns:
            The subject, or None where there is no such entry.
        """
        row = self.db.execute("SELECT subject FROM entries WHERE id = ?", [entry_id]).fetchone()
        if row is None:
            return None
        self.db.execute("UPDATE entries SET value = NULL, salt = NULL WHERE id = ?", [entry_id])
        self.project({row[0]})
        return str(row[0])


def entry_of(row: Any) -> Entry:
    """The canonical entry of a row of ``entries``."""
    value_text = row["value"]
    return Entry(
        id=row["id"],
        subject=row["subject"],
        v=row["v"],
        value=None if value_text is None else orjson.loads(value_text),
        author=row["author"],
        device=row["device"],
        made_at=row["made_at"],
        supersedes=tuple(orjson.loads(row["supersedes"])),
        value_bytes=b"" if value_text is None else value_text.encode(),
        settled=bool(row["settled"]),
    )


def _row(entry: Entry, receipt: Receipt, salt: bytes, digest: bytes, link_: bytes) -> tuple[Any, ...]:
    return (
        receipt.seq,
        entry.id,
        entry.subject,
        entry.v,
        entry.value_bytes.decode(),
        entry.author,
        entry.device,
        entry.made_at,
        _json(entry.supersedes) if entry.supersedes else "[]",
        entry.settled,
        receipt.received_at,
        receipt.uploader,
        salt,
        digest,
        link_,
    )


def _current_of(row: Any) -> Current:
    return Current(
        row["seq"],
        row["id"],
        row["subject"],
        row["v"],
        None if row["value"] is None else orjson.loads(row["value"]),
        row["author"],
        row["device"],
        row["made_at"],
        row["received_at"],
        bool(row["settled"]),
    )


def _wire(row: Any) -> dict[str, Any]:
    wire = {key: row[key] for key in ("id", "subject", "v", "author", "device", "made_at")}
    wire["value"] = None if row["value"] is None else orjson.loads(row["value"])
    wire["supersedes"] = orjson.loads(row["supersedes"])
    wire |= {key: row[key] for key in ("seq", "received_at", "uploader")}
    if row["value"] is None:
        wire["erased"] = True
    return wire


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


_FACTS = "e.id AS entry, e.author, e.device, e.made_at, e.received_at, e.settled, e.v, e.value"


def _create_table(db: Database, kind: Kind) -> None:
    """The table has what is searched for; the view of the same name adds the entry's own facts and value.

    Nothing is stored twice: a value that was copied into its derived row made commits several times dearer.
    """
    table = f"{kind.table.name}_current"
    parts = "".join(f", {key} TEXT" for key in kind.keys)
    columns = "".join(f", {path.replace('.', '_')} {sql}" for path, sql in kind.table.columns.items())
    db.execute(f"CREATE TABLE {table} (seq INTEGER PRIMARY KEY{parts}{columns}, same BLOB NOT NULL)")
    db.execute(
        f"CREATE VIEW {kind.table.name} AS SELECT e.subject, d.*, {_FACTS} "
        f"FROM {table} d JOIN entries e ON e.seq = d.seq"
    )
    for number, index in enumerate(kind.table.indexes):
        db.execute(f"CREATE INDEX {table}_{number} ON {table} ({', '.join(index)})")


def _insert_statement(kind: Kind) -> str:
    count = 2 + len(kind.keys) + len(kind.table.columns)
    return f"INSERT INTO {kind.table.name}_current VALUES ({', '.join('?' * count)})"


def _derived_row(kind: Kind, parts: tuple[str | None, ...], seq: int, value: object, same: bytes) -> tuple[Any, ...]:
    return (seq, *parts, *(_part(value, path) for path in kind.table.columns), same)


def _same(value: object) -> bytes:
    """Equal for equal values, whatever settled them."""
    return _digest(comparable(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), value))


def _digest(canonical: bytes) -> bytes:
    return sha256(canonical).digest()[:16]


def _part(value: object, path: str) -> object:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


def _fingerprint(registry: Registry) -> str:
    facts = [
        (
            kind.name,
            kind.pattern.pattern,
            kind.table.name,
            list(kind.table.columns.items()),
            kind.table.indexes,
        )
        for kind in registry.kinds
    ]
    return sha256(orjson.dumps([_FACTS, facts])).hexdigest()


def is_disagreement(kind: Kind, entries: Sequence[Current]) -> bool:
    """Two different values of a FIELD subject are a disagreement; two equal ones are none."""
    if kind.subject_class is SubjectClass.OFFICE:
        return False
    return len({_same(entry.value) for entry in entries}) > 1
