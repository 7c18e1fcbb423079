"""``/xac-minh``: anybody may hold a file against its signatures and against what was issued here.

Nothing of what is uploaded is kept or logged. A stranger learns what the file itself says, and of a paper that is out
its number, date, body and title; nothing else of the inspection.
"""

from __future__ import annotations

import threading

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from app.errors import NotFoundError
from app.limits import limiter, verify_limit
from app.papers.verifying import verify_bytes
from app.verification.lookup import Paper, paper_of_code, paper_of_file
from app.verification.telling import Telling, tell
from app.web import installation, public
from forms.verification import VerifyForm
from reports.incoming.bounded import BusyError

blueprint = Blueprint("verification", __name__)

Page = str | tuple[str, int] | Response
MOST_AT_ONCE, PATIENCE = 2, 10.0
# Strangers never take the places that the delegation's own work needs.
_places = threading.BoundedSemaphore(MOST_AT_ONCE)


@blueprint.route("/xac-minh", methods=["GET", "POST"])
@blueprint.route("/xac-minh/<code>", methods=["GET", "POST"])
@public
@limiter.limit(verify_limit)
def verify(code: str = "") -> Page:
    """Take a file and say what is to be said of it; ``code`` is the one printed on a paper."""
    asked = _asked(code)
    form = VerifyForm()
    told, message, status = None, "", 200
    if form.is_submitted() and not form.validate():
        status = 400
    elif form.is_submitted():
        told, message, status = _judged(form, asked)
    page = render_template("verification/verify.html", form=form, told=told, message=message, asked=asked, code=code)
    return page, status


def _asked(code: str) -> Paper | None:
    if not code:
        return None
    paper = paper_of_code(installation(), code)
    if paper is None:
        raise NotFoundError(
            "Không có văn bản nào đã phát hành mang mã này. Hãy gõ lại đúng địa chỉ in trên văn bản; nếu vẫn không có, "
            "hãy hỏi cơ quan ban hành."
        )
    return paper


def _judged(form: VerifyForm, asked: Paper | None) -> tuple[Telling | None, str, int]:
    if not _places.acquire(timeout=PATIENCE):
        return None, BusyError.text, 503
    try:
        data = request.files[form.file.name].stream.read()
        report = verify_bytes(installation(), data).report
    finally:
        _places.release()
    paper = paper_of_file(installation(), report.sha256, report.manifest)
    return tell(report, paper, asked=asked), "", 200
