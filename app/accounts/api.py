"""``/api/session``: sign in, who am I, sign out."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, session
from flask_wtf.csrf import generate_csrf

from app.accounts.accounts import sign_in
from app.clock import iso
from app.errors import InvalidInputError
from app.identity import Identity
from app.limits import limiter, login_limit
from app.web import EVERYBODY, allow, answer, identity, installation, json_body, public, remember

blueprint = Blueprint("session", __name__, url_prefix="/api")


@blueprint.post("/session")
@public
@limiter.limit(login_limit)
def start() -> Response:
    """Sign in by name and password."""
    body = json_body(limit=10_000)
    username, password = body.get("username"), body.get("password")
    if not isinstance(username, str) or not isinstance(password, str):
        raise InvalidInputError("Thiếu tên đăng nhập hoặc mật khẩu; hãy nhập đủ hai ô.")
    who, epoch = sign_in(installation().database(), username, password)
    remember(who.account, epoch)
    return answer(_session_of(who))


@blueprint.get("/session")
@allow(*EVERYBODY)
def show() -> Response:
    """Who is signed in, with a fresh CSRF token."""
    return answer(_session_of(identity()))


@blueprint.delete("/session")
@allow(*EVERYBODY)
def end() -> Response:
    """Sign out."""
    session.clear()
    return answer({})


def _session_of(who: Identity) -> dict[str, Any]:
    return {
        "account": {
            "id": who.account,
            "name": who.name,
            "username": who.username,
            "role": who.role,
            "unit": who.unit,
        },
        "csrf_token": generate_csrf(),
        "server_time": iso(installation().clock()),
        "version": version("kiemtra"),
    }
