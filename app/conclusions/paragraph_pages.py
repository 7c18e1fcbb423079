"""Pages about single paragraphs of a draft: merging, causes of a group of shortcomings, history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from app.accounts.manage import names_of
from app.conclusions import arranging, drafting, history
from app.conclusions.draft_pages import desk
from app.conclusions.gather import gather
from app.conclusions.pages import Page, blueprint, drafting_setup
from app.errors import KiemtraError, NotFoundError
from app.home.edits import seen_in
from app.web import DELEGATION, allow, installation
from checklists.model import AREAS
from forms.conclusions import CauseForm, MergeForm
from reports.composing.conclusion import Part, Plan, plan
from reports.composing.facts import CauseFact, ConclusionFacts


@blueprint.route("/cuoc-kiem-tra/<inspection>/du-thao/gop", methods=["GET", "POST"])
@allow(*DELEGATION)
def merge(inspection: str) -> Page:
    """Choose what a paragraph is merged with (``voi``), then word the whole."""
    shown = fellows(inspection, arranging.mergeable)
    form = MergeForm(data={"text": arranging.merged_text(shown["chosen"])})
    message, status = "", 200
    if form.is_submitted():
        message, status = _merge(inspection, shown["wanted"], form)
        if status == 302:
            flash("Đã gộp; các đoạn cũ vẫn còn và có thể tách lại.", "good")
            return redirect(url_for("conclusions.draft", inspection=inspection, _anchor=message))
    return render_template("conclusions/merge.html", **shown, form=form, message=message), status


def fellows(inspection: str, offer: Callable[[Plan, Part], list[Part]]) -> dict[str, Any]:
    """What both pages show on which a paragraph (``doan``) chooses those that it becomes one with (``voi``).

    Args:
        inspection: whose draft.
        offer: which others may be chosen.
    """
    setup = drafting_setup(inspection)
    facts = gather(installation(), inspection)
    drafted = plan(facts)
    part = drafting.part_of(drafted, request.args.get("doan", ""))
    offered = offer(drafted, part)
    wanted = {part.id, *request.args.getlist("voi")}
    told = {"inspection": inspection, "setup": setup, "facts": facts, "part": part, "offered": offered}
    return {**told, "wanted": wanted, "chosen": [one for one in offered if one.id in wanted]}


def _merge(inspection: str, wanted: Iterable[str], form: MergeForm) -> tuple[str, int]:
    """The paragraph's id with 302, or what is wrong."""
    if not form.validate():
        return "", 400
    at = desk(inspection, form.upto.data)
    try:
        return arranging.merge(installation(), at, sorted(wanted), form.text.data or ""), 302
    except KiemtraError as error:
        return error.message, error.status


@blueprint.route("/cuoc-kiem-tra/<inspection>/du-thao/nguyen-nhan", methods=["GET", "POST"])
@allow(*DELEGATION)
def cause(inspection: str) -> Page:
    """Causes and responsibility of a group of shortcomings; ``doan`` names the paragraph to change."""
    setup = drafting_setup(inspection)
    facts = gather(installation(), inspection)
    drafted = plan(facts)
    name = request.args.get("doan", "")
    part = drafting.part_of(drafted, name) if name else None
    if part is not None and (part.override is None or part.override.cause is None):
        raise NotFoundError("Đoạn này không phải đoạn nguyên nhân của một nhóm; hãy sửa lời văn ở trang dự thảo.")
    noted = _noted(drafted, part)
    form = CauseForm(data=_cause_fields(part, noted, facts))
    form.offer(_areas(drafted), [(one.id, one.text) for one in noted])
    message, status = "", 200
    if form.is_submitted():
        message, status = _save_cause(inspection, drafted, part, form)
        if status == 302:
            return redirect(url_for("conclusions.draft", inspection=inspection, _anchor=message))
    page = render_template(
        "conclusions/cause.html", inspection=inspection, setup=setup, form=form, part=part, message=message
    )
    return page, status


def _areas(drafted: Plan) -> list[str]:
    """The lĩnh vực that have shortcomings."""
    found = {part.area for part in drafted.of("fail")}
    return [area for area in AREAS if area in found]


def _noted(drafted: Plan, part: Part | None) -> list[Part]:
    """Causes that members proposed, and whatever this paragraph has taken in."""
    own = part.id if part else ""
    return [
        one
        for one in drafted.parts
        if one.kind == "cause" and (one.stands or one.into == own) and (one.override is None or not one.override.cause)
    ]


def _cause_fields(part: Part | None, noted: list[Part], facts: ConclusionFacts) -> dict[str, Any]:
    override = part.override if part else None
    values: dict[str, Any] = {"absorbs": [one.id for one in noted if part and one.into == part.id]}
    values |= {"upto": str(facts.head.get("seq", ""))}
    if override is not None and override.cause is not None:
        values |= vars(override.cause) | {"area": override.area}
        values["seen"] = override.entry.id if override.entry else ""
    return values


def _save_cause(inspection: str, drafted: Plan, part: Part | None, form: CauseForm) -> tuple[str, int]:
    """The paragraph's id with 302, or what is wrong."""
    if not form.validate():
        return "", 400
    area = form.area.data or ""
    links = [key for one in drafted.of("fail") if area in {"", one.area} for key in one.rests_on]
    told = CauseFact(**{name: form[name].data or "" for name in vars(CauseFact())})
    try:
        return drafting.save_cause(
            desk(inspection, form.upto.data),
            part,
            told,
            area,
            list(dict.fromkeys(links)),
            form.absorbs.data or [],
            seen_in(form.seen.data),
        ), 302
    except KiemtraError as error:
        return error.message, error.status


@blueprint.get("/cuoc-kiem-tra/<inspection>/du-thao/lich-su", endpoint="history")
@allow(*DELEGATION)
def history_page(inspection: str) -> Page:
    """The history of one paragraph (``doan``), or of the whole draft."""
    setup = drafting_setup(inspection)
    facts = gather(installation(), inspection)
    drafted = plan(facts)
    name = request.args.get("doan", "")
    db = installation().database()
    part = next((one for one in drafted.parts if one.id == name), None)
    if name:
        remedy = part.requirement.remedy if part and part.requirement else None
        told = history.history_of(db, inspection, name, part.proposed if part else "", remedy)
    else:
        told = history.whole_history(db, inspection)
    return render_template(
        "conclusions/history.html",
        inspection=inspection,
        setup=setup,
        name=name,
        part=part,
        parts={one.id: one for one in drafted.parts},
        told=told,
        facts=facts,
        names=names_of(db),
    )
