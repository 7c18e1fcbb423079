"""Kinds of the unit's requests: written by the unit or typed in by the delegation, which comments on each."""

from __future__ import annotations

import re

import orjson

from app.accounts.kinds import IDENT
from app.conclusions.kinds import may_draft
from app.errors import InvalidInputError
from app.explanations.kinds import is_concluded, is_the_unit
from app.identity import Identity
from app.inspections.kinds import FIELD_COLUMNS, INSPECTION
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table
from app.petitions.shapes import PetitionReplyValue, PetitionValue

PETITION = rf"{INSPECTION}/petition/(?P<petition>{IDENT})"


def _may_ask(writer: Identity, entry: Entry, groups: Groups) -> None:
    """The unit writes its own requests until the conclusion is signed; members type in what they were told."""
    inspection = str(groups["inspection"])
    row = writer.db.execute("SELECT value FROM petitions WHERE subject = ?", [entry.subject]).fetchone()
    old = orjson.loads(row[0]) if row and row[0] else None
    typed = bool((entry.value if isinstance(entry.value, dict) else old or {}).get("on_behalf"))
    writer.require(entry.author == writer.account, "Hãy đăng nhập đúng tài khoản rồi gửi lại.")
    if is_the_unit(writer, inspection):
        writer.require(
            not typed and not (old and old.get("on_behalf")),
            "Kiến nghị này do Đoàn kiểm tra ghi; đơn vị hãy thêm kiến nghị của mình.",
        )
        writer.require(
            not is_concluded(writer, inspection),
            "Kết luận đã được ký nên không nhận thêm kiến nghị; hãy gửi bằng văn bản đến cơ quan có thẩm quyền.",
        )
        return
    writer.require(
        writer.may_see(inspection) and typed and not (old and not old.get("on_behalf")),
        "Chỉ đơn vị được sửa kiến nghị của mình; thành viên đoàn chỉ sửa kiến nghị do đoàn ghi.",
    )


def _is_answered(_writer: Identity, _groups: Groups, value: PetitionReplyValue) -> None:
    if value.handling == "tra_loi" and not value.text.strip():
        raise InvalidInputError("Hãy ghi nội dung trả lời kiến nghị.")


KINDS = (
    Kind(
        name="petition",
        pattern=re.compile(PETITION),
        subject_class=SubjectClass.OFFICE,
        shapes={1: PetitionValue},
        may_write=_may_ask,
        table=Table("petitions", {"addressee": "TEXT"}, FIELD_COLUMNS),
    ),
    Kind(
        name="petition reply",
        pattern=re.compile(rf"{PETITION}/reply"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: PetitionReplyValue},
        may_write=may_draft,
        check=_is_answered,
        table=Table("petition_replies", {"handling": "TEXT"}, FIELD_COLUMNS),
    ),
)
