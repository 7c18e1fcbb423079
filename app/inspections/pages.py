"""Pages of inspections: the list, preparing one, following its progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import uuid_utils
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.approvals.queries import waiting_for
from app.campaigns.queries import campaign_choices
from app.clock import local_date
from app.errors import InvalidInputError
from app.home.edits import Conflict, conflict_of, seen_in, seen_text
from app.inspections.assignment import shares
from app.inspections.bundle import fact_day
from app.inspections.disputes import disputed_subjects
from app.inspections.planning import pack_options, people_choices, require_useful_packs, setup_of
from app.inspections.progress import Scope, asked, progress, received, verdict_counts, verdicts_of
from app.inspections.queries import inspections_of, unit_of
from app.inspections.readable import STATES, functions_text, readable_setup
from app.journal.journal import StaleError
from app.remedies.lists import owed_by_team
from app.tablets.outstanding import outstanding_of
from app.units.queries import issuer_choices, unit_choices
from app.web import DELEGATION, allow, identity, installation, journal, seen_inspection
from forms.fields import grow
from forms.inspections import InspectionForm, inspection_fields
from forms.tablets import MarkForm

blueprint = Blueprint("inspections", __name__, url_prefix="/cuoc-kiem-tra")

Page = str | tuple[str, int] | Response
PER_PAGE = 30


def scope_of(inspection: str) -> Scope:
    """The inspection, if the signed-in account may see it.

    Raises:
        NotFoundError: there is none, or not for this account.
    """
    setup = seen_inspection(inspection)
    unit = unit_of(installation().database(), setup["unit"])
    day = fact_day(setup, local_date(installation().clock()))
    return Scope(inspection, setup, unit["name"], unit.get("level", ""), day)


@blueprint.get("/")
@allow(*DELEGATION)
def index() -> Page:
    """The signed-in account's inspections, newest first, with their progress."""
    found = inspections_of(identity())
    page = max(1, request.args.get("trang", 1, type=int))
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    db, library = installation().database(), installation().library()
    ids = [row["id"] for row in shown]
    verdicts, owed = verdicts_of(db, ids), owed_by_team(db, ids)
    for row in shown:
        scope = scope_of(row["id"])
        items = [item for one in asked(library, scope) for item in one.items]
        row["progress"] = progress(items, scope.sites, verdicts[row["id"]])
        row["answers"], row["requests"] = owed[row["id"]]
        row["disputes"] = len(disputed_subjects(journal(), row["id"]))
        row["leads"] = identity().drafts(row["id"])
    return render_template(
        "inspections/index.html",
        inspections=shown,
        states=STATES,
        page=page,
        more=len(found) > page * PER_PAGE,
        waiting=len(waiting_for(db, identity().account)),
    )


@blueprint.get("/<inspection>")
@allow(*DELEGATION)
def show(inspection: str) -> Page:
    """One inspection: facts, members, progress, what has come in."""
    scope = scope_of(inspection)
    here, db = installation(), installation().database()
    verdicts = verdicts_of(db, [inspection])[inspection]
    questions = asked(here.library(), scope)
    packs = [(one.pack, progress(one.items, scope.sites, verdicts)) for one in questions]
    known = {pack.ref for pack, _ in packs}
    leads = identity().drafts(inspection)
    return render_template(
        "inspections/show.html",
        inspection=inspection,
        setup=scope.setup,
        unit_name=scope.unit_name,
        readable=readable_setup(scope.setup),
        packs=packs,
        shares=shares(scope, questions, verdicts),
        functions_text=functions_text,
        unknown=[ref for ref in scope.setup["checklists"] if ref not in known],
        counts=verdict_counts(verdicts),
        disputes=disputed_subjects(journal(), inspection),
        received=received(db, inspection),
        outstanding=outstanding_of(here, inspection, scope.setup),
        mark=MarkForm(formdata=None),
        quarantine=journal().quarantined(f"inspection/{inspection}") if leads else [],
        names=names_of(db),
        drafts=leads,
        may_mark=identity().leads(inspection) or identity().is_admin(),
    )


@blueprint.route("/them", methods=["GET", "POST"])
@allow(*DELEGATION)
def add() -> Page:
    """A new inspection; who makes it is its head until changed."""
    options = pack_options(installation().library(), [])
    who = identity()
    blank = {
        "checklists": [option.ref for option in options if option.main],
        "members": [{"account": who.account, "position": _position(who.account), "functions": ["truong_doan"]}],
        "team": "Đoàn kiểm tra",
        "unit": request.args.get("don-vi", ""),
    }
    return _saved(InspectionForm(data=blank), str(uuid_utils.uuid7()), {})


def _position(account: str) -> str:
    row = installation().database().execute("SELECT position FROM accounts WHERE id = ?", [account]).fetchone()
    return str(row[0] or "") if row else ""


@blueprint.route("/<inspection>/sua", methods=["GET", "POST"])
@allow(*DELEGATION)
def edit(inspection: str) -> Page:
    """Change an inspection's setup."""
    setup = seen_inspection(inspection)
    require_draft_right(inspection)
    seen = [entry.id for entry in journal().current(f"inspection/{inspection}/setup")]
    form = InspectionForm(data={**inspection_fields(setup), "seen": seen_text(seen)})
    return _saved(form, inspection, setup)


def require_draft_right(inspection: str) -> None:
    """Only leaders, the secretary and administrators change an inspection."""
    identity().require(identity().drafts(inspection), "Chỉ lãnh đạo đoàn hoặc thư ký được sửa thông tin cuộc kiểm tra.")


def _saved(form: InspectionForm, inspection: str, old: Mapping[str, Any]) -> Page:
    db = installation().database()
    grown = form.is_submitted() and grow(form, request.form.get("them"))
    options = pack_options(installation().library(), old.get("checklists", []))
    packs = [(option.ref, option.title) for option in options]
    form.offer(unit_choices(db), issuer_choices(db), people_choices(db, old), packs, campaign_choices(identity(), old))
    conflict, status = _save(form, inspection, old) if form.is_submitted() and not grown else (None, 200)
    if status == 302:
        flash("Đã lưu cuộc kiểm tra.", "good")
        return redirect(url_for("inspections.show", inspection=inspection))
    page = render_template(
        "inspections/edit.html",
        form=form,
        old=old,
        options={option.ref: option for option in options},
        conflict=conflict,
        inspection=inspection if old else None,
        reload=url_for("inspections.edit", inspection=inspection),
    )
    return page, status


def _save(form: InspectionForm, inspection: str, old: Mapping[str, Any]) -> tuple[Conflict | None, int]:
    """Write what the form says; 302 when it is written, else the status of the form's page."""
    if not form.validate():
        return None, 400
    here = installation()
    setup = setup_of(form, old, here.database())
    try:
        require_useful_packs(here.library(), here.database(), setup, fact_day(setup, local_date(here.clock())))
        _require_own_name(setup)
        journal().write(identity(), f"inspection/{inspection}/setup", setup, supersedes=seen_in(form.seen.data))
    except StaleError as error:
        conflict, form.seen.data = conflict_of(error, setup, readable_setup)
        return conflict, 409
    except InvalidInputError as error:
        form.form_errors.append(error.message)
        return None, 400
    return None, 302


def _require_own_name(setup: Mapping[str, Any]) -> None:
    who = identity()
    if not who.is_admin() and who.account not in {member["account"] for member in setup["members"]}:
        raise InvalidInputError(
            "Anh/chị phải có tên trong đoàn; hãy thêm mình vào danh sách thành viên, nếu không sẽ không mở lại được."
        )
