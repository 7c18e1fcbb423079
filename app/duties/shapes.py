"""Values of what a member says of his own part."""

from __future__ import annotations

from app.inspections.shapes import LongText
from checklists.answers import Shape


class DutyReportValue(Shape):
    """``inspection/<id>/duty/<account>``: the member's report on the part given to him.

    ``done``: he is through with it; ``text`` is his short evaluation, for the delegation's report.
    """

    done: bool = False
    text: LongText = ""
