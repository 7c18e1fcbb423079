"""Accounts: who may not, adding, changing, stopping, the last administrator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.office.conftest import PASSWORD, Office

NEW = {
    "username": "hoa.nguyen",
    "password": "mật khẩu đầu",
    "name": "Nguyễn Thị Hoa",
    "position": "Chuyên viên",
    "role": "member",
    "unit": "",
}


def add(office: Office, **changes: str) -> Any:
    return office.client("mai").post("/tai-khoan/them", data={**NEW, **changes})


def test_a_lead_may_not_add_accounts(office: Office) -> None:
    assert office.client("lan").post("/tai-khoan/them", data=NEW).status_code == 403
    assert "hoa.nguyen" not in office.client("mai").get("/tai-khoan/").text


def test_an_account_is_added_and_can_sign_in(office: Office) -> None:
    assert add(office).status_code == 302
    assert "Nguyễn Thị Hoa" in office.client("mai").get("/tai-khoan/").text
    signed_in = office.client(None).post("/dang-nhap", data={"username": "hoa.nguyen", "password": "mật khẩu đầu"})
    assert signed_in.status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": ""}, "Hãy nhập tên đăng nhập."),
        ({"username": "Hòa Nguyễn"}, "chữ thường không dấu"),
        ({"username": "lan"}, "đã có người dùng"),
        ({"password": "ngắn"}, "ít nhất 8 ký tự"),
        ({"name": " "}, "Hãy nhập họ và tên"),
        ({"role": ""}, "Hãy chọn vai trò."),
        ({"role": "root"}, "không có trong danh sách"),
        ({"role": "unit"}, "phải gắn với một đơn vị"),
        ({"unit": "tan-binh"}, "mới gắn với đơn vị"),
        ({"role": "unit", "unit": "xa-la"}, "không có trong danh sách"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(
    office: Office, changes: dict[str, str], sentence: str
) -> None:
    response = add(office, **changes)
    assert response.status_code == 400
    assert sentence in response.text
    assert 'value="Chuyên viên"' in response.text
    count = office.installation.database().execute("SELECT count(*) FROM accounts").fetchone()[0]
    assert count == len(office.ids)


def test_a_stopped_account_is_signed_out_at_once_and_may_come_back(office: Office) -> None:
    minh = office.client("minh")
    assert minh.get("/cuoc-kiem-tra/").status_code == 200
    assert office.client("mai").post(f"/tai-khoan/{office.ids['minh']}/ngung").status_code == 302
    assert minh.get("/cuoc-kiem-tra/").status_code == 302
    assert office.client("mai").post(f"/tai-khoan/{office.ids['minh']}/mo-lai").status_code == 302
    assert minh.get("/cuoc-kiem-tra/").status_code == 200


def test_the_last_administrator_stays(office: Office) -> None:
    mai = office.ids["mai"]
    client = office.client("mai")
    response = client.post(f"/tai-khoan/{mai}/ngung")
    assert response.status_code == 409
    assert "quản trị cuối cùng" in response.text
    edited = {"name": "Mai", "role": "lead", "seen": " ".join(office.current(f"account/{mai}"))}
    assert client.post(f"/tai-khoan/{mai}", data=edited).status_code == 409
    assert office.value(f"account/{mai}")["role"] == "admin"
    add(office, role="admin")
    assert client.post(f"/tai-khoan/{mai}/ngung").status_code == 302


def test_a_reset_password_ends_the_sessions(office: Office) -> None:
    minh = office.client("minh")
    data = {"password": "mật khẩu khác", "again": "mật khẩu khác"}
    response = office.client("mai").post(f"/tai-khoan/{office.ids['minh']}/mat-khau", data=data)
    assert response.status_code == 302
    assert minh.get("/cuoc-kiem-tra/").status_code == 302
    old = office.client(None).post("/dang-nhap", data={"username": "minh", "password": PASSWORD})
    assert old.status_code == 401


def test_two_administrators_at_once_overwrite_nothing(office: Office) -> None:
    minh = office.ids["minh"]
    subject = f"account/{minh}"
    seen = " ".join(office.current(subject))
    office.write("mai", subject, {**office.value(subject), "position": "Trưởng phòng"})
    data = {"name": "Trần Minh", "position": "Chuyên viên", "role": "member", "unit": "", "seen": seen}
    response = office.client("mai").post(f"/tai-khoan/{minh}", data=data)
    assert response.status_code == 409
    assert "Trưởng phòng" in response.text
    assert 'value="Chuyên viên"' in response.text
    assert office.value(subject)["position"] == "Trưởng phòng"
    again = {**data, "seen": " ".join(office.current(subject))}
    assert again["seen"] in response.text
    assert office.client("mai").post(f"/tai-khoan/{minh}", data=again).status_code == 302
    assert office.value(subject)["name"] == "Trần Minh"
    assert office.value(subject)["active"] is True


def test_a_missing_account_is_said_plainly(office: Office) -> None:
    response = office.client("mai").get("/tai-khoan/khong-co")
    assert response.status_code == 404
    assert "Không có tài khoản này" in response.text
