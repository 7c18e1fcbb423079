"""Pages of the unit's requests: the delegation's list with its comments; the unit's own list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import uuid_utils
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.accounts.shapes import Role
from app.errors import KiemtraError, NotFoundError
from app.explanations.kinds import is_concluded
from app.explanations.pages import Refused, own_hearing
from app.home.edits import conflict_of, seen_in
from app.inspections.queries import unit_of
from app.journal.journal import StaleError
from app.petitions.queries import HANDLINGS, offered, petitions_of
from app.web import DELEGATION, allow, identity, installation, journal, seen_inspection
from forms.fields import faults_of
from forms.petitions import PetitionForm, PetitionReplyForm

blueprint = Blueprint("petitions", __name__)

Page = str | tuple[str, int] | Response


@blueprint.get("/cuoc-kiem-tra/<inspection>/kien-nghi")
@allow(*DELEGATION)
def index(inspection: str) -> Page:
    """The unit's requests with the delegation's comments."""
    return _team_page(inspection, seen_inspection(inspection))


def _team_page(inspection: str, setup: Mapping[str, Any], refused: Refused | None = None) -> str:
    db = installation().database()
    return render_template(
        "petitions/index.html",
        inspection=inspection,
        setup=setup,
        unit_name=unit_of(db, setup["unit"])["name"],
        petitions=petitions_of(db, inspection),
        offers=offered(db, inspection),
        handlings=HANDLINGS,
        drafts=identity().drafts(inspection),
        form=refused.form if refused and refused.place == "" else PetitionForm(formdata=None),
        refused=refused,
        names=names_of(db),
    )


@blueprint.post("/cuoc-kiem-tra/<inspection>/kien-nghi")
@allow(*DELEGATION)
def write(inspection: str) -> Page:
    """Write down a request that the unit made, or change one that the delegation wrote down."""
    setup = seen_inspection(inspection)
    refused, status = _written(inspection, on_behalf=True)
    if refused:
        return _team_page(inspection, setup, refused), status
    return redirect(url_for("petitions.index", inspection=inspection))


def _written(inspection: str, *, on_behalf: bool) -> tuple[Refused | None, int]:
    form = PetitionForm()
    place, seen = form.id.data or "", form.seen.data or ""
    subject = f"inspection/{inspection}/petition/{place or uuid_utils.uuid7()}"
    withdraw = request.form.get("action") == "withdraw"
    if not withdraw and not form.validate():
        return Refused(place, form, seen, faults_of(form)), 400
    try:
        value: dict[str, Any] | None = None
        if not withdraw:
            old = journal().value(subject) or {}
            value = {**old, **form.value(), "on_behalf": on_behalf, **_from_record(inspection)}
        journal().write(identity(), subject, value, supersedes=seen_in(seen))
    except StaleError as error:
        conflict, seen = conflict_of(error, form.value(), _readable)
        return Refused(place, form, seen, "", conflict), 409
    except KiemtraError as error:
        return Refused(place, form, seen, error.message), error.status
    flash("Đã rút kiến nghị." if withdraw else "Đã lưu kiến nghị.", "good")
    return None, 302


def _from_record(inspection: str) -> dict[str, str]:
    """The site record that a request was taken over from, where it is one of this inspection's."""
    record = request.form.get("record", "")
    known = {one.record for one in offered(installation().database(), inspection)} if record else set()
    return {"record": record} if record in known else {}


def _readable(value: Mapping[str, Any]) -> dict[str, str]:
    handling = dict(HANDLINGS).get(value.get("handling", ""), "")
    return {
        "Nội dung": value.get("text", ""),
        "Gửi đến": value.get("addressee", ""),
        "Lĩnh vực": value.get("area", ""),
        "Cách xử lý": handling,
        "Chuyển đến": value.get("forward_to", ""),
    }


@blueprint.post("/cuoc-kiem-tra/<inspection>/kien-nghi/y-kien")
@allow(*DELEGATION)
def comment(inspection: str) -> Page:
    """The delegation's comment on a request."""
    setup = seen_inspection(inspection)
    form = PetitionReplyForm()
    form.offer(HANDLINGS)
    petition, seen = form.id.data or "", form.seen.data or ""
    if petition not in {one.id for one in petitions_of(installation().database(), inspection)}:
        raise NotFoundError("Không có kiến nghị này; hãy tải lại trang.")
    place = f"reply-{petition}"
    if not form.validate():
        return _team_page(inspection, setup, Refused(place, form, seen, faults_of(form))), 400
    subject = f"inspection/{inspection}/petition/{petition}/reply"
    try:
        journal().write(identity(), subject, form.value(), supersedes=seen_in(seen))
    except StaleError as error:
        conflict, seen = conflict_of(error, form.value(), _readable)
        return _team_page(inspection, setup, Refused(place, form, seen, "", conflict)), 409
    except KiemtraError as error:
        return _team_page(inspection, setup, Refused(place, form, seen, error.message)), error.status
    flash("Đã ghi ý kiến về kiến nghị.", "good")
    return redirect(url_for("petitions.index", inspection=inspection, _anchor=petition))


@blueprint.get("/giai-trinh/<inspection>/kien-nghi")
@allow(Role.UNIT)
def unit_index(inspection: str) -> Page:
    """The unit's own requests."""
    return _unit_page(inspection)


def _unit_page(inspection: str, refused: Refused | None = None) -> str:
    setup, _ = own_hearing(inspection)
    return render_template(
        "petitions/unit.html",
        inspection=inspection,
        setup=setup,
        petitions=petitions_of(installation().database(), inspection),
        closed=is_concluded(identity(), inspection),
        form=refused.form if refused and refused.place == "" else PetitionForm(formdata=None),
        refused=refused,
    )


@blueprint.post("/giai-trinh/<inspection>/kien-nghi")
@allow(Role.UNIT)
def ask(inspection: str) -> Page:
    """A request that the unit writes itself."""
    own_hearing(inspection)
    refused, status = _written(inspection, on_behalf=False)
    if refused:
        return _unit_page(inspection, refused), status
    return redirect(url_for("petitions.unit_index", inspection=inspection))
