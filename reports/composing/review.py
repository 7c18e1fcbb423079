"""What the lead should look at before signing: reported, never repaired.

Each remark has a stable code, the place where it is mended, and a key made from what it is about: once the facts
change, the key does, and whoever set the remark aside is asked anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from checklists.answers import SOURCE_LABELS, Source, Verdict
from checklists.model import LegalBasis
from checklists.rules import differences, failed_checks, figures_of, in_force
from checklists.wording import basis_text, format_number
from reports.composing.conclusion import plan
from reports.composing.facts import ConclusionFacts, Finding
from reports.composing.marks import marks
from reports.composing.parts import Part, Plan
from reports.composing.requirements import Requirement
from reports.composing.said import open_explanations, petition_id, unfinished_changes

Level = Literal["block", "warn"]
Way = Literal["reason", "tick", "none"]

_JUDGED = frozenset({Verdict.PASS, Verdict.PARTIAL, Verdict.FAIL})
_FEW = 5


class Spot(StrEnum):
    """Where a remark is mended."""

    FINDING = "finding"
    DISPUTE = "dispute"
    PART = "part"
    REQUIREMENT = "requirement"
    NEW_REQUIREMENT = "new-requirement"
    SETUP = "setup"
    ISSUER = "issuer"
    TABLETS = "tablets"
    BASES = "bases"
    REMEDIES = "remedies"
    EXPLANATIONS = "explanations"
    PETITIONS = "petitions"
    APPROVALS = "approvals"
    PHOTOS = "photos"


GROUPS = {
    "Kết quả kiểm tra": (
        "no-results",
        "disputed",
        "awaiting-papers",
        "no-verdict",
        "sources-differ",
        "totals-differ",
        "wording-outdated",
        "praised-and-blamed",
    ),
    "Phụ lục ảnh": ("photos-left-out",),
    "Căn cứ": ("no-mandate", "no-day", "basis-unconfirmed", "basis-without-article"),
    "Lời văn": ("forbidden-word", "part-outdated", "part-orphaned"),
    "Yêu cầu, kiến nghị": ("no-requirement", "partial-without-requirement", "requirement-incomplete"),
    "Lần kiểm tra trước": ("earlier-open",),
    "Giải trình, ý kiến duyệt": (
        "explanation-undecided",
        "explanation-unfinished",
        "petition-unanswered",
        "approval-missing",
    ),
    "Dữ liệu trên máy tính bảng": ("tablets-outstanding",),
    "Cơ quan ban hành": ("no-symbol", "no-signer"),
}
"""Codes of remarks under the heading that people see them under. A released code keeps its meaning."""


@dataclass(frozen=True)
class Remark:
    """One point of the check list.

    Attributes:
        level: ``block`` keeps the paper from being issued, ``warn`` does not.
        place: id of the paragraph, key of the finding or of what else it is about.
        text: a Vietnamese sentence.
        code: stable, one of those in ``GROUPS``.
        spot: where it is mended.
        way: how a signer may sign over it: with a ``reason`` that is kept, by the ``tick`` at signing, or not at all
            (``none``: without mending it there is nothing to sign).
        about: what it was made from, besides its words; by it the key changes with the facts.
    """

    level: Level
    place: str
    text: str
    code: str
    spot: Spot
    way: Way = "reason"
    about: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names the remark and what it is about: ``no-requirement-3f2a…``."""
        told = json.dumps([self.place, self.text, *self.about], ensure_ascii=False)
        return f"{self.code}-{hashlib.sha256(told.encode()).hexdigest()[:24]}"


def review(facts: ConclusionFacts) -> list[Remark]:
    """All points that the facts alone show, those that block first."""
    drafted = plan(facts)
    found = [
        *_of_findings(facts),
        *_of_plan(facts, drafted),
        *_of_what_was_said(facts),
        *_of_bases(facts),
        *_of_frame(facts, drafted),
    ]
    return in_order(found)


def in_order(remarks: Iterable[Remark]) -> list[Remark]:
    """Those that block first."""
    return sorted(remarks, key=lambda remark: remark.level != "block")


