"""A campaign of An's delegation, in which An leads and Bình is a member; Chi is no part of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import World, make_entry

Opening = Callable[..., dict[str, Any]]


def campaign_value(world: World, **changes: Any) -> dict[str, Any]:
    member = {"account": world.accounts["binh"], "name": "Bình", "functions": ["thanh_vien"]}
    return {
        "title": "Kiểm tra CCHC năm 2026",
        "year": 2026,
        "issuer": "doan",
        "levels": ["xa"],
        "units": ["so-a"],
        "members": [{"account": world.accounts["an"], "name": "An", "functions": ["truong_doan"]}, member],
        "checklists": ["niem-yet@1", "ho-so@1"],
        **changes,
    }


def setup_value(world: World, by: str = "an", **changes: Any) -> dict[str, Any]:
    """A setup as a tablet makes it."""
    names = {"an": ["truong_doan"], "binh": ["thanh_vien"]}
    return {
        "title": "Kiểm tra CCHC năm 2026",
        "unit": "xa-1",
        "issuer": "doan",
        "kind": "dot_xuat",
        "dates": ["2026-11-22"],
        "members": [
            {"account": world.accounts[name], "name": name, "functions": functions} for name, functions in names.items()
        ],
        "checklists": ["niem-yet@1"],
        "campaign": "dot-1",
        "opened": {"at": "2026-11-22T01:00:00.000Z", "by": world.accounts[by]},
        **changes,
    }


@pytest.fixture
def opening() -> Opening:
    """The entry of an opening in the field."""

    def make(world: World, by: str = "an", /, inspection: str = "moi-1", **changes: Any) -> dict[str, Any]:
        return make_entry(f"inspection/{inspection}/setup", setup_value(world, by, **changes), world.accounts[by])

    return make


@pytest.fixture
def campaign(world: World) -> str:
    journal, system = world.installation.journal(), world.system()
    for number in (1, 2):
        journal.write(system, f"unit/xa-{number}", {"name": f"Xã {number}", "level": "xa"})
    journal.write(system, "campaign/dot-1", campaign_value(world))
    return "dot-1"
