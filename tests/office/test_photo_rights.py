"""Who gets the photo as it was taken, who gets the copy with its layer, who gets nothing."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import Any

import pytest
from PIL import Image

from app.errors import KiemtraError
from tests.evidence.test_picture import opened, photo, spread
from tests.office.conftest import Office

DATA = photo()
DIGEST = sha256(DATA).hexdigest()
COVER = {"kind": "cover", "x": 0, "y": 0, "x2": 5000, "y2": 5000}
SUBJECT = "inspection/kiem-tra-1/evidence/anh-1"


def value(**more: Any) -> dict[str, Any]:
    return {
        "kind": "anh",
        "item": "niem-yet.tthc-du-so-luong",
        "taken_at": "2026-11-22T01:00:00.000Z",
        "file": {"sha256": DIGEST, "type": "image/jpeg", "size": len(DATA)},
        "width": 2000,
        "height": 1000,
        **more,
    }


@pytest.fixture
def taken(office: Office) -> Office:
    """Minh's photo with a cover, whose bytes have arrived."""
    office.write("minh", SUBJECT, value(layer=[COVER], personal="covered"))
    assert office.client("minh").put(f"/api/evidence/{DIGEST}", data=DATA).status_code == 201
    return office


def issue(office: Office, state: str = "registered") -> None:
    paper = {"kind": "TB", "title": "Thông báo", "state": state, "sha256": "0" * 64}
    office.write("lan", "inspection/kiem-tra-1/document/tb-1", paper)


def get(office: Office, username: str, *, small: bool = True) -> Any:
    return office.client(username).get(f"/api/evidence/{DIGEST}" + ("?nho=1" if small else ""))


@pytest.mark.parametrize("username", ["minh", "lan", "mai"])
def test_the_delegation_gets_the_original_and_the_covered_copy(taken: Office, username: str) -> None:
    assert get(taken, username, small=False).data == DATA
    copy = get(taken, username)
    assert copy.mimetype == "image/jpeg"
    assert spread(opened(copy.data), (20, 20, 780, 380)) < 70


@pytest.mark.parametrize("username", ["don-vi", "khach"])
def test_unit_and_viewer_get_the_copy_only_and_only_once_the_paper_is_out(taken: Office, username: str) -> None:
    assert get(taken, username).status_code == 404
    issue(taken)
    copy = get(taken, username)
    assert copy.status_code == 200
    assert copy.data != DATA
    assert spread(opened(copy.data), (20, 20, 780, 380)) < 70
    assert not Image.open(io.BytesIO(copy.data)).getexif()
    original = get(taken, username, small=False)
    assert original.status_code == 403
    assert "bản đã che" in original.json["error"]["message"]
    assert DATA not in original.data


@pytest.mark.parametrize("username", ["don-vi", "khach"])
def test_a_photo_that_nobody_has_looked_at_for_personal_data_stays_inside(office: Office, username: str) -> None:
    office.write("minh", SUBJECT, value())
    office.client("minh").put(f"/api/evidence/{DIGEST}", data=DATA)
    issue(office)
    assert get(office, username).status_code == 404
    assert get(office, "lan").status_code == 200


def test_a_signed_paper_that_is_not_registered_opens_nothing(taken: Office) -> None:
    issue(taken, "signed")
    assert get(taken, "khach").status_code == 404


@pytest.mark.parametrize("username", ["phong", "thu"])
def test_others_get_nothing(taken: Office, username: str) -> None:
    issue(taken)
    assert get(taken, username).status_code == 404
    assert get(taken, username, small=False).status_code == 404


def test_what_anybody_covered_stays_covered_where_values_disagree(taken: Office) -> None:
    taken.write("lan", "inspection/kiem-tra-1/evidence/anh-2", value(personal="none"))
    assert spread(opened(get(taken, "lan").data), (20, 20, 780, 380)) < 70


def test_a_new_layer_makes_a_new_copy_and_the_browser_is_told(taken: Office) -> None:
    first = get(taken, "minh")
    again = taken.client("minh").get(f"/api/evidence/{DIGEST}?nho=1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    taken.write("minh", SUBJECT, value(layer=[], personal="none"), taken.current(SUBJECT))
    answered = taken.client("minh").get(
        f"/api/evidence/{DIGEST}?nho=1", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert answered.status_code == 200
    assert spread(opened(answered.data), (20, 20, 780, 380)) > 200
    assert taken.client("minh").get(f"/api/evidence/{DIGEST}").data == DATA


def test_the_findings_page_shows_the_copy_and_counts_what_nobody_looked_at(taken: Office) -> None:
    page = taken.client("lan").get("/cuoc-kiem-tra/kiem-tra-1/ket-qua").text
    assert f'src="/api/evidence/{DIGEST}?nho=1"' in page
    assert "Đã che" in page
    assert "ảnh chưa được đánh dấu" not in page
    where = {"lat": "10.457210", "lon": "105.632110", "source": "device", "accuracy": 12}
    taken.write(
        "minh",
        "inspection/kiem-tra-1/evidence/anh-3",
        value(camera_at="2026-11-21T08:30:00+07:00", position=where),
    )
    page = taken.client("lan").get("/cuoc-kiem-tra/kiem-tra-1/ket-qua?loc=anh-chua-xem").text
    assert "1 ảnh chưa được đánh dấu" in page
    assert "Giờ trong ảnh: 08:30 21/11/2026" in page
    assert "10.457210, 105.632110 (theo máy tính bảng, sai số 12 m)" in page


def test_a_layer_keeps_to_its_shape(office: Office) -> None:
    for bad in ({**COVER, "x": 10_001}, {**COVER, "x": 0.5}, {**COVER, "kind": "blur"}):
        with pytest.raises(KiemtraError):
            office.write("minh", SUBJECT, value(layer=[bad]))


def test_only_the_workspace_may_open_the_camera(office: Office) -> None:
    client = office.client("minh")
    assert "camera=(self)" in client.get("/field/", buffered=True).headers["Permissions-Policy"]
    assert "camera=()" in client.get("/cuoc-kiem-tra/").headers["Permissions-Policy"]
