"""Pages of periods without a campaign: which days of which body, what falls into them, who reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import uuid_utils
from flask import flash, redirect, render_template, request, url_for

from app.accounts.accounts import accounts_with
from app.accounts.manage import names_of
from app.accounts.shapes import Role
from app.campaigns.pages import Page, blueprint, write_campaign
from app.campaigns.queries import may_change, seen_campaign, works_for
from app.errors import ForbiddenError, NotFoundError
from app.home.edits import Conflict, seen_text
from app.inspections.shapes import Function
from app.periods.gather import inspected_between
from app.units.queries import issuer_choices
from app.web import OFFICE, allow, identity, installation, journal
from forms.periods import GatheringForm

_AT = "/theo-ky"


@blueprint.route(f"{_AT}/them", methods=["GET", "POST"])
@allow(*OFFICE)
def add_gathering() -> Page:
    """A new period; who makes it reports."""
    return _page(GatheringForm(), str(uuid_utils.uuid7()), {})


@blueprint.route(f"{_AT}/<campaign>", methods=["GET", "POST"])
@allow(*OFFICE)
def edit_gathering(campaign: str) -> Page:
    """One period."""
    value = seen_campaign(identity(), campaign)
    if not value.get("gathers"):
        raise NotFoundError("Đây là đợt kiểm tra, không phải kỳ báo cáo; hãy mở lại danh sách đợt kiểm tra.")
    if not may_change(identity(), value):
        raise ForbiddenError("Chỉ người lập hoặc người cùng soạn được sửa kỳ báo cáo này.")
    told = {**value, **value["gathers"], "fellows": [one["account"] for one in value["members"][1:]]}
    seen = seen_text([entry.id for entry in journal().current(f"campaign/{campaign}")])
    return _page(GatheringForm(data={**told, "seen": seen}), campaign, value)


def _page(form: GatheringForm, campaign: str, old: Mapping[str, Any]) -> Page:
    db, head = installation().database(), old["members"][0]["account"] if old else identity().account
    bodies = [(id_, name) for id_, name in issuer_choices(db) if works_for(identity(), id_)]
    people = [(id_, name) for id_, name, _, _ in accounts_with(db, Role.ADMIN, Role.LEAD) if id_ != head]
    form.offer(bodies, people)
    conflict, status = _save(form, campaign, old, head) if form.is_submitted() else (None, 200)
    if status == 302:
        flash("Đã lưu kỳ báo cáo.", "good")
        return redirect(url_for("periods.choose", campaign=campaign))
    days = form.days() if form.is_submitted() else old.get("gathers")
    known = form.issuer.data in dict(bodies)
    page = render_template(
        "periods/gathering.html",
        form=form,
        old=old,
        conflict=conflict,
        reload=request.path,
        found=inspected_between(installation(), form.issuer.data, **days) if days and known else None,
    )
    return page, status


def _save(form: GatheringForm, campaign: str, old: Mapping[str, Any], head: str) -> tuple[Conflict | None, int]:
    """Write what the form says; 302 when it is written, else the status of the form's page."""
    if request.form.get("action") == "look":
        form.validate()
        form.title.errors = ()
        return None, 200
    if not form.validate():
        return None, 400
    return write_campaign(form, campaign, {**old, **_value(form, head)}, _readable)


def _value(form: GatheringForm, head: str) -> dict[str, Any]:
    names, days = names_of(installation().database()), form.days() or {}
    functions = {head: Function.HEAD.value, **dict.fromkeys(form.fellows.data or (), Function.SECRETARY.value)}
    return {
        "title": form.title.data,
        "year": int(days["until"][:4]),
        "issuer": form.issuer.data,
        "gathers": days,
        "members": [{"account": id_, "name": names[id_], "functions": [name]} for id_, name in functions.items()],
    }


def _readable(value: Mapping[str, Any]) -> dict[str, str]:
    days = value.get("gathers") or {}
    return {
        "Tên báo cáo": value.get("title", ""),
        "Cơ quan": dict(issuer_choices(installation().database())).get(value.get("issuer", ""), ""),
        "Kỳ": f"{days.get('since', '')} - {days.get('until', '')}",
        "Người soạn, ký": "; ".join(one["name"] for one in value.get("members", ())),
    }
