"""A campaign of five units as a report tells of it, small enough to be counted by hand.

=========  ===========================  ==========================================  =====================
unit       conclusion                   item by item                                requirements
=========  ===========================  ==========================================  =====================
Xã Một     12/TB-ĐKT, 10/9/2026         late dossiers (3, repeat), hotline missing   done in time, overdue
Xã Hai     13/TB-ĐKT, 11/9/2026         late dossiers (5 or 7), hotline good         done late
Sở Ba      14/TB-SNV, 12/9/2026         late dossiers good, hotline good             open, answered
Xã Bốn     none yet                     visited
Xã Năm     none                         not visited
=========  ===========================  ==========================================  =====================
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from checklists.answers import Verdict
from checklists.library import Library
from reports.composing.facts import EntryFact, IssuerFact, PaperFact, PetitionFact
from reports.composing.period_facts import (
    ConcludedFact,
    InspectedUnit,
    PeriodFacts,
    RemedyFact,
    SaidFinding,
    SaidParagraph,
    ScopeUnit,
)
from reports.document import Signatory

LIBRARY = Library.load()
LATE, HOTLINE = "ho-so.tre-han-tren-phan-mem", "duong-day-nong.co-niem-yet"
TODAY = date(2026, 11, 22)
UNITS = {
    name: ScopeUnit(f"u-{number}", f"{'Sở' if name == 'Ba' else 'Xã'} {name}", "so" if name == "Ba" else "xa")
    for number, name in enumerate(("Một", "Hai", "Ba", "Bốn", "Năm"), 1)
}


def finding(item: str, verdict: Verdict, *figures: tuple[str, tuple[str, ...]], **more: Any) -> SaidFinding:
    found = LIBRARY.item(item)
    area = LIBRARY.pack(item.partition(".")[0]).area_of(found)
    return SaidFinding(f"answer/{item}", item, found, area, verdict, dict(figures), **more)


def said(section: str, item: str, text: str) -> SaidParagraph:
    return SaidParagraph(f"{section}.{item}", text, (f"answer/{item}",), (f"e-{section}-{item}",))


def conclusion(number: int, day: int, findings: list[SaidFinding], paragraphs: list[SaidParagraph]) -> ConcludedFact:
    told = f"{number}/TB-ĐKT"
    return ConcludedFact(
        f"doc-{number}",
        f"Thông báo số {told} ngày {day}/9/2026",
        told,
        date(2026, 9, day),
        f"{number:064x}",
        tuple(findings),
        tuple(paragraphs),
    )


def remedy(addressee: str, due: date | None, done: date | None = None, **more: bool) -> RemedyFact:
    return RemedyFact("Rà soát hồ sơ", addressee, due, done, entries=(f"r-{addressee}-{due}",), **more)


def _one() -> InspectedUnit:
    repeat = {"repeat": True, "notice": "Thông báo số 05/TB-ĐKT ngày 20/7/2025", "entries": ("e-1",)}
    paper = conclusion(
        12,
        10,
        [
            finding(LATE, Verdict.FAIL, ("tre_han", ("3", "3")), **repeat),
            finding(HOTLINE, Verdict.FAIL, entries=("e-2",)),
        ],
        [
            said("fail", LATE, "Còn 03 hồ sơ trễ hạn trên phần mềm."),
            said("fail", HOTLINE, "Chưa niêm yết đường dây nóng tại trụ sở cũ."),
            SaidParagraph("cause", "Nguyên nhân: thiếu người."),
        ],
    )
    wanted = (
        remedy("Xã Một", date(2026, 10, 1), date(2026, 9, 30)),
        remedy("Xã Một", date(2026, 11, 1)),
    )
    asks = (PetitionFact("kn-1", "Bổ sung biên chế", EntryFact("p-1", 9, "dv", "may"), "Sở Nội vụ"),)
    return InspectedUnit(
        "c-1", UNITS["Một"], (date(2026, 9, 1),), visited=True, paper=paper, remedies=wanted, petitions=asks
    )


def _two() -> InspectedUnit:
    paper = conclusion(
        13,
        11,
        [finding(LATE, Verdict.FAIL, ("tre_han", ("5", "7"))), finding(HOTLINE, Verdict.PASS)],
        [
            said("fail", LATE, "Còn 05 hồ sơ trễ hạn."),
            said("pass", HOTLINE, "Niêm yết đủ."),
            SaidParagraph("cause", "Nguyên nhân: thiếu người."),
        ],
    )
    wanted = (remedy("Xã Hai", date(2026, 10, 1), date(2026, 10, 5)),)
    return InspectedUnit("c-2", UNITS["Hai"], (date(2026, 9, 2),), visited=True, paper=paper, remedies=wanted)


def _three() -> InspectedUnit:
    practice = SaidParagraph(f"practice.{HOTLINE}.1", "Cách làm hay: gọi thử mỗi tuần.", (f"answer/{HOTLINE}",))
    paper = conclusion(
        14,
        12,
        [finding(LATE, Verdict.PASS), finding(HOTLINE, Verdict.PASS)],
        [said("pass", LATE, "Không có hồ sơ trễ hạn."), said("pass", HOTLINE, "Niêm yết đủ."), practice],
    )
    wanted = (remedy("Sở Ba", date(2026, 12, 1)), remedy("Sở Ba", None, answered=True))
    return InspectedUnit("c-3", UNITS["Ba"], (date(2026, 9, 3),), visited=True, paper=paper, remedies=wanted)


def facts(**changes: Any) -> PeriodFacts:
    issuer = IssuerFact(
        "Sở Nội vụ",
        "SỞ NỘI VỤ",
        Signatory("GIÁM ĐỐC", "Nguyễn Văn Mẫu"),
        superior="UBND TỈNH ĐỒNG THÁP",
        place="Đồng Tháp",
        symbol="BC-SNV",
        addressee="UBND tỉnh",
    )
    four = InspectedUnit("c-4", UNITS["Bốn"], (date(2026, 11, 20),), visited=True)
    made = PeriodFacts(
        campaign="dot-1",
        title="Đợt kiểm tra công tác CCHC năm 2026",
        team="Đoàn kiểm tra CCHC tỉnh",
        issuer=issuer,
        today=TODAY,
        scope=tuple(UNITS.values()),
        visits=(_one(), _two(), _three(), four),
        levels={"so": "Sở, ban, ngành", "xa": "Cấp xã"},
        plan=PaperFact("45/KH-UBND", date(2026, 2, 28), "UBND tỉnh"),
        entry="e-dot",
        head={"seq": 1, "hash": "00"},
    )
    return replace(made, **changes)
