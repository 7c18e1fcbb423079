"""The unit's requests with what the delegation does with them; and what a site record says that nobody took over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from app.explanations.queries import rows_of
from app.inspections.records import records_of

HANDLINGS = (
    ("ghi_nhan", "Ghi nhận"),
    ("chuyen", "Chuyển cơ quan có thẩm quyền"),
    ("tra_loi", "Trả lời ngay"),
)
HANDLING_LABELS = dict(HANDLINGS)


@dataclass(frozen=True)
class Asked:
    """One request. ``reply`` is the delegation's; entries are for the forms' locks."""

    id: str
    value: Mapping[str, Any]
    entry: str
    author: str
    made_at: str
    reply: Mapping[str, Any] | None
    reply_entry: str
    reply_author: str

    @property
    def addressee(self) -> str:
        return str(self.value.get("addressee") or "Đoàn kiểm tra")

    @property
    def label(self) -> str:
        return HANDLING_LABELS[self.reply["handling"]] if self.reply else "Chưa có ý kiến"


@dataclass(frozen=True)
class Offered:
    """A request in a site record that was not taken over: number within the record, text, addressee."""

    record: str
    title: str
    number: int
    text: str
    addressee: str


def petitions_of(db: Database, inspection: str) -> list[Asked]:
    """The requests in the order of writing, grouped by whom they are addressed to."""
    rows = rows_of(db, inspection, ("petitions", "petition_replies"))
    replies = {row["petition"]: row for row in rows["petition_replies"] if row["value"]}
    asked = sorted((row for row in rows["petitions"] if row["value"]), key=lambda row: row["petition"])
    found = [_asked(row, replies.get(row["petition"])) for row in asked]
    order = list(dict.fromkeys(one.addressee.casefold() for one in found))
    return sorted(found, key=lambda one: order.index(one.addressee.casefold()))


def _asked(row: Mapping[str, Any], reply: Mapping[str, Any] | None) -> Asked:
    return Asked(
        row["petition"],
        row["value"],
        row["entry"],
        row["author"],
        row["made_at"],
        reply["value"] if reply else None,
        reply["entry"] if reply else "",
        reply["author"] if reply else "",
    )


def offered(db: Database, inspection: str) -> list[Offered]:
    """What the unit asked for by the site records and nobody has taken over."""
    taken = {one.value["text"].casefold() for one in petitions_of(db, inspection)}
    found = []
    for record in records_of(db, inspection):
        for number, (text, addressee) in enumerate(_requests(record.value)):
            if text.casefold() not in taken:
                found.append(Offered(record.entry, record.title, number, text, addressee))
    return found


def _requests(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Text and addressee of a record's requests; its plain text is one request."""
    asked = [(one.get("text", "").strip(), one.get("addressee", "")) for one in record.get("requests", ())]
    plain = record.get("petitions", "").strip()
    return [one for one in ([*asked, (plain, "")]) if one[0]]
