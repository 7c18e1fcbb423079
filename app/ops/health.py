"""``/healthz``: the process answers and its database can be read."""

from __future__ import annotations

from flask import Blueprint, Response

from app.web import answer, installation, public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def show() -> Response:
    """Alive."""
    installation().database().execute("SELECT 1 FROM entries LIMIT 1").fetchone()
    return answer({"status": "ok"})
