"""Pages on which a corrected DOCX comes back: hand it in, compare, take over what is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from app.accounts.manage import names_of
from app.conclusions import returning
from app.conclusions.draft_pages import desk
from app.conclusions.gather import gather
from app.conclusions.making_pages import blueprint
from app.conclusions.pages import Page, drafting_setup
from app.conclusions.returning import Choice, Comparison, take_over
from app.errors import KiemtraError
from app.web import DELEGATION, allow, installation, journal
from forms.conclusions import SECTIONS, ReturnForm
from forms.fields import clean
from reports.composing.conclusion import Part, plan
from reports.composing.docx_back import Returned

__all__ = ["blueprint"]

TAKEN = {"changed", "conflict", "unknown", "merged", "new", "gone"}
STATES = {
    "changed": ("Sửa trong Word", "accent"),
    "conflict": ("Cả hai bên cùng sửa", "bad"),
    "unknown": ("Khác với dự thảo", "warn"),
    "merged": ("Gộp trong Word", "accent"),
    "new": ("Đoạn mới trong Word", "accent"),
    "gone": ("Đã xóa trong Word", "warn"),
}
PLACES = {
    "head": "Đầu văn bản, trích yếu: sửa ở phần khai cơ quan ban hành hoặc cuộc kiểm tra",
    "end": "Người ký, nơi nhận: sửa ở phần khai cơ quan ban hành",
    "annex": "Phụ lục: sửa ở từng yêu cầu trong dự thảo",
}


@blueprint.route("/cuoc-kiem-tra/<inspection>/du-thao/nop-lai", methods=["GET", "POST"])
@allow(*DELEGATION)
def hand_back(inspection: str) -> Page:
    """Hand in a corrected DOCX and see what it changed."""
    setup = drafting_setup(inspection)
    form = ReturnForm()
    message, status = "", 200
    if form.is_submitted():
        if not form.validate():
            status = 400
        else:
            try:
                found = returning.compare(installation(), inspection, form.file.data.read(returning.LARGEST + 1))
                return _compared(inspection, setup, found)
            except KiemtraError as error:
                message, status = error.message, error.status
    page = render_template("conclusions/hand_back.html", inspection=inspection, setup=setup, form=form, message=message)
    return page, status


def _compared(inspection: str, setup: Mapping[str, Any], found: Comparison) -> str:
    facts = gather(installation(), inspection)
    parts = {part.id: part for part in plan(facts).parts}
    rows = [
        (one, _seen(inspection, parts, one.parts), _section(parts, one)) for one in found.rows if one.state in TAKEN
    ]
    return render_template(
        "conclusions/returned.html",
        inspection=inspection,
        setup=setup,
        found=found,
        rows=rows,
        remarks=[one for one in found.rows if one.state not in TAKEN and one.comments],
        kept=[one for one in found.rows if one.state == "kept"],
        headings=[one for one in found.rows if one.state == "heading"],
        same=sum(one.state == "same" for one in found.rows),
        states=STATES,
        places=PLACES,
        sections=SECTIONS,
        upto=journal().head().seq,
        names=names_of(installation().database()),
        refused=(),
    )


def _seen(inspection: str, parts: Mapping[str, Part], ids: Sequence[str]) -> str:
    """The entries behind a paragraph, which taking it over supersedes."""
    part = parts.get(ids[0]) if ids else None
    if part is None:
        return ""
    if part.requirement is not None and part.requirement.remedy:
        return " ".join(
            one.id for one in journal().current(f"inspection/{inspection}/remedy/{part.requirement.remedy}")
        )
    return part.override.entry.id if part.override and part.override.entry else ""


def _section(parts: Mapping[str, Part], one: Returned) -> str:
    """Where a new paragraph goes: with the one before it."""
    before = parts.get(one.after)
    section = before.section if before else None
    return section if section in {name for name, _ in SECTIONS} else "follow"


@blueprint.post("/cuoc-kiem-tra/<inspection>/du-thao/nhan-lai")
@allow(*DELEGATION)
def take_back(inspection: str) -> Page:
    """Take over the paragraphs that were chosen; what is refused is shown again with its words."""
    setup = drafting_setup(inspection)
    choices = [choice for number in range(_count()) if (choice := _choice(number)) is not None]
    at = desk(inspection, request.form.get("upto"), clean(request.form.get("tep"))[:64])
    refused = take_over(installation(), at, choices)
    taken = len(choices) - len(refused)
    flash(
        f"Đã nhận {taken} đoạn từ bản Word." if taken else "Chưa nhận đoạn nào từ bản Word.",
        "good" if taken else "warn",
    )
    if not refused:
        return redirect(url_for("conclusions.draft", inspection=inspection))
    page = render_template(
        "conclusions/returned_refused.html", inspection=inspection, setup=setup, refused=refused, states=STATES
    )
    return page, 409


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
