"""Ordinary tables beside the journal: what must not be in it (password hashes) and what is no statement (files)."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("app")


@migrations()
def m001_credentials(db: Database) -> None:
    """Password hashes; ``epoch`` ends all sessions of an account when it moves."""
    db["credentials"].create(  # type: ignore[union-attr]
        {"account": str, "password": str, "epoch": int}, pk="account", not_null={"password", "epoch"}
    )


@migrations()
def m002_files(db: Database) -> None:
    """Evidence bytes that the instance holds, by their SHA-256."""
    db["files"].create(  # type: ignore[union-attr]
        {"sha256": str, "type": str, "size": int, "uploader": str, "received_at": str},
        pk="sha256",
        not_null={"type", "size", "uploader", "received_at"},
    )


@migrations()
def m003_tablet_reports(db: Database) -> None:
    """What each tablet last reported of each inspection on it; ``holds`` is JSON.

    A row per device: a tablet that comes back with its storage gone has another id, and the old report stays.
    """
    db["tablet_reports"].create(  # type: ignore[union-attr]
        {
            "device": str,
            "inspection": str,
            "account": str,
            "label": str,
            "version": str,
            "persisted": int,
            "free_bytes": int,
            "reported_at": str,
            "holds": str,
        },
        pk=("device", "inspection"),
        not_null={"account", "label", "version", "reported_at", "holds"},
    )
    db["tablet_reports"].create_index(["inspection"])  # type: ignore[union-attr]
