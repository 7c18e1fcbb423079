"""The page of a công văn đính chính: wrong and right lines, a look at the letter, signing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.errors import KiemtraError
from app.papers.correcting import correction, issue_correction
from app.papers.issuing import issuer_behind
from app.papers.owner import may_sign
from app.papers.pages import papers_address, readable_paper
from app.web import DELEGATION, allow, identity, installation
from forms.fields import grow, set_choices
from forms.register import CorrectionForm
from reports.rendering.html import render_html
from reports.signing.signing_errors import SigningError

blueprint = Blueprint("corrections", __name__)

Page = str | tuple[str, int] | Response


@blueprint.route("/van-ban/<inspection>/<document>/dinh-chinh", methods=["GET", "POST"])
@allow(*DELEGATION)
def correct(inspection: str, document: str) -> Page:
    """Write down what is wrong and what it should say; look at the letter; sign it."""
    paper = readable_paper(inspection, document)
    identity().require(
        may_sign(identity(), inspection), "Chỉ trưởng đoàn, phó trưởng đoàn hoặc người ký được đính chính."
    )
    form = CorrectionForm()
    body = issuer_behind(installation(), inspection, paper.get("issuer"))
    set_choices(form.signer, [(str(at), f"{one['title']} {one['name']}") for at, one in enumerate(body["signers"])])
    message, status, letter = _act(inspection, document, form)
    if status == 302:
        return redirect(papers_address(inspection))
    page = render_template(
        "papers/correction.html", inspection=inspection, paper=paper, form=form, message=message, letter=letter
    )
    return page, status


def _act(inspection: str, document: str, form: CorrectionForm) -> tuple[str, int, str]:
    """Message, status, the letter as HTML."""
    if not form.is_submitted() or grow(form, request.form.get("them")):
        return "", 200, ""
    if not form.validate():
        return "", 400, ""
    action = request.form.get("action", "look")
    chosen: dict[str, Any] = {"signer": int(form.signer.data)}
    lines = form.corrections()
    try:
        if action == "look":
            return "", 200, render_html(correction(installation(), inspection, document, lines, **chosen)[1])
        chosen |= {"reason": form.reason.data, "elsewhere": action == "elsewhere"}
        issue_correction(installation(), inspection, document, identity(), lines, **chosen)
    except SigningError as error:
        return error.message, 422, ""
    except KiemtraError as error:
        return error.message, error.status, ""
    flash("Đã lập công văn đính chính. Văn thư ghi số, ngày vào sổ để phát hành.", "good")
    return "", 302, ""
