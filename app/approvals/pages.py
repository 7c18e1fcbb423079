"""Pages of the approval: the steps, where the draft stands, what each approver says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.accounts.accounts import accounts_with
from app.accounts.manage import names_of
from app.accounts.shapes import Role
from app.approvals import submitting
from app.approvals.papers import PAPERS, PAPERS_OF_BODY, PAPERS_OF_CAMPAIGN, paper_of
from app.approvals.queries import approval_of, has_step, sentences, steps_of, versions_of, waiting_for
from app.approvals.versions import digest_of, said_parts
from app.campaigns.queries import seen_campaign
from app.conclusions.gather import issuing_inspection
from app.errors import ConflictError, KiemtraError, NotFoundError
from app.evidence.api import storage
from app.home.edits import Conflict, conflict_of, seen_in, seen_text
from app.inspections.queries import issuer_of, unit_of
from app.journal.journal import StaleError
from app.papers.naming import OVER_CAMPAIGN
from app.papers.owner import campaign_of, is_of_team, may_draft, may_lead, named, owner_of, root_of
from app.web import DELEGATION, OFFICE, allow, identity, installation, journal, seen_inspection
from forms.approvals import SIGNS, ApproveForm, StepsForm, SubmitForm, step_fields
from forms.fields import clean, faults_of, grow
from forms.inspections import FUNCTIONS

blueprint = Blueprint("approvals", __name__)

Page = str | tuple[str, int] | Response
APPROVERS = (*DELEGATION, Role.VIEWER)
_OF_INSPECTION, _OF_CAMPAIGN = "/cuoc-kiem-tra/<inspection>/duyet", "/dot-kiem-tra/<campaign>/duyet"


def _seen(owner: str) -> dict[str, Any]:
    """What the inspection or campaign says, for its people and for those who have a step.

    Raises:
        NotFoundError: not for this account.
    """
    who, campaign = identity(), campaign_of(owner)
    value = who.setup(owner) if campaign is None else who.campaign(campaign)
    if value is not None and not _may_see(owner):
        db, about = installation().database(), "" if campaign is None else OVER_CAMPAIGN
        steps = [*steps_of(db, owner, value["issuer"], about)[0]]
        steps += [one.step for version in versions_of(db, owner, value, {}) for one in version.stages]
        if any(has_step(one, value, who.account) for one in steps):
            return value
    return seen_inspection(owner) if campaign is None else seen_campaign(who, campaign)


def _may_see(owner: str) -> bool:
    return identity().is_admin() or is_of_team(identity(), owner)


@blueprint.get("/can-duyet")
@allow(*APPROVERS)
def mine() -> Page:
    """What waits for this account's approval."""
    return render_template("approvals/mine.html", waiting=waiting_for(installation().database(), identity().account))


@blueprint.get(_OF_INSPECTION)
@blueprint.get(_OF_CAMPAIGN)
@allow(*APPROVERS)
def index(**whose: str) -> Page:
    """Where the approval stands, the text, and the form of whose turn it is."""
    owner = owner_of(whose)
    return _page(owner, _seen(owner))


def _asked() -> tuple[str, str | None]:
    """Which paper the address names, and by which body; the conclusion where it names none."""
    return request.args.get("van-ban", "")[:200], request.args.get("co-quan")


def _address() -> dict[str, Any]:
    """What names the paper in an address."""
    return {name: request.args[name] for name in ("van-ban", "co-quan") if request.args.get(name)}


def _page(owner: str, setup: Mapping[str, Any], message: str = "", form: ApproveForm | None = None) -> str:
    here, who, drafts = installation(), identity(), may_draft(identity(), owner)
    db = here.database()
    paper = paper_of(here, owner, *_asked())
    parts = said_parts(paper.document)
    approval = approval_of(db, owner, parts, paper.about, paper.issuer)
    turn = approval.newest.turn if approval.newest and approval.valid else None
    my_turn = turn is not None and has_step(turn.step, setup, who.account)
    return render_template(
        "approvals/index.html",
        whose=named(owner),
        inspection=owner if campaign_of(owner) is None else None,
        campaign=campaign_of(owner),
        setup=setup,
        paper=paper,
        asked=_address(),
        unit_name=unit_of(db, setup["unit"])["name"] if "unit" in setup else setup["title"],
        may_see=_may_see(owner),
        approval=approval,
        missing=sentences(approval),
        turn=turn,
        my_turn=my_turn,
        parts=parts if my_turn or drafts else [],
        texts=dict(parts),
        sha256=digest_of(parts),
        told_elsewhere=not paper.about and issuing_inspection(db, owner, dict(setup)) != owner,
        drafts=drafts,
        leads=may_lead(who, owner),
        submit=SubmitForm(formdata=None),
        form=form or ApproveForm(formdata=None),
        typed=request.form if message else {},
        message=message,
        names=names_of(db),
    )


