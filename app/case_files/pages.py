"""The way to an inspection's case file."""

from __future__ import annotations

from flask import Blueprint, Response, request, stream_with_context

from app.case_files.archive import case_name, stream_case
from app.web import DELEGATION, allow, identity, installation, seen_inspection

blueprint = Blueprint("case_files", __name__)


@blueprint.get("/cuoc-kiem-tra/<inspection>/ho-so.zip")
@allow(*DELEGATION)
def download(inspection: str) -> Response:
    """The whole case file as one ZIP with its list; ``goc=1`` adds photos as they were taken."""
    setup = seen_inspection(inspection)
    chunks = stream_case(installation(), inspection, identity(), originals=request.args.get("goc") == "1")
    answered = Response(stream_with_context(chunks), mimetype="application/zip")
    answered.headers["Content-Disposition"] = f'attachment; filename="{case_name(setup["title"])}"'
    return answered
