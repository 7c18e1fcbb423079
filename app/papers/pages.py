"""Pages of signed papers: an inspection's documents, the register, what is out, downloads, verification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import orjson
from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from app.accounts.shapes import Role
from app.clock import local_date
from app.errors import KiemtraError, NotFoundError
from app.identity import Identity
from app.inspections.queries import setup_of
from app.papers.chain import chain_of
from app.papers.issuing import as_date, issued_file, issuer_behind
from app.papers.naming import OVER_CAMPAIGN, REPORT, stem_of
from app.papers.outside import AlteredUploadError, awaits_signature, take_back, with_number
from app.papers.owner import OWNER, campaign_of, column_of, is_of_team
from app.papers.registering import end_without_seal, is_sealed, seal
from app.papers.registering import register as enter
from app.papers.seals import SealState, seal_state
from app.papers.series import next_number, series_of
from app.papers.steps import HEADINGS, LAST_DONE, Step, by_step
from app.papers.verifying import verify_document
from app.refusals import REFUSALS
from app.web import DELEGATION, EVERYBODY, allow, identity, installation, seen_inspection
from forms.conclusions import RegisterForm, UploadForm
from reports.rendering.docx import MEDIA_TYPE

blueprint = Blueprint("papers", __name__)

Page = str | tuple[str, int] | Response
STATES = {
    "prepared": "Chờ ký ngoài hệ thống",
    "signed": "Đã ký, chờ vào sổ",
    "registered": "Đã ban hành",
    "replaced": "Đã được thay thế",
}


@blueprint.get("/cuoc-kiem-tra/<inspection>/van-ban")
@allow(*DELEGATION)
def documents(inspection: str) -> Page:
    """An inspection's signed papers."""
    setup = seen_inspection(inspection)
    found = papers_of(inspection)
    return render_template("papers/documents.html", inspection=inspection, setup=setup, papers=found, states=STATES)


@blueprint.get("/van-ban")
@allow(Role.VIEWER, Role.ADMIN, Role.LEAD)
def issued_index() -> Page:
    """All papers that are out."""
    found = [
        paper
        for paper in _papers("d.state = 'registered'", [])
        if (paper.get("about") != REPORT and not paper["campaign"]) or _may_read(identity(), paper)
    ]
    return render_template("papers/issued.html", papers=found, states=STATES)


@blueprint.get("/vao-so")
@allow(Role.CLERK, Role.ADMIN)
def register_index() -> Page:
    """What văn thư has before him: every paper by what it waits for, and of whom."""
    return _register_page(RegisterForm(formdata=None))


@blueprint.post("/vao-so/<owner>/<document>")
@allow(Role.CLERK, Role.ADMIN)
def register(owner: str, document: str) -> Page:
    """Enter number and date of a signed paper."""
    form = RegisterForm()
    if not form.validate():
        return _register_page(form, document), 400
    number, day = form.number_value(), as_date(form.issued_on.data)
    try:
        warnings = enter(installation(), owner, document, identity(), number=number, issued_on=day)
    except REFUSALS as error:
        flash(error.message, "bad")
        return _register_page(form, document), error.status
    flash("Đã vào sổ; thời hạn của các yêu cầu được tính từ ngày văn bản.", "good")
    for warning in warnings:
        flash(warning, "warn")
    return redirect(url_for("papers.register_index"))


@blueprint.post("/vao-so/<owner>/<document>/pdf-da-dien-so")
@allow(Role.CLERK, Role.ADMIN)
def numbered_file(owner: str, document: str) -> Page:
    """The signed paper with number and date filled in, to be sealed with the agency's own tool."""
    form = RegisterForm()
    if not form.validate():
        return _register_page(form, document), 400
    paper = readable_paper(owner, document)
    number, day = form.number_value(), form.issued_on.data
    try:
        pdf = with_number(installation(), owner, document, number, as_date(day))
    except REFUSALS as error:
        flash(error.message, "bad")
        return _register_page(form, document), error.status
    name = f"{stem_of({**paper, 'number': number, 'date': day})}_cho-dong-dau.pdf"
    return send_file(BytesIO(pdf), "application/pdf", as_attachment=True, download_name=name)


