"""Pages of what was found: findings with photos, disagreements, the unit's reported figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.home.edits import Conflict, conflict_of, seen_in, seen_text
from app.inspections.disputes import NAMES, Dispute, differs, dispute_of, disputes_of, settle
from app.inspections.findings import (
    SHORTCOMINGS,
    ItemFindings,
    PackFindings,
    PlaceFindings,
    figure_lines,
    findings_of,
    general_evidence,
)
from app.inspections.pages import require_draft_right, scope_of
from app.inspections.progress import Scope, asked, find_pack
from app.inspections.readable import EVIDENCE_LABELS, NOTE_LABELS, paper_text, readable_setup
from app.inspections.records import entries_after, records_of
from app.inspections.reported import Line, common_day, lines_of, merged, read_lines
from app.inspections.settling import OwnFigure, chosen_value, own_figures, side_choices
from app.journal.journal import StaleError
from app.web import DELEGATION, allow, identity, installation, journal
from checklists.answers import VERDICT_LABELS
from checklists.model import Item
from forms.inspections import ReportedForm, SettleForm

blueprint = Blueprint("findings", __name__, url_prefix="/cuoc-kiem-tra")

Page = str | tuple[str, int] | Response

FILTERS = (
    ("da-ghi", "Tất cả đã ghi nhận"),
    ("han-che", "Tồn tại, hạn chế"),
    ("khac-nhau", "Nội dung khác nhau"),
    ("lech-nguon", "Số liệu lệch giữa các nguồn"),
    ("chua-kiem-tra", "Chưa kiểm tra"),
    ("anh-chua-xem", "Ảnh chưa xem mặt người, giấy tờ của dân"),
    *((verdict.value, f"Kết quả: {label}") for verdict, label in VERDICT_LABELS.items()),
)


def _shelf() -> dict[str, Any]:
    """What templates need to show records: names, labels, which files are here."""
    db = installation().database()
    return {
        "names": names_of(db),
        "held": frozenset(row[0] for row in db.execute("SELECT sha256 FROM files")),
        "evidence_labels": EVIDENCE_LABELS,
        "note_labels": NOTE_LABELS,
        "paper_text": paper_text,
        "figure_lines": figure_lines,
    }


@blueprint.get("/<inspection>/ket-qua")
@allow(*DELEGATION)
def index(inspection: str) -> Page:
    """All findings on one page, by checklist, item and place."""
    scope = scope_of(inspection)
    here = installation()
    chosen = request.args.get("loc", "da-ghi")
    found = findings_of(here.database(), here.library(), scope)
    wanted = request.args.get("phieu", "")
    shown = [pack for pack in filtered(found, chosen) if wanted in ("", pack.pack.id)]
    return render_template(
        "inspections/findings.html",
        inspection=inspection,
        setup=scope.setup,
        unit_name=scope.unit_name,
        filters=FILTERS,
        chosen=chosen,
        wanted=wanted,
        all_packs=[pack.pack for pack in found],
        packs=shown,
        places=sum(len(item.places) for pack in shown for item in pack.items),
        late=entries_after(here.database(), inspection, records_of(here.database(), inspection)),
        unlooked=sum(place.unlooked for pack in found for item in pack.items for place in item.places),
        general=general_evidence(here.database(), inspection) if chosen == "da-ghi" and not wanted else [],
        **_shelf(),
    )


def after_record(scope: Scope, late: frozenset[str]) -> list[PlaceFindings]:
    """The places where something was recorded after the site record, with only that."""
    here = installation()
    found: list[PlaceFindings] = []
    for pack in findings_of(here.database(), here.library(), scope) if late else ():
        for place in (place for item in pack.items for place in item.places):
            if place.entries_in(late):
                for name in ("answers", "rows", "notes", "evidence"):
                    setattr(place, name, [record for record in getattr(place, name) if record.entry in late])
                found.append(place)
    return found


def filtered(packs: list[PackFindings], name: str) -> list[PackFindings]:
    """The packs with only those places that a filter lets through; an unknown filter shows what was recorded."""
    found = (PackFindings(pack.pack, tuple(_filtered_items(pack, name))) for pack in packs)
    return [pack for pack in found if pack.items]


def _filtered_items(pack: PackFindings, name: str) -> Iterator[ItemFindings]:
    for item in pack.items:
        places = tuple(place for place in item.places if _passes(place, name))
        if places:
            yield ItemFindings(item.item, places)


def _passes(place: PlaceFindings, name: str) -> bool:
    if name in set(VERDICT_LABELS):
        return place.verdict == name
    tests = {
        "han-che": place.verdict in SHORTCOMINGS,
        "khac-nhau": place.disputed,
        "lech-nguon": place.differing_sources,
        "anh-chua-xem": place.unlooked > 0,
        "chua-kiem-tra": place.verdict is None and not place.disputed,
    }
    return tests.get(name, place.recorded)


@blueprint.get("/<inspection>/khac-nhau")
@allow(*DELEGATION)
def disputes(inspection: str) -> Page:
    """Every disagreement with its values side by side."""
    scope = scope_of(inspection)
    found = disputes_of(journal(), inspection)
    return render_template(
        "inspections/disputes.html",
        inspection=inspection,
        setup=scope.setup,
        unit_name=scope.unit_name,
        disputes=[(dispute, *_titles(scope, dispute)) for dispute in found],
        leads=identity().leads(inspection),
        tail=_tail,
        **_shelf(),
    )


def _titles(scope: Scope, dispute: Dispute) -> tuple[Item | None, str]:
    """The item a disagreement is about, and where."""
    sites = {site["id"]: site["name"] for site in scope.sites}
    site = sites.get(dispute.site or "", "Toàn đơn vị")
    return _item(scope, dispute.item), f"{NAMES.get(dispute.kind, '')} · {site}"


def _item(scope: Scope, item_id: str | None) -> Item | None:
    packs = (find_pack(installation().library(), ref) for ref in scope.setup["checklists"])
    return next((item for pack in packs if pack for item in pack.items if item.id == item_id), None)


def _tail(dispute: Dispute) -> str:
    return dispute.subject.split("/", 2)[2]


@blueprint.route("/<inspection>/khac-nhau/<path:tail>", methods=["GET", "POST"])
@allow(*DELEGATION)
def settle_one(inspection: str, tail: str) -> Page:
    """The lead ends one disagreement: choose a value or write one, and say why."""
    scope = scope_of(inspection)
    who = identity()
    who.require(who.leads(inspection), "Chỉ trưởng đoàn hoặc phó trưởng đoàn được chốt nội dung khác nhau.")
    dispute = dispute_of(journal(), inspection, f"inspection/{inspection}/{tail}")
    form = SettleForm(seen=seen_text(dispute.entries))
    form.offer(side_choices(dispute), other=dispute.kind == "answer")
    own = own_figures(dispute, _item(scope, dispute.item)) if dispute.kind == "answer" else []
    if not form.is_submitted():
        return _settle_page(scope, dispute, form, own)
    return _settled(scope, dispute, form, own)


def _settled(scope: Scope, dispute: Dispute, form: SettleForm, own: list[OwnFigure]) -> Page:
    if sorted(seen_in(form.seen.data)) != dispute.entries:
        return _stale(scope, dispute, form, own)
    if not form.validate():
        return _settle_page(scope, dispute, form, own, 400)
    try:
        value = chosen_value(form, dispute, own, request.form)
    except ValueError:
        return _settle_page(scope, dispute, form, own, 400)
    seen, reason = seen_in(form.seen.data), form.reason.data
    try:
        settle(journal(), identity(), scope.inspection, dispute.subject, seen=seen, value=value, reason=reason)
    except StaleError:
        fresh = dispute_of(journal(), scope.inspection, dispute.subject)
        form.offer(side_choices(fresh), other=fresh.kind == "answer")
        return _stale(scope, fresh, form, own)
    flash("Đã chốt. Các bản trước vẫn được lưu trong nhật ký.", "good")
    return redirect(url_for("findings.disputes", inspection=scope.inspection))


def _stale(scope: Scope, dispute: Dispute, form: SettleForm, own: list[OwnFigure]) -> Page:
    """Another value came in, or another lead was faster: show what is there now, keep what was typed."""
    form.seen.data = seen_text(dispute.entries)
    return _settle_page(scope, dispute, form, own, 409)


def _settle_page(
    scope: Scope, dispute: Dispute, form: SettleForm, own: list[OwnFigure], status: int = 200
) -> tuple[str, int]:
    item, where = _titles(scope, dispute)
    page = render_template(
        "inspections/settle.html",
        inspection=scope.inspection,
        setup=scope.setup,
        unit_name=scope.unit_name,
        dispute=dispute,
        item=item,
        where=where,
        open=differs(dispute),
        form=form,
        own=own,
        stale=status == 409,
        **_shelf(),
    )
    return page, status


@blueprint.route("/<inspection>/so-lieu", methods=["GET", "POST"])
@allow(*DELEGATION)
def reported(inspection: str) -> Page:
    """The figures of the unit's own report, shown beside the items on the tablet."""
    scope = scope_of(inspection)
    require_draft_right(inspection)
    seen = [entry.id for entry in journal().current(f"inspection/{inspection}/setup")]
    old = scope.setup.get("reported", [])
    form = ReportedForm(data={"as_of": common_day(old), "seen": seen_text(seen)})
    packs = [(one.pack, lines_of(one.items, old)) for one in asked(installation().library(), scope)]
    conflict, status = _save_reported(form, scope, [line for _, lines in packs for line in lines])
    if status == 302:
        flash("Đã lưu số liệu đơn vị báo cáo.", "good")
        return redirect(url_for("inspections.show", inspection=inspection))
    page = render_template(
        "inspections/reported.html",
        inspection=inspection,
        setup=scope.setup,
        unit_name=scope.unit_name,
        form=form,
        packs=[(pack, lines, _by_item(lines)) for pack, lines in packs if lines],
        conflict=conflict,
        faults=sum(bool(line.error) for _, lines in packs for line in lines),
        reload=url_for("findings.reported", inspection=inspection),
    )
    return page, status


def _by_item(lines: list[Line]) -> list[tuple[Item, list[Line]]]:
    return [(item, list(group)) for item, group in groupby(lines, key=lambda line: line.item)]


def _save_reported(form: ReportedForm, scope: Scope, lines: list[Line]) -> tuple[Conflict | None, int]:
    if not form.is_submitted():
        return None, 200
    figures = read_lines(lines, request.form)
    if not form.validate() or any(line.error for line in lines):
        return None, 400
    new = merged(scope.setup.get("reported", []), lines, figures, form.as_of.data)
    setup = {**scope.setup, "reported": new}
    subject = f"inspection/{scope.inspection}/setup"
    try:
        journal().write(identity(), subject, setup, supersedes=seen_in(form.seen.data))
    except StaleError as error:
        conflict, form.seen.data = conflict_of(error, setup, _readable_with_figures)
        return conflict, 409
    return None, 302


def _readable_with_figures(setup: Mapping[str, Any]) -> dict[str, str]:
    figures = {f"{one['item']}: {one['figure']}": one["value"] for one in setup.get("reported", ())}
    return {**readable_setup(setup), **figures}
