"""``kiemtra seal``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from app.commands.base import Refusing, instance_option, json_option, show
from app.home.screen import moment
from app.installation import Installation
from app.papers.seals import SealState, all_seals

_PLACES = {
    "own": "con dấu riêng",
    "shared": "con dấu chung (seal_key)",
    "test": "CON DẤU THỬ NGHIỆM",
    "elsewhere": "đóng bằng công cụ của cơ quan",
    "none": "không có con dấu số",
}


@click.group(cls=Refusing)
def seal() -> None:
    """Con dấu số của các cơ quan ban hành."""


@seal.command(name="list")
@instance_option
@json_option
@click.pass_context
def list_(ctx: click.Context, instance: Path, *, as_json: bool) -> None:
    """Mỗi cơ quan ban hành đóng con dấu nào; mã thoát 1 nếu có con dấu không dùng được."""
    here = Installation(instance)
    found = all_seals(here)
    show([asdict(one) for one in found], [_line(one) for one in found], as_json=as_json)
    if any(one.problem for one in found):
        ctx.exit(1)


def _line(one: SealState) -> str:
    facts = f"chứng thư «{one.name}», đến {moment(one.until)}" if one.until else ""
    return " · ".join(filter(None, (f"{one.issuer}  {one.body}".rstrip(), _PLACES[one.where], facts, one.problem)))
