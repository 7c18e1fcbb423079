"""What the pages on which a corrected DOCX comes back have in common, whoever's draft it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request

from app.accounts.manage import names_of
from app.conclusions.pages import Page
from app.conclusions.returning import LARGEST, Choice, Comparison
from app.errors import KiemtraError
from app.web import installation, journal
from forms.conclusions import SECTIONS, ReturnForm
from forms.fields import clean
from reports.composing.docx_back import Returned

_TAKEN = {"changed", "conflict", "unknown", "merged", "new", "gone"}
STATES = {
    "changed": ("Sửa trong Word", "accent"),
    "conflict": ("Cả hai bên cùng sửa", "bad"),
    "unknown": ("Khác với dự thảo", "warn"),
    "merged": ("Gộp trong Word", "accent"),
    "new": ("Đoạn mới trong Word", "accent"),
    "gone": ("Đã xóa trong Word", "warn"),
}
PLACES = {
    "head": "Đầu văn bản, trích yếu: sửa ở phần khai cơ quan ban hành, cuộc kiểm tra hoặc đợt kiểm tra",
    "end": "Người ký, nơi nhận: sửa ở phần khai cơ quan ban hành",
    "annex": "Phụ lục: sửa ở từng yêu cầu trong dự thảo",
}


@dataclass(frozen=True)
class Doors:
    """Addresses around a draft.

    Attributes:
        trail: the way to the draft: names and addresses.
        draft: the draft's page.
        hand_in: where a file is handed in.
        take: where what was chosen is taken over.
        takes_new: paragraphs that are new in the file can be taken over.
        annex: why the annexes are not taken over.
    """

    trail: Sequence[tuple[str, str]]
    draft: str
    hand_in: str
    take: str
    takes_new: bool = True
    annex: str = PLACES["annex"]


def hand_back_page(
    doors: Doors,
    compare: Callable[[bytes], Comparison],
    seen: Callable[[Sequence[str]], str],
    section: Callable[[Returned], str] = lambda _one: "",
) -> Page:
    """Hand in a corrected DOCX and see what it changed.

    Args:
        doors: the addresses around the draft.
        compare: lays the file beside the draft.
        seen: the entries behind paragraphs, which taking them over supersedes.
        section: where a new paragraph would go.
    """
    form = ReturnForm()
    message, status = "", 200
    if form.is_submitted():
        if not form.validate():
            status = 400
        else:
            try:
                return _compared(doors, compare(form.file.data.read(LARGEST + 1)), seen, section)
            except KiemtraError as error:
                message, status = error.message, error.status
    return render_template("conclusions/hand_back.html", doors=doors, form=form, message=message), status


def _compared(
    doors: Doors,
    found: Comparison,
    seen: Callable[[Sequence[str]], str],
    section: Callable[[Returned], str],
) -> str:
    shown = _TAKEN if doors.takes_new else _TAKEN - {"new"}
    return render_template(
        "conclusions/returned.html",
        doors=doors,
        found=found,
        rows=[(one, seen(one.parts), section(one)) for one in found.rows if one.state in shown],
        remarks=[one for one in found.rows if one.state not in _TAKEN and one.comments],
        kept=[one for one in found.rows if one.state == "kept"],
        headings=[one for one in found.rows if one.state == "heading"],
        left_out=[one for one in found.rows if one.state == "new" and not doors.takes_new],
        same=sum(one.state == "same" for one in found.rows),
        states=STATES,
        places={**PLACES, "annex": doors.annex},
        sections=SECTIONS,
        upto=journal().head().seq,
        names=names_of(installation().database()),
    )


def taken_page(doors: Doors, choices: Sequence[Choice], refused: Sequence[tuple[Choice, str]]) -> Page:
    """Say what was taken over; what was refused is shown again with its words."""
    taken = len(choices) - len(refused)
    flash(
        f"Đã nhận {taken} đoạn từ bản Word." if taken else "Chưa nhận đoạn nào từ bản Word.",
        "good" if taken else "warn",
    )
    if not refused:
        return redirect(doors.draft)
    return render_template("conclusions/returned_refused.html", doors=doors, refused=refused, states=STATES), 409


def chosen() -> list[Choice]:
    """The paragraphs that were ticked."""
    return [choice for number in range(_count()) if (choice := _choice(number)) is not None]


def file_hash() -> str:
    """The SHA-256 of the file that the words come from, as the page told it."""
    return clean(request.form.get("tep"))[:64]


def _count() -> int:
    count = request.form.get("so-doan", "0")
    return min(int(count), 5000) if count.isdecimal() and len(count) < 6 else 0


def _choice(number: int) -> Choice | None:
    if f"nhan-{number}" not in request.form:
        return None

    def typed(name: str) -> str:
        return clean(request.form.get(f"{name}-{number}"))

    return Choice(
        state=typed("loai"),
        parts=tuple(typed("doan").split()),
        text=typed("loi"),
        seen=tuple(typed("seen").split()),
        section=typed("phan"),
        after=typed("sau"),
        reason=typed("ly-do"),
    )
