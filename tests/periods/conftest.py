"""A campaign of four units: Sở A and Xã 1 concluded, Xã 2 visited only, Xã 3 not visited."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.conclusions.issue import issue
from app.papers.registering import register
from tests.campaigns.conftest import campaign_value
from tests.conclusions.conftest import Browser, browser
from tests.conftest import World, answer_value

__all__ = ["Browser", "browser"]

LATE, HOTLINE = "ho-so.tre-han-tren-phan-mem", "duong-day-nong.co-niem-yet"
PACKS = ["ho-so@1", "duong-day-nong@1"]
DAY = date(2026, 11, 21)


def late(*readings: tuple[str, str]) -> dict[str, Any]:
    return answer_value(
        "chua_dat", figures={"tre_han": [{"value": value, "source": source} for value, source in readings]}
    )


def conclude(world: World, inspection: str, number: int) -> str:
    """The conclusion signed and put into the register; its id."""
    issued = issue(world.installation, inspection, world.who("an"))
    register(world.installation, inspection, issued.document, world.who("van"), number=number, issued_on=DAY)
    return issued.document


@pytest.fixture
def touring(world: World) -> World:
    world.add("van", "clerk")
    world.add("xem", "viewer")
    world.add("khac", "lead")
    world.add("dv", "unit", unit="xa-1")
    journal, system, an = world.installation.journal(), world.system(), world.who("an")
    for number in (1, 2, 3):
        journal.write(system, f"unit/xa-{number}", {"name": f"UBND xã {number}", "level": "xa"})
    decision = {"number": "09/QĐ-UBND", "date": "2026-10-01", "issuer": "Chủ tịch UBND tỉnh"}
    journal.write(system, "campaign/dot-1", campaign_value(world, checklists=PACKS, decision=decision))
    body = {**journal.value("issuer/doan"), "symbols": {"TB": "TB-ĐKT", "BC": "BC-ĐKT", "CV": "CV-ĐKT"}}
    journal.write(system, "issuer/doan", body)
    for inspection, unit, day in (("c-1", "so-a", 18), ("c-2", "xa-1", 19), ("c-3", "xa-2", 20)):
        world.setup(inspection, unit=unit, dates=[f"2026-11-{day}"], campaign="dot-1", checklists=PACKS)
    journal.write(an, f"inspection/c-1/answer/{LATE}", late(("3", "phan_mem"), ("3", "bao_cao")))
    journal.write(an, f"inspection/c-1/answer/{HOTLINE}", answer_value())
    journal.write(an, f"inspection/c-2/answer/{LATE}", late(("5", "phan_mem"), ("7", "bao_cao")))
    journal.write(an, f"inspection/c-2/answer/{HOTLINE}", answer_value())
    journal.write(an, f"inspection/c-3/answer/{LATE}", late(("9", "phan_mem")))
    return world


@pytest.fixture
def toured(touring: World) -> World:
    conclude(touring, "c-1", 1)
    conclude(touring, "c-2", 2)
    return touring
