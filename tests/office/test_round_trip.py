"""Opening a form and saving it untouched changes nothing: no form loses a part of what it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.office.conftest import Office
from tests.office.html import untouched

FULL_UNIT = {
    "name": "UBND xã Tân Bình & Tân «Hòa»",
    "level": "xa",
    "parent": None,
    "code": "H20.1",
    "address": "Số 1, đường 30/4",
    "start": "2025-07-01",
    "end": None,
    "terms": [
        {"start": "2025-07-01", "end": None, "mot_cua": "Trung tâm", "head_title": "Chủ tịch", "lead_office": ""},
        {"start": None, "end": "2025-06-30", "mot_cua": "Bộ phận", "head_title": "", "lead_office": "Phòng Nội vụ"},
    ],
    "successors": ["so-noi-vu"],
    "sites": [{"id": "mot-cua", "name": "Bộ phận Một cửa", "address": "Ấp 1", "kind": "diem-tiep-nhan"}],
}
A = {"name": "A", "title": "TRƯỞNG ĐOÀN"}
FULL_ISSUER = {
    "name": "Đoàn kiểm tra",
    "letterhead": "ĐOÀN KIỂM TRA\nCCHC",
    "superior": "ỦY BAN NHÂN DÂN\nTỈNH ĐỒNG THÁP",
    "place": "Đồng Tháp",
    "symbols": {"BC": "BC-ĐKT", "TB": "TB-ĐKT", "CV": "SNV-CCHC", "BB": "BB-ĐKT"},
    "signers": [
        {
            **A,
            "authority": "TM. ĐOÀN\nKT. TRƯỞNG ĐOÀN",
            "second_title": "PHÓ GIÁM ĐỐC",
            "signature_image": "chu-ky-a.png",
        },
        {"name": "B", "title": "PHÓ TRƯỞNG ĐOÀN", "authority": "KT.", "second_title": "", "signature_image": ""},
    ],
    "recipients": [
        {"name": "UBND tỉnh", "purpose": "b/c", "kinds": ["TB", "BC"]},
        {"name": "Lưu hồ sơ", "purpose": "", "kinds": []},
    ],
    "archive": "VT, CCHC",
    "copies": 3,
    "drafter": "NTH",
    "addressee": "Chủ tịch UBND tỉnh",
    "follow_up": "Phòng CCHC",
    "verb": "đề nghị",
    "verification": False,
    "seal_image": "dau.png",
}


def full_setup(office: Office) -> dict[str, Any]:
    paper = {"number": "12/KH-UBND", "date": "2026-01-15", "issuer": "UBND tỉnh", "subject": "kiểm tra CCHC"}
    old: dict[str, Any] = office.value("inspection/kiem-tra-1/setup")
    return {
        **old,
        "kind": "phuc_tra",
        "document_kind": "BC",
        "dates": ["2026-11-20", "2026-11-21"],
        "plan": paper,
        "decision": {**paper, "number": "9/QĐ-UBND", "date": None},
        "unit_report": None,
        "team": "Đoàn giám sát",
        "visit": "dot-1",
        "cause": "Nguyên nhân chung",
        "campaign": "dot-1",
        "purpose": "Kiểm tra đột xuất theo phản ánh",
        "opened": {"at": "2026-11-20T01:00:00.000Z", "by": office.ids["lan"]},
        "sites": [
            {"id": "mot-cua", "name": "Bộ phận Một cửa", "address": "Ấp 1", "kind": "noi-niem-yet"},
            {"id": "khac", "name": "Nơi khác", "address": "", "kind": "tru-so-cu"},
        ],
        "members": [
            {
                "account": office.ids["lan"],
                "name": "Lan Trưởng Đoàn",
                "position": "Phó Giám đốc",
                "functions": ["truong_doan", "nguoi_ky"],
                "checklists": [],
                "areas": ["Cải cách thủ tục hành chính"],
                "mandate": "",
            },
            {
                "account": office.ids["minh"],
                "name": "Minh Thành Viên",
                "position": "",
                "functions": ["thu_ky", "thanh_vien"],
                "checklists": ["niem-yet"],
                "areas": [],
                "mandate": "thay bà Hà, Giấy ủy quyền số 3/UQ ngày 19/11/2026",
            },
        ],
    }


def full_campaign(office: Office) -> dict[str, Any]:
    setup = full_setup(office)
    kept = ("issuer", "document_kind", "kind", "team", "purpose", "plan", "decision", "checklists")
    days = {"explanation": 5, "conclusion": 15, "remedy_plan": None, "remedy_report": 30}
    return {
        **{key: setup[key] for key in kept},
        "title": "Kiểm tra CCHC năm 2026",
        "year": 2026,
        "units": ["tan-binh"],
        "levels": ["so", "xa"],
        "members": [{**one, "mandate": ""} for one in setup["members"]],
        "deadlines": days,
        "field_opening": True,
        "active": False,
    }


FULL: dict[str, Callable[[Office], dict[str, Any]]] = {
    "unit/tan-binh": lambda _: FULL_UNIT,
    "issuer/so-noi-vu": lambda _: FULL_ISSUER,
    "campaign/dot-1": full_campaign,
}


@pytest.mark.parametrize(
    ("subject", "address"),
    [
        ("unit/tan-binh", "/don-vi/tan-binh"),
        ("issuer/so-noi-vu", "/co-quan-ban-hanh/so-noi-vu"),
        ("campaign/dot-1", "/dot-kiem-tra/dot-1"),
        ("inspection/kiem-tra-1/setup", "/cuoc-kiem-tra/kiem-tra-1/sua"),
        ("inspection/kiem-tra-1/setup", "/cuoc-kiem-tra/kiem-tra-1/so-lieu"),
    ],
)
def test_a_form_saved_untouched_changes_nothing(office: Office, subject: str, address: str) -> None:
    full = FULL.get(subject, full_setup)(office)
    before = office.write("mai", subject, full)
    client = office.client("lan")
    fields = untouched(client.get(address).text)
    assert client.post(address, data=fields).status_code == 302
    assert office.value(subject) == full
    assert office.current(subject) != [before]


def test_what_an_older_value_leaves_out_is_saved_as_it_was_read(office: Office) -> None:
    signer = {"name": "A", "title": "GIÁM ĐỐC"}
    office.write("mai", "issuer/so-noi-vu", {"name": "Sở", "letterhead": "SỞ", "signers": [signer]})
    client = office.client("lan")
    fields = untouched(client.get("/co-quan-ban-hanh/so-noi-vu").text)
    assert client.post("/co-quan-ban-hanh/so-noi-vu", data=fields).status_code == 302
    assert office.value("issuer/so-noi-vu")["archive"] == "VT"
    assert office.value("issuer/so-noi-vu")["verb"] == "yêu cầu"
