"""Preparing and following an inspection."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import make_entry
from tests.office.conftest import Office

HERE = "/cuoc-kiem-tra/kiem-tra-1"
SETUP = "inspection/kiem-tra-1/setup"


def form(office: Office, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Kiểm tra đột xuất Bộ phận Một cửa",
        "unit": "tan-binh",
        "issuer": "so-noi-vu",
        "kind": "dot_xuat",
        "document_kind": "CV",
        "team": "Đoàn kiểm tra 195",
        "dates": "22/11/2026; 20-11-2026",
        "period_start": "1/1/2026",
        "period_end": "31/10/2026",
        "plan-number": "12/KH-UBND",
        "plan-date": "15/01/2026",
        "plan-issuer": "UBND tỉnh",
        "plan-subject": "",
        "sites-0-id": "",
        "sites-0-name": "Bộ phận Một cửa",
        "sites-0-address": "Ấp 1",
        "sites-0-kind": "diem-tiep-nhan",
        "sites-1-name": "",
        "members-0-account": office.ids["lan"],
        "members-0-position": "Phó Giám đốc",
        "members-0-functions": ["truong_doan", "nguoi_ky"],
        "members-1-account": office.ids["minh"],
        "members-1-functions": ["thanh_vien"],
        "members-1-checklists": ["niem-yet"],
        "checklists": ["niem-yet@1", "dao-tao@1"],
        **changes,
    }


def make(office: Office, **changes: Any) -> Any:
    return office.client("lan").post("/cuoc-kiem-tra/them", data=form(office, **changes))


def made(office: Office) -> dict[str, Any]:
    rows = office.installation.database().execute("SELECT subject FROM inspections WHERE subject != ?", [SETUP])
    return office.value(rows.fetchone()[0])


def show(office: Office, username: str = "lan") -> str:
    response = office.client(username).get(HERE)
    assert response.status_code == 200
    return response.text


def test_a_clerk_may_not_make_an_inspection(office: Office) -> None:
    assert office.client("thu").post("/cuoc-kiem-tra/them", data=form(office)).status_code == 403


def test_the_blank_form_has_its_maker_as_head_and_the_ten_main_checklists(office: Office) -> None:
    page = office.client("lan").get("/cuoc-kiem-tra/them").text
    assert f'selected value="{office.ids["lan"]}"' in page
    assert page.count('name="checklists"') == 14
    chosen = [part for part in page.split("<input") if 'name="checklists"' in part and "checked" in part]
    assert len(chosen) == 10
    assert "cốt lõi" in page


def test_an_inspection_is_made(office: Office) -> None:
    response = make(office)
    assert response.status_code == 302
    setup = made(office)
    assert setup["dates"] == ["2026-11-20", "2026-11-22"]
    assert setup["period"] == {"start": "2026-01-01", "end": "2026-10-31"}
    assert setup["plan"] == {"number": "12/KH-UBND", "date": "2026-01-15", "issuer": "UBND tỉnh", "subject": ""}
    assert setup["decision"] is None
    assert setup["sites"][0] | {"id": "x"} == {
        "id": "x",
        "name": "Bộ phận Một cửa",
        "address": "Ấp 1",
        "kind": "diem-tiep-nhan",
    }
    assert len(setup["sites"]) == 1
    assert [member["name"] for member in setup["members"]] == ["Lan Trưởng Đoàn", "Minh Thành Viên"]
    assert setup["members"][0]["functions"] == ["truong_doan", "nguoi_ky"]
    assert setup["members"][1]["checklists"] == ["niem-yet"]
    page = office.client("lan").get(response.location).text
    assert "Kiểm tra đột xuất Bộ phận Một cửa" in page
    assert "số 12/KH-UBND ngày 15/01/2026 của UBND tỉnh" in page


def test_the_new_inspection_is_in_the_bundle_that_tablets_load(office: Office) -> None:
    inspection = make(office).location.rpartition("/")[2]
    bundle = office.client("minh").get(f"/api/inspections/{inspection}/bundle")
    assert bundle.status_code == 200
    assert bundle.json["inspection"]["setup"]["document_kind"] == "CV"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Hãy nhập tên cuộc kiểm tra."),
        ({"unit": ""}, "Hãy chọn đơn vị được kiểm tra."),
        ({"issuer": ""}, "Hãy chọn cơ quan sẽ ký kết luận."),
        ({"dates": "22/11/2026; 31/11/2026"}, "Không có ngày «31/11/2026»"),
        ({"period_end": ""}, "cần cả ngày đầu và ngày cuối"),
        ({"period_end": "31/12/2025"}, "Ngày cuối đứng trước ngày đầu"),
        ({"plan-date": "không rõ"}, "không phải là ngày"),
        ({"sites-0-name": ""}, "Hãy nhập tên nơi kiểm tra"),
        ({"members-0-functions": ["thanh_vien"]}, "cần một trưởng đoàn"),
        ({"members-1-functions": []}, "Hãy đánh dấu ít nhất một nhiệm vụ"),
        ({"members-1-account": ""}, "Hãy chọn người"),
        ({"members-1-functions": ["ke_toan"]}, "không nằm trong danh sách"),
        ({"checklists": []}, "Hãy chọn ít nhất một bộ phiếu"),
        ({"checklists": ["niem-yet@99"]}, "không nằm trong danh sách"),
    ],
)
def test_bad_input_is_said_at_its_place_and_nothing_is_written(
    office: Office, changes: dict[str, Any], sentence: str
) -> None:
    response = make(office, **changes)
    assert response.status_code == 400
    assert sentence in response.text
    assert 'value="Đoàn kiểm tra 195"' in response.text
    count = office.installation.database().execute("SELECT count(*) FROM inspections").fetchone()[0]
    assert count == 1


def test_the_same_person_twice_is_refused(office: Office) -> None:
    response = make(office, **{"members-1-account": office.ids["lan"]})
    assert response.status_code == 400
    assert "được ghi hai lần" in response.text


def test_a_maker_who_leaves_himself_out_is_told(office: Office) -> None:
    response = make(office, **{"members-0-account": office.ids["phong"]})
    assert response.status_code == 400
    assert "phải có tên trong đoàn" in response.text


def test_an_edit_keeps_places_figures_and_what_the_form_does_not_show(office: Office) -> None:
    client = office.client("lan")
    page = client.get(f"{HERE}/sua").text
    assert 'value="mot-cua"' in page
    changes = {
        "seen": " ".join(office.current(SETUP)),
        "sites-0-id": "mot-cua",
        "sites-1-id": "trang-tin",
        "sites-1-name": "Trang thông tin điện tử",
        "sites-1-kind": "noi-niem-yet",
        "sites-2-name": "Điểm bưu điện",
    }
    old = office.value(SETUP)
    assert client.post(f"{HERE}/sua", data=form(office, **changes)).status_code == 302
    new = office.value(SETUP)
    assert [site["id"] for site in new["sites"]][:2] == ["mot-cua", "trang-tin"]
    assert new["sites"][2]["id"].startswith("noi-")
    assert new["reported"] == old["reported"]


def test_two_editors_see_each_other(office: Office) -> None:
    seen = " ".join(office.current(SETUP))
    office.write("mai", SETUP, {**office.value(SETUP), "team": "Đoàn của Mai"})
    response = office.client("lan").post(f"{HERE}/sua", data=form(office, seen=seen))
    assert response.status_code == 409
    assert "Mai Quản Trị đã lưu một bản khác" in response.text
    assert "Đoàn của Mai" in response.text
    assert 'value="Đoàn kiểm tra 195"' in response.text
    assert office.value(SETUP)["team"] == "Đoàn của Mai"


def test_rows_can_be_added_without_scripts(office: Office) -> None:
    response = make(office, them="members")
    assert response.status_code == 200
    assert 'name="members-2-account"' in response.text
    assert response.text.count(f'value="{office.ids["phong"]}"') == 3


def test_the_page_counts_answers_and_names_missing_photos(office: Office) -> None:
    answer = {"item_version": 1, "verdict": "dat"}
    subject = "inspection/kiem-tra-1/answer/niem-yet.tthc-du-so-luong"
    office.write("minh", f"{subject}@mot-cua", answer)
    assert "1/13" not in show(office)
    office.write("minh", f"{subject}@trang-tin", answer)
    assert "1/13" in show(office)
    assert "Không thiếu ảnh" in show(office)
    photo = {"kind": "anh", "caption": "Bảng ở tầng 2", "file": {"sha256": "a" * 64, "type": "image/jpeg", "size": 9}}
    office.write("minh", "inspection/kiem-tra-1/evidence/e1", photo)
    assert "Thiếu 1 ảnh" in show(office)
    assert "Bảng ở tầng 2" in show(office)


def test_refused_entries_are_shown_to_the_lead_with_their_reason(office: Office) -> None:
    bad = make_entry("inspection/kiem-tra-1/answer/niem-yet.x", {"item_version": 1, "verdict": "tot"}, "x")
    bad["author"] = office.ids["minh"]
    office.installation.journal().push([bad], office.who("minh"))
    assert "«verdict» phải là một trong các giá trị" in show(office)
    assert "Ghi nhận bị từ chối" not in show(office, "minh")


def test_the_list_shows_progress_and_disagreements(office: Office) -> None:
    subject = "inspection/kiem-tra-1/answer/dao-tao.ke-hoach"
    office.write("minh", subject, {"item_version": 1, "verdict": "dat"}, [])
    office.write("lan", subject, {"item_version": 1, "verdict": "chua_dat"}, [])
    page = office.client("lan").get("/cuoc-kiem-tra/").text
    assert "1 nội dung khác nhau" in page
    assert "Đang kiểm tra" in page
