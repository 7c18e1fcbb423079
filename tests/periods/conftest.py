"""A campaign of four units: Sở A and Xã 1 concluded, Xã 2 visited only, Xã 3 not visited."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.application import create_app
from app.conclusions.issue import issue
from app.installation import Installation
from app.papers.registering import register
from tests.campaigns.conftest import campaign_value
from tests.conclusions.conftest import Browser, browser
from tests.conftest import FrozenClock, World, answer_value, make_world

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


def tour(world: World) -> World:
    """The campaign with what was found."""
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


@dataclass(frozen=True)
class Kept:
    """Installations that each test gets a copy of: signing two conclusions anew for each would take seconds."""

    places: dict[str, Path]
    accounts: dict[str, str]

    def copy(self, name: str, to: Path, clock: FrozenClock) -> World:
        shutil.copytree(self.places[name], to)
        return World(Installation(to, clock=clock), clock, dict(self.accounts))


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None) -> Kept:
    folder = tmp_path_factory.mktemp("tours")
    world = tour(make_world(folder / "touring", FrozenClock()))
    world.installation.close()
    found = Kept({name: folder / name for name in ("touring", "toured")}, world.accounts)
    further = found.copy("touring", folder / "toured", FrozenClock())
    conclude(further, "c-1", 1)
    conclude(further, "c-2", 2)
    further.installation.close()
    return found


@pytest.fixture
def touring(kept: Kept, tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    world = kept.copy("touring", tmp_path / "instance", clock)
    yield world
    world.installation.close()


@pytest.fixture
def toured(kept: Kept, tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    world = kept.copy("toured", tmp_path / "instance", clock)
    yield world
    world.installation.close()


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Flask:
    """The application over the installation that the test has."""
    world: World = request.getfixturevalue("toured" if "toured" in request.fixturenames else "touring")
    application = create_app(world.installation)
    application.config["TESTING"] = True
    return application
