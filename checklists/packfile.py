"""A pack's YAML: every refusal names file, line and reason; unknown fields are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from checklists.model import Pack
from checklists.packcheck import faults
from checklists.strictyaml import Refuse, StrictFile


class PackError(Exception):
    """A pack is refused. ``str()`` is one Vietnamese sentence with the place.

    Attributes:
        file: name of the file as the caller gave it.
        line: line of the YAML file or row of the sheet, counted from 1.
        reason: what is wrong, in Vietnamese.
        sheet: the sheet of an XLSForm, else empty.
    """

    def __init__(self, file: str, line: int, reason: str, sheet: str = "") -> None:
        self.file, self.line, self.reason, self.sheet = file, line, reason, sheet
        place = f"trang «{sheet}», dòng {line}" if sheet else f"dòng {line}"
        super().__init__(f"{file}, {place}: {reason}.")


def read_pack(path: Path) -> Pack:
    """The pack of a file.

    Raises:
        PackError: the file cannot be read or is no valid pack.
    """
    refuse = _refuser(path.name)
    return _pack(StrictFile.read(path, refuse), refuse)


def parse_pack(text: str, file: str = "phiếu") -> Pack:
    """The pack of a YAML text.

    Raises:
        PackError: with the line of the first fault.
    """
    refuse = _refuser(file)
    return _pack(StrictFile(text, refuse), refuse)


def _refuser(file: str) -> Refuse:
    return lambda line, reason: PackError(file, line, reason)


def _pack(read: StrictFile, refuse: Refuse) -> Pack:
    try:
        pack = Pack.model_validate(read.plain)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise refuse(read.line(fault["loc"]), explain(fault)) from error
    for place, reason in faults(pack):
        raise refuse(read.line(tuple(place)), reason)
    return pack


REASONS = {
    "missing": "thiếu trường bắt buộc",
    "extra_forbidden": "trường không có trong mẫu phiếu",
    "string_pattern_mismatch": "giá trị không đúng dạng",
    "string_type": "phải là chữ (đặt trong dấu nháy nếu là số)",
    "enum": "giá trị không có trong danh sách cho phép",
    "too_short": "danh sách không được trống",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "int_parsing": "phải là số nguyên",
    "int_type": "phải là số nguyên",
    "greater_than_equal": "phải từ 1 trở lên",
    "tuple_type": "phải là danh sách",
    "dict_type": "phải là các cặp tên: giá trị",
    "model_type": "phải là các cặp tên: giá trị",
    "model_attributes_type": "phải là các cặp tên: giá trị",
}


def explain(fault: Any) -> str:
    """A pydantic fault as Vietnamese words with its place inside the pack."""
    place = ".".join(str(step) for step in fault["loc"]) or "phiếu"
    reason = REASONS.get(fault["type"], "giá trị không hợp lệ")
    given = fault.get("input")
    shown = f" («{given}»)" if isinstance(given, str | int) and len(str(given)) <= 60 else ""
    return f"trường {place}: {reason}{shown}"
