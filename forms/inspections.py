"""Forms of an inspection: its setup, the unit's reported figures, the end of a disagreement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from wtforms import FormField, HiddenField, RadioField, ValidationError

from checklists.answers import VERDICT_LABELS
from checklists.model import AREAS
from forms.fields import (
    AtMost,
    Boxes,
    Choice,
    Day,
    Days,
    Form,
    LongText,
    Needed,
    Part,
    Row,
    Rows,
    Text,
    options,
    parse_date,
    set_choices,
)
from forms.sites import SHORT, SiteRow, offer_kinds
from forms.units import not_before

TEAM = "Đoàn kiểm tra"
FUNCTIONS = (
    ("truong_doan", "Trưởng đoàn"),
    ("pho_truong_doan", "Phó trưởng đoàn"),
    ("chu_tri", "Chủ trì buổi kiểm tra"),
    ("thu_ky", "Thư ký"),
    ("thanh_vien", "Thành viên"),
    ("nguoi_duyet", "Người duyệt"),
    ("nguoi_ky", "Người ký"),
)
KINDS = (
    ("dinh_ky", "Định kỳ, theo kế hoạch"),
    ("dot_xuat", "Đột xuất"),
    ("phuc_tra", "Phúc tra"),
    ("giam_sat", "Giám sát"),
)
DOCUMENT_KINDS = (
    ("TB", "Thông báo kết luận (TB)"),
    ("CV", "Công văn (CV)"),
    ("BC", "Báo cáo (BC)"),
)


class MemberRow(Row):
    """A member of the delegation."""

    account = Choice("Người")
    position = Text("Chức vụ trong văn bản", [AtMost(SHORT)])
    functions = Boxes("Nhiệm vụ trong đoàn", choices=options(FUNCTIONS))
    checklists = Boxes("Bộ phiếu được giao")
    areas = Boxes("Lĩnh vực được giao", choices=options((area, area) for area in AREAS))
    mandate = Text("Giấy ủy quyền", [AtMost(SHORT)], description="Khi dự thay: thay ai, theo giấy ủy quyền nào")

    def is_blank(self) -> bool:
        """Without a person and functions it is no row."""
        return not (self.account.data or self.functions.data)

    def validate_account(self, field: Choice) -> None:
        """Somebody does it."""
        if not field.data:
            raise ValidationError("Hãy chọn người, hoặc bỏ hết nhiệm vụ để bỏ dòng này.")

    def validate_functions(self, field: Boxes) -> None:
        """And does something."""
        if not field.data:
            raise ValidationError("Hãy đánh dấu ít nhất một nhiệm vụ của người này.")

    def value(self, names: Mapping[str, str]) -> dict[str, Any]:
        """The member as plain data; ``names`` are the shown names by account."""
        return {
            "account": self.account.data,
            "name": names[self.account.data],
            "position": self.position.data or "",
            "functions": list(self.functions.data),
            "checklists": list(self.checklists.data or ()),
            "areas": list(self.areas.data or ()),
            "mandate": self.mandate.data or "",
        }


def offer_people(members: Rows, people: Iterable[tuple[str, str]], packs: Iterable[tuple[str, str]]) -> None:
    """Give each row of members its choices; packs are ``id@version`` and title."""
    people, titles = list(people), [(ref.partition("@")[0], title) for ref, title in packs]
    for entry in members:
        set_choices(entry.form.account, people, blank="Chọn người")
        set_choices(entry.form.checklists, titles)


def require_team(rows: Sequence[Any]) -> None:
    """Everybody once, and somebody leads.

    Raises:
        ValidationError: with what to do.
    """
    accounts = [row.account.data for row in rows if row.account.data]
    if len(accounts) != len(set(accounts)):
        raise ValidationError("Có người được ghi hai lần trong đoàn; hãy gộp nhiệm vụ vào một dòng.")
    if not any("truong_doan" in (row.functions.data or ()) for row in rows):
        raise ValidationError("Đoàn cần một trưởng đoàn; hãy đánh dấu nhiệm vụ «Trưởng đoàn» cho một người.")


class PaperPart(Part):
    """An official paper: số, ngày, cơ quan, trích yếu."""

    number = Text("Số, ký hiệu", [AtMost(SHORT)])
    date = Day("Ngày")
    issuer = Text("Cơ quan ban hành", [AtMost(SHORT)])
    subject = Text("Trích yếu", [AtMost(SHORT)])

    def value(self) -> dict[str, Any] | None:
        """The paper as plain data, or None where nothing was written."""
        found = {
            "number": self.number.data or "",
            "date": self.date.data,
            "issuer": self.issuer.data or "",
            "subject": self.subject.data or "",
        }
        return found if any(found.values()) else None


class InspectionForm(Form):
    """What is inspected, when, by whom, with which checklists."""

    title = Text("Tên cuộc kiểm tra", [Needed("Hãy nhập tên cuộc kiểm tra."), AtMost(SHORT)])
    unit = Choice("Đơn vị được kiểm tra", [Needed("Hãy chọn đơn vị được kiểm tra.")])
    issuer = Choice("Cơ quan ban hành kết luận", [Needed("Hãy chọn cơ quan sẽ ký kết luận.")])
    kind = Choice("Hình thức", choices=options(KINDS))
    document_kind = Choice("Văn bản kết luận", choices=options(DOCUMENT_KINDS))
    team = Text("Tên đoàn", [AtMost(SHORT)], description="Như ghi trong quyết định thành lập")
    campaign = Choice("Đợt kiểm tra")
    purpose = LongText("Mục đích, yêu cầu", [AtMost(8000)], render_kw={"rows": "2"})
    dates = Days(
        "Ngày kiểm tra",
        description="Nhiều ngày: 19/09/2025; 22/09/2025",
    )
    period_start = Day("Kỳ kiểm tra từ ngày")
    period_end = Day("Đến ngày")
    plan = FormField(PaperPart, "Kế hoạch kiểm tra")
    decision = FormField(PaperPart, "Quyết định thành lập đoàn")
    unit_report = FormField(PaperPart, "Báo cáo của đơn vị")
    sites = Rows("Nơi kiểm tra", SiteRow, min_entries=1)
    members = Rows("Thành viên", MemberRow, min_entries=1)
    checklists = Boxes("Bộ phiếu kiểm tra")
    seen = HiddenField()

    def offer(
        self,
        units: Iterable[tuple[str, str]],
        issuers: Iterable[tuple[str, str]],
        people: Iterable[tuple[str, str]],
        packs: Iterable[tuple[str, str]],
        campaigns: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Give the choices; packs are ``id@version`` and title."""
        set_choices(self.campaign, campaigns, blank="Không thuộc đợt nào")
        packs, people = list(packs), list(people)
        set_choices(self.unit, units, blank="Chọn đơn vị")
        set_choices(self.issuer, issuers, blank="Chọn cơ quan")
        set_choices(self.checklists, packs)
        offer_kinds(self.sites)
        offer_people(self.members, people, packs)

    def validate_period_end(self, field: Day) -> None:
        """Both days or none, in order."""
        if bool(self.period_start.data) != bool(field.data):
            raise ValidationError("Kỳ kiểm tra cần cả ngày đầu và ngày cuối, hoặc để trống cả hai.")
        not_before(self.period_start.data, field.data)

    def validate_checklists(self, field: Boxes) -> None:
        """Something is checked."""
        if not field.data:
            raise ValidationError("Hãy chọn ít nhất một bộ phiếu kiểm tra.")

    def validate_members(self, field: Rows) -> None:
        """Everybody once, and somebody leads."""
        require_team(field.filled())

    def value(self) -> dict[str, Any]:
        """The setup as plain data; sites and members are added by the page, which knows ids and names."""
        period = {"start": self.period_start.data, "end": self.period_end.data}
        return {
            **{name: self[name].data for name in ("title", "unit", "issuer", "kind", "document_kind")},
            "team": self.team.data or TEAM,
            "campaign": self.campaign.data or None,
            "purpose": self.purpose.data or "",
            "dates": self.dates.data or [],
            "period": period if period["start"] else None,
            **{name: self[name].form.value() for name in ("plan", "decision", "unit_report")},
            "checklists": list(self.checklists.data),
        }


