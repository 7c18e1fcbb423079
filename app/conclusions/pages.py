"""The draft's pages: paragraphs beside the findings they stand on, preview, signing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.manage import names_of
from app.conclusions import drafting
from app.conclusions.checking import check
from app.conclusions.gather import gather, issuing_inspection, outstanding_for
from app.conclusions.issue import as_date, draft_document, file_name, issue
from app.conclusions.kinds import may_sign
from app.conclusions.photo_annex import photo_loader
from app.conclusions.signing import signing_key
from app.errors import KiemtraError, NotFoundError, UnprocessableError
from app.home.edits import Conflict, conflict_of, seen_in, seen_text
from app.inspections.queries import issuer_of
from app.journal.journal import StaleError
from app.web import DELEGATION, allow, identity, installation, journal, seen_inspection
from checklists.wording import bases
from forms.conclusions import IssueForm, OwnForm, PartForm, RequirementForm
from reports.conclusion import Part, plan
from reports.docx import render_docx
from reports.html import STYLESHEET, render_html
from reports.pdf import render_pdf
from reports.signing_errors import SigningError

blueprint = Blueprint("conclusions", __name__)

Page = str | tuple[str, int] | AnyResponse
SECTIONS = (
    ("Mở đầu", ("opening",)),
    ("Ưu điểm, kết quả đạt được", ("neutral", "pass")),
    ("Tồn tại, hạn chế", ("repeat", "fail", "explained", "cause")),
    ("Kiến nghị, đề xuất của đơn vị", ("petition",)),
    ("Yêu cầu, kiến nghị", ("lead", "req")),
    ("Tổ chức thực hiện", ("follow",)),
    ("Kết thúc", ("closing",)),
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Typed:
    """What a refused save had typed, to be shown again."""

    part: str
    text: str
    seen: str
    conflict: Conflict | None
    message: str = ""


def drafting_setup(inspection: str) -> dict[str, Any]:
    """The setup, for those who draft.

    Raises:
        NotFoundError, ForbiddenError: not for this account.
    """
    setup = seen_inspection(inspection)
    identity().require(identity().drafts(inspection), "Chỉ lãnh đạo đoàn hoặc thư ký được xem và sửa dự thảo kết luận.")
    return setup


@blueprint.get("/cuoc-kiem-tra/<inspection>/du-thao")
@allow(*DELEGATION)
def draft(inspection: str) -> Page:
    """The draft, paragraph by paragraph."""
    return _draft_page(inspection, drafting_setup(inspection))


@blueprint.post("/cuoc-kiem-tra/<inspection>/du-thao")
@allow(*DELEGATION)
def change(inspection: str) -> Page:
    """Reword, drop or restore one paragraph."""
    setup = drafting_setup(inspection)
    form = PartForm()
    part = drafting.part_of(plan(gather(installation(), inspection)), form.part.data or "")
    if not form.validate():
        message = " ".join(str(text) for texts in form.errors.values() for text in texts)
        return _draft_page(inspection, setup, Typed(part.id, form.text.data or "", form.seen.data or "", None, message))
    try:
        _apply(inspection, part, form)
    except StaleError as error:
        conflict, seen = conflict_of(error, {"text": form.text.data}, _readable)
        return _draft_page(inspection, setup, Typed(part.id, form.text.data or "", seen, conflict)), 409
    except KiemtraError as error:
        typed = Typed(part.id, form.text.data or "", form.seen.data or "", None, error.message)
        return _draft_page(inspection, setup, typed), error.status
    return redirect(url_for("conclusions.draft", inspection=inspection, _anchor=part.id))


def _apply(inspection: str, part: Part, form: PartForm) -> None:
    seen = seen_in(form.seen.data)
    match request.form.get("action"):
        case "drop":
            drafting.drop(journal(), identity(), inspection, part, form.reason.data or "", seen)
            flash("Đã bỏ đoạn khỏi dự thảo; có thể đưa lại bất cứ lúc nào.", "good")
        case "restore":
            drafting.take_back(journal(), identity(), inspection, part, seen)
            flash("Đã dùng lại đoạn đề xuất.", "good")
        case _:
            drafting.reword(journal(), identity(), inspection, part, form.text.data or "", seen)
            flash("Đã lưu lời văn.", "good")


def _readable(value: Mapping[str, Any]) -> dict[str, str]:
    return {"Lời văn": value.get("text", ""), "Bỏ đoạn": value.get("reason", "") if value.get("dropped") else ""}


def _draft_page(inspection: str, setup: Mapping[str, Any], typed: Typed | None = None) -> str:
    here = installation()
    facts = gather(here, inspection)
    drafted = plan(facts)
    return render_template(
        "conclusions/draft.html",
        inspection=inspection,
        setup=setup,
        facts=facts,
        sections=[(title, [part for part in drafted.parts if part.kind in kinds]) for title, kinds in SECTIONS],
        findings={finding.key: finding for finding in facts.findings},
        bases={finding.key: bases(finding.item, facts.inspection.day) for finding in facts.findings},
        checks=check(here, inspection, facts),
        seen={part.id: part.override.entry.id for part in drafted.parts if part.override and part.override.entry},
        names=names_of(here.database()),
        own=OwnForm(formdata=None),
        typed=typed,
        teller=issuing_inspection(here.database(), inspection, dict(setup)),
        may_sign=may_sign(identity(), inspection),
        outstanding=outstanding_for(here, inspection, setup),
    )


@blueprint.post("/cuoc-kiem-tra/<inspection>/du-thao/them")
@allow(*DELEGATION)
def add(inspection: str) -> Page:
    """Add a paragraph of the lead's own."""
    drafting_setup(inspection)
    form = OwnForm()
    if not form.validate():
        raise UnprocessableError(" ".join(str(text) for texts in form.errors.values() for text in texts))
    part = drafting.add_paragraph(journal(), identity(), inspection, form.section.data, form.text.data)
    flash("Đã thêm đoạn vào dự thảo.", "good")
    return redirect(url_for("conclusions.draft", inspection=inspection, _anchor=part))


