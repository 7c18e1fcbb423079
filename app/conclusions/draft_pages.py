"""The draft's page: paragraphs beside the findings they stand on, and what can be done with each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from app.accounts.manage import names_of
from app.conclusions import arranging, drafting
from app.conclusions.checking import check
from app.conclusions.drafting import Desk
from app.conclusions.gather import gather, issuing_inspection, outstanding_for
from app.conclusions.pages import Page, blueprint, drafting_setup
from app.duties.queries import member_texts
from app.errors import InvalidInputError, KiemtraError, UnprocessableError
from app.explanations.queries import hearing_of
from app.home.edits import Conflict, conflict_of, seen_in, seen_text
from app.inspections.readable import EVIDENCE_LABELS, NOTE_LABELS
from app.journal.journal import StaleError
from app.papers.owner import may_sign
from app.web import DELEGATION, allow, identity, installation, journal
from forms.conclusions import OwnForm, PartForm, RequirementForm
from reports.composing.conclusion import Part, compose, plan
from reports.composing.facts import ConclusionFacts
from reports.composing.marks import marks
from reports.composing.parts import PartKind
from reports.composing.sentences import paper_text
from reports.composing.tone import LADDER, TONES
from reports.document import Paragraph

SECTIONS: tuple[tuple[str, tuple[PartKind, ...]], ...] = (
    ("Mở đầu", ("opening",)),
    ("Ưu điểm, kết quả đạt được", ("neutral", "pass")),
    ("Tồn tại, hạn chế", ("repeat", "fail", "explained", "cause")),
    ("Kiến nghị, đề xuất của đơn vị", ("petition",)),
    ("Yêu cầu, kiến nghị", ("lead", "req")),
    ("Tổ chức thực hiện", ("follow",)),
    ("Kết thúc", ("closing",)),
)
STEPS = {"up": -1, "down": 1}


@dataclass(frozen=True)
class Typed:
    """What a refused save had typed, to be shown again."""

    part: str
    text: str
    seen: str
    conflict: Conflict | None
    message: str = ""


@dataclass(frozen=True)
class Group:
    """Paragraphs that stand together: a lĩnh vực of a section, or a section."""

    area: str
    parts: tuple[Part, ...]
    kind: str


def desk(inspection: str, upto: str | None = None, origin: str = "") -> Desk:
    """Where the signed-in account drafts; ``upto`` is the field of the page that it had before it."""
    seen = int(upto) if upto and upto.isdecimal() and len(upto) < 16 else None
    return Desk(journal(), identity(), inspection, seen, origin)


@blueprint.get("/cuoc-kiem-tra/<inspection>/du-thao")
@allow(*DELEGATION)
def draft(inspection: str) -> Page:
    """The draft, paragraph by paragraph."""
    return _draft_page(inspection, drafting_setup(inspection))


@blueprint.post("/cuoc-kiem-tra/<inspection>/du-thao")
@allow(*DELEGATION)
def change(inspection: str) -> Page:
    """Whatever is done with one paragraph; ``action`` says what."""
    setup = drafting_setup(inspection)
    form = PartForm()
    action = request.form.get("action", "save")
    part = drafting.part_of(plan(gather(installation(), inspection)), form.part.data or "")
    if not form.validate():
        message = " ".join(str(text) for texts in form.errors.values() for text in texts)
        return _draft_page(inspection, setup, Typed(part.id, form.text.data or "", form.seen.data or "", None, message))
    if action in STEPS:
        return _move(inspection, part, action)
    try:
        flash(_apply(action, inspection, part, form), "good")
    except StaleError as error:
        conflict, seen = conflict_of(error, {"text": form.text.data}, _readable)
        return _draft_page(inspection, setup, Typed(part.id, form.text.data or "", seen, conflict)), 409
    except KiemtraError as error:
        typed = Typed(part.id, form.text.data or "", form.seen.data or "", None, error.message)
        return _draft_page(inspection, setup, typed), error.status
    return redirect(url_for("conclusions.draft", inspection=inspection, _anchor=part.id))


def _move(inspection: str, part: Part, action: str) -> Page:
    """The button that was pressed has the focus again: it can be pressed on and on."""
    arranging.move(installation(), desk(inspection), part.id, STEPS[action])
    return redirect(url_for("conclusions.draft", inspection=inspection, doan=part.id, nut=action))


def _apply(action: str, inspection: str, part: Part, form: PartForm) -> str:
    """Do it and say what was done."""
    at, seen = desk(inspection, form.upto.data), seen_in(form.seen.data)
    reason = form.reason.data or ""
    deeds: dict[str, tuple[Callable[[], None], str]] = {
        "drop": (
            lambda: drafting.drop(at, part, reason, seen),
            "Đã bỏ đoạn khỏi dự thảo; có thể đưa lại bất cứ lúc nào.",
        ),
        "restore": (lambda: drafting.restore(at, part, seen), "Đã đưa lại đoạn vào dự thảo."),
        "proposal": (lambda: drafting.use_proposal(at, part, seen), "Đã dùng lại câu đề xuất."),
        "look": (lambda: drafting.look(at, part, seen), "Đã ghi nhận anh/chị đã xem thay đổi."),
        "split": (lambda: arranging.split(at, part, seen), "Đã tách lại thành các đoạn như trước khi gộp."),
        "tone": (lambda: drafting.set_tone(at, part, form.tone.data or "", reason, seen), "Đã đặt mức độ."),
        "commend": (lambda: drafting.commend(at, part, seen, on=True), "Đã đánh dấu đề nghị nhân rộng."),
        "uncommend": (lambda: drafting.commend(at, part, seen, on=False), "Đã bỏ đề nghị nhân rộng."),
        "save": (lambda: drafting.reword(at, part, form.text.data or "", seen), "Đã lưu lời văn."),
    }
    if action not in deeds:
        raise InvalidInputError("Không có thao tác này với đoạn văn; hãy tải lại trang dự thảo.")
    do, told = deeds[action]
    do()
    return told


def _readable(value: Mapping[str, Any]) -> dict[str, str]:
    tone = TONES.get(value.get("tone", ""))
    return {
        "Lời văn": value.get("text", ""),
        "Bỏ đoạn": value.get("reason", "") if value.get("dropped") else "",
        "Mức độ": tone.label if tone else "",
    }


def _draft_page(inspection: str, setup: Mapping[str, Any], typed: Typed | None = None) -> str:
    here = installation()
    facts = gather(here, inspection)
    drafted = plan(facts)
    return render_template(
        "conclusions/draft.html",
        inspection=inspection,
        setup=setup,
        facts=facts,
        sections=[(title, kinds, _groups(drafted.parts, kinds)) for title, kinds in SECTIONS],
        parts={part.id: part for part in drafted.parts},
        orphans=[(id_, facts.overrides[id_]) for id_ in drafted.orphans],
        marks=marks(facts, drafted),
        ends=_ends(drafted.neighbours, drafted.parts),
        lead_ins=_lead_ins(facts),
        ladder=LADDER,
        tones=TONES,
        leads=identity().leads(inspection),
        mergeable=arranging.MERGEABLE,
        joinable=Counter(part.area for part in drafted.of("req")),
        moved=(request.args.get("doan", ""), request.args.get("nut", "")),
        checks=check(here, inspection, facts),
        seen={part.id: part.override.entry.id for part in drafted.parts if part.override and part.override.entry},
        own=OwnForm(formdata=None),
        typed=typed,
        teller=issuing_inspection(here.database(), inspection, dict(setup)),
        may_sign=may_sign(identity(), inspection),
        outstanding=outstanding_for(here, inspection, setup),
        **_beside(facts),
    )


def _beside(facts: ConclusionFacts) -> dict[str, Any]:
    """What the findings beside the paragraphs need to be shown."""
    db = installation().database()
    return {
        "findings": {finding.key: finding for finding in facts.findings},
        "bases": {finding.key: facts.bases_of(finding) for finding in facts.findings},
        "pictures": _pictures(facts),
        "paper_text": paper_text,
        "note_labels": NOTE_LABELS,
        "evidence_labels": EVIDENCE_LABELS,
        "names": names_of(db),
        "hearing": hearing_of(db, facts.inspection.id),
        "member_texts": member_texts(db, facts.inspection.id),
    }


def _pictures(facts: ConclusionFacts) -> frozenset[str]:
    """The hashes of the photos that have arrived."""
    rows = installation().database().execute("SELECT sha256 FROM files WHERE type LIKE 'image/%'")
    held = frozenset(row[0] for row in rows)
    return frozenset(one.sha256 or "" for finding in facts.findings for one in finding.evidence) & held


def _groups(parts: Iterable[Part], kinds: Sequence[PartKind]) -> list[Group]:
    """A section's paragraphs in their order, by lĩnh vực where the paper tells them so."""
    found = [part for part in parts if part.kind in kinds]
    order = list(dict.fromkeys(_area(part) for part in found))
    found.sort(key=lambda part: order.index(_area(part)))
    return [
        Group(kind_and_area[1], tuple(group), kind_and_area[0]) for kind_and_area, group in groupby(found, key=_area)
    ]


