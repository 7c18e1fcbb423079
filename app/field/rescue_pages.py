"""The page where a delegation brings in a tablet's rescue file."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from app.errors import KiemtraError
from app.field.rescue import RescueReport, import_rescue
from app.web import DELEGATION, allow, identity, installation
from forms.rescue import RescueForm

blueprint = Blueprint("rescue", __name__, url_prefix="/cuoc-kiem-tra")


@blueprint.route("/nap-tep", methods=["GET", "POST"])
@allow(*DELEGATION)
def take() -> tuple[str, int]:
    """Choose a file; afterwards what became of everything in it."""
    form = RescueForm()
    report: RescueReport | None = None
    status = 200
    if form.is_submitted():
        report, status = _taken(form)
    most = int(current_app.config["MAX_CONTENT_LENGTH"]) >> 20
    return render_template("field/rescue.html", form=form, report=report, most=most), status


def _taken(form: RescueForm) -> tuple[RescueReport | None, int]:
    if not form.validate():
        return None, 400
    try:
        return import_rescue(installation(), form.file.data.stream, identity()), 200
    except KiemtraError as error:
        form.file.errors = [*form.file.errors, error.message]
        return None, error.status
