"""The form of a campaign: its plan, units, people, checklists and terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import FormField, HiddenField, ValidationError

from forms.fields import AtMost, Boxes, Choice, Form, LongText, Needed, Rows, Text, YesNo, options, set_choices
from forms.inspections import DOCUMENT_KINDS, KINDS, TEAM, MemberRow, PaperPart, offer_people, require_team
from forms.sites import SHORT

DEADLINES = (
    ("explanation", "Đơn vị giải trình, bổ sung tài liệu"),
    ("conclusion", "Ban hành kết luận"),
    ("remedy_plan", "Đơn vị gửi kế hoạch khắc phục"),
    ("remedy_report", "Đơn vị báo cáo kết quả khắc phục"),
)
LONGEST_DAYS = 365


class WorkingDays(Text):
    """A number of working days, or nothing."""

    def pre_validate(self, _form: object) -> None:
        """A whole number from 1 to 365."""
        if self.data and not (self.data.isdecimal() and 1 <= int(self.data) <= LONGEST_DAYS):
            raise ValidationError(f"Hãy nhập số ngày làm việc từ 1 đến {LONGEST_DAYS}, hoặc để trống.")


class CampaignForm(Form):
    """A year's or a period's inspections under one plan."""

    title = Text("Tên đợt kiểm tra", [Needed("Hãy nhập tên đợt kiểm tra."), AtMost(SHORT)])
    year = Text("Năm", [Needed("Hãy nhập năm của đợt.")], render_kw={"inputmode": "numeric"})
    issuer = Choice("Cơ quan ban hành kết luận", [Needed("Hãy chọn cơ quan sẽ ký kết luận.")])
    kind = Choice("Hình thức thường dùng", choices=options(KINDS))
    document_kind = Choice("Văn bản kết luận", choices=options(DOCUMENT_KINDS))
    team = Text("Tên đoàn", [AtMost(SHORT)], description="Như ghi trong quyết định thành lập")
    purpose = LongText("Mục đích, yêu cầu", [AtMost(8000)], render_kw={"rows": "3"})
    levels = Boxes("Mọi đơn vị thuộc cấp")
    units = Boxes("Từng đơn vị")
    members = Rows("Thành viên", MemberRow, min_entries=1)
    checklists = Boxes("Bộ phiếu kiểm tra")
    plan = FormField(PaperPart, "Kế hoạch kiểm tra")
    decision = FormField(PaperPart, "Quyết định thành lập đoàn")
    explanation = WorkingDays(DEADLINES[0][1])
    conclusion = WorkingDays(DEADLINES[1][1])
    remedy_plan = WorkingDays(DEADLINES[2][1])
    remedy_report = WorkingDays(DEADLINES[3][1])
    field_opening = YesNo("Thành viên cũng được mở cuộc kiểm tra tại hiện trường, khi đoàn có trưởng đoàn của đợt")
    active = YesNo("Đợt đang thực hiện (bỏ dấu khi kết thúc; máy tính bảng không mang theo đợt đã kết thúc)")
    seen = HiddenField()

    def offer(
        self,
        units: Iterable[tuple[str, str]],
        levels: Iterable[tuple[str, str]],
        issuers: Iterable[tuple[str, str]],
        people: Iterable[tuple[str, str]],
        packs: Iterable[tuple[str, str]],
    ) -> None:
        """Give the choices; packs are ``id@version`` and title."""
        packs = list(packs)
        set_choices(self.units, units)
        set_choices(self.levels, levels)
        set_choices(self.issuer, issuers, blank="Chọn cơ quan")
        set_choices(self.checklists, packs)
        offer_people(self.members, people, packs)

    def validate_year(self, field: Text) -> None:
        """A year of this century."""
        if field.data and not (field.data.isdecimal() and 2000 <= int(field.data) <= 2100):
            raise ValidationError("Hãy nhập năm gồm bốn chữ số, ví dụ 2026.")

    def validate_units(self, field: Boxes) -> None:
        """Something may be visited."""
        if not field.data and not self.levels.data:
            raise ValidationError("Hãy chọn cấp hoặc đánh dấu ít nhất một đơn vị có thể được kiểm tra.")

    def validate_checklists(self, field: Boxes) -> None:
        """Something is checked."""
        if not field.data:
            raise ValidationError("Hãy chọn ít nhất một bộ phiếu kiểm tra.")

    def validate_members(self, field: Rows) -> None:
        """Everybody once, and somebody leads."""
        require_team(field.filled())

    def value(self, names: Mapping[str, str]) -> dict[str, Any]:
        """The campaign as plain data; ``names`` are the shown names by account."""
        plain = ("title", "issuer", "kind", "document_kind", "purpose")
        deadlines = {name: int(self[name].data) if self[name].data else None for name, _ in DEADLINES}
        return {
            **{name: self[name].data or "" for name in plain},
            "year": int(self.year.data),
            "team": self.team.data or TEAM,
            "units": list(self.units.data or ()),
            "levels": list(self.levels.data or ()),
            "members": [row.value(names) for row in self.members.filled()],
            "checklists": list(self.checklists.data),
            "plan": self.plan.form.value(),
            "decision": self.decision.form.value(),
            "deadlines": deadlines,
            "field_opening": bool(self.field_opening.data),
            "active": bool(self.active.data),
        }


def campaign_fields(value: Mapping[str, Any]) -> dict[str, Any]:
    """A campaign as the form's data."""
    days = {name: str(number) for name, number in (value.get("deadlines") or {}).items() if number}
    papers = {name: value.get(name) or {} for name in ("plan", "decision")}
    return {"team": TEAM, **value, **papers, **days, "year": str(value.get("year", ""))}