@blueprint.route("/van-ban/<owner>/<document>/nop-lai", methods=["GET", "POST"])
@allow(Role.CLERK, *DELEGATION)
def hand_in(owner: str, document: str) -> Page:
    """Take a paper that was signed with the agency's own tool; every difference that may not be is named."""
    paper = readable_paper(owner, document)
    form = UploadForm()
    reasons, status = _hand_in(owner, document, form) if form.is_submitted() else ([], 200)
    if status == 302:
        return redirect(url_for("papers.check", owner=owner, document=document))
    return render_template("papers/hand_in.html", paper=paper, form=form, reasons=reasons), status


def _hand_in(owner: str, document: str, form: UploadForm) -> tuple[list[str], int]:
    if not form.validate():
        return [], 400
    try:
        warnings = take_back(installation(), owner, document, identity(), form.file.data.stream.read())
    except AlteredUploadError as error:
        return list(error.details.get("reasons", [error.message])), error.status
    except REFUSALS as error:
        return [error.message], error.status
    flash("Đã nhận: tệp đúng là văn bản đã lập, chỉ thêm số, ngày và chữ ký được phép.", "good")
    for warning in warnings:
        flash(warning, "warn")
    return [], 302


@blueprint.post("/vao-so/<owner>/<document>/khong-dong-dau")
@allow(Role.CLERK, Role.ADMIN)
def end_unsealed(owner: str, document: str) -> Page:
    """Finish a registered paper whose body has no certificate for a seal."""
    try:
        warnings = end_without_seal(installation(), owner, document, identity())
    except KiemtraError as error:
        flash(error.message, "bad")
    else:
        flash("Đã kết thúc: văn bản không đóng dấu số và được lưu trữ lâu dài với chữ ký của người ký.", "good")
        for warning in warnings:
            flash(warning, "warn")
    return redirect(url_for("register.paper", owner=owner, document=document))


@blueprint.post("/vao-so/<owner>/<document>/dong-dau")
@allow(Role.CLERK, Role.ADMIN)
def put_seal(owner: str, document: str) -> Page:
    """Put the body's seal on a paper that was numbered before its signature."""
    try:
        seal(installation(), owner, document, identity())
    except REFUSALS as error:
        flash(error.message, "bad")
    else:
        flash("Đã đóng dấu cơ quan vào văn bản.", "good")
    return redirect(url_for("papers.register_index"))


def _register_page(form: RegisterForm, document: str = "") -> str:
    found = by_step(installation().database(), _papers("1", []))
    found[Step.NUMBER] = [{**paper, "next_number": _next_number(paper)} for paper in found[Step.NUMBER]]
    seals = _seals([*found[Step.NUMBER], *found[Step.SEAL]])
    return render_template(
        "papers/register.html",
        steps=found,
        headings=HEADINGS,
        last_done=LAST_DONE,
        form=form,
        blank=RegisterForm(formdata=None),
        at=document,
        states=STATES,
        seals=list(dict.fromkeys(seals.values())),
        seal_of=seals,
    )


def _next_number(paper: Mapping[str, Any]) -> int | None:
    """The next number of the series, where it is kept here; nothing for one that has its number printed."""
    today = local_date(installation().clock()).isoformat()
    series = series_of(installation().database(), paper["owner"], {**paper, "date": today})
    return None if paper["number"] else next_number(installation(), series)


def _seals(papers: Iterable[Mapping[str, Any]]) -> dict[str, SealState]:
    """By paper, what its issuing body's seal is, and why it cannot be put on; each body is looked at once."""
    here = installation()
    bodies = {paper["document"]: issuer_behind(here, paper["owner"], paper.get("issuer")) for paper in papers}
    states = {body["id"]: seal_state(here, body) for body in bodies.values()}
    return {document: states[body["id"]] for document, body in bodies.items()}


@blueprint.get("/van-ban/<owner>/<document>/tep.<suffix>")
@allow(*EVERYBODY)
def download(owner: str, document: str, suffix: str) -> Page:
    """An issued file, for those who may read it."""
    paper = readable_paper(owner, document)
    sha256 = {"pdf": paper["sha256"], "docx": paper.get("docx_sha256")}.get(suffix)
    path = issued_file(installation(), sha256, suffix) if sha256 else None
    if path is None or not path.exists():
        raise NotFoundError("Không có tệp này; hãy mở lại danh sách văn bản.")
    kind = "application/pdf" if suffix == "pdf" else MEDIA_TYPE
    return send_file(
        BytesIO(path.read_bytes()), kind, as_attachment=suffix != "pdf", download_name=f"{stem_of(paper)}.{suffix}"
    )


