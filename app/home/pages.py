"""Sign-in, sign-out, one's own password, and the way to where each role's work is."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from app.accounts.accounts import WrongPasswordError, set_password, sign_in
from app.home import screen
from app.limits import limiter, login_limit
from app.web import EVERYBODY, allow, identity, installation, optional_identity, public, remember
from forms.accounts import ChangePasswordForm, SignInForm

blueprint = Blueprint("home", __name__)

Page = str | tuple[str, int] | Response


@blueprint.record
def _register_screen(state: BlueprintSetupState) -> None:
    screen.register(state.app)


@blueprint.get("/")
@public
def index() -> Page:
    """To the signed-in account's work, or to the sign-in page."""
    who = optional_identity()
    return redirect(screen.landing(who) if who else url_for("home.sign_in"))


@blueprint.get("/chua-co-viec")
@allow(*EVERYBODY)
def nothing() -> Page:
    """Where there is nothing to do yet."""
    return render_template("home/nothing.html")


@blueprint.route("/dang-nhap", methods=["GET", "POST"], endpoint="sign_in")
@public
@limiter.limit(login_limit, methods=["POST"])
def show_sign_in() -> Page:
    """Sign in by name and password."""
    form = SignInForm(next=request.args.get("next", ""))
    if not form.is_submitted():
        who = optional_identity()
        return redirect(screen.landing(who)) if who else _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form, 400)
    try:
        who, epoch = sign_in(installation().database(), form.username.data, form.password.data)
    except WrongPasswordError as error:
        form.password.errors = [error.message]
        return _sign_in_page(form, error.status)
    remember(who.account, epoch)
    return redirect(safe_next(form.next.data) or screen.landing(who))


def _sign_in_page(form: SignInForm, status: int = 200) -> Page:
    return render_template("home/sign_in.html", form=form), status


def safe_next(target: str | None) -> str:
    """The address to go on to after signing in, if it is a page of this site; else empty."""
    text = target or ""
    local = text.startswith("/") and not text.startswith("//") and text.isprintable() and "\\" not in text
    return text if local and text.partition("?")[0] not in ("/", "/dang-xuat") else ""


@blueprint.post("/dang-xuat", endpoint="sign_out")
@public
def end_session() -> Page:
    """Sign out; also where the session has already ended."""
    session.clear()
    flash("Đã đăng xuất.", "good")
    return redirect(url_for("home.sign_in"))


@blueprint.route("/doi-mat-khau", methods=["GET", "POST"])
@allow(*EVERYBODY)
@limiter.limit(login_limit, methods=["POST"])
def change_password() -> Page:
    """Change one's own password; every other session of the account ends."""
    form = ChangePasswordForm()
    if not form.is_submitted():
        return render_template("home/password.html", form=form)
    if form.validate() and _is_own(form):
        set_password(installation().database(), identity().account, form.password.data)
        _who, epoch = sign_in(installation().database(), identity().username, form.password.data)
        remember(identity().account, epoch)
        flash("Đã đổi mật khẩu. Các phiên đăng nhập khác của tài khoản này đã kết thúc.", "good")
        return redirect(screen.landing(identity()))
    return render_template("home/password.html", form=form), 400


def _is_own(form: ChangePasswordForm) -> bool:
    try:
        sign_in(installation().database(), identity().username, form.current.data)
    except WrongPasswordError:
        form.current.errors = ["Mật khẩu hiện tại không đúng; hãy nhập lại."]
        return False
    return True
