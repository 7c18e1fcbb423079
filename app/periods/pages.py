"""Pages of the report over a campaign: choosing its period, wording it, looking at it, signing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.approvals.queries import missing_of_paper
from app.campaigns.queries import may_change, seen_campaign
from app.conclusions.draft_pages import Typed
from app.conclusions.making import Choice
from app.conclusions.making_pages import (
    apply_wording,
    choice_among,
    fresh_form,
    part_named,
    readable_part,
    tell_kept,
)
from app.conclusions.pages import key_facts, send_draft
from app.errors import ForbiddenError, KiemtraError
from app.home.edits import conflict_of
from app.journal.journal import StaleError
from app.papers.issuing import as_date, registered_paper
from app.papers.owner import of_campaign
from app.papers.pages import STATES, papers_of
from app.periods.gather import inspected_between
from app.periods.making import ReportDesk, issue_report_over, report_over, report_parts
from app.periods.returning import mark_of
from app.periods.span import WHOLE, Span, name_of, span_between, span_of
from app.refusals import REFUSALS
from app.web import DELEGATION, OFFICE, allow, identity, installation, journal
from forms.conclusions import MakeForm, PartForm
from forms.periods import PeriodForm
from reports.composing.period import period_parts
from reports.composing.period_facts import InspectedUnit
from reports.incoming.docx_text import marked
from reports.rendering.html import render_html

blueprint = Blueprint("periods", __name__, url_prefix="/dot-kiem-tra/<campaign>/bao-cao")

Page = str | tuple[str, int] | Response


@blueprint.route("", methods=["GET", "POST"])
@allow(*DELEGATION)
def choose(campaign: str) -> Page:
    """The campaign's reports that were made, and the period of a new one."""
    value = seen_campaign(identity(), campaign)
    form = PeriodForm()
    if form.is_submitted() and form.validate():
        try:
            span = span_between(*form.days())
        except KiemtraError as error:
            form.form_errors.append(error.message)
        else:
            return redirect(url_for("periods.make", campaign=campaign, about=span.about))
    page = render_template(
        "periods/choose.html",
        campaign=campaign,
        value=value,
        form=form,
        whole=WHOLE,
        found=_gathered(value),
        papers=papers_of(of_campaign(campaign)),
        states=STATES,
        changes=may_change(identity(), value),
    )
    return page, 400 if form.errors else 200


def _gathered(value: Mapping[str, Any]) -> list[InspectedUnit] | None:
    """What falls into a period without a campaign; None for a campaign."""
    days = value.get("gathers")
    return inspected_between(installation(), value["issuer"], days["since"], days["until"]) if days else None


@blueprint.route("/<about>", methods=["GET", "POST"])
@allow(*DELEGATION)
def make(campaign: str, about: str) -> Page:
    """One report: look at it under a choice of body and signer, sign it or prepare it to be signed elsewhere."""
    value, span = seen_campaign(identity(), campaign), span_of(about)
    form, choice = choice_among(value["issuer"])
    if form.is_submitted() and request.form.get("action") in {"sign", "elsewhere"}:
        message, status = _sign(campaign, value, span, form, choice)
        if status == 302:
            return redirect(url_for("periods.choose", campaign=campaign))
        return _page(campaign, span, form, choice, message=message), status
    return _page(campaign, span, form, choice)


def _sign(campaign: str, value: Mapping[str, Any], span: Span, form: MakeForm, choice: Choice) -> tuple[str, int]:
    require_change(value)
    if not form.validate():
        return "", 400
    elsewhere = request.form.get("action") == "elsewhere"
    choice = replace(choice, number=form.number_value(), issued_on=as_date(form.issued_on.data))
    replacing = {"replaces": request.args.get("thay", ""), "reason": form.reason.data or ""}
    try:
        kept = issue_report_over(installation(), campaign, span, identity(), choice, elsewhere=elsewhere, **replacing)
    except REFUSALS as error:
        return error.message, error.status
    tell_kept(kept, elsewhere=elsewhere)
    return "", 302


def require_change(value: Mapping[str, Any]) -> None:
    """Only who may change the campaign drafts its reports."""
    if not may_change(identity(), value):
        raise ForbiddenError("Chỉ lãnh đạo đoàn hoặc thư ký của đợt kiểm tra được soạn, ký báo cáo tổng hợp.")


def _page(  # noqa: PLR0913 (the page's states)
    campaign: str, span: Span, form: MakeForm, choice: Choice, *, message: str = "", typed: Typed | None = None
) -> str:
    here, value = installation(), seen_campaign(identity(), campaign)
    report = report_over(here, campaign, span, choice)
    parts, document = period_parts(report.facts), report.paper.document
    return render_template(
        "periods/make.html",
        campaign=campaign,
        value=value,
        about=span.about,
        title=document.subject,
        span_name=name_of(value, span),
        form=form,
        choice=choice,
        message=message,
        standing=registered_paper(here, of_campaign(campaign), span.about),
        replacing=request.args.get("thay", ""),
        remarks=report.remarks,
        parts=parts,
        names=names_of(here.database()),
        seen={part.id: part.override.entry.id for part in parts if part.override and part.override.entry},
        typed=typed,
        paper=render_html(document),
        may_sign=may_change(identity(), value),
        key=key_facts(),
        unapproved=missing_of_paper(here, report.paper.owner, span.about, document, report.paper.issuer),
    )


@blueprint.post("/<about>/loi-van")
@allow(*OFFICE)
def word(campaign: str, about: str) -> Page:
    """Reword, drop or restore a paragraph."""
    value, span = seen_campaign(identity(), campaign), span_of(about)
    require_change(value)
    form = PartForm()
    part = part_named(report_parts(installation(), campaign, span), form.part.data or "")
    text, seen = form.text.data or "", form.seen.data or ""
    if not form.validate():
        faults = " ".join(str(one) for many in form.errors.values() for one in many)
        return _again(campaign, value, span, Typed(part.id, text, seen, None, faults)), 400
    try:
        apply_wording(desk(campaign, span), part, form)
    except StaleError as error:
        conflict, seen = conflict_of(error, {"text": text}, readable_part)
        return _again(campaign, value, span, Typed(part.id, text, seen, conflict)), 409
    except KiemtraError as error:
        return _again(campaign, value, span, Typed(part.id, text, seen, None, error.message)), error.status
    return redirect(url_for("periods.make", campaign=campaign, about=about, _anchor=part.id))


def desk(campaign: str, span: Span, origin: str = "") -> ReportDesk:
    """Where the signed-in account words a report; ``origin`` is the hash of the DOCX that the words come from."""
    return ReportDesk(journal(), identity(), "", origin=origin, campaign=campaign, about=span.about)


def _again(campaign: str, value: Mapping[str, Any], span: Span, typed: Typed) -> str:
    """The report's page with what was typed; the other form starts anew."""
    return _page(campaign, span, fresh_form(value["issuer"]), Choice(), typed=typed)


@blueprint.get("/<about>/tai.<suffix>")
@allow(*DELEGATION)
def download(campaign: str, about: str, suffix: str) -> Page:
    """The draft as PDF or DOCX, marked "DỰ THẢO"."""
    value, span = seen_campaign(identity(), campaign), span_of(about)
    _, choice = choice_among(value["issuer"])
    report = report_over(installation(), campaign, span, choice)
    mark, seq = mark_of(campaign, span, report.facts.today), journal().head().seq
    return send_draft(report.paper.document, suffix, report.paper.photos, lambda docx: marked(docx, mark, seq))
