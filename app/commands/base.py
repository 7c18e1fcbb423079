"""What the commands share: refusals as one line on stderr, ``--instance``, ``--json``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import orjson

from app.installation import default_path
from app.refusals import REFUSALS
from checklists.packfile import PackError
from reports.incoming.bounded import BoundedError

TOLD = (*REFUSALS, PackError, BoundedError)


class Refusing(click.Group):
    """Turns our own refusals into one line on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TOLD as error:
            click.echo(f"Lỗi: {error}", err=True)
            ctx.exit(1)
        except OSError as error:
            place = f" «{error.filename}»" if error.filename else ""
            click.echo(f"Lỗi: không đọc hoặc ghi được{place}: {error.strerror}.", err=True)
            ctx.exit(1)


def instance_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--instance DIR``."""
    return click.option(
        "--instance",
        type=click.Path(path_type=Path, file_okay=False),
        default=default_path,
        help="Thư mục của bản cài đặt (mặc định: KIEMTRA_INSTANCE hoặc ./instance).",
    )(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")(command)


def show(report: dict[str, Any] | list[Any], lines: list[str], *, as_json: bool) -> None:
    """Print a report for programs or for people."""
    if as_json:
        click.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    else:
        for line in lines:
            click.echo(line)
