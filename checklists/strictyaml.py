"""YAML (and so JSON) from people, read strictly: every refusal has its line and says why.

Aliases, duplicate keys and depths beyond reason are refused; text is brought to NFC. Unquoted dates and decimals are
taken as text, as they are written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 2_000_000
MAX_DEPTH = 30
Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"

Place = tuple[str | int, ...]
"""Where a value stands: keys and positions from the root."""

Refuse = Callable[[int, str], Exception]
"""Makes the reader's own error of a line, counted from 1, and a Vietnamese reason without its full stop."""


class StrictFile:
    """Plain values of one text, and the line of each place.

    Attributes:
        plain: mappings, lists, texts, whole numbers, truths and nulls.
        lines: the line of each place, counted from 1.
    """

    def __init__(self, text: str, refuse: Refuse) -> None:
        self.lines: dict[Place, int] = {}
        self._refuse = refuse
        self._seen: set[int] = set()
        if len(text) > MAX_BYTES:
            raise refuse(1, f"tệp lớn quá {MAX_BYTES // 1_000_000} MB")
        self.plain = self._plain(self._compose(unicodedata.normalize("NFC", text)), ())

    @classmethod
    def read(cls, path: Path, refuse: Refuse) -> StrictFile:
        """The values of a file; whatever cannot be read raises what ``refuse`` makes of it."""
        try:
            # A huge file must not be taken into memory to be refused.
            with path.open(encoding="utf-8-sig") as stream:
                text = stream.read(MAX_BYTES + 1)
        except UnicodeDecodeError as error:
            raise refuse(1, "tệp không phải là văn bản UTF-8") from error
        except OSError as error:
            raise refuse(1, f"không đọc được tệp ({error.strerror})") from error
        return cls(text, refuse)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it that stands in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def _compose(self, text: str) -> yaml.Node:
        try:
            root = yaml.compose(text, Loader=Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise self._refuse(line, f"không đúng cú pháp YAML ({error.problem or error.context})") from error
        except yaml.YAMLError as error:
            raise self._refuse(1, f"không đúng cú pháp YAML ({error})") from error
        except RecursionError as error:
            raise self._refuse(1, "tệp lồng quá sâu") from error
        if root is None:
            raise self._refuse(1, "tệp trống")
        return root

    def _plain(self, node: yaml.Node, place: Place) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if id(node) in self._seen:
            # A node met twice is an alias, which could blow up memory.
            raise self._refuse(line, "không dùng bí danh YAML (&, *)")
        if len(place) > MAX_DEPTH:
            raise self._refuse(line, "tệp lồng quá sâu")
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(child, (*place, number)) for number, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise self._refuse(line, "tên trường phải là chữ")
            if key.value in found:
                raise self._refuse(line, f"trường «{key.value}» bị ghi hai lần")
            self.lines[*place, key.value] = line
            found[key.value] = self._plain(value, (*place, key.value))
        return found


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    match node.tag.removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return text.lower() in {"true", "yes", "on"}
        case "int" if text.lstrip("-").isdecimal():
            return int(text)
        case _:
            return text
