"""The page of legal bases: what each checklist names, and a person's confirmation by name."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.conclusions.bases import Basis, all_bases, named_like, subject_of_basis
from app.errors import KiemtraError, NotFoundError
from app.home.edits import seen_in
from app.web import OFFICE, allow, identity, installation, journal
from forms.register import BasisForm

blueprint = Blueprint("bases", __name__)

Page = str | tuple[str, int] | Response
FILTERS = (("cho", "Chờ xác nhận"), ("da", "Đã xác nhận"), ("tat-ca", "Tất cả"))


@blueprint.get("/can-cu")
@allow(*OFFICE)
def index() -> Page:
    """Every legal basis of the checklists, those that nobody has confirmed first."""
    return _page()


@blueprint.post("/can-cu")
@allow(*OFFICE)
def confirm() -> Page:
    """Confirm a basis in one's own name, or take the confirmation back."""
    form = BasisForm()
    found = next((one for one in _all() if one.id == form.basis.data), None)
    if found is None:
        raise NotFoundError("Không có căn cứ này trong các bộ phiếu; hãy mở lại danh sách.")
    withdraw = request.form.get("action") == "withdraw"
    if not withdraw and not form.validate():
        return _page(found.id, form), 400
    value = None if withdraw else {"doc": found.doc, "clause": found.clause, **form.value()}
    try:
        journal().write(identity(), subject_of_basis(found.id), value, supersedes=seen_in(form.seen.data))
    except KiemtraError as error:
        flash(error.message, "bad")
        return _page(found.id, form), error.status
    flash("Đã rút xác nhận; căn cứ này không còn được nêu." if withdraw else "Đã xác nhận căn cứ.", "good")
    return redirect(url_for("bases.index", loc=request.args.get("loc") or None, _anchor=found.id))


def _all() -> list[Basis]:
    here = installation()
    return all_bases(here.library(), here.database())


def _passes(one: Basis, chosen: str) -> bool:
    return {"cho": one.open, "da": one.confirmed is not None}.get(chosen, True)


def _page(at: str = "", form: BasisForm | None = None) -> str:
    chosen, words = request.args.get("loc", "cho"), request.args.get("tim", "").strip()[:200]
    found = _all()
    shown = {"cho": [one for one in found if one.open], "da": [one for one in found if one.confirmed]}.get(
        chosen, found
    )
    shown += [one for one in found if one.id == at and one not in shown]
    return render_template(
        "conclusions/bases.html",
        bases=named_like(shown, words),
        waiting=sum(one.open for one in found),
        confirmed=sum(one.confirmed is not None for one in found),
        filters=FILTERS,
        chosen=chosen,
        words=words,
        at=at,
        form=form or BasisForm(formdata=None),
        names=names_of(installation().database()),
    )
