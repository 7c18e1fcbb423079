"""Disagreements: entries of one subject that say different things, and how the lead ends them.

Nothing is hidden: a value that came in after the page was made stays current beside the settled one and is a new
disagreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.database import writing
from app.errors import InvalidInputError, NotFoundError
from app.identity import Identity
from app.inspections.findings import Record, differ, record_of
from app.journal.journal import Journal, StaleError
from app.journal.kinds import SubjectClass

NAMES = {
    "answer": "Kết quả",
    "row": "Dòng trong bảng",
    "note": "Nhận xét",
    "evidence": "Minh chứng",
    "minutes": "Biên bản",
}


@dataclass(frozen=True)
class Side:
    """One of the values that differ, with all who gave it."""

    records: tuple[Record, ...]

    @property
    def value(self) -> dict[str, Any] | None:
        """The value; None where it was withdrawn."""
        return self.records[0].value

    @property
    def entry(self) -> str:
        """The id of one of its entries: it stands for the side in forms."""
        return self.records[0].entry

    @property
    def settled(self) -> bool:
        """Whether a lead has chosen it before."""
        return any(record.settled for record in self.records)


@dataclass(frozen=True)
class Dispute:
    """A subject with its differing values."""

    subject: str
    kind: str
    item: str | None
    site: str | None
    sides: tuple[Side, ...]

    @property
    def entries(self) -> list[str]:
        """Ids of all current entries, sorted: what a settling entry supersedes."""
        return sorted(record.entry for side in self.sides for record in side.records)


def disputed_subjects(journal: Journal[Identity], inspection: str) -> list[str]:
    """Subjects of an inspection whose current values differ."""
    found: list[str] = []
    for kind in journal.registry.kinds:
        if kind.subject_class is SubjectClass.FIELD and "inspection" in kind.keys:
            rows = journal.db.execute(
                f"SELECT subject FROM {kind.table.name} WHERE inspection = ? "
                "GROUP BY subject HAVING count(DISTINCT same) > 1 ORDER BY subject",
                [inspection],
            )
            found += [row[0] for row in rows]
    return found


def disputes_of(journal: Journal[Identity], inspection: str) -> list[Dispute]:
    """Every disagreement of an inspection, with its sides."""
    return [dispute_of(journal, inspection, subject) for subject in disputed_subjects(journal, inspection)]


def dispute_of(journal: Journal[Identity], inspection: str, subject: str) -> Dispute:
    """The current values of one subject, differing or not.

    Raises:
        NotFoundError: no such subject in this inspection.
    """
    matched = journal.registry.match(subject)
    if matched is None or matched[1].get("inspection") != inspection:
        raise NotFoundError("Không có nội dung này trong cuộc kiểm tra; hãy quay lại danh sách.")
    kind, groups = matched
    rows = journal.db.execute(f"SELECT * FROM {kind.table.name} WHERE subject = ? ORDER BY entry", [subject])
    records = [record_of(row) for row in rows]
    if kind.subject_class is not SubjectClass.FIELD or not records:
        raise NotFoundError("Không có nội dung này trong cuộc kiểm tra; hãy quay lại danh sách.")
    groups_of_same: dict[bytes, list[Record]] = {}
    for record in records:
        groups_of_same.setdefault(record.same, []).append(record)
    sides = tuple(Side(tuple(group)) for group in groups_of_same.values())
    item, site = _place(kind.name, groups, records)
    return Dispute(subject, kind.name, item, site, sides)


def _place(kind: str, groups: Any, records: Sequence[Record]) -> tuple[str | None, str | None]:
    if kind == "evidence":
        value = next((record.value for record in records if record.value), {})
        return value.get("item"), value.get("site")
    return groups.get("item"), groups.get("site")


def settle(  # noqa: PLR0913 (a decision's own parts)
    journal: Journal[Identity],
    lead: Identity,
    inspection: str,
    subject: str,
    *,
    seen: Sequence[str],
    value: dict[str, Any] | None,
    reason: str,
) -> str:
    """End a disagreement by a value and a reason; returns the entry's id.

    Args:
        journal: where to.
        lead: a leader of the inspection.
        inspection: its id.
        subject: what the values speak of.
        seen: ids of all entries that the lead had on the screen.
        value: the value that shall stand; None withdraws.
        reason: why; kept for good.

    Raises:
        StaleError: another value came in meanwhile, or somebody else settled it.
        ForbiddenError: no leader of this inspection.
    """
    if not reason.strip():
        raise InvalidInputError("Hãy ghi lý do chốt nội dung này.")
    lead.require(lead.leads(inspection), "Chỉ trưởng đoàn hoặc phó trưởng đoàn được chốt nội dung khác nhau.")
    with writing(journal.db):
        dispute = dispute_of(journal, inspection, subject)
        if sorted(seen) != dispute.entries:
            raise StaleError(
                "Trong lúc anh/chị đang xem, nội dung này đã có thêm ý kiến hoặc đã được chốt; hãy xem lại rồi chốt.",
                subject=subject,
                current=[],
            )
        final = _settled_value(dispute, value, reason.strip())
        return journal.write(lead, subject, final, supersedes=dispute.entries).id


def _settled_value(dispute: Dispute, value: dict[str, Any] | None, reason: str) -> dict[str, Any] | None:
    """A withdrawal cannot carry its reason, so an answer is settled as an empty one, and the rest is refused."""
    if value is not None:
        return {**orjson.loads(orjson.dumps(value)), "settled": {"reason": reason}}
    alive = next(record.value for side in dispute.sides for record in side.records if record.value is not None)
    if dispute.kind == "answer":
        return {"item_version": alive["item_version"], "settled": {"reason": reason}}
    if any(side.settled for side in dispute.sides):
        raise InvalidInputError("Nội dung này đã được chốt trước đó nên không thể thu hồi; hãy chọn một bản còn lại.")
    return None


def differs(dispute: Dispute) -> bool:
    """Whether there is still something to settle."""
    return differ([record for side in dispute.sides for record in side.records])
