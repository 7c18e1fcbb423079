"""What is asked of other bodies: on the draft, on the papers, and on the unit's own list."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from app.conclusions.gather import gather
from app.conclusions.issue import issue
from app.conclusions.making import Choice, compose_paper
from app.papers.registering import register
from app.remedies.queries import open_findings
from reports.composing.conclusion import plan
from reports.document import Paragraph
from tests.conftest import World

DRAFT = "/cuoc-kiem-tra/cuoc-1/du-thao"
WRITE = "/cuoc-kiem-tra/cuoc-1/yeu-cau-du-thao"


@pytest.fixture
def world(inspected: World, browser: Any) -> World:
    journal = inspected.installation.journal()
    symbols = {"TB": "TB-ĐKT", "CV": "SNV-CCHC", "BC": "BC-ĐKT"}
    body = {**journal.value("issuer/doan"), "symbols": symbols, "addressee": "Chủ tịch UBND tỉnh"}
    journal.write(inspected.system(), "issuer/doan", body)
    browser("an").post(WRITE, text="Khắc phục lỗi phần mềm", addressee="Sở Khoa học và Công nghệ", seen="")
    return inspected


def issued(world: World) -> None:
    kept = issue(world.installation, "cuoc-1", world.who("an"))
    register(world.installation, "cuoc-1", kept.document, world.who("van"), number=7, issued_on=date(2026, 11, 20))


def test_the_draft_shows_them_under_a_paragraph_of_their_own(world: World, browser: Any) -> None:
    page = browser("an").get(DRAFT).text
    (lead,) = [part for part in plan(gather(world.installation, "cuoc-1")).of("lead") if part.area]
    assert lead.text == "Đề nghị Sở Khoa học và Công nghệ:"
    assert page.index("yêu cầu Sở A:") < page.index(lead.text) < page.index("Khắc phục lỗi phần mềm.")
    assert "Về sở" not in page

    browser("an").post(DRAFT, part=lead.id, text="Đề nghị Sở Khoa học và Công nghệ phối hợp:", seen="", action="save")
    assert "Công nghệ phối hợp:" in browser("an").get(DRAFT).text


def test_whom_a_requirement_is_for_can_be_changed(world: World, browser: Any) -> None:
    (one,) = [part for part in plan(gather(world.installation, "cuoc-1")).of("req") if part.area]
    path = f"{WRITE}?doan={one.id}"
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', browser("an").get(path).text)[1]  # type: ignore[index]
    browser("an").post(path, text="Khắc phục lỗi phần mềm", addressee="", seen=seen)

    assert not [part for part in plan(gather(world.installation, "cuoc-1")).of("lead", "req") if part.area]
    value = world.installation.journal().value(f"inspection/cuoc-1/remedy/{one.requirement.remedy}")  # type: ignore[union-attr]
    assert value["addressee_kind"] == "don_vi"


def test_the_report_asks_them_under_a_paragraph_of_their_own(world: World) -> None:
    paper = compose_paper(world.installation, "cuoc-1", "bao-cao", Choice()).document
    told = [(block.lead_in, block.text) for block in paper.blocks if isinstance(block, Paragraph)]
    at = told.index(("2.", "Đề nghị Sở Khoa học và Công nghệ:"))
    assert told[at + 1] == ("", "Khắc phục lỗi phần mềm.")
    assert any("yêu cầu, đề nghị thực hiện 02 nội dung" in text for _, text in told)
    assert ("1.", "Từ kết quả kiểm tra nêu trên, Đoàn kiểm tra đề nghị Chủ tịch Ủy ban nhân dân tỉnh:") in told


def test_the_unit_is_not_asked_for_what_others_have_to_do(world: World, browser: Any) -> None:
    issued(world)
    unit = browser("dv")
    page = unit.get("/yeu-cau").text
    assert page.count("Trả lời yêu cầu này") == 1
    assert "Đơn vị không phải trả lời các nội dung này." in page

    query = "SELECT remedy FROM remedies WHERE json_extract(value, '$.addressee_kind') = 'co_quan_khac'"
    ((other,),) = world.installation.database().execute(query).fetchall()
    assert unit.post(f"/yeu-cau/cuoc-1/{other}", state="da_hoan_thanh", text="Xong").status_code == 400
    assert len(open_findings(world.installation.database(), "so-a", "cuoc-2")) == 1
    reminder = compose_paper(world.installation, "cuoc-1", "don-doc.1", Choice()).document
    assert "còn 01 nội dung chưa hoàn thành" in reminder.blocks[1].text  # type: ignore[union-attr]

    team = browser("an")
    assert f"/khac-phuc/{other}" in team.get("/cuoc-kiem-tra/cuoc-1/khac-phuc").text
    team.post(f"/cuoc-kiem-tra/cuoc-1/khac-phuc/{other}", decision="chap_nhan", reason="")
    assert f"/khac-phuc/{other}" not in team.get("/cuoc-kiem-tra/cuoc-1/khac-phuc").text
