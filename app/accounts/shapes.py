"""Values of ``account/<id>`` and ``username/<name>``. Passwords never come near the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.inspections.shapes import Ident, ShortText
from checklists.answers import Shape

USERNAME = r"^[a-z0-9][a-z0-9._-]{1,49}$"


class Role(StrEnum):
    """What an account may do in the installation; functions in one inspection stand in its setup."""

    ADMIN = "admin"
    LEAD = "lead"
    MEMBER = "member"
    CLERK = "clerk"
    UNIT = "unit"
    VIEWER = "viewer"


ROLE_LABELS: dict[Role, str] = {
    Role.ADMIN: "Quản trị",
    Role.LEAD: "Lãnh đạo đoàn",
    Role.MEMBER: "Thành viên đoàn",
    Role.CLERK: "Văn thư",
    Role.UNIT: "Đơn vị được kiểm tra",
    Role.VIEWER: "Người xem",
}


class AccountValue(Shape):
    """A person's account. A ``unit`` account belongs to one inspected unit."""

    username: Annotated[str, Field(pattern=USERNAME)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    role: Role
    position: ShortText = ""
    unit: Ident | None = None
    active: bool = True


class UsernameValue(Shape):
    """A name that is taken; written with empty ``supersedes``, so that only one can have it."""

    account: Ident
