"""Pages of site records: the delegation's list and paper, and the unit's own copy of what was read to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.accounts.shapes import Role
from app.errors import NotFoundError
from app.inspections.pages import scope_of
from app.inspections.records import ROLE_LABELS, SiteRecord, covered_entries, entries_after, records_of
from app.inspections.results import after_record
from app.web import DELEGATION, allow, identity, installation

blueprint = Blueprint("records", __name__)

Page = str | Response


@blueprint.get("/cuoc-kiem-tra/<inspection>/bien-ban")
@allow(*DELEGATION)
def index(inspection: str) -> Page:
    """The records of an inspection, and what came in after them."""
    scope = scope_of(inspection)
    db = installation().database()
    records = records_of(db, inspection)
    return render_template(
        "inspections/records.html",
        inspection=inspection,
        setup=scope.setup,
        unit_name=scope.unit_name,
        records=records,
        read=covered_entries(records) is not None,
        after=after_record(scope, entries_after(db, inspection, records)),
        names=names_of(db),
    )


@blueprint.get("/cuoc-kiem-tra/<inspection>/bien-ban/<entry>")
@allow(*DELEGATION)
def show(inspection: str, entry: str) -> Page:
    """One record as it stands on paper, its signatures and the scans of the signed paper."""
    scope = scope_of(inspection)
    db = installation().database()
    return render_template(
        "inspections/record.html",
        inspection=inspection,
        setup=scope.setup,
        record=_record(inspection, entry),
        held=frozenset(row[0] for row in db.execute("SELECT sha256 FROM files")),
        names=names_of(db),
        roles=ROLE_LABELS,
    )


@blueprint.get("/yeu-cau/bien-ban/<inspection>/<entry>")
@allow(Role.UNIT)
def unit_copy(inspection: str, entry: str) -> Page:
    """The unit's copy: only what was read through, and only of its own inspections."""
    own = {one["inspection"] for one in unit_records(identity().unit or "")}
    record = _record(inspection, entry) if inspection in own else None
    if record is None or not record.is_read:
        raise NotFoundError("Không có biên bản này; hãy mở lại danh sách.")
    return render_template("inspections/record_copy.html", record=record)


def unit_records(unit: str) -> list[dict[str, Any]]:
    """The records that were read to a unit, newest inspection first."""
    db = installation().database()
    query = "SELECT inspection, title FROM inspections WHERE unit = ? AND value != 'null' ORDER BY inspection DESC"
    rows = db.execute(query, [unit])
    return [
        {"inspection": row["inspection"], "title": row["title"], "record": record}
        for row in rows.fetchall()
        for record in records_of(db, row["inspection"])
        if record.is_read
    ]


def _record(inspection: str, entry: str) -> SiteRecord:
    for record in records_of(installation().database(), inspection):
        if record.entry == entry:
            return record
    raise NotFoundError("Không có bản này của biên bản, hoặc đã có bản mới thay thế; hãy mở lại danh sách biên bản.")
