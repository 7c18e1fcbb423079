"""The HTTP promises: session, push, pull, evidence, receipt."""

from __future__ import annotations

import io
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from tests.conftest import Api, World, answer_value, make_entry

ITEM = "inspection/cuoc-1/answer/niem-yet.tthc-du-so-luong"
SignIn = Callable[[str], Api]


def photo(colour: str = "red") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, "JPEG")
    return stream.getvalue()


def code(response: Any) -> str:
    return str(response.json["error"]["code"])


def test_nobody_gets_401_as_json_everywhere(app: Flask) -> None:
    client = app.test_client()
    for path in ("/api/session", "/api/inspections", "/api/inspections/x/bundle", "/api/sync/pull?inspection=x"):
        response = client.get(path)
        assert (response.status_code, code(response)) == (401, "not_signed_in")
        assert response.headers["Cache-Control"] == "no-store"


def test_signing_in_says_who_and_gives_a_token(world: World, app: Flask) -> None:
    api = Api(app.test_client())
    session = api.sign_in("an").json
    assert session["account"]["role"] == "lead"
    assert session["server_time"] == "2026-11-22T01:00:00.000Z"
    assert api.get("/api/session").json["account"] == session["account"]
    assert api.client.delete("/api/session", headers={"X-CSRFToken": api.token}).status_code == 200
    assert api.get("/api/session").status_code == 401


@pytest.mark.parametrize(("username", "password"), [("an", "sai"), ("khong-co", "mat-khau-thu"), ("an", "")])
def test_a_wrong_password_and_an_unknown_name_look_the_same(app: Flask, username: str, password: str) -> None:
    response = Api(app.test_client()).sign_in(username, password)
    assert (response.status_code, code(response)) == (401, "wrong_password")


def test_login_attempts_are_limited(app: Flask) -> None:
    api = Api(app.test_client())
    statuses = [api.sign_in("an", "sai").status_code for _ in range(40)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_a_form_from_elsewhere_cannot_sign_in(app: Flask) -> None:
    response = app.test_client().post("/api/session", data={"username": "an", "password": "mat-khau-thu"})
    assert response.status_code == 400


def test_a_push_without_the_token_is_refused(world: World, api: SignIn) -> None:
    response = api("binh").client.post("/api/sync/push", json={"entries": []})
    assert (response.status_code, code(response)) == (400, "csrf")


def test_push_pull_and_page(world: World, api: SignIn) -> None:
    world.setup()
    binh, an = api("binh"), api("an")
    entries = [make_entry(f"{ITEM}@s{number}", answer_value(), world.accounts["binh"]) for number in range(5)]
    results = binh.post("/api/sync/push", {"entries": entries}).json["results"]
    assert [(one["id"], one["status"]) for one in results] == [(entry["id"], "stored") for entry in entries]
    pulled: list[dict[str, Any]] = []
    cursor, more = "", True
    while more:
        page = an.get(f"/api/sync/pull?inspection=cuoc-1&limit=2&after={cursor}").json
        pulled += page["entries"]
        cursor, more = page["next"], page["more"]
    assert [one["subject"] for one in pulled] == ["inspection/cuoc-1/setup", *[entry["subject"] for entry in entries]]
    assert {one["uploader"] for one in pulled[1:]} == {world.accounts["binh"]}
    assert an.get(f"/api/sync/pull?inspection=cuoc-1&after={cursor}").json["entries"] == []


def test_a_cursor_of_another_journal_starts_over(world: World, api: SignIn) -> None:
    world.setup()
    an = api("an")
    cursor = an.get("/api/sync/pull?inspection=cuoc-1").json["next"]
    db = world.installation.database()
    db.execute("UPDATE entries SET hash = randomblob(32) WHERE seq = (SELECT max(seq) FROM entries)")
    response = an.get(f"/api/sync/pull?inspection=cuoc-1&after={cursor}")
    assert (response.status_code, code(response)) == (409, "journal_changed")
    assert an.get("/api/sync/pull?inspection=cuoc-1&after=@@").status_code == 400


def test_batches_over_the_limit_get_413_as_json(world: World, api: SignIn) -> None:
    world.setup()
    binh = api("binh")
    entries = [make_entry(ITEM, None, world.accounts["binh"]) for _ in range(501)]
    response = binh.post("/api/sync/push", {"entries": entries})
    assert (response.status_code, code(response)) == (413, "too_large")
    wide = make_entry(ITEM, {"a": "x" * 5_000_000}, world.accounts["binh"])
    response = binh.post("/api/sync/push", {"entries": [wide]})
    assert (response.status_code, code(response)) == (413, "too_large")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"entries": 1}', b'{"entries": [{"id": "a"}, null]}'])
