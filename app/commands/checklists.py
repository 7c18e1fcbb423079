"""``kiemtra checklist``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.commands.base import Refusing, instance_option, json_option, show
from app.errors import InvalidInputError
from app.files import write_atomically
from app.installation import Installation
from checklists.exchange import from_xlsform, from_yaml, to_xlsform, to_yaml
from checklists.library import Library
from checklists.model import Pack
from checklists.packfile import read_pack
from reports.incoming.bounded import bounded


@click.group(cls=Refusing)
def checklist() -> None:
    """Bộ phiếu kiểm tra."""


def _library(instance: Path) -> Library:
    """The instance's packs; without an instance, those released with the program."""
    return Library.load(instance / "checklists")


@checklist.command(name="list")
@instance_option
@json_option
def list_(instance: Path, *, as_json: bool) -> None:
    """Liệt kê các bộ phiếu."""
    packs = _library(instance).packs()
    report: list[dict[str, Any]] = [
        {
            "id": pack.id,
            "version": pack.version,
            "title": pack.title,
            "area": pack.area,
            "main": pack.main,
            "items": len(pack.items),
            "core": sum(item.core for item in pack.items),
        }
        for pack in packs
    ]
    show(report, [f"{pack.ref}  {pack.title} ({len(pack.items)} mục)" for pack in packs], as_json=as_json)


@checklist.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def check(file: Path, *, as_json: bool) -> None:
    """Kiểm tra một tệp bộ phiếu; tệp sai bị từ chối kèm dòng và lý do."""
    pack = _read(file)
    report = {"id": pack.id, "version": pack.version, "items": len(pack.items)}
    show(report, [f"{file}: {pack.ref}, {len(pack.items)} mục, hợp lệ."], as_json=as_json)


@checklist.command()
@click.argument("id_", metavar="ID")
@click.option("--yaml", "yaml_file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--xlsform", "xlsform_file", type=click.Path(path_type=Path, dir_okay=False))
@instance_option
def export(id_: str, yaml_file: Path | None, xlsform_file: Path | None, instance: Path) -> None:
    """Xuất một bộ phiếu ra YAML hoặc XLSForm."""
    pack = _library(instance).pack(id_)
    if yaml_file is None and xlsform_file is None:
        raise InvalidInputError("Hãy chọn nơi ghi: --yaml TỆP hoặc --xlsform TỆP.")
    if yaml_file is not None:
        write_atomically(yaml_file, to_yaml(pack).encode())
    if xlsform_file is not None:
        write_atomically(xlsform_file, to_xlsform(pack))
    click.echo(f"Đã xuất {pack.ref}.")


@checklist.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@instance_option
def import_(file: Path, instance: Path) -> None:
    """Nhập một bộ phiếu (YAML hoặc XLSForm) vào bản cài đặt."""
    here = Installation.create(instance)
    pack = _read(file)
    known = {found.ref: found for found in [_find(here.library(), pack.ref)] if found is not None}
    if pack.ref in known and known[pack.ref] != pack:
        raise InvalidInputError(f"{pack.ref} đã có với nội dung khác; hãy tăng số phiên bản (version) rồi nhập lại.")
    if pack.ref not in known:
        write_atomically(here.path / "checklists" / f"{pack.ref}.yaml", to_yaml(pack).encode())
    click.echo(f"Đã nhập {pack.ref}, {len(pack.items)} mục.")


def _find(library: Library, ref: str) -> Pack | None:
    try:
        return library.pack(ref)
    except LookupError:
        return None


def xlsform_as_yaml(content: bytes, name: str) -> str:
    """For the bounded child, which gives back text."""
    return to_yaml(from_xlsform(content, name))


def _read(file: Path) -> Pack:
    if file.suffix == ".xlsx":
        # A workbook is a zip of XML that anybody may have made.
        return from_yaml(bounded(xlsform_as_yaml, file.read_bytes(), file.name), file.name)
    if file.suffix in {".yaml", ".yml"}:
        return read_pack(file)
    return from_yaml(file.read_text("utf-8"), file.name)
