"""Pages on which a paper beside the conclusion is chosen, worded, looked at and signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from app.accounts.manage import names_of
from app.approvals.queries import missing_of_paper
from app.conclusions import drafting
from app.conclusions.draft_pages import Typed, desk
from app.conclusions.drafting import Desk
from app.conclusions.gather import outstanding_for
from app.conclusions.making import (
    RECORD,
    Choice,
    compose_paper,
    issue_other,
    parts_of_paper,
    possible_papers,
    record_of,
)
from app.conclusions.pages import Page, blueprint, drafting_setup, key_facts, send_draft, signer_label
from app.conclusions.signed_scans import picture_on_screen
from app.duties.queries import member_texts
from app.errors import ForbiddenError, KiemtraError, NotFoundError
from app.home.edits import conflict_of, seen_in
from app.inspections.queries import issuer_of
from app.journal.journal import StaleError
from app.papers.issuing import Composed, Kept, as_date, issuer_behind, registered_paper
from app.papers.naming import REPORT
from app.papers.owner import may_sign
from app.refusals import REFUSALS
from app.units.queries import issuer_choices
from app.web import DELEGATION, allow, identity, installation
from forms.conclusions import MakeForm, PartForm
from reports.composing.parts import Part
from reports.rendering.html import PhotoUrl, render_html

_MAKE = "/cuoc-kiem-tra/<inspection>/van-ban/lap"


@blueprint.get(_MAKE)
@allow(*DELEGATION)
def choose_paper(inspection: str) -> Page:
    """The papers of an inspection that can be made, one line each."""
    setup = drafting_setup(inspection)
    return render_template(
        "conclusions/choose.html",
        inspection=inspection,
        setup=setup,
        possible=possible_papers(installation(), inspection),
    )


@blueprint.route(f"{_MAKE}/<about>", methods=["GET", "POST"])
@allow(*DELEGATION)
def make_paper(inspection: str, about: str) -> Page:
    """One paper: look at it under a choice of body and signer, sign it or prepare it to be signed elsewhere."""
    drafting_setup(inspection)
    form, choice = choice_among(_own(inspection))
    if form.is_submitted() and request.form.get("action") in {"sign", "elsewhere"}:
        message, status = _sign(inspection, about, form, choice)
        if status == 302:
            return redirect(url_for("papers.documents", inspection=inspection))
        return _page(inspection, about, form, choice, message=message), status
    return _page(inspection, about, form, choice)


def _own(inspection: str) -> str:
    return str(issuer_behind(installation(), inspection, None)["id"])


def choice_among(own: str) -> tuple[MakeForm, Choice]:
    """The form with its choices, and what was chosen: by the form, or by the address of a download.

    ``own`` is the body that issues where none is chosen.
    """
    asked = {"issuer": request.args.get("co-quan") or own, "signer": request.args.get("nguoi-ky") or "0"}
    form = MakeForm(data=asked)
    db = installation().database()
    bodies = issuer_choices(db)
    chosen = form.issuer.data if form.issuer.data in dict(bodies) else own
    signers = issuer_of(db, chosen).get("signers", ())
    form.offer_bodies(bodies, [(str(number), signer_label(one)) for number, one in enumerate(signers)])
    signer = int(form.signer.data) if form.signer.data in {str(number) for number in range(len(signers))} else 0
    return form, Choice("" if chosen == own else chosen, signer)


def _sign(inspection: str, about: str, form: MakeForm, choice: Choice) -> tuple[str, int]:
    if not may_sign(identity(), inspection):
        raise ForbiddenError("Chỉ trưởng đoàn, phó trưởng đoàn hoặc người ký được ký ban hành.")
    if not form.validate():
        return "", 400
    elsewhere = request.form.get("action") == "elsewhere"
    choice = replace(choice, number=form.number_value(), issued_on=as_date(form.issued_on.data))
    told = {"confirmed": form.confirmed.data or "", "reason": form.reason.data or ""}
    told |= {"replaces": request.args.get("thay", "")}
    try:
        kept = issue_other(installation(), inspection, about, identity(), choice, elsewhere=elsewhere, **told)
    except REFUSALS as error:
        return error.message, error.status
    tell_kept(kept, elsewhere=elsewhere)
    return "", 302


def tell_kept(kept: Kept, *, elsewhere: bool) -> None:
    """What was done, and what comes next."""
    flash(
        "Đã lập bản để ký ngoài hệ thống. Tải tệp PDF về, ký vào đúng ô ký rồi nộp lại ở đây."
        if elsewhere
        else "Đã ký văn bản. Văn thư ghi số, ngày vào sổ để phát hành.",
        "good",
    )
    for warning in kept.warnings:
        flash(warning, "warn")


def _page(  # noqa: PLR0913 (the page's states)
    inspection: str, about: str, form: MakeForm, choice: Choice, *, message: str = "", typed: Typed | None = None
) -> str:
    here = installation()
    setup = drafting_setup(inspection)
    paper = compose_paper(here, inspection, about, choice)
    parts = parts_of_paper(here, inspection, about, choice)
    return render_template(
        "conclusions/make.html",
        inspection=inspection,
        setup=setup,
        about=about,
        title=_title(inspection, about, paper),
        form=form,
        choice=choice,
        message=message,
        standing=registered_paper(here, inspection, about),
        replacing=request.args.get("thay", ""),
        parts=parts,
        member_texts=member_texts(installation().database(), inspection) if about == REPORT else [],
        names=names_of(installation().database()),
        seen={part.id: part.override.entry.id for part in parts if part.override and part.override.entry},
        typed=typed,
        paper=render_html(paper.document, photo_url=_picture_address(inspection, about, paper)),
        is_record=about.startswith(RECORD),
        may_sign=may_sign(identity(), inspection),
        key=key_facts(),
        unapproved=missing_of_paper(here, inspection, about, paper.document, paper.issuer),
        outstanding=outstanding_for(here, inspection, setup).sentence if about == REPORT else "",
    )


def _picture_address(inspection: str, about: str, paper: Composed) -> PhotoUrl:
    """Where the page gets the pictures that this paper carries; none for what the paper may not show."""

    def address(sha256: str) -> str:
        if paper.photos is None or paper.photos(sha256) is None:
            return ""
        return url_for("conclusions.download_picture", inspection=inspection, about=about, sha256=sha256)

    return address


def _title(inspection: str, about: str, paper: Composed) -> str:
    possible = possible_papers(installation(), inspection)
    return next((one.title for one in possible if one.about == about), paper.document.subject)


@blueprint.post(f"{_MAKE}/<about>/loi-van")
@allow(*DELEGATION)
def word_paper(inspection: str, about: str) -> Page:
    """Reword, drop or restore one of the paper's own paragraphs."""
    drafting_setup(inspection)
    form, choice = PartForm(), Choice()
    part = part_named(parts_of_paper(installation(), inspection, about, choice), form.part.data or "")
    text, seen = form.text.data or "", form.seen.data or ""
    if not form.validate():
        faults = " ".join(str(one) for many in form.errors.values() for one in many)
        return _again(inspection, about, Typed(part.id, text, seen, None, faults)), 400
    try:
        apply_wording(desk(inspection), part, form)
    except StaleError as error:
        conflict, seen = conflict_of(error, {"text": text}, readable_part)
        return _again(inspection, about, Typed(part.id, text, seen, conflict)), 409
    except KiemtraError as error:
        return _again(inspection, about, Typed(part.id, text, seen, None, error.message)), error.status
    return redirect(url_for("conclusions.make_paper", inspection=inspection, about=about, _anchor=part.id))


