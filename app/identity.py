"""Whose request this is, and what that account may do in an inspection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlite_utils import Database

from app.accounts.shapes import Role
from app.errors import ForbiddenError
from app.inspections.shapes import DRAFTING, LEADING, Function
from checklists.library import Library, UnknownPackError
from checklists.model import Item

SYSTEM = "system"


@dataclass
class Identity:
    """An account at work. Memberships are read once per request.

    Attributes:
        account: id of the account; ``system`` for the command line.
        role: the account's role.
        name: shown name.
        unit: the inspected unit a ``unit`` account belongs to.
        db: where memberships are read.
        library: the checklists that answers are checked against.
    """

    account: str
    role: Role
    name: str
    db: Database
    unit: str | None = None
    username: str = ""
    library: Callable[[], Library] = Library.load
    _setups: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    _items: dict[str, dict[str, Item]] = field(default_factory=dict)
    _functions: dict[str, frozenset[Function]] = field(default_factory=dict)

    @classmethod
    def system(cls, db: Database) -> Identity:
        """The command line on the server itself."""
        return cls(SYSTEM, Role.ADMIN, "Hệ thống", db)

    def setup(self, inspection: str) -> dict[str, Any] | None:
        """Current setup of an inspection, or None; read once per request."""
        if inspection not in self._setups:
            self._setups[inspection] = self.setup_before_change(inspection)
        return self._setups[inspection]

    def setup_before_change(self, inspection: str) -> dict[str, Any] | None:
        """The setup as it stands now; it is about to change, so what was read before is forgotten."""
        self._setups.pop(inspection, None)
        self._items.pop(inspection, None)
        self._functions.pop(inspection, None)
        row = self.db.execute("SELECT value FROM inspections WHERE inspection = ?", [inspection]).fetchone()
        return orjson.loads(row[0]) if row and row[0] else None

    def campaign(self, campaign: str) -> dict[str, Any] | None:
        """Current value of a campaign, or None."""
        row = self.db.execute("SELECT value FROM campaigns WHERE id = ?", [campaign]).fetchone()
        return orjson.loads(row[0]) if row and row[0] else None

    def role_of(self, account: str) -> Role | None:
        """The role of an active account."""
        if account == self.account:
            return self.role
        row = self.db.execute("SELECT role FROM accounts WHERE id = ? AND active", [account]).fetchone()
        return Role(row[0]) if row else None

    def functions(self, inspection: str) -> frozenset[Function]:
        """This account's functions in an inspection; empty for one who is no member."""
        if inspection not in self._functions:
            self._functions[inspection] = functions_of(self.setup(inspection), self.account)
        return self._functions[inspection]

    def item(self, inspection: str, item_id: str) -> Item | None:
        """An item as the inspection's pinned packs ask it; None where they do not know it."""
        if inspection not in self._items:
            refs = (self.setup(inspection) or {}).get("checklists", ())
            self._items[inspection] = {item.id: item for ref in refs for item in self._items_of(ref)}
        return self._items[inspection].get(item_id)

    def _items_of(self, ref: str) -> tuple[Item, ...]:
        try:
            return self.library().pack(ref).items
        except UnknownPackError:
            return ()

    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    def is_member(self, inspection: str) -> bool:
        return bool(self.functions(inspection))

    def leads(self, inspection: str) -> bool:
        """Trưởng đoàn or phó trưởng đoàn of this inspection."""
        return bool(self.functions(inspection) & LEADING)

    def drafts(self, inspection: str) -> bool:
        """May write the conclusion: leaders and the secretary."""
        return bool(self.functions(inspection) & DRAFTING) or self.is_admin()

    def may_see(self, inspection: str) -> bool:
        """May see the working papers of an inspection: its members, admins."""
        return self.is_admin() or self.is_member(inspection)

    def require(self, allowed: bool, message: str = "") -> None:  # noqa: FBT001 (reads as a sentence)
        """Raise ForbiddenError unless allowed."""
        if not allowed:
            raise ForbiddenError(
                message or "Tài khoản này không có quyền làm việc đó; hãy hỏi trưởng đoàn hoặc quản trị."
            )


def functions_of(setup: dict[str, Any] | None, account: str) -> frozenset[Function]:
    """Functions of an account by an inspection's setup."""
    if setup is None:
        return frozenset()
    return frozenset(
        Function(name)
        for member in setup.get("members", ())
        if member["account"] == account
        for name in member["functions"]
    )
