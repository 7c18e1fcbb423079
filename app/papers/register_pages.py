"""Pages of the register: one paper with its slip, sendings and relatives; a year's list; series of numbers."""

from __future__ import annotations

from io import BytesIO
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.accounts.shapes import Role
from app.clock import local_date
from app.errors import InvalidInputError, KiemtraError, NotFoundError
from app.home.edits import seen_in, seen_text
from app.papers.chain import chain_of
from app.papers.outgoing import (
    TYPES,
    as_csv,
    as_xlsx,
    registered_papers,
    sendings_of,
    slip_fields,
    slip_of,
    years_of,
)
from app.papers.owner import may_sign, root_of
from app.papers.pages import STATES, papers_address, readable_paper, replace_address
from app.papers.series import Series, first_number, gaps, is_own, next_number
from app.papers.steps import HEADINGS, Sent, step_of
from app.units.queries import all_issuers
from app.web import DELEGATION, allow, identity, installation, journal
from forms.register import DispatchForm, ReceiptForm, SeriesForm, SlipForm

blueprint = Blueprint("register", __name__)

Page = str | tuple[str, int] | Response
READERS = (Role.CLERK, *DELEGATION)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/van-ban/<owner>/<document>/ho-so")
@allow(*READERS)
def paper(owner: str, document: str) -> Page:
    """One paper: its registration slip, where it was sent, what replaces or corrects it, what was signed over."""
    return _paper_page(owner, document)


def keeps_register(owner: str) -> bool:
    """Whether this account may write into the register of this paper."""
    who = identity()
    return who.role is Role.CLERK or may_sign(who, owner)


def _require_keeper(owner: str) -> None:
    identity().require(keeps_register(owner), "Chỉ văn thư hoặc trưởng đoàn được ghi sổ văn bản đi.")


@blueprint.post("/van-ban/<owner>/<document>/phieu")
@allow(*READERS)
def slip(owner: str, document: str) -> Page:
    """What the agency's register asks for beside the paper."""
    readable_paper(owner, document)
    _require_keeper(owner)
    form = SlipForm()
    if not form.validate():
        return _paper_page(owner, document, slip=form), 400
    said = _Said(f"slip/{document}", form.value(), seen_in(form.seen.data), "Đã lưu phiếu đăng ký.", "phieu")
    return _written(owner, document, said, slip=form)


@blueprint.post("/van-ban/<owner>/<document>/gui")
@allow(*READERS)
def send(owner: str, document: str) -> Page:
    """Note one sending."""
    found = readable_paper(owner, document)
    _require_keeper(owner)
    form = DispatchForm()
    if not form.validate():
        return _paper_page(owner, document, sending=form), 400
    if found["state"] not in {"registered", "replaced"}:
        raise InvalidInputError("Văn bản chưa vào sổ nên chưa phát hành; hãy ghi số, ngày trước.")
    sent = sendings_of(installation().database(), owner, document)
    number = max((one.number for one in sent), default=0) + 1
    said = _Said(f"dispatch/{document}/{number}", form.value(), [], "Đã ghi việc phát hành.", "phat-hanh")
    return _written(owner, document, said, sending=form)


@blueprint.post("/van-ban/<owner>/<document>/nhan")
@allow(*READERS)
def receive(owner: str, document: str) -> Page:
    """Note that a sending was received."""
    readable_paper(owner, document)
    _require_keeper(owner)
    form = ReceiptForm()
    sent = sendings_of(installation().database(), owner, document)
    found = next((one for one in sent if str(one.number) == form.number.data), None)
    if found is None:
        raise NotFoundError("Không có lần gửi này; hãy mở lại hồ sơ văn bản.")
    if not form.validate():
        return _paper_page(owner, document, receipt=form), 400
    subject, value = f"dispatch/{document}/{found.number}", {**found.value, **form.value()}
    said = _Said(subject, value, seen_in(form.seen.data), "Đã ghi việc nhận văn bản.", "phat-hanh")
    return _written(owner, document, said, receipt=form)


class _Said(NamedTuple):
    """What one of the page's forms writes below the paper's owner, and how that is told."""

    subject: str
    value: dict[str, Any]
    seen: list[str]
    told: str
    anchor: str


def _written(owner: str, document: str, said: _Said, **typed: Any) -> Page:
    """Write it; where it is refused, the page again with what was typed."""
    try:
        journal().write(identity(), f"{root_of(owner)}/{said.subject}", said.value, supersedes=said.seen)
    except KiemtraError as error:
        flash(error.message, "bad")
        return _paper_page(owner, document, **typed), error.status
    flash(said.told, "good")
    return redirect(url_for("register.paper", owner=owner, document=document, _anchor=said.anchor))


