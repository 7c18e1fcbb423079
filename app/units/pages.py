"""Pages of inspected units, for leads and administrators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import uuid_utils
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.home.edits import Conflict, Readable, conflict_of, seen_in, seen_text
from app.home.screen import vietnamese_date
from app.journal.journal import StaleError
from app.units.queries import all_units, office_value, unit_choices
from app.units.shapes import LEVEL_LABELS, Level
from app.web import OFFICE, allow, identity, installation, journal
from forms.fields import grow
from forms.issuers import IssuerForm
from forms.units import UnitForm

blueprint = Blueprint("units", __name__)

Page = str | tuple[str, int] | Response
LEVELS = tuple((level.value, label) for level, label in LEVEL_LABELS.items())


@blueprint.get("/don-vi/")
@allow(*OFFICE)
def index() -> Page:
    """All units."""
    return render_template("units/index.html", units=all_units(installation().database()), levels=dict(LEVELS))


@blueprint.route("/don-vi/them", methods=["GET", "POST"])
@allow(*OFFICE)
def unit_add() -> Page:
    """A new unit."""
    form = UnitForm()
    form.offer(LEVELS, unit_choices(installation().database()))
    return _saved_unit(form, str(uuid_utils.uuid7()), {})


@blueprint.route("/don-vi/<unit>", methods=["GET", "POST"])
@allow(*OFFICE)
def unit_edit(unit: str) -> Page:
    """One unit."""
    missing = "Không có đơn vị này; hãy quay lại danh sách đơn vị."
    value, seen = office_value(journal(), f"unit/{unit}", missing)
    form = UnitForm(data={**value, "parent": value.get("parent") or "", "seen": seen_text(seen)})
    form.offer(LEVELS, [choice for choice in unit_choices(installation().database()) if choice[0] != unit])
    return _saved_unit(form, unit, value)


def _saved_unit(form: UnitForm, unit: str, old: Mapping[str, Any]) -> Page:
    conflict, status = save(form, f"unit/{unit}", old, readable_unit)
    if status == 302:
        flash(f"Đã lưu «{form.name.data}».", "good")
        return redirect(url_for("units.index"))
    reload = url_for("units.unit_edit", unit=unit)
    page = render_template("units/unit.html", form=form, old=old, conflict=conflict, reload=reload)
    return page, status


def save(
    form: UnitForm | IssuerForm, subject: str, old: Mapping[str, Any], readable: Readable
) -> tuple[Conflict | None, int]:
    """Write what the form says; 302 when it is written, else the status of the form's page."""
    if not form.is_submitted() or grow(form, request.form.get("them")):
        return None, 200
    if not form.validate():
        return None, 400
    typed = {**old, **form.value()}
    try:
        journal().write(identity(), subject, typed, supersedes=seen_in(form.seen.data))
    except StaleError as error:
        conflict, form.seen.data = conflict_of(error, typed, readable)
        return conflict, 409
    return None, 302


def readable_unit(value: Mapping[str, Any]) -> dict[str, str]:
    """A unit as labelled text."""
    units = dict(unit_choices(installation().database()))
    return {
        "Tên đơn vị": value.get("name", ""),
        "Cấp": LEVEL_LABELS[Level(value["level"])] if value.get("level") else "",
        "Cơ quan cấp trên": units.get(value.get("parent") or "", ""),
        "Mã định danh": value.get("code", ""),
        "Địa chỉ": value.get("address", ""),
        "Hoạt động từ ngày": vietnamese_date(value.get("start")),
        "Đến ngày": vietnamese_date(value.get("end")),
        "Tên gọi tại đơn vị": "\n".join(_terms_line(terms) for terms in value.get("terms", ())),
    }


def _terms_line(terms: Mapping[str, Any]) -> str:
    span = f"{vietnamese_date(terms.get('start'))} – {vietnamese_date(terms.get('end'))}".strip("– ")
    names = (terms.get(key, "") for key in ("mot_cua", "head_title", "lead_office"))
    return "; ".join(part for part in (*names, span) if part)
