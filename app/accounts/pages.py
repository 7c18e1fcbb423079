"""Pages of accounts, for administrators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.accounts import add_account
from app.accounts.manage import account_of, all_accounts, change_account, reset_password
from app.accounts.shapes import ROLE_LABELS, Role
from app.errors import InvalidInputError
from app.home.edits import Conflict, conflict_of, seen_in, seen_text
from app.journal.journal import StaleError
from app.units.queries import unit_choices
from app.web import allow, identity, installation, journal
from forms.accounts import AccountForm, NewAccountForm, ResetPasswordForm

blueprint = Blueprint("accounts", __name__, url_prefix="/tai-khoan")

Page = str | tuple[str, int] | Response
ROLES = tuple((role.value, label) for role, label in ROLE_LABELS.items())


@blueprint.get("/")
@allow(Role.ADMIN)
def index() -> Page:
    """All accounts."""
    return render_template("accounts/index.html", accounts=all_accounts(installation().database()))


@blueprint.route("/them", methods=["GET", "POST"])
@allow(Role.ADMIN)
def add() -> Page:
    """A new account."""
    form = NewAccountForm()
    form.offer(ROLES, unit_choices(installation().database()))
    if not form.is_submitted():
        return render_template("accounts/add.html", form=form)
    if form.validate() and _added(form):
        flash(f"Đã thêm tài khoản «{form.username.data}».", "good")
        return redirect(url_for("accounts.index"))
    return render_template("accounts/add.html", form=form), 400


def _added(form: NewAccountForm) -> bool:
    typed = _typed(form)
    try:
        add_account(journal(), identity(), username=form.username.data, password=form.password.data, **typed)
    except InvalidInputError as error:
        form.username.errors = [error.message]
        return False
    return True


@blueprint.route("/<account>", methods=["GET", "POST"])
@allow(Role.ADMIN)
def edit(account: str) -> Page:
    """One account: who it is and what it may do."""
    value, seen = account_of(journal(), account)
    form = AccountForm(data={**value, "unit": value.get("unit") or "", "seen": seen_text(seen)})
    form.offer(ROLES, unit_choices(installation().database()))
    if not form.is_submitted():
        return _edit_page(account, value, form)
    if not form.validate():
        return _edit_page(account, value, form, status=400)
    try:
        change_account(journal(), identity(), account, _typed(form), seen_in(form.seen.data))
    except StaleError as error:
        conflict, form.seen.data = conflict_of(error, value | _typed(form), readable)
        return _edit_page(account, value, form, conflict, 409)
    flash("Đã lưu tài khoản.", "good")
    return redirect(url_for("accounts.index"))


def _edit_page(
    account: str, value: Mapping[str, Any], form: AccountForm, conflict: Conflict | None = None, status: int = 200
) -> Page:
    page = render_template("accounts/edit.html", id=account, account=value, form=form, conflict=conflict)
    return page, status


def _typed(form: AccountForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "position": form.position.data or "",
        "role": form.role.data,
        "unit": form.unit.data or None,
    }


def readable(value: Mapping[str, Any]) -> dict[str, str]:
    """An account as labelled text."""
    units = dict(unit_choices(installation().database()))
    return {
        "Họ và tên": value.get("name", ""),
        "Chức vụ, cơ quan": value.get("position", ""),
        "Vai trò": ROLE_LABELS[Role(value["role"])] if value.get("role") else "",
        "Đơn vị": units.get(value.get("unit") or "", ""),
        "Trạng thái": "Đang dùng" if value.get("active", True) else "Đã ngừng",
    }


@blueprint.post("/<account>/ngung")
@allow(Role.ADMIN)
def deactivate(account: str) -> Page:
    """The account may no longer sign in; what it wrote stays."""
    change_account(journal(), identity(), account, {"active": False})
    flash("Đã ngừng tài khoản. Những gì tài khoản này đã ghi vẫn được giữ nguyên.", "good")
    return redirect(url_for("accounts.index"))


@blueprint.post("/<account>/mo-lai")
@allow(Role.ADMIN)
def activate(account: str) -> Page:
    """The account may sign in again."""
    change_account(journal(), identity(), account, {"active": True})
    flash("Đã mở lại tài khoản.", "good")
    return redirect(url_for("accounts.index"))


@blueprint.route("/<account>/mat-khau", methods=["GET", "POST"])
@allow(Role.ADMIN)
def password(account: str) -> Page:
    """Another password for somebody who has lost theirs."""
    value, _ = account_of(journal(), account)
    form = ResetPasswordForm()
    if form.validate_on_submit():
        reset_password(journal(), account, form.password.data)
        flash(f"Đã đặt lại mật khẩu của «{value['username']}»; các phiên đang mở đã kết thúc.", "good")
        return redirect(url_for("accounts.index"))
    page = render_template("accounts/password.html", form=form, account=value)
    return page, 400 if form.is_submitted() else 200
