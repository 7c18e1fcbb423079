"""Pages of the hearing: the delegation sends, reads and decides; the unit answers finding by finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.accounts.shapes import Role
from app.clock import local_date
from app.conclusions.gather import gather
from app.errors import KiemtraError, NotFoundError
from app.explanations import writing
from app.explanations.kinds import is_concluded
from app.explanations.queries import DECISIONS, Hearing, changed_since, hearing_of, hearings_of_unit, shortcomings_of
from app.home.edits import Conflict, conflict_of, seen_in
from app.home.screen import vietnamese_date
from app.inspections.queries import unit_of
from app.inspections.readable import paper_text
from app.journal.journal import StaleError
from app.petitions.queries import petitions_of
from app.web import DELEGATION, allow, identity, installation, seen_inspection
from forms.explanations import (
    ACCEPTED,
    DecisionForm,
    ExplanationForm,
    HearingForm,
    ReplyForm,
    TypedExplanationForm,
)
from forms.fields import faults_of
from reports.composing import said
from reports.composing.conclusion import plan

blueprint = Blueprint("explanations", __name__)

Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class Refused:
    """What a refused save had typed, to be shown again beside what is saved now.

    ``files`` are lines ``<sha256> <name>`` of what it has brought already.
    """

    place: str
    form: Any
    seen: str
    message: str = ""
    conflict: Conflict | None = None
    files: tuple[str, ...] = ()


@blueprint.get("/cuoc-kiem-tra/<inspection>/giai-trinh")
@allow(*DELEGATION)
def index(inspection: str) -> Page:
    """The hearing as the delegation sees it."""
    return _team_page(inspection, seen_inspection(inspection))


def _team_page(inspection: str, setup: Mapping[str, Any], refused: Refused | None = None) -> str:
    here, who = installation(), identity()
    db = here.database()
    hearing = hearing_of(db, inspection)
    facts = gather(here, inspection)
    drafted = plan(facts)
    drafts = who.drafts(inspection)
    typed = TypedExplanationForm(formdata=None)
    typed.offer(_choices(facts.findings))
    return render_template(
        "explanations/index.html",
        inspection=inspection,
        setup=setup,
        unit_name=facts.unit.name,
        hearing=hearing,
        draft=shortcomings_of(drafted) if drafts else [],
        changed=changed_since(hearing, drafted) if drafts else [],
        questions={finding.key: finding.item.question for finding in facts.findings},
        unfinished={one.key for one in said.unfinished_changes(facts)},
        decisions=DECISIONS,
        drafts=drafts,
        leads=who.leads(inspection) or who.is_admin(),
        today=local_date(here.clock()),
        sending=_refused_form(refused, "hearing") or _hearing_form(hearing),
        typing=_refused_form(refused, "typed") or typed,
        refused=refused,
        names=names_of(db),
        held=_held(),
        paper_text=paper_text,
        accepted=ACCEPTED,
    )


def _held() -> frozenset[str]:
    return frozenset(row[0] for row in installation().database().execute("SELECT sha256 FROM files"))


def _refused_form(refused: Refused | None, place: str) -> Any:
    return refused.form if refused and refused.place == place else None


def _hearing_form(hearing: Hearing) -> HearingForm:
    value = hearing.sent.value if hearing.sent else {}
    paper = value.get("paper") or {}
    return HearingForm(
        formdata=None,
        data={
            "until": value.get("until"),
            "message": value.get("message", ""),
            "number": paper.get("number", ""),
            "date": paper.get("date"),
            "seen": hearing.sent.entry if hearing.sent else "",
        },
    )


def _choices(findings: Any) -> list[tuple[str, str]]:
    return [
        (writing.WHOLE, "Ý kiến chung về cả dự thảo"),
        *((one.key, one.item.question + (f" ({one.site.name})" if one.site else "")) for one in findings),
    ]


def _saved(  # noqa: PLR0913 (a form, where it stands, what it does)
    inspection: str, setup: Mapping[str, Any], place: str, form: Any, act: Callable[[], None], readable: Any
) -> tuple[str, int] | None:
    """Do what a form of the delegation's page asks for; the page again where it was refused."""
    if not form.validate():
        return _team_page(inspection, setup, Refused(place, form, form.seen.data or "", faults_of(form))), 400
    try:
        act()
    except StaleError as error:
        conflict, seen = conflict_of(error, readable(form), _readable)
        form.seen.data = seen
        return _team_page(inspection, setup, Refused(place, form, seen, "", conflict, _brought(form))), 409
    except KiemtraError as error:
        refused = Refused(place, form, form.seen.data or "", error.message, None, _brought(form))
        return _team_page(inspection, setup, refused), error.status
    return None


