"""What a paper in the register waits for, and of whom: signature, number and date, seal, sending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from app.papers.registering import is_finished


class Step(StrEnum):
    """What comes next, in the order of NĐ 30/2020/NĐ-CP Điều 13 to 18; a number may be given before the signature."""

    SIGNATURE = "cho-ky"
    NUMBER = "cho-so"
    SEAL = "cho-dau"
    SENDING = "cho-gui"
    DONE = "da-gui"


HEADINGS: dict[Step, str] = {
    Step.SIGNATURE: "Chờ người có thẩm quyền ký",
    Step.NUMBER: "Chờ ghi số, ngày",
    Step.SEAL: "Chờ đóng dấu cơ quan",
    Step.SENDING: "Chờ phát hành",
    Step.DONE: "Đã phát hành",
}
LAST_DONE = 30
"""How many of the papers that wait for nothing are listed; the year's register has all."""


@dataclass(frozen=True)
class Sent:
    """How often a paper was sent, and how many of these it was received."""

    times: int = 0
    received: int = 0

    @property
    def text(self) -> str:
        return f"{self.received}/{self.times} nơi đã nhận" if self.times else ""


def step_of(paper: Mapping[str, Any], sent: Sent) -> Step | None:
    """What a paper waits for; None for one that never came into the register and was signed anew."""
    if paper["state"] == "prepared":
        return Step.SIGNATURE
    if paper["state"] == "signed":
        return Step.NUMBER
    if paper["state"] == "replaced":
        # It is out and over: nobody puts a seal on it any more.
        return Step.DONE if paper.get("number") and paper.get("date") else None
    if not is_finished(paper):
        return Step.SEAL
    return Step.DONE if sent.times else Step.SENDING


def by_step(db: Database, papers: Iterable[Mapping[str, Any]]) -> dict[Step, list[dict[str, Any]]]:
    """All papers by what they wait for; those that wait longest first, those that are done newest first."""
    sendings = _sendings(db)
    found: dict[Step, list[dict[str, Any]]] = {step: [] for step in Step}
    for paper in papers:
        sent = sendings.get(paper["document"], Sent())
        step = step_of(paper, sent)
        if step is not None:
            found[step].append({**paper, "sent": sent.text, "since": _since(paper)})
    for step in Step:
        found[step].sort(key=lambda one: one["since"], reverse=step is Step.DONE)
    return found


def _since(paper: Mapping[str, Any]) -> str:
    """The moment of the last signature; of one that has none, when it was made final."""
    return max([one["at"] for one in paper["signatures"]], default=str(paper["received_at"]))


def _sendings(db: Database) -> dict[str, Sent]:
    rows = db.execute(
        "SELECT document, count(*), count(received_at) FROM dispatches WHERE value != 'null' GROUP BY document"
    )
    return {row[0]: Sent(row[1], row[2]) for row in rows.fetchall()}
