"""What the lead should look at before signing: reported, never repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from checklists.answers import SOURCE_LABELS, Source, Verdict
from checklists.rules import differences, failed_checks, figures_of
from checklists.wording import format_number
from reports.conclusion import plan
from reports.facts import ConclusionFacts, Finding
from reports.marks import marks
from reports.parts import Plan
from reports.said import open_explanations, petition_id, unfinished_changes


@dataclass(frozen=True)
class Remark:
    """One point of the check list.

    Attributes:
        level: ``block`` keeps the paper from being issued, ``warn`` does not.
        place: id of the paragraph or key of the finding that it is about.
        text: a Vietnamese sentence.
    """

    level: Literal["block", "warn"]
    place: str
    text: str


def review(facts: ConclusionFacts) -> list[Remark]:
    """All points, those that block first."""
    drafted = plan(facts)
    found = [*_of_findings(facts), *_of_plan(facts, drafted), *_of_what_was_said(facts), *_of_frame(facts)]
    return sorted(found, key=lambda remark: remark.level != "block")


def _of_findings(facts: ConclusionFacts) -> Iterator[Remark]:
    for finding in facts.findings:
        yield from _of_finding(finding)


def _of_finding(finding: Finding) -> Iterator[Remark]:
    name = _name(finding)
    if finding.disputed:
        yield Remark("block", finding.key, f"{name}: hai máy ghi khác nhau, trưởng đoàn cần chốt trước khi ký.")
    if finding.verdict is Verdict.AWAITING_PAPERS:
        yield Remark("warn", finding.key, f"{name}: đang chờ đơn vị bổ sung tài liệu nên chưa đưa vào kết luận.")
    if finding.verdict is None and finding.value.figures and not finding.wordings():
        yield Remark("warn", finding.key, f"{name}: có số liệu nhưng chưa có kết quả đánh giá.")
    written = max((entry.seq for entry in finding.entries), default=0)
    if any(note.entry.seq < written for note in finding.wordings()):
        yield Remark("warn", finding.key, f"{name}: câu đề xuất được viết trước khi kết quả thay đổi; hãy xem lại.")
    for difference in differences(finding.item, finding.value):
        told = "; ".join(f"{SOURCE_LABELS[one.source]}: {format_number(one.value)}" for one in difference.readings)
        yield Remark("warn", finding.key, f"{name}: «{difference.label}» khác nhau giữa các nguồn ({told}).")
    for source in Source:
        for text in failed_checks(finding.item, figures_of(finding.value, source)):
            yield Remark("warn", finding.key, f"{name}, {SOURCE_LABELS[source].lower()}: {text}")


def _of_plan(facts: ConclusionFacts, drafted: Plan) -> Iterator[Remark]:
    praised = {key for part in drafted.of("pass") for key in part.rests_on}
    asked = {key for one in drafted.standing_requirements() for key in one.findings}
    findings = {finding.key: finding for finding in facts.findings}
    for part in drafted.of("fail"):
        for key in part.rests_on:
            if key in praised:
                yield Remark("warn", part.id, f"{_name(findings[key])}: vừa được khen vừa bị nhắc ở cùng một nơi.")
        if part.rests_on and not asked & set(part.rests_on):
            yield Remark("warn", part.id, "Tồn tại này chưa có yêu cầu khắc phục nào.")
    for one in drafted.standing_requirements():
        missing = [
            name for name, value in (("thời hạn", one.deadline or one.due), ("sản phẩm", one.product)) if not value
        ]
        if missing:
            yield Remark("warn", one.id, f"Yêu cầu «{_short(one.text)}» chưa có {' và '.join(missing)}.")
    for finding in facts.findings:
        if finding.verdict is Verdict.PARTIAL and finding.key in praised and finding.key not in asked:
            yield Remark("warn", finding.key, f"{_name(finding)}: đạt một phần, chưa có yêu cầu hoàn thiện.")
    yield from _of_overrides(facts, drafted)


def _of_overrides(facts: ConclusionFacts, drafted: Plan) -> Iterator[Remark]:
    marked = marks(facts, drafted)
    for part in drafted.parts:
        if re.search(r"vi phạm", part.text, re.IGNORECASE) and part.stands:
            yield Remark("warn", part.id, f"«{_short(part.text)}»: kết luận không dùng chữ «vi phạm».")
        if part.override is not None and part.id in marked:
            yield Remark("warn", part.id, f"«{_short(part.text)}»: phát hiện đã thay đổi sau khi sửa lời văn.")
    for orphan in drafted.orphans:
        yield Remark("warn", orphan, f"Đoạn sửa tay «{_short(facts.overrides[orphan].text)}» không còn chỗ đứng.")


def _of_what_was_said(facts: ConclusionFacts) -> Iterator[Remark]:
    """Explanations and requests of the unit that nobody has decided on; one that came too late holds nothing up."""
    names = {finding.key: _name(finding) for finding in facts.findings}
    for one in open_explanations(facts):
        name = names.get(one.key, "Giải trình")
        text = f"{name}: đơn vị đã giải trình, trưởng đoàn chưa quyết định tiếp thu hay không."
        late = " Giải trình này gửi sau hạn." if one.late else ""
        yield Remark("warn" if one.late else "block", one.key, text + late)
    for one in unfinished_changes(facts):
        name = names.get(one.key, "Giải trình")
        yield Remark(
            "warn", one.key, f"{name}: đã tiếp thu giải trình và cần sửa kết quả, nhưng kết quả chưa được sửa."
        )
    for asked in facts.petitions:
        if not asked.handling:
            text = f"Kiến nghị của đơn vị «{_short(asked.text)}» chưa có ý kiến của Đoàn kiểm tra."
            yield Remark("warn", petition_id(asked), text)


def _of_frame(facts: ConclusionFacts) -> Iterator[Remark]:
    if not any(finding.verdict for finding in facts.findings):
        yield Remark("block", "", "Chưa có kết quả kiểm tra nào; hãy ghi kết quả trước khi ra văn bản.")
    about = facts.inspection
    if not any(paper and paper.number for paper in (about.plan, about.decision)):
        yield Remark("warn", "opening", "Chưa nêu căn cứ: số, ngày của kế hoạch hoặc quyết định kiểm tra.")
    if not about.dates:
        yield Remark("warn", "opening", "Chưa ghi ngày kiểm tra.")
    if not facts.issuer.symbol:
        yield Remark("block", "", "Cơ quan ban hành chưa có ký hiệu cho loại văn bản này; hãy khai thêm.")


def _name(finding: Finding) -> str:
    where = f" tại {finding.site.name}" if finding.site else ""
    return f"Mục «{_short(finding.item.question)}»{where}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"
