"""Values that the office's tests stand on."""

from __future__ import annotations

from typing import Any

UNIT = {
    "name": "Ủy ban nhân dân xã Tân Bình",
    "level": "xa",
    "terms": [{"mot_cua": "Trung tâm Phục vụ hành chính công", "head_title": "Chủ tịch UBND xã"}],
}
ISSUER = {
    "name": "Sở Nội vụ",
    "letterhead": "SỞ NỘI VỤ",
    "superior": "UBND TỈNH ĐỒNG THÁP",
    "place": "Đồng Tháp",
    "symbols": {"TB": "TB-SNV"},
    "signers": [{"name": "Nguyễn Văn A", "title": "GIÁM ĐỐC"}],
    "recipients": [{"name": "UBND tỉnh", "purpose": "b/c"}],
}


def SETUP(ids: dict[str, str]) -> dict[str, Any]:  # noqa: N802 (a sample value)
    return {
        "title": "Kiểm tra CCHC xã Tân Bình năm 2026",
        "unit": "tan-binh",
        "issuer": "so-noi-vu",
        "dates": ["2026-11-20"],
        "period": {"start": "2026-01-01", "end": "2026-10-31"},
        "sites": [
            {"id": "mot-cua", "name": "Bộ phận Một cửa", "kind": "noi-niem-yet"},
            {"id": "trang-tin", "name": "Trang thông tin điện tử", "kind": "noi-niem-yet"},
        ],
        "members": [
            {"account": ids["lan"], "name": "Lan Trưởng Đoàn", "functions": ["truong_doan"]},
            {"account": ids["minh"], "name": "Minh Thành Viên", "functions": ["thanh_vien"]},
        ],
        "checklists": ["niem-yet@1", "dao-tao@1"],
        "reported": [
            {"item": "niem-yet.tthc-du-so-luong", "figure": "da_niem_yet", "value": "30", "as_of": "2026-10-31"}
        ],
    }
