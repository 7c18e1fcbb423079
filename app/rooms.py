"""Every room's blueprint, in one list."""

from __future__ import annotations

from flask import Flask

from app.accounts import api as accounts_api
from app.accounts import pages as accounts_pages
from app.approvals import pages as approvals_pages
from app.campaigns import api as campaigns_api
from app.campaigns import pages as campaigns_pages
from app.case_files import pages as case_files_pages
from app.conclusions import bases_pages, check_pages, photo_pages
from app.conclusions import returning_pages as conclusions_pages
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
from app.openapi import blueprint as openapi_blueprint
from app.ops import health
from app.papers import correction_pages, register_pages
from app.papers import pages as papers_pages
from app.periods import returning_pages as periods_pages
from app.petitions import pages as petitions_pages
from app.remedies import pages as remedies_pages
from app.tablets import api as tablets_api
from app.tablets import pages as tablets_pages
from app.units import issuer_pages as units_pages
from app.verification import pages as verification_pages

BLUEPRINTS = (
    home_pages.blueprint,
    accounts_pages.blueprint,
    units_pages.blueprint,
    conclusions_pages.blueprint,
    photo_pages.blueprint,
    check_pages.blueprint,
    bases_pages.blueprint,
    papers_pages.blueprint,
    register_pages.blueprint,
    correction_pages.blueprint,
    case_files_pages.blueprint,
    verification_pages.blueprint,
    explanations_pages.blueprint,
    petitions_pages.blueprint,
    approvals_pages.blueprint,
    duties_pages.blueprint,
    remedies_pages.blueprint,
    inspections_pages.blueprint,
    campaigns_pages.blueprint,
    periods_pages.blueprint,
    rescue_pages.blueprint,
    inspections_results.blueprint,
    record_pages.blueprint,
    accounts_api.blueprint,
    inspections_api.blueprint,
    campaigns_api.blueprint,
    field_api.blueprint,
    field_views.blueprint,
    evidence_api.blueprint,
    tablets_api.blueprint,
    tablets_pages.blueprint,
    openapi_blueprint,
    health.blueprint,
)

CSRF_EXEMPT = ("app.accounts.api.start",)
"""Signing in has no session yet; it takes JSON only, which no foreign form can send."""


def register(app: Flask) -> None:
    """Put all rooms into the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
