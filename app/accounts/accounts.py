"""Accounts: adding, finding, passwords (argon2id), sessions that can be ended."""

from __future__ import annotations

import unicodedata
from functools import cache

import uuid_utils
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlite_utils import Database

from app.accounts.shapes import Role
from app.database import writing
from app.errors import InvalidInputError, KiemtraError
from app.identity import Identity
from app.journal.journal import Journal, StaleError

MIN_PASSWORD = 8


class WrongPasswordError(KiemtraError):
    """Name or password is wrong; which of them is not said."""

    code = "wrong_password"
    status = 401

    def __init__(self) -> None:
        super().__init__("Tên đăng nhập hoặc mật khẩu không đúng; hãy nhập lại hoặc nhờ quản trị đặt lại mật khẩu.")


def add_account(  # noqa: PLR0913 (the account's own fields)
    journal: Journal[Identity],
    writer: Identity,
    *,
    username: str,
    password: str,
    role: str,
    name: str = "",
    position: str = "",
    unit: str | None = None,
) -> str:
    """Make an account and return its id.

    Raises:
        InvalidInputError: name taken, bad name, short password, unknown role.
    """
    username = unicodedata.normalize("NFC", username).strip().lower()
    _check_password(password)
    if role not in set(Role):
        raise InvalidInputError(f"Vai trò «{role}» không có; hãy chọn một trong: {', '.join(Role)}.")
    account = str(uuid_utils.uuid7())
    hashed = hasher().hash(unicodedata.normalize("NFC", password))
    value = {
        "username": username,
        "name": name or username,
        "role": Role(role).value,
        "position": position,
        "unit": unit,
    }
    with writing(journal.db):
        journal.write(writer, f"account/{account}", {**value, "active": True})
        try:
            journal.write(writer, f"username/{username}", {"account": account}, supersedes=[])
        except StaleError as error:
            raise InvalidInputError(f"Tên đăng nhập «{username}» đã có người dùng; hãy chọn tên khác.") from error
        journal.db.execute("INSERT INTO credentials VALUES (?, ?, 1)", [account, hashed])
    return account


def set_password(db: Database, account: str, password: str) -> None:
    """Set a password and end all sessions of the account."""
    _check_password(password)
    hashed = hasher().hash(unicodedata.normalize("NFC", password))
    with writing(db):
        db.execute("UPDATE credentials SET password = ?, epoch = epoch + 1 WHERE account = ?", [hashed, account])


def sign_in(db: Database, username: str, password: str) -> tuple[Identity, int]:
    """Check name and password; returns the identity and the session epoch.

    Raises:
        WrongPasswordError: also for inactive accounts. The time taken does not tell which.
    """
    row = db.execute(
        "SELECT a.id, a.active, c.password FROM usernames u JOIN accounts a ON a.id = u.account "
        "JOIN credentials c ON c.account = a.id WHERE u.username = ?",
        [unicodedata.normalize("NFC", username).strip().lower()],
    ).fetchone()
    matches = _matches(row["password"] if row else _decoy(), password)
    if row is None or not matches or not row["active"]:
        raise WrongPasswordError
    found = identity_of(db, row["id"])
    if found is None:
        raise WrongPasswordError
    return found


def identity_of(db: Database, account: str) -> tuple[Identity, int] | None:
    """The identity and session epoch of an active account."""
    row = db.execute(
        "SELECT a.*, c.epoch FROM accounts a JOIN credentials c ON c.account = a.id WHERE a.id = ? AND a.active",
        [account],
    ).fetchone()
    if row is None:
        return None
    identity = Identity(account, Role(row["role"]), row["name"], db, unit=row["unit"], username=row["username"])
    return identity, row["epoch"]


def accounts_with(db: Database, *roles: Role) -> list[tuple[str, str, str, str]]:
    """Active accounts of some roles: (id, name, role, position), by name."""
    rows = db.execute(
        f"SELECT id, name, role, position FROM accounts WHERE active AND role IN ({', '.join('?' * len(roles))}) "
        "ORDER BY name, id",
        list(roles),
    )
    return [(row["id"], row["name"], row["role"], row["position"] or "") for row in rows]


@cache
def hasher() -> PasswordHasher:
    """Argon2id with the library's parameters (RFC 9106, low memory)."""
    return PasswordHasher()


@cache
def _decoy() -> str:
    return hasher().hash("không ai dùng mật khẩu này")


def _matches(hashed: str, password: str) -> bool:
    try:
        return hasher().verify(hashed, unicodedata.normalize("NFC", password))
    except (VerificationError, InvalidHashError):
        return False


def _check_password(password: str) -> None:
    if len(password) < MIN_PASSWORD:
        raise InvalidInputError(f"Mật khẩu phải có ít nhất {MIN_PASSWORD} ký tự; hãy đặt mật khẩu dài hơn.")
