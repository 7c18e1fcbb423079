"""Packs by id and version."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.exchange import to_yaml
from checklists.library import Library, UnknownPackError
from checklists.packfile import PackError

LIBRARY = Library.load()


def newer(directory: Path, version: int = 2) -> Library:
    pack = LIBRARY.pack("niem-yet").model_copy(update={"version": version, "title": "Bản mới"})
    (directory / f"niem-yet@{version}.yaml").write_text(to_yaml(pack), "utf-8")
    return Library.load(directory)


def test_the_latest_version_is_the_default(tmp_path: Path) -> None:
    library = newer(tmp_path)
    assert library.pack("niem-yet").title == "Bản mới"
    assert library.pack("niem-yet@2").title == "Bản mới"
    assert library.pack("niem-yet@1") == LIBRARY.pack("niem-yet")
    assert [pack.ref for pack in library.packs()].count("niem-yet@2") == 1


def test_ten_is_later_than_nine(tmp_path: Path) -> None:
    newer(tmp_path, 9)
    assert newer(tmp_path, 10).pack("niem-yet").version == 10


def test_items_by_version(tmp_path: Path) -> None:
    library = newer(tmp_path)
    item = library.item("niem-yet.tthc-du-so-luong", 1)
    assert item is library.pack("niem-yet@1").items[0]
    assert library.item("niem-yet.tthc-du-so-luong") is library.pack("niem-yet@2").items[0]


@pytest.mark.parametrize("ref", ["khong-co", "niem-yet@7", "niem-yet@x", "", "@1"])
def test_unknown_packs(ref: str) -> None:
    with pytest.raises(UnknownPackError, match=f"Không có phiếu kiểm tra «{ref}»"):
        LIBRARY.pack(ref)


def test_unknown_item() -> None:
    with pytest.raises(UnknownPackError, match=r"Phiếu niem-yet@1 không có mục «niem-yet.la»"):
        LIBRARY.item("niem-yet.la")


def test_a_released_version_never_changes(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="đã phát hành với nội dung khác; hãy tăng số phiên bản"):
        newer(tmp_path, 1)


def test_the_same_pack_twice_is_no_conflict(tmp_path: Path) -> None:
    (tmp_path / "niem-yet.yaml").write_text(to_yaml(LIBRARY.pack("niem-yet")), "utf-8")
    assert Library.load(tmp_path).pack("niem-yet") == LIBRARY.pack("niem-yet")


def test_a_file_is_named_after_its_pack(tmp_path: Path) -> None:
    (tmp_path / "khac.yaml").write_text(to_yaml(LIBRARY.pack("niem-yet")), "utf-8")
    with pytest.raises(PackError, match=r"tên tệp phải là niem-yet.yaml hoặc niem-yet@1.yaml"):
        Library.load(tmp_path)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "niem-yet@2.yaml"
    newer(tmp_path)
    file.write_text(file.read_text("utf-8").replace("title: Bản mới", "title: Bản mới hơn"), "utf-8")
    assert Library.load(tmp_path).pack("niem-yet").title == "Bản mới hơn"


def test_no_extra_directory_is_no_fault(tmp_path: Path) -> None:
    assert len(Library.load(tmp_path / "khong-co").packs()) == len(LIBRARY.packs())


def test_main_packs_come_first_in_the_order_of_the_outline() -> None:
    packs = LIBRARY.packs()
    assert [pack.main for pack in packs] == sorted((pack.main for pack in packs), reverse=True)
    assert packs[0].area == "Công tác chỉ đạo, điều hành"
