"""What templates use everywhere: Vietnamese dates and numbers, labels, the navigation of each role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_decimal
from flask import current_app, request, url_for
from flask.sansio.app import App

from app.accounts.shapes import ROLE_LABELS, Role
from app.clock import VIETNAM
from app.evidence.words import camera_time, position_text
from app.identity import Identity
from app.papers.owner import campaign_of
from app.web import optional_identity
from checklists.answers import SOURCE_LABELS, VERDICT_LABELS, Source, Verdict

UNCHECKED = "Chưa kiểm tra"

TONES: dict[Verdict, str] = {
    Verdict.PASS: "good",
    Verdict.PARTIAL: "warn",
    Verdict.FAIL: "bad",
    Verdict.AWAITING_PAPERS: "warn",
    Verdict.FIXED_ON_SITE: "accent",
}


@dataclass(frozen=True)
class Link:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool


NAVIGATION: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.ADMIN: (
        ("Cuộc kiểm tra", "inspections.index"),
        ("Đợt kiểm tra", "campaigns.index"),
        ("Vào sổ", "papers.register_index"),
        ("Văn bản", "papers.issued_index"),
        ("Đơn vị", "units.index"),
        ("Cơ quan ban hành", "units.issuers"),
        ("Căn cứ", "bases.index"),
        ("Tài khoản", "accounts.index"),
    ),
    Role.LEAD: (
        ("Cuộc kiểm tra", "inspections.index"),
        ("Đợt kiểm tra", "campaigns.index"),
        ("Đơn vị", "units.index"),
        ("Cơ quan ban hành", "units.issuers"),
        ("Căn cứ", "bases.index"),
        ("Văn bản", "papers.issued_index"),
        ("Máy tính bảng", "field.shell"),
    ),
    Role.MEMBER: (("Cuộc kiểm tra", "inspections.index"), ("Máy tính bảng", "field.shell")),
    Role.CLERK: (("Vào sổ văn bản", "papers.register_index"), ("Sổ văn bản đi", "register.year_index")),
    Role.UNIT: (
        ("Yêu cầu khắc phục", "remedies.unit_index"),
        ("Giải trình, kiến nghị", "explanations.unit_index"),
    ),
    Role.VIEWER: (("Văn bản đã ban hành", "papers.issued_index"), ("Cần duyệt", "approvals.mine")),
}
"""Endpoints by role; the first one is where the role lands after signing in."""


_BY_OWNER = (
    *("conclusions.", "checks.", "papers.", "register.", "corrections.", "findings.", "remedies."),
    *("explanations.", "petitions.", "duties.", "approvals.", "periods.", "records."),
)


def has_endpoint(name: str) -> bool:
    """Whether this installation serves a page of that name."""
    return name in current_app.view_functions


def landing(who: Identity) -> str:
    """Address of the page where this account's work is."""
    for _, endpoint in NAVIGATION[who.role]:
        if has_endpoint(endpoint):
            return url_for(endpoint)
    return url_for("home.nothing")


def navigation() -> list[Link]:
    """The signed-in account's navigation, with the current part marked."""
    who = optional_identity()
    entries = NAVIGATION[who.role] if who else ()
    return [
        Link(label, url_for(endpoint), _is_current(endpoint)) for label, endpoint in entries if has_endpoint(endpoint)
    ]


def _part_of(named: Mapping[str, str]) -> str:
    """Where a page of an inspection or a campaign belongs; one of neither belongs nowhere."""
    owner = named.get("owner") or named.get("inspection")
    if owner is None:
        return "campaigns.index" if "campaign" in named else ""
    return "campaigns.index" if campaign_of(owner) else "inspections.index"


def _is_current(endpoint: str) -> bool:
    shown = request.endpoint or ""
    if shown == endpoint:
        return True
    if endpoint.startswith("units."):
        return shown.startswith("units.issuer" if endpoint == "units.issuers" else "units.unit")
    if endpoint == "approvals.mine":
        return False
    if endpoint == "explanations.unit_index":
        return shown.startswith(("explanations.", "petitions."))
    if shown.startswith(_BY_OWNER):
        return endpoint == _part_of(request.view_args or {})
    return shown.partition(".")[0] == endpoint.partition(".")[0]


def vietnamese_date(iso_text: str | None) -> str:
    """``2026-11-22`` as ``22/11/2026``; what is no date stays as it is."""
    try:
        return date.fromisoformat(iso_text or "").strftime("%d/%m/%Y")
    except ValueError:
        return iso_text or ""


def capital(text: str | None) -> str:
    """With a capital at the start, as it stands alone: ``Chậm nhất ngày 31/12/2026``."""
    return f"{text[:1].upper()}{text[1:]}" if text else ""


def moment(utc_text: str | None) -> str:
    """A UTC moment as ``08:05 22/11/2026`` in Viet Nam."""
    try:
        return datetime.fromisoformat(utc_text or "").astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
    except ValueError:
        return utc_text or ""


def local_moment(text: str | None) -> str:
    """``2026-11-22T08:05`` in the time of Viet Nam as ``08:05 22/11/2026``; without an hour, the day alone."""
    day, _, time = (text or "").partition("T")
    return f"{time} {vietnamese_date(day)}".strip()


def figure(text: object, kind: str) -> str:
    """A figure as people read it: 34.336; 99,56; 22/11/2026; có. What is of no known kind stays as it is."""
    raw = str(text)
    if kind == "date":
        return vietnamese_date(raw)
    if kind == "bool":
        return {"true": "Có", "false": "Không"}.get(raw, raw)
    return _number(raw) if kind in {"number", "percent"} else raw


def _number(raw: str) -> str:
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return raw
    if not number.is_finite():
        return raw
    return str(format_decimal(number, locale="vi_VN", decimal_quantization=False))


def verdict_label(verdict: str | None) -> str:
    """The Vietnamese name of a verdict; None is "Chưa kiểm tra"."""
    return VERDICT_LABELS[Verdict(verdict)] if verdict else UNCHECKED


def verdict_tone(verdict: str | None) -> str:
    """Which colour a verdict's badge has."""
    return TONES.get(Verdict(verdict), "") if verdict else ""


def source_label(source: str) -> str:
    """The Vietnamese name of a figure's source."""
    return SOURCE_LABELS[Source(source)]


def role_label(role: str) -> str:
    """The Vietnamese name of a role."""
    return ROLE_LABELS[Role(role)]


def described(field: Any, hint: str, attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes of an input: what describes it, whether it is at fault, whether it must be filled."""
    parts = ([f"{field.id}-goi-y"] if hint else []) + ([f"{field.id}-loi"] if field.errors else [])
    described_by = {"aria-describedby": " ".join(parts)} if parts else {}
    invalid = {"aria-invalid": "true"} if field.errors else {}
    return {**described_by, **invalid, **attributes}


def register(app: App) -> None:
    """Make all of it known to the templates."""
    app.jinja_env.filters.update(
        date=vietnamese_date,
        capital=capital,
        moment=moment,
        local_moment=local_moment,
        figure=figure,
        camera_time=camera_time,
        position_text=position_text,
    )
    app.jinja_env.globals.update(
        navigation=navigation,
        has_endpoint=has_endpoint,
        described=described,
        verdict_label=verdict_label,
        verdict_tone=verdict_tone,
        source_label=source_label,
        role_label=role_label,
    )

    @app.context_processor
    def who() -> dict[str, Identity | None]:
        return {"me": optional_identity()}
