"""Requirements with what was answered and decided, arranged for reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlite_utils import Database

from forms.remedies import DECISIONS, STATES, TERM_DECISIONS
from reports.composing.prose import short_date

OPEN = "Chưa trả lời"
OTHERS = "Đã gửi cơ quan khác"
ENDED = "Văn bản thay thế không còn yêu cầu"
ASKED = "xin_gia_han"
GRANTED, REFUSED = "gia_han", "khong_gia_han"
# A row's own seq is that of its last entry: a term that begins or moves would send it to the end of the list.
_MADE = (
    "(SELECT min(e.seq) FROM entries e WHERE e.subject = remedies.subject "
    "AND json_extract(e.value, '$.document') = remedies.document)"
)
_OF_TERM = {ASKED, GRANTED, REFUSED}
_STATES = dict(STATES) | {ASKED: "Đề nghị gia hạn"}
_DECISIONS = dict(DECISIONS) | dict(TERM_DECISIONS)


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
    value: dict[str, Any]

    @property
    def detail(self) -> str:
        """The days that it speaks of, and the letter that it stands in."""
        before, after = _day(self.value.get("old_due")), self.value.get("deadline_text") or ""
        wanted = _day(self.value.get("wanted_due"))
        parts = (
            f"Đến hết ngày {wanted}" if wanted else "",
            f"Thời hạn mới: {after}, thay cho hết ngày {before}" if after and before else "",
            f"Thời hạn vẫn là hết ngày {before}" if self.code == REFUSED and before else "",
            f"Văn bản: {self.value['paper']}" if self.code in (GRANTED, REFUSED) and self.value.get("paper") else "",
        )
        return ". ".join(filter(None, parts))


@dataclass(frozen=True)
class Remedy:
    """One requirement of an issued paper with its history, oldest first."""

    inspection: str
    remedy: str
    document: str
    entry: str
    value: dict[str, Any]
    history: tuple[Said, ...]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.value[name]
        except KeyError as error:
            raise AttributeError(name) from error

    @property
    def subject(self) -> str:
        return f"inspection/{self.inspection}/remedy/{self.remedy}"

    @property
    def _work(self) -> list[Said]:
        """What was said of the work itself; requests for time and decisions on them change nothing of it."""
        return [one for one in self.history if one.code not in _OF_TERM]

    @property
    def done(self) -> bool:
        """The team has accepted; "đã khắc phục" is never what the unit alone says."""
        return bool(self._work) and self._work[-1].code == "chap_nhan"

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
        return not self.ended and bool(self._work) and not self._work[-1].by_team

    @property
    def request(self) -> Said | None:
        """The unit's request for more time that nobody has decided on."""
        said = [one for one in self.history if one.code in _OF_TERM]
        waiting = bool(said) and said[-1].code == ASKED and not (self.done or self.ended)
        return said[-1] if waiting else None

    @property
    def extensions(self) -> list[Said]:
        """The decisions that moved its term."""
        return [one for one in self.history if one.code == GRANTED]

    @property
    def _moved(self) -> bool:
        """Its term is the last decision's; a paper that replaced the first one since sets its own."""
        return bool(self.extensions) and self.extensions[-1].value.get("new_due") == self.value.get("due")

    @property
    def term(self) -> str:
        """Its term in words: the paper's, or the last decision's with how often it was moved."""
        if not self._moved:
            return str(self.value.get("deadline_text", ""))
        last = self.extensions[-1].value
        words = last.get("deadline_text") or f"đến hết ngày {_day(last['new_due'])}"
        return f"{words} (đã gia hạn {len(self.extensions):02d} lần)"

    @property
    def first_term(self) -> str:
        """What the paper itself said, where its term was moved."""
        if not self._moved:
            return ""
        day = _day(self.extensions[0].value.get("old_due"))
        until = f"hết ngày {day}" if day else ""
        return "; ".join(filter(None, [str(self.value.get("deadline_text", "")), until]))

    @property
    def answers(self) -> int:
        """How many entries of the unit there are."""
        return sum(not one.by_team for one in self.history)

    @property
    def reviews(self) -> int:
        """How many entries of the team there are."""
        return sum(one.by_team for one in self.history)

    @property
    def last_said(self) -> str:
        """What a page that shows the whole history has shown last."""
        return str(self.history[-1].seq) if self.history else "0"

    @property
    def may_wait_longer(self) -> bool:
        """It has a term that can be moved."""
        return bool(self.value.get("due")) and not (self.done or self.ended)

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


def _day(text: str | None) -> str:
    return short_date(date.fromisoformat(text)) if text else ""


def remedies_of(db: Database, inspections: Sequence[str]) -> list[Remedy]:
    """The requirements of issued papers, in the order in which the papers made them."""
    wanted = orjson.dumps(list(inspections)).decode()
    within = "inspection IN (SELECT value FROM json_each(?)) AND value != 'null'"
    said: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for row in db.execute(f"SELECT * FROM remedy_responses WHERE {within}", [wanted]):
        said[row["inspection"], row["remedy"]].append(_said(row, "state", "text", _STATES, by_team=False))
    for row in db.execute(f"SELECT * FROM remedy_reviews WHERE {within}", [wanted]):
        said[row["inspection"], row["remedy"]].append(_said(row, "decision", "reason", _DECISIONS, by_team=True))
    rows = db.execute(f"SELECT * FROM remedies WHERE {within} AND document IS NOT NULL ORDER BY {_MADE}, seq", [wanted])
    return [
        Remedy(
            row["inspection"],
            row["remedy"],
            row["document"],
            row["entry"],
            orjson.loads(row["value"]),
            tuple(sorted(said[row["inspection"], row["remedy"]], key=lambda one: one.seq)),
        )
        for row in rows
    ]


def owed_by_team(db: Database, inspections: Sequence[str]) -> dict[str, tuple[int, int]]:
    """By inspection, how many answers of the unit and how many requests for more time nobody has decided on."""
    found = dict.fromkeys(inspections, (0, 0))
    for one in remedies_of(db, inspections):
        answers, requests = found[one.inspection]
        found[one.inspection] = (answers + one.waits, requests + (one.request is not None))
    return found


def _said(row: Any, code: str, text: str, labels: dict[str, str], *, by_team: bool) -> Said:
    value = orjson.loads(row["value"])
    label = labels.get(value[code], value[code])
    who = "Đoàn kiểm tra" if by_team else "Đơn vị"
    author, made_at, seq = row["author"], row["made_at"], row["seq"]
    return Said(f"{who}: {label}", value.get(text, ""), author, made_at, seq, by_team, value[code], value)