def grouped(remarks: Iterable[Remark]) -> list[tuple[str, list[Remark]]]:
    """Under the headings of ``GROUPS``, empty ones left out."""
    all_of_them = list(remarks)
    found = [(title, [one for one in all_of_them if one.code in codes]) for title, codes in GROUPS.items()]
    return [(title, group) for title, group in found if group]


def _of_findings(facts: ConclusionFacts) -> Iterator[Remark]:
    for finding in facts.findings:
        yield from _of_finding(finding)
        yield from _of_figures(finding)


def _of_finding(finding: Finding) -> Iterator[Remark]:
    name = _name(finding)
    if finding.disputed:
        text = f"{name}: hai máy ghi khác nhau, trưởng đoàn cần chốt trước khi ký."
        yield Remark("block", finding.key, text, "disputed", Spot.DISPUTE, "none", _entries(finding))
    if finding.verdict is Verdict.AWAITING_PAPERS:
        text = f"{name}: đang chờ đơn vị bổ sung tài liệu nên chưa đưa vào kết luận."
        yield _warn(finding, text, "awaiting-papers")
    if finding.verdict is None and finding.value.figures and not finding.wordings():
        yield _warn(finding, f"{name}: có số liệu nhưng chưa có kết quả đánh giá.", "no-verdict")
    written = max((entry.seq for entry in finding.entries), default=0)
    if any(note.entry.seq < written for note in finding.wordings()):
        text = f"{name}: câu đề xuất được viết trước khi kết quả thay đổi; hãy xem lại."
        yield _warn(finding, text, "wording-outdated")


def _of_figures(finding: Finding) -> Iterator[Remark]:
    name = _name(finding)
    for difference in differences(finding.item, finding.value):
        told = "; ".join(f"{SOURCE_LABELS[one.source]}: {format_number(one.value)}" for one in difference.readings)
        yield _warn(finding, f"{name}: «{difference.label}» khác nhau giữa các nguồn ({told}).", "sources-differ")
    for source in Source:
        for text in failed_checks(finding.item, figures_of(finding.value, source)):
            yield _warn(finding, f"{name}, {SOURCE_LABELS[source].lower()}: {text}", "totals-differ")


def _warn(finding: Finding, text: str, code: str) -> Remark:
    return Remark("warn", finding.key, text, code, Spot.FINDING, about=_entries(finding))


def _entries(finding: Finding) -> tuple[str, ...]:
    return tuple(sorted(entry.id for entry in finding.all_entries()))


def _of_plan(facts: ConclusionFacts, drafted: Plan) -> Iterator[Remark]:
    praised = {key for part in drafted.of("pass") for key in part.rests_on}
    asked = {key for one in drafted.standing_requirements() for key in one.findings}
    findings = {finding.key: finding for finding in facts.findings}
    for part in drafted.of("fail"):
        yield from _of_shortcoming(part, praised, asked, findings)
    for one in drafted.standing_requirements():
        yield from _of_requirement(one)
    for finding in facts.findings:
        if finding.verdict is Verdict.PARTIAL and finding.key in praised and finding.key not in asked:
            text = f"{_name(finding)}: đạt một phần, chưa có yêu cầu hoàn thiện."
            yield Remark(
                "warn",
                finding.key,
                text,
                "partial-without-requirement",
                Spot.NEW_REQUIREMENT,
                about=_entries(finding),
            )
    yield from _of_overrides(facts, drafted)


def _of_shortcoming(part: Part, praised: set[str], asked: set[str], findings: dict[str, Finding]) -> Iterator[Remark]:
    """The same item and place both praised and blamed may be meant (đạt, còn hạn chế), so it only warns."""
    for key in part.rests_on:
        if key in praised and key in findings:
            text = f"{_name(findings[key])}: vừa được khen vừa bị nhắc ở cùng một nơi."
            yield Remark("warn", part.id, text, "praised-and-blamed", Spot.PART, about=(part.text,))
    if part.rests_on and not asked & set(part.rests_on):
        text = f"Tồn tại «{_short(part.text)}» chưa có yêu cầu khắc phục nào."
        yield Remark("block", part.id, text, "no-requirement", Spot.NEW_REQUIREMENT, about=(part.text,))


