"""One trial: a seed, a person at a tablet, one fault at a chance moment, recovery, judgement."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Playwright

from tests.browser.field_kit import CHROMIUM, SYNCED
from tests.browsers import kill_browsers, patience
from tests.conftest import PASSWORD
from tests.faults import oracle
from tests.faults.acts import PLACES, Act, Person, Record, script
from tests.faults.page import WORKING
from tests.faults.proxy import Proxy
from tests.faults.stage import Case, Stage
from tests.faults.tablet import Chromium, ImpossibleError, LostError, Tablet, dump, snapshot, until
from tests.faults.webkit import WebKit, display, missing

PATIENCE_SECONDS = 100.0


@dataclass
class Ground:
    """What trials of one worker share."""

    stage: Stage
    playwright: Playwright
    directory: Path
    _browser: Browser | None = None
    _screen: str = ""
    _open: ExitStack = field(default_factory=ExitStack)
    latest: Trial | None = None

    @property
    def browser(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self._browser = self.playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
        return self._browser

    @property
    def screen(self) -> str:
        """A display for WebKit's windows. Raises ImpossibleError where WebKit is not installed."""
        if missing():
            raise ImpossibleError(missing())
        if not self._screen:
            self._screen = self._open.enter_context(display())
        return self._screen

    def renew(self) -> None:
        """The next trial gets a new browser: a fault may have been this one's."""
        kill_browsers()
        self._browser = None

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()
        self._open.close()


@dataclass
class Trial:
    """Everything that one trial has at hand."""

    ground: Ground
    seed: int
    persistent: bool = False
    browser: str = "chromium"
    people: int = 1
    decomposed: bool = False
    record: Record = field(default_factory=Record)
    faults: list[str] = field(default_factory=list)
    alone: bool = True
    """Whether one person alone answers at one screen: the last acknowledged value must then stand."""
    may_stop: bool = False
    """Whether the fault may keep the person from going on: then the screen must say why."""
    stopped: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ground.latest = self
        self.rng = random.Random(self.seed)
        self.case: Case = self.ground.stage.case(self.people)
        self.proxy: Proxy = self.ground.stage.proxy()
        self.profile = self.ground.directory / f"profile-{self.seed}"

    @property
    def stage(self) -> Stage:
        return self.ground.stage

    @property
    def inspection(self) -> str:
        return self.case.inspection

    @contextmanager
    def running(self) -> Iterator[Chromium]:
        """A tablet of this trial; everything is gone afterwards."""
        with self.proxy:
            tablet = self._tablet()
            try:
                yield tablet
            finally:
                tablet.close()
                shutil.rmtree(self.profile, ignore_errors=True)

    def _tablet(self) -> Any:
        """A Chromium knows tricks that WebKit has no way for; what both can do is in ``Tablet``."""
        if self.browser == "webkit":
            return WebKit(self.proxy.url, self.record.claimed, self.profile, self.ground.screen)
        if self.persistent:
            where = {"playwright": self.ground.playwright, "profile": self.profile}
            return Chromium(self.proxy.url, self.record.claimed, **where)
        return Chromium(self.proxy.url, self.record.claimed, browser=self.ground.browser)

    def person(self, tablet: Tablet) -> Person:
        person = Person(tablet, self.record, self.inspection, self.rng)
        person.stopped = self.stopped
        return person

    def script(self, least: int = 4, most: int = 9) -> list[Act]:
        return script(self.rng, self.rng.randint(least, most), decomposed=self.decomposed)

    # The ways into and out of a trial.

    @property
    def bites(self) -> int:
        """How often the fault was felt: requests spoiled, alarms shown, a person stopped."""
        hits = sum(rule.hits for rule in self.proxy.spoiled)
        return hits + sum(bool(claim.get("alarm")) for claim in self.record.claims()) + len(self.stopped)

    def begin(self, tablet: Tablet, who: int = 0) -> None:
        """Sign in, take the inspection along, and go to work."""
        tablet.open()
        until(tablet, lambda: tablet.count("signin"), "no sign-in")
        sign_in(tablet, self.case.people[who])
        until(tablet, lambda: tablet.count("take"), "no inspection in the list")
        tablet.click("take")
        until(tablet, lambda: tablet.count("taken"), "not taken along")
        until(tablet, lambda: synced(tablet), "not synced at first")
        tablet.evaluate(WORKING)

    def before_mending(self) -> None:
        """What the screen called sent must be so at that very moment."""
        claims = oracle.read_claims(self.record)
        self.faults += oracle.judge_claims_of_sending(self.stage, claims, self.inspection)

    def survived(self, tablet: Tablet) -> None:
        """The tablet's store and its screen still have what was acknowledged, before any sending."""
        claims = oracle.read_claims(self.record)
        self.faults += oracle.judge_tablet(claims, dump(tablet), self.inspection, alone=self.alone)

    def finish(self, tablet: Tablet, who: int = 0) -> None:
        """Leave every place, so that drafts become entries; send; compare with the server."""
        person = self.person(tablet)
        until(tablet, lambda: tablet.count("sync-status") + tablet.count("signin"), "the workspace does not start")
        if tablet.count("signin"):
            sign_in(tablet, self.case.people[who])
        for place in PLACES:
            person.go(place)
        person._leave(Act("leave", PLACES[-1]))
        send(self, tablet, who)
        found = dump(tablet)
        assert found is not None
        if not self.may_stop:
            self.faults += [f"the workspace did not obey: {what}" for what in self.stopped]
        self.faults += [f"a draft stays: {draft['subject']}" for draft in found["drafts"]]
        self.faults += oracle.judge_server(self.stage, self.record, found, self.inspection)
        claims = oracle.read_claims(self.record)
        self.faults += oracle.judge_tablet(claims, found, self.inspection, alone=self.alone)


