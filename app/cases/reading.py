"""A case file, read strictly: every refusal is one Vietnamese sentence with file, line and remedy.

YAML (which JSON is, too). Aliases, duplicate keys and unknown fields are refused; text is brought to NFC.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from app.cases.shapes import CaseFile
from app.errors import InvalidInputError
from checklists.packfile import explain

MAX_BYTES = 2_000_000
MAX_DEPTH = 20
Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"


class BadCaseError(InvalidInputError):
    """A case file is refused; nothing of it was written. ``details``: file, line."""

    code = "bad_case"


def bad_case(file: str, line: int, reason: str) -> BadCaseError:
    """The refusal, with its place and what to do."""
    return BadCaseError(f"{file}, dòng {line}: {reason}; hãy sửa tệp rồi nhập lại.", file=file, line=line)


def read_case(path: Path) -> tuple[CaseFile, dict[tuple[str | int, ...], int]]:
    """The case of a file, and the line of each of its places.

    Raises:
        BadCaseError: the file cannot be read or is no case.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise bad_case(path.name, 1, f"tệp lớn quá {MAX_BYTES // 1_000_000} MB")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise bad_case(path.name, 1, "tệp không phải là văn bản UTF-8") from error
    except OSError as error:
        raise bad_case(path.name, 1, f"không đọc được tệp ({error.strerror})") from error
    return parse_case(text, path.name)


def parse_case(text: str, file: str) -> tuple[CaseFile, dict[tuple[str | int, ...], int]]:
    """The case of a YAML or JSON text.

    Raises:
        BadCaseError: with the line of the first fault.
    """
    reader = _Reader(file)
    plain = reader.read(unicodedata.normalize("NFC", text))
    if not isinstance(plain, dict):
        raise bad_case(file, 1, "tệp phải có các mục title, team, units như trong tệp mẫu")
    for unit in plain["units"] if isinstance(plain.get("units"), list) else ():
        if isinstance(unit, dict) and isinstance(unit.get("ask"), list):
            unit["ask"] = [{"text": ask} if isinstance(ask, str) else ask for ask in unit["ask"]]
    try:
        return CaseFile.model_validate(plain), reader.lines
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise bad_case(file, reader.line(fault["loc"]), _reason(fault)) from error


def _reason(fault: Any) -> str:
    """What is wrong, in Vietnamese; our own validators say it themselves."""
    said = fault.get("ctx", {}).get("error")
    return f"mục {fault['loc'][-1]}: {said}" if isinstance(said, ValueError) else explain(fault)


class _Reader:
    """Plain values of a YAML text and the line that each stands on."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[tuple[str | int, ...], int] = {}
        self._seen: set[int] = set()

    def read(self, text: str) -> Any:
        try:
            root = yaml.compose(text, Loader=Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise bad_case(self.file, line, f"không đúng cú pháp YAML ({error.problem or error.context})") from error
        except (yaml.YAMLError, RecursionError) as error:
            raise bad_case(self.file, 1, "không đúng cú pháp YAML") from error
        if root is None:
            raise bad_case(self.file, 1, "tệp trống")
        return self._plain(root, ())

    def line(self, place: tuple[str | int, ...]) -> int:
        """The line of a place, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def _plain(self, node: yaml.Node, place: tuple[str | int, ...]) -> Any:
        line = node.start_mark.line + 1
        self.lines[place] = line
        if id(node) in self._seen:
            raise bad_case(self.file, line, "không dùng bí danh YAML (&, *)")
        self._seen.add(id(node))
        if len(place) > MAX_DEPTH:
            raise bad_case(self.file, line, "tệp lồng quá sâu")
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(child, (*place, number)) for number, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise bad_case(self.file, line, "tên mục phải là chữ")
            if key.value in found:
                raise bad_case(self.file, line, f"mục «{key.value}» viết hai lần")
            found[key.value] = self._plain(value, (*place, key.value))
        return found


def _scalar(node: yaml.Node) -> Any:
    """Text, whole number, truth or nothing; dates and decimals stay as they are written."""
    text = str(node.value)
    if node.tag == f"{_TAG}null":
        return None
    if node.tag == f"{_TAG}bool":
        return text.lower() in {"true", "yes", "on"}
    if node.tag == f"{_TAG}int" and text.lstrip("-").isdecimal():
        return int(text)
    return text
