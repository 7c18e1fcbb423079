"""``/api/tablets/<device>``: a tablet says what it holds, before and after each sync."""

from __future__ import annotations

from flask import Blueprint, Response
from pydantic import ValidationError

from app.clock import iso
from app.errors import InvalidInputError
from app.journal.shape_errors import describe
from app.tablets.marks import named_device
from app.tablets.reports import keep_report
from app.tablets.shapes import TabletReport
from app.web import DELEGATION, allow, answer, identity, installation, json_body

blueprint = Blueprint("tablets_api", __name__, url_prefix="/api/tablets")

REPORT_BYTES = 1_000_000


@blueprint.put("/<device>")
@allow(*DELEGATION)
def report(device: str) -> Response:
    """Keep what the tablet reports of the inspections that its account may see."""
    if not named_device(device):
        raise InvalidInputError("Mã máy chỉ gồm chữ thường, số và dấu gạch nối, tối đa 64 ký tự.")
    try:
        said = TabletReport.model_validate(json_body(limit=REPORT_BYTES))
    except ValidationError as error:
        raise InvalidInputError("Báo cáo của máy không đúng dạng: " + "; ".join(describe(error)[:5]) + ".") from error
    here = installation()
    return answer({"kept": keep_report(here.database(), identity(), device, said, iso(here.clock()))})
