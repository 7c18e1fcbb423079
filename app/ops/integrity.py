"""``kiemtra journal verify``: the chain, and every anchor that the instance or the caller can show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from app.errors import InvalidInputError
from app.installation import Installation
from app.journal.verify import Anchor, Verdict, verify
from app.ops.anchors import anchors_in
from app.ops.backup import head_in_backup
from reports.verifying.manifest import manifest_of


def verify_journal(installation: Installation, against: Iterable[Path] = ()) -> Verdict:
    """Check the journal against itself, its receipts, issued papers, and further files (backups, papers).

    Raises:
        InvalidInputError: a file given has no head in it.
    """
    anchors = [*anchors_in(installation.anchors_path), *_in_issued(installation)]
    anchors += [_in_file(path) for path in against]
    return verify(installation.journal().store, anchors)


def _in_issued(installation: Installation) -> Iterator[Anchor]:
    for path in sorted(installation.issued_path.rglob("*.pdf")):
        anchor = _in_paper(path)
        if anchor is not None:
            yield anchor


def _in_file(path: Path) -> Anchor:
    if path.read_bytes()[:5] == b"%PDF-":
        anchor = _in_paper(path)
        if anchor is None:
            raise InvalidInputError(f"«{path}» không mang mốc của sổ; hãy dùng văn bản do kiemtra ban hành.")
        return anchor
    if path.suffix == ".jsonl":
        raise InvalidInputError("Tệp .jsonl đã được đọc trong bản cài đặt; hãy chỉ ra bản sao lưu hoặc văn bản PDF.")
    return head_in_backup(path)


def _in_paper(path: Path) -> Anchor | None:
    manifest = manifest_of(path.read_bytes())
    head = manifest.get("head") if manifest else None
    if not isinstance(head, dict):
        return None
    return Anchor(f"Văn bản {path.name}", int(head["seq"]), str(head["hash"]))
