"""``/api/evidence/<sha256>``: bytes in by their hash, out through an entry that one may see."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.evidence.picture import layer_key
from app.evidence.sight import sight_of
from app.evidence.storage import EvidenceStorage
from app.web import DELEGATION, EVERYBODY, allow, answer, body_of, identity, installation, one_at_a_time

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
    """The bytes, for those who may see an entry that speaks of them.

    ``?nho`` asks for a photo's copy: smaller, with its layer. The bytes as they were taken are the delegation's.
    """
    sight = sight_of(identity(), sha256)
    here = storage()
    small = "nho" in request.args and (here.type_of(sha256) or "").startswith("image/")
    if not small:
        sight.require_original()
        return _shown(*here.read(sha256), "private, max-age=31536000, immutable")
    with one_at_a_time:
        data = here.copy(sha256, sight.marks)
    # The layer may change: asked for anew each time, sent only when it did.
    response = _shown(data, "image/jpeg", "private, no-cache")
    response.set_etag(layer_key(sight.marks) or "plain")
    response.make_conditional(request)
    return response


def _shown(data: bytes, kind: str, cache: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers["Cache-Control"] = cache
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
