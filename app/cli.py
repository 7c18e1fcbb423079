"""The ``kiemtra`` command. Each command does one thing and fails with one clear line and a non-zero exit code."""

from __future__ import annotations

import click

from app.commands import accounts, checklists, documents, inspections, journal, seals, server, units
from app.commands.base import Refusing


@click.group(cls=Refusing, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kiemtra")
def main() -> None:
    """Công cụ của đoàn kiểm tra cải cách hành chính."""


for command in (
    server.init,
    server.serve,
    server.jobs,
    server.backup_command,
    server.restore_command,
    documents.demo,
    documents.samples,
    accounts.account,
    units.unit,
    inspections.inspection,
    documents.document,
    seals.seal,
    checklists.checklist,
    journal.journal,
):
    main.add_command(command)
