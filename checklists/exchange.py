"""Packs out and in: YAML as it is kept, and XLSForm as other tools read it."""

from __future__ import annotations

from typing import Any

import yaml

from checklists.model import Pack
from checklists.packfile import parse_pack
from checklists.xlsform import write
from checklists.xlsform_reader import read


class _Dumper(yaml.SafeDumper):
    """Sequences are indented below their key, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002
        super().increase_indent(flow, indentless=False)


def to_yaml(pack: Pack) -> str:
    """The pack as YAML; what has its default value is left out."""
    plain: dict[str, Any] = pack.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    ordered = {"id": pack.id, "version": pack.version, **plain}
    text: str = yaml.dump(ordered, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text


def from_yaml(text: str, file: str = "phiếu") -> Pack:
    """The pack of a YAML text.

    Raises:
        PackError: with the line and the reason.
    """
    return parse_pack(text, file)


def to_xlsform(pack: Pack) -> bytes:
    """The pack as an XLSForm workbook (.xlsx) that ``from_xlsform`` reads back unchanged."""
    return write(pack)


def from_xlsform(content: bytes, file: str = "phiếu.xlsx") -> Pack:
    """The pack of an XLSForm that ``to_xlsform`` made, edited or not.

    Raises:
        PackError: with sheet, row and reason.
    """
    return read(content, file)
