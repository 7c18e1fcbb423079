"""Kinds of the remedy list: requirements, the unit's answers, the team's reviews."""

from __future__ import annotations

import re
from typing import Any

import orjson

from app.accounts.kinds import IDENT
from app.accounts.shapes import Role
from app.conclusions.kinds import may_draft
from app.identity import Identity
from app.inspections.kinds import FIELD_COLUMNS, INSPECTION
from app.inspections.shapes import Function, RemedyResponseValue, RemedyReviewValue, RemedyValue
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table
from app.remedies.lists import GRANTED, REFUSED

ONLY_LEADERS = "Chỉ trưởng đoàn, phó trưởng đoàn quyết định về gia hạn; hãy trình người có thẩm quyền."
REMEDY = rf"{INSPECTION}/remedy/(?P<remedy>{IDENT})"


def _may_respond(writer: Identity, entry: Entry, groups: Groups) -> None:
    setup = writer.setup(str(groups["inspection"]))
    own = writer.role is Role.UNIT and setup is not None and setup["unit"] == writer.unit
    writer.require(
        (own or writer.is_admin()) and entry.author == writer.account,
        "Chỉ đơn vị được kiểm tra trả lời yêu cầu này.",
    )


def _may_review(writer: Identity, entry: Entry, groups: Groups) -> None:
    """Who drafts says what became of an answer; a term is moved, or left, by a leader alone."""
    value = entry.value if isinstance(entry.value, dict) else {}
    if value.get("decision") in {GRANTED, REFUSED}:
        leads = writer.is_admin() or writer.leads(str(groups["inspection"]))
        writer.require(leads and entry.author == writer.account, ONLY_LEADERS)
        return
    may_draft(writer, entry, groups)


def _may_require(writer: Identity, entry: Entry, groups: Groups) -> None:
    """Leaders and the secretary draft; a signer issues; the văn thư writes what a registration brings."""
    inspection = str(groups["inspection"])
    signer = Function.SIGNER in writer.functions(inspection)
    if writer.role is Role.CLERK and entry.author == writer.account and _by_register(writer, entry):
        return
    if not (signer and entry.author == writer.account):
        may_draft(writer, entry, groups)


def _by_register(writer: Identity, entry: Entry) -> bool:
    """What a registration brings: the day a term ends on; the requirements of a paper that replaces another."""
    row = writer.db.execute("SELECT value FROM remedies WHERE subject = ?", [entry.subject]).fetchone()
    if not isinstance(entry.value, dict):
        return False
    old = orjson.loads(row[0]) if row and row[0] else None
    if old and old.get("document") and {**old, "due": None} == {**entry.value, "due": None}:
        return True
    return _as_signed(writer, entry, old)


def _as_signed(writer: Identity, entry: Entry, old: dict[str, Any] | None) -> bool:
    """Exactly what a paper that replaces another says of this requirement, or that it says nothing of it."""
    value = dict(entry.value)
    paper = value.get("ended_by") or value.get("document")
    row = writer.db.execute("SELECT value FROM documents WHERE document = ?", [paper]).fetchone()
    signed = orjson.loads(row[0]) if row and row[0] else {}
    if signed.get("state") != "registered" or not signed.get("replaces"):
        return False
    pending, remedy = signed.get("pending") or {}, entry.subject.rpartition("/")[2]
    if value.get("ended_by"):
        return old is not None and remedy not in pending and {**old, "ended_by": paper} == value
    return remedy in pending and {**pending[remedy], "document": paper} == value


KINDS = (
    Kind(
        name="remedy",
        pattern=re.compile(REMEDY),
        subject_class=SubjectClass.OFFICE,
        shapes={1: RemedyValue},
        may_write=_may_require,
        table=Table("remedies", {"due": "TEXT", "document": "TEXT"}, FIELD_COLUMNS),
    ),
    Kind(
        name="remedy response",
        pattern=re.compile(rf"{REMEDY}/response/(?P<response>[1-9]\d{{0,3}})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: RemedyResponseValue},
        may_write=_may_respond,
        table=Table("remedy_responses", {"state": "TEXT"}, FIELD_COLUMNS),
    ),
    Kind(
        name="remedy review",
        pattern=re.compile(rf"{REMEDY}/review/(?P<review>[1-9]\d{{0,3}})"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: RemedyReviewValue},
        may_write=_may_review,
        table=Table("remedy_reviews", {"decision": "TEXT"}, FIELD_COLUMNS),
    ),
)
