"""Requirements with what was answered and decided, arranged for reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from forms.conclusions import DECISIONS, STATES

OPEN = "Chưa trả lời"
OTHERS = "Đã gửi cơ quan khác"
ENDED = "Văn bản thay thế không còn yêu cầu"
_STATES, _DECISIONS = dict(STATES), dict(DECISIONS) | {"gia_han": "Gia hạn"}


@dataclass(frozen=True)
class Said:
    """An answer of the unit or a decision of the team."""

    label: str
    text: str
    author: str
    made_at: str
    seq: int
    by_team: bool
    code: str


@dataclass(frozen=True)
class Remedy:
    """One requirement of an issued paper with its history, oldest first."""

    inspection: str
    remedy: str
    document: str
    value: dict[str, Any]
    history: tuple[Said, ...]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.value[name]
        except KeyError as error:
            raise AttributeError(name) from error

    @property
    def done(self) -> bool:
        """The team has accepted; "đã khắc phục" is never what the unit alone says."""
        return bool(self.history) and self.history[-1].code == "chap_nhan"

    @property
    def of_unit(self) -> bool:
        """The inspected unit has to do it; what another body was asked is not for the unit to answer."""
        return self.value.get("addressee_kind") != "co_quan_khac"

    @property
    def ended(self) -> bool:
        """A paper that took the first one's place does not ask for it any more."""
        return bool(self.value.get("ended_by"))

    @property
    def waits(self) -> bool:
        """The unit has answered and the team has not decided."""
        return not self.ended and bool(self.history) and not self.history[-1].by_team

    @property
    def reviewable(self) -> bool:
        """The team can say what became of it; other bodies answer by letter, so any time until it is done."""
        return self.waits or not (self.of_unit or self.ended or self.done)

    @property
    def state_label(self) -> str:
        if self.ended:
            return ENDED
        return self.history[-1].label if self.history else OPEN if self.of_unit else OTHERS

    @property
    def tone(self) -> str:
        return "" if self.ended else "good" if self.done else "warn"


def remedies_of(db: Database, inspections: Sequence[str]) -> list[Remedy]:
    """The requirements of issued papers, in the order in which the papers made them."""
    wanted = orjson.dumps(list(inspections)).decode()
    within = "inspection IN (SELECT value FROM json_each(?)) AND value != 'null'"
    said: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for row in db.execute(f"SELECT * FROM remedy_responses WHERE {within}", [wanted]):
        said[row["inspection"], row["remedy"]].append(_said(row, "state", "text", _STATES, by_team=False))
    for row in db.execute(f"SELECT * FROM remedy_reviews WHERE {within}", [wanted]):
        said[row["inspection"], row["remedy"]].append(_said(row, "decision", "reason", _DECISIONS, by_team=True))
    rows = db.execute(f"SELECT * FROM remedies WHERE {within} AND document IS NOT NULL ORDER BY seq", [wanted])
    return [
        Remedy(
            row["inspection"],
            row["remedy"],
            row["document"],
            orjson.loads(row["value"]),
            tuple(sorted(said[row["inspection"], row["remedy"]], key=lambda one: one.seq)),
        )
        for row in rows
    ]


def _said(row: Any, code: str, text: str, labels: dict[str, str], *, by_team: bool) -> Said:
    value = orjson.loads(row["value"])
    label = labels.get(value[code], value[code])
    who = "Đoàn kiểm tra" if by_team else "Đơn vị"
    return Said(f"{who}: {label}", value.get(text, ""), row["author"], row["made_at"], row["seq"], by_team, value[code])
