"""Limits on how often something may be tried, shared by the views that need one."""

from __future__ import annotations

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# One server process holds the counters; they need not outlive it.
limiter = Limiter(get_remote_address, storage_uri="memory://")


def login_limit() -> str:
    """How often one address may try to sign in."""
    return str(current_app.config["RATELIMIT_LOGIN"])


def verify_limit() -> str:
    """How often one address may use the public page that verifies files."""
    return str(current_app.config["RATELIMIT_VERIFY"])
