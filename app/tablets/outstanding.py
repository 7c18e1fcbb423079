"""What of an inspection is still on tablets: for the lead's page, for drafting and for signing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from app.accounts.manage import names_of
from app.inspections.progress import find_pack, missing_files
from app.inspections.records import files_missing
from app.installation import Installation
from app.journal.store import WITHIN
from app.tablets.reports import Places, count, not_arrived

SERVER = "server"
ELSEWHERE = "Phần chung"


@dataclass(frozen=True)
class PlaceLine:
    """What of one item at one place is on a tablet only."""

    title: str
    entries: int
    photos: int


@dataclass(frozen=True)
class TabletState:
    """One tablet as the office knows it.

    Attributes:
        device: its id.
        label: what it said of its make and browser; empty for one that never reported.
        who: shown name of who used it last.
        heard: when it last reported or sent, UTC; empty for never.
        version: of the application on it.
        persisted: whether its browser promised to keep the data; None where unknown.
        free_bytes: what its browser still granted.
        last_written: when somebody last wrote on it, by its own clock.
        drafts: texts begun there that are no entries yet.
        waiting: what it last reported to hold and has not arrived.
        vanished: what it reported earlier, reports no more and has not arrived.
        safe: entries from it that the server holds.
        safe_photos: files of those entries that the server holds.
        lost: who reported it lost, when and why; None where nobody did.
    """

    device: str
    label: str
    who: str
    heard: str
    version: str = ""
    persisted: bool | None = None
    free_bytes: int | None = None
    last_written: str = ""
    drafts: int = 0
    waiting: tuple[PlaceLine, ...] = ()
    vanished: tuple[PlaceLine, ...] = ()
    safe: int = 0
    safe_photos: int = 0
    lost: Mapping[str, str] | None = None

    @property
    def entries(self) -> int:
        """Entries that only this tablet has, by its last report."""
        return sum(line.entries for line in (*self.waiting, *self.vanished))

    @property
    def photos(self) -> int:
        """Files likewise."""
        return sum(line.photos for line in (*self.waiting, *self.vanished))

    @property
    def outstanding(self) -> bool:
        return bool(self.entries or self.photos)

    @property
    def short(self) -> str:
        """Its label, or the beginning of its id."""
        return f"{self.label or 'Máy'} ({self.device[:8]})"


@dataclass(frozen=True)
class MissingFile:
    """A photo or file that an entry names and whose bytes are on no server.

    Attributes:
        title: the item and place that it proves.
        caption: what its maker wrote under it.
        author: account id.
        made_at: the maker's clock, UTC.
    """

    title: str
    caption: str
    author: str
    made_at: str


@dataclass(frozen=True)
class Outstanding:
    """All of an inspection that has not arrived.

    Attributes:
        tablets: every tablet that was used, those with something outstanding first.
        missing: evidence entries whose file has not arrived.
    """

    tablets: tuple[TabletState, ...]
    missing: tuple[MissingFile, ...]

    @property
    def sentence(self) -> str:
        """What a signer is asked to confirm; empty where nothing is outstanding."""
        late = [tablet for tablet in self.tablets if tablet.outstanding]
        parts = [
            f"{tablet.entries} ghi nhận, {tablet.photos} tệp trên máy {tablet.short} của {tablet.who}"
            for tablet in late
        ]
        if self.missing:
            parts.append(f"{len(self.missing)} ảnh, tệp có ghi nhận nhưng chưa về máy chủ")
        if not parts:
            return ""
        return f"Tôi biết còn {'; '.join(parts)}, và vẫn ký văn bản khi chưa có các nội dung này."


def outstanding_of(installation: Installation, inspection: str, setup: Mapping[str, Any]) -> Outstanding:
    """Tablets of an inspection with what they still hold, and files that have not arrived."""
    db = installation.database()
    titles = _Titles(installation, setup)
    names = names_of(db)
    safe = _safe(db, inspection)
    rows = {row["device"]: row for row in db.execute("SELECT * FROM tablet_reports WHERE inspection = ?", [inspection])}
    found = [_state(db, device, rows.get(device), safe.get(device, {}), titles, names) for device in {**safe, **rows}]
    found.sort(key=lambda tablet: tablet.heard, reverse=True)
    found.sort(key=lambda tablet: not tablet.outstanding)
    return Outstanding(tuple(found), titles.missing([*missing_files(db, inspection), *files_missing(db, inspection)]))


def _state(  # noqa: PLR0913 (what is known of one tablet)
    db: Database,
    device: str,
    row: Any,
    safe: Mapping[str, Any],
    titles: _Titles,
    names: Mapping[str, str],
) -> TabletState:
    sent = {"safe": safe.get("entries", 0), "safe_photos": safe.get("photos", 0), "lost": _lost(db, device, names)}
    author = safe.get("author", "")
    if row is None:
        return TabletState(device, "", names.get(author, author), safe["last"], **sent)
    holds = orjson.loads(row["holds"])
    return TabletState(
        device,
        row["label"],
        names.get(row["account"], row["account"]),
        max(row["reported_at"], safe.get("last", "")),
        version=row["version"],
        persisted=None if row["persisted"] is None else bool(row["persisted"]),
        free_bytes=row["free_bytes"],
        last_written=holds["last_written"],
        drafts=holds["drafts"],
        waiting=titles.lines(not_arrived(db, holds["places"])),
        vanished=titles.lines(not_arrived(db, holds["vanished"])),
        **sent,
    )


def _safe(db: Database, inspection: str) -> dict[str, dict[str, Any]]:
    """Per tablet what the server holds of it; entries that the office made on the server are none of a tablet's."""
    scope = f"inspection/{inspection}"
    rows = db.execute(
        "SELECT device, author, count(*) AS entries, max(received_at) AS last FROM entries "
        f"WHERE {WITHIN} AND device != ? GROUP BY device, author ORDER BY last",
        [scope, scope, SERVER],
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        before = found.get(row["device"], {"entries": 0})
        found[row["device"]] = {**dict(row), "entries": before["entries"] + row["entries"]}
    photos = db.execute(
        "SELECT device, count(DISTINCT file_sha256) AS photos FROM evidence WHERE inspection = ? "
        "AND file_sha256 IN (SELECT sha256 FROM files) GROUP BY device",
        [inspection],
    )
    for row in photos:
        if row["device"] in found:
            found[row["device"]]["photos"] = row["photos"]
    return found


def _lost(db: Database, device: str, names: Mapping[str, str]) -> Mapping[str, str] | None:
    row = db.execute(
        "SELECT author, received_at, value FROM tablets WHERE tablet = ? AND state = 'lost'", [device]
    ).fetchone()
    if row is None:
        return None
    reason = orjson.loads(row["value"])["reason"]
    return {"who": names.get(row["author"], row["author"]), "at": row["received_at"], "reason": reason}


class _Titles:
    """Names of places as people know them."""

    def __init__(self, installation: Installation, setup: Mapping[str, Any]) -> None:
        library = installation.library()
        packs = [pack for ref in setup["checklists"] if (pack := find_pack(library, ref))]
        self.items = {item.id: item.question for pack in packs for item in pack.items}
        self.sites = {site["id"]: site["name"] for site in setup.get("sites", ())}

    def of(self, place: str) -> str:
        item, _, site = place.partition("@")
        title = self.items.get(item, item) or ELSEWHERE
        return f"{title} ({self.sites.get(site, site)})" if site else title

    def missing(self, rows: Iterable[Mapping[str, Any]]) -> tuple[MissingFile, ...]:
        return tuple(
            MissingFile(
                self.of(f"{row.get('item') or ''}@{row.get('site') or ''}".removesuffix("@")),
                row["value"].get("caption") or "",
                row["author"],
                row["made_at"],
            )
            for row in rows
        )

    def lines(self, places: Places) -> tuple[PlaceLine, ...]:
        return tuple(
            PlaceLine(self.of(place), count({place: kinds}, ("entries",)), count({place: kinds}, ("evidence",)))
            for place, kinds in places.items()
        )