def _again(inspection: str, about: str, typed: Typed) -> str:
    """The paper's page with what was typed; the other form starts anew."""
    return _page(inspection, about, fresh_form(_own(inspection)), Choice(), typed=typed)


def fresh_form(own: str) -> MakeForm:
    """The form of body and signer as it is before anybody chose."""
    form = MakeForm(formdata=None)
    db = installation().database()
    signers = [(str(number), signer_label(one)) for number, one in enumerate(issuer_of(db, own).get("signers", ()))]
    form.offer_bodies(issuer_choices(db), signers)
    return form


def part_named(parts: tuple[Part, ...], name: str) -> Part:
    """A paragraph by its id.

    Raises:
        NotFoundError: it is not there (any more).
    """
    for part in parts:
        if part.id == name:
            return part
    raise NotFoundError("Đoạn này không còn trong dự thảo; hãy tải lại trang.")


def apply_wording(here: Desk, part: Part, form: PartForm) -> None:
    """Do to a paragraph what the form's button says."""
    seen = seen_in(form.seen.data)
    match request.form.get("action"):
        case "drop":
            drafting.drop(here, part, form.reason.data or "", seen)
        case "restore":
            drafting.restore(here, part, seen)
        case "proposal":
            drafting.use_proposal(here, part, seen)
        case _:
            drafting.reword(here, part, form.text.data or "", seen)
    flash("Đã lưu lời văn.", "good")


def readable_part(value: Mapping[str, Any]) -> dict[str, str]:
    """What is said of a paragraph, for who finds that somebody else changed it."""
    return {"Lời văn": value.get("text", ""), "Bỏ đoạn": value.get("reason", "") if value.get("dropped") else ""}


@blueprint.get(f"{_MAKE}/<about>/hinh/<sha256>.jpg")
@allow(*DELEGATION)
def download_picture(inspection: str, about: str, sha256: str) -> Page:
    """A picture of a site record's signed paper, scaled for the screen: no other evidence comes this way."""
    drafting_setup(inspection)
    data = picture_on_screen(installation(), record_of(installation(), inspection, about), sha256)
    response = Response(data, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-cache"  # a photo's covers may change
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(hashlib.sha256(data).hexdigest())
    return response.make_conditional(request)


@blueprint.get(f"{_MAKE}/<about>/tai.<suffix>")
@allow(*DELEGATION)
def download_made(inspection: str, about: str, suffix: str) -> Page:
    """The draft of a paper as PDF or DOCX, marked "DỰ THẢO"."""
    drafting_setup(inspection)
    _, choice = choice_among(_own(inspection))
    paper = compose_paper(installation(), inspection, about, choice)
    return send_draft(paper.document, suffix, paper.photos)
