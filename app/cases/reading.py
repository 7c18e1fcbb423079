"""A case file: every refusal is one Vietnamese sentence with file, line and remedy; unknown fields are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.cases.shapes import CaseFile
from app.errors import InvalidInputError
from checklists.packfile import explain
from checklists.strictyaml import Place, Refuse, StrictFile


class BadCaseError(InvalidInputError):
    """A case file is refused; nothing of it was written. ``details``: file, line."""

    code = "bad_case"


def bad_case(file: str, line: int, reason: str) -> BadCaseError:
    """The refusal, with its place and what to do."""
    return BadCaseError(f"{file}, dòng {line}: {reason}; hãy sửa tệp rồi nhập lại.", file=file, line=line)


def read_case(path: Path) -> tuple[CaseFile, dict[Place, int]]:
    """The case of a file, and the line of each of its places.

    Raises:
        BadCaseError: the file cannot be read or is no case.
    """
    refuse = _refuser(path.name)
    return _case(StrictFile.read(path, refuse), refuse)


def parse_case(text: str, file: str) -> tuple[CaseFile, dict[Place, int]]:
    """The case of a YAML or JSON text.

    Raises:
        BadCaseError: with the line of the first fault.
    """
    refuse = _refuser(file)
    return _case(StrictFile(text, refuse), refuse)


def _refuser(file: str) -> Refuse:
    return lambda line, reason: bad_case(file, line, reason)


def _case(read: StrictFile, refuse: Refuse) -> tuple[CaseFile, dict[Place, int]]:
    plain = read.plain
    if not isinstance(plain, dict):
        raise refuse(1, "tệp phải có các mục title, team, units như trong tệp mẫu")
    for unit in plain["units"] if isinstance(plain.get("units"), list) else ():
        if isinstance(unit, dict) and isinstance(unit.get("ask"), list):
            unit["ask"] = [{"text": ask} if isinstance(ask, str) else ask for ask in unit["ask"]]
    try:
        return CaseFile.model_validate(plain), read.lines
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise refuse(read.line(fault["loc"]), _reason(fault)) from error


def _reason(fault: Any) -> str:
    """What is wrong, in Vietnamese; our own validators say it themselves."""
    said = fault.get("ctx", {}).get("error")
    return f"mục {fault['loc'][-1]}: {said}" if isinstance(said, ValueError) else explain(fault)
