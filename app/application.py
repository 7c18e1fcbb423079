"""The web application, put together from its rooms."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from flask import Flask, Response, redirect, render_template, request, url_for
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from app import rooms
from app.errors import (
    ForbiddenError,
    InvalidInputError,
    KiemtraError,
    NotFoundError,
    NotSignedInError,
    TooLargeError,
    UnprocessableError,
)
from app.installation import Installation
from app.limits import limiter
from app.web import answer, register_access
from reports.incoming.bounded import BoundedError
from reports.signing.signing_errors import SigningError

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
FORM_BYTES = 64 * 1024 * 1024

log = logging.getLogger("kiemtra")


class ForgedRequestError(InvalidInputError):
    """The CSRF token is missing, old, or of another session."""

    code = "csrf"


def create_app(installation: Installation, *, tls: bool = False) -> Flask:
    """The application for one installation. ``tls`` makes the session cookie travel over HTTPS only."""
    app = Flask("app", instance_path=str(installation.path.resolve()))
    app.extensions["kiemtra"] = installation
    _setup_session(app, installation, tls=tls)
    _setup_limits(app, limiter, installation)
    _setup_csrf(app)
    register_access(app)
    _setup_headers(app, tls=tls)
    _setup_errors(app)
    rooms.register(app)
    return app


def _setup_session(app: Flask, installation: Installation, *, tls: bool) -> None:
    newest, *older = installation.secrets()
    app.config.update(
        SECRET_KEY=newest,
        SECRET_KEY_FALLBACKS=older,
        SESSION_COOKIE_NAME="kiemtra",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=tls,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=installation.config.session_hours),
        MAX_CONTENT_LENGTH=FORM_BYTES,
    )


def _setup_limits(app: Flask, shared: Limiter, installation: Installation) -> None:
    app.config["RATELIMIT_LOGIN"] = installation.config.login_limit
    app.config["RATELIMIT_VERIFY"] = installation.config.verify_limit
    shared.init_app(app)


def _setup_csrf(app: Flask) -> None:
    # A tablet keeps a page open for days; the token lives as long as the session.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf = CSRFProtect(app)
    for endpoint in rooms.CSRF_EXEMPT:
        csrf.exempt(endpoint)


def _setup_headers(app: Flask, *, tls: bool) -> None:
    @app.after_request
    def secure(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        # "no-referrer" would make the CSRF check fail over HTTPS.
        response.headers["Referrer-Policy"] = "same-origin"
        allowed = "(self)" if request.path.startswith("/field/") else "()"
        response.headers["Permissions-Policy"] = f"camera={allowed}, geolocation={allowed}, microphone=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if tls:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _setup_errors(app: Flask) -> None:
    @app.errorhandler(KiemtraError)
    def refuse(error: KiemtraError) -> Any:
        return _show(error)

    @app.errorhandler(BoundedError)
    @app.errorhandler(SigningError)
    def refuse_file(error: BoundedError | SigningError) -> Any:
        return _show(UnprocessableError(error.message, kind=error.code))

    @app.errorhandler(CSRFError)
    def refuse_forged(_error: CSRFError) -> Any:
        return _show(ForgedRequestError("Mã bảo vệ của trang đã cũ; hãy tải lại trang rồi làm lại."))

    @app.errorhandler(HTTPException)
    def refuse_http(error: HTTPException) -> Any:
        return _show(_translate(error), error.code)

    @app.errorhandler(Exception)
    def fail(error: Exception) -> Any:
        log.error("unexpected error in %s", request.endpoint, exc_info=error)
        return _show(
            KiemtraError("Máy chủ gặp lỗi; dữ liệu trên máy vẫn còn. Hãy thử lại, nếu vẫn lỗi thì báo quản trị.")
        )


def _translate(error: HTTPException) -> KiemtraError:
    if error.code == 413:
        return TooLargeError("Nội dung gửi lên quá lớn; hãy chia nhỏ hoặc giảm cỡ tệp.")
    if error.code == 404:
        return NotFoundError("Không có trang này; hãy kiểm tra lại địa chỉ.")
    if error.code == 429:
        return ForbiddenError("Đã thử quá nhiều lần trong một lúc; hãy đợi một phút rồi thử lại.")
    if error.code == 405:
        return InvalidInputError("Địa chỉ này không nhận thao tác đó; hãy quay lại trang trước.")
    return InvalidInputError("Yêu cầu không hợp lệ; hãy tải lại trang rồi làm lại.")


def _show(error: KiemtraError, status: int | None = None) -> Any:
    status = status or error.status
    if request.path.startswith("/api/"):
        return answer(error.to_json(), status)
    not_signed_in = isinstance(error, NotSignedInError)
    if not_signed_in and request.method == "GET":
        return redirect(url_for("home.sign_in", next=request.full_path.rstrip("?")))
    return render_template("error.html", error=error, status=status, sign_in=not_signed_in), status
