"""An inspection's parts as labelled Vietnamese text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.home.screen import vietnamese_date
from app.inspections.queries import issuer_of, unit_of
from app.web import installation
from forms.inspections import DOCUMENT_KINDS, FUNCTIONS, KINDS
from forms.sites import SITE_KINDS

STATES: dict[str, tuple[str, str]] = {
    "open": ("Đang kiểm tra", ""),
    "signed": ("Đã ký, chờ vào sổ", "warn"),
    "prepared": ("Chờ ký ngoài hệ thống", "warn"),
    "registered": ("Đã ban hành", "good"),
    "replaced": ("Đã thay thế", ""),
}
"""State of the newest document: label and colour."""

EVIDENCE_LABELS = {
    "anh": "Ảnh",
    "tep": "Tệp",
    "van_ban": "Văn bản",
    "dia_chi": "Địa chỉ",
    "goi_thu": "Gọi thử",
}
NOTE_LABELS = {
    "nhan_xet": "Nhận xét",
    "nguyen_nhan": "Nguyên nhân",
    "dien_dat": "Đề xuất diễn đạt",
    "cach_lam_hay": "Cách làm hay",
}

_FUNCTIONS = dict(FUNCTIONS)


def functions_text(functions: list[str]) -> str:
    """``Trưởng đoàn, Người ký``."""
    return ", ".join(_FUNCTIONS.get(name, name) for name in functions)


def paper_text(paper: Mapping[str, Any] | None) -> str:
    """``Kế hoạch số 12/KH-UBND ngày 05/01/2022 của … về …`` without its type."""
    if not paper:
        return ""
    parts = (
        ("số {}", paper.get("number")),
        ("ngày {}", vietnamese_date(paper.get("date"))),
        ("của {}", paper.get("issuer")),
        ("về {}", paper.get("subject")),
    )
    return " ".join(form.format(text) for form, text in parts if text)


def period_text(period: Mapping[str, Any] | None) -> str:
    """``từ 01/01/2026 đến 31/10/2026``."""
    return f"từ {vietnamese_date(period['start'])} đến {vietnamese_date(period['end'])}" if period else ""


def _who(one: Mapping[str, Any]) -> tuple[str, ...]:
    mandate = one.get("mandate")
    return (
        one["name"],
        one.get("position", ""),
        functions_text(one["functions"]),
        f"dự thay: {mandate}" if mandate else "",
    )


def _given(one: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[str, ...]:
    given = [*(one.get("areas") or ()), *(titles.get(pack, pack) for pack in one.get("checklists") or ())]
    return (f"được giao: {'; '.join(given)}",) if given else ()


def readable_setup(setup: Mapping[str, Any]) -> dict[str, str]:
    """A setup as labelled text, for reading and for comparing two versions."""
    if not setup:
        return {}
    db, kinds = installation().database(), dict(SITE_KINDS)
    titles = {pack.id: pack.title for pack in installation().library().packs()}
    members = (
        " · ".join(part for part in (*_who(one), *_given(one, titles)) if part) for one in setup.get("members", ())
    )
    sites = (
        " · ".join(part for part in (site["name"], site.get("address"), kinds.get(site.get("kind") or "", "")) if part)
        for site in setup.get("sites", ())
    )
    return {
        "Tên cuộc kiểm tra": setup["title"],
        "Đơn vị được kiểm tra": unit_of(db, setup["unit"])["name"],
        "Cơ quan ban hành kết luận": issuer_of(db, setup["issuer"])["name"],
        "Hình thức": dict(KINDS)[setup.get("kind", "dinh_ky")],
        "Văn bản kết luận": dict(DOCUMENT_KINDS)[setup.get("document_kind", "TB")],
        "Tên đoàn": setup.get("team", ""),
        "Ngày kiểm tra": "; ".join(vietnamese_date(day) for day in setup.get("dates", ())),
        "Kỳ kiểm tra": period_text(setup.get("period")),
        "Mục đích, yêu cầu": setup.get("purpose", ""),
        "Kế hoạch": paper_text(setup.get("plan")),
        "Quyết định lập đoàn": paper_text(setup.get("decision")),
        "Báo cáo của đơn vị": paper_text(setup.get("unit_report")),
        "Nơi kiểm tra": "\n".join(sites),
        "Thành viên": "\n".join(members),
        "Bộ phiếu": ", ".join(setup.get("checklists", ())),
    }
