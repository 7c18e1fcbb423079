"""The form of the public page that verifies a file."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from forms.fields import Form


class VerifyForm(Form):
    """A file that somebody holds."""

    file = FileField(
        "Tệp PDF cần kiểm tra",
        [FileRequired("Hãy chọn tệp PDF cần kiểm tra.")],
        render_kw={"accept": "application/pdf,.pdf"},
    )
