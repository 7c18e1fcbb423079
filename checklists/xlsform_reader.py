"""Back from an XLSForm of ours to a pack; every refusal names sheet, row and reason.

Label and hint are read from the standard columns, so that a question edited in Excel is the new question.
Rows without ``kt_role`` (the verdict, the photo, a note that somebody added) belong to the form only.
"""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from dataclasses import dataclass, field
from typing import Any

from openpyxl import load_workbook
from pydantic import ValidationError

from checklists.model import Pack
from checklists.packcheck import Place, faults
from checklists.packfile import PackError, explain
from checklists.xlsform import SETTINGS, SURVEY

MAX_BYTES = 10_000_000
MAX_UNPACKED = 100_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
TRUE = frozenset({"true", "yes", "1", "có", "x"})
FALSE = frozenset({"", "false", "no", "0", "không"})

Line = tuple[int, dict[str, str]]


def read(content: bytes, file: str) -> Pack:
    """The pack of a workbook.

    Raises:
        PackError: with sheet, row and reason.
    """
    return _Reader(file).read(content)


@dataclass
class _Reader:
    file: str
    items: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[Place, int] = field(default_factory=dict)

    def refuse(self, line: int, reason: str, sheet: str = SURVEY) -> PackError:
        return PackError(self.file, line, reason, sheet)

    def read(self, content: bytes) -> Pack:
        sheets = self.sheets(content)
        settings = self.settings(sheets)
        for line, cells in self.table(sheets, SURVEY, ("type", "name", "label", "kt_role", "kt_key")):
            self.survey_row(line, cells)
        if not self.items:
            raise self.refuse(1, "không có mục nào (dòng begin_group có kt_role là item)")
        try:
            pack = Pack.model_validate({**settings, "items": self.items})
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            raise self.at(fault["loc"], explain(fault)) from error
        for place, reason in faults(pack):
            raise self.at(place, reason)
        return pack

    def at(self, place: Place, reason: str) -> PackError:
        """A fault at the row of a place, or of what is around it."""
        if place[:1] != ("items",):
            return self.refuse(2, reason, SETTINGS)
        line = next((self.rows[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.rows), 1)
        return self.refuse(line, reason)

    def sheets(self, content: bytes) -> dict[str, list[list[Any]]]:
        if len(content) > MAX_BYTES:
            raise PackError(self.file, 1, f"tệp lớn quá {MAX_BYTES // 1_000_000} MB")
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                unpacked = sum(part.file_size for part in archive.infolist())
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise PackError(self.file, 1, "không phải là tệp Excel .xlsx") from error
        if unpacked > MAX_UNPACKED:
            raise PackError(self.file, 1, "tệp giải nén ra quá lớn")
        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return {
                name: [
                    list(row) for row in book[name].iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
                ]
                for name in (SURVEY, SETTINGS)
                if name in book.sheetnames
            }
        except Exception as error:  # openpyxl raises whatever its XML and zip layers do
            raise PackError(self.file, 1, "tệp Excel bị hỏng, không đọc được") from error

    def table(self, sheets: dict[str, list[list[Any]]], name: str, needed: tuple[str, ...]) -> list[Line]:
        """The rows below the header, each with its number and its cells as text."""
        lines = sheets.get(name, [])
        if not lines:
            raise self.refuse(1, f"thiếu trang «{name}»", name)
        header = [_text(cell).strip() for cell in lines[0]]
        for column in needed:
            if column not in header:
                raise self.refuse(1, f"thiếu cột «{column}»; hãy xuất một phiếu có sẵn để lấy mẫu", name)
        return [
            (number, {key: _text(cell) for key, cell in zip(header, line, strict=False) if key})
            for number, line in enumerate(lines[1:], start=2)
            if any(_text(cell) for cell in line)
        ]

    def settings(self, sheets: dict[str, list[list[Any]]]) -> dict[str, Any]:
        table = self.table(sheets, SETTINGS, ("form_title", "form_id", "version", "kt_area"))
        if not table:
            raise self.refuse(2, "thiếu dòng khai báo phiếu", SETTINGS)
        line, cells = table[0]
        return {
            "id": cells.get("form_id", "").strip(),
            "version": self.number(line, cells, "version", SETTINGS),
            "title": cells.get("form_title", ""),
            "area": cells.get("kt_area", "").strip(),
            "main": self.flag(line, cells, "kt_main", SETTINGS),
        }

    def survey_row(self, line: int, cells: dict[str, str]) -> None:
        role = cells.get("kt_role", "").strip()
        if not role:
            return
        if role == "item":
            self.rows["items", len(self.items)] = line
            self.items.append(self.item(line, cells))
            return
        if not self.items:
            raise self.refuse(line, "dòng này phải nằm trong một mục (begin_group)")
        item, at = self.items[-1], len(self.items) - 1
        key = cells.get("kt_key", "").strip()
        if role == "derived":
            if key in item["derived"]:
                raise self.refuse(line, f"số liệu suy ra «{key}» bị ghi hai lần")
            item["derived"][key] = cells.get("kt_expr", "")
            self.rows["items", at, "derived", key] = line
        elif role in {"figure", "column"}:
            name = "fields" if role == "figure" else "rows"
            self.rows["items", at, name, len(item[name])] = line
            item[name].append(self.figure(line, cells) if role == "figure" else self.column(line, cells))
        else:
            raise self.refuse(line, f"kt_role «{role}» không đúng; chỉ dùng item, figure, derived, column")

    def figure(self, line: int, cells: dict[str, str]) -> dict[str, Any]:
        return {
            "key": cells.get("kt_key", "").strip(),
            "label": cells.get("label", ""),
            "type": cells.get("kt_type", "").strip(),
            "unit": cells.get("kt_unit", ""),
            "counts_rows": self.flag(line, cells, "kt_counts_rows"),
        }

    def column(self, line: int, cells: dict[str, str]) -> dict[str, Any]:
        return {
            "key": cells.get("kt_key", "").strip(),
            "label": cells.get("label", ""),
            "type": cells.get("kt_type", "").strip(),
            "dossier": self.flag(line, cells, "kt_dossier"),
        }

    def item(self, line: int, cells: dict[str, str]) -> dict[str, Any]:
        given = {key: text for key, text in cells.items() if text}
        return {
            "id": cells.get("kt_key", "").strip(),
            "version": self.number(line, cells, "kt_version"),
            "question": cells.get("label", ""),
            "kind": cells.get("kt_kind", "").strip(),
            "guidance": cells.get("hint", ""),
            "fields": [],
            "derived": {},
            "rows": [],
            "rule": _group(given, "kt_rule_"),
            "checks": self.json_list(line, cells, "kt_checks"),
            "per": given.get("kt_per"),
            "evidence": self.json_list(line, cells, "kt_evidence"),
            "legal": self.json_list(line, cells, "kt_legal"),
            "levels": cells.get("kt_levels", "").split(),
            "encouraged": cells.get("kt_encouraged", "").split(),
            "valid": _group(given, "kt_valid_"),
            "varies": _group(given, "kt_varies_"),
            "pass": cells.get("kt_pass", ""),
            "shortcoming": cells.get("kt_shortcoming", ""),
            "requirement": cells.get("kt_requirement", ""),
            "plain": _group(given, "kt_plain_") or {},
            "deadline": {
                **(_group(given, "kt_deadline_") or {}),
                "n": self.number(line, cells, "kt_deadline_n") if "kt_deadline_n" in given else None,
            },
            "product": cells.get("kt_product", ""),
            "area": cells.get("kt_area", ""),
            "core": self.flag(line, cells, "kt_core"),
            "integrity": self.flag(line, cells, "kt_integrity"),
        }

    def number(self, line: int, cells: dict[str, str], column: str, sheet: str = SURVEY) -> int:
        text = cells.get(column, "").strip()
        if not (text.isascii() and text.isdecimal()) or len(text) > 9:
            raise self.refuse(line, f"cột {column} phải là số nguyên («{text[:40]}»)", sheet)
        return int(text)

    def flag(self, line: int, cells: dict[str, str], column: str, sheet: str = SURVEY) -> bool:
        text = cells.get(column, "").strip().lower()
        if text not in TRUE | FALSE:
            raise self.refuse(line, f"cột {column} chỉ ghi true hoặc để trống («{text[:40]}»)", sheet)
        return text in TRUE

    def json_list(self, line: int, cells: dict[str, str], column: str) -> list[Any]:
        text = cells.get(column, "").strip()
        if not text:
            return []
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self.refuse(line, f"cột {column} không đúng dạng JSON") from error
        if not isinstance(found, list):
            raise self.refuse(line, f"cột {column} phải là danh sách JSON")
        return found


def _group(given: dict[str, str], prefix: str) -> dict[str, str] | None:
    """The filled cells of columns that begin alike, by the rest of their names."""
    found = {key.removeprefix(prefix): text for key, text in given.items() if key.startswith(prefix)}
    return found or None


def _text(cell: Any) -> str:
    """A cell as text: Excel makes numbers of what looks like one."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())[:10]
    return unicodedata.normalize("NFC", str(cell))
