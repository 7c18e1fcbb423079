"""Pages of bodies that issue papers, with a sample of their papers, for leads and administrators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import uuid_utils
from flask import flash, redirect, render_template, request, url_for

from app.clock import local_date
from app.home.edits import seen_text
from app.papers.seals import seal_state
from app.units.facts import archive_text, issuer_fact
from app.units.pages import Page, blueprint, save
from app.units.queries import all_issuers, office_value
from app.web import OFFICE, allow, installation, journal
from forms.issuers import PURPOSES, IssuerForm, issuer_fields, kinds_text
from reports.composing.specimen import specimen
from reports.document import DocumentKind
from reports.rendering.html import render_html


@blueprint.get("/co-quan-ban-hanh/")
@allow(*OFFICE)
def issuers() -> Page:
    """All issuing bodies."""
    return render_template("units/issuers.html", issuers=all_issuers(installation().database()))


@blueprint.route("/co-quan-ban-hanh/them", methods=["GET", "POST"])
@allow(*OFFICE)
def issuer_add() -> Page:
    """A new issuing body."""
    return _saved_issuer(IssuerForm(data={"archive": "VT"}), str(uuid_utils.uuid7()), {})


@blueprint.route("/co-quan-ban-hanh/<issuer>", methods=["GET", "POST"])
@allow(*OFFICE)
def issuer_edit(issuer: str) -> Page:
    """One issuing body."""
    missing = "Không có cơ quan ban hành này; hãy quay lại danh sách."
    value, seen = office_value(journal(), f"issuer/{issuer}", missing)
    form = IssuerForm(data={**issuer_fields(value), "seen": seen_text(seen)})
    return _saved_issuer(form, issuer, value)


def _saved_issuer(form: IssuerForm, issuer: str, old: Mapping[str, Any]) -> Page:
    form.offer_signers()
    form.may_print_address = bool(installation().config.public_address)
    looking = form.is_submitted() and "xem" in request.form
    conflict, status = (None, 200) if looking else save(form, f"issuer/{issuer}", old, readable_issuer)
    if status == 302:
        flash(f"Đã lưu «{form.name.data}».", "good")
        return redirect(url_for("units.issuers"))
    page = render_template(
        "units/issuer.html",
        form=form,
        old=old,
        seal=seal_state(installation(), {**old, "id": issuer}) if old else None,
        conflict=conflict,
        reload=url_for("units.issuer_edit", issuer=issuer),
        purposes=PURPOSES,
        sample=_sample(form) if looking or old else "",
        unsaved=form.is_submitted(),
    )
    return page, status


def _sample(form: IssuerForm) -> str:
    """The chosen type of paper as the form has it, saved or not."""
    kind = DocumentKind(form.sample_kind.data) if form.sample_kind.data in set(DocumentKind) else DocumentKind.NOTICE
    signer = form.sample_signer.data or "0"
    fact = issuer_fact(form.value(), kind.value, int(signer) if signer.isdecimal() else 0)
    return render_html(specimen(fact, kind, local_date(installation().clock()).year))


def readable_issuer(value: Mapping[str, Any]) -> dict[str, str]:
    """An issuing body as labelled text."""
    plain = {
        "Tên trong câu văn": "name",
        "Tên trên đầu văn bản": "letterhead",
        "Cơ quan chủ quản": "superior",
        "Địa danh": "place",
        "Báo cáo gửi tới": "addressee",
        "Đơn vị theo dõi": "follow_up",
        "Động từ": "verb",
    }
    signers = (
        " ".join(signer.get(part, "") for part in ("authority", "title", "second_title", "name")).strip()
        for signer in value.get("signers", ())
    )
    symbols = (f"{kind}: {symbol}" for kind, symbol in sorted(value.get("symbols", {}).items()))
    return {
        **{label: value.get(key, "") for label, key in plain.items()},
        "Con dấu số": "Không có" if value.get("sealless") else "",
        "Địa chỉ xác minh": "In ở cuối phụ lục" if value.get("verification") else "",
        "Lưu": archive_text(value),
        "Thời hạn bảo quản": value.get("retention", ""),
        "Ký hiệu": "\n".join(symbols),
        "Người ký": "\n".join(signers),
        "Nơi nhận": "\n".join(_recipient_text(line) for line in value.get("recipients", ())),
    }


def _recipient_text(line: Mapping[str, Any]) -> str:
    purpose = f" ({line['purpose']})" if line.get("purpose") else ""
    kinds = f" [{kinds_text(line['kinds'])}]" if line.get("kinds") else ""
    return f"{line['name']}{purpose}{kinds}"
