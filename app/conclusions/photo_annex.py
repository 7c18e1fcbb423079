"""The photos of a conclusion: which may stand on it, which the lead wants, and their bytes for the renderers.

Only covered copies ever reach a paper, and only of photos of which somebody of the delegation has said that no
personal data is left open on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlite_utils import Database

from app.clock import VIETNAM
from app.conclusions.rows import entry_fact
from app.evidence.sight import issued_marks
from app.evidence.storage import EvidenceStorage
from app.inspections.shapes import EvidenceKind
from app.installation import Installation
from app.papers.pictures import storage_of
from checklists.library import Library, UnknownPackError
from reports.composing.facts import PhotoAnnexFact, PhotoFact
from reports.composing.prose import short_date
from reports.rendering.layout import NBSP

ROWS = {"2x2": 2, "2x3": 3}


@dataclass(frozen=True)
class Photo:
    """A photo of the inspection, and whether it may stand on the paper.

    ``caption`` is what somebody wrote under it, ``question`` what its item asks. ``state`` is ``unlooked`` where nobody
    has said that personal data is covered, ``missing`` without bytes here.
    """

    id: str
    sha256: str
    caption: str
    question: str
    details: str
    state: Literal["ready", "unlooked", "missing"]


@dataclass(frozen=True)
class Place:
    """An inspection that the paper tells of; ``name`` where it is a unit below the paper's own."""

    inspection: str
    setup: Mapping[str, Any]
    name: str = ""


def subject_of(inspection: str) -> str:
    """The subject of the lead's choice."""
    return f"inspection/{inspection}/photo_annex"


def photos_of(installation: Installation, places: Iterable[Place]) -> list[Photo]:
    """All photos of inspections, in the order of the checklists and of taking."""
    storage, library = storage_of(installation), installation.library()
    found: dict[str, Photo] = {}
    for place in places:
        for value, id_ in sorted(_values(installation.database(), place), key=_order(place, library)):
            photo = _photo(value, id_, place, library, storage)
            found.setdefault(photo.sha256, photo)
    return list(found.values())


def photo_annex_of(installation: Installation, places: Iterable[Place]) -> PhotoAnnexFact | None:
    """What the lead of the first inspection chose; None where the paper carries no photos."""
    places = list(places)
    query = "SELECT * FROM photo_annexes WHERE inspection = ?"
    row = installation.database().execute(query, [places[0].inspection]).fetchone()
    chosen = orjson.loads(row["value"] or "null") if row else None
    if not chosen:
        return None
    wanted = [one for one in photos_of(installation, places) if one.id not in chosen.get("left_out", ())]
    ready = [one for one in wanted if one.state == "ready"]
    return PhotoAnnexFact(
        photos=tuple(PhotoFact(one.id, one.sha256, one.caption, one.details) for one in ready),
        rows=ROWS[chosen["layout"]],
        unlooked=sum(one.state == "unlooked" for one in wanted),
        missing=sum(one.state == "missing" for one in wanted),
        entry=entry_fact(row),
    )


def _values(db: Database, place: Place) -> Iterator[tuple[dict[str, Any], str]]:
    query = "SELECT evidence, value FROM evidence WHERE inspection = ? AND kind = ? AND value != 'null' ORDER BY seq"
    for row in db.execute(query, [place.inspection, EvidenceKind.PHOTO]):
        value = orjson.loads(row["value"])
        if (value.get("file") or {}).get("type", "").startswith("image/"):
            yield value, row["evidence"]


def _order(place: Place, library: Library) -> Any:
    """By place in the checklists, then by time; photos of no item come last."""
    items: list[str] = []
    for ref in place.setup.get("checklists", ()):
        try:
            items += [item.id for item in library.pack(ref).items]
        except UnknownPackError:
            continue
    at = {item: number for number, item in enumerate(items)}

    def key(one: tuple[dict[str, Any], str]) -> tuple[int, str, str]:
        return at.get(one[0].get("item") or "", len(items)), one[0].get("taken_at") or "", one[1]

    return key


def _photo(value: Mapping[str, Any], id_: str, place: Place, library: Library, storage: EvidenceStorage) -> Photo:
    sha256 = value["file"]["sha256"]
    state: Literal["ready", "unlooked", "missing"] = "ready"
    if issued_marks(storage.db, sha256) is None:
        state = "unlooked"
    elif not storage.holds(sha256):
        state = "missing"
    caption = " ".join((value.get("caption") or "").split())
    return Photo(id_, sha256, caption, _question(value, library), _details(value, place), state)


def _question(value: Mapping[str, Any], library: Library) -> str:
    try:
        return library.item(value["item"]).question if value.get("item") else ""
    except UnknownPackError:
        return ""


def _details(value: Mapping[str, Any], place: Place) -> str:
    """Where and when: "Bộ phận Một cửa, 08 giờ 15 ngày 20/11/2026"."""
    sites = {site["id"]: site["name"] for site in place.setup.get("sites", ())}
    where = value.get("place") or sites.get(value.get("site"), "") or place.name
    return ", ".join(part for part in (where, _moment(value.get("taken_at") or "")) if part)


def _moment(text: str) -> str:
    try:
        at = datetime.fromisoformat(text).astimezone(VIETNAM)
    except ValueError:
        return ""
    return f"{at.hour:02d}{NBSP}giờ{NBSP}{at.minute:02d} ngày{NBSP}{short_date(at.date())}"
