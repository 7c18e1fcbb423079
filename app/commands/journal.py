"""``kiemtra journal``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from app.commands.base import Refusing, instance_option, json_option, show
from app.database import writing
from app.errors import NotFoundError
from app.installation import Installation


@click.group(cls=Refusing)
def journal() -> None:
    """Sổ ghi nhận."""


@journal.command()
@instance_option
@json_option
@click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Bản sao lưu hoặc văn bản đã ban hành để đối chiếu; dùng được nhiều lần.",
)
def verify(instance: Path, against: tuple[Path, ...], *, as_json: bool) -> None:
    """Kiểm tra sổ: dòng bị sửa, chèn, xóa, cắt đuôi, tính lại. Thoát khác 0 khi có sai khác."""
    from app.ops.integrity import verify_journal  # noqa: PLC0415

    verdict = verify_journal(Installation(instance), against)
    lines = list(verdict.problems) or [
        f"Sổ nguyên vẹn: {verdict.entries} ghi nhận, {verdict.anchors} mốc đối chiếu, {verdict.erased} nội dung đã xóa."
    ]
    show({"ok": verdict.ok, **asdict(verdict)}, lines, as_json=as_json)
    sys.exit(0 if verdict.ok else 1)


@journal.command()
@instance_option
@json_option
def rebuild(instance: Path, *, as_json: bool) -> None:
    """Dựng lại mọi bảng dẫn xuất từ các ghi nhận."""
    here = Installation(instance)
    with writing(here.database()):
        tables = here.journal().store.rebuild()
    show({"tables": tables}, [f"{name}: {count}" for name, count in sorted(tables.items())], as_json=as_json)


@journal.command()
@click.argument("entry_id")
@instance_option
@click.confirmation_option(prompt="Nội dung sẽ mất vĩnh viễn. Tiếp tục?")
def erase(entry_id: str, instance: Path) -> None:
    """Xóa hẳn nội dung một ghi nhận khi luật yêu cầu (dữ liệu cá nhân); chuỗi băm vẫn nguyên vẹn."""
    here = Installation(instance)
    with writing(here.database()):
        subject = here.journal().store.erase(entry_id)
    if subject is None:
        raise NotFoundError(f"Không có ghi nhận «{entry_id}» trong sổ; hãy kiểm tra lại mã.")
    # The write-ahead log still holds the old page until it is folded back.
    here.database().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    click.echo(f"Đã xóa nội dung của {subject}.")
