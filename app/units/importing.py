"""Units from a file: CSV with the columns ``id,name,level,parent,code,address``, or a YAML list of the same."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.database import writing
from app.errors import InvalidInputError
from app.identity import Identity
from app.journal.journal import Journal
from app.journal.shape_errors import describe
from app.units.shapes import UnitValue
from checklists.strictyaml import StrictFile

COLUMNS = {"id", "name", "level", "parent", "code", "address"}


@dataclass(frozen=True)
class UnitsReport:
    """How many units were added, changed, and found as they were."""

    added: int
    changed: int
    same: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def import_units(journal: Journal[Identity], writer: Identity, path: Path) -> UnitsReport:
    """Add or change units; all of the file or nothing.

    Raises:
        InvalidInputError: with file, line and what to do.
    """
    rows = _rows(path)
    counts = {"added": 0, "changed": 0, "same": 0}
    with writing(journal.db):
        for line, row in rows:
            id_, value = _unit_of(path, line, row)
            counts[_save(journal, writer, id_, value)] += 1
    return UnitsReport(**counts)


def _save(journal: Journal[Identity], writer: Identity, id_: str, value: dict[str, Any]) -> str:
    current = journal.value(f"unit/{id_}")
    if current is not None and {**current, **value} == current:
        return "same"
    journal.write(writer, f"unit/{id_}", {**(current or {}), **value})
    return "changed" if current is not None else "added"


def _rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    if path.suffix in {".yaml", ".yml", ".json"}:
        return _yaml_rows(path)
    try:
        text = unicodedata.normalize("NFC", path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path.name} không phải UTF-8; hãy lưu lại với bảng mã UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text))
    unknown = set(reader.fieldnames or ()) - COLUMNS
    if unknown or not {"id", "name", "level"} <= set(reader.fieldnames or ()):
        raise InvalidInputError(f"{path.name}, dòng 1: cần các cột id,name,level và có thể có parent,code,address.")
    return [(reader.line_num, {key: value for key, value in row.items() if key and value}) for row in reader]


def _yaml_rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    def refuse(line: int, reason: str) -> InvalidInputError:
        return InvalidInputError(f"{path.name}, dòng {line}: {reason}; hãy sửa tệp rồi nhập lại.", line=line)

    read = StrictFile.read(path, refuse)
    if not isinstance(read.plain, list) or not all(isinstance(row, dict) for row in read.plain):
        raise refuse(1, "tệp phải là danh sách đơn vị, mỗi đơn vị có id, name, level")
    return [(read.line((number,)), row) for number, row in enumerate(read.plain)]


def _unit_of(path: Path, line: int, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    id_ = str(row.get("id", "")).strip()
    value = {key: part for key, part in row.items() if key != "id"}
    try:
        UnitValue.model_validate(value)
    except ValidationError as error:
        raise InvalidInputError(f"{path.name}, dòng {line}: {'; '.join(describe(error))}. Hãy sửa dòng này.") from error
    return id_, value
