"""Units and issuing bodies: rights, bad input, the optimistic lock, lists that grow."""

from __future__ import annotations

import unicodedata

import pytest

from tests.office.conftest import Office

UNIT = {
    "name": "Ủy ban nhân dân xã Hòa An",
    "level": "xa",
    "parent": "",
    "code": "H20.3",
    "address": "Ấp 1",
    "start": "1/7/2025",
    "end": "",
    "terms-0-mot_cua": "Trung tâm Phục vụ hành chính công",
    "terms-0-head_title": "Chủ tịch UBND xã",
    "terms-0-lead_office": "",
    "terms-0-start": "01/07/2025",
    "terms-0-end": "",
}
ISSUER = {
    "name": "Đoàn kiểm tra CCHC",
    "letterhead": "ĐOÀN KIỂM TRA\r\nCẢI CÁCH HÀNH CHÍNH",
    "superior": "SỞ NỘI VỤ",
    "place": "Đồng Tháp",
    "symbol_tb": "Số: 05/TB - ĐKT",
    "symbol_cv": "",
    "symbol_bc": "BC-ĐKT",
    "signers-0-authority": "TM. ĐOÀN KIỂM TRA",
    "signers-0-title": "TRƯỞNG ĐOÀN",
    "signers-0-second_title": "PHÓ GIÁM ĐỐC SỞ NỘI VỤ",
    "signers-0-name": "Nguyễn Văn Bình",
    "signers-0-signature_image": "binh.png",
    "seal_image": "dau.png",
    "signers-3-name": "",
    "recipients-0-name": "UBND tỉnh",
    "recipients-0-purpose": "b/c",
    "archive": "VT, CCHC",
    "follow_up": "Phòng CCHC",
    "verb": "yêu cầu",
}


def only(office: Office, table: str, known: str) -> dict[str, object]:
    rows = office.installation.database().execute(f"SELECT id FROM {table} WHERE id != ?", [known]).fetchall()
    assert len(rows) == 1
    return office.value(f"{table.removesuffix('s')}/{rows[0][0]}")


@pytest.mark.parametrize("path", ["/don-vi/them", "/co-quan-ban-hanh/them"])
def test_a_member_may_not(office: Office, path: str) -> None:
    assert office.client("minh").post(path, data={**UNIT, **ISSUER}).status_code == 403


def test_a_unit_is_added(office: Office) -> None:
    assert office.client("lan").post("/don-vi/them", data=UNIT).status_code == 302
    unit = only(office, "units", "tan-binh")
    assert unit["name"] == "Ủy ban nhân dân xã Hòa An"
    assert unit["start"] == "2025-07-01"
    assert unit["terms"][0]["start"] == "2025-07-01"
    assert "Hòa An" in office.client("lan").get("/don-vi/").text


def test_text_is_kept_in_nfc(office: Office) -> None:
    typed = {**UNIT, "name": unicodedata.normalize("NFD", UNIT["name"])}
    office.client("lan").post("/don-vi/them", data=typed)
    assert only(office, "units", "tan-binh")["name"] == UNIT["name"]


def test_a_name_with_markup_is_shown_as_text(office: Office) -> None:
    evil = '<script>alert("1")</script>'
    office.client("lan").post("/don-vi/them", data={**UNIT, "name": evil})
    page = office.client("lan").get("/don-vi/").text
    assert evil not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Hãy nhập tên đầy đủ"),
        ({"name": "a" * 301}, "rút xuống tối đa 300 ký tự"),
        ({"level": ""}, "Hãy chọn cấp"),
        ({"level": "quan"}, "không có trong danh sách"),
        ({"parent": "sao-hoa"}, "không có trong danh sách"),
        ({"start": "31/2/2025"}, "Không có ngày «31/2/2025»"),
        ({"start": "hôm qua"}, "không phải là ngày"),
        ({"end": "30/6/2025"}, "Ngày cuối đứng trước ngày đầu"),
        ({"terms-0-end": "30/06/2025"}, "Ngày cuối đứng trước ngày đầu"),
    ],
)
def test_a_bad_unit_is_refused_with_what_to_do(office: Office, changes: dict[str, str], sentence: str) -> None:
    response = office.client("lan").post("/don-vi/them", data={**UNIT, **changes})
    assert response.status_code == 400
    assert sentence in response.text
    assert 'value="H20.3"' in response.text
    assert 'aria-invalid="true"' in response.text