@blueprint.post(f"{_OF_INSPECTION}/trinh")
@blueprint.post(f"{_OF_CAMPAIGN}/trinh")
@allow(*DELEGATION)
def submit(**whose: str) -> Page:
    """Submit the draft as it stands."""
    owner = owner_of(whose)
    setup = _seen(owner)
    form = SubmitForm()
    if not form.validate():
        return _page(owner, setup, faults_of(form)), 400
    try:
        _submit(owner, form)
    except KiemtraError as error:
        return _page(owner, setup, error.message), error.status
    flash("Đã trình duyệt. Văn bản thay đổi sau lúc này thì phải trình lại.", "good")
    return redirect(url_for("approvals.index", inspection=owner, **_address()))


def _submit(owner: str, form: SubmitForm) -> None:
    here, who = installation(), identity()
    who.require(may_draft(who, owner), "Chỉ lãnh đạo đoàn hoặc thư ký được trình duyệt dự thảo.")
    paper = paper_of(here, owner, *_asked())
    parts = said_parts(paper.document)
    if form.sha256.data != digest_of(parts):
        raise ConflictError("Dự thảo vừa thay đổi; hãy đọc lại văn bản dưới đây rồi trình.")
    approval = approval_of(here.database(), owner, parts, paper.about, paper.issuer)
    if form.number.data != str(approval.next_number[0]):
        raise ConflictError("Người khác vừa trình một bản; hãy xem lại bên dưới.")
    submitting.submit(
        here,
        who,
        owner,
        paper.document,
        approval,
        about=paper.about,
        title=paper.title,
        issuer=paper.issuer,
        choice=paper.choice,
        note=form.note.data or "",
    )


@blueprint.get(f"{_OF_INSPECTION}/<submission>/ban-trinh.pdf")
@blueprint.get(f"{_OF_CAMPAIGN}/<submission>/ban-trinh.pdf")
@allow(*APPROVERS)
def download_submitted(submission: str, **whose: str) -> Page:
    """A version exactly as it was submitted."""
    owner = owner_of(whose)
    setup = _seen(owner)
    versions = versions_of(installation().database(), owner, setup, {})
    file = next((one.value.get("file") for one in versions if str(one.number) == submission), None)
    if not file:
        raise NotFoundError("Không có bản trình này; hãy mở lại trang duyệt.")
    data, _ = storage().read(file["sha256"])
    return send_file(BytesIO(data), "application/pdf", download_name=f"ban-trinh-{submission}.pdf")


@blueprint.post(f"{_OF_INSPECTION}/<submission>/<step>")
@blueprint.post(f"{_OF_CAMPAIGN}/<submission>/<step>")
@allow(*APPROVERS)
def approve(submission: str, step: str, **whose: str) -> Page:
    """What one step says of the newest version."""
    owner = owner_of(whose)
    setup = _seen(owner)
    form = ApproveForm()
    form.decision.choices = [("duyet", ""), ("tra_lai", "")]
    if not form.validate():
        return _page(owner, setup, faults_of(form), form), 400
    try:
        _approve(owner, submission, step, form)
    except KiemtraError as error:
        return _page(owner, setup, error.message, form), error.status
    flash("Đã duyệt." if form.decision.data == "duyet" else "Đã trả lại kèm ý kiến.", "good")
    return redirect(url_for("approvals.index", inspection=owner, **_address()))


def _approve(owner: str, submission: str, step: str, form: ApproveForm) -> None:
    paper = paper_of(installation(), owner, *_asked())
    parts = said_parts(paper.document)
    approval = approval_of(installation().database(), owner, parts, paper.about, paper.issuer)
    newest = approval.newest
    if newest is None or str(newest.number) != submission or not approval.valid:
        raise ConflictError(
            "Văn bản hoặc các bước duyệt đã thay đổi sau khi trình; ý kiến chưa được ghi. Hãy chờ bản trình mới."
        )
    value = {
        "decision": form.decision.data,
        "sha256": form.sha256.data,
        "comment": form.comment.data or "",
        "remarks": _remarks(parts),
    }
    subject = f"{root_of(owner)}/submission/{submission}/approval/{step}"
    journal().write(identity(), subject, value, supersedes=[])


