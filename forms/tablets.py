"""Forms of tablets: why one is locked out or comes back."""

from __future__ import annotations

from forms.fields import AtMost, Form, Needed, Text

SHORT = 500


class MarkForm(Form):
    """Why a tablet is reported lost, or may be used again."""

    reason = Text(
        "Lý do",
        [Needed("Hãy ghi lý do, ví dụ máy mất ở đâu, khi nào; lý do được lưu trong nhật ký."), AtMost(SHORT)],
    )
