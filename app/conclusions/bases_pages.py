"""The page of legal bases: what each checklist names, and a person's confirmation by name."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.conclusions.bases import Basis, all_bases, article_text, basis_id, named_like, subject_of_basis
from app.database import writing
from app.errors import KiemtraError, NotFoundError
from app.home.edits import seen_in
from app.web import OFFICE, allow, identity, installation, journal
from forms.register import ArticleForm, BasisForm

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


@blueprint.route("/can-cu/<basis>", methods=["GET", "POST"])
@allow(*OFFICE)
def articles(basis: str) -> Page:
    """The articles of one document, item by item: given in one's own name, or taken back."""
    found = next((one for one in _all() if one.id == basis and not one.clause), None)
    if found is None:
        raise NotFoundError("Căn cứ này không có hoặc bộ phiếu đã nêu điều, khoản; hãy mở lại danh sách.")
    if request.form.get("action") == "withdraw":
        return _take_back(found)
    form = ArticleForm()
    form.offer({use.item: use.question for use in found.uses if not use.article}.items())
    status = _give(found, form) if form.is_submitted() else 200
    if status == 302:
        flash("Đã ghi điều, khoản; câu văn nêu căn cứ này từ nay dẫn chiếu đến đó.", "good")
        return redirect(url_for("bases.articles", basis=basis))
    names = names_of(installation().database())
    return render_template("conclusions/articles.html", basis=found, form=form, names=names), status


def _take_back(found: Basis) -> Page:
    item = request.form.get("item", "")
    subject = subject_of_basis(basis_id(found.doc, found.clause, item))
    journal().write(identity(), subject, None, supersedes=seen_in(request.form.get("seen")))
    flash("Đã rút; câu văn của mục này không còn nêu điều, khoản đó.", "good")
    return redirect(url_for("bases.articles", basis=found.id))


def _give(found: Basis, form: ArticleForm) -> int:
    """One confirmation for each chosen item, all or none; 302, or the status of what is wrong."""
    if not form.validate():
        return 400
    try:
        value = {"doc": found.doc, "clause": found.clause, **form.value(), "article": article_text(form.article.data)}
        with writing(installation().database()):
            for item in form.items.data:
                subject = subject_of_basis(basis_id(found.doc, found.clause, item))
                journal().write(identity(), subject, {**value, "item": item}, supersedes=[])
    except KiemtraError as error:
        form.article.errors = (*form.article.errors, error.message)
        return error.status
    return 302


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