def test_two_editors_of_a_unit_see_each_other(office: Office) -> None:
    client = office.client("lan")
    seen = " ".join(office.current("unit/tan-binh"))
    office.write("phong", "unit/tan-binh", {"name": "UBND xã Tân Bình mới", "level": "xa"})
    typed = {**UNIT, "name": "UBND xã Tân Bình của Lan", "seen": seen}
    response = client.post("/don-vi/tan-binh", data=typed)
    assert response.status_code == 409
    assert "Phong Đoàn Khác đã lưu một bản khác" in response.text
    assert "UBND xã Tân Bình mới" in response.text
    assert 'value="UBND xã Tân Bình của Lan"' in response.text
    assert office.value("unit/tan-binh")["name"] == "UBND xã Tân Bình mới"
    seen = " ".join(office.current("unit/tan-binh"))
    assert f'value="{seen}"' in response.text
    assert client.post("/don-vi/tan-binh", data={**typed, "seen": seen}).status_code == 302
    assert office.value("unit/tan-binh")["name"] == "UBND xã Tân Bình của Lan"


def test_a_forged_lock_is_refused(office: Office) -> None:
    for seen in ("", "khong-phai-ma", "00000000-0000-7000-8000-000000000000"):
        response = office.client("lan").post("/don-vi/tan-binh", data={**UNIT, "seen": seen})
        assert response.status_code in {400, 409}
    assert office.value("unit/tan-binh")["name"] == "Ủy ban nhân dân xã Tân Bình"


def test_what_a_form_does_not_show_stays(office: Office) -> None:
    office.write("lan", "unit/tan-binh", {"name": "Cũ", "level": "xa", "successors": ["hoa-an"]})
    seen = " ".join(office.current("unit/tan-binh"))
    assert office.client("lan").post("/don-vi/tan-binh", data={**UNIT, "seen": seen}).status_code == 302
    assert office.value("unit/tan-binh")["successors"] == ["hoa-an"]


def test_an_issuing_body_is_added_with_signers_and_recipients(office: Office) -> None:
    assert office.client("lan").post("/co-quan-ban-hanh/them", data=ISSUER).status_code == 302
    issuer = only(office, "issuers", "so-noi-vu")
    assert issuer["letterhead"] == "ĐOÀN KIỂM TRA\nCẢI CÁCH HÀNH CHÍNH"
    assert issuer["symbols"] == {"TB": "TB-ĐKT", "BC": "BC-ĐKT"}
    assert issuer["seal_image"] == "dau.png"
    assert issuer["signers"] == [
        {
            "authority": "TM. ĐOÀN KIỂM TRA",
            "title": "TRƯỞNG ĐOÀN",
            "second_title": "PHÓ GIÁM ĐỐC SỞ NỘI VỤ",
            "name": "Nguyễn Văn Bình",
            "signature_image": "binh.png",
        }
    ]
    assert issuer["recipients"] == [{"name": "UBND tỉnh", "purpose": "b/c", "kinds": []}]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"letterhead": ""}, "Hãy nhập tên in ở góc trên bên trái"),
        ({"signers-0-name": ""}, "Hãy nhập họ và tên người ký"),
        ({"signers-0-title": ""}, "Hãy nhập chức vụ người ký"),
        ({"recipients-0-name": ""}, "Hãy nhập nơi nhận"),
        ({"verb": "ra lệnh"}, "không có trong danh sách"),
    ],
)
def test_a_bad_issuing_body_is_refused(office: Office, changes: dict[str, str], sentence: str) -> None:
    response = office.client("lan").post("/co-quan-ban-hanh/them", data={**ISSUER, **changes})
    assert response.status_code == 400
    assert sentence in response.text


def test_nobody_to_sign_is_refused(office: Office) -> None:
    without = {key: value for key, value in ISSUER.items() if not key.startswith("signers")}
    response = office.client("lan").post("/co-quan-ban-hanh/them", data=without)
    assert response.status_code == 400
    assert "Hãy nhập ít nhất một người ký." in response.text


def test_a_row_can_be_added_without_scripts(office: Office) -> None:
    response = office.client("lan").post("/co-quan-ban-hanh/them", data={**ISSUER, "them": "recipients"})
    assert response.status_code == 200
    assert 'name="recipients-1-name"' in response.text
    assert 'value="Nguyễn Văn Bình"' in response.text
    count = office.installation.database().execute("SELECT count(*) FROM issuers").fetchone()[0]
    assert count == 1


