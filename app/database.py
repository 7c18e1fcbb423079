"""The one module that opens SQLite: WAL, ``synchronous=FULL``, and explicit ``BEGIN IMMEDIATE`` for writers.

sqlite-utils' own ``atomic()`` starts a deferred transaction, so a read followed by a write from several
threads ends in "database is locked"; ``writing()`` takes the write lock first and readers never wait.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlite_utils import Database

BUSY_TIMEOUT_SECONDS = 30.0


_write_locks: dict[Path, threading.Lock] = {}


class QueueingDatabase(Database):
    """A database whose writers within this process wait in a queue.

    SQLite's own waiting sleeps in steps of up to 100 ms; ten tablets that sync at once spent most of their
    time in it. Other processes (the command line) still meet at SQLite's lock.
    """

    write_lock: threading.Lock


def open_database(path: Path) -> Database:
    """Open (and create) the database of an instance.

    Raises:
        sqlite3.Error: the file is no database or cannot be written.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_SECONDS, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    lock = _write_locks.setdefault(path.resolve(), threading.Lock())
    # sqlite-utils registers its plugins' functions on every Database; we use none and open one per thread.
    db = QueueingDatabase(connection, execute_plugins=False)
    db.write_lock = lock
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    # Folding the log back costs several syncs; every 16 MB is often enough.
    db.execute("PRAGMA wal_autocheckpoint = 4000")
    db.execute("PRAGMA foreign_keys = ON")
    # An erased value must not stay readable in freed pages.
    db.execute("PRAGMA secure_delete = ON")
    return db


@contextmanager
def writing(db: Database) -> Iterator[Database]:
    """One write transaction: all or nothing. Nested use joins the outer one."""
    if db.conn.in_transaction:
        yield db
        return
    with db.write_lock if isinstance(db, QueueingDatabase) else nullcontext():
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.conn.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise
