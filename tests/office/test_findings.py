"""All findings on one page, and the unit's own figures."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from PIL import Image

from app.evidence.storage import EvidenceStorage
from tests.office.conftest import Office

PAGE = "/cuoc-kiem-tra/kiem-tra-1/ket-qua"
SCOPE = "inspection/kiem-tra-1"
COUNT = "niem-yet.tthc-du-so-luong"


def reading(value: str, source: str, **more: str) -> dict[str, str]:
    return {"value": value, "source": source, **more}


def answer(verdict: str | None, **figures: list[dict[str, str]]) -> dict[str, Any]:
    return {"item_version": 1, "verdict": verdict, "figures": figures}


@pytest.fixture
def found(office: Office) -> Office:
    """Two places, one short; figures of two sources; a note; a paper; a photo that is here, one that is not."""
    counted = reading("34336", "doan_kiem_dem", as_of="2026-11-20")
    said = reading("34500", "bao_cao", as_of="2026-10-31")
    office.write("minh", f"{SCOPE}/answer/{COUNT}@mot-cua", answer("dat", phai_niem_yet=[counted, said]))
    office.write("minh", f"{SCOPE}/answer/{COUNT}@trang-tin", answer("chua_dat"))
    office.write("minh", f"{SCOPE}/note/{COUNT}@mot-cua/n1", {"text": "Bảng <b>khuất</b> ở tầng 2."})
    paper = {"number": "12/KH-UBND", "date": "2026-01-05", "issuer": "UBND xã"}
    office.write("lan", f"{SCOPE}/evidence/e1", {"kind": "van_ban", "item": COUNT, "site": "mot-cua", "paper": paper})
    photo(office, "e2", held=True)
    photo(office, "e3", held=False)
    return office


def photo(office: Office, name: str, *, held: bool) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (10, 20, len(name) + held)).save(stream, "PNG")
    data = stream.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    if held:
        here = office.installation
        EvidenceStorage(here.evidence_path, here.database(), here.clock).put(digest, data, office.ids["minh"])
    file = {"sha256": digest, "type": "image/png", "size": len(data)}
    value = {"kind": "anh", "item": COUNT, "site": "mot-cua", "caption": f"Ảnh {name}", "file": file}
    office.write("minh", f"{SCOPE}/evidence/{name}", value)


def page(office: Office, query: str = "") -> str:
    response = office.client("lan").get(PAGE + query)
    assert response.status_code == 200
    return response.text


def test_places_figures_and_sources_are_shown(found: Office) -> None:
    text = page(found)
    assert "34.336" in text
    assert "34.500" in text
    assert "20/11/2026" in text
    assert "Đoàn kiểm đếm" in text
    assert "Các nguồn khác nhau" in text
    assert "Trang thông tin điện tử" in text
    assert "số 12/KH-UBND ngày 05/01/2026 của UBND xã" in text


def test_markup_in_notes_is_text(found: Office) -> None:
    assert "Bảng &lt;b&gt;khuất&lt;/b&gt; ở tầng 2." in page(found)


def test_photos_are_small_lazy_and_missing_ones_are_said(found: Office) -> None:
    text = page(found)
    assert text.count('loading="lazy"') == 1
    assert "Thiếu ảnh" in text
    start = text.index('<img src="/api/evidence/') + len('<img src="')
    address = text[start : text.index('"', start)]
    assert found.client("lan").get(address).mimetype == "image/jpeg"
    assert found.client("phong").get(address).status_code == 404


def test_the_units_reported_figure_stands_beside(found: Office) -> None:
    found.write("minh", f"{SCOPE}/answer/{COUNT}@mot-cua", answer("dat", da_niem_yet=[reading("29", "doan_kiem_dem")]))
    text = page(found, "?loc=lech-nguon")
    assert "29" in text
    assert "31/10/2026" in text
    assert "Các nguồn khác nhau" in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?loc=han-che", 1),
        ("?loc=chua_dat", 1),
        ("?loc=dat", 1),
        ("?loc=khac-nhau", 0),
        ("?loc=dat_mot_phan", 0),
        ("?loc=chua-kiem-tra&phieu=dao-tao", 10),
        ("?loc=khong-co-loc-nay", 2),
        ("?phieu=dao-tao", 0),
    ],
)
def test_filters(found: Office, query: str, count: int) -> None:
    assert f">{count} kết quả<" in page(found, query)


def test_a_phone_number_is_no_figure_with_thousands(found: Office) -> None:
    found.write(
        "minh",
        f"{SCOPE}/evidence/e9",
        {"kind": "goi_thu", "call": {"number": "0912345678", "at": "2026-11-20T02:15:00.000Z", "answered": False}},
    )
    assert "Gọi 0912345678 lúc 09:15 20/11/2026: không ai nghe" in page(found)


def test_a_withdrawn_answer_is_none(found: Office) -> None:
    found.write("minh", f"{SCOPE}/answer/{COUNT}@trang-tin", None)
    assert ">1 kết quả<" in page(found)


REPORTED = "/cuoc-kiem-tra/kiem-tra-1/so-lieu"


def test_reported_figures_are_read_as_vietnamese_numbers(office: Office) -> None:
    client = office.client("lan")
    text = client.get(REPORTED).text
    assert f'name="so.{COUNT}.da_niem_yet" value="30"' in text
    data = {
        "seen": " ".join(office.current(f"{SCOPE}/setup")),
        "as_of": "31/10/2026",
        f"so.{COUNT}.da_niem_yet": "1.234",
        f"so.{COUNT}.phai_niem_yet": "1234",
    }
    assert client.post(REPORTED, data=data).status_code == 302
    figures = {one["figure"]: one for one in office.value(f"{SCOPE}/setup")["reported"]}
    assert figures["da_niem_yet"]["value"] == "1234"
    assert figures["phai_niem_yet"] == {
        "item": COUNT,
        "figure": "phai_niem_yet",
        "value": "1234",
        "as_of": "2026-10-31",
    }


@pytest.mark.parametrize("typed", ["ba mươi", "-3", "1.2.3", "12,", "9e9"])
def test_a_bad_figure_is_kept_and_marked(office: Office, typed: str) -> None:
    data = {"seen": " ".join(office.current(f"{SCOPE}/setup")), "as_of": "", f"so.{COUNT}.da_niem_yet": typed}
    response = office.client("lan").post(REPORTED, data=data)
    assert response.status_code == 400
    assert f'value="{typed}"' in response.text
    assert "có 1 số liệu cần sửa" in response.text
    assert office.value(f"{SCOPE}/setup")["reported"][0]["value"] == "30"


def test_an_emptied_figure_goes_and_the_rest_stays(office: Office) -> None:
    setup = office.value(f"{SCOPE}/setup")
    other = {"item": "iso-9001.x", "figure": "so", "value": "1", "as_of": None}
    office.write("lan", f"{SCOPE}/setup", {**setup, "reported": [*setup["reported"], other]})
    data = {"seen": " ".join(office.current(f"{SCOPE}/setup")), f"so.{COUNT}.da_niem_yet": ""}
    assert office.client("lan").post(REPORTED, data=data).status_code == 302
    assert office.value(f"{SCOPE}/setup")["reported"] == [other]


def test_reported_figures_have_the_optimistic_lock(office: Office) -> None:
    seen = " ".join(office.current(f"{SCOPE}/setup"))
    office.write("mai", f"{SCOPE}/setup", {**office.value(f"{SCOPE}/setup"), "reported": []})
    data = {"seen": seen, f"so.{COUNT}.da_niem_yet": "31"}
    response = office.client("lan").post(REPORTED, data=data)
    assert response.status_code == 409
    assert "Mai Quản Trị đã lưu một bản khác" in response.text
    assert office.value(f"{SCOPE}/setup")["reported"] == []
