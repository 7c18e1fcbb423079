"""The lead's page of the photo annex: whether the paper carries photos, how many to a page, and which."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.conclusions.gather import places_of
from app.conclusions.pages import drafting_setup
from app.conclusions.photo_annex import Photo, photos_of, subject_of
from app.home.edits import Conflict, conflict_of, seen_in, seen_text
from app.journal.journal import StaleError
from app.web import DELEGATION, allow, identity, installation, journal
from forms.conclusions import PhotoAnnexForm

blueprint = Blueprint("photo_annex", __name__)

Page = str | tuple[str, int] | Response
LAYOUTS = {"": "Không kèm ảnh", "2x2": "Kèm ảnh, 4 ảnh mỗi trang", "2x3": "Kèm ảnh, 6 ảnh mỗi trang"}


@blueprint.route("/cuoc-kiem-tra/<inspection>/du-thao/phu-luc-anh", methods=["GET", "POST"])
@allow(*DELEGATION)
def choose(inspection: str) -> Page:
    """Choose the photos that go out with the paper."""
    setup = drafting_setup(inspection)
    here = installation()
    found = photos_of(here, places_of(here.database(), inspection))
    ready = [one for one in found if one.state == "ready"]
    entries = journal().current(subject_of(inspection))
    chosen = (entries[-1].value if entries else None) or {}
    left_out = set(chosen.get("left_out", ()))
    kept = [one.id for one in ready if one.id not in left_out]
    seen = seen_text([entry.id for entry in entries])
    form = PhotoAnnexForm(data={"layout": chosen.get("layout", ""), "kept": kept, "seen": seen})
    form.offer(LAYOUTS.items(), [(one.id, one.caption or f"Không có chú thích. {one.question}") for one in ready])
    conflict, status = _save(inspection, form, ready, left_out) if form.is_submitted() else (None, 200)
    if status == 302:
        flash("Đã lưu phụ lục ảnh.", "good")
        return redirect(url_for("conclusions.draft", inspection=inspection))
    page = render_template(
        "conclusions/photos.html",
        inspection=inspection,
        setup=setup,
        form=form,
        conflict=conflict,
        reload=url_for("photo_annex.choose", inspection=inspection),
        ready={one.id: one for one in ready},
        unlooked=sum(one.state == "unlooked" for one in found),
        missing=sum(one.state == "missing" for one in found),
    )
    return page, status


def _save(inspection: str, form: PhotoAnnexForm, ready: list[Photo], left_out: set[str]) -> tuple[Conflict | None, int]:
    if not form.validate():
        return None, 400
    value = _value(form, {one.id for one in ready}, left_out)
    try:
        journal().write(identity(), subject_of(inspection), value, supersedes=seen_in(form.seen.data))
    except StaleError as error:
        conflict, form.seen.data = conflict_of(error, value or {}, _readable)
        return conflict, 409
    return None, 302


def _value(form: PhotoAnnexForm, ready: set[str], left_out: set[str]) -> dict[str, Any] | None:
    """What was chosen; photos that were not on the page keep what was said of them."""
    if not form.layout.data:
        return None
    unticked = ready - set(form.kept.data or ())
    return {"layout": form.layout.data, "left_out": sorted(unticked | (left_out - ready))}


def _readable(value: Any) -> dict[str, str]:
    return {"Phụ lục ảnh": LAYOUTS[value.get("layout", "")], "Số ảnh bỏ": str(len(value.get("left_out", ())))}
