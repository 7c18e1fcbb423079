"""Disagreements: who may end them, how, and what happens when something comes in meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from app.inspections.disputes import disputed_subjects
from tests.office.conftest import Office

LIST = "/cuoc-kiem-tra/kiem-tra-1/khac-nhau"
TAIL = "answer/niem-yet.tthc-du-so-luong@mot-cua"
SUBJECT = f"inspection/kiem-tra-1/{TAIL}"
PAGE = f"{LIST}/{TAIL}"


def value(verdict: str, count: str) -> dict[str, Any]:
    counted = [{"value": count, "source": "doan_kiem_dem", "as_of": "2026-11-20"}]
    return {"item_version": 1, "verdict": verdict, "figures": {"da_niem_yet": counted}}


@pytest.fixture
def sides(office: Office) -> tuple[str, str]:
    """Minh counted 30, Lan counted 27."""
    return (
        office.write("minh", SUBJECT, value("dat", "30"), []),
        office.write("lan", SUBJECT, value("chua_dat", "27"), []),
    )


def settle(office: Office, username: str = "lan", **data: str) -> Any:
    seen = " ".join(sorted(office.current(SUBJECT)))
    return office.client(username).post(PAGE, data={"seen": seen, "reason": "Đếm lại cùng đơn vị", **data})


def disputed(office: Office) -> list[str]:
    return disputed_subjects(office.installation.journal(), "kiem-tra-1")


@pytest.mark.parametrize(("username", "status"), [("minh", 403), ("mai", 403), ("phong", 404), ("thu", 403)])
def test_only_the_leads_of_this_inspection_settle(
    office: Office, sides: tuple[str, str], username: str, status: int
) -> None:
    assert settle(office, username, side=sides[0]).status_code == status
    assert disputed(office) == [SUBJECT]


def test_both_values_are_shown_with_authors_and_times(office: Office, sides: tuple[str, str]) -> None:
    for username in ("lan", "minh"):
        page = office.client(username).get(LIST).text
        assert "Minh Thành Viên" in page
        assert "Lan Trưởng Đoàn" in page
        assert "<strong>30</strong>" in page
        assert "<strong>27</strong>" in page
        assert "10:00 22/11/2026" in page
        assert (PAGE in page) == (username == "lan")


def test_equal_values_are_no_disagreement(office: Office) -> None:
    office.write("minh", SUBJECT, value("dat", "30"), [])
    office.write("lan", SUBJECT, value("dat", "30"), [])
    assert disputed(office) == []
    assert "Không có nội dung nào bị ghi khác nhau" in office.client("lan").get(LIST).text


def test_the_lead_chooses_a_value_with_a_reason(office: Office, sides: tuple[str, str]) -> None:
    assert settle(office, side=sides[1]).status_code == 302
    settled = office.value(SUBJECT)
    assert settled["verdict"] == "chua_dat"
    assert settled["settled"] == {"reason": "Đếm lại cùng đơn vị"}
    entries = office.installation.journal().current(SUBJECT)
    assert len(entries) == 1
    assert entries[0].author == office.ids["lan"]
    assert disputed(office) == []


def test_the_lead_writes_a_value_of_her_own(office: Office, sides: tuple[str, str]) -> None:
    data = {"side": "khac", "verdict": "dat_mot_phan", "so.da_niem_yet.doan_kiem_dem": "28"}
    assert settle(office, **data).status_code == 302
    settled = office.value(SUBJECT)
    assert settled["verdict"] == "dat_mot_phan"
    assert settled["figures"]["da_niem_yet"] == [
        {"value": "28", "source": "doan_kiem_dem", "as_of": "2026-11-20"},
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reason": " "}, "Hãy ghi lý do chốt"),
        ({"side": ""}, "Hãy chọn giá trị được chốt."),
        ({"side": "00000000-0000-7000-8000-000000000000"}, "Hãy chọn giá trị được chốt."),
        ({"side": "khac", "verdict": ""}, "Hãy chọn kết quả"),
        ({"side": "khac", "verdict": "tot"}, "không có trong danh sách"),
        ({"side": "khac", "verdict": "dat", "so.da_niem_yet.doan_kiem_dem": "nhiều"}, "không phải là số"),
    ],
)
def test_a_bad_settlement_settles_nothing(
    office: Office, sides: tuple[str, str], data: dict[str, str], sentence: str
) -> None:
    response = settle(office, **{"side": sides[0], **data})
    assert response.status_code == 400
    assert sentence in response.text
    assert disputed(office) == [SUBJECT]


def test_a_value_that_came_in_meanwhile_is_not_swept_away(office: Office, sides: tuple[str, str]) -> None:
    seen = " ".join(sorted(sides))
    office.write("minh", SUBJECT, value("dat_mot_phan", "29"), [])
    data = {"seen": seen, "side": sides[0], "reason": "Đếm lại"}
    response = office.client("lan").post(PAGE, data=data)
    assert response.status_code == 409
    assert "<strong>29</strong>" in response.text
    assert "Đếm lại" in response.text
    assert disputed(office) == [SUBJECT]
    assert settle(office, side=sides[0]).status_code == 302
    assert disputed(office) == []


def test_two_leads_at_once_settle_once(office: Office, sides: tuple[str, str]) -> None:
    seen = " ".join(sorted(sides))
    first = office.client("lan").post(PAGE, data={"seen": seen, "side": sides[0], "reason": "Một"})
    second = office.client("lan").post(PAGE, data={"seen": seen, "side": sides[1], "reason": "Hai"})
    assert (first.status_code, second.status_code) == (302, 409)
    assert "không còn khác nhau" in second.text
    assert office.value(SUBJECT)["settled"] == {"reason": "Một"}


def test_an_ordinary_value_beside_a_settled_one_is_a_new_disagreement(office: Office, sides: tuple[str, str]) -> None:
    settle(office, side=sides[0])
    office.write("minh", SUBJECT, value("chua_dat", "20"), [])
    assert disputed(office) == [SUBJECT]
    page = office.client("lan").get(LIST).text
    assert "Đã chốt" in page
    newest = office.current(SUBJECT)
    assert settle(office, side=newest[-1]).status_code == 302
    assert office.value(SUBJECT)["verdict"] == "chua_dat"
    assert disputed(office) == []


def test_a_withdrawal_against_an_answer_can_be_chosen(office: Office) -> None:
    first = office.write("minh", SUBJECT, value("dat", "30"), [])
    office.write("lan", SUBJECT, value("chua_dat", "27"), [])
    gone = office.write("minh", SUBJECT, None, [first])
    assert disputed(office) == [SUBJECT]
    assert "Đã thu hồi" in office.client("lan").get(LIST).text
    assert settle(office, side=gone).status_code == 302
    assert office.value(SUBJECT) == {"item_version": 1, "settled": {"reason": "Đếm lại cùng đơn vị"}}


def test_a_row_in_two_versions_is_settled_too(office: Office) -> None:
    tail = "answer/niem-yet.tthc-du-so-luong@mot-cua/dong-1"
    subject = f"inspection/kiem-tra-1/{tail}"
    ours = office.write("lan", subject, {"item_version": 1, "row": {"ten_tthc": "Đăng ký khai sinh"}}, [])
    office.write("minh", subject, {"item_version": 1, "row": {"ten_tthc": "Đăng ký kết hôn"}}, [])
    page = office.client("lan").get(f"{LIST}/{tail}").text
    assert "Đăng ký khai sinh" in page
    assert "Ghi giá trị khác" not in page
    data = {"seen": " ".join(sorted(office.current(subject))), "side": ours, "reason": "Đúng theo ảnh"}
    assert office.client("lan").post(f"{LIST}/{tail}", data=data).status_code == 302
    assert office.value(subject)["row"] == {"ten_tthc": "Đăng ký khai sinh"}


@pytest.mark.parametrize("tail", ["setup", "answer/khong-co.muc", "conclusion/mo-dau", "..%2Fkiem-tra-2/setup"])
def test_what_is_no_field_subject_is_not_found(office: Office, tail: str) -> None:
    assert office.client("lan").get(f"{LIST}/{tail}").status_code == 404
