"""Many tablets on one inspection, each with a network that comes and goes: do they all end with the same?

``python -m tests.faults.convergence``; ``TABLETS`` (10), ``SECONDS`` (600), ``SEED``.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.faults import oracle
from tests.faults.acts import PLACES, Act, Person, Record, attempt, draw
from tests.faults.proxy import Proxy
from tests.faults.stage import Stage
from tests.faults.tablet import Chromium, LostError, dump, until
from tests.faults.trial import Ground, Trial, send, synced

FIGURES = Path(__file__).resolve().parents[2] / "build" / "convergence.json"


@dataclass
class Member:
    """One person with a tablet and a way to the server of its own."""

    number: int
    trial: Trial
    proxy: Proxy
    tablet: Chromium
    person: Person


@dataclass
class Outcome:
    """What became of the run."""

    tablets: int
    seconds: int
    acts: int = 0
    partitions: int = 0
    entries: int = 0
    disagreements: int = 0
    faults: list[str] = field(default_factory=list)


def converge(ground: Ground, tablets: int, seconds: float, seed: int) -> Outcome:
    """Work in partitions, then give everybody the network, and compare."""
    rng = random.Random(seed)
    outcome = Outcome(tablets, round(seconds))
    with gathering(ground, tablets, seed) as members:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            member = rng.choice(members)
            if rng.random() < 0.25:
                member.proxy.weather.cut = not member.proxy.weather.cut
                outcome.partitions += 1
            act = Act("sync", PLACES[0]) if rng.random() < 0.2 else draw(rng, rng.choice(PLACES))
            outcome.acts += attempt(member.person, [act])
            if rng.random() < 0.4:
                attempt(member.person, [Act("leave", act.place)])
        come_together(members)
        compare(ground.stage, members, outcome)
    return outcome


@contextmanager
def gathering(ground: Ground, tablets: int, seed: int) -> Iterator[list[Member]]:
    """Everybody signed in, with the inspection taken along."""
    first = Trial(ground, seed, people=tablets)
    members: list[Member] = []
    with ExitStack() as open_:
        open_.enter_context(first.proxy)
        for number in range(tablets):
            proxy = open_.enter_context(ground.stage.proxy())
            record = Record()
            tablet = Chromium(proxy.url, record.claimed, browser=ground.browser)
            open_.callback(tablet.close)
            # Before a tablet has the app, a browser that loses its way tries again by itself and crosses ours.
            first.begin(tablet, number)
            proxy.weather.shuffle = random.Random(seed + number)
            person = Person(tablet, record, first.inspection, random.Random(seed - number - 1))
            members.append(Member(number, first, proxy, tablet, person))
        yield members


def come_together(members: list[Member]) -> None:
    """The network is back for all: drafts become entries, everybody sends, then everybody hears of the rest."""
    for member in members:
        member.proxy.heal()
        member.proxy.weather.shuffle = None
    for turn in range(3):
        for member in members:
            if turn == 0:
                for place in PLACES:
                    member.person.go(place)
                member.person._leave(Act("leave", PLACES[-1]))
            send(member.trial, member.tablet, member.number)
            until(member.tablet, lambda m=member: synced(m.tablet), "not synced")


def compare(stage: Stage, members: list[Member], outcome: Outcome) -> None:
    """The same entries, the same current values, the same disagreements, the same head."""
    inspection = members[0].trial.inspection
    there = stage.entries(inspection)
    outcome.entries = len(there)
    truth = values(there)
    outcome.disagreements = sum(len({json.dumps(v, sort_keys=True) for v in found}) > 1 for found in truth.values())
    heads = set()
    for member in members:
        found = dump(member.tablet)
        assert found is not None
        entries = [entry for entry in found["entries"] if entry["inspection"] == inspection]
        name = f"tablet {member.number}"
        if {entry["id"] for entry in entries} != {entry["id"] for entry in there}:
            outcome.faults.append(f"{name} knows {len(entries)} of {len(there)} entries")
        if values(entries) != truth:
            outcome.faults.append(f"{name} has other current values")
        outcome.faults += [f"{name}: {fault}" for fault in oracle._receipt(found, inspection)]
        outcome.faults += [
            f"{name}: {fault}"
            for fault in oracle.judge_tablet(oracle.read_claims(member.person.record), found, inspection, alone=False)
        ]
        outcome.faults += [f"{name} did not obey: {what}" for what in member.person.stopped]
        heads |= {json.dumps(one["receipt"]["head"]) for one in found["receipts"] if one["inspection"] == inspection}
    if len(heads) != 1:
        outcome.faults.append(f"{len(heads)} heads: {sorted(heads)}")
    outcome.faults += stage.verify()


def values(entries: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Current values of each subject."""
    return {subject: [e["value"] for e in found] for subject, found in sorted(oracle.current(entries).items())}


def main() -> int:
    """One run with figures; non-zero where tablets differ."""
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**8))
    tablets, seconds = int(os.environ.get("TABLETS", "10")), float(os.environ.get("SECONDS", "600"))
    print(f"{tablets} tablets, {seconds:.0f} s, SEED={seed}", flush=True)
    with ExitStack() as open_:
        directory = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="convergence-")))
        stage = open_.enter_context(Stage(directory / "stage"))
        ground = Ground(stage, open_.enter_context(sync_playwright()), directory)
        open_.callback(ground.close)
        try:
            outcome = converge(ground, tablets, seconds, seed)
        except LostError as error:
            outcome = Outcome(tablets, round(seconds), faults=[str(error)])
    for fault in outcome.faults:
        print(f"FAULT: {fault}")
    print(
        f"convergence: {outcome.tablets} tablets, {outcome.acts} acts, {outcome.partitions} partitions begun or ended, "
        f"{outcome.entries} entries, {outcome.disagreements} disagreements equal on all, {len(outcome.faults)} faults"
    )
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps({"seed": seed, **vars(outcome)}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
