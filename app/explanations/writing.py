"""Writing of the hearing: what a form means becomes an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.conclusions.gather import gather
from app.errors import InvalidInputError, UnprocessableError
from app.evidence.api import storage
from app.evidence.uploads import kept, taken_in, together
from app.explanations.queries import shortcomings_of
from app.web import identity, installation, journal
from reports.composing.conclusion import plan

WHOLE = "reply"
"""Stands for the draft as a whole where a finding's key is asked for."""


def send(inspection: str, typed: Mapping[str, Any], seen: Sequence[str]) -> None:
    """Send the draft's shortcomings, as they are worded now, to the unit.

    Raises:
        UnprocessableError: the draft names no shortcoming.
        StaleError: somebody else sent meanwhile.
    """
    shown = shortcomings_of(plan(gather(installation(), inspection)))
    if not shown:
        raise UnprocessableError("Dự thảo chưa nêu tồn tại, hạn chế nào nên không có nội dung để lấy ý kiến.")
    journal().write(identity(), f"inspection/{inspection}/hearing", {**typed, "shown": shown}, supersedes=seen)


def subject_of(inspection: str, key: str) -> str:
    """The subject of the explanation of a finding, or of the answer to the draft as a whole.

    Raises:
        InvalidInputError: this is no finding's key.
    """
    if key == WHOLE:
        return f"inspection/{inspection}/hearing/reply"
    if not key.startswith("answer/"):
        raise InvalidInputError("Không rõ giải trình về nội dung nào; hãy mở lại trang rồi gửi lại.")
    return f"inspection/{inspection}/explanation/{key.removeprefix('answer/')}"


def files_of(form: Any, ticked: Sequence[str], subject: str) -> list[dict[str, Any]]:
    """The files that a form keeps and brings; they are safe, and the form knows them, before anything is written.

    Raises:
        UnknownTypeError, TooLargeError, InvalidInputError: with what to do.
    """
    old = (journal().value(subject) or {}).get("files", [])
    limit = installation().config.evidence_bytes
    new = taken_in(storage(), identity(), form.files.data or (), limit)
    files = together(kept(storage(), identity(), ticked, old), new)
    form.brought = tuple(f"{one['sha256']} {one.get('name', '')}" for one in files)
    return files


def explain(  # noqa: PLR0913 (a statement, its files and its lock)
    inspection: str,
    key: str,
    text: str,
    paper: Mapping[str, Any] | None,
    files: Sequence[Mapping[str, Any]],
    seen: Sequence[str],
    *,
    on_behalf: bool,
) -> None:
    """Write an explanation of one finding.

    Raises:
        StaleError: somebody else changed it meanwhile.
        ForbiddenError: not asked for, too late, or over the unit's own words.
    """
    if key == WHOLE:
        reply(inspection, text, paper, files, seen, agrees=False, on_behalf=on_behalf)
        return
    value = {"text": text, "paper": paper, "files": list(files), "on_behalf": on_behalf}
    journal().write(identity(), subject_of(inspection, key), value, supersedes=seen)


def reply(  # noqa: PLR0913 (likewise)
    inspection: str,
    text: str,
    paper: Mapping[str, Any] | None,
    files: Sequence[Mapping[str, Any]],
    seen: Sequence[str],
    *,
    agrees: bool,
    on_behalf: bool,
) -> None:
    """Write what the unit says to the draft as a whole.

    Raises:
        InvalidInputError: nothing was said.
        StaleError: somebody else changed it meanwhile.
    """
    if not (agrees or text or paper or files):
        raise InvalidInputError("Hãy ghi ý kiến chung, số công văn, hoặc đánh dấu là thống nhất với dự thảo.")
    value = {"agrees": agrees, "text": text, "paper": paper, "files": list(files), "on_behalf": on_behalf}
    journal().write(identity(), f"inspection/{inspection}/hearing/reply", value, supersedes=seen)


def decide(inspection: str, key: str, value: Mapping[str, Any], seen: Sequence[str]) -> None:
    """Write the lead's decision on one explanation.

    Raises:
        NewerExplanationError: the unit has sent another one.
        StaleError: another lead was faster.
    """
    journal().write(identity(), f"{subject_of(inspection, key)}/decision", dict(value), supersedes=seen)
