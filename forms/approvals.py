"""Forms of the approval: the steps, submitting a version, what an approver says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Boxes, Choice, Form, LongText, Row, Rows, Text, set_choices

SHORT = 200
LONG = 8000
SIGNS = "ky"
DECISIONS = (("duyet", "Duyệt"), ("tra_lai", "Trả lại để sửa"))


class StepRow(Row):
    """One step: what it is called and whose it is."""

    title = Text("Tên bước", [AtMost(SHORT)], description="Ví dụ: Trưởng phòng CCHC duyệt")
    who = Choice("Người duyệt")

    def validate_title(self, field: Text) -> None:
        """A step has a name."""
        if not field.data:
            raise ValidationError("Hãy đặt tên bước, ví dụ Trưởng phòng duyệt.")

    def validate_who(self, field: Choice) -> None:
        """A step is somebody's."""
        if not field.data:
            raise ValidationError("Hãy chọn người hoặc chức năng.")

    def value(self) -> dict[str, Any]:
        """The step as the journal keeps it."""
        kind, _, name = self.who.data.partition(":")
        return {
            "title": self.title.data,
            "account": name if kind == "account" else None,
            "function": name if kind == "function" else None,
            "signs": kind == SIGNS,
        }


class StepsForm(Form):
    """The steps in their order."""

    steps = Rows("Các bước", StepRow, min_entries=1)
    papers = Boxes("Áp dụng thêm cho")
    seen = HiddenField()

    def offer(self, people: Iterable[tuple[str, str]], papers: Iterable[tuple[str, str]], beside: str) -> None:
        """Give whose a step may be, and which papers may go through the steps too ``beside`` those they are for."""
        set_choices(self.papers, papers)
        self.papers.description = f"Ngoài {beside}. Biên bản không qua các bước này."
        choices = list(people)
        for row in self.steps:
            set_choices(row.form.who, choices, "Chọn")

    def validate_steps(self, field: Rows) -> None:
        """Twelve are enough."""
        if len(field.filled()) > 12:
            raise ValidationError("Tối đa 12 bước duyệt; hãy gộp bớt.")

    def value(self) -> dict[str, Any]:
        """The steps as the journal keeps them."""
        papers = {"papers": self.papers.data} if self.papers.data else {}
        return {"steps": [row.value() for row in self.steps.filled()], **papers}


def step_fields(steps: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Steps as the form's rows."""
    return [{"title": one["title"], "who": _who(one)} for one in steps]


def _who(step: Mapping[str, Any]) -> str:
    if step.get("signs"):
        return SIGNS
    return f"account:{step['account']}" if step.get("account") else f"function:{step.get('function')}"


class SubmitForm(Form):
    """Submitting the draft as it stands; ``sha256`` is of the text that the page showed."""

    number = HiddenField()
    sha256 = HiddenField()
    note = LongText("Nội dung trình", [AtMost(LONG)], description="Nếu cần: điểm cần xin ý kiến, việc gấp.")


class ApproveForm(Form):
    """What an approver says of a version."""

    sha256 = HiddenField()
    decision = Choice("Ý kiến")
    comment = LongText("Ý kiến chung", [AtMost(LONG)])
