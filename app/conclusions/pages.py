"""Pages of the paper that comes of a draft: preview, download, signing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.conclusions.checking import check
from app.conclusions.gather import gather, outstanding_for
from app.conclusions.issue import draft_document, issue
from app.errors import NotFoundError
from app.inspections.queries import issuer_of
from app.papers.issuing import as_date, registered_paper
from app.papers.naming import stem_of_document
from app.papers.owner import may_sign
from app.papers.pictures import photo_loader
from app.papers.signing import signing_key
from app.refusals import REFUSALS
from app.web import DELEGATION, allow, identity, installation, journal, seen_inspection
from forms.conclusions import IssueForm
from reports.document import Document
from reports.incoming.docx_text import marked
from reports.rendering.docx import MEDIA_TYPE, render_docx
from reports.rendering.html import STYLESHEET, render_html
from reports.rendering.pdf import render_pdf
from reports.rendering.pictures import PhotoLoader

blueprint = Blueprint("conclusions", __name__)

Page = str | tuple[str, int] | AnyResponse


def drafting_setup(inspection: str) -> dict[str, Any]:
    """The setup, for those who draft.

    Raises:
        NotFoundError, ForbiddenError: not for this account.
    """
    setup = seen_inspection(inspection)
    identity().require(identity().drafts(inspection), "Chỉ lãnh đạo đoàn hoặc thư ký được xem và sửa dự thảo kết luận.")
    return setup


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
    _, document = draft_document(installation(), inspection)
    return send_draft(document, suffix, mark=lambda docx: marked(docx, inspection, journal().head().seq))


def send_draft(
    document: Document,
    suffix: str,
    photos: PhotoLoader | None = None,
    mark: Callable[[bytes], bytes] = lambda docx: docx,
) -> Response:
    """A draft as a file.

    Args:
        document: the draft.
        suffix: ``pdf`` or ``docx``.
        photos: gives its photos where they are not those of the evidence.
        mark: what a DOCX gets so that it is known when it comes back.

    Raises:
        NotFoundError: another suffix.
    """
    photos = photos or photo_loader(installation())
    if suffix == "pdf":
        data, kind = render_pdf(document, photo_loader=photos).bytes, "application/pdf"
    elif suffix == "docx":
        data, kind = mark(render_docx(document, photo_loader=photos)), MEDIA_TYPE
    else:
        raise NotFoundError("Chỉ có bản PDF và DOCX; hãy chọn một trong hai.")
    name = f"{stem_of_document(document)}_du-thao.{suffix}"
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
    signers = [(str(number), signer_label(one)) for number, one in enumerate(body.get("signers", ()))]
    form.offer(signers)
    message, status = _sign(inspection, form) if form.is_submitted() else ("", 200)
    if status == 302:
        return redirect(url_for("papers.documents", inspection=inspection))
    facts = gather(installation(), inspection)
    page = render_template(
        "conclusions/sign.html",
        inspection=inspection,
        setup=setup,
        form=form,
        message=message,
        facts=facts,
        checks=check(installation(), inspection, facts),
        key=key_facts(),
        standing=registered_paper(installation(), inspection),
        replacing=request.args.get("thay", ""),
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
            replaces=request.args.get("thay", ""),
            reason=form.reason.data or "",
        )
    except REFUSALS as error:
        return error.message, error.status
    if request.form.get("action") == "elsewhere":
        flash("Đã lập bản để ký ngoài hệ thống. Tải tệp PDF về, ký vào đúng ô ký rồi nộp lại ở đây.", "good")
    else:
        flash("Đã ký văn bản. Văn thư ghi số, ngày vào sổ để phát hành.", "good")
    for warning in issued.warnings:
        flash(warning, "warn")
    return "", 302


def signer_label(signer: Mapping[str, Any]) -> str:
    """A signer as one line to choose from: the name first, for a long form of signing does not fit a narrow screen."""
    parts = (signer["name"], signer.get("authority", ""), signer["title"], signer.get("second_title", ""))
    return " - ".join(" ".join(part.split()) for part in parts if part)


def key_facts() -> dict[str, Any]:
    """The key that would sign, or why none can."""
    here = installation()
    try:
        signer = signing_key(here, here.clock())
    except REFUSALS as error:
        return {"error": error.message}
    return {"name": signer.name, "organisation": signer.organisation, "is_test": signer.is_test}
