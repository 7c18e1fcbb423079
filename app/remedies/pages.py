"""Pages of requirements: for the team by inspection, for the unit its own list with answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.accounts.shapes import Role
from app.clock import local_date
from app.errors import InvalidInputError, KiemtraError, NotFoundError
from app.explanations.kinds import is_concluded
from app.explanations.queries import hearings_of_unit
from app.home.edits import seen_in
from app.inspections.queries import unit_of
from app.inspections.record_pages import unit_records
from app.papers.issuing import as_date
from app.papers.naming import REPORT
from app.remedies.lists import Remedy, remedies_of
from app.remedies.terms import ask, decide, refuse_unread
from app.web import DELEGATION, allow, identity, installation, journal, seen_inspection
from forms.remedies import MoreTimeForm, ResponseForm, ReviewForm, TermForm
from reports.composing.prose import short_date

blueprint = Blueprint("remedies", __name__)

Page = str | tuple[str, int] | Response


@blueprint.get("/cuoc-kiem-tra/<inspection>/khac-phuc")
@allow(*DELEGATION)
def index(inspection: str) -> Page:
    """The requirements of an inspection's papers, for the team."""
    return _team_page(inspection)


def _team_page(inspection: str, at: str = "", *, review: ReviewForm | None = None, term: TermForm | None = None) -> str:
    """The list; ``at`` is the requirement whose form was refused, with what was typed."""
    setup = seen_inspection(inspection)
    db = installation().database()
    return render_template(
        "remedies/index.html",
        inspection=inspection,
        setup=setup,
        remedies=remedies_of(db, [inspection]),
        names=names_of(db),
        drafts=identity().drafts(inspection),
        leads=identity().leads(inspection) or identity().is_admin(),
        at=at,
        typed={"review": review, "term": term},
        blank={"review": ReviewForm(formdata=None), "term": TermForm(formdata=None)},
        today=local_date(installation().clock()).isoformat(),
    )


@blueprint.post("/cuoc-kiem-tra/<inspection>/khac-phuc/<remedy>")
@allow(*DELEGATION)
def review(inspection: str, remedy: str) -> Page:
    """The team's decision on the unit's answer."""
    seen_inspection(inspection)
    found, form = _remedy(inspection, remedy), ReviewForm()
    if not form.validate():
        return _team_page(inspection, remedy, review=form), 400
    value = {"decision": form.decision.data, "reason": form.reason.data or ""}
    try:
        refuse_unread(found, form.said.data)
        journal().write(identity(), f"{found.subject}/review/{found.reviews + 1}", value, supersedes=[])
    except KiemtraError as error:
        flash(error.message, "bad")
        return _team_page(inspection, remedy, review=form), error.status
    flash("Đã ghi kết luận về việc khắc phục.", "good")
    return redirect(url_for("remedies.index", inspection=inspection, _anchor=remedy))


@blueprint.post("/cuoc-kiem-tra/<inspection>/khac-phuc/<remedy>/thoi-han")
@allow(*DELEGATION)
def move_term(inspection: str, remedy: str) -> Page:
    """A leader's decision on a requirement's term, asked for by the unit or not."""
    seen_inspection(inspection)
    found, form = _remedy(inspection, remedy), TermForm()
    if not form.validate():
        return _team_page(inspection, remedy, term=form), 400
    day = as_date(form.day.data) if form.decision.data == "gia_han" else None
    said = {"reason": form.reason.data or "", "paper": form.paper.data or ""}
    try:
        refuse_unread(found, form.said.data)
        before, seen = form.limit.data == "truoc", seen_in(form.seen.data)
        new = decide(installation(), identity(), found, day=day, before=before, seen=seen, **said)
    except KiemtraError as error:
        flash(error.message, "bad")
        return _team_page(inspection, remedy, term=form), error.status
    told = f"Đã gia hạn đến hết ngày {short_date(new)}." if new else "Đã ghi quyết định không gia hạn."
    flash(f"{told} Đơn vị thấy ngay trên trang của mình.", "good")
    return redirect(url_for("remedies.index", inspection=inspection, _anchor=remedy))


@blueprint.get("/yeu-cau")
@allow(Role.UNIT)
def unit_index() -> Page:
    """The unit's own requirements, by the paper that made them."""
    return _unit_page()


def _unit_page(at: str = "", *, answer: ResponseForm | None = None, more: MoreTimeForm | None = None) -> str:
    """The list; ``at`` is the requirement whose form was refused, with what was typed."""
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
        today=today,
        at=at,
        typed={"answer": answer, "more": more},
        blank={"answer": ResponseForm(formdata=None), "more": MoreTimeForm(formdata=None)},
    )


@blueprint.post("/yeu-cau/<inspection>/<remedy>")
@allow(Role.UNIT)
def respond(inspection: str, remedy: str) -> Page:
    """The unit's answer to one requirement."""
    found, form = _own(inspection, remedy), ResponseForm()
    if not found.of_unit:
        raise InvalidInputError("Nội dung này đề nghị cơ quan khác thực hiện; đơn vị không phải trả lời.")
    if not form.validate():
        return _unit_page(remedy, answer=form), 400
    value = {"state": form.state.data, "text": form.text.data}
    try:
        journal().write(identity(), f"{found.subject}/response/{found.answers + 1}", value, supersedes=[])
    except KiemtraError as error:
        flash(error.message, "bad")
        return _unit_page(remedy, answer=form), error.status
    flash("Đã gửi trả lời; Đoàn kiểm tra sẽ xem xét.", "good")
    return redirect(url_for("remedies.unit_index", _anchor=remedy))


@blueprint.post("/yeu-cau/<inspection>/<remedy>/gia-han")
@allow(Role.UNIT)
def ask_for_time(inspection: str, remedy: str) -> Page:
    """The unit's request for more time for one requirement."""
    found, form = _own(inspection, remedy), MoreTimeForm()
    if not form.validate():
        return _unit_page(remedy, more=form), 400
    try:
        wanted = date.fromisoformat(str(form.wanted.data))
        ask(installation(), identity(), found, wanted=wanted, reason=form.text.data or "")
    except KiemtraError as error:
        flash(error.message, "bad")
        return _unit_page(remedy, more=form), error.status
    flash("Đã gửi đề nghị gia hạn. Thời hạn cũ vẫn tính cho đến khi trưởng đoàn quyết định.", "good")
    return redirect(url_for("remedies.unit_index", _anchor=remedy))


def _own(inspection: str, remedy: str) -> Remedy:
    """A requirement of a paper that is out for the signed-in unit."""
    if inspection not in {paper["owner"] for paper in _papers_of(identity().unit or "")}:
        raise NotFoundError("Không có yêu cầu này; hãy mở lại danh sách yêu cầu.")
    return _remedy(inspection, remedy)


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
