"""The page of a công văn đính chính: wrong and right lines, a look at the letter, signing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.approvals import submitting
from app.approvals.queries import approval_of, goes_through_steps, newest_submission
from app.approvals.versions import said_parts
from app.papers.correcting import about_of, correction, issue_correction
from app.papers.issuing import issuer_behind
from app.papers.owner import may_sign, named
from app.papers.pages import papers_address, readable_paper
from app.refusals import REFUSALS
from app.web import DELEGATION, allow, identity, installation
from forms.fields import grow, set_choices
from forms.register import CorrectionForm
from reports.rendering.html import render_html

blueprint = Blueprint("corrections", __name__)

Page = str | tuple[str, int] | Response


@blueprint.route("/van-ban/<owner>/<document>/dinh-chinh", methods=["GET", "POST"])
@allow(*DELEGATION)
def correct(owner: str, document: str) -> Page:
    """Write down what is wrong and what it should say; look at the letter; sign it."""
    paper = readable_paper(owner, document)
    identity().require(may_sign(identity(), owner), "Chỉ trưởng đoàn, phó trưởng đoàn hoặc người ký được đính chính.")
    form = CorrectionForm(data=_submitted(owner, document))
    body = issuer_behind(installation(), owner, paper.get("issuer"))
    set_choices(form.signer, [(str(at), f"{one['title']} {one['name']}") for at, one in enumerate(body["signers"])])
    message, status, letter = _act(owner, document, form)
    about = about_of(installation(), owner, document)
    if status == 302 and request.form.get("action") == "submit":
        return redirect(url_for("approvals.index", **named(owner), **_named(about)))
    if status == 302:
        return redirect(papers_address(owner))
    page = render_template(
        "papers/correction.html",
        owner=owner,
        whose=named(owner),
        paper=paper,
        form=form,
        message=message,
        letter=letter,
        steps=goes_through_steps(installation().database(), owner, about, paper.get("issuer") or ""),
        submitted=bool(newest_submission(installation().database(), owner, about)),
        asked=_named(about),
    )
    return page, status


def _named(about: str) -> dict[str, Any]:
    return {"van-ban": about}


def _submitted(owner: str, document: str) -> dict[str, Any]:
    """The form as it was submitted for approval, so that exactly that is signed."""
    about = about_of(installation(), owner, document)
    told = newest_submission(installation().database(), owner, about).get("choice") or {}
    return {"lines": told["lines"]} if told.get("lines") else {}


def _submit(owner: str, document: str, form: CorrectionForm) -> None:
    """Give the letter to the steps; what is typed is kept with it."""
    here, lines = installation(), form.corrections()
    value, letter = correction(here, owner, document, lines, signer=int(form.signer.data))
    about, issuer = about_of(here, owner, document), value.get("issuer") or ""
    approval = approval_of(here.database(), owner, said_parts(letter), about, issuer)
    submitting.submit(
        here,
        identity(),
        owner,
        letter,
        approval,
        about=about,
        title=letter.subject,
        issuer=issuer,
        choice={"corrects": document, "lines": lines},
        note=form.reason.data or "",
    )


def _act(owner: str, document: str, form: CorrectionForm) -> tuple[str, int, str]:
    """Message, status, the letter as HTML."""
    if not form.is_submitted() or grow(form, request.form.get("them")):
        return "", 200, ""
    if not form.validate():
        return "", 400, ""
    signer, lines = int(form.signer.data), form.corrections()
    try:
        if request.form.get("action", "look") == "look":
            return "", 200, render_html(correction(installation(), owner, document, lines, signer=signer)[1])
        _hand_on(owner, document, form)
    except REFUSALS as error:
        return error.message, error.status, ""
    return "", 302, ""


def _hand_on(owner: str, document: str, form: CorrectionForm) -> None:
    """Give the letter to its steps, sign it, or prepare it to be signed elsewhere."""
    action = request.form.get("action")
    if action == "submit":
        _submit(owner, document, form)
        flash("Đã trình duyệt công văn đính chính; duyệt xong thì quay lại trang này để ký.", "good")
        return
    chosen: dict[str, Any] = {"signer": int(form.signer.data), "reason": form.reason.data}
    chosen |= {"elsewhere": action == "elsewhere"}
    issue_correction(installation(), owner, document, identity(), form.corrections(), **chosen)
    flash("Đã lập công văn đính chính. Văn thư ghi số, ngày vào sổ để phát hành.", "good")
