"""Some 200 hostile files through every door that takes files: ``python -m tests.faults.hostile``.

Of each door and file: no crash, an answer within ten seconds and a bit, a sentence, our own memory as it was, and a
port that files name is never called. Figures go to build/hostile.json; ``SEED`` changes what is scrambled.
"""

from __future__ import annotations

import json
import os
import random
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from app.commands.checklists import xlsform_as_yaml
from app.errors import KiemtraError
from app.evidence.picture import composed
from app.evidence.scans import drawn_scan
from app.evidence.storage import sniff
from app.verification.telling import tell
from checklists.packfile import PackError
from reports.incoming.bounded import SECONDS, BoundedError, bounded
from reports.incoming.docx_text import NotDocxError, read_docx
from reports.incoming.scan_pages import ScanError
from reports.verifying.outside import check_upload
from reports.verifying.verify import verify_pdf
from tests.faults.hostile_other import pictures, unfolding_pictures, unfolding_zips, zips
from tests.faults.hostile_pdf import broken, loops, pdfs, signatures
from tests.reports.signing_kit import NOW, roots, signed_pdf

FIGURES = Path(__file__).resolve().parents[2] / "build" / "hostile.json"
MOST_SECONDS = SECONDS + 2
MOST_GROWTH = 250 * 1024 * 1024


@dataclass(frozen=True)
class Outcome:
    """What one door said of one file."""

    door: str
    file: str
    seconds: float
    said: str
    faults: tuple[str, ...]


def public(data: bytes) -> str:
    """The public page and ``kiemtra document verify``."""
    report = verify_pdf(data, roots=roots(), at=NOW)
    told = tell(report, None)
    if told.tone == "good" or (report.exit_code == 0 and report.trusted):
        raise AssertionError(told.headline)
    return " ".join((told.headline, *told.notes))


def signed_elsewhere(data: bytes) -> str:
    upload = check_upload(signed_pdf(), data, roots=roots(), at=NOW)
    return " ".join(upload.reasons)


def evidence(data: bytes) -> str:
    """Upload, then the smaller copy; what is taken and can be made smaller is no fault."""
    try:
        kind = sniff(data)
        if kind.startswith("image/"):
            composed(data)
    except KiemtraError as error:
        return error.message
    return f"Nhận {kind}."


def scan(data: bytes) -> str:
    """A scan of a signed record, drawn onto its paper; pages that can be drawn are no fault."""
    with tempfile.TemporaryDirectory() as place:
        try:
            found = drawn_scan(data, Path(place))
        except ScanError as error:
            return str(error)
        except BoundedError as error:
            return error.message
    return f"Vẽ được {len(found.pages)} trên {found.count} trang."


def xlsform(data: bytes) -> str:
    try:
        bounded(xlsform_as_yaml, data, "phieu.xlsx")
    except (PackError, BoundedError) as error:
        return str(error)
    raise AssertionError("taken as a checklist")


def corrected(data: bytes) -> str:
    """A corrected DOCX that comes back; what can be read is a draft with other words, which is shown and no more."""
    try:
        read = bounded(read_docx, data)
    except (NotDocxError, BoundedError) as error:
        return str(error)
    return f"Đọc được {len(read.paragraphs)} đoạn."


DOORS: dict[str, Callable[[bytes], str]] = {
    "public": public,
    "signed elsewhere": signed_elsewhere,
    "evidence": evidence,
    "scan": scan,
    "xlsform": xlsform,
    "corrected DOCX": corrected,
}
SLOW = frozenset({"pages that hold themselves", "one page forty thousand times", "a maze after a signature"})
BY_FAMILY = {
    "pdf": ("public", "signed elsewhere", "evidence", "scan"),
    "picture": ("evidence", "public"),
    "zip": ("corrected DOCX", "xlsform", "public"),
}


def corpus(seed: int, port: int) -> Iterator[tuple[str, str, bytes]]:
    """Family, name and bytes of every file."""
    chance = random.Random(seed)
    yield from (("pdf", name, data) for name, data in pdfs(chance, port))
    yield from (("picture", name, data) for name, data in (*pictures(chance), *unfolding_pictures()))
    yield from (("zip", name, data) for name, data in (*zips(chance, port), *unfolding_zips()))


def sample(seed: int, port: int) -> Iterator[tuple[str, str, bytes]]:
    """A part of them that is quickly made and read; the last signature names the port."""
    chance = random.Random(seed)
    quick = (case for case in loops() if case[0] not in SLOW)
    for name, data in (*quick, *list(signatures(port))[3::4], *list(broken(chance))[::7]):
        yield "pdf", name, data
    yield from (("picture", name, data) for name, data in list(pictures(chance))[::3])
    yield from (("zip", name, data) for name, data in list(zips(chance, port))[::5])


def tried(door: str, file: str, data: bytes) -> Outcome:
    """Put one file through one door."""
    faults, said, started = [], "", time.monotonic()
    try:
        said = DOORS[door](data)
    except Exception as error:  # noqa: BLE001 (any at all is the finding)
        faults.append(f"crashed: {type(error).__name__}: {error}"[:300])
    seconds = time.monotonic() - started
    if seconds > MOST_SECONDS:
        faults.append(f"took {seconds:.1f} s")
    if not faults and not said.rstrip().endswith("."):
        faults.append(f"no sentence: {said[:80]!r}")
    return Outcome(door, file, round(seconds, 2), said[:200], tuple(faults))


def listening() -> socket.socket:
    """A port that nobody may call."""
    found = socket.create_server(("127.0.0.1", 0))
    found.settimeout(0)
    return found


def was_called(port: socket.socket) -> bool:
    try:
        port.accept()
    except BlockingIOError:
        return False
    return True


def own_memory() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> int:
    """The long run: every file through every door of its family."""
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    with listening() as port:
        files = list(corpus(seed, port.getsockname()[1]))
        print(f"hostile: {len(files)} files, SEED={seed}")
        before = own_memory()
        outcomes = [tried(door, name, data) for family, name, data in files for door in BY_FAMILY[family]]
        grown = own_memory() - before
        faults = [f"{one.door}, {one.file}: {fault}" for one in outcomes for fault in one.faults]
        faults += ["a file made us call an address"] if was_called(port) else []
        faults += [f"our own memory grew by {grown >> 20} MB"] if grown > MOST_GROWTH else []
    slowest = sorted(outcomes, key=lambda one: -one.seconds)[:15]
    figures = {
        "seed": seed,
        "files": len(files),
        "trials": len(outcomes),
        "grown_mb": grown >> 20,
        "faults": faults,
        "slowest": [asdict(one) for one in slowest],
        "all": [asdict(one) for one in outcomes],
    }
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(
        f"  {len(outcomes)} trials, slowest {slowest[0].seconds} s ({slowest[0].file}), {len(faults)} faults; {FIGURES}"
    )
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