def test_a_bad_body_is_answered_not_crashed_on(world: World, api: SignIn, body: bytes) -> None:
    binh = api("binh")
    headers = {"X-CSRFToken": binh.token, "Content-Type": "application/json"}
    response = binh.client.post("/api/sync/push", data=body, headers=headers)
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert {one["status"] for one in response.json["results"]} == {"refused"}


def test_a_stranger_finds_no_inspection(world: World, api: SignIn) -> None:
    world.setup()
    chi = api("chi")
    assert chi.get("/api/inspections").json == []
    for path in ("/api/inspections/cuoc-1/bundle", "/api/sync/pull?inspection=cuoc-1"):
        assert chi.get(path).status_code == 404
    assert chi.post("/api/inspections/cuoc-1/receipt", {"entries": [], "evidence": []}).status_code == 404


def test_an_answer_is_checked_against_its_item(world: World, api: SignIn) -> None:
    world.setup()
    binh = api("binh")

    def push(figures: dict[str, Any]) -> tuple[str, str, str]:
        entry = make_entry(ITEM, answer_value(figures=figures), world.accounts["binh"])
        result = binh.post("/api/sync/push", {"entries": [entry]}).json["results"][0]
        return result["status"], result["code"], result["message"]

    reading = {"source": "doan_kiem_dem"}
    assert push({"phai_niem_yet": [{**reading, "value": "30"}]})[0] == "stored"
    status, code_, message = push({"phai_niem_yet": [{**reading, "value": "ba mươi"}]})
    assert (status, code_) == ("refused", "bad_answer")
    assert "không phải là số" in message
    assert push({"khong_co": [{**reading, "value": "1"}]})[1] == "bad_answer"
    assert push({"phai_niem_yet": [{**reading, "value": "1", "as_of": "2026-02-30"}]})[1] == "bad_answer"


@pytest.mark.parametrize("role", ["unit", "viewer", "clerk"])
def test_units_viewers_and_clerks_get_403_on_sync(world: World, api: SignIn, role: str) -> None:
    world.add("khach", role, unit="so-a" if role == "unit" else None)
    world.setup()
    khach = api("khach")
    assert khach.post("/api/sync/push", {"entries": []}).status_code == 403
    assert khach.get("/api/sync/pull?inspection=cuoc-1").status_code == 403
    assert khach.put(f"/api/evidence/{sha256(b'x').hexdigest()}", b"x").status_code == 403


def test_the_bundle_has_all_that_the_tablet_needs(world: World, api: SignIn) -> None:
    world.setup()
    bundle = api("binh").get("/api/inspections/cuoc-1/bundle").json
    assert [f"{pack['id']}@{pack['version']}" for pack in bundle["checklists"]] == [
        "niem-yet@1",
        "ho-so@1",
        "dao-tao@1",
    ]
    assert bundle["unit"]["name"] == "Sở A"
    assert bundle["unit"]["terms"]["mot_cua"]
    assert bundle["functions"] == ["thanh_vien"]
    assert bundle["limits"]["batch_entries"] == 500


