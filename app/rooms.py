"""Every module that has pages or answers for programs, in one list; several may stand on one blueprint."""

from __future__ import annotations

from flask import Flask

from app import openapi
from app.accounts import api as accounts_api
from app.accounts import pages as accounts_pages
from app.approvals import pages as approvals_pages
from app.campaigns import api as campaigns_api
from app.campaigns import pages as campaigns_pages
from app.case_files import pages as case_files_pages
from app.conclusions import (
    bases_pages,
    check_pages,
    draft_pages,
    joining_pages,
    making_pages,
    paragraph_pages,
    photo_pages,
    returning_pages,
)
from app.conclusions import pages as conclusions_pages
from app.duties import pages as duties_pages
from app.evidence import api as evidence_api
from app.explanations import pages as explanations_pages
from app.field import api as field_api
from app.field import rescue_pages
from app.field import views as field_views
from app.home import pages as home_pages
from app.inspections import api as inspections_api
from app.inspections import pages as inspections_pages
from app.inspections import record_pages
from app.inspections import results as inspections_results
from app.ops import health
from app.papers import correction_pages, register_pages
from app.papers import pages as papers_pages
from app.periods import gathering_pages
from app.periods import pages as periods_pages
from app.periods import returning_pages as period_returning_pages
from app.petitions import pages as petitions_pages
from app.remedies import pages as remedies_pages
from app.tablets import api as tablets_api
from app.tablets import pages as tablets_pages
from app.units import issuer_pages
from app.units import pages as units_pages
from app.verification import pages as verification_pages

MODULES = (
    home_pages,
    accounts_pages,
    units_pages,
    issuer_pages,
    conclusions_pages,
    draft_pages,
    paragraph_pages,
    joining_pages,
    making_pages,
    returning_pages,
    photo_pages,
    check_pages,
    bases_pages,
    papers_pages,
    register_pages,
    correction_pages,
    case_files_pages,
    verification_pages,
    explanations_pages,
    petitions_pages,
    approvals_pages,
    duties_pages,
    remedies_pages,
    inspections_pages,
    campaigns_pages,
    periods_pages,
    gathering_pages,
    period_returning_pages,
    rescue_pages,
    inspections_results,
    record_pages,
    accounts_api,
    inspections_api,
    campaigns_api,
    field_api,
    field_views,
    evidence_api,
    tablets_api,
    tablets_pages,
    openapi,
    health,
)
BLUEPRINTS = tuple(dict.fromkeys(module.blueprint for module in MODULES))

CSRF_EXEMPT = ("app.accounts.api.start",)
"""Signing in has no session yet; it takes JSON only, which no foreign form can send."""


def register(app: Flask) -> None:
    """Put all rooms into the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
