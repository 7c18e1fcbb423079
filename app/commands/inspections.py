"""``kiemtra inspection``."""

from __future__ import annotations

from pathlib import Path

import click

from app.commands.base import Refusing, instance_option, json_option, show
from app.identity import Identity
from app.inspections.queries import inspections_of
from app.installation import Installation


@click.group(cls=Refusing)
def inspection() -> None:
    """Cuộc kiểm tra."""


@inspection.command(name="list")
@instance_option
@json_option
def list_(instance: Path, *, as_json: bool) -> None:
    """Liệt kê các cuộc kiểm tra."""
    here = Installation(instance)
    found = inspections_of(Identity.system(here.database()))
    show(found, [f"{one['id']}  {one['unit_name']}: {one['title']}" for one in found], as_json=as_json)


@inspection.command(name="import")
@click.argument("case", type=click.Path(path_type=Path, dir_okay=False))
@instance_option
@json_option
def import_(case: Path, instance: Path, *, as_json: bool) -> None:
    """Nhập một tệp YAML hoặc JSON gồm một hay nhiều đơn vị; mỗi đơn vị thành một cuộc kiểm tra."""
    from app.cases.importing import import_case  # noqa: PLC0415

    here = Installation.create(instance)
    report = import_case(here, case, writer=Identity.system(here.database()))
    show(report.to_json(), report.lines(), as_json=as_json)


@inspection.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@instance_option
@json_option
@click.pass_context
def rescue(ctx: click.Context, file: Path, instance: Path, *, as_json: bool) -> None:
    """Nạp tệp lưu từ máy tính bảng (mục «Lưu ra tệp»); nạp lại lần nữa không thay đổi gì.

    Mã thoát 1 khi có ghi nhận không được nhận hoặc tệp minh chứng bị hỏng; phần còn lại vẫn được nạp.
    """
    from app.field.rescue import import_rescue  # noqa: PLC0415

    here = Installation(instance)
    writer = Identity.system(here.database())
    writer.library = here.library
    with file.open("rb") as stream:
        report = import_rescue(here, stream, writer)
    show(report.to_json(), report.lines(), as_json=as_json)
    if not report.whole:
        ctx.exit(1)
