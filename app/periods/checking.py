"""What the signer of a report over a campaign should know: told on the page and kept with the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.inspections.disputes import disputed_subjects
from app.installation import Installation
from reports.composing.period_facts import InspectedUnit, PeriodFacts, ScopeUnit

_FEW = 8


@dataclass(frozen=True)
class PeriodRemark:
    """One remark; one that blocks keeps the report from being signed.

    Attributes:
        code: stable.
        inspections: where it is looked into: id and name of the unit.
    """

    code: str
    level: Literal["block", "warn"]
    text: str
    inspections: tuple[tuple[str, str], ...] = ()

    def to_value(self) -> dict[str, str]:
        """As the paper's value keeps it."""
        return {"code": self.code, "level": self.level, "text": self.text}


def remarks(installation: Installation, facts: PeriodFacts) -> list[PeriodRemark]:
    """All remarks on a report as it stands, those that block first."""
    found = [*_of_body(facts), *_of_conclusions(facts), *_of_data(installation, facts)]
    return sorted(found, key=lambda one: one.level != "block")


def _of_body(facts: PeriodFacts) -> Iterator[PeriodRemark]:
    if not facts.issuer.symbol:
        text = "Cơ quan ban hành chưa có ký hiệu Báo cáo; hãy khai ở trang «Cơ quan ban hành» hoặc chọn cơ quan khác."
        yield PeriodRemark("no-symbol", "block", text)
    if not facts.issuer.signatory.name:
        text = "Cơ quan ban hành chưa có người ký; hãy khai ở trang «Cơ quan ban hành» hoặc chọn cơ quan khác."
        yield PeriodRemark("no-signer", "block", text)


def _of_conclusions(facts: PeriodFacts) -> Iterator[PeriodRemark]:
    lost = [one for one in facts.visits if one.unreadable]
    if lost:
        names = "; ".join(one.unreadable for one in lost)
        text = f"Không đọc được nội dung của {names} trên máy chủ; hãy báo quản trị khôi phục tệp từ bản sao lưu."
        yield PeriodRemark("conclusion-unreadable", "block", text, _places(lost))
    if not facts.concluded and not lost:
        text = "Chưa có kết luận kiểm tra nào trong kỳ được vào sổ nên chưa có gì để tổng hợp."
        yield PeriodRemark("no-conclusion", "block", text, _places(facts.visits))
    if facts.pending:
        text = (
            f"{len(facts.pending):02d} cuộc kiểm tra chưa có kết luận vào sổ; tồn tại, hạn chế ở đó chưa được tính, "
            "Báo cáo nói rõ điều này."
        )
        yield PeriodRemark("not-concluded", "warn", text, _places(facts.pending))
    if facts.unvisited:
        text = f"{len(facts.unvisited):02d} đơn vị trong phạm vi đợt chưa được kiểm tra: {_few(facts.unvisited)}."
        yield PeriodRemark("not-visited", "warn", text)
    corrected = [one for one in facts.concluded if one.paper and one.paper.corrected]
    if corrected:
        text = (
            f"{len(corrected):02d} kết luận đã được đính chính sau khi ban hành; Báo cáo lấy lời của kết luận, hãy đối "
            "chiếu với công văn đính chính."
        )
        yield PeriodRemark("conclusion-corrected", "warn", text, _places(corrected))


def _of_data(installation: Installation, facts: PeriodFacts) -> Iterator[PeriodRemark]:
    journal = installation.journal()
    disputed = [one for one in facts.visits if disputed_subjects(journal, one.inspection)]
    if disputed:
        text = (
            f"{len(disputed):02d} cuộc kiểm tra còn nội dung các thành viên ghi khác nhau, trưởng đoàn chưa quyết định."
        )
        yield PeriodRemark("disputed", "warn", text, _places(disputed))
    differing = [one for one in facts.concluded if any(finding.differing() for finding in one.findings)]
    if differing:
        text = (
            f"Số liệu của {len(differing):02d} đơn vị khác nhau giữa các nguồn; Báo cáo không nêu những số liệu đó ở "
            "phần tổng hợp."
        )
        yield PeriodRemark("sources-differ", "warn", text, _places(differing))


def _places(visits: tuple[InspectedUnit, ...] | list[InspectedUnit]) -> tuple[tuple[str, str], ...]:
    return tuple((one.inspection, one.unit.name) for one in visits)


def _few(units: list[ScopeUnit]) -> str:
    more = "; …" if len(units) > _FEW else ""
    return "; ".join(unit.name for unit in units[:_FEW]) + more
