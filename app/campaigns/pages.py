"""Pages of campaigns: the list, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import uuid_utils
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.campaigns.queries import campaigns_of, gatherings_of, may_change, seen_campaign, units_in_scope
from app.clock import local_date
from app.errors import ForbiddenError
from app.home.edits import Conflict, Readable, conflict_of, seen_in, seen_text
from app.inspections.planning import pack_options, people_choices
from app.inspections.readable import functions_text, paper_text
from app.journal.journal import StaleError
from app.units.queries import issuer_choices, unit_choices
from app.units.shapes import LEVEL_LABELS
from app.web import DELEGATION, OFFICE, allow, identity, installation, journal
from forms.campaigns import DEADLINES, CampaignForm, campaign_fields
from forms.fields import grow
from forms.periods import GatheringForm

blueprint = Blueprint("campaigns", __name__, url_prefix="/dot-kiem-tra")

Page = str | tuple[str, int] | Response
LEVELS = tuple((level.value, label) for level, label in LEVEL_LABELS.items())


@blueprint.get("/")
@allow(*DELEGATION)
def index() -> Page:
    """The campaigns that the account is in; all, for an administrator."""
    db, found = installation().database(), campaigns_of(identity())
    counts = db.execute("SELECT campaign, count(*) FROM inspections WHERE campaign IS NOT NULL GROUP BY campaign")
    inspections = {row[0]: row[1] for row in counts}
    shown = [
        {
            **one,
            "units": len(units_in_scope(db, one["value"])),
            "inspections": inspections.get(one["id"], 0),
            "changes": may_change(identity(), one["value"]),
        }
        for one in found
    ]
    periods = [{**one, "changes": may_change(identity(), one["value"])} for one in gatherings_of(identity())]
    return render_template("campaigns/index.html", campaigns=shown, gatherings=periods)


@blueprint.route("/them", methods=["GET", "POST"])
@allow(*OFFICE)
def add() -> Page:
    """A new campaign; who makes it heads it until changed."""
    options = pack_options(installation().library(), [])
    blank = {
        "checklists": [option.ref for option in options if option.main],
        "members": [{"account": identity().account, "functions": ["truong_doan"]}],
        "year": local_date(installation().clock()).year,
        "active": True,
    }
    return _saved(CampaignForm(data=campaign_fields(blank)), str(uuid_utils.uuid7()), {})


@blueprint.route("/<campaign>", methods=["GET", "POST"])
@allow(*OFFICE)
def edit(campaign: str) -> Page:
    """One campaign."""
    value = seen_campaign(identity(), campaign)
    if not may_change(identity(), value):
        raise ForbiddenError("Chỉ lãnh đạo đoàn hoặc thư ký của đợt kiểm tra được sửa đợt này.")
    if value.get("gathers"):
        return redirect(url_for("campaigns.edit_gathering", campaign=campaign))
    seen = [entry.id for entry in journal().current(f"campaign/{campaign}")]
    return _saved(CampaignForm(data={**campaign_fields(value), "seen": seen_text(seen)}), campaign, value)


def _saved(form: CampaignForm, campaign: str, old: Mapping[str, Any]) -> Page:
    db = installation().database()
    grown = form.is_submitted() and grow(form, request.form.get("them"))
    options = pack_options(installation().library(), old.get("checklists", []))
    packs = [(option.ref, option.title) for option in options]
    form.offer(unit_choices(db), LEVELS, issuer_choices(db), people_choices(db, old), packs)
    conflict, status = _save(form, campaign, old) if form.is_submitted() and not grown else (None, 200)
    if status == 302:
        flash("Đã lưu đợt kiểm tra.", "good")
        return redirect(url_for("campaigns.index"))
    reload = url_for("campaigns.edit", campaign=campaign)
    page = render_template(
        "campaigns/edit.html",
        campaign=campaign,
        form=form,
        old=old,
        conflict=conflict,
        reload=reload,
        deadlines=DEADLINES,
    )
    return page, status


def _save(form: CampaignForm, campaign: str, old: Mapping[str, Any]) -> tuple[Conflict | None, int]:
    """Write what the form says; 302 when it is written, else the status of the form's page."""
    if not form.validate():
        return None, 400
    typed = {**old, **form.value(names_of(installation().database()))}
    return write_campaign(form, campaign, typed, readable_campaign)


def write_campaign(
    form: CampaignForm | GatheringForm, campaign: str, typed: Mapping[str, Any], readable: Readable
) -> tuple[Conflict | None, int]:
    """Write a campaign as it was typed; what another person saved meanwhile, or a refusal, goes to the form's page.

    Args:
        form: the form that was sent, with the entries that it had shown in ``seen``.
        campaign: the campaign's id.
        typed: its new value.
        readable: makes values comparable for people.

    Returns:
        What another person saved, and the status: 302 when it is written.
    """
    try:
        journal().write(identity(), f"campaign/{campaign}", typed, supersedes=seen_in(form.seen.data))
    except StaleError as error:
        conflict, form.seen.data = conflict_of(error, typed, readable)
        return conflict, 409
    except ForbiddenError as error:
        form.form_errors.append(error.message)
        return None, 403
    return None, 302


def readable_campaign(value: Mapping[str, Any]) -> dict[str, str]:
    """A campaign as labelled text."""
    units, levels = dict(unit_choices(installation().database())), dict(LEVELS)
    days = value.get("deadlines") or {}
    members = (f"{one['name']} · {functions_text(one['functions'])}" for one in value.get("members", ()))
    return {
        "Tên đợt": value.get("title", ""),
        "Năm": str(value.get("year", "")),
        "Phạm vi": "; ".join(
            [levels.get(level, level) for level in value.get("levels", ())]
            + [units.get(unit, unit) for unit in value.get("units", ())]
        ),
        "Thành viên": "\n".join(members),
        "Bộ phiếu": ", ".join(value.get("checklists", ())),
        "Kế hoạch": paper_text(value.get("plan")),
        "Quyết định lập đoàn": paper_text(value.get("decision")),
        "Thời hạn": "; ".join(f"{label}: {days[name]} ngày làm việc" for name, label in DEADLINES if days.get(name)),
        "Thành viên mở tại hiện trường": "Có" if value.get("field_opening") else "Không",
        "Đang thực hiện": "Có" if value.get("active", True) else "Không",
    }