def test_evidence_is_kept_by_its_hash_and_seen_through_an_entry(world: World, api: SignIn) -> None:
    world.setup()
    binh, an, chi = api("binh"), api("an"), api("chi")
    data = photo()
    digest = sha256(data).hexdigest()
    assert binh.put(f"/api/evidence/{digest}", data).status_code == 201
    assert binh.put(f"/api/evidence/{digest}", data).status_code == 200
    assert binh.get(f"/api/evidence/{digest}").status_code == 200, "one's own upload"
    assert an.get(f"/api/evidence/{digest}").status_code == 404, "no entry speaks of it yet"
    value = {"kind": "anh", "file": {"sha256": digest, "type": "image/jpeg", "size": len(data)}}
    entry = make_entry("inspection/cuoc-1/evidence/e1", value, world.accounts["binh"])
    binh.post("/api/sync/push", {"entries": [entry]})
    response = an.get(f"/api/evidence/{digest}")
    assert (response.data, response.mimetype) == (data, "image/jpeg")
    assert chi.get(f"/api/evidence/{digest}").status_code == 404
    assert an.client.head(f"/api/evidence/{digest}").status_code == 200


def test_evidence_that_is_not_what_it_says_is_refused(world: World, api: SignIn) -> None:
    binh = api("binh")
    broken = binh.put(f"/api/evidence/{'0' * 64}", photo())
    assert (broken.status_code, code(broken)) == (422, "hash_mismatch")
    for data in (b"<svg onload=alert(1)>", b"MZ\x90\x00", photo()[:20], b""):
        response = binh.put(f"/api/evidence/{sha256(data).hexdigest()}", data)
        assert (response.status_code, code(response)) == (422, "unknown_type")
    assert binh.put("/api/evidence/..%2f..%2fkiemtra.db", photo()).status_code == 404
    assert list(world.installation.evidence_path.rglob("*.*")) == []


def test_evidence_over_the_limit_gets_413(world: World, api: SignIn) -> None:
    binh = api("binh")
    data = b"x" * (world.installation.config.evidence_bytes + 1)
    response = binh.put(f"/api/evidence/{sha256(data).hexdigest()}", data)
    assert (response.status_code, code(response)) == (413, "too_large")


def test_the_receipt_names_what_is_missing_and_what_was_refused(world: World, api: SignIn) -> None:
    world.setup()
    binh = api("binh")
    good = make_entry(ITEM, answer_value(), world.accounts["binh"])
    bad = make_entry(ITEM, {"item_version": 0}, world.accounts["binh"])
    never = make_entry(ITEM, answer_value(), world.accounts["binh"])
    binh.post("/api/sync/push", {"entries": [good, bad]})
    data = photo("blue")
    digest = sha256(data).hexdigest()
    body = {"entries": [good["id"], bad["id"], never["id"]], "evidence": [digest]}
    receipt = binh.post("/api/inspections/cuoc-1/receipt", body).json
    assert receipt["missing"] == {"entries": sorted([bad["id"], never["id"]]), "evidence": [digest]}
    assert [(one["id"], one["code"]) for one in receipt["quarantined"]] == [(bad["id"], "bad_shape")]
    assert receipt["head"] == world.installation.journal().head().to_json()
    binh.put(f"/api/evidence/{digest}", data)
    receipt = binh.post("/api/inspections/cuoc-1/receipt", {"entries": [good["id"]], "evidence": [digest]}).json
    assert receipt["missing"] == {"entries": [], "evidence": []}


def test_the_openapi_document_describes_every_api_route(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").json
    described = {
        (path.replace("{", "<").replace("}", ">"), method)
        for path, operations in document["paths"].items()
        for method in operations
        if method not in {"parameters", "head"}
    }
    served = {
        (rule.rule.replace("<inspection>", "<id>").replace("<campaign>", "<id>"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.rule == "/healthz"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    } - {("/api/openapi.json", "get")}
    assert described == served
    assert "AnswerValue" in document["components"]["schemas"]


def test_health(app: Flask) -> None:
    assert app.test_client().get("/healthz").json == {"status": "ok"}


def test_every_answer_has_a_strict_policy_without_inline_code(app: Flask) -> None:
    response = app.test_client().get("/healthz")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