@blueprint.route("/cuoc-kiem-tra/<inspection>/yeu-cau-du-thao", methods=["GET", "POST"])
@allow(*DELEGATION)
def requirement(inspection: str) -> Page:
    """Write or change one requirement; ``doan`` names its paragraph, none is a new one."""
    setup = drafting_setup(inspection)
    facts = gather(installation(), inspection)
    name = request.args.get("doan", "")
    part = drafting.part_of(plan(facts), name) if name else None
    remedy = part.requirement.remedy if part and part.requirement else None
    entries = journal().current(f"inspection/{inspection}/remedy/{remedy}") if remedy else []
    seen = seen_text([entry.id for entry in entries])
    form = RequirementForm(data={**drafting.requirement_fields(facts, part), "seen": seen})
    conflict, status = _save_requirement(inspection, part, form)
    if status == 302:
        flash("Đã lưu yêu cầu.", "good")
        return redirect(url_for("conclusions.draft", inspection=inspection, _anchor="yeu-cau"))
    reload = url_for("conclusions.requirement", inspection=inspection, doan=name or None)
    page = render_template(
        "conclusions/requirement.html",
        inspection=inspection,
        setup=setup,
        form=form,
        conflict=conflict,
        reload=reload,
        part=part,
        facts=facts,
    )
    return page, status


def _save_requirement(inspection: str, part: Part | None, form: RequirementForm) -> tuple[Conflict | None, int]:
    if not form.is_submitted():
        return None, 200
    if not form.validate():
        return None, 400
    try:
        drafting.save_requirement(journal(), identity(), inspection, part, form.value(), seen_in(form.seen.data))
    except StaleError as error:
        conflict, form.seen.data = conflict_of(error, form.value(), _readable_requirement)
        return conflict, 409
    return None, 302


def _readable_requirement(value: Mapping[str, Any]) -> dict[str, str]:
    labels = {"text": "Nội dung", "deadline_text": "Thời hạn", "product": "Sản phẩm", "addressee": "Đơn vị thực hiện"}
    labels |= {"owner": "Người chịu trách nhiệm", "follow_up": "Cơ quan theo dõi"}
    return {label: value.get(key, "") for key, label in labels.items()}


