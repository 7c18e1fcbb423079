"""Site records at the door and in the office: the paper's text and hash, who sees what, what comes after them."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.errors import KiemtraError
from app.evidence.storage import EvidenceStorage
from app.inspections.minutes import paper_lines, shown_sha256
from app.inspections.records import entries_after, records_of, stroke_path
from app.inspections.shapes import MinutesValue
from tests.office.conftest import Office

CASES = json.loads((Path(__file__).parents[2] / "app/inspections/minutes_cases.json").read_text("utf-8"))
ITEM = "niem-yet.tthc-du-so-luong"
AT = "2026-11-20T04:30:00Z"
STROKE = [100, 100, 0, 50, 20, 16, -10, 40, 17]


def record(**changes: Any) -> dict[str, Any]:
    return {"held_at": "08:00 20/11/2026", **CASES[0]["value"], "read": None, **changes}


def read_record(**changes: Any) -> dict[str, Any]:
    value = record(**changes)
    return {**value, "read": {"by": "Minh", "at": AT}, "shown_sha256": shown_sha256(value)}


def answer(office: Office, username: str = "minh", *, site: str = "mot-cua") -> str:
    value = {"item_version": 1, "verdict": "chua_dat", "reason": "chưa đủ"}
    return office.write(username, f"inspection/kiem-tra-1/answer/{ITEM}@{site}", value)


def write(office: Office, value: dict[str, Any], name: str = "bb-1", **more: Any) -> str:
    return office.write("minh", f"inspection/kiem-tra-1/minutes/{name}", value, **more)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_paper_and_its_hash_are_those_of_the_table(case: Any) -> None:
    assert [list(line) for line in paper_lines(case["value"])] == case["lines"]
    assert shown_sha256(case["value"]) == case["shown"]
    MinutesValue.model_validate(case["value"])


def test_the_hash_speaks_of_the_text_and_of_nothing_else() -> None:
    value = record()
    shown = shown_sha256(value)
    said = {"signatures": [1], "scans": [1], "covers": ["x"], "read": {"by": "A", "at": AT}, "printed_at": AT}
    assert shown_sha256({**value, **said}) == shown
    assert shown_sha256({**value, "unit_opinion": "Không thống nhất."}) != shown


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"covers": ["một ghi nhận"]}, "liệt kê sai các ghi nhận"),
        ({"covers": ["01a00000-0000-7000-8000-000000000001"] * 2}, "liệt kê sai các ghi nhận"),
        ({"read": {"by": "Minh", "at": AT}}, "thiếu mã của nội dung"),
        ({"ended_at": "2026-11-20T08:00"}, "kết thúc trước khi bắt đầu"),
        ({"signatures": [{"name": "A", "role": "don_vi", "at": AT, "shown": "0" * 64, "strokes": [[1.5, 2, 0]]}]}, ""),
        ({"signatures": [{"name": "A", "role": "ai_do", "at": AT, "shown": "0" * 64, "strokes": [STROKE]}]}, ""),
    ],
)
def test_the_door_refuses_what_no_record_can_say(office: Office, changes: Any, message: str) -> None:
    with pytest.raises(KiemtraError) as refused:
        write(office, record(**changes))
    assert message in refused.value.message
    assert records_of(office.installation.database(), "kiem-tra-1") == []


def test_what_was_recorded_later_is_kept_and_marked(office: Office) -> None:
    db = office.installation.database()
    before = answer(office)
    assert entries_after(db, "kiem-tra-1", records_of(db, "kiem-tra-1")) == frozenset()
    write(office, read_record(covers=[before]))
    after = answer(office, site="trang-tin")
    assert entries_after(db, "kiem-tra-1", records_of(db, "kiem-tra-1")) == {after}

    page = office.client("minh").get("/cuoc-kiem-tra/kiem-tra-1/bien-ban").text
    assert page.count('data-testid="after"') == 1
    assert "Trang thông tin điện tử" in page
    assert office.client("lan").get("/cuoc-kiem-tra/kiem-tra-1/ket-qua").text.count("Sau biên bản") == 1


def test_a_draft_record_covers_nothing(office: Office) -> None:
    db = office.installation.database()
    answer(office)
    write(office, record())
    assert entries_after(db, "kiem-tra-1", records_of(db, "kiem-tra-1")) == frozenset()
    assert "chưa đọc" in office.client("lan").get("/cuoc-kiem-tra/kiem-tra-1/bien-ban").text


def test_a_changed_record_shows_whose_signatures_are_of_the_earlier_text(office: Office) -> None:
    signed = {"name": "Hồ Thị Em", "role": "don_vi", "at": AT, "strokes": [STROKE], "height": 300}
    value = read_record()
    first = write(office, {**value, "signatures": [{**signed, "shown": value["shown_sha256"]}]})
    page = office.client("lan").get(f"/cuoc-kiem-tra/kiem-tra-1/bien-ban/{first}").text
    assert "Hồ Thị Em" in page
    assert "trước khi sửa" not in page
    assert value["shown_sha256"] in page

    later = read_record(unit_opinion="Có ý kiến khác.")
    second = write(office, {**later, "signatures": [{**signed, "shown": value["shown_sha256"]}]}, supersedes=[first])
    assert later["shown_sha256"] != value["shown_sha256"]
    page = office.client("lan").get(f"/cuoc-kiem-tra/kiem-tra-1/bien-ban/{second}").text
    assert "Ký trên nội dung trước khi sửa" in page
    assert 'd="M100 100l50 20 -10 40"' in page
    assert office.client("lan").get(f"/cuoc-kiem-tra/kiem-tra-1/bien-ban/{first}").status_code == 404


def test_a_hash_that_does_not_fit_is_taken_and_marked(office: Office) -> None:
    entry = write(office, {**read_record(), "shown_sha256": "0" * 64})
    page = office.client("lan").get(f"/cuoc-kiem-tra/kiem-tra-1/bien-ban/{entry}").text
    assert 'data-testid="mismatch"' in page


def test_scans_are_seen_by_the_delegation_alone_and_missed_until_they_come(office: Office) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(stream, "PNG")
    data = stream.getvalue()
    digest = sha256(data).hexdigest()
    value = read_record()
    scan = {"file": {"sha256": digest, "type": "image/png", "size": len(data)}, "at": AT}
    entry = write(office, {**value, "scans": [{**scan, "shown": value["shown_sha256"]}]})
    assert "Thiếu 1 ảnh, tệp" in office.client("lan").get("/cuoc-kiem-tra/kiem-tra-1").text

    here = office.installation
    EvidenceStorage(here.evidence_path, here.database(), here.clock).put(digest, data, office.ids["minh"])
    assert "Không thiếu ảnh hay tệp nào" in office.client("lan").get("/cuoc-kiem-tra/kiem-tra-1").text
    assert digest in office.client("lan").get(f"/cuoc-kiem-tra/kiem-tra-1/bien-ban/{entry}").text
    assert office.client("lan").get(f"/api/evidence/{digest}").data == data
    for stranger in ("phong", "don-vi", "khach"):
        assert office.client(stranger).get(f"/api/evidence/{digest}").status_code == 404


def test_the_unit_sees_what_was_read_to_it_and_no_draft(office: Office) -> None:
    unit = office.client("don-vi")
    draft = write(office, record())
    assert "Biên bản đã đọc" not in unit.get("/yeu-cau").text
    assert unit.get(f"/yeu-cau/bien-ban/kiem-tra-1/{draft}").status_code == 404
    read = write(office, read_record(), supersedes=[draft])
    assert f"/yeu-cau/bien-ban/kiem-tra-1/{read}" in unit.get("/yeu-cau").text
    page = unit.get(f"/yeu-cau/bien-ban/kiem-tra-1/{read}").text
    assert "Kiểm tra công tác cải cách hành chính năm 2026 tại xã Tân Bình" in page
    assert "DỰ THẢO" not in page


def test_only_the_delegation_opens_the_records_and_writes_its_own(office: Office) -> None:
    entry = write(office, read_record())
    for stranger, status in (("phong", 404), ("don-vi", 403), ("khach", 403)):
        assert office.client(stranger).get(f"/cuoc-kiem-tra/kiem-tra-1/bien-ban/{entry}").status_code == status
    with pytest.raises(KiemtraError):
        office.write("phong", "inspection/kiem-tra-1/minutes/bb-2", record())


def test_strokes_become_a_path_and_a_dot_stays_visible() -> None:
    assert stroke_path([STROKE, [5, 6, 0]]) == "M100 100l50 20 -10 40M5 6l0 0"


def test_the_conclusion_names_the_day_of_a_record_that_was_read_and_of_no_draft(office: Office) -> None:
    answer(office)
    draft = write(office, record())
    page = "/cuoc-kiem-tra/kiem-tra-1/du-thao"
    assert "Biên bản kiểm tra ngày" not in office.client("lan").get(page).text
    write(office, read_record(), supersedes=[draft])
    assert "Trên cơ sở Biên bản kiểm tra ngày 20/11/2026" in office.client("lan").get(page).text.replace("\u00a0", " ")
