"""Facts for composing, made by hand."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from checklists.answers import AnswerValue
from checklists.library import Library
from reports.composing.facts import (
    ConclusionFacts,
    EntryFact,
    Finding,
    InspectionFact,
    IssuerFact,
    NoteFact,
    SiteFact,
    UnitFact,
)
from reports.document import DocumentKind, Signatory

LIBRARY = Library.load()
_numbers = count(1)


def entry() -> EntryFact:
    number = next(_numbers)
    return EntryFact(f"e-{number}", number, "an", "may-1")


def note(text: str, kind: str = "dien_dat", *, good: bool | None = None) -> NoteFact:
    return NoteFact(kind, text, entry(), good)  # type: ignore[arg-type]


def figures(source: str = "bao_cao", **values: object) -> dict[str, list[dict[str, str]]]:
    return {key: [{"value": str(value), "source": source}] for key, value in values.items()}


def finding(item: str, verdict: str | None, *, site: str = "", given: Any = None, **more: Any) -> Finding:
    found = LIBRARY.item(item)
    value = AnswerValue.model_validate({"item_version": 1, "verdict": verdict, "figures": given or {}})
    place = SiteFact(site.lower().replace(" ", "-"), site) if site else None
    return Finding(
        key=f"answer/{item}" + (f"@{place.id}" if place else ""),
        item=found,
        area=LIBRARY.pack(item.partition(".")[0]).area_of(found),
        value=value,
        entries=(entry(),),
        site=place,
        **more,
    )


def facts(
    *findings: Finding, kind: str = "TB", level: str = "so", verb: str = "yêu cầu", **more: Any
) -> ConclusionFacts:
    about: dict[str, Any] = {"title": "Kiểm tra công tác CCHC năm 2026", "team": "Đoàn kiểm tra CCHC tỉnh"}
    about |= more.pop("about", {})
    issuer = IssuerFact(
        name="Đoàn kiểm tra CCHC tỉnh",
        letterhead="ĐOÀN KIỂM TRA",
        signatory=Signatory("TRƯỞNG ĐOÀN", "Nguyễn Văn Mẫu", "TM. ĐOÀN KIỂM TRA"),
        place="Đồng Tháp",
        symbol=f"{kind}-ĐKT",
        follow_up="Sở Nội vụ",
        verb=verb,
    )
    inspection = InspectionFact(
        id="cuoc-1", document_kind=DocumentKind(kind), day=date(2026, 11, 20), dates=(date(2026, 11, 20),), **about
    )
    return ConclusionFacts(
        inspection=inspection,
        unit=UnitFact("u", "Sở A", level, {"mot_cua": "Bộ phận Một cửa"}),
        issuer=issuer,
        findings=findings,
        year=2026,
        **more,
    )
