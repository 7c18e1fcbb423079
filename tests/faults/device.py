"""Faults of the tablet itself: killed, full, wiped, two tabs at once, a wrong clock, a new version in mid-work."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.tablets.outstanding import outstanding_of
from hatch_build import STATIC
from tests.builds import another_build
from tests.faults.acts import PLACES, Act, Place, attempt, photo
from tests.faults.network import Kind, mend, try_to_send
from tests.faults.page import DATABASE
from tests.faults.proxy import Rule
from tests.faults.tablet import Chromium, ImpossibleError, LostError, Tablet, dump, move, until
from tests.faults.trial import Ground, Trial

# The shell takes 0.6 MB of it; what is left holds a few photos.
QUOTA_BYTES = 2_000_000
DISK_BYTES = 48 * 1024 * 1024
CLOCK = """(() => {
  const Real = Date;
  const shift = () => Number(localStorage.getItem("shift") ?? 0);
  globalThis.Date = class extends Real {
    constructor(...parts) { if (parts.length > 0) super(...parts); else super(Real.now() + shift()); }
    static now() { return Real.now() + shift(); }
  };
})()"""
DELETE = f"""() => new Promise((done) => {{
  const asked = indexedDB.deleteDatabase("{DATABASE}");
  asked.onsuccess = asked.onerror = () => done(true);
}})"""
# Another page wants a newer shape of the store and then thinks better of it: the app's connection is closed meanwhile.
CLOSE = f"""() => new Promise(async (done) => {{
  const [{{ version }}] = (await indexedDB.databases()).filter(({{ name }}) => name === "{DATABASE}");
  const asked = indexedDB.open("{DATABASE}", version + 1);
  asked.onupgradeneeded = () => asked.transaction.abort();
  asked.onsuccess = asked.onerror = () => done(true);
}})"""


# ---- killed


def killed(browser: str) -> Kind:
    """SIGKILL of the whole browser while the person works; the network is there, or not."""

    def trial(ground: Ground, seed: int) -> Trial:
        made = Trial(ground, seed, persistent=True, browser=browser)
        with made.running() as tablet:
            made.begin(tablet)
            if made.rng.random() < 0.5:
                made.proxy.spoil(Rule("all", "drop_request"))
            kill_amid(made, tablet, made.script(8, 14), made.rng.uniform(0.05, 1.5))
            reopen(made, tablet)
        return made

    return trial


def killed_at_the_camera(browser: str) -> Kind:
    """SIGKILL while photos are being taken in: after the file has been chosen, before, or as it is stored."""

    def trial(ground: Ground, seed: int) -> Trial:
        made = Trial(ground, seed, persistent=True, browser=browser)
        with made.running() as tablet:
            made.begin(tablet)
            place = made.rng.choice(PLACES)
            attempt(made.person(tablet), made.script(1, 2))
            acts = [shot(made, place, big=made.rng.random() < 0.5) for _ in range(made.rng.randint(2, 5))]
            if browser == "chromium" and made.rng.random() < 0.6:
                acts = [Act("shoot", place) for _ in acts]
            kill_amid(made, tablet, acts, made.rng.uniform(0.0, 1.5 if acts[0].kind == "shoot" else 0.6))
            reopen(made, tablet)
        return made

    return trial


def shot(trial: Trial, place: Place, *, big: bool) -> Act:
    """A photo that is taken at a place."""
    content = photo(trial.rng, big=big)
    return Act("photo", place, sha256(content).hexdigest(), content)


def kill_amid(trial: Trial, tablet: Tablet, acts: list[Act], after: float) -> None:
    """Do acts; a timer kills the browser at its moment, whatever is going on."""
    trial.may_stop = True
    timer = threading.Timer(after, tablet.kill)
    timer.start()
    attempt(trial.person(tablet), acts)
    timer.join()
    tablet.close()


def reopen(trial: Trial, tablet: Tablet) -> None:
    """Start the killed browser anew, without a network at first."""
    trial.before_mending()
    tablet.open(f"/field/inspection/{trial.inspection}")
    until(tablet, lambda: tablet.count("sync-status"), "the workspace does not start after the kill", 15)
    trial.survived(tablet)
    trial.proxy.heal()
    trial.finish(tablet)


# ---- no room


def quota_full(ground: Ground, seed: int) -> Trial:
    """The browser gives no more room; later it does."""
    trial = Trial(ground, seed)
    with trial.running() as tablet:
        tablet.quota = QUOTA_BYTES
        trial.begin(tablet)
        work_while_full(trial, tablet, photos_between(trial, trial.script(5, 10)))
        trial.before_mending()
        tablet.limit(None)
        mend(trial, tablet)
    return trial


def photos_between(trial: Trial, acts: list[Act]) -> list[Act]:
    """The acts with big photos among them."""
    mixed: list[Act] = []
    for act in acts:
        mixed += [act, shot(trial, act.place, big=True)]
    return mixed


@contextmanager
def small_disk(directory: Path) -> Iterator[Path]:
    """A disk of its own for a profile. Raises ImpossibleError where mounting is not allowed."""
    directory.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(directory)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        raise ImpossibleError("a disk that can be filled is mounted, which only root may, and not in every container")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "-l", str(directory)], check=False, capture_output=True)


def disk_full(ground: Ground, seed: int) -> Trial:
    """The disk itself is full to the last byte; later something is removed from it."""
    trial = Trial(ground, seed, persistent=True)
    with small_disk(trial.profile), trial.running() as tablet:
        trial.begin(tablet)
        acts = trial.script(5, 10)
        moment = trial.rng.randrange(3)
        attempt(trial.person(tablet), acts[:moment])
        filler = trial.profile / "other-people's-photos"
        fill_up(filler)
        work_while_full(trial, tablet, photos_between(trial, acts[moment:]))
        trial.before_mending()
        filler.unlink()
        mend(trial, tablet)
    return trial


def fill_up(filler: Path) -> None:
    """Write until the disk takes no more."""
    with filler.open("wb", buffering=0) as stream:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    stream.write(b"\0" * size)


def work_while_full(trial: Trial, tablet: Chromium, acts: list[Act]) -> None:
    """Work on; what is not kept must be said loudly, and the person stays where it happened."""
    trial.may_stop = True
    attempt(trial.person(tablet), acts)


# ---- the clock


def clock_moved(ground: Ground, seed: int) -> Trial:
    """The tablet's clock jumps by days, forwards or back, once or twice in the work."""
    trial = Trial(ground, seed)
    with trial.running() as tablet:
        tablet.scripts.append(CLOCK)
        trial.begin(tablet)
        acts = trial.script(5, 10)
        for part in (acts[:2], acts[2:5], acts[5:]):
            days = trial.rng.choice([-400, -30, -1, 1, 30, 400])
            tablet.evaluate("(ms) => localStorage.setItem('shift', ms)", str(days * 86_400_000))
            attempt(trial.person(tablet), part)
        trial.before_mending()
        mend(trial, tablet)
    return trial