def _area(part: Part) -> tuple[str, str]:
    section = part.section or part.kind
    return section, part.area if section in {"pass", "fail", "petition", "lead", "req"} else ""


def _ends(neighbours: Callable[[Part], list[Part]], parts: Iterable[Part]) -> dict[str, tuple[bool, bool]]:
    """Whether each paragraph can be moved up, and down."""
    found: dict[str, tuple[bool, bool]] = {}
    for part in parts:
        if part.section is not None and part.stands and part.id not in found:
            ids = [one.id for one in neighbours(part)]
            found |= {id_: (number > 0, number + 1 < len(ids)) for number, id_ in enumerate(ids)}
    return found


def _lead_ins(facts: ConclusionFacts) -> dict[str, str]:
    """The letters and numbers that the paragraphs have on the paper."""
    return {block.id: block.lead_in for block in compose(facts).blocks if isinstance(block, Paragraph)}


@blueprint.post("/cuoc-kiem-tra/<inspection>/du-thao/them")
@allow(*DELEGATION)
def add(inspection: str) -> Page:
    """Add a paragraph of the lead's own."""
    drafting_setup(inspection)
    form = OwnForm()
    if not form.validate():
        raise UnprocessableError(" ".join(str(text) for texts in form.errors.values() for text in texts))
    part = drafting.add_paragraph(desk(inspection), form.section.data, form.text.data)
    flash("Đã thêm đoạn vào dự thảo.", "good")
    return redirect(url_for("conclusions.draft", inspection=inspection, _anchor=part))


