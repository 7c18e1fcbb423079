"""Changing accounts: who they are, whether they may sign in, their passwords."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from app.accounts.accounts import set_password
from app.accounts.shapes import Role
from app.database import writing
from app.errors import ConflictError, NotFoundError
from app.identity import SYSTEM, Identity
from app.journal.journal import Journal


class LastAdminError(ConflictError):
    """Without an administrator nobody could add accounts any more."""

    code = "last_admin"


def all_accounts(db: Database) -> list[dict[str, Any]]:
    """Every account, the active ones first, then by name."""
    rows = db.execute(
        "SELECT a.id, a.username, a.name, a.role, a.position, a.active, a.unit, u.name AS unit_name "
        "FROM accounts a LEFT JOIN units u ON u.id = a.unit ORDER BY a.active DESC, a.name, a.id"
    )
    return [dict(row) for row in rows]


def names_of(db: Database) -> dict[str, str]:
    """Shown names by account id, also of accounts that were stopped."""
    names = {row["id"]: row["name"] for row in db.execute("SELECT id, name FROM accounts")}
    return {SYSTEM: "Hệ thống", **names}


def account_of(journal: Journal[Identity], account: str) -> tuple[dict[str, Any], list[str]]:
    """An account's current value and the entry ids it stands in.

    Raises:
        NotFoundError: there is none.
    """
    entries = journal.current(f"account/{account}")
    if not entries or entries[-1].value is None:
        raise NotFoundError("Không có tài khoản này; hãy quay lại danh sách tài khoản.")
    return entries[-1].value, [entry.id for entry in entries]


def change_account(
    journal: Journal[Identity],
    writer: Identity,
    account: str,
    changes: dict[str, Any],
    seen: Sequence[str] | None = None,
) -> None:
    """Write some parts of an account anew.

    Args:
        journal: where to.
        writer: an administrator.
        account: whose.
        changes: parts of the value that become others.
        seen: entry ids that the writer had on the screen; None takes what is current.

    Raises:
        StaleError: somebody else changed the account meanwhile.
        LastAdminError: no active administrator would be left.
    """
    with writing(journal.db):
        value = account_of(journal, account)[0] | changes
        keeps = value["active"] and value["role"] == Role.ADMIN
        if not keeps and not _other_admins(journal.db, account):
            raise LastAdminError(
                "Đây là tài khoản quản trị cuối cùng còn hoạt động; hãy thêm một quản trị khác trước khi đổi."
            )
        journal.write(writer, f"account/{account}", value, supersedes=seen)


def reset_password(journal: Journal[Identity], account: str, password: str) -> None:
    """Give an account another password; all of its sessions end.

    Raises:
        NotFoundError: there is no such account.
        InvalidInputError: too short.
    """
    account_of(journal, account)
    set_password(journal.db, account, password)


def _other_admins(db: Database, account: str) -> int:
    row = db.execute(
        "SELECT count(*) FROM accounts WHERE active AND role = ? AND id != ?", [Role.ADMIN, account]
    ).fetchone()
    return int(row[0])
