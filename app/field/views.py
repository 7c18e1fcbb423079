"""The tablet's shell, its worker and its assets. A missing asset is a 404, never the shell."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

from app.web import public

STATIC = Path(__file__).parent / "static"

blueprint = Blueprint("field", __name__, url_prefix="/field")


@blueprint.get("/")
@blueprint.get("/<path:route>")
@public
def shell(route: str = "") -> Response:  # noqa: ARG001 (the client's own router reads it)
    """The same shell for every screen; it holds no data, so it needs no session."""
    response = send_from_directory(STATIC, "index.html", max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/assets/<path:name>")
@public
def asset(name: str) -> Response:
    """A built file; its name carries its hash, so it may be kept for ever."""
    return send_from_directory(STATIC, name, max_age=31_536_000)


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """The web application's manifest."""
    return send_from_directory(STATIC, "manifest.webmanifest", mimetype="application/manifest+json", max_age=0)


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """The service worker: always asked for anew, so that an update is seen."""
    response = send_from_directory(STATIC, "sw.js", mimetype="text/javascript", max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/field/"
    return response
