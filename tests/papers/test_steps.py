"""The register page: every paper stands at what it waits for, whichever way it takes."""

from __future__ import annotations

import re
from datetime import date

import pytest

from app.conclusions.issue import issue
from app.papers.registering import end_without_seal, register, seal
from app.papers.steps import Sent, Step, step_of
from tests.conftest import World
from tests.papers.test_seal import without_seal

DAY = date(2026, 11, 20)


def steps_on_page(browser) -> list[str]:
    """The step of each paper on the page, in order."""
    text = browser("van").get("/vao-so").text
    return re.findall(r'<(?:tr|article class="panel" id="[^"]*") data-testid="([a-z-]+)">', text)


def enter(world: World, document: str, number: int = 7) -> None:
    register(world.installation, "cuoc-1", document, world.who("van"), number=number, issued_on=DAY)


def send(browser, document: str) -> None:
    form = {"to": "UBND tỉnh", "way": "truc-lien-thong", "day": "21/11/2026", "time": "08:00"}
    assert browser("van").post(f"/van-ban/cuoc-1/{document}/gui", **form).status_code == 302


def test_a_paper_moves_from_step_to_step(inspected: World, browser):
    document = issue(inspected.installation, "cuoc-1", inspected.who("an")).document
    assert steps_on_page(browser) == ["cho-so"]
    enter(inspected, document)
    assert steps_on_page(browser) == ["cho-gui"]
    assert ">Chờ phát hành</span>" in browser("van").get(f"/van-ban/cuoc-1/{document}/ho-so").text
    send(browser, document)
    assert steps_on_page(browser) == ["da-gui"]
    assert "0/1 nơi đã nhận" in browser("van").get("/vao-so").text


def test_a_paper_to_be_signed_elsewhere_waits_for_its_signer_by_name(inspected: World, browser):
    issue(inspected.installation, "cuoc-1", inspected.who("an"), elsewhere=True)
    assert steps_on_page(browser) == ["cho-ky"]
    text = browser("van").get("/vao-so").text
    assert "Nguyễn Văn Mẫu ký" in text
    assert "Ghi sau khi ký" in text
    assert "Không có văn bản nào chờ vào sổ." in text


def test_number_first_and_signed_elsewhere_still_waits_for_the_signature(inspected: World, browser):
    issue(inspected.installation, "cuoc-1", inspected.who("an"), elsewhere=True, number=5, issued_on=DAY)
    assert steps_on_page(browser) == ["cho-ky"]
    assert "Đã ghi số trước khi ký" in browser("van").get("/vao-so").text


def test_number_first_and_signed_here_waits_for_the_seal(inspected: World, browser):
    document = issue(inspected.installation, "cuoc-1", inspected.who("an"), number=5, issued_on=DAY).document
    assert steps_on_page(browser) == ["cho-dau"]
    seal(inspected.installation, "cuoc-1", document, inspected.who("van"))
    assert steps_on_page(browser) == ["cho-gui"]


def test_a_seal_that_is_elsewhere_is_waited_for(inspected: World, browser, monkeypatch: pytest.MonkeyPatch):
    without_seal(inspected, monkeypatch)
    document = issue(inspected.installation, "cuoc-1", inspected.who("an")).document
    enter(inspected, document)
    assert steps_on_page(browser) == ["cho-dau"]
    assert "Bằng công cụ của cơ quan" in browser("van").get("/vao-so").text
    end_without_seal(inspected.installation, "cuoc-1", document, inspected.who("van"))
    assert steps_on_page(browser) == ["cho-gui"]


def test_a_paper_that_was_signed_anew_is_nobodys_work(inspected: World, browser):
    issue(inspected.installation, "cuoc-1", inspected.who("an"))
    issue(inspected.installation, "cuoc-1", inspected.who("an"))
    assert steps_on_page(browser) == ["cho-so"]


def test_a_replaced_paper_waits_for_no_seal():
    paper = {"state": "replaced", "number": 7, "date": "2026-11-20", "signatures": []}
    assert step_of(paper, Sent()) is Step.DONE