def _brought(form: Any) -> tuple[str, ...]:
    """The files that a refused form has brought or kept: they are not chosen a second time."""
    return getattr(form, "brought", tuple(request.form.getlist("keep")))


def _readable(value: Mapping[str, Any]) -> dict[str, str]:
    """Values of the hearing as labelled text, for comparing."""
    decision = dict(DECISIONS).get(value.get("decision", ""), "")
    return {
        "Hạn giải trình": vietnamese_date(value.get("until")),
        "Lời nhắn": value.get("message", ""),
        "Quyết định": decision,
        "Lý do": value.get("reason", ""),
        "Nội dung": value.get("text", ""),
        "Công văn": paper_text(value.get("paper")),
        "Tài liệu": "; ".join(one.get("name", "") for one in value.get("files", ())),
    }


@blueprint.post("/cuoc-kiem-tra/<inspection>/giai-trinh/gui")
@allow(*DELEGATION)
def send(inspection: str) -> Page:
    """Send the draft's shortcomings to the unit, or send them again."""
    setup = seen_inspection(inspection)
    form = HearingForm()
    refused = _saved(
        inspection,
        setup,
        "hearing",
        form,
        lambda: writing.send(inspection, form.value(), seen_in(form.seen.data)),
        lambda form: form.value(),
    )
    if refused is None:
        flash(f"Đã gửi đơn vị lấy ý kiến, hạn đến hết ngày {vietnamese_date(form.until.data)}.", "good")
    return refused or redirect(url_for("explanations.index", inspection=inspection))


@blueprint.post("/cuoc-kiem-tra/<inspection>/giai-trinh/nhap")
@allow(*DELEGATION)
def type_in(inspection: str) -> Page:
    """An explanation that came on paper."""
    setup = seen_inspection(inspection)
    form = TypedExplanationForm()
    form.offer(_choices(gather(installation(), inspection).findings))

    def act() -> None:
        files = writing.files_of(form, request.form.getlist("keep"), writing.subject_of(inspection, form.key.data))
        seen = seen_in(form.seen.data)
        writing.explain(inspection, form.key.data, form.text.data, form.paper(), files, seen, on_behalf=True)

    refused = _saved(inspection, setup, "typed", form, act, lambda form: {"text": form.text.data})
    if refused is None:
        flash("Đã ghi giải trình bằng văn bản của đơn vị.", "good")
    return refused or redirect(url_for("explanations.index", inspection=inspection))


@blueprint.post("/cuoc-kiem-tra/<inspection>/giai-trinh/quyet-dinh")
@allow(*DELEGATION)
def decide(inspection: str) -> Page:
    """The lead's decision on one explanation."""
    setup = seen_inspection(inspection)
    form = DecisionForm()
    form.offer(DECISIONS)
    key = form.key.data or ""
    refused = _saved(
        inspection,
        setup,
        key,
        form,
        lambda: writing.decide(inspection, key, form.value(), seen_in(form.seen.data)),
        lambda form: form.value(),
    )
    if refused is None:
        flash("Đã ghi quyết định về giải trình.", "good")
    anchor = key.replace("/", "-")
    return refused or redirect(url_for("explanations.index", inspection=inspection, _anchor=anchor))


