"""Forms of the hearing: sending the draft's shortcomings, the unit's explanations, the lead's decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Choice, Day, Form, LongText, Needed, Text, YesNo, set_choices

SHORT = 500
LONG = 8000
ACCEPTED = "application/pdf,image/jpeg,image/png,image/webp"


def _paper(number: str | None, day: str | None) -> dict[str, Any] | None:
    return {"number": number or "", "date": day or None} if number or day else None


class HearingForm(Form):
    """Sending the draft's shortcomings to the unit."""

    until = Day("Hạn giải trình", description="Ngày cuối, ví dụ 05/12/2026.")
    number = Text("Số công văn gửi lấy ý kiến", [AtMost(SHORT)], description="Nếu có; ví dụ 215/SNV-CCHC")
    date = Day("Ngày công văn", description="Ngày ghi trên công văn đó.")
    message = LongText("Lời nhắn cho đơn vị", [AtMost(LONG)])
    seen = HiddenField()

    def validate_until(self, field: Day) -> None:
        """A hearing ends on a day."""
        if not field.data and not field.errors:
            raise ValidationError("Hãy ghi ngày cuối cùng nhận giải trình.")

    def value(self) -> dict[str, Any]:
        """What was typed; what is shown is added by the page."""
        paper = _paper(self.number.data, self.date.data)
        return {"until": self.until.data, "message": self.message.data or "", "paper": paper}


class ExplanationForm(Form):
    """An explanation of one finding; ``key`` is the finding's."""

    key = HiddenField()
    seen = HiddenField()
    text = LongText("Nội dung giải trình", [Needed("Hãy ghi nội dung giải trình."), AtMost(LONG)])
    number = Text("Số, ký hiệu công văn", [AtMost(SHORT)])
    date = Day("Ngày công văn")
    files = MultipleFileField("Tài liệu kèm theo")

    def paper(self) -> dict[str, Any] | None:
        """The unit's letter, where number or day were typed."""
        return _paper(self.number.data, self.date.data)


class TypedExplanationForm(ExplanationForm):
    """An explanation that came on paper; the finding is chosen."""

    key = Choice("Nội dung được giải trình")

    def offer(self, findings: Iterable[tuple[str, str]]) -> None:
        """Give the findings."""
        set_choices(self.key, findings, "Chọn nội dung")

    def validate_key(self, field: Choice) -> None:
        """It speaks to something."""
        if not field.data:
            raise ValidationError("Hãy chọn nội dung được giải trình.")


class ReplyForm(Form):
    """What the unit says to the draft as a whole."""

    seen = HiddenField()
    agrees = YesNo("Thống nhất với dự thảo, không có ý kiến khác")
    text = LongText("Ý kiến chung", [AtMost(LONG)])
    number = Text("Số, ký hiệu công văn của đơn vị", [AtMost(SHORT)])
    date = Day("Ngày công văn")
    files = MultipleFileField("Bản chụp công văn, tài liệu")

    def paper(self) -> dict[str, Any] | None:
        """The unit's letter, where number or day were typed."""
        return _paper(self.number.data, self.date.data)


class DecisionForm(Form):
    """The lead's decision on one explanation."""

    key = HiddenField()
    seen = HiddenField()
    explanation = HiddenField()
    decision = Choice("Quyết định")
    reason = LongText("Lý do", [AtMost(LONG)])
    changes = YesNo("Phải sửa kết quả kiểm tra theo giải trình")
    printed = YesNo("Nêu giải trình và lý do trong văn bản kết luận")

    def offer(self, decisions: Iterable[tuple[str, str]]) -> None:
        """Give the decisions."""
        set_choices(self.decision, decisions, "Chọn")

    def validate_decision(self, field: Choice) -> None:
        """One of them."""
        if not field.data:
            raise ValidationError("Hãy chọn tiếp thu, tiếp thu một phần hay không tiếp thu.")

    def validate_reason(self, field: LongText) -> None:
        """What is not taken, or only partly, needs a reason."""
        if self.decision.data in {"mot_phan", "khong_tiep_thu"} and not field.data:
            raise ValidationError("Hãy ghi lý do; lý do được lưu trong hồ sơ.")

    def value(self) -> dict[str, Any]:
        """The decision; an explanation that is taken whole is not told of in the paper."""
        decision = self.decision.data
        return {
            "decision": decision,
            "explanation": self.explanation.data or "",
            "reason": self.reason.data or "",
            "changes": bool(self.changes.data) and decision != "khong_tiep_thu",
            "printed": bool(self.printed.data) and decision != "tiep_thu",
        }
