"""The form that takes a tablet's rescue file."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from forms.fields import Form


class RescueForm(Form):
    """One file, as a tablet saved it."""

    file = FileField(
        "Tệp lưu từ máy tính bảng",
        [FileRequired("Hãy chọn tệp đã lưu từ máy tính bảng.")],
        render_kw={"accept": ".kiemtra"},
    )
