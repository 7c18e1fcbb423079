"""Every route × every role and nobody: exactly what the view declares, and no view without a declaration."""

from __future__ import annotations

import pytest

from app.accounts.shapes import Role
from app.rooms import BLUEPRINTS
from tests.office.conftest import CAST, Office

PARTS = {
    "inspection": "kiem-tra-1",
    "account": "khong-co",
    "unit": "tan-binh",
    "issuer": "so-noi-vu",
    "sha256": "0" * 64,
}
BY_ROLE = {role: username for username, role, _ in CAST if username != "phong"}


def routes(office: Office) -> list[tuple[str, str, str]]:
    """(method, address, endpoint) of everything that the application serves."""
    found = []
    adapter = office.app.url_map.bind("localhost")
    for rule in office.app.url_map.iter_rules():
        values = {name: PARTS.get(name, "khong-co") for name in rule.arguments}
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found += [(method, adapter.build(rule.endpoint, values, method=method), rule.endpoint) for method in methods]
    return found


def test_every_view_declares_who_may_call_it(office: Office) -> None:
    undeclared = [name for name, view in office.app.view_functions.items() if not hasattr(view, "access")]
    assert undeclared == ["static"]
    assert len(BLUEPRINTS) > 5


def test_there_is_one_account_per_role() -> None:
    assert set(BY_ROLE) == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_exactly_what_is_declared(office: Office, role: Role) -> None:
    wrong = []
    for method, address, endpoint in routes(office):
        access = getattr(office.app.view_functions[endpoint], "access", None)
        response = office.client(BY_ROLE[role]).open(address, method=method, buffered=True)
        if access is None or role in access:
            allowed = response.status_code != 401 and (response.status_code != 403 or _refused_inside(response))
            allowed = allowed and response.status_code < 500
            sent_away = response.status_code == 302 and "/dang-nhap?next" in response.location
            if not allowed or sent_away:
                wrong.append((method, address, response.status_code))
        elif response.status_code != 403:
            wrong.append((method, address, response.status_code))
    assert wrong == []


def _refused_inside(response: object) -> bool:
    """The role may call the view, which then asks for a function in this inspection."""
    return "không được dùng phần này" not in response.get_data(as_text=True)  # type: ignore[attr-defined]


def test_nobody_gets_public_views_only(office: Office) -> None:
    wrong = []
    for method, address, endpoint in routes(office):
        access = getattr(office.app.view_functions[endpoint], "access", None)
        response = office.client(None).open(address, method=method, buffered=True)
        if endpoint != "static" and access is not None and not _turned_away(response, method, address):
            wrong.append((method, address, response.status_code))
    assert wrong == []


def _turned_away(response: object, method: str, address: str) -> bool:
    status, headers = response.status_code, response.headers  # type: ignore[attr-defined]
    if address.startswith("/api/"):
        return status == 401 and response.json["error"]["code"] == "not_signed_in"  # type: ignore[attr-defined]
    if method == "GET":
        return status == 302 and headers["Location"].startswith("/dang-nhap?next=")
    return status == 401


def test_another_delegations_lead_sees_nothing_of_an_inspection(office: Office) -> None:
    client = office.client("phong")
    for tail in ("", "/sua", "/ket-qua", "/khac-nhau", "/so-lieu", "/khac-nhau/answer/niem-yet.x"):
        response = client.get(f"/cuoc-kiem-tra/kiem-tra-1{tail}")
        assert response.status_code == 404, tail
        assert "xã Tân Bình" not in response.text
    assert "xã Tân Bình" not in client.get("/cuoc-kiem-tra/").text


def test_a_member_may_read_but_not_change_an_inspection(office: Office) -> None:
    client = office.client("minh")
    assert client.get("/cuoc-kiem-tra/kiem-tra-1").status_code == 200
    assert client.get("/cuoc-kiem-tra/kiem-tra-1/sua").status_code == 403
    assert client.post("/cuoc-kiem-tra/kiem-tra-1/sua", data={"title": "Khác"}).status_code == 403
    assert client.get("/cuoc-kiem-tra/kiem-tra-1/so-lieu").status_code == 403


def test_a_form_without_its_token_is_refused(office: Office) -> None:
    office.app.config["WTF_CSRF_ENABLED"] = True
    response = office.client("mai").post("/don-vi/them", data={"name": "Xã A", "level": "xa"})
    assert response.status_code == 400
    assert "tải lại trang" in response.text
    assert "Xã A" not in office.client("mai").get("/don-vi/").text
