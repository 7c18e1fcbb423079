"""A pack's YAML, read strictly: every refusal names file, line and reason.

Aliases, duplicate keys and unknown fields are refused; text is brought to NFC. Unquoted dates are taken
as text, as they are written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from checklists.model import Pack
from checklists.packcheck import faults

MAX_BYTES = 2_000_000
MAX_DEPTH = 30
Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PackError(path.name, 1, f"tệp lớn quá {MAX_BYTES // 1_000_000} MB")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackError(path.name, 1, "tệp không phải là văn bản UTF-8") from error
    except OSError as error:
        raise PackError(path.name, 1, f"không đọc được tệp ({error.strerror})") from error
    return parse_pack(text, path.name)


def parse_pack(text: str, file: str = "phiếu") -> Pack:
    """The pack of a YAML text.

    Raises:
        PackError: with the line of the first fault.
    """
    if len(text) > MAX_BYTES:
        raise PackError(file, 1, f"tệp lớn quá {MAX_BYTES // 1_000_000} MB")
    root = _compose(unicodedata.normalize("NFC", text), file)
    plain = _Plainer(file).plain(root, 0)
    try:
        pack = Pack.model_validate(plain)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = fault["loc"]
        raise PackError(file, _line(root, place), explain(fault)) from error
    for place, reason in faults(pack):
        raise PackError(file, _line(root, place), reason)
    return pack


def _compose(text: str, file: str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise PackError(file, line, f"không đúng cú pháp YAML ({error.problem or error.context})") from error
    except yaml.YAMLError as error:
        raise PackError(file, 1, f"không đúng cú pháp YAML ({error})") from error
    except RecursionError as error:
        raise PackError(file, 1, "tệp lồng quá sâu") from error
    if root is None:
        raise PackError(file, 1, "tệp trống")
    return root


class _Plainer:
    """YAML nodes to plain values; a node met twice is an alias, which could blow up memory."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.seen: set[int] = set()

    def plain(self, node: yaml.Node, depth: int) -> Any:
        line = node.start_mark.line + 1
        if id(node) in self.seen:
            raise PackError(self.file, line, "không dùng bí danh YAML (&, *)")
        if depth > MAX_DEPTH:
            raise PackError(self.file, line, "tệp lồng quá sâu")
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, depth + 1) for child in node.value]
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, depth)
        return _scalar(node)

    def mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise PackError(self.file, line, "tên trường phải là chữ")
            key = str(key_node.value)
            if key in found:
                raise PackError(self.file, line, f"trường «{key}» bị ghi hai lần")
            found[key] = self.plain(value_node, depth + 1)
        return found


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    match node.tag.removeprefix("tag:yaml.org,2002:"):
        case "null":
            return None
        case "bool":
            return text.lower() in {"true", "yes", "on"}
        case "int" if text.lstrip("-").isdecimal():
            return int(text)
        case _:
            return text


def _line(root: yaml.Node, place: Sequence[str | int]) -> int:
    """The line of a place, or of the nearest thing around it that stands in the file."""
    node, line = root, root.start_mark.line
    for step in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        elif isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        else:
            break
    return line + 1


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
