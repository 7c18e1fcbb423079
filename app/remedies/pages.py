"""Pages of requirements: for the team by inspection, for the unit its own list with answers."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.accounts.shapes import Role
from app.clock import local_date
from app.errors import InvalidInputError, NotFoundError
from app.explanations.kinds import is_concluded
from app.explanations.queries import hearings_of_unit
from app.inspections.queries import unit_of
from app.inspections.record_pages import unit_records
from app.papers.naming import REPORT
from app.remedies.lists import Remedy, remedies_of
from app.web import DELEGATION, allow, identity, installation, journal, seen_inspection
from forms.conclusions import DECISIONS, STATES, ResponseForm, ReviewForm
from forms.fields import faults_of

blueprint = Blueprint("remedies", __name__)

Page = str | Response


@blueprint.get("/cuoc-kiem-tra/<inspection>/khac-phuc")
@allow(*DELEGATION)
def index(inspection: str) -> Page:
    """The requirements of an inspection's papers, for the team."""
    setup = seen_inspection(inspection)
    db = installation().database()
    return render_template(
        "remedies/index.html",
        inspection=inspection,
        setup=setup,
        remedies=remedies_of(db, [inspection]),
        names=names_of(db),
        drafts=identity().drafts(inspection),
        form=ReviewForm(formdata=None),
        decisions=DECISIONS,
    )


@blueprint.post("/cuoc-kiem-tra/<inspection>/khac-phuc/<remedy>")
@allow(*DELEGATION)
def review(inspection: str, remedy: str) -> Page:
    """The team's decision on the unit's answer."""
    seen_inspection(inspection)
    found = _remedy(inspection, remedy)
    form = ReviewForm()
    if not form.validate():
        raise InvalidInputError(faults_of(form))
    number = 1 + sum(one.by_team for one in found.history)
    value = {"decision": form.decision.data, "reason": form.reason.data or ""}
    journal().write(identity(), f"inspection/{inspection}/remedy/{remedy}/review/{number}", value, supersedes=[])
    flash("Đã ghi kết luận về việc khắc phục.", "good")
    return redirect(url_for("remedies.index", inspection=inspection, _anchor=remedy))


@blueprint.get("/yeu-cau")
@allow(Role.UNIT)
def unit_index() -> Page:
    """The unit's own requirements, by the paper that made them."""
    db, unit = installation().database(), identity().unit or ""
    papers = _papers_of(unit)
    remedies = remedies_of(db, [paper["owner"] for paper in papers])
    for paper in papers:
        paper["remedies"] = [one for one in remedies if one.document == paper["document"]]
    name = unit_of(db, unit)["name"] if unit else ""
    today = local_date(installation().clock()).isoformat()
    return render_template(
        "remedies/unit.html",
        papers=papers,
        records=unit_records(unit),
        hearings=[one for one in hearings_of_unit(db, unit) if one["until"] >= today and _is_open(one)],
        unit=name,
        form=ResponseForm(formdata=None),
        states=STATES,
    )


@blueprint.post("/yeu-cau/<inspection>/<remedy>")
@allow(Role.UNIT)
def respond(inspection: str, remedy: str) -> Page:
    """The unit's answer to one requirement."""
    if inspection not in {paper["owner"] for paper in _papers_of(identity().unit or "")}:
        raise NotFoundError("Không có yêu cầu này; hãy mở lại danh sách yêu cầu.")
    found = _remedy(inspection, remedy)
    if not found.of_unit:
        raise InvalidInputError("Nội dung này đề nghị cơ quan khác thực hiện; đơn vị không phải trả lời.")
    form = ResponseForm()
    if not form.validate():
        raise InvalidInputError(faults_of(form))
    number = 1 + sum(not one.by_team for one in found.history)
    value = {"state": form.state.data, "text": form.text.data}
    journal().write(identity(), f"inspection/{inspection}/remedy/{remedy}/response/{number}", value, supersedes=[])
    flash("Đã gửi trả lời; Đoàn kiểm tra sẽ xem xét.", "good")
    return redirect(url_for("remedies.unit_index", _anchor=remedy))


def _is_open(hearing: dict[str, Any]) -> bool:
    return not is_concluded(identity(), hearing["inspection"])


def _papers_of(unit: str) -> list[dict[str, Any]]:
    """The papers that are out for a unit; what is not registered yet is not."""
    query = (
        "SELECT d.inspection, d.document, d.value FROM documents d JOIN inspections i ON i.inspection = d.inspection "
        "WHERE i.unit = ? AND d.state = 'registered' AND d.value != 'null' "
        "AND coalesce(json_extract(d.value, '$.about'), '') != ? ORDER BY d.seq DESC"
    )
    rows = installation().database().execute(query, [unit, REPORT])
    return [{**orjson.loads(row["value"]), "owner": row["inspection"], "document": row["document"]} for row in rows]


def _remedy(inspection: str, remedy: str) -> Remedy:
    for one in remedies_of(installation().database(), [inspection]):
        if one.remedy == remedy:
            return one
    raise NotFoundError("Không có yêu cầu này; hãy mở lại danh sách yêu cầu.")
