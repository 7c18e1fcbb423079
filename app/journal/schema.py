"""Tables of the journal. Migrations are append-only: a released one is never edited."""

from __future__ import annotations

import secrets

from sqlite_utils import Database, Migrations

migrations = Migrations("journal")


@migrations()
def m001_entries(db: Database) -> None:
    """Entries with their chain, superseding edges, quarantine, and what names this journal."""
    db.execute("""
        CREATE TABLE entries (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            subject TEXT NOT NULL,
            v INTEGER NOT NULL,
            value TEXT,
            author TEXT NOT NULL,
            device TEXT NOT NULL,
            made_at TEXT NOT NULL,
            supersedes TEXT NOT NULL,
            settled INTEGER NOT NULL,
            received_at TEXT NOT NULL,
            uploader TEXT NOT NULL,
            salt BLOB,
            digest BLOB NOT NULL,
            hash BLOB NOT NULL
        )
    """)
    db.execute("CREATE INDEX entries_subject ON entries (subject)")
    db.execute("""
        CREATE TABLE superseded (
            id TEXT NOT NULL,
            subject TEXT NOT NULL,
            settled INTEGER NOT NULL,
            PRIMARY KEY (id, subject)
        ) WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE quarantine (
            id TEXT NOT NULL,
            uploader TEXT NOT NULL,
            scope TEXT NOT NULL,
            code TEXT NOT NULL,
            message TEXT NOT NULL,
            entry TEXT NOT NULL,
            refused_at TEXT NOT NULL,
            PRIMARY KEY (id, uploader)
        )
    """)
    db.execute("CREATE TABLE journal_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    db.execute("INSERT INTO journal_meta VALUES ('journal_id', ?)", [secrets.token_hex(16)])
