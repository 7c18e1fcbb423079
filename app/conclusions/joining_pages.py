"""Pages: several requirements of a draft become one, and are taken apart again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from app.clock import local_date
from app.conclusions import drafting, joining
from app.conclusions.draft_pages import desk
from app.conclusions.gather import gather
from app.conclusions.pages import Page, blueprint, drafting_setup
from app.conclusions.paragraph_pages import fellows
from app.errors import KiemtraError
from app.home.edits import seen_in
from app.web import DELEGATION, allow, installation
from forms.conclusions import JoinForm
from reports.composing.conclusion import Part, plan


@blueprint.route("/cuoc-kiem-tra/<inspection>/du-thao/gop-yeu-cau", methods=["GET", "POST"])
@allow(*DELEGATION)
def join(inspection: str) -> Page:
    """Choose what a requirement is joined with (``voi``), then write the whole."""
    shown = fellows(inspection, joining.joinable)
    form = JoinForm(data=_proposed(shown["chosen"]))
    message, status = "", 200
    if form.is_submitted():
        message, status = _join(inspection, shown["wanted"], form)
        if status == 302:
            flash("Đã gộp; các yêu cầu cũ vẫn còn và có thể tách lại.", "good")
            return redirect(url_for("conclusions.draft", inspection=inspection, _anchor=message))
    return render_template("conclusions/join.html", **shown, form=form, message=message), status


def _proposed(chosen: list[Part]) -> dict[str, Any]:
    if not chosen:
        return {}
    told = joining.proposal(chosen, local_date(installation().clock()))
    return {**vars(told), "deadline_text": told.deadline}


def _join(inspection: str, wanted: set[str], form: JoinForm) -> tuple[str, int]:
    """The paragraph's id with 302, or what is wrong."""
    if not form.validate():
        return "", 400
    try:
        return joining.join(installation(), desk(inspection), sorted(wanted), form.value()), 302
    except KiemtraError as error:
        return error.message, error.status


@blueprint.post("/cuoc-kiem-tra/<inspection>/du-thao/tach-yeu-cau")
@allow(*DELEGATION)
def take_apart(inspection: str) -> Page:
    """Take a joined requirement back."""
    drafting_setup(inspection)
    part = drafting.part_of(plan(gather(installation(), inspection)), request.form.get("part", ""))
    joining.take_apart(desk(inspection), part, seen_in(request.form.get("seen")))
    flash("Đã tách lại thành các yêu cầu như trước khi gộp.", "good")
    return redirect(url_for("conclusions.draft", inspection=inspection, _anchor="yeu-cau"))