def sign_in(tablet: Tablet, username: str) -> None:
    tablet.fill("username", username)
    tablet.fill("password", PASSWORD)
    tablet.click("signin")
    until(tablet, lambda: not tablet.count("signin"), "not signed in")


def synced(tablet: Tablet) -> bool:
    return snapshot(tablet).get("sync") == SYNCED


def send(trial: Trial, tablet: Tablet, who: int = 0) -> None:
    """Sync as a person would: sign in again where asked, send again what was refused."""
    person = trial.person(tablet)
    for _ in range(6):
        person._sync(Act("sync", PLACES[0]))
        until(tablet, lambda: "Đang gửi" not in (snapshot(tablet).get("sync") or ""), "the sending does not end", 30)
        if tablet.count("sign-in-again"):
            tablet.click("sign-in-again")
            sign_in(tablet, trial.case.people[who])
        elif tablet.count("send-refused"):
            tablet.click("send-refused")
            until(tablet, lambda: not tablet.count("send-refused"), "still refused")
        elif synced(tablet):
            return
    raise LostError(f"never sent all: {snapshot(tablet)}")


@dataclass
class Result:
    """What became of a trial."""

    kind: str
    seed: int
    faults: list[str]
    seconds: float
    claims: int
    bites: int
    skipped: str = ""
    """Why the fault cannot be made on this machine."""


def run(ground: Ground, kind: str, seed: int, how: Callable[[Ground, int], Trial]) -> Result:
    """Run one trial; an error of the trial itself is a fault too."""
    began = time.monotonic()
    ground.latest = None
    faults: list[str] = []
    skipped = ""
    try:
        with patience(PATIENCE_SECONDS):
            how(ground, seed)
    except ImpossibleError as reason:
        skipped = str(reason)
    except (LostError, AssertionError, Error) as error:
        faults = [f"{type(error).__name__}: {error}"]
        ground.renew()
    seconds = time.monotonic() - began
    trial = ground.latest
    if trial is None or skipped:
        return Result(kind, seed, faults, seconds, 0, 0, skipped)
    claims = oracle.read_claims(trial.record).count
    return Result(kind, seed, [*trial.faults, *faults], seconds, claims, trial.bites)