def test_an_issuing_body_is_edited_as_it_is_shown(office: Office) -> None:
    client = office.client("lan")
    page = client.get("/co-quan-ban-hanh/so-noi-vu").text
    assert 'value="TB-SNV"' in page
    assert 'value="Nguyễn Văn A"' in page
    seen = " ".join(office.current("issuer/so-noi-vu"))
    assert client.post("/co-quan-ban-hanh/so-noi-vu", data={**ISSUER, "seen": seen}).status_code == 302
    assert office.value("issuer/so-noi-vu")["symbols"] == {"TB": "TB-ĐKT", "BC": "BC-ĐKT"}


def test_a_picture_is_named_by_its_file_alone(office: Office) -> None:
    page = office.client("lan").post("/co-quan-ban-hanh/them", data={**ISSUER, "seal_image": "../secret_key"})
    assert page.status_code == 400
    assert "Chỉ ghi tên tệp PNG" in page.text


TWO_LINES = {
    "signers-0-authority": "TM. ĐOÀN KIỂM TRA\r\nKT. TRƯỞNG ĐOÀN",
    "signers-0-title": "PHÓ TRƯỞNG ĐOÀN",
    "recipients-0-kinds": "BC",
    "copies": "3",
    "drafter": "NTH",
}


def test_a_sample_shows_what_is_typed_and_saves_nothing(office: Office) -> None:
    client = office.client("lan")
    typed = {**ISSUER, **TWO_LINES, "xem": "1", "sample_kind": "TB", "sample_signer": "0"}
    page = client.post("/co-quan-ban-hanh/them", data=typed)
    assert page.status_code == 200
    text = page.text.replace("\u00a0", " ")
    order = ["TM. ĐOÀN KIỂM TRA", "KT. TRƯỞNG ĐOÀN", "PHÓ TRƯỞNG ĐOÀN", "PHÓ GIÁM ĐỐC SỞ NỘI VỤ", "Nguyễn Văn Bình"]
    places = [text.rindex(f">{line}<") for line in order]
    assert places == sorted(places)
    assert "/TB-ĐKT<" in text
    assert "- Lưu: VT, CCHC (3b), NTH." in text
    assert "- UBND tỉnh" not in text
    assert office.installation.database().execute("SELECT count(*) FROM issuers").fetchone()[0] == 1
    report = client.post("/co-quan-ban-hanh/them", data={**typed, "sample_kind": "BC"}).text
    assert "- UBND tỉnh (b/c);" in report.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"signers-0-authority": "ĐOÀN KIỂM TRA"}, "Dòng «ĐOÀN KIỂM TRA» chưa rõ thẩm quyền"),
        ({"signers-0-authority": "TM. ĐOÀN\nTRƯỞNG ĐOÀN"}, "Dòng «TRƯỞNG ĐOÀN» chưa rõ thẩm quyền"),
        ({"symbol_cv": "SNV CCHC"}, "Ký hiệu chỉ gồm chữ và dấu gạch nối"),
        ({"copies": "ba"}, "Số bản lưu là số từ 1 đến 99"),
    ],
)
def test_a_bad_issuing_body_is_refused_with_what_to_do(office: Office, changes: dict[str, str], sentence: str) -> None:
    response = office.client("lan").post("/co-quan-ban-hanh/them", data={**ISSUER, **changes})
    assert response.status_code == 400
    assert sentence in response.text


def test_withdrawn_units_and_bodies_are_in_no_list(office: Office) -> None:
    office.write("mai", "unit/nham", {"name": "UBND xã ghi nhầm", "level": "xa"})
    body = {"name": "Đoàn ghi nhầm", "letterhead": "ĐOÀN GHI NHẦM", "place": "Đồng Tháp"}
    office.write("mai", "issuer/nham", {**body, "signers": [{"title": "TRƯỞNG ĐOÀN", "name": "Lan"}]})
    for subject in ("unit/nham", "issuer/nham"):
        office.write("mai", subject, None)
    for page in ("/don-vi/", "/co-quan-ban-hanh/", "/cuoc-kiem-tra/them"):
        shown = office.client("mai").get(page)
        assert shown.status_code == 200, page
        assert "ghi nhầm" not in shown.text, page
