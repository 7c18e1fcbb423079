"""Form of a member's report on the part given to him."""

from __future__ import annotations

from wtforms import HiddenField

from forms.fields import AtMost, Form, LongText


class DutyForm(Form):
    """A short evaluation; ``action`` is the button: keep it, report it done, or take that back."""

    seen = HiddenField()
    text = LongText(
        "Đánh giá phần được giao",
        [AtMost(8000)],
        description="Kết quả chính, tồn tại nổi bật, đề xuất; thư ký dùng cho báo cáo của Đoàn.",
    )
