"""``kiemtra account``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.accounts.accounts import add_account
from app.accounts.shapes import Role
from app.commands.base import Refusing, instance_option
from app.errors import InvalidInputError
from app.identity import Identity
from app.installation import Installation


@click.group(cls=Refusing)
def account() -> None:
    """Tài khoản."""


@account.command()
@instance_option
@click.option("--username", required=True, help="Tên đăng nhập: chữ thường, số, dấu chấm, gạch.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--name", default="", help="Họ tên hiện trên màn hình.")
@click.option("--position", default="", help="Chức vụ.")
@click.option("--unit", default=None, help="Mã đơn vị, với vai trò unit.")
@click.option("--password-stdin", is_flag=True, help="Đọc mật khẩu từ đầu vào chuẩn.")
def add(  # noqa: PLR0913 (one argument per option)
    instance: Path, username: str, role: str, name: str, position: str, unit: str | None, *, password_stdin: bool
) -> None:
    """Thêm tài khoản."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = click.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại mật khẩu")
    else:
        raise InvalidInputError("Hãy đưa mật khẩu qua đầu vào chuẩn với --password-stdin.")
    here = Installation.create(instance)
    writer = Identity.system(here.database())
    add_account(
        here.journal(),
        writer,
        username=username,
        password=password,
        role=role,
        name=name,
        position=position,
        unit=unit,
    )
    click.echo(f"Đã thêm tài khoản «{username}» ({role}).")
