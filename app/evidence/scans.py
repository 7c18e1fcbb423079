"""Pages of a scan that came as PDF, as pictures for papers; drawn once, kept beside the smaller copies of photos.

The PDF stays in the evidence as it came; these pictures can be thrown away at any time and are made again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import orjson

from app.errors import NotFoundError
from app.evidence.storage import EvidenceStorage
from app.files import write_atomically
from reports.incoming.bounded import BoundedError, BusyError, bounded
from reports.incoming.scan_pages import MOST_PAGES, PATIENCE, ScanError, draw_here


@dataclass(frozen=True)
class Scan:
    """What a scan gives a paper.

    Attributes:
        pages: SHA-256 of the picture of each page that could be drawn, in their order.
        count: how many pages the file has; 0 where it cannot be opened.
        trouble: why it cannot be opened, as the end of a sentence; empty otherwise.
    """

    pages: tuple[str, ...]
    count: int = 0
    trouble: str = ""


def scan_of(storage: EvidenceStorage, digest: str) -> Scan:
    """The pages of a scan, drawn now if they were not before.

    Raises:
        NotFoundError: the instance does not hold the file.
    """
    index = _folder(storage, digest) / "trang.json"
    if index.exists():
        kept = orjson.loads(index.read_bytes())
        return Scan(tuple(kept["pages"]), kept["count"], kept["trouble"])
    data, _ = storage.read(digest)
    try:
        scan = drawn_scan(data, index.parent)
    except ScanError as error:
        scan = Scan((), trouble=str(error))
    except BusyError as error:
        return Scan((), trouble=_inside(error.message))  # another time it is drawn
    except BoundedError as error:
        scan = Scan((), trouble=_inside(error.message))
    index.parent.mkdir(parents=True, exist_ok=True)
    told = {"pages": scan.pages, "count": scan.count, "trouble": scan.trouble}
    write_atomically(index, orjson.dumps(told), mode=0o640)
    return scan


def page_picture(storage: EvidenceStorage, digest: str, page: str) -> bytes:
    """The picture of a page, by the scan's hash and its own.

    Raises:
        NotFoundError: it was not drawn.
    """
    path = _folder(storage, digest) / f"{page}.jpg"
    if not path.exists():
        raise NotFoundError("Chưa có ảnh của trang này.")
    return path.read_bytes()


def _folder(storage: EvidenceStorage, digest: str) -> Path:
    return storage.scaled_path(digest).with_suffix(".trang")


def drawn_scan(data: bytes, folder: Path) -> Scan:
    """All pages, by as many children as it takes, kept in a folder; what has no time any more is left out.

    Raises:
        ScanError, BoundedError: it cannot be opened.
    """
    until = time.monotonic() + PATIENCE
    found: list[str] = []
    done, count = 0, 1
    while done < min(count, MOST_PAGES) and time.monotonic() < until:
        drawn = bounded(draw_here, data, done, MOST_PAGES)
        count, done = drawn.count, done + len(drawn.pages)
        found += [_kept(page, folder) for page in drawn.pages if page is not None]
    return Scan(tuple(found), count)


def _kept(page: bytes, folder: Path) -> str:
    digest = sha256(page).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / f"{digest}.jpg", page, mode=0o640)
    return digest


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
