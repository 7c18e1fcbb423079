"""``kiemtra document``, ``kiemtra demo`` and ``kiemtra samples``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.clock import system_clock
from app.commands.base import Refusing, instance_option, json_option, show
from app.identity import Identity
from app.installation import Installation


@click.group(cls=Refusing)
def document() -> None:
    """Văn bản: lập, ký, kiểm tra."""


@document.command()
@click.argument("inspection")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), show_default=True)
@click.option("--sign", is_flag=True, help="Ký và ban hành; nếu không, chỉ lập dự thảo.")
@click.option("--confirm", default="", help="Câu xác nhận những gì chưa về máy chủ, đúng như lệnh này báo ra.")
@instance_option
@json_option
def build(inspection: str, out: Path, instance: Path, *, sign: bool, confirm: str, as_json: bool) -> None:  # noqa: PLR0913
    """Lập văn bản của một cuộc kiểm tra: PDF và DOCX, dự thảo hoặc đã ký."""
    from app.conclusions.issue import build_document  # noqa: PLC0415

    here = Installation(instance)
    system = Identity.system(here.database())
    files = build_document(here, inspection, out, writer=system, sign=sign, confirmed=confirm)
    show({"files": [str(path) for path in files]}, [str(path) for path in files], as_json=as_json)


@document.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@instance_option
@json_option
def verify(file: Path, instance: Path, *, as_json: bool) -> None:
    """Kiểm tra chữ ký và nội dung một tệp PDF. 0: hợp lệ, nguyên vẹn; 1: không; 2: không kết luận được."""
    from app.papers.verifying import verify_document  # noqa: PLC0415

    here = Installation(instance) if (instance / "kiemtra.db").exists() else None
    report = verify_document(here, file)
    show(report.to_json(), report.lines(), as_json=as_json)
    sys.exit(report.exit_code)


@document.command()
@click.argument("documents", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Mọi văn bản đã đủ chữ ký và dấu, kể cả chưa đến hạn.")
@instance_option
@json_option
def renew(documents: tuple[str, ...], instance: Path, *, every: bool, as_json: bool) -> None:
    """Thêm dấu thời gian lưu trữ cho văn bản đến hạn, hoặc cho các văn bản nêu tên."""
    from app.papers.archiving import renew as run  # noqa: PLC0415

    report = run(Installation(instance), documents, every=every)
    lines = [f"Đã xem {report.papers} văn bản, thêm dấu thời gian cho {len(report.renewed)}."]
    lines += [*(f"Đã thêm: văn bản {title}." for title in report.renewed), *report.problems]
    told = {"papers": report.papers, "renewed": report.renewed, "problems": report.problems}
    show(told, lines, as_json=as_json)
    sys.exit(1 if report.problems else 0)


@click.command()
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@json_option
def demo(out: Path, *, as_json: bool) -> None:
    """Chạy toàn bộ việc chính trên các cuộc kiểm tra mẫu và để lại văn bản đã ký ở thư mục ra."""
    from app.demo import run_demo  # noqa: PLC0415

    files = run_demo(out, system_clock)
    show({"files": [str(path) for path in files]}, [str(path) for path in files], as_json=as_json)


@click.command()
@instance_option
def samples(instance: Path) -> None:
    """Nạp tài khoản và cuộc kiểm tra mẫu vào bản cài đặt còn trống; bản đã có tài khoản được giữ nguyên."""
    from app.demo import SAMPLE_ACCOUNTS, load_samples  # noqa: PLC0415

    here = Installation.create(instance)
    load_samples(here)
    row = here.database().execute("SELECT group_concat(username, ' ') FROM accounts").fetchone()
    present = set((row[0] or "").split())
    here.close()
    for sample in SAMPLE_ACCOUNTS:
        if sample.username in present:
            click.echo(f"  {sample.username:12} {sample.password:18} {sample.position}")