def _paper_page(
    owner: str,
    document: str,
    *,
    slip: SlipForm | None = None,
    sending: DispatchForm | None = None,
    receipt: ReceiptForm | None = None,
) -> str:
    found = readable_paper(owner, document)
    db = installation().database()
    sent = sendings_of(db, owner, document)
    step = step_of(found, Sent(len(sent), sum(one.received for one in sent)))
    typed, entries = slip_of(db, owner, document)
    slip = slip or SlipForm(formdata=None, data={**typed, "seen": seen_text(entries)})
    today = local_date(installation().clock()).isoformat()
    return render_template(
        "papers/paper.html",
        paper=found,
        fields=slip_fields(db, found, typed, owner),
        slip=slip,
        sending=sending or DispatchForm(formdata=None, data={"day": today}),
        receipt=receipt or ReceiptForm(formdata=None, data={"day": today}),
        at=receipt.number.data if receipt else "",
        sent=sent,
        step=HEADINGS[step] if step else "",
        chain=chain_of(db, owner, document),
        names=names_of(db),
        keeps=keeps_register(owner),
        signs=may_sign(identity(), owner),
        siblings=papers_address(owner),
        replace_address=replace_address(found),
        states=STATES,
    )


@blueprint.get("/so-van-ban")
@allow(Role.CLERK, Role.ADMIN)
def year_index() -> Page:
    """The register of a year, filtered."""
    db, chosen = installation().database(), _chosen()
    lines = registered_papers(db, **chosen)
    symbols = sorted({line["symbol"] for line in registered_papers(db, chosen["year"])})
    years = sorted({*years_of(db), local_date(installation().clock()).year}, reverse=True)
    return render_template("papers/year.html", lines=lines, chosen=chosen, symbols=symbols, years=years, types=TYPES)


@blueprint.get("/so-van-ban/tai.<suffix>")
@allow(Role.CLERK, Role.ADMIN)
def download_year(suffix: str) -> Page:
    """The filtered register as XLSX or CSV."""
    chosen = _chosen()
    lines = registered_papers(installation().database(), **chosen)
    if suffix == "xlsx":
        data, kind = as_xlsx(lines, f"Sổ đăng ký văn bản đi năm {chosen['year']}"), XLSX
    elif suffix == "csv":
        data, kind = as_csv(lines), "text/csv; charset=utf-8"
    else:
        raise NotFoundError("Chỉ có bản XLSX và CSV; hãy chọn một trong hai.")
    name = f"so-van-ban-di-{chosen['year']}.{suffix}"
    return send_file(BytesIO(data), kind, as_attachment=True, download_name=name)


def _chosen() -> dict[str, Any]:
    year = request.args.get("nam", "")
    return {
        "year": int(year) if year.isdecimal() and len(year) == 4 else local_date(installation().clock()).year,
        "symbol": request.args.get("ky-hieu", ""),
        "kind": request.args.get("loai", ""),
        "words": request.args.get("tim", "").strip()[:200],
    }


@blueprint.route("/so-van-ban/day-so", methods=["GET", "POST"])
@allow(Role.CLERK, Role.ADMIN)
def series() -> Page:
    """Which series of numbers are kept here."""
    year = local_date(installation().clock()).year
    form = SeriesForm()
    if form.is_submitted():
        if not form.validate():
            return _series_page(year, form), 400
        one = Series(form.issuer.data or "", form.symbol.data or "", year)
        _save_series(one, form)
        flash(f"Đã lưu dãy số {one.symbol}.", "good")
        return redirect(url_for("register.series"))
    return _series_page(year)


def _save_series(one: Series, form: SeriesForm) -> None:
    known = [(body["id"], symbol) for body, symbol in _symbols()]
    if (one.issuer, one.symbol) not in known:
        raise NotFoundError("Không có ký hiệu này ở cơ quan ban hành; hãy mở lại danh sách.")
    old = journal().value(one.subject) or {}
    first = dict(old.get("first", {}))
    if form.first.data:
        first[str(one.year)] = int(form.first.data)
    value = {"symbol": one.symbol, "own": bool(form.own.data), "first": first}
    journal().write(identity(), one.subject, value, supersedes=seen_in(form.seen.data))


def _symbols() -> list[tuple[dict[str, Any], str]]:
    bodies = all_issuers(installation().database())
    return [
        (body, symbol) for body in bodies for symbol in dict.fromkeys((body.get("symbols") or {}).values()) if symbol
    ]


def _series_page(year: int, form: SeriesForm | None = None) -> str:
    here = installation()
    found = []
    for number, (body, symbol) in enumerate(_symbols()):
        one = Series(body["id"], symbol, year)
        entries = here.journal().current(one.subject)
        own = is_own(here, one)
        line = {
            "id": number,
            "body": body,
            "series": one,
            "own": own,
            "first": first_number(here, one),
            "next": next_number(here, one),
            "gaps": gaps(here, one) if own else [],
            "seen": seen_text([entry.id for entry in entries]),
        }
        found.append(line)
    at = (form.issuer.data, form.symbol.data) if form else None
    return render_template("papers/series.html", lines=found, year=year, form=form, at=at)
