"""Kinds of accounts: administrators write them; nobody may deactivate the last administrator."""

from __future__ import annotations

import re

from app.accounts.shapes import AccountValue, UsernameValue
from app.identity import Identity
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table

IDENT = r"[a-z0-9][a-z0-9-]{0,63}"


def _by_admin(writer: Identity, entry: Entry, _groups: Groups) -> None:
    writer.require(writer.is_admin() and entry.author == writer.account)


KINDS = (
    Kind(
        name="account",
        pattern=re.compile(rf"account/(?P<id>{IDENT})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: AccountValue},
        may_write=_by_admin,
        table=Table(
            "accounts",
            {
                "username": "TEXT",
                "name": "TEXT",
                "role": "TEXT",
                "position": "TEXT",
                "unit": "TEXT",
                "active": "INTEGER",
            },
            (("id",), ("username",)),
        ),
        withdrawable=False,
    ),
    Kind(
        name="username",
        pattern=re.compile(r"username/(?P<username>[a-z0-9][a-z0-9._-]{1,49})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: UsernameValue},
        may_write=_by_admin,
        table=Table("usernames", {"account": "TEXT"}, (("account",),)),
    ),
)
