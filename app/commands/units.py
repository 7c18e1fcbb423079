"""``kiemtra unit``."""

from __future__ import annotations

from pathlib import Path

import click

from app.commands.base import Refusing, instance_option, json_option, show
from app.identity import Identity
from app.installation import Installation
from app.units.importing import import_units


@click.group(cls=Refusing)
def unit() -> None:
    """Đơn vị được kiểm tra."""


@unit.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@instance_option
@json_option
def import_(file: Path, instance: Path, *, as_json: bool) -> None:
    """Nhập danh sách đơn vị từ CSV (mã, tên, cấp, đơn vị cấp trên, địa chỉ) hoặc YAML."""
    here = Installation.create(instance)
    report = import_units(here.journal(), Identity.system(here.database()), file)
    show(
        report.to_json(),
        [f"Đã thêm {report.added}, sửa {report.changed}, giữ nguyên {report.same} đơn vị."],
        as_json=as_json,
    )
