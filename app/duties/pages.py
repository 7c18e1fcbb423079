"""Pages of members' parts, and the one screen that says what is missing from whom."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.conclusions.gather import issuing_inspection
from app.duties.missing import missing_of
from app.duties.queries import duties_of
from app.errors import KiemtraError
from app.home.edits import Conflict, conflict_of, seen_in
from app.inspections.pages import scope_of
from app.inspections.progress import Scope
from app.inspections.readable import functions_text
from app.journal.journal import StaleError
from app.web import DELEGATION, allow, identity, installation, journal
from forms.duties import DutyForm
from forms.fields import faults_of

blueprint = Blueprint("duties", __name__)

Page = str | tuple[str, int] | Response


@blueprint.get("/cuoc-kiem-tra/<inspection>/con-thieu")
@allow(*DELEGATION)
def missing(inspection: str) -> Page:
    """What is missing before the signature, and from whom."""
    scope = scope_of(inspection)
    found = missing_of(installation(), scope)
    return render_template(
        "duties/missing.html",
        inspection=inspection,
        setup=scope.setup,
        unit_name=scope.unit_name,
        missing=found,
        stops=sum(one.stops and not one.paper for one in found),
        teller=issuing_inspection(installation().database(), inspection, dict(scope.setup)),
    )


@blueprint.get("/cuoc-kiem-tra/<inspection>/phan-viec")
@allow(*DELEGATION)
def index(inspection: str) -> Page:
    """One's own part with its report; everybody's state."""
    return _page(scope_of(inspection))


def _page(scope: Scope, form: DutyForm | None = None, message: str = "", conflict: Conflict | None = None) -> str:
    duties = duties_of(installation(), scope)
    own = next((one for one in duties if one.account == identity().account), None)
    if form is None:
        form = DutyForm(formdata=None, data={"text": own.text if own else "", "seen": own.entry if own else ""})
    return render_template(
        "duties/index.html",
        inspection=scope.inspection,
        setup=scope.setup,
        unit_name=scope.unit_name,
        duties=duties,
        own=own,
        form=form,
        message=message,
        conflict=conflict,
        reload=url_for("duties.index", inspection=scope.inspection),
        functions_text=functions_text,
    )


@blueprint.post("/cuoc-kiem-tra/<inspection>/phan-viec")
@allow(*DELEGATION)
def report(inspection: str) -> Page:
    """Keep the own evaluation, report the part done, or take that back."""
    scope = scope_of(inspection)
    form = DutyForm()
    if not form.validate():
        return _page(scope, form, faults_of(form)), 400
    done = request.form.get("action") == "done"
    value = {"done": done, "text": form.text.data or ""}
    subject = f"inspection/{inspection}/duty/{identity().account}"
    try:
        journal().write(identity(), subject, value, supersedes=seen_in(form.seen.data))
    except StaleError as error:
        conflict, form.seen.data = conflict_of(error, value, lambda one: {"Đánh giá": one.get("text", "")})
        return _page(scope, form, conflict=conflict), 409
    except KiemtraError as error:
        return _page(scope, form, error.message), error.status
    flash("Đã báo cáo xong phần được giao." if done else "Đã lưu; phần được giao chưa báo cáo xong.", "good")
    return redirect(url_for("duties.index", inspection=inspection))