def _remarks(parts: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """The comments on single paragraphs, by their place on the page."""
    typed = ((id_, clean(request.form.get(f"remark-{number}"))) for number, (id_, _) in enumerate(parts))
    return [{"part": id_, "text": text[:8000]} for id_, text in typed if text]


@blueprint.route(f"{_OF_INSPECTION}/cac-buoc", methods=["GET", "POST"])
@blueprint.route(f"{_OF_CAMPAIGN}/cac-buoc", methods=["GET", "POST"])
@allow(*DELEGATION)
def steps(**whose: str) -> Page:
    """The steps of this inspection's paper or this campaign's reports, in place of those of the issuing body."""
    owner, campaign = owner_of(whose), whose.get("campaign")
    setup = seen_inspection(owner) if campaign is None else seen_campaign(identity(), campaign)
    identity().require(
        may_lead(identity(), owner), "Chỉ trưởng đoàn, phó trưởng đoàn hoặc quản trị được đặt các bước duyệt."
    )
    subject = f"{root_of(owner)}/approval-steps"
    body = journal().value(f"issuer/{setup['issuer']}/approval-steps")
    return _steps_page(
        subject,
        url_for("approvals.index", **named(owner)),
        journal().value(subject) or body or {},
        PAPERS if campaign is None else PAPERS_OF_CAMPAIGN,
        whose=named(owner),
        of=setup["title"],
    )


@blueprint.route("/co-quan-ban-hanh/<issuer>/buoc-duyet", methods=["GET", "POST"])
@allow(*OFFICE)
def body_steps(issuer: str) -> Page:
    """The steps of all papers of an issuing body."""
    body = issuer_of(installation().database(), issuer)
    if "letterhead" not in body:
        raise NotFoundError("Không có cơ quan ban hành này; hãy quay lại danh sách.")
    subject = f"issuer/{issuer}/approval-steps"
    now = journal().value(subject) or {}
    back = url_for("units.issuer_edit", issuer=issuer)
    return _steps_page(subject, back, now, PAPERS_OF_BODY, whose=None, of=body["name"])


def _steps_page(
    subject: str, back: str, now: Mapping[str, Any], papers: Sequence[tuple[str, str]], **shown: Any
) -> Page:
    entries = journal().current(subject)
    told = {"steps": step_fields(now.get("steps", ())) or None, "papers": now.get("papers", [])}
    form = StepsForm(data={**told, "seen": seen_text([one.id for one in entries])})
    grown = form.is_submitted() and grow(form, request.form.get("them"))
    beside = "báo cáo tổng hợp của đợt" if papers is PAPERS_OF_CAMPAIGN else "văn bản kết luận"
    form.offer(_people(), papers, beside)
    conflict, status = _save_steps(subject, form) if form.is_submitted() and not grown else (None, 200)
    if status == 302:
        flash("Đã lưu các bước duyệt.", "good")
        return redirect(back)
    page = render_template(
        "approvals/steps.html",
        form=form,
        conflict=conflict,
        back=back,
        own=bool(entries and entries[-1].value),
        **shown,
    )
    return page, status


def _save_steps(subject: str, form: StepsForm) -> tuple[Conflict | None, int]:
    give_up = request.form.get("action") == "body"
    if not give_up and not form.validate():
        return None, 400
    try:
        value = None if give_up else form.value()
        journal().write(identity(), subject, value, supersedes=seen_in(form.seen.data))
    except StaleError as error:
        conflict, form.seen.data = conflict_of(error, form.value(), _readable_steps)
        return conflict, 409
    return None, 302


def _readable_steps(value: Mapping[str, Any]) -> dict[str, str]:
    labels, papers = dict(_people()), dict(PAPERS_OF_BODY)
    return {"Áp dụng thêm cho": ", ".join(papers[one] for one in value.get("papers", ()))} | {
        f"Bước {number}": f"{one['title']}: {labels.get(row['who'], row['who'])}"
        for number, (one, row) in enumerate(
            zip(value.get("steps", ()), step_fields(value.get("steps", ())), strict=True), 1
        )
    }


def _people() -> list[tuple[str, str]]:
    """Whose a step may be: functions in the delegation, persons, or the signature itself."""
    people = accounts_with(installation().database(), Role.ADMIN, Role.LEAD, Role.MEMBER, Role.VIEWER)
    return [
        *((f"function:{name}", f"{label} của đoàn") for name, label in FUNCTIONS),
        *((f"account:{id_}", f"{name} · {position}" if position else name) for id_, name, _, position in people),
        (SIGNS, "Người ký văn bản (việc ký là bước này)"),
    ]
