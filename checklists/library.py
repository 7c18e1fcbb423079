"""The packs that are there: those that come with the program, and those that a province added.

Several versions of a pack live beside each other (``niem-yet.yaml``, ``niem-yet@2.yaml``), because an
inspection keeps the version that it was opened with.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from checklists.model import AREAS, Item, Pack
from checklists.packfile import PackError, read_pack

PACKS = Path(__file__).parent / "packs"


class UnknownPackError(LookupError):
    """No such pack, version or item; ``str()`` is a Vietnamese sentence."""


class Library:
    """Packs by id and version."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._versions: dict[str, dict[int, Pack]] = {}
        for pack in packs:
            self._versions.setdefault(pack.id, {})[pack.version] = pack

    @classmethod
    def load(cls, extra_dir: Path | None = None) -> Library:
        """The packs of the program and of a directory of ``*.yaml`` files (which may be absent).

        Raises:
            PackError: a file is refused, or says something else under an ``id@version`` that exists.
        """
        files = sorted(PACKS.glob("*.yaml"))
        if extra_dir is not None and extra_dir.is_dir():
            files += sorted(extra_dir.glob("*.yaml"))
        found: dict[str, Pack] = {}
        for file in files:
            pack = _read_named(file)
            if found.setdefault(pack.ref, pack) != pack:
                raise PackError(
                    file.name,
                    1,
                    f"{pack.ref} đã phát hành với nội dung khác; hãy tăng số phiên bản (version)",
                )
        return cls(found.values())

    def packs(self) -> list[Pack]:
        """The latest version of each pack: main packs first, in the order of the đề cương."""
        latest = [versions[max(versions)] for versions in self._versions.values()]
        return sorted(latest, key=lambda pack: (not pack.main, AREAS.index(pack.area), pack.id))

    def pack(self, ref: str) -> Pack:
        """A pack by ``id`` (its latest version) or ``id@version``.

        Raises:
            UnknownPackError: it is not there.
        """
        pack_id, _, version = ref.partition("@")
        versions = self._versions.get(pack_id, {})
        if not version and versions:
            return versions[max(versions)]
        if version.isdecimal() and int(version) in versions:
            return versions[int(version)]
        raise UnknownPackError(f"Không có phiếu kiểm tra «{ref}»; xem danh sách bằng «kiemtra checklist list».")

    def item(self, item_id: str, pack_version: int | None = None) -> Item:
        """An item by its id, in the latest or a given version of its pack.

        Raises:
            UnknownPackError: the pack, the version or the item is not there.
        """
        pack_id = item_id.partition(".")[0]
        pack = self.pack(pack_id if pack_version is None else f"{pack_id}@{pack_version}")
        for item in pack.items:
            if item.id == item_id:
                return item
        raise UnknownPackError(f"Phiếu {pack.ref} không có mục «{item_id}».")


def _read_named(file: Path) -> Pack:
    """A pack whose file is named after it, so that two files never fight over one id."""
    state = file.stat()
    pack = _cached(file, state.st_mtime_ns, state.st_size)
    if file.stem not in {pack.id, pack.ref}:
        raise PackError(file.name, 1, f"tên tệp phải là {pack.id}.yaml hoặc {pack.ref}.yaml")
    return pack


@lru_cache(maxsize=256)
def _cached(file: Path, _changed: int, _size: int) -> Pack:
    return read_pack(file)
