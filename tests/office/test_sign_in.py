"""Signing in and out, one's own password, where each role lands."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app.home.pages import safe_next
from app.limits import limiter
from tests.office.conftest import CAST, PASSWORD, Office


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD, **more: str):
    return client.post("/dang-nhap", data={"username": username, "password": password, **more})


def test_a_wrong_password_is_refused_and_the_name_is_kept(office: Office) -> None:
    response = sign_in(office.client(None), "lan", "sai rồi nhé")
    assert response.status_code == 401
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in response.text
    assert 'value="lan"' in response.text
    assert "sai rồi nhé" not in response.text


def test_an_unknown_name_reads_like_a_wrong_password(office: Office) -> None:
    wrong = sign_in(office.client(None), "lan", "sai rồi nhé").text
    unknown = sign_in(office.client(None), "khong-ai", "sai rồi nhé").text
    shown = re.compile(r'class="error-text"[^<]*')
    assert re.findall(r"error-text.*?</p>", wrong) == re.findall(r"error-text.*?</p>", unknown)
    assert shown.search(wrong)


def test_empty_fields_say_what_to_do(office: Office) -> None:
    response = sign_in(office.client(None), "", "")
    assert response.status_code == 400
    assert "Hãy nhập tên đăng nhập." in response.text
    assert "Hãy nhập mật khẩu." in response.text


def test_attempts_are_limited(office: Office) -> None:
    limiter.reset()
    office.app.config["RATELIMIT_LOGIN"] = "2 per minute"
    answers = [sign_in(office.client(None), "lan", "sai rồi nhé").status_code for _ in range(3)]
    assert answers == [401, 401, 429]
    assert office.client(None).get("/dang-nhap").status_code == 200


@pytest.mark.parametrize(("username", "role"), [(username, role) for username, role, _ in CAST])
def test_each_role_lands_where_its_work_is(office: Office, username: str, role: str) -> None:
    response = sign_in(office.client(None), username)
    assert response.status_code == 302
    if role in {"admin", "lead", "member"}:
        assert response.location == "/cuoc-kiem-tra/"
    else:
        assert not response.location.startswith("/cuoc-kiem-tra")
    client = office.client(username)
    assert client.get("/", follow_redirects=True).status_code == 200


def test_a_member_sees_the_way_to_the_tablet(office: Office) -> None:
    page = office.client("minh").get("/cuoc-kiem-tra/").text
    assert 'class="button big" href="/field/"' in page
    assert 'class="button big"' not in office.client("lan").get("/cuoc-kiem-tra/").text


def test_after_signing_in_one_goes_on_to_the_page_that_was_asked_for(office: Office) -> None:
    client = office.client(None)
    asked = client.get("/cuoc-kiem-tra/kiem-tra-1?loc=dat")
    assert asked.status_code == 302
    page = client.get(asked.location)
    assert 'value="/cuoc-kiem-tra/kiem-tra-1?loc=dat"' in page.text
    response = sign_in(client, "lan", next="/cuoc-kiem-tra/kiem-tra-1?loc=dat")
    assert response.location == "/cuoc-kiem-tra/kiem-tra-1?loc=dat"


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "\\\\example.org",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
        "",
        None,
    ],
)
def test_nobody_is_sent_to_another_site(target: str | None) -> None:
    assert safe_next(target) == ""


def test_a_page_of_this_site_is_a_safe_next() -> None:
    assert safe_next("/don-vi/tan-binh?x=1") == "/don-vi/tan-binh?x=1"


def test_signing_out_ends_the_session(office: Office) -> None:
    client = office.client("lan")
    assert client.post("/dang-xuat").status_code == 302
    assert client.get("/cuoc-kiem-tra/").status_code == 302
    assert client.get("/dang-xuat").status_code == 405


def test_one_may_change_ones_own_password(office: Office) -> None:
    client, other = office.client(None), office.client(None)
    sign_in(client, "lan")
    sign_in(other, "lan")
    new = "mật khẩu mới tinh"
    response = client.post("/doi-mat-khau", data={"current": PASSWORD, "password": new, "again": new})
    assert response.status_code == 302
    assert client.get("/cuoc-kiem-tra/").status_code == 200
    assert other.get("/cuoc-kiem-tra/").status_code == 302
    assert sign_in(office.client(None), "lan").status_code == 401
    assert sign_in(office.client(None), "lan", new).status_code == 302


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"current": "khác hẳn", "password": "mật khẩu mới", "again": "mật khẩu mới"}, "Mật khẩu hiện tại không đúng"),
        ({"current": PASSWORD, "password": "ngắn", "again": "ngắn"}, "ít nhất 8 ký tự"),
        ({"current": PASSWORD, "password": "mật khẩu mới", "again": "mật khẩu mớ"}, "chưa giống nhau"),
        ({"current": PASSWORD, "password": "", "again": ""}, "Hãy nhập mật khẩu mới."),
    ],
)
def test_a_bad_change_of_password_changes_nothing(office: Office, data: dict[str, str], sentence: str) -> None:
    client = office.client("lan")
    response = client.post("/doi-mat-khau", data=data)
    assert response.status_code == 400
    assert sentence in response.text
    assert sign_in(office.client(None), "lan").status_code == 302


def test_pages_carry_a_strict_policy_and_no_inline_code(office: Office) -> None:
    for path in ("/cuoc-kiem-tra/", "/cuoc-kiem-tra/them", "/cuoc-kiem-tra/kiem-tra-1", "/co-quan-ban-hanh/them"):
        response = office.client("lan").get(path)
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=", response.text), path