# ---- the store closed or wiped


def store_closed(ground: Ground, seed: int) -> Trial:
    """The store's connection is taken away under the app, again and again."""
    trial = Trial(ground, seed)
    with trial.running() as tablet:
        trial.begin(tablet)
        assert tablet.context is not None
        other = tablet.context.new_page()
        other.goto(f"{trial.proxy.url}/healthz")
        tablet.front()
        for act in trial.script(5, 10):
            if trial.rng.random() < 0.6:
                other.evaluate(CLOSE)
            attempt(trial.person(tablet), [act])
        trial.before_mending()
        other.close()
        mend(trial, tablet)
    return trial


def evicted(ground: Ground, seed: int) -> Trial:
    """The browser clears the store while the workspace is closed; only the cookies are left.

    What had not been sent is gone, and nobody can bring it back. So the tablet must say so, the lead's screen
    must name what it had last reported, and the tablet must be fit for work again.
    """
    trial = Trial(ground, seed)
    with trial.running() as tablet:
        trial.begin(tablet)
        attempt(trial.person(tablet), trial.script(2, 4))
        trial.proxy.spoil(Rule("push", "status", status=503), Rule("evidence", "status", status=503))
        attempt(trial.person(tablet), trial.script(3, 6))
        for place in PLACES:
            attempt(trial.person(tablet), [Act("leave", place)])
        try_to_send(trial, tablet)
        before = dump(tablet)
        assert before is not None
        wipe(trial, tablet)
        expect_named(trial, before)
        trial.record.log.clear()
        trial.proxy.heal()
        tablet.open()
        until(tablet, lambda: tablet.count("wiped"), "the tablet does not say that its store was cleared")
        until(tablet, lambda: tablet.count("take"), "no list after the eviction")
        tablet.click("take")
        until(tablet, lambda: tablet.count("taken"), "not taken along again")
        attempt(trial.person(tablet), trial.script(3, 6))
        trial.before_mending()
        expect_named(trial, before)
        mend(trial, tablet)
    return trial


def wipe(trial: Trial, tablet: Chromium) -> None:
    """Delete the store from another page, with the workspace closed."""
    assert tablet.context is not None
    other = tablet.context.new_page()
    other.goto(f"{trial.proxy.url}/healthz")
    assert tablet.page is not None
    tablet.page.close()
    tablet.page = None
    other.evaluate(DELETE)
    other.close()


def expect_named(trial: Trial, before: dict[str, Any]) -> None:
    """The lead's screen names as much as was on the tablet alone."""
    installation = trial.stage.installation
    setup = trial.stage.current(f"inspection/{trial.inspection}/setup")[0]
    tablets = outstanding_of(installation, trial.inspection, setup).tablets
    entries = [one for one in before["entries"] if one["inspection"] == trial.inspection and one["state"] == "saved"]
    photos = [one for one in before["evidence"] if one["state"] == "saved"]
    devices = {one["device"] for one in entries}
    old = [tablet for tablet in tablets if tablet.device in devices]
    named = (sum(tablet.entries for tablet in old), sum(tablet.photos for tablet in old))
    if named != (len(entries), len(photos)):
        trial.faults.append(f"the lead sees {named} of {(len(entries), len(photos))} entries and photos that are gone")


