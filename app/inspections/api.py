"""``/api/inspections``: the list, the bundle, the completeness receipt."""

from __future__ import annotations

from flask import Blueprint, Response

from app.errors import InvalidInputError
from app.evidence.storage import SHA256, EvidenceStorage
from app.inspections.bundle import bundle_of
from app.inspections.queries import inspections_of
from app.inspections.receipt import receipt_of
from app.ops.anchors import note_anchor
from app.web import DELEGATION, EVERYBODY, allow, answer, identity, installation, json_body, seen_inspection

blueprint = Blueprint("inspections_api", __name__, url_prefix="/api/inspections")

RECEIPT_LIMIT = 100_000
RECEIPT_BYTES = 16_000_000


@blueprint.get("")
@allow(*EVERYBODY)
def index() -> Response:
    """The signed-in account's inspections."""
    return answer(inspections_of(identity()))


@blueprint.get("/<inspection>/bundle")
@allow(*DELEGATION)
def bundle(inspection: str) -> Response:
    """All that the tablet needs to work offline."""
    setup = seen_inspection(inspection)
    return answer(bundle_of(installation(), identity(), inspection, setup))


@blueprint.post("/<inspection>/receipt")
@allow(*DELEGATION)
def receipt(inspection: str) -> Response:
    """What of a tablet's own set the server does not hold; the answer is an anchor of the journal."""
    seen_inspection(inspection)
    body = json_body(limit=RECEIPT_BYTES)
    entries, evidence = _strings(body, "entries"), _strings(body, "evidence")
    if not all(SHA256.fullmatch(digest) for digest in evidence):
        raise InvalidInputError("«evidence» phải là danh sách mã SHA-256.")
    here = installation()
    storage = EvidenceStorage(here.evidence_path, here.database(), here.clock)
    found = receipt_of(here.journal(), storage, inspection, entries, evidence)
    note_anchor(here, "receipt", identity().account, found["head"])
    return answer(found)


def _strings(body: dict[str, object], name: str) -> list[str]:
    found = body.get(name, [])
    if not isinstance(found, list) or len(found) > RECEIPT_LIMIT or not all(isinstance(one, str) for one in found):
        raise InvalidInputError(f"«{name}» phải là danh sách chuỗi, tối đa {RECEIPT_LIMIT} phần.")
    return found
