"""What tablets report, who sees it, and what drafting and signing make of it."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
import uuid_utils

from app.conclusions.issue import OutstandingError, issue
from app.tablets.outstanding import Outstanding, outstanding_of
from tests.conftest import Api, World, answer_value, make_entry
from tests.sync.test_api import code, photo

DEVICE = "5b0c6f2e-1a2b-4c3d-8e9f-000000000001"
ITEM = "niem-yet.tthc-du-so-luong"
PLACE = f"{ITEM}@mot-cua"
SignIn = Callable[[str], Api]


def put(api: Api, device: str, body: Any, **headers: str) -> Any:
    return api.client.put(f"/api/tablets/{device}", json=body, headers={"X-CSRFToken": api.token, **headers})


def report(entries: list[str], evidence: list[str], inspection: str = "cuoc-1", **more: Any) -> dict[str, Any]:
    places = [{"place": PLACE, "entries": entries, "evidence": evidence}] if entries or evidence else []
    one = {"id": inspection, "last_written": "2026-11-22T00:59:00.000Z", "drafts": 1, "places": places}
    return {"label": "Android · Chrome", "version": "0.1.0", "persisted": False, "inspections": [one], **more}


def shown(world: World) -> Outstanding:
    setup = world.installation.journal().value("inspection/cuoc-1/setup")
    return outstanding_of(world.installation, "cuoc-1", setup)


def answered_once(world: World) -> None:
    """A paper needs something to tell."""
    world.installation.journal().write(world.who("an"), f"inspection/cuoc-1/answer/{PLACE}", answer_value())


def new_id() -> str:
    return str(uuid_utils.uuid7())


def test_the_lead_reads_who_holds_what_by_name_until_it_arrives(world: World, api: SignIn) -> None:
    world.setup()
    binh = api("binh")
    data = photo()
    digest = sha256(data).hexdigest()
    entry = make_entry(f"inspection/cuoc-1/answer/{PLACE}", answer_value(), world.accounts["binh"], device=DEVICE)
    assert put(binh, DEVICE, report([entry["id"]], [digest])).json == {"kept": ["cuoc-1"]}
    [tablet] = shown(world).tablets
    assert (tablet.entries, tablet.photos, tablet.drafts, tablet.who) == (1, 1, 1, "binh")
    assert tablet.waiting[0].title.endswith("(Bộ phận Một cửa)")
    assert tablet.safe == 0

    # What arrives on any way (a sync, a rescue file) is safe, whether the tablet says so or not.
    assert binh.post("/api/sync/push", {"entries": [entry]}).json["results"][0]["status"] == "stored"
    binh.put(f"/api/evidence/{digest}", data)
    [tablet] = shown(world).tablets
    assert (tablet.entries, tablet.photos, tablet.safe) == (0, 0, 1)
    page = api("an").get("/cuoc-kiem-tra/cuoc-1").text
    assert "0 mục / 0 ảnh" in page
    assert "Android · Chrome (5b0c6f2e)" in page


def test_a_fresh_device_id_does_not_wipe_what_the_old_one_reported(world: World, api: SignIn) -> None:
    world.setup()
    binh = api("binh")
    put(binh, DEVICE, report([new_id(), new_id()], []))
    put(binh, "another-one", report([], []))
    by_device = {tablet.device: tablet.entries for tablet in shown(world).tablets}
    assert by_device == {DEVICE: 2, "another-one": 0}


def test_what_a_tablet_no_longer_reports_and_never_sent_is_named_as_vanished(world: World, api: SignIn) -> None:
    world.setup()
    binh = api("binh")
    gone, kept = new_id(), new_id()
    put(binh, DEVICE, report([gone, kept], []))
    put(binh, DEVICE, report([kept], []))
    put(binh, DEVICE, report([kept], []))
    [tablet] = shown(world).tablets
    assert [line.entries for line in tablet.waiting] == [1]
    assert [line.entries for line in tablet.vanished] == [1]
    put(binh, DEVICE, report([kept, gone], []))
    [tablet] = shown(world).tablets
    assert (tablet.entries, tablet.vanished) == (2, ())


def test_only_inspections_of_the_account_are_kept(world: World, api: SignIn) -> None:
    world.setup()
    body = report([new_id()], [])
    body["inspections"].append({"id": "khong-co"})
    assert put(api("chi"), DEVICE, body).json == {"kept": []}
    assert put(api("an"), DEVICE, body).json == {"kept": ["cuoc-1"]}
    assert api("chi").get("/cuoc-kiem-tra/cuoc-1").status_code == 404


@pytest.mark.parametrize("role", ["unit", "viewer", "clerk"])
def test_units_viewers_and_clerks_report_nothing(world: World, api: SignIn, role: str) -> None:
    world.setup()
    world.add("khac", role, unit="so-a" if role == "unit" else None)
    answered = put(api("khac"), DEVICE, report([], []))
    assert (answered.status_code, code(answered)) == (403, "forbidden")


@pytest.mark.parametrize(
    ("device", "body"),
    [
        ("MÁY", {}),
        ("x" * 65, {}),
        (DEVICE, {"inspections": [{"id": "cuoc-1", "places": [{"entries": ["x"]}]}]}),
        (DEVICE, {"inspections": [{"id": "cuoc-1", "drafts": -1}]}),
        (DEVICE, {"inspections": [{"id": "cuoc-1", "places": [{"evidence": ["0" * 64] * 5001}]}]}),
    ],
)
def test_what_is_no_report_is_refused(world: World, api: SignIn, device: str, body: Any) -> None:
    world.setup()
    answered = put(api("an"), device, body)
    assert (answered.status_code, code(answered)) == (400, "invalid_input")


def test_an_old_tablet_that_names_no_device_may_push_and_pull(world: World, api: SignIn) -> None:
    world.setup()
    entry = make_entry(f"inspection/cuoc-1/answer/{PLACE}", answer_value(), world.accounts["binh"])
    binh = api("binh")
    assert binh.post("/api/sync/push", {"entries": [entry]}).json["results"][0]["status"] == "stored"
    assert len(binh.get("/api/sync/pull?inspection=cuoc-1").json["entries"]) == 2
    [tablet] = shown(world).tablets
    assert (tablet.device, tablet.safe, tablet.outstanding) == ("may-1", 1, False)


def test_evidence_without_its_file_is_named_with_its_item(world: World, api: SignIn) -> None:
    world.setup()
    digest = sha256(photo()).hexdigest()
    value = {"kind": "anh", "item": ITEM, "site": "mot-cua", "caption": "Bảng niêm yết"}
    value["file"] = {"sha256": digest, "type": "image/jpeg", "size": 10}
    entry = make_entry("inspection/cuoc-1/evidence/anh-1", value, world.accounts["binh"])
    assert api("binh").post("/api/sync/push", {"entries": [entry]}).json["results"][0]["status"] == "stored"
    [missing] = shown(world).missing
    assert missing.title.endswith("(Bộ phận Một cửa)")
    assert "Bảng niêm yết" in api("an").get("/cuoc-kiem-tra/cuoc-1").text


def test_drafting_warns_and_signing_wants_the_sentence(world: World, api: SignIn) -> None:
    world.setup()
    answered_once(world)
    an = api("an")
    put(an, DEVICE, report([new_id()], []))
    draft = an.get("/cuoc-kiem-tra/cuoc-1/du-thao").text
    assert "Dữ liệu chưa về đủ" in draft
    assert "1 mục / 0 ảnh" in draft
    sentence = shown(world).sentence
    assert "1 ghi nhận, 0 tệp trên máy Android · Chrome (5b0c6f2e) của an" in sentence
    with pytest.raises(OutstandingError):
        issue(world.installation, "cuoc-1", world.who("an"))
    issued = issue(world.installation, "cuoc-1", world.who("an"), confirmed=sentence)
    value = world.installation.journal().value(f"inspection/cuoc-1/document/{issued.document}")
    assert value["outstanding"] == sentence


def test_the_page_of_signing_asks_for_the_tick(world: World, api: SignIn) -> None:
    world.setup()
    answered_once(world)
    an = api("an")
    put(an, DEVICE, report([new_id()], []))
    path = "/cuoc-kiem-tra/cuoc-1/ban-hanh"
    assert 'name="confirmed"' in an.get(path).text
    typed = {"signer": "0", "csrf_token": an.token}
    refused = an.client.post(path, data=typed)
    assert (refused.status_code, "hãy xác nhận" in refused.text) == (422, True)
    signed = an.client.post(path, data={**typed, "confirmed": shown(world).sentence})
    assert signed.status_code == 302