def _of_requirement(one: Requirement) -> Iterator[Remark]:
    """Six things must be clear: who, what, when, who answers for it, what proves it, who follows it up.

    Another body decides for itself who answers for it and what it shows.
    """
    another = one.addressee_kind == "co_quan_khac"
    needed = (
        ("thời hạn", one.deadline or one.due),
        ("người chịu trách nhiệm", one.owner or another),
        ("sản phẩm", one.product or another),
        ("cơ quan theo dõi", one.follow_up),
    )
    missing = [name for name, value in needed if not value]
    if missing:
        text = f"Yêu cầu «{_short(one.text)}» chưa có {_listed(missing)}."
        yield Remark("warn", one.id, text, "requirement-incomplete", Spot.REQUIREMENT, about=(one.text,))


def _of_overrides(facts: ConclusionFacts, drafted: Plan) -> Iterator[Remark]:
    marked = marks(facts, drafted)
    for part in drafted.parts:
        if re.search(r"vi phạm", part.text, re.IGNORECASE) and part.stands:
            text = f"«{_short(part.text)}»: kết luận không dùng chữ «vi phạm»."
            yield Remark("warn", part.id, text, "forbidden-word", Spot.PART, about=(part.text,))
        if part.override is not None and part.id in marked:
            text = f"«{_short(part.text)}»: phát hiện đã thay đổi sau khi sửa lời văn."
            yield Remark("warn", part.id, text, "part-outdated", Spot.PART, about=_newest(facts, part))
    for orphan in drafted.orphans:
        text = f"Đoạn sửa tay «{_short(facts.overrides[orphan].text)}» không còn chỗ đứng."
        yield Remark("warn", orphan, text, "part-orphaned", Spot.PART)


def _of_what_was_said(facts: ConclusionFacts) -> Iterator[Remark]:
    """Explanations and requests of the unit that nobody has decided on; one that came too late holds nothing up."""
    names = {finding.key: _name(finding) for finding in facts.findings}
    for one in open_explanations(facts):
        text = (
            f"{names.get(one.key, 'Giải trình')}: đơn vị đã giải trình, trưởng đoàn chưa quyết định tiếp thu hay không."
        )
        text += " Giải trình này gửi sau hạn." if one.late else ""
        level: Level = "warn" if one.late else "block"
        yield Remark(level, one.key, text, "explanation-undecided", Spot.EXPLANATIONS, about=(one.entry.id,))
    for one in unfinished_changes(facts):
        name = names.get(one.key, "Giải trình")
        text = f"{name}: đã tiếp thu giải trình và cần sửa kết quả, nhưng kết quả chưa được sửa."
        yield Remark("warn", one.key, text, "explanation-unfinished", Spot.FINDING, about=(one.entry.id,))
    for asked in facts.petitions:
        if not asked.handling:
            text = f"Kiến nghị của đơn vị «{_short(asked.text)}» chưa có ý kiến của Đoàn kiểm tra."
            yield Remark("warn", petition_id(asked), text, "petition-unanswered", Spot.PETITIONS, about=(asked.text,))


def _newest(facts: ConclusionFacts, part: Part) -> tuple[str, ...]:
    """The last entry of each finding under a paragraph."""
    under = [finding.all_entries() for finding in facts.findings if finding.key in part.rests_on]
    return tuple(max(entries, key=lambda entry: entry.seq).id for entries in under if entries)