@blueprint.post("/cuoc-kiem-tra/<inspection>/du-thao/khong-con-cho")
@allow(*DELEGATION)
def orphan(inspection: str) -> Page:
    """Keep words whose finding is gone as a paragraph of their own, or let them go."""
    drafting_setup(inspection)
    facts = gather(installation(), inspection)
    drafted, id_ = plan(facts), request.form.get("part", "")
    if request.form.get("action") == "keep":
        id_ = arranging.keep_orphan(desk(inspection), facts, drafted, id_)
        flash("Đã giữ lại thành một đoạn riêng; đoạn vẫn gắn với các kết quả cũ.", "good")
    else:
        arranging.let_go(desk(inspection), facts, drafted, id_)
        flash("Đã cho thôi đoạn này; lời văn vẫn còn trong lịch sử.", "good")
    return redirect(url_for("conclusions.draft", inspection=inspection, _anchor=id_))


@blueprint.post("/cuoc-kiem-tra/<inspection>/du-thao/thu-tu-de-xuat")
@allow(*DELEGATION)
def natural_order(inspection: str) -> Page:
    """Take a section's order back."""
    drafting_setup(inspection)
    arranging.natural_order(desk(inspection), request.form.get("section", ""))
    flash("Đã trở về thứ tự đề xuất.", "good")
    return redirect(url_for("conclusions.draft", inspection=inspection))


@blueprint.route("/cuoc-kiem-tra/<inspection>/yeu-cau-du-thao", methods=["GET", "POST"])
@allow(*DELEGATION)
def requirement(inspection: str) -> Page:
    """Write or change one requirement; ``doan`` names its paragraph, none is a new one."""
    setup = drafting_setup(inspection)
    facts = gather(installation(), inspection)
    name = request.args.get("doan", "")
    part = drafting.part_of(plan(facts), name) if name else None
    remedy = part.requirement.remedy if part and part.requirement else None
    entries = journal().current(f"inspection/{inspection}/remedy/{remedy}") if remedy else []
    seen = seen_text([entry.id for entry in entries])
    form = RequirementForm(data={**drafting.requirement_fields(facts, part), "seen": seen})
    conflict, status = _save_requirement(inspection, part, form)
    if status == 302:
        flash("Đã lưu yêu cầu.", "good")
        return redirect(url_for("conclusions.draft", inspection=inspection, _anchor="yeu-cau"))
    reload = url_for("conclusions.requirement", inspection=inspection, doan=name or None)
    page = render_template(
        "conclusions/requirement.html",
        inspection=inspection,
        setup=setup,
        form=form,
        conflict=conflict,
        reload=reload,
        part=part,
        facts=facts,
    )
    return page, status


def _save_requirement(inspection: str, part: Part | None, form: RequirementForm) -> tuple[Conflict | None, int]:
    if not form.is_submitted():
        return None, 200
    if not form.validate():
        return None, 400
    try:
        drafting.save_requirement(journal(), identity(), inspection, part, form.value(), seen_in(form.seen.data))
    except StaleError as error:
        conflict, form.seen.data = conflict_of(error, form.value(), _readable_requirement)
        return conflict, 409
    return None, 302


def _readable_requirement(value: Mapping[str, Any]) -> dict[str, str]:
    labels = {"text": "Nội dung", "deadline_text": "Thời hạn", "product": "Sản phẩm", "addressee": "Đơn vị thực hiện"}
    labels |= {"owner": "Người chịu trách nhiệm", "follow_up": "Cơ quan theo dõi"}
    return {label: value.get(key, "") for key, label in labels.items()}
