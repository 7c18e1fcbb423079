"""Preparing an inspection: what can be chosen, and the setup that a form makes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from app.accounts.accounts import accounts_with
from app.accounts.manage import names_of
from app.accounts.shapes import Role
from app.errors import InvalidInputError
from app.inspections.progress import asked_items, find_pack
from app.inspections.queries import unit_of
from app.units.shapes import LEVEL_LABELS, Level
from checklists.library import Library
from checklists.model import LEVELS, Pack
from forms.inspections import InspectionForm


@dataclass(frozen=True)
class PackOption:
    """A checklist to choose, with what helps to choose.

    Attributes:
        ref: ``id@version``.
        title: its title.
        area: its field of work.
        main: one of the ten main ones.
        items: number of items.
        core: number of items of the core set.
        levels: labels of the levels that are asked something.
    """

    ref: str
    title: str
    area: str
    main: bool
    items: int
    core: int
    levels: tuple[str, ...]


def pack_options(library: Library, pinned: list[str]) -> list[PackOption]:
    """Every checklist once: in the version that is pinned, else in the latest."""
    by_id = {ref.partition("@")[0]: ref for ref in pinned}
    found = [find_pack(library, by_id.pop(pack.id, pack.ref)) or pack for pack in library.packs()]
    return [_option(pack) for pack in found]


def _option(pack: Pack) -> PackOption:
    levels = tuple(LEVEL_LABELS[Level(level)] for level in LEVELS if any(level in item.levels for item in pack.items))
    core = sum(item.core for item in pack.items)
    return PackOption(pack.ref, pack.title, pack.area, pack.main, len(pack.items), core, levels)


def people_choices(db: Database, setup: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Active accounts of the delegation, and those that are members already."""
    found = {
        account: f"{name} · {position}" if position else name
        for account, name, _, position in accounts_with(db, Role.ADMIN, Role.LEAD, Role.MEMBER)
    }
    for member in setup.get("members", ()):
        found.setdefault(member["account"], f"{member['name']} · tài khoản đã ngừng")
    return list(found.items())


def setup_of(form: InspectionForm, old: Mapping[str, Any], db: Database) -> dict[str, Any]:
    """The setup that a form means; what the form does not show stays as it was."""
    names = names_of(db)
    sites = [row.value(f"noi-{secrets.token_hex(4)}") for row in form.sites.filled()]
    return {**old, **form.value(), "sites": sites, "members": [row.value(names) for row in form.members.filled()]}


def require_useful_packs(library: Library, db: Database, setup: Mapping[str, Any], day: date) -> None:
    """Refuse a checklist that asks a unit of this level nothing.

    Raises:
        InvalidInputError: naming the checklists.
    """
    level = unit_of(db, setup["unit"]).get("level", "")
    packs = [pack for ref in setup["checklists"] if (pack := find_pack(library, ref))]
    useless = [f"«{pack.title}»" for pack in packs if not asked_items(pack, level, day)]
    if useless:
        raise InvalidInputError(f"Bộ phiếu {', '.join(useless)} không có mục nào cho cấp của đơn vị này; hãy bỏ chọn.")