@blueprint.get("/van-ban/<owner>/<document>/kiem-tra")
@allow(*EVERYBODY)
def check(owner: str, document: str) -> Page:
    """A signed paper's full verdict."""
    paper = readable_paper(owner, document)
    path = issued_file(installation(), paper["sha256"], "pdf")
    if not path.exists():
        raise NotFoundError("Tệp đã ký không còn trên máy chủ; hãy báo quản trị khôi phục từ bản sao lưu.")
    found = verify_document(installation(), path)
    chain = chain_of(installation().database(), owner, document)
    return render_template("papers/check.html", paper=paper, found=found, report=found.report, chain=chain)


def readable_paper(owner: str, document: str) -> dict[str, Any]:
    """A paper that this account may read.

    Raises:
        NotFoundError: there is none, or not for this account: drafts and unregistered papers are the team's.
    """
    found = [one for one in papers_of(owner) if one["document"] == document]
    if found and _may_read(identity(), found[0]):
        return found[0]
    raise NotFoundError("Không có văn bản này, hoặc tài khoản này chưa được xem; hãy hỏi văn thư.")


def _may_read(who: Identity, paper: dict[str, Any]) -> bool:
    if who.role in {Role.ADMIN, Role.CLERK} or is_of_team(who, paper["owner"]):
        return True
    if paper["state"] not in {"registered", "replaced"} or not paper["number"]:
        return False
    if paper.get("about") == REPORT:
        # What the delegation reports to those above it is not for the unit, nor for everybody.
        return False
    if who.role is Role.UNIT:
        # What is said of many units goes to those above them.
        owner = paper["owner"]
        return campaign_of(owner) is None and bool(setup_of(who.db, owner)["unit"] == who.unit)
    return who.role is Role.VIEWER


def papers_of(owner: str) -> list[dict[str, Any]]:
    """All papers of an inspection or a campaign, the newest first."""
    column, id_ = column_of(owner)
    return _papers(f"d.{column} = ?", [id_])


def papers_address(owner: str) -> str:
    """Where an inspection's or a campaign's papers are listed."""
    campaign = campaign_of(owner)
    if campaign is None:
        return url_for("papers.documents", inspection=owner)
    return url_for("periods.choose", campaign=campaign)


def replace_address(paper: Mapping[str, Any]) -> str:
    """Where a registered paper is replaced by a new one; empty for those that only a letter corrects."""
    owner, about, id_ = paper["owner"], paper.get("about") or "", paper["document"]
    if not about:
        return url_for("conclusions.sign", inspection=owner, thay=id_)
    if about == REPORT:
        return url_for("conclusions.make_paper", inspection=owner, about=about, thay=id_)
    if about.partition(".")[0] == OVER_CAMPAIGN:
        return url_for("periods.make", campaign=campaign_of(owner), about=about, thay=id_)
    return ""


def _papers(condition: str, arguments: Iterable[str]) -> list[dict[str, Any]]:
    query = (
        f"SELECT {OWNER} AS owner, d.document, d.value, d.received_at, coalesce(i.title, c.title) AS visit, "
        "coalesce(u.name, c.title) AS unit FROM documents d "
        "LEFT JOIN inspections i ON i.inspection = d.inspection LEFT JOIN units u ON u.id = i.unit "
        "LEFT JOIN campaigns c ON c.id = d.campaign "
        f"WHERE d.value != 'null' AND {condition} ORDER BY d.seq DESC"
    )
    rows = installation().database().execute(query, list(arguments))
    return [_with_facts(orjson.loads(row["value"]), row) for row in rows]


def _with_facts(value: dict[str, Any], row: Any) -> dict[str, Any]:
    facts = {key: row[key] for key in ("owner", "document", "received_at", "visit", "unit")}
    facts["campaign"] = campaign_of(facts["owner"])
    return {**value, **facts, "sealed": is_sealed(value), "awaits": awaits_signature(value)}
