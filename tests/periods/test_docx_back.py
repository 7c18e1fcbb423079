"""A corrected DOCX of a report over a campaign comes back, paragraph by paragraph."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.conclusions.making import Choice
from app.papers.issuing import issued_file
from app.papers.verifying import verify_document
from app.periods.making import issue_report_over, report_parts
from app.periods.span import Span
from reports.composing.parts import Part
from reports.verifying.manifest import manifest_of
from tests.conclusions.test_docx_back import edited, of, say, take_fields
from tests.conftest import World
from tests.periods.conftest import Browser, conclude
from tests.periods.test_papers import AT

Signed = Callable[[str], Browser]
HERE = f"{AT}/tong-hop"
SCOPE, CLOSING, UNVISITED = "th.scope", "th.closing", "th.unvisited"


def version(an: Browser, at: str = HERE) -> bytes:
    return bytes(an.get(f"{at}/tai.docx").data)


def hand_back(an: Browser, data: bytes, at: str = HERE) -> Any:
    fields = {"csrf_token": an.token, "file": (io.BytesIO(data), "bao-cao-da-sua.docx")}
    return an.client.post(f"{at}/nop-lai", data=fields, content_type="multipart/form-data")


def take(an: Browser, page: str, *numbers: int, **more: str) -> Any:
    return an.post(f"{HERE}/nhan-lai", **take_fields(page, *numbers, **more))


def parts(world: World) -> dict[str, Part]:
    return {one.id: one for one in report_parts(world.installation, "dot-1", Span())}


def test_chosen_paragraphs_are_taken_over_and_the_manifest_says_where_from(toured: World, browser: Signed) -> None:
    an = browser("an")

    def work(word: Any) -> None:
        say(word, SCOPE, "Phạm vi kiểm tra rộng hơn mọi năm.")
        say(word, CLOSING, "Xin trân trọng báo cáo./.")
        of(word, UNVISITED).insert_paragraph_before("Đoạn hoàn toàn mới.")

    page = hand_back(an, edited(version(an), work)).text
    assert page.count('data-testid="returned"') == 2
    assert "không thêm đoạn ngoài các đoạn đề xuất" in page
    assert page.count(" checked") == 2
    assert take(an, page, 0).status_code == 302
    found = parts(toured)
    assert found[SCOPE].text == "Phạm vi kiểm tra rộng hơn mọi năm."
    assert not found[CLOSING].edited, "what was not chosen stays"

    kept = issue_report_over(toured.installation, "dot-1", Span(), toured.who("an"), Choice())
    file = issued_file(toured.installation, kept.sha256, "pdf")
    told = {one["id"]: one.get("origin") for one in (manifest_of(file.read_bytes()) or {})["paragraphs"]}
    assert (told[SCOPE], told[CLOSING]) == ("docx", None)
    assert verify_document(toured.installation, file).report.matches_journal


def test_an_untouched_file_of_an_earlier_day_takes_nothing_back(toured: World, browser: Signed) -> None:
    data = version(browser("an"))
    toured.clock.now += timedelta(days=3)
    page = hand_back(browser("an"), data).text
    assert 'data-testid="returned"' not in page
    assert "Word giữ câu cũ" in page
    assert "25/11/2026" in page


def test_what_was_written_since_makes_the_version_unknown_and_ticks_nothing(toured: World, browser: Signed) -> None:
    an = browser("an")
    data = version(an)
    conclude(toured, "c-3", 3)
    page = hand_back(an, edited(data, lambda word: say(word, SCOPE, "Lời của Word."))).text
    assert "Khác với dự thảo" in page
    assert "Sửa trong Word" not in page
    assert " checked" not in page


def test_both_changed_and_somebody_changed_it_before_the_button(toured: World, browser: Signed) -> None:
    an = browser("an")
    data = version(an)
    page = hand_back(an, edited(data, lambda word: say(word, SCOPE, "Lời của Word."))).text
    an.post(f"{HERE}/loi-van", part=SCOPE, text="Lời của người khác.", seen="", action="save")
    refused = take(an, page, 0)
    assert (refused.status_code, "Lời của Word." in refused.text) == (409, True)
    assert parts(toured)[SCOPE].text == "Lời của người khác."
    assert "Cả hai bên cùng sửa" in hand_back(an, edited(data, lambda word: say(word, SCOPE, "Lời của Word."))).text


def test_deleted_needs_a_reason_and_joined_ones_become_one(toured: World, browser: Signed) -> None:
    an = browser("an")

    def work(word: Any) -> None:
        first, second = of(word, "th.papers"), of(word, "th.pending")
        for child in list(second._p)[1:]:
            first._p.append(child)
        second._p.getparent().remove(second._p)
        of(word, UNVISITED)._p.getparent().remove(of(word, UNVISITED)._p)

    page = hand_back(an, edited(version(an), work)).text
    assert "Gộp trong Word" in page
    assert take(an, page, 1, **{"ly-do-1": ""}).status_code == 409
    assert take(an, page, 0, 1, **{"ly-do-1": "Lãnh đạo bỏ khi duyệt."}).status_code == 302
    found = parts(toured)
    assert "đã ban hành kết luận" in found["th.papers"].text.lower()
    assert "chưa ban hành kết luận" in found["th.papers"].text
    assert (found["th.pending"].dropped, found[UNVISITED].dropped) == (True, True)


@pytest.mark.parametrize("username", ["binh", "khac", "xem"])
def test_only_its_drafters_hand_in(toured: World, browser: Signed, username: str) -> None:
    data = version(browser("an"))
    assert hand_back(browser(username), data).status_code in {403, 404}


def test_a_file_of_another_period_or_paper_is_refused(toured: World, browser: Signed) -> None:
    an = browser("an")
    other = version(an, f"{AT}/tong-hop.2026-11-18.2026-11-20")
    conclusion = bytes(an.get("/cuoc-kiem-tra/c-3/du-thao/tai.docx").data)
    for data in (other, conclusion):
        answered = hand_back(an, data)
        assert (answered.status_code, "dự thảo của văn bản khác" in answered.text) == (422, True)
