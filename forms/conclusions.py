"""Forms of the conclusion: wording of a paragraph, a requirement, signing, the register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Boxes, Choice, Day, Form, LongText, Needed, Text, options, set_choices

SHORT = 500
LONG = 8000
SECTIONS = (
    ("pass", "Ưu điểm, kết quả đạt được"),
    ("fail", "Tồn tại, hạn chế"),
    ("cause", "Nguyên nhân"),
    ("follow", "Tổ chức thực hiện"),
)


class PartForm(Form):
    """What is done with one paragraph; ``action`` is the button.

    ``upto`` is how much of the journal the page showed.
    """

    part = HiddenField()
    seen = HiddenField()
    upto = HiddenField()
    text = LongText("Lời văn", [AtMost(LONG)])
    reason = Text("Lý do", [AtMost(SHORT)])
    tone = HiddenField()


class OwnForm(Form):
    """A paragraph of the lead's own."""

    section = Choice("Thêm vào phần", choices=options(SECTIONS))
    text = LongText("Nội dung", [Needed("Hãy nhập nội dung đoạn cần thêm."), AtMost(LONG)])


class ReturnForm(Form):
    """A draft's DOCX that was corrected in Word."""

    file = FileField(
        "Tệp DOCX đã sửa",
        [FileRequired("Hãy chọn tệp DOCX của dự thảo đã sửa.")],
        render_kw={"accept": ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    )


class MergeForm(Form):
    """The wording of a merged paragraph."""

    text = LongText("Lời văn sau khi gộp", [Needed("Hãy ghi lời văn của đoạn sau khi gộp."), AtMost(LONG)])
    upto = HiddenField()


class CauseForm(Form):
    """Causes and responsibility of a group of shortcomings."""

    area = Choice("Nhóm tồn tại, hạn chế")
    objective = LongText("Nguyên nhân khách quan", [AtMost(LONG)])
    subjective = LongText("Nguyên nhân chủ quan", [AtMost(LONG)])
    collective = LongText("Trách nhiệm của tập thể", [AtMost(LONG)], description="Cơ quan, phòng, bộ phận.")
    individual = LongText(
        "Trách nhiệm của cá nhân", [AtMost(LONG)], description="Ghi chức danh, không ghi tên riêng: Trưởng phòng …"
    )
    absorbs = Boxes("Thay cho các nguyên nhân thành viên đã nêu")
    seen = HiddenField()
    upto = HiddenField()

    def offer(self, areas: Iterable[str], noted: Iterable[tuple[str, str]]) -> None:
        """Give the groups, and the causes that members proposed."""
        set_choices(self.area, [("", "Tất cả tồn tại, hạn chế"), *((area, area) for area in areas)])
        set_choices(self.absorbs, noted)


class RequirementForm(Form):
    """One requirement: what, who, product, until when, who follows it up."""

    text = LongText("Nội dung yêu cầu", [Needed("Hãy nhập nội dung yêu cầu, bắt đầu bằng động từ."), AtMost(LONG)])
    deadline_text = Text(
        "Thời hạn",
        [AtMost(SHORT)],
        description="Ví dụ: trong thời hạn 15 ngày kể từ ngày ban hành Thông báo này; hoặc: trước ngày 30/9/2026.",
    )
    product = Text("Sản phẩm", [AtMost(SHORT)], description="Tài liệu chứng minh đã thực hiện.")
    addressee = Text(
        "Cơ quan, đơn vị thực hiện",
        [AtMost(SHORT)],
        description="Để trống nếu là đơn vị được kiểm tra; cơ quan khác được nêu ở đoạn riêng.",
    )
    owner = Text("Người chịu trách nhiệm", [AtMost(SHORT)], description="Chức danh, không ghi tên riêng.")
    follow_up = Text("Cơ quan theo dõi", [AtMost(SHORT)], description="Để trống nếu theo cơ quan ban hành.")
    seen = HiddenField()

    def value(self) -> dict[str, Any]:
        """What was typed, as the requirement's value has it."""
        names = ("text", "deadline_text", "product", "addressee", "owner", "follow_up")
        return {name: self[name].data or "" for name in names}


class JoinForm(Form):
    """One requirement in place of several."""

    text = LongText("Nội dung yêu cầu sau khi gộp", [Needed("Hãy ghi nội dung yêu cầu sau khi gộp."), AtMost(LONG)])
    deadline_text = Text("Thời hạn", [AtMost(SHORT)], description="Đề xuất thời hạn sớm nhất của các yêu cầu được gộp.")
    product = Text("Sản phẩm", [AtMost(SHORT)], description="Tài liệu chứng minh đã thực hiện.")
    owner = Text("Người chịu trách nhiệm", [AtMost(SHORT)], description="Chức danh, không ghi tên riêng.")
    follow_up = Text("Cơ quan theo dõi", [AtMost(SHORT)], description="Để trống nếu theo cơ quan ban hành.")

    def value(self) -> dict[str, str]:
        """What was typed, as the requirement's value has it."""
        return {name: self[name].data or "" for name in ("text", "deadline_text", "product", "owner", "follow_up")}


class NumberFields(Form):
    """Number and date of the register."""

    number = Text("Số văn bản", description="Theo sổ văn bản đi của cơ quan.")
    issued_on = Day("Ngày văn bản", description="Ngày ghi trên văn bản.")

    def validate_number(self, field: Text) -> None:
        """A whole number."""
        if field.data and not (field.data.isdecimal() and 1 <= int(field.data) <= 99999):
            raise ValidationError("Số văn bản là số nguyên từ 1 đến 99999, ví dụ 15.")

    def number_value(self) -> int | None:
        """The number, or None where none was typed."""
        return int(self.number.data) if self.number.data else None


class IssueForm(NumberFields):
    """Signing: who signs; number and date where they were given before; what the signer knows to be missing."""

    signer = Choice("Người ký")
    confirmed = Text("Xác nhận")
    reason = LongText("Lý do thay thế văn bản đã ban hành", [AtMost(2000)])

    def offer(self, signers: Iterable[tuple[str, str]]) -> None:
        """Give the signers."""
        set_choices(self.signer, signers)


class MakeForm(IssueForm):
    """A paper beside the conclusion: which body issues it and who signs, then as for the conclusion."""

    issuer = Choice("Cơ quan ban hành")

    def offer_bodies(self, bodies: Iterable[tuple[str, str]], signers: Iterable[tuple[str, str]]) -> None:
        """Give the issuing bodies and the chosen one's signers."""
        set_choices(self.issuer, bodies)
        self.offer(signers)


class OverruleForm(Form):
    """Why a signer signs over one remark of the check; ``action`` is the button: keep or withdraw."""

    key = HiddenField()
    reason = LongText("Lý do vẫn ký", [AtMost(2000)])


class UploadForm(Form):
    """A paper that was signed with the agency's own tool."""

    file = FileField(
        "Tệp PDF đã ký",
        [FileRequired("Hãy chọn tệp PDF đã ký bằng công cụ của cơ quan.")],
        render_kw={"accept": "application/pdf,.pdf"},
    )


class RegisterForm(NumberFields):
    """The văn thư's register."""

    def validate_issued_on(self, field: Day) -> None:
        """Both are needed here."""
        if not field.data and not field.errors:
            raise ValidationError("Hãy ghi ngày văn bản.")


class PhotoAnnexForm(Form):
    """Whether the paper carries photos, and which."""

    layout = Choice(
        "Phụ lục ảnh",
        description="Thông báo kết luận thường không kèm ảnh; ảnh vẫn được lưu trong hồ sơ kiểm tra.",
    )
    kept = Boxes("Ảnh đưa vào văn bản")
    seen = HiddenField()

    def offer(self, layouts: Iterable[tuple[str, str]], photos: Iterable[tuple[str, str]]) -> None:
        """Give the layouts and the photos."""
        set_choices(self.layout, layouts)
        set_choices(self.kept, photos)
