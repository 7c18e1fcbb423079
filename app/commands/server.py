"""``kiemtra init | serve | jobs | backup | restore``: running an installation."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.commands.base import instance_option, json_option, show
from app.installation import Installation


@click.command()
@instance_option
def init(instance: Path) -> None:
    """Tạo bản cài đặt mới hoặc nâng cấp bản đã có; không đụng tới dữ liệu."""
    Installation.create(instance).close()
    click.echo(f"Bản cài đặt «{instance}» đã sẵn sàng.")


@click.command()
@instance_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--tls-cert", type=click.Path(path_type=Path, dir_okay=False), help="Chứng thư TLS (PEM, cả chuỗi).")
@click.option("--tls-key", type=click.Path(path_type=Path, dir_okay=False), help="Khóa của chứng thư TLS (PEM).")
def serve(instance: Path, host: str, port: int, tls_cert: Path | None, tls_key: Path | None) -> None:
    """Chạy máy chủ."""
    from app.ops.serve import serve as run  # noqa: PLC0415 (other commands start without the server)

    Installation.create(instance).close()
    click.echo(f"kiemtra: {'https' if tls_cert else 'http'}://{host}:{port}")
    run(instance, host, port, tls_cert, tls_key)


@click.command()
@instance_option
@json_option
def jobs(instance: Path, *, as_json: bool) -> None:
    """Việc hằng đêm: thu nhỏ ảnh, đọc lại minh chứng, kiểm tra sổ và văn bản. Thoát khác 0 khi có điều bất thường."""
    from app.ops.jobs import run_jobs  # noqa: PLC0415

    report = run_jobs(Installation.create(instance))
    read = f"{report.evidence} tệp, {report.entries} ghi nhận, {report.papers} văn bản"
    lines = [
        f"Đã thu nhỏ {report.scaled} ảnh; đọc lại {read}.",
        *(f"Đã thêm dấu thời gian lưu trữ: văn bản {title}." for title in report.renewed),
    ]
    show(report.to_json(), lines + list(report.problems), as_json=as_json)
    sys.exit(1 if report.problems else 0)


@click.command(name="backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keys", type=click.Path(path_type=Path, dir_okay=False), help="Ghi riêng các khóa ra tệp này.")
@instance_option
@json_option
def backup_command(file: Path, keys: Path | None, instance: Path, *, as_json: bool) -> None:
    """Sao lưu toàn bộ bản cài đặt vào một tệp; khóa để riêng."""
    from app.ops.backup import backup  # noqa: PLC0415

    report = backup(Installation(instance), file, keys)
    lines = [f"Đã sao lưu {report.entries} ghi nhận, {report.files} tệp vào «{file}»."]
    if keys is None:
        lines.append("Khóa chưa được sao lưu; dùng --keys TỆP để ghi riêng và cất ở nơi khác.")
    show(report.to_json(), lines, as_json=as_json)


@click.command(name="restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keys", type=click.Path(path_type=Path, dir_okay=False), help="Tệp khóa do lệnh backup ghi riêng.")
@instance_option
@json_option
def restore_command(file: Path, keys: Path | None, instance: Path, *, as_json: bool) -> None:
    """Khôi phục vào một bản cài đặt trống; đọc lại mọi mã băm."""
    from app.clock import system_clock  # noqa: PLC0415
    from app.ops.backup import restore  # noqa: PLC0415

    report = restore(file, instance, clock=system_clock, keys_source=keys)
    lines = [f"Đã khôi phục {report.entries} ghi nhận, {report.files} tệp vào «{instance}»; mọi mã băm đều khớp."]
    show(report.to_json(), lines, as_json=as_json)