@blueprint.get("/giai-trinh")
@allow(Role.UNIT)
def unit_index() -> Page:
    """What the unit is asked about."""
    db, unit = installation().database(), identity().unit or ""
    return render_template(
        "explanations/unit_index.html",
        unit=unit_of(db, unit)["name"] if unit else "",
        hearings=hearings_of_unit(db, unit),
        today=local_date(installation().clock()).isoformat(),
    )


def own_hearing(inspection: str) -> tuple[dict[str, Any], Hearing]:
    """The hearing of the signed-in unit's own inspection.

    Raises:
        NotFoundError: it is another's, or was not asked for.
    """
    setup = identity().setup(inspection)
    hearing = hearing_of(installation().database(), inspection)
    if setup is None or setup["unit"] != identity().unit or hearing.sent is None:
        raise NotFoundError("Không có nội dung lấy ý kiến này; hãy mở lại danh sách.")
    return setup, hearing


@blueprint.get("/giai-trinh/<inspection>")
@allow(Role.UNIT)
def unit_show(inspection: str) -> Page:
    """The shortcomings as they were sent, each with the unit's own answer."""
    return _unit_page(inspection)


def _unit_page(inspection: str, refused: Refused | None = None) -> str:
    setup, hearing = own_hearing(inspection)
    db = installation().database()
    return render_template(
        "explanations/unit.html",
        inspection=inspection,
        setup=setup,
        hearing=hearing,
        petitions=petitions_of(db, inspection),
        closed=is_concluded(identity(), inspection),
        late=local_date(installation().clock()) > hearing.until if hearing.until else False,
        form=ExplanationForm(formdata=None),
        refused=refused,
        held=_held(),
        paper_text=paper_text,
        accepted=ACCEPTED,
    )


@blueprint.post("/giai-trinh/<inspection>")
@allow(Role.UNIT)
def explain(inspection: str) -> Page:
    """The unit's explanation of one finding."""
    own_hearing(inspection)
    form = ExplanationForm()
    key = form.key.data or ""

    def act(files: list[dict[str, Any]]) -> None:
        writing.explain(inspection, key, form.text.data, form.paper(), files, seen_in(form.seen.data), on_behalf=False)

    done = "Đã gửi giải trình. Có thể sửa cho đến khi Đoàn kiểm tra ký kết luận."
    return _unit_saved(inspection, key, form, lambda: writing.subject_of(inspection, key), act, done)


@blueprint.post("/giai-trinh/<inspection>/y-kien-chung")
@allow(Role.UNIT)
def answer_as_a_whole(inspection: str) -> Page:
    """What the unit says to the draft as a whole."""
    own_hearing(inspection)
    form = ReplyForm()

    def act(files: list[dict[str, Any]]) -> None:
        writing.reply(
            inspection,
            form.text.data or "",
            form.paper(),
            files,
            seen_in(form.seen.data),
            agrees=bool(form.agrees.data),
            on_behalf=False,
        )

    subject = f"inspection/{inspection}/hearing/reply"
    return _unit_saved(inspection, "reply", form, lambda: subject, act, "Đã gửi ý kiến chung của đơn vị.")


def _unit_saved(  # noqa: PLR0913 (a form, where it stands, what it does)
    inspection: str,
    place: str,
    form: Any,
    subject: Callable[[], str],
    act: Callable[[list[dict[str, Any]]], None],
    done: str,
) -> Page:
    """Save a form of the unit; files that were brought stay with a refused form."""
    seen = form.seen.data or ""
    if not form.validate():
        return _unit_page(inspection, Refused(place, form, seen, faults_of(form), None, _brought(form))), 400
    try:
        act(writing.files_of(form, request.form.getlist("keep"), subject()))
    except StaleError as error:
        typed = {"text": form.text.data, "paper": form.paper()}
        conflict, seen = conflict_of(error, typed, _readable)
        return _unit_page(inspection, Refused(place, form, seen, "", conflict, _brought(form))), 409
    except KiemtraError as error:
        refused = Refused(place, form, seen, error.message, None, _brought(form))
        return _unit_page(inspection, refused), error.status
    flash(done, "good")
    return redirect(url_for("explanations.unit_show", inspection=inspection, _anchor=place.replace("/", "-")))
