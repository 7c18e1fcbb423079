"""Forms of the remedy list: the unit's answers and requests for more time, the team's decisions."""

from __future__ import annotations

from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Choice, Day, Form, LongText, Needed, Text, options

LONG = 8000
SHORT = 500
STATES = (
    ("dang_thuc_hien", "Đang thực hiện"),
    ("da_hoan_thanh", "Đã hoàn thành"),
    ("vuong_mac", "Vướng mắc, vượt thẩm quyền"),
    ("khong_con_doi_tuong", "Không còn đối tượng thực hiện"),
    ("de_nghi_xem_xet_lai", "Đề nghị xem xét lại nội dung kết luận"),
)
DECISIONS = (
    ("chap_nhan", "Chấp nhận, đã khắc phục"),
    ("khac_phuc_mot_phan", "Khắc phục một phần"),
    ("chua_chap_nhan", "Chưa chấp nhận"),
)
TERM_DECISIONS = (("gia_han", "Gia hạn"), ("khong_gia_han", "Không gia hạn"))
LIMITS = (("cham-nhat", "Chậm nhất ngày"), ("truoc", "Trước ngày"))


class ResponseForm(Form):
    """The unit's answer to one requirement."""

    state = Choice("Kết quả thực hiện", choices=options(STATES))
    text = LongText("Nội dung trả lời", [Needed("Hãy ghi đã làm gì, số và ngày văn bản nếu có."), AtMost(LONG)])


class MoreTimeForm(Form):
    """The unit asks for more time."""

    wanted = Day("Đề nghị được thực hiện đến hết ngày")
    text = LongText("Lý do", [Needed("Hãy ghi lý do đề nghị gia hạn và việc đã làm đến nay."), AtMost(LONG)])

    def validate_wanted(self, field: Day) -> None:
        """Until when."""
        if not field.data and not field.errors:
            raise ValidationError("Hãy ghi ngày đề nghị, ví dụ 31/12/2026.")


class ReviewForm(Form):
    """The team's decision on an answer; ``said`` is the last thing said that its page showed."""

    decision = Choice("Kết luận", choices=options(DECISIONS))
    reason = LongText("Lý do", [AtMost(LONG)])
    said = HiddenField()

    def validate_reason(self, field: LongText) -> None:
        """What is not accepted needs a reason."""
        if self.decision.data != "chap_nhan" and not field.data:
            raise ValidationError("Hãy ghi lý do chưa chấp nhận để đơn vị biết cần làm gì tiếp.")


class TermForm(Form):
    """A leader's decision on a requirement's term; ``seen`` is the requirement that its page showed."""

    decision = Choice("Quyết định về thời hạn", choices=options(TERM_DECISIONS))
    limit = Choice("Cách tính", choices=options(LIMITS))
    day = Day("Ngày")
    reason = LongText("Lý do", [Needed("Hãy ghi lý do quyết định để đơn vị và hồ sơ cùng rõ."), AtMost(LONG)])
    paper = Text("Văn bản trả lời, nếu có", [AtMost(SHORT)])
    said = HiddenField()
    seen = HiddenField()

    def validate_day(self, field: Day) -> None:
        """A term is moved to a day."""
        if self.decision.data == "gia_han" and not field.data and not field.errors:
            raise ValidationError("Hãy ghi thời hạn mới, ví dụ 31/12/2026.")