def inspection_fields(setup: dict[str, Any]) -> dict[str, Any]:
    """A setup as the form's data."""
    period = setup.get("period") or {}
    papers = {name: setup.get(name) or {} for name in ("plan", "decision", "unit_report")}
    campaign = setup.get("campaign") or ""
    return {
        "team": TEAM,
        **setup,
        **papers,
        "campaign": campaign,
        "period_start": period.get("start"),
        "period_end": period.get("end"),
    }


class ReportedForm(Form):
    """Figures of the unit's own report: the day they were taken; the figures themselves are many plain inputs."""

    as_of = Day("Số liệu tính đến ngày")
    seen = HiddenField()


_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


def parse_figure(kind: str, text: str) -> str:
    """What a person types of a figure, as it is kept: ``34.336`` is 34336, ``99,56`` is 99.56, days are ISO.

    Raises:
        ValueError: with what to type.
    """
    if kind == "date":
        return parse_date(text)
    if kind not in {"number", "percent"}:
        return text
    text = text.replace(" ", "").replace("\u00a0", "").removesuffix("%")
    whole, comma, decimals = text.partition(",")
    if _THOUSANDS.fullmatch(whole):
        whole = whole.replace(".", "")
    plain = f"{whole}.{decimals}" if comma else whole
    if not re.fullmatch(r"\d+(\.\d+)?", plain):
        raise ValueError(f"«{text}» không phải là số; hãy nhập ví dụ 34.336 hoặc 99,56.")
    return plain


class SettleForm(Form):
    """The lead's end to a disagreement: which value stands, and why."""

    OTHER: ClassVar[str] = "khac"

    side = RadioField("Giá trị được chốt", validate_choice=False)
    verdict = Choice("Kết quả")
    reason = LongText(
        "Lý do chốt",
        [Needed("Hãy ghi lý do chốt nội dung này; lý do được lưu cùng giá trị."), AtMost(2000)],
        render_kw={"rows": "3"},
    )
    seen = HiddenField()

    def offer(self, sides: Iterable[tuple[str, str]], *, other: bool) -> None:
        """Give the sides by the id of one of their entries; ``other`` allows a value of the lead's own."""
        own = [(self.OTHER, "Ghi giá trị khác")] if other else []
        set_choices(self.side, [*sides, *own])
        set_choices(self.verdict, [(verdict.value, label) for verdict, label in VERDICT_LABELS.items()], blank="Chọn")

    def validate_side(self, field: RadioField) -> None:
        """One of the sides shown."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Hãy chọn giá trị được chốt.")

    def validate_verdict(self, field: Choice) -> None:
        """A value of one's own has a verdict."""
        if self.side.data == self.OTHER and not field.data:
            raise ValidationError("Hãy chọn kết quả cho giá trị ghi lại.")