def _of_bases(facts: ConclusionFacts) -> Iterator[Remark]:
    """Legal bases that nobody has confirmed by name: until then they are left out of the paper. One remark for all."""
    named = [
        (finding, basis)
        for finding in facts.findings
        if finding.verdict in _JUDGED
        for basis in finding.item.legal
        if in_force(basis.start, basis.end, facts.inspection.day)
        and (finding.item.id, basis_text(basis)) not in facts.articles
    ]
    names = _each_once(basis for _, basis in named if not _is_vouched_for(basis, facts))
    if names:
        text = f"{len(names)} căn cứ pháp lý chưa có người xác nhận nên không được nêu trong văn bản: {_some(names)}"
        yield Remark("warn", "bases", text, "basis-unconfirmed", Spot.BASES, about=names)
    blamed = (basis for finding, basis in named if finding.verdict is Verdict.FAIL and not basis.clause)
    names = _each_once(basis for basis in blamed if basis_text(basis) in facts.confirmed_bases)
    if names:
        text = f"{len(names)} căn cứ đã xác nhận nhưng chưa ghi điều, khoản nên câu văn không nêu: {_some(names)}"
        yield Remark("warn", "bases", text, "basis-without-article", Spot.BASES, about=names)


def _is_vouched_for(basis: LegalBasis, facts: ConclusionFacts) -> bool:
    return basis.sure or basis_text(basis) in facts.confirmed_bases


def _each_once(named: Iterable[LegalBasis]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(basis_text(basis) for basis in named))


def _some(names: Sequence[str]) -> str:
    return "; ".join(names[:_FEW]) + ("; …" if len(names) > _FEW else ".")


def _of_frame(facts: ConclusionFacts, drafted: Plan) -> Iterator[Remark]:
    if not any(finding.verdict for finding in facts.findings):
        text = "Chưa có kết quả kiểm tra nào; hãy ghi kết quả trước khi ra văn bản."
        yield Remark("block", "", text, "no-results", Spot.FINDING, "none")
    about = facts.inspection
    if not any(paper and paper.number for paper in (about.plan, about.decision)) and not _names_mandate(drafted):
        text = "Chưa nêu căn cứ: số, ngày của kế hoạch hoặc quyết định kiểm tra."
        yield Remark("warn", "opening", text, "no-mandate", Spot.SETUP)
    if not about.dates:
        yield Remark("warn", "opening", "Chưa ghi ngày kiểm tra.", "no-day", Spot.SETUP)
    yield from _of_photos(facts)
    if not facts.issuer.symbol:
        text = "Cơ quan ban hành chưa có ký hiệu cho loại văn bản này; hãy khai thêm."
        yield Remark("block", "", text, "no-symbol", Spot.ISSUER, "none")
    if not facts.issuer.signatory.name:
        text = "Cơ quan ban hành chưa có người ký; hãy khai người ký."
        yield Remark("block", "", text, "no-signer", Spot.ISSUER, "none")


def _names_mandate(drafted: Plan) -> bool:
    """A conclusion names its grounds in a running paragraph, which the lead may have written by hand."""
    opening = " ".join(part.text for part in drafted.of("opening"))
    return re.search(r"(?:Kế hoạch|Quyết định|Công văn|Nghị quyết) số \d+", opening) is not None


def _of_photos(facts: ConclusionFacts) -> Iterator[Remark]:
    annex = facts.photo_annex
    if annex is None:
        return
    told = []
    if annex.unlooked:
        told.append(
            f"Phụ lục ảnh bỏ {annex.unlooked:02d} ảnh chưa có người xác nhận đã che thông tin cá nhân; hãy xem "
            "từng ảnh rồi xác nhận nếu muốn đưa vào văn bản."
        )
    if annex.missing:
        told.append(f"Phụ lục ảnh bỏ {annex.missing:02d} ảnh chưa về máy chủ; hãy đồng bộ máy tính bảng đã chụp.")
    if not annex.photos:
        told.append("Phụ lục ảnh chưa có ảnh nào dùng được nên văn bản không kèm phụ lục này.")
    for text in told:
        yield Remark("warn", "photo_annex", text, "photos-left-out", Spot.PHOTOS)


def _name(finding: Finding) -> str:
    where = f" tại {finding.site.name}" if finding.site else ""
    return f"Mục «{_short(finding.item.question)}»{where}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rsplit(' ', 1)[0].rstrip(' ,;')}…"


def _listed(names: list[str]) -> str:
    return " và ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
