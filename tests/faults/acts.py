"""What people do at a tablet, drawn by chance from a seed, and the record of what the screen claimed of it."""

from __future__ import annotations

import io
import random
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from PIL import Image

from tests.faults.tablet import LostError, Tablet, move, snapshot, until

ITEM = "niem-yet.tthc-du-so-luong"
CLASSES = "dao-tao.lop-tap-huan-cchc"
VERDICTS = ("dat", "dat_mot_phan", "chua_dat")
WORDS = ("Bảng niêm yết", "hồ sơ trễ hạn", "công chức một cửa", "phiếu hẹn trả", "quyết định công bố")
SETTLED = {"draft", "saved", "sent", "received", "pulled", "refused", "none"}


@dataclass(frozen=True)
class Place:
    """Where something is answered, and the figure that is counted there."""

    item: str
    site: str
    figure: str

    @property
    def key(self) -> str:
        return f"{self.item}@{self.site}" if self.site else self.item

    def path(self, inspection: str) -> str:
        return f"/field/inspection/{inspection}/item/{self.key}"


PLACES = (
    Place(ITEM, "mot-cua", "da_niem_yet"),
    Place(ITEM, "trang", "da_niem_yet"),
    Place(CLASSES, "", "so_lop"),
)


@dataclass(frozen=True)
class Act:
    """One thing that a person means to do. ``value`` is what it should leave behind."""

    kind: str
    place: Place
    value: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass
class Record:
    """In the order in which it happened: what was meant, and what the screen claimed."""

    log: list[tuple[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def meant(self, act: Act) -> None:
        with self.lock:
            self.log.append(("act", act))

    def claimed(self, claim: dict[str, Any]) -> None:
        with self.lock:
            self.log.append(("claim", claim))

    def acts(self) -> list[Act]:
        return [what for kind, what in self.log if kind == "act"]

    def claims(self) -> list[dict[str, Any]]:
        return [what for kind, what in self.log if kind == "claim"]


def photo(rng: random.Random, *, big: bool = False) -> bytes:
    """A JPEG that no other trial takes: of 3 kB, or of some 300 kB."""
    if big:
        stream = io.BytesIO()
        Image.frombytes("RGB", (320, 320), rng.randbytes(320 * 320 * 3)).save(stream, "JPEG", quality=97)
        return stream.getvalue()
    colour = tuple(rng.randrange(256) for _ in range(3))
    stream = io.BytesIO()
    picture = Image.new("RGB", (320, 240), colour)
    picture.putpixel((rng.randrange(320), rng.randrange(240)), (0, 0, 0))
    picture.save(stream, "JPEG", comment=rng.randbytes(8).hex().encode())
    return stream.getvalue()


def draw(rng: random.Random, place: Place, *, decomposed: bool = False) -> Act:
    """One act of writing at a place."""
    kind = rng.choices(("verdict", "figure", "note", "photo", "address"), (4, 4, 3, 3, 1))[0]
    if kind == "verdict":
        return Act(kind, place, rng.choice(VERDICTS))
    if kind == "figure":
        return Act(kind, place, str(rng.randrange(1, 999)))
    if kind == "photo":
        content = photo(rng)
        return Act(kind, place, sha256(content).hexdigest(), content)
    text = f"{rng.choice(WORDS)} {rng.choice(WORDS)} {rng.randrange(10**9)}"
    form = "NFD" if decomposed else "NFC"
    return Act(kind, place, unicodedata.normalize(form, text))


def script(rng: random.Random, length: int, *, decomposed: bool = False) -> list[Act]:
    """A piece of work: writing at places, saving, leaving, sending."""
    acts: list[Act] = []
    place = rng.choice(PLACES)
    while len(acts) < length:
        if rng.random() < 0.3:
            place = rng.choice(PLACES)
        acts.append(draw(rng, place, decomposed=decomposed))
        if rng.random() < 0.6:
            acts.append(Act(rng.choices(("save", "leave", "sync"), (5, 3, 2))[0], place))
    return acts


class Person:
    """Does acts at a tablet, as quickly as a person may, and notes what they mean before they do it."""

    def __init__(self, tablet: Tablet, record: Record, inspection: str, rng: random.Random) -> None:
        self.tablet = tablet
        self.record = record
        self.inspection = inspection
        self.rng = rng
        self.stopped: list[str] = []
        """Where the tablet no longer did what it was told."""

    def go(self, place: Place) -> None:
        """To a place's screen, unless it is there already."""
        shown = snapshot(self.tablet)
        if shown["path"] != place.path(self.inspection) or "item" not in shown:
            move(self.tablet, place.path(self.inspection))
            until(self.tablet, lambda: self.at(place), f"no screen of {place.key}")

    def at(self, place: Place) -> bool:
        shown = snapshot(self.tablet)
        return shown.get("item") == place.item and shown.get("site") == place.site

    def settle(self) -> None:
        """Wait until nothing is being written."""
        until(self.tablet, lambda: snapshot(self.tablet).get("state", "none") in SETTLED, "still writing")

    def do(self, act: Act) -> None:
        do: Callable[[Act], None] = getattr(self, f"_{act.kind}")
        if act.kind != "sync" and not (act.kind == "shoot" and self.tablet.count("shutter")):
            self.go(act.place)
        self.record.meant(act)
        do(act)
        if self.rng.random() < 0.7:
            self.settle()

    def _verdict(self, act: Act) -> None:
        self.tablet.click(f"verdict-{act.value}")

    def _figure(self, act: Act) -> None:
        self.tablet.fill(f"value-{act.place.figure}-0", act.value)

    def _note(self, act: Act) -> None:
        self.tablet.click("add-note")
        self.tablet.fill("note-text", act.value)
        if self.rng.random() < 0.8:
            self.tablet.click("save-note")

    def _photo(self, act: Act) -> None:
        name = unicodedata.normalize("NFD", f"Ảnh hiện trường {self.rng.randrange(999)}.jpg")
        self.tablet.upload("file", name, act.content)

    def _shoot(self, _act: Act) -> None:
        """A photo through the viewfinder; which bytes it has, only the screen can say."""
        if not self.tablet.count("shutter"):
            self.tablet.click("open-camera")
        self.tablet.click("shutter")

    def _address(self, act: Act) -> None:
        self.tablet.click("add-dia_chi")
        self.tablet.fill("address", act.value)
        if self.rng.random() < 0.8:
            self.tablet.click("save-evidence")

    def _save(self, _act: Act) -> None:
        self.tablet.click("save")

    def _leave(self, act: Act) -> None:
        others = [place for place in PLACES if place != act.place]
        self.go(self.rng.choice(others))

    def _sync(self, _act: Act) -> None:
        move(self.tablet, f"/field/inspection/{self.inspection}/sync")
        until(self.tablet, lambda: self.tablet.count("sync-now"), "no screen of the sending")
        self.tablet.click("sync-now")


def attempt(person: Person, acts: list[Act]) -> int:
    """Do acts until the tablet no longer lets one; how many were done."""
    for done, act in enumerate(acts):
        try:
            person.do(act)
        except LostError as lost:
            person.stopped.append(f"{act.kind} at {act.place.key}: {str(lost)[:300]}")
            return done
    return len(acts)