def wiped_while_open(ground: Ground, seed: int) -> Trial:
    """The store is cleared under the open workspace: what stands in memory is written again, and the tablet says so."""
    trial = Trial(ground, seed)
    with trial.running() as tablet:
        trial.begin(tablet)
        trial.proxy.spoil(Rule("push", "drop_request"))
        # The bytes of photos are in the store alone; of them the kind before this one tells.
        acts = [act for act in trial.script(6, 10) if act.kind != "photo"]
        moment = trial.rng.randrange(1, max(2, len(acts)))
        attempt(trial.person(tablet), acts[:moment])
        assert tablet.context is not None
        other = tablet.context.new_page()
        other.goto(f"{trial.proxy.url}/healthz")
        other.evaluate(DELETE)
        other.close()
        move(tablet, f"/field/inspection/{trial.inspection}/sync")
        until(tablet, lambda: tablet.count("sync-now"), "no screen of the sending")
        tablet.click("sync-now")
        until(tablet, lambda: tablet.count("wiped"), "the tablet does not say that its store was cleared")
        attempt(trial.person(tablet), acts[moment:])
        trial.before_mending()
        trial.proxy.heal()
        mend(trial, tablet)
    return trial


# ---- two tabs


def two_tabs(ground: Ground, seed: int) -> Trial:
    """One person works in two tabs of one tablet, by turns and on the same places."""
    trial = Trial(ground, seed)
    trial.alone = False
    with trial.running() as tablet:
        trial.begin(tablet)
        second = Chromium(trial.proxy.url, trial.record.claimed)
        second.context = tablet.context
        second.open(f"/field/inspection/{trial.inspection}")
        until(second, lambda: second.count("sync-status"), "no second tab")
        people = [trial.person(tablet), trial.person(second)]
        for act in trial.script(6, 12):
            person = trial.rng.choice(people)
            person.tablet.front()  # type: ignore[attr-defined]
            attempt(person, [act])
        for person in people:
            person.tablet.front()  # type: ignore[attr-defined]
            attempt(person, [Act("leave", PLACES[0])])
        trial.before_mending()
        second.page.close()  # type: ignore[union-attr]
        mend(trial, tablet)
    return trial


# ---- names


def decomposed_names(ground: Ground, seed: int) -> Trial:
    """Texts and file names arrive in decomposed letters, as some keyboards and disks give them."""
    trial = Trial(ground, seed, decomposed=True)
    return _plainly(trial)


def _plainly(trial: Trial) -> Trial:
    with trial.running() as tablet:
        trial.begin(tablet)
        attempt(trial.person(tablet), trial.script(5, 10))
        trial.before_mending()
        mend(trial, tablet)
    return trial


# ---- a new version


def deployed() -> dict[str, tuple[str, bytes]]:
    """The present build under other names, as the proxy serves it."""
    types = {".html": "text/html", ".js": "text/javascript", ".json": "application/json"}
    build = another_build(STATIC, "newer")
    build["index.html"] = build["index.html"].replace("<html", '<html data-build="newer"')
    files = {f"/field/assets/{name}": (types[Path(name).suffix], text.encode()) for name, text in build.items()}
    files["/field/"] = files.pop("/field/assets/index.html")
    files["/field/sw.js"] = files.pop("/field/assets/sw.js")
    return files


def updated(ground: Ground, seed: int) -> Trial:
    """A new version is deployed in mid-work; the person taps, some time."""
    trial = Trial(ground, seed)
    with trial.running() as tablet:
        trial.begin(tablet)
        acts = trial.script(5, 10)
        moment = trial.rng.randrange(1, len(acts))
        attempt(trial.person(tablet), acts[:moment])
        trial.proxy.weather.files = deployed()
        tablet.evaluate(
            "() => navigator.serviceWorker.getRegistration('/field/').then((r) => r.update()).then(() => 1)"
        )
        until(tablet, lambda: tablet.count("update"), "no offer of the new version", 15)
        attempt(trial.person(tablet), acts[moment:])
        tablet.click("update")
        until(tablet, lambda: is_newer(tablet), "the new version does not start", 15)
        trial.before_mending()
        mend(trial, tablet)
    return trial


def is_newer(tablet: Tablet) -> bool:
    """Whether the other build is what runs."""
    try:
        return bool(tablet.evaluate("() => document.documentElement.dataset.build === 'newer'"))
    except LostError:
        return False


DEVICE: dict[str, Kind] = {
    "killed": killed("chromium"),
    "killed_camera": killed_at_the_camera("chromium"),
    "webkit_killed": killed("webkit"),
    "webkit_killed_camera": killed_at_the_camera("webkit"),
    "quota_full": quota_full,
    "disk_full": disk_full,
    "clock_moved": clock_moved,
    "store_closed": store_closed,
    "evicted": evicted,
    "wiped_while_open": wiped_while_open,
    "two_tabs": two_tabs,
    "nfd_names": decomposed_names,
    "updated": updated,
}