@blueprint.get("/cuoc-kiem-tra/<inspection>/du-thao/xem")
@allow(*DELEGATION)
def preview(inspection: str) -> Page:
    """The paper as it would look."""
    setup = drafting_setup(inspection)
    _, document = draft_document(installation(), inspection)
    paper = render_html(document, photo_url=lambda sha256: url_for("evidence.get", sha256=sha256, nho=1))
    return render_template("conclusions/preview.html", inspection=inspection, setup=setup, paper=paper)


@blueprint.get("/cuoc-kiem-tra/<inspection>/du-thao/tai.<suffix>")
@allow(*DELEGATION)
def download_draft(inspection: str, suffix: str) -> Page:
    """The draft as PDF or DOCX, marked "DỰ THẢO"."""
    drafting_setup(inspection)
    facts, document = draft_document(installation(), inspection)
    photos = photo_loader(installation())
    if suffix == "pdf":
        data, kind = render_pdf(document, photo_loader=photos).bytes, "application/pdf"
    elif suffix == "docx":
        data, kind = render_docx(document, photo_loader=photos), DOCX
    else:
        raise NotFoundError("Chỉ có bản PDF và DOCX; hãy chọn một trong hai.")
    name = f"{file_name(document, facts.unit.name)}_du-thao.{suffix}"
    return send_file(BytesIO(data), kind, as_attachment=True, download_name=name)


@blueprint.get("/van-ban/trinh-bay.css")
@allow(*DELEGATION)
def paper_css() -> Response:
    """The looks of a paper on the screen."""
    return Response(STYLESHEET.read_text("utf-8"), mimetype="text/css")


@blueprint.route("/cuoc-kiem-tra/<inspection>/ban-hanh", methods=["GET", "POST"])
@allow(*DELEGATION)
def sign(inspection: str) -> Page:
    """Choose the signer, optionally number and date, and sign."""
    setup = seen_inspection(inspection)
    identity().require(
        may_sign(identity(), inspection), "Chỉ trưởng đoàn, phó trưởng đoàn hoặc người ký được ký ban hành."
    )
    form = IssueForm()
    body = issuer_of(installation().database(), setup["issuer"])
    signers = [(str(number), _signer_label(one)) for number, one in enumerate(body.get("signers", ()))]
    form.offer(signers)
    message, status = _sign(inspection, form) if form.is_submitted() else ("", 200)
    if status == 302:
        return redirect(url_for("conclusions.documents", inspection=inspection))
    facts = gather(installation(), inspection)
    page = render_template(
        "conclusions/sign.html",
        inspection=inspection,
        setup=setup,
        form=form,
        message=message,
        facts=facts,
        checks=check(installation(), inspection, facts),
        key=_key(),
        outstanding=outstanding_for(installation(), inspection, setup),
    )
    return page, status


def _sign(inspection: str, form: IssueForm) -> tuple[str, int]:
    if not form.validate():
        return "", 400
    try:
        issued = issue(
            installation(),
            inspection,
            identity(),
            signer=int(form.signer.data),
            number=form.number_value(),
            issued_on=as_date(form.issued_on.data),
            confirmed=form.confirmed.data or "",
            elsewhere=request.form.get("action") == "elsewhere",
        )
    except SigningError as error:
        return str(error), 422
    except KiemtraError as error:
        return error.message, error.status
    if request.form.get("action") == "elsewhere":
        flash("Đã lập bản để ký ngoài hệ thống. Tải tệp PDF về, ký vào đúng ô ký rồi nộp lại ở đây.", "good")
    else:
        flash("Đã ký văn bản. Văn thư ghi số, ngày vào sổ để phát hành.", "good")
    for warning in issued.warnings:
        flash(warning, "warn")
    return "", 302


def _signer_label(signer: Mapping[str, Any]) -> str:
    parts = (signer.get("authority", ""), signer["title"], signer.get("second_title", ""), signer["name"])
    return " - ".join(" ".join(part.split()) for part in parts if part)


def _key() -> dict[str, Any]:
    """The key that would sign, or why none can."""
    here = installation()
    try:
        signer = signing_key(here, here.clock())
    except (SigningError, KiemtraError) as error:
        return {"error": str(error)}
    return {"name": signer.name, "organisation": signer.organisation, "is_test": signer.is_test}
