"""The check before signing: every remark with the place where it is mended, and what signers signed over.

What the facts alone show comes from ``reports/composing/review.py``; this adds what only the installation knows:
data still on tablets, open remedies of earlier inspections. An overruling is tied to the remark's key and so to its
facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.approvals.queries import approvals_missing
from app.conclusions.gather import outstanding_for
from app.errors import InvalidInputError, UnprocessableError
from app.identity import Identity
from app.inspections.queries import setup_of
from app.installation import Installation
from app.remedies.queries import open_findings
from reports.composing.facts import ConclusionFacts
from reports.composing.review import Remark, Spot, grouped, in_order, review

EARLIER = "kien-nghi-truoc."
"""Items of the pack that asks what became of earlier requirements."""


@dataclass(frozen=True)
class Overruling:
    """Who signs over a remark, and why."""

    entry: str
    author: str
    made_at: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """One remark with what was said about it."""

    remark: Remark
    overruling: Overruling | None = None

    @property
    def stops(self) -> bool:
        """Nothing is signed while it stands; what is ticked at signing is asked there."""
        return self.remark.level == "block" and self.overruling is None and self.remark.way != "tick"

    @property
    def may_be_overruled(self) -> bool:
        return self.remark.way == "reason"


@dataclass(frozen=True)
class Checks:
    """The whole check of one paper."""

    all: tuple[Checked, ...]

    @property
    def stopping(self) -> list[Checked]:
        """What keeps the paper from being signed."""
        return [one for one in self.all if one.stops]

    @property
    def blocks(self) -> list[Checked]:
        return [one for one in self.all if one.remark.level == "block"]

    @property
    def warns(self) -> list[Checked]:
        return [one for one in self.all if one.remark.level == "warn"]

    @property
    def overruled(self) -> list[Checked]:
        return [one for one in self.all if one.overruling]

    def groups(self) -> list[tuple[str, list[Checked]]]:
        """Under the headings that people see."""
        by_key = {one.remark.key: one for one in self.all}
        return [
            (title, [by_key[remark.key] for remark in remarks])
            for title, remarks in grouped(one.remark for one in self.all)
        ]

    def to_values(self) -> list[dict[str, str]]:
        """What stood when the paper was signed, as its value keeps it."""
        return [
            {
                "code": one.remark.code,
                "level": one.remark.level,
                "text": one.remark.text,
                "reason": one.overruling.reason if one.overruling else "",
                "entry": one.overruling.entry if one.overruling else "",
            }
            for one in self.all
        ]


def check(installation: Installation, inspection: str, facts: ConclusionFacts) -> Checks:
    """Every remark on an inspection's paper as it stands."""
    remarks = {remark.key: remark for remark in in_order([*review(facts), *_beyond(installation, inspection, facts)])}
    said = _overrulings(installation, inspection)
    return Checks(tuple(Checked(remark, said.get(key)) for key, remark in remarks.items()))


def overrule(  # noqa: PLR0913 (a remark, a reason and the lock)
    installation: Installation, inspection: str, writer: Identity, checks: Checks, key: str, reason: str
) -> None:
    """Keep why somebody signs over a remark.

    Raises:
        InvalidInputError: no reason.
        UnprocessableError: the remark is not there (any more), or nobody may sign over it.
        StaleError: another signer said something meanwhile.
    """
    found = next((one for one in checks.all if one.remark.key == key), None)
    if found is None:
        raise UnprocessableError("Điều cần xem này không còn hoặc đã đổi; hãy đọc lại danh sách bên dưới.")
    if not found.may_be_overruled:
        raise UnprocessableError("Điều này phải sửa xong mới ký được; hãy mở chỗ cần sửa.")
    if not reason:
        raise InvalidInputError("Hãy ghi lý do vẫn ký; lý do được lưu trong hồ sơ văn bản.")
    remark = found.remark
    value = {"code": remark.code, "level": remark.level, "text": remark.text[:8000], "reason": reason}
    seen = [found.overruling.entry] if found.overruling else []
    installation.journal().write(writer, _subject(inspection, key), value, supersedes=seen)


def withdraw(installation: Installation, inspection: str, writer: Identity, checks: Checks, key: str) -> None:
    """Take an overruling back.

    Raises:
        UnprocessableError: there is none.
        StaleError: another signer said something meanwhile.
    """
    found = next((one for one in checks.overruled if one.remark.key == key), None)
    if found is None or found.overruling is None:
        raise UnprocessableError("Không có lý do nào để bỏ; hãy đọc lại danh sách bên dưới.")
    installation.journal().write(writer, _subject(inspection, key), None, supersedes=[found.overruling.entry])


def _subject(inspection: str, key: str) -> str:
    return f"inspection/{inspection}/overruling/{key}"


def _overrulings(installation: Installation, inspection: str) -> dict[str, Overruling]:
    rows = installation.database().execute(
        "SELECT * FROM overrulings WHERE inspection = ? AND value != 'null'", [inspection]
    )
    said = [(row, orjson.loads(row["value"])) for row in rows]
    return {
        row["remark"]: Overruling(row["entry"], row["author"], row["made_at"], value["reason"])
        for row, value in said
        if value
    }


def _beyond(installation: Installation, inspection: str, facts: ConclusionFacts) -> list[Remark]:
    """What the facts do not hold."""
    setup = setup_of(installation.database(), inspection)
    return [
        *_of_tablets(installation, inspection, setup),
        *_of_earlier(installation, inspection, setup, facts),
        *_of_approvals(installation, inspection, facts),
    ]


def _of_approvals(installation: Installation, inspection: str, facts: ConclusionFacts) -> list[Remark]:
    """Where steps are set, nothing is signed before each has approved exactly this text."""
    return [
        Remark("block", "approvals", text, "approval-missing", Spot.APPROVALS, "none")
        for text in approvals_missing(installation, inspection, facts)
    ]


def _of_tablets(installation: Installation, inspection: str, setup: Mapping[str, Any]) -> list[Remark]:
    sentence = outstanding_for(installation, inspection, setup).sentence
    if not sentence:
        return []
    return [Remark("block", "tablets", sentence, "tablets-outstanding", Spot.TABLETS, "tick")]


def _of_earlier(
    installation: Installation, inspection: str, setup: Mapping[str, Any], facts: ConclusionFacts
) -> list[Remark]:
    """Requirements of earlier inspections that are still open and that nothing of this one speaks of."""
    told = {finding.key for finding in facts.findings if finding.verdict}
    sums_up = any(key.startswith(f"answer/{EARLIER}") for key in told)
    last = max(setup.get("dates") or [""])
    remarks = {}
    for one in open_findings(installation.database(), setup["unit"], inspection):
        later = bool(last and one["date"] and one["date"] >= last)
        spoken = sums_up if one["item"] is None else _spoken_of(told, one["item"])
        if later or spoken:
            continue
        text = f"Yêu cầu của lần trước còn mở, chưa được nói tới: «{one['sentence'][:120]}» ({one['title']})."
        place = f"{one['inspection']}/{one['remedy']}"
        remarks[place] = Remark("warn", place, text, "earlier-open", Spot.REMEDIES)
    return list(remarks.values())


def _spoken_of(told: set[str], item: str) -> bool:
    """Places change between two visits, so the item anywhere counts."""
    return any(key.partition("@")[0] == f"answer/{item}" for key in told)
