"""What views share: the installation, whose request it is, and who may call what.

Access is declared on each view with ``@public`` or ``@allow(…)``; a view without either answers nobody, so a
forgotten declaration shows at once and opens nothing.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import orjson
from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf

from app.accounts.accounts import identity_of
from app.accounts.shapes import Role
from app.errors import ForbiddenError, InvalidInputError, NotFoundError, NotSignedInError, TooLargeError
from app.identity import Identity
from app.installation import Installation
from app.journal.journal import Journal
from app.tablets.marks import HEADER, Mark, TabletRevokedError, mark_of, named_device

View = TypeVar("View", bound=Callable[..., Any])

EVERYBODY = tuple(Role)
DELEGATION = (Role.ADMIN, Role.LEAD, Role.MEMBER)
OFFICE = (Role.ADMIN, Role.LEAD)


def public(view: View) -> View:
    """Anybody may call this view, signed in or not."""
    view.access = None  # type: ignore[attr-defined]
    return view


def allow(*roles: Role) -> Callable[[View], View]:
    """Only signed-in accounts of these roles may call this view."""

    def mark(view: View) -> View:
        view.access = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def hears_lost_tablets(view: View) -> View:
    """A tablet that was reported lost reaches this view too; it has to ask ``from_lost_tablet()``."""
    view.hears_lost = True  # type: ignore[attr-defined]
    return view


def from_lost_tablet() -> bool:
    """Whether the tablet that this request names, or that its session began on, was reported lost."""
    return bool(g.get("lost", False))


def installation() -> Installation:
    """The installation that this application serves."""
    found: Installation = current_app.extensions["kiemtra"]
    return found


def journal() -> Journal[Identity]:
    """The journal, on this thread's connection."""
    return installation().journal()


def identity() -> Identity:
    """Whose request this is.

    Raises:
        NotSignedInError: nobody's.
    """
    found: Identity | None = g.get("identity")
    if found is None:
        raise NotSignedInError
    return found


def optional_identity() -> Identity | None:
    """Whose request this is, or None."""
    found: Identity | None = g.get("identity")
    return found


def remember(account: str, epoch: int) -> None:
    """Start a session; it belongs to the tablet that the request names."""
    session.clear()
    session.permanent = True
    session["account"] = account
    session["epoch"] = epoch
    device = named_device(request.headers.get(HEADER))
    if device:
        _bind(device, mark_of(installation().database(), device))


def register_access(app: Flask) -> None:
    """Check access before every view."""

    @app.before_request
    def check_access() -> None:
        _load_identity()
        if request.endpoint is None or request.endpoint == "static":
            return
        view = app.view_functions[request.endpoint]
        if from_lost_tablet() and request.path.startswith("/api/") and not getattr(view, "hears_lost", False):
            # The token lets the tablet still offer what it holds; nothing of it is let in.
            raise TabletRevokedError(csrf_token=generate_csrf())
        access: frozenset[Role] | None = getattr(view, "access", frozenset())
        if access is None:
            return
        if from_lost_tablet() and not getattr(view, "hears_lost", False):
            raise NotSignedInError
        if identity().role not in access:
            raise ForbiddenError("Tài khoản này không được dùng phần này; hãy hỏi trưởng đoàn hoặc quản trị.")


def _load_identity() -> None:
    account = session.get("account")
    ended = _tablet_ended()
    if not account or ended:
        return
    found = identity_of(installation().database(), account)
    if found is not None and found[1] == session.get("epoch"):
        g.identity = found[0]
        g.identity.library = installation().library


def _tablet_ended() -> bool:
    """Notes a lost tablet; True where the session began before its tablet was reported lost and let in again."""
    named = named_device(request.headers.get(HEADER))
    bound, under = session.get("tablet", ("", ""))
    db = installation().database()
    marks = {device: mark_of(db, device) for device in {named, bound} if device}
    g.lost = any(mark.lost for mark in marks.values())
    if g.lost:
        return False
    if bound and marks[bound].entry != under:
        return True
    if named and named != bound and "account" in session:
        _bind(named, marks[named])
    return False


def _bind(device: str, mark: Mark) -> None:
    session["tablet"] = [device, mark.entry]


def answer(payload: object, status: int = 200) -> Response:
    """A JSON answer that no cache keeps."""
    response = Response(orjson.dumps(payload), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_packed(payload: object) -> Response:
    """A large JSON answer, compressed where the client takes gzip. For answers without secrets of the session."""
    response = answer(payload)
    response.headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def body_of(limit: int) -> bytes:
    """The request's bytes.

    Raises:
        TooLargeError: more than ``limit``; what is announced as too long is not read at all.
    """
    data = b"" if (request.content_length or 0) > limit else request.get_data(cache=False)
    if len(data) > limit or (request.content_length or 0) > limit:
        raise TooLargeError(f"Nội dung gửi lên lớn hơn {limit} byte; hãy chia nhỏ hoặc giảm cỡ tệp.", limit=limit)
    return data


def json_body(limit: int) -> dict[str, Any]:
    """The request's JSON object.

    Raises:
        InvalidInputError: no JSON, or no object.
        TooLargeError: more than ``limit`` bytes.
    """
    if request.mimetype != "application/json":
        raise InvalidInputError("Yêu cầu phải gửi JSON (Content-Type: application/json).")
    data = body_of(limit)
    with one_at_a_time:
        return _json_object(data)


one_at_a_time = threading.RLock()
"""Threads wait here for their turn at work that is all computing.

There are many threads, because a tablet on a poor network keeps one busy while its bytes trickle in. When several
have their bytes and compute at once, they only hand the interpreter's lock back and forth: in turn is faster.
"""


def _json_object(data: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(f"Nội dung gửi lên không phải JSON hợp lệ: {error}.") from error
    if not isinstance(body, dict):
        raise InvalidInputError("Nội dung gửi lên phải là một đối tượng JSON.")
    return body


def seen_inspection(inspection: str) -> dict[str, Any]:
    """The setup of an inspection that this account may see.

    Raises:
        NotFoundError: there is none, or not for this account.
    """
    who = identity()
    setup = who.setup(inspection)
    if setup is None or not who.may_see(inspection):
        raise NotFoundError(
            "Không có cuộc kiểm tra này, hoặc tài khoản này không phải là thành viên của cuộc kiểm tra."
        )
    return setup
