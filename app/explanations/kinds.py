"""Kinds of the hearing. The lead opens it and decides; the unit answers; what came on paper the office types in."""

from __future__ import annotations

import re
from typing import Any

import orjson

from app.accounts.shapes import Role
from app.errors import ConflictError, InvalidInputError
from app.explanations.shapes import ExplanationDecisionValue, HearingReplyValue, HearingValue
from app.identity import Identity
from app.inspections.kinds import FIELD_COLUMNS, INSPECTION, PLACE
from app.inspections.shapes import ExplanationValue
from app.journal.entry import Entry
from app.journal.kinds import Groups, Kind, SubjectClass, Table

EXPLANATION = rf"{INSPECTION}/explanation/{PLACE}"


class NewerExplanationError(ConflictError):
    """The unit has sent another explanation since the page was made."""

    code = "newer_explanation"


def is_the_unit(writer: Identity, inspection: str) -> bool:
    """Whether this is an account of the inspected unit."""
    setup = writer.setup(inspection)
    return writer.role is Role.UNIT and setup is not None and bool(setup["unit"] == writer.unit)


def is_concluded(writer: Identity, inspection: str) -> bool:
    """Whether the inspection's conclusion is signed: from then on the way is that of requirements."""
    query = (
        "SELECT 1 FROM documents WHERE inspection = ? AND state IN ('signed', 'registered') "
        "AND coalesce(json_extract(value, '$.about'), '') = ''"
    )
    return writer.db.execute(query, [inspection]).fetchone() is not None


def _lead_only(writer: Identity, entry: Entry, groups: Groups) -> None:
    inspection = str(groups["inspection"])
    writer.require(
        (writer.leads(inspection) or writer.is_admin()) and entry.author == writer.account,
        "Chỉ trưởng đoàn hoặc phó trưởng đoàn được gửi lấy ý kiến và quyết định về giải trình.",
    )


def _may_explain(writer: Identity, entry: Entry, groups: Groups) -> None:
    """The unit speaks of what it was shown; the office types in what came on paper, never over the unit's own words."""
    inspection = str(groups["inspection"])
    value = entry.value if isinstance(entry.value, dict) else {}
    if value.get("accepted") is not None:
        raise InvalidInputError("Quyết định tiếp thu được ghi riêng; hãy bỏ phần đó khỏi giải trình.")
    if is_the_unit(writer, inspection):
        key = f"answer/{groups['item']}" + (f"@{groups['site']}" if groups["site"] else "")
        _unit_may_answer(writer, entry, inspection, key)
        return
    _office_may_type(writer, entry, inspection)


def _may_reply(writer: Identity, entry: Entry, groups: Groups) -> None:
    inspection = str(groups["inspection"])
    if is_the_unit(writer, inspection):
        _unit_may_answer(writer, entry, inspection, "")
        return
    _office_may_type(writer, entry, inspection)


def _unit_may_answer(writer: Identity, entry: Entry, inspection: str, key: str) -> None:
    value = entry.value if isinstance(entry.value, dict) else {}
    writer.require(entry.author == writer.account and not value.get("on_behalf"), "Hãy đăng nhập đúng tài khoản.")
    row = writer.db.execute("SELECT value FROM hearings WHERE inspection = ?", [inspection]).fetchone()
    sent = _read(row)
    shown = sent["shown"] if sent else []
    asked = bool(shown) and (not key or any(key in one["findings"] for one in shown))
    writer.require(asked, "Đoàn kiểm tra chưa gửi đơn vị lấy ý kiến về nội dung này.")
    writer.require(
        not is_concluded(writer, inspection),
        "Kết luận đã được ký nên không nhận giải trình nữa; đơn vị trả lời tại phần Yêu cầu khắc phục.",
    )


def _office_may_type(writer: Identity, entry: Entry, inspection: str) -> None:
    value = entry.value if isinstance(entry.value, dict) else {"on_behalf": True}
    writer.require(
        writer.drafts(inspection) and entry.author == writer.account and bool(value.get("on_behalf")),
        "Chỉ lãnh đạo đoàn hoặc thư ký được nhập giải trình bằng văn bản của đơn vị.",
    )
    table = "hearing_replies" if entry.subject.endswith("/hearing/reply") else "explanations"
    row = writer.db.execute(f"SELECT value FROM {table} WHERE subject = ?", [entry.subject]).fetchone()
    said = _read(row)
    writer.require(
        said is None or bool(said.get("on_behalf")),
        "Đơn vị đã tự gửi giải trình về nội dung này; hãy đề nghị đơn vị bổ sung vào giải trình của mình.",
    )


def _read(row: Any) -> dict[str, Any] | None:
    """The value of a derived row; what was withdrawn is none."""
    found: dict[str, Any] | None = orjson.loads(row["value"]) if row else None
    return found


def _is_said(_writer: Identity, _groups: Groups, value: ExplanationValue) -> None:
    if not value.text.strip():
        raise InvalidInputError("Hãy ghi nội dung giải trình.")


def _is_reasoned(writer: Identity, groups: Groups, value: ExplanationDecisionValue) -> None:
    if value.decision != "tiep_thu" and not value.reason.strip():
        raise InvalidInputError("Hãy ghi lý do không tiếp thu hoặc chỉ tiếp thu một phần; lý do được lưu trong hồ sơ.")
    row: Any = writer.db.execute(
        "SELECT entry, value FROM explanations WHERE inspection = ? AND item = ? AND site IS ?",
        [groups["inspection"], groups["item"], groups["site"]],
    ).fetchone()
    if _read(row) is None or row["entry"] != value.explanation:
        raise NewerExplanationError(
            "Đơn vị vừa gửi hoặc rút giải trình về nội dung này; hãy đọc bản mới rồi quyết định lại."
        )


KINDS = (
    Kind(
        name="hearing",
        pattern=re.compile(rf"{INSPECTION}/hearing"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: HearingValue},
        may_write=_lead_only,
        table=Table("hearings", {"until": "TEXT"}, FIELD_COLUMNS),
    ),
    Kind(
        name="hearing reply",
        pattern=re.compile(rf"{INSPECTION}/hearing/reply"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: HearingReplyValue},
        may_write=_may_reply,
        table=Table("hearing_replies", {}, FIELD_COLUMNS),
    ),
    Kind(
        name="explanation",
        pattern=re.compile(EXPLANATION),
        subject_class=SubjectClass.OFFICE,
        shapes={1: ExplanationValue},
        may_write=_may_explain,
        check=_is_said,
        table=Table("explanations", {}, FIELD_COLUMNS),
    ),
    Kind(
        name="explanation decision",
        pattern=re.compile(rf"{EXPLANATION}/decision"),
        subject_class=SubjectClass.OFFICE,
        shapes={1: ExplanationDecisionValue},
        may_write=_lead_only,
        check=_is_reasoned,
        table=Table("explanation_decisions", {"decision": "TEXT"}, FIELD_COLUMNS),
    ),
)
