"""The unit's requests: with an addressee, a comment, and a section of their own in the conclusion."""

from __future__ import annotations

import pytest

from app.conclusions.gather import gather
from reports.composing.conclusion import compose
from reports.document import Heading, Paragraph
from tests.conftest import World

TEAM, UNIT = "/cuoc-kiem-tra/cuoc-1/kien-nghi", "/giai-trinh/cuoc-1/kien-nghi"


@pytest.fixture
def heard(inspected: World, browser) -> World:
    browser("an").post("/cuoc-kiem-tra/cuoc-1/giai-trinh/gui", until="05/12/2026", seen="")
    return inspected


def petitions(world: World) -> list[tuple[str, str]]:
    rows = world.installation.database().execute(
        "SELECT petition, entry FROM petitions WHERE value != 'null' ORDER BY petition"
    )
    return [(row[0], row[1]) for row in rows]


def section(world: World) -> list[str]:
    texts = [
        block.text
        for block in compose(gather(world.installation, "cuoc-1")).blocks
        if isinstance(block, Paragraph | Heading)
    ]
    start = next((n for n, text in enumerate(texts) if "KIẾN NGHỊ, ĐỀ XUẤT CỦA ĐƠN VỊ" in text), None)
    if start is None:
        return []
    end = next(n for n, text in enumerate(texts) if n > start and text.split(". ")[0] in {"III", "IV", "V"})
    return texts[start:end]


def test_no_requests_no_section(inspected: World):
    assert section(inspected) == []


def test_requests_stand_grouped_by_addressee_with_what_becomes_of_them(heard: World, browser):
    browser("dv").post(UNIT, text="Bổ sung biên chế cho Bộ phận Một cửa", addressee="UBND tỉnh", seen="", id="")
    browser("binh").post(TEAM, text="Tập huấn phần mềm mới", addressee="Sở Nội vụ", seen="", id="")
    browser("dv").post(UNIT, text="Cấp kinh phí thay máy tính", addressee="UBND tỉnh", seen="", id="")
    first, second, third = (id_ for id_, _ in petitions(heard))
    assert browser("binh").post(f"{TEAM}/y-kien", id=first, handling="ghi_nhan", seen="").status_code == 403
    an = browser("an")
    assert an.post(f"{TEAM}/y-kien", id=first, handling="chuyen", forward_to="", text="", seen="").status_code == 302
    answer = "Sở sẽ tổ chức lớp tập huấn trong quý I"
    assert an.post(f"{TEAM}/y-kien", id=second, handling="tra_loi", text=answer, seen="").status_code == 302
    assert an.post(f"{TEAM}/y-kien", id=third, handling="tra_loi", text="", seen="").status_code == 400
    an.post(f"{TEAM}/y-kien", id=third, handling="ghi_nhan", text="", seen="")
    assert section(heard) == [
        "III. KIẾN NGHỊ, ĐỀ XUẤT CỦA ĐƠN VỊ",
        "1. Đối với Ủy ban nhân dân tỉnh",
        (
            "Bổ sung biên chế cho Bộ phận Một cửa. Đoàn kiểm tra ghi nhận, chuyển Ủy ban nhân dân tỉnh xem xét, "
            "trả lời theo thẩm quyền."
        ),
        "Cấp kinh phí thay máy tính. Đoàn kiểm tra ghi nhận để tổng hợp, báo cáo.",
        "2. Đối với Sở Nội vụ",
        "Tập huấn phần mềm mới. Đoàn kiểm tra trả lời: sở sẽ tổ chức lớp tập huấn trong quý I.",
    ]


def test_each_side_changes_only_what_it_wrote(heard: World, browser):
    browser("dv").post(UNIT, text="Của đơn vị", addressee="", seen="", id="")
    browser("binh").post(TEAM, text="Do đoàn ghi", addressee="", seen="", id="")
    (own, own_entry), (typed, typed_entry) = petitions(heard)
    assert browser("an").post(TEAM, id=own, text="Sửa hộ", seen=own_entry).status_code == 403
    assert browser("dv").post(UNIT, id=typed, text="Sửa của đoàn", seen=typed_entry).status_code == 403
    assert browser("dv").post(UNIT, id=own, seen=own_entry, action="withdraw").status_code == 302
    assert [id_ for id_, _ in petitions(heard)] == [typed]
    answered = browser("dv").post(UNIT, id=own, text="Bản khác", seen=own_entry)
    assert answered.status_code == 409


def test_what_the_site_record_says_is_offered_and_never_taken_by_itself(heard: World, browser):
    said = {"held_at": "Phòng họp", "requests": [{"text": "Xin thêm máy quét", "addressee": "Sở Nội vụ"}]}
    heard.installation.journal().write(heard.who("binh"), "inspection/cuoc-1/minutes/bb-1", said, supersedes=[])
    assert petitions(heard) == []
    record = heard.installation.journal().current("inspection/cuoc-1/minutes/bb-1")[0].id
    assert "Xin thêm máy quét" in browser("an").get(TEAM).text
    browser("an").post(TEAM, record=record, text="Xin thêm máy quét", addressee="Sở Nội vụ")
    ((id_, _),) = petitions(heard)
    assert heard.installation.journal().value(f"inspection/cuoc-1/petition/{id_}")["record"] == record
    assert "chưa đưa vào danh sách" not in browser("an").get(TEAM).text


def test_another_unit_sees_none_of_it(heard: World, browser):
    assert browser("dv-khac").get(UNIT).status_code == 404
    assert browser("dv-khac").post(UNIT, text="x", seen="", id="").status_code == 404
    assert browser("chi").get(TEAM).status_code == 404
