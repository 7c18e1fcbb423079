"""``/api/evidence/<sha256>``: bytes in by their hash, out through an entry that one may see."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.errors import NotFoundError
from app.evidence.storage import EvidenceStorage
from app.web import DELEGATION, EVERYBODY, allow, answer, body_of, identity, installation

blueprint = Blueprint("evidence", __name__, url_prefix="/api/evidence")


def storage() -> EvidenceStorage:
    """The installation's evidence, on this thread's connection."""
    here = installation()
    return EvidenceStorage(here.evidence_path, here.database(), here.clock)


@blueprint.put("/<sha256>")
@allow(*DELEGATION)
def put(sha256: str) -> Response:
    """Store bytes; the same again is a success."""
    data = body_of(installation().config.evidence_bytes)
    stored = storage().put(sha256, data, identity().account)
    return answer({"sha256": sha256, "status": "stored" if stored else "known"}, 201 if stored else 200)


@blueprint.get("/<sha256>")
@allow(*EVERYBODY)
def get(sha256: str) -> Response:
    """The bytes, for those who may see an entry that speaks of them; ``?nho`` for a photo's smaller copy."""
    _require_visible(sha256)
    data, kind = storage().read(sha256, small="nho" in request.args)
    response = Response(data, mimetype=kind)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _require_visible(sha256: str) -> None:
    who = identity()
    db = installation().database()
    own = db.execute("SELECT 1 FROM files WHERE sha256 = ? AND uploader = ?", [sha256, who.account]).fetchone()
    rows = db.execute(
        "SELECT DISTINCT inspection FROM evidence WHERE file_sha256 = ? "
        "UNION SELECT inspection FROM minutes WHERE signed_scan_sha256 = ? "
        "UNION SELECT m.inspection FROM minutes m, json_each(m.value, '$.scans') s "
        "WHERE json_extract(s.value, '$.file.sha256') = ?",
        [sha256, sha256, sha256],
    )
    if not own and not any(who.may_see(row[0]) for row in rows):
        raise NotFoundError("Không có tệp này, hoặc tài khoản này không được xem.")
