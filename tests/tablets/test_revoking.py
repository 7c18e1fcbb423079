"""A lost tablet is locked out, loses nothing, and may come back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.field.rescue import import_rescue
from app.tablets.marks import TabletRevokedError, mark_of
from tests.conftest import PASSWORD, Api, World, answer_value, make_entry
from tests.field.test_rescue import made
from tests.sync.test_api import code
from tests.tablets.test_reports import DEVICE, PLACE, new_id, put, report, shown

SignIn = Callable[[str], Api]
NAMED = {"X-Device": DEVICE}
LOST = f"/cuoc-kiem-tra/cuoc-1/may/{DEVICE}/bao-mat"
FOUND = f"/cuoc-kiem-tra/cuoc-1/may/{DEVICE}/dung-lai"


def on_tablet(app: Flask, username: str) -> Api:
    """Signed in on the tablet; its session belongs to it."""
    api = Api(app.test_client())
    api.token = sign_in(api, username).json["csrf_token"]
    return api


def sign_in(api: Api, username: str) -> Any:
    return api.client.post("/api/session", json={"username": username, "password": PASSWORD}, headers=NAMED)


def mark(api: Api, path: str, reason: str = "Để quên trên xe khách ở Cao Lãnh") -> Any:
    return api.client.post(path, data={"reason": reason, "csrf_token": api.token})


def entry(world: World, username: str = "binh") -> dict[str, Any]:
    subject = f"inspection/cuoc-1/answer/{PLACE}"
    return make_entry(subject, answer_value(), world.accounts[username], device=DEVICE)


def push(api: Api, entries: list[dict[str, Any]]) -> Any:
    headers = {"X-CSRFToken": api.token, **NAMED}
    return api.client.post("/api/sync/push", json={"entries": entries}, headers=headers)


def test_every_request_that_names_a_lost_tablet_is_refused(world: World, app: Flask, api: SignIn) -> None:
    world.setup()
    tablet = on_tablet(app, "binh")
    put(tablet, DEVICE, report([new_id()], []), **NAMED)
    assert mark(api("an"), LOST).status_code == 302
    for answered in (
        tablet.get("/api/session", headers=NAMED),
        tablet.get("/api/session"),  # its session alone names it
        tablet.get("/api/inspections", headers=NAMED),
        tablet.get("/api/sync/pull?inspection=cuoc-1"),
        put(tablet, DEVICE, report([], []), **NAMED),
        sign_in(Api(app.test_client()), "binh"),
    ):
        assert (answered.status_code, code(answered)) == (403, "tablet_revoked")
        assert "báo mất" in answered.json["error"]["message"]
    # The pages of the office too, and no report of the finder changes what the lead reads.
    assert "/dang-nhap" in tablet.get("/cuoc-kiem-tra/cuoc-1").location
    [state] = shown(world).tablets
    assert (state.entries, state.lost and state.lost["who"]) == (1, "an")
    assert "Để quên trên xe khách" in api("an").get("/cuoc-kiem-tra/cuoc-1").text
    # The person may go on elsewhere.
    assert api("binh").get("/api/session").status_code == 200


def test_what_a_lost_tablet_offers_is_set_aside_and_taken_when_it_is_found(
    world: World, app: Flask, api: SignIn
) -> None:
    world.setup()
    tablet, an, offered = on_tablet(app, "binh"), api("an"), entry(world)
    put(tablet, DEVICE, report([offered["id"]], []), **NAMED)
    mark(an, LOST)
    tablet.token = tablet.get("/api/session", headers=NAMED).json["error"]["details"]["csrf_token"]
    refused = push(tablet, [offered])
    assert (refused.status_code, code(refused)) == (403, "tablet_revoked")
    journal = world.installation.journal()
    assert journal.value(offered["subject"]) is None
    assert [one["code"] for one in journal.quarantined("inspection/cuoc-1")] == ["tablet_revoked"]

    assert mark(an, FOUND, "Nhà xe đã trả lại máy").status_code == 302
    assert journal.value(offered["subject"])["verdict"] == "dat"
    assert journal.quarantined("inspection/cuoc-1") == []
    # Its old session stays ended; a new one works.
    assert tablet.get("/api/session", headers=NAMED).status_code == 401
    tablet.token = sign_in(tablet, "binh").json["csrf_token"]
    assert push(tablet, [offered]).json["results"][0]["status"] == "known"


def test_what_is_stored_already_is_not_set_aside(world: World, app: Flask, api: SignIn) -> None:
    world.setup()
    tablet, sent = on_tablet(app, "binh"), entry(world)
    assert push(tablet, [sent]).json["results"][0]["status"] == "stored"
    mark(api("an"), LOST)
    tablet.token = tablet.get("/api/session").json["error"]["details"]["csrf_token"]
    push(tablet, [sent])
    assert world.installation.journal().quarantined("inspection/cuoc-1") == []


def test_only_a_lead_of_that_inspection_or_an_admin_reports_a_tablet_lost(
    world: World, app: Flask, api: SignIn
) -> None:
    world.setup()
    world.add("phong", "lead")
    put(on_tablet(app, "binh"), DEVICE, report([], []))
    assert mark(api("binh"), LOST).status_code == 403
    assert mark(api("phong"), LOST).status_code == 404
    assert mark(api("an"), LOST.replace(DEVICE, "may-khac")).status_code == 404
    assert mark(api("an"), LOST, " ").status_code == 422
    db = world.installation.database()
    assert not mark_of(db, DEVICE).lost
    assert mark(api("mai"), LOST).status_code == 302
    assert mark_of(db, DEVICE).lost


def test_the_journal_says_who_when_and_why(world: World, app: Flask, api: SignIn) -> None:
    world.setup()
    put(on_tablet(app, "binh"), DEVICE, report([], []))
    mark(api("an"), LOST, "Mất ở bến xe")
    [said] = world.installation.journal().current(f"tablet/{DEVICE}")
    assert said.value == {"state": "lost", "inspection": "cuoc-1", "reason": "Mất ở bến xe"}
    assert said.author == world.accounts["an"]


def test_a_rescue_file_of_a_lost_tablet_waits_until_it_is_let_in(world: World, app: Flask, api: SignIn) -> None:
    world.setup()
    put(on_tablet(app, "binh"), DEVICE, report([], []))
    file = made([entry(world)], [], device=DEVICE)
    mark(api("an"), LOST)
    with pytest.raises(TabletRevokedError):
        import_rescue(world.installation, io.BytesIO(file), world.who("an"))
    mark(api("an"), FOUND, "Đã tìm thấy")
    assert import_rescue(world.installation, io.BytesIO(file), world.who("an")).stored == 1


def test_a_session_from_the_office_pages_belongs_to_the_tablet_once_it_names_it(world: World, api: SignIn) -> None:
    world.setup()
    binh = api("binh")
    put(binh, DEVICE, report([], []), **NAMED)
    mark(api("an"), LOST)
    answered = binh.get("/api/session")
    assert (answered.status_code, code(answered)) == (403, "tablet_revoked")
