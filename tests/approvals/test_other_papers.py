"""The delegation's report, reminders and corrections go through the steps that name them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from app.approvals.queries import waiting_for
from app.conclusions.issue import issue
from app.conclusions.making import Choice, compose_paper, issue_other
from app.errors import UnprocessableError
from app.papers.registering import register
from tests.conftest import World

HERE = "/cuoc-kiem-tra/cuoc-1/duyet"
MAKE = "/cuoc-kiem-tra/cuoc-1/van-ban/lap"
DAY = date(2026, 11, 20)


@pytest.fixture
def stepped(inspected: World) -> World:
    """Bình approves; reports, reminders and corrections go through the step too."""
    journal = inspected.installation.journal()
    symbols = {"TB": "TB-ĐKT", "CV": "SNV-CCHC", "BC": "BC-ĐKT"}
    journal.write(inspected.system(), "issuer/doan", {**journal.value("issuer/doan"), "symbols": symbols})
    kept = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    register(inspected.installation, "cuoc-1", kept.document, inspected.who("van"), number=7, issued_on=DAY)
    steps = [{"title": "Soát", "account": inspected.accounts["binh"]}, {"title": "Ký", "signs": True}]
    value = {"steps": steps, "papers": ["bao-cao", "don-doc", "dinh-chinh"]}
    journal.write(inspected.who("an"), "inspection/cuoc-1/approval-steps", value, supersedes=[])
    return inspected


def conclusion(world: World) -> str:
    query = "SELECT document FROM documents WHERE inspection = 'cuoc-1' AND number = 7"
    return str(world.installation.database().execute(query).fetchone()[0])


def page(browser: Any, username: str, about: str) -> str:
    return str(browser(username).get(f"{HERE}?van-ban={about}").text)


def submit(browser: Any, about: str) -> None:
    text = page(browser, "an", about)
    fields = {name: re.search(rf'name="{name}" value="([^"]+)"', text)[1] for name in ("sha256", "number")}  # type: ignore[index]
    assert browser("an").post(f"{HERE}/trinh?van-ban={about}", **fields).status_code == 302


def approve(browser: Any, about: str, number: int, decision: str = "duyet", **more: str) -> None:
    sha256 = re.search(r'data-sha256="([0-9a-f]{64})"', page(browser, "an", about))[1]  # type: ignore[index]
    path = f"{HERE}/{number}/1?van-ban={about}"
    assert browser("binh").post(path, sha256=sha256, decision=decision, **more).status_code == 302


def test_the_report_is_signed_once_it_is_approved_and_no_later_word_of_it(stepped: World, browser: Any) -> None:
    an = stepped.who("an")
    with pytest.raises(UnprocessableError, match="Dự thảo chưa được trình duyệt"):
        issue_other(stepped.installation, "cuoc-1", "bao-cao", an, Choice())
    assert 'data-testid="unapproved"' in browser("an").get(f"{MAKE}/bao-cao").text

    submit(browser, "bao-cao")
    (waiting,) = waiting_for(stepped.installation.database(), stepped.accounts["binh"])
    assert waiting["version"].value["title"] == "Báo cáo kết quả kiểm tra của Đoàn"
    assert "van-ban=bao-cao" in browser("binh").get("/can-duyet").text
    approve(browser, "bao-cao", 1)
    assert 'data-testid="complete"' in page(browser, "an", "bao-cao")

    closing = {"part": "bc.closing", "text": "Trên đây là Báo cáo đã sửa./.", "seen": "", "action": "save"}
    browser("an").post(f"{MAKE}/bao-cao/loi-van", **closing)
    with pytest.raises(UnprocessableError, match="đã thay đổi sau khi trình lần 1"):
        issue_other(stepped.installation, "cuoc-1", "bao-cao", an, Choice())
    submit(browser, "bao-cao")
    approve(browser, "bao-cao", 2)
    assert issue_other(stepped.installation, "cuoc-1", "bao-cao", an, Choice()).document


def test_papers_are_approved_apart(stepped: World, browser: Any) -> None:
    submit(browser, "bao-cao")
    submit(browser, "don-doc.1")
    assert "Trình lần 1" in page(browser, "an", "don-doc.1")
    assert "Trình lần 2" not in page(browser, "an", "don-doc.1")
    approve(browser, "bao-cao", 1)
    assert 'data-testid="missing"' in page(browser, "an", "don-doc.1")
    assert "Dự thảo chưa được trình duyệt" in browser("an").get(HERE).text
    approve(browser, "don-doc.1", 2, "tra_lai", comment="Nêu rõ thời hạn")
    assert "Bản trình lần 1 bị trả lại" in page(browser, "an", "don-doc.1")
    assert 'data-testid="complete"' in page(browser, "an", "bao-cao")


def test_a_reminder_counts_by_the_day_on_which_it_was_submitted(stepped: World, browser: Any) -> None:
    submit(browser, "don-doc.1")
    approve(browser, "don-doc.1", 1)
    said = compose_paper(stepped.installation, "cuoc-1", "don-doc.1", Choice()).document.blocks
    stepped.clock.now += timedelta(days=3)
    assert compose_paper(stepped.installation, "cuoc-1", "don-doc.1", Choice()).document.blocks == said
    kept = issue_other(stepped.installation, "cuoc-1", "don-doc.1", stepped.who("an"), Choice())
    assert kept.paper.blocks == said

    stepped.clock.now += timedelta(days=20)
    assert compose_paper(stepped.installation, "cuoc-1", "don-doc.1", Choice()).document.blocks != said


def test_a_correction_is_signed_as_it_was_approved(stepped: World, browser: Any) -> None:
    document = conclusion(stepped)
    path, an = f"/van-ban/cuoc-1/{document}/dinh-chinh", browser("an")
    lines = {"lines-0-place": "Trang 1", "lines-0-wrong": "03 hồ sơ", "lines-0-right": "04 hồ sơ"}
    typed = {"signer": "0", "reason": "đánh máy sai", **lines}
    assert "Dự thảo chưa được trình duyệt" in an.post(path, action="sign", **typed).text
    assert an.post(path, action="submit", **typed).status_code == 302

    about = f"dinh-chinh/{document[-12:]}/1"
    assert any("đính chính" in one and "«Soát»: đang chờ duyệt" in one for one in missing(browser))
    assert "03 hồ sơ · 04 hồ sơ" in page(browser, "binh", about)
    approve(browser, about, 1)
    assert "03 hồ sơ" in an.get(path).text
    changed = {**typed, "lines-0-right": "05 hồ sơ"}
    assert "đã thay đổi sau khi trình lần 1" in an.post(path, action="sign", **changed).text
    assert an.post(path, action="sign", **typed).status_code == 302
    assert not any("đính chính" in one for one in missing(browser))
    assert an.get(f"{HERE}?van-ban=dinh-chinh/khong-co/1").status_code == 404


def test_steps_hold_for_the_conclusion_alone_unless_they_name_more(stepped: World, browser: Any) -> None:
    fields = {"steps-0-title": "Soát", "steps-0-who": f"account:{stepped.accounts['binh']}"}
    seen = stepped.installation.journal().current("inspection/cuoc-1/approval-steps")[-1].id
    boxes = re.findall(r'<input[^>]*name="papers"[^>]*>', browser("an").get(f"{HERE}/cac-buoc").text)
    assert ["checked" in box for box in boxes] == [True] * 3
    assert browser("an").post(f"{HERE}/cac-buoc", seen=seen, **fields).status_code == 302
    assert issue_other(stepped.installation, "cuoc-1", "bao-cao", stepped.who("an"), Choice()).document


def missing(browser: Any) -> list[str]:
    text = str(browser("an").get("/cuoc-kiem-tra/cuoc-1/con-thieu").text)
    rows = re.findall(r'<tr data-testid="missing">(.*?)</tr>', text, flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row.split("</td>")[0]).split()) for row in rows]


def test_what_is_missing_names_the_other_papers_too(stepped: World, browser: Any) -> None:
    assert any("Báo cáo kết quả kiểm tra của Đoàn. Dự thảo chưa được trình duyệt." in one for one in missing(browser))
    assert not any("đôn đốc" in one or "đính chính" in one for one in missing(browser))
    submit(browser, "bao-cao")
    submit(browser, "don-doc.1")
    told = missing(browser)
    for title in ("Báo cáo kết quả kiểm tra của Đoàn", "Công văn đôn đốc lần 1"):
        assert any("binh" in one and f"{title}. Bước «Soát»: đang chờ duyệt." in one for one in told), title
    assert "van-ban=don-doc.1" in browser("an").get("/cuoc-kiem-tra/cuoc-1/con-thieu").text
    approve(browser, "bao-cao", 1)
    assert not any("Báo cáo kết quả" in one for one in missing(browser))
    approve(browser, "don-doc.1", 2, "tra_lai", comment="Nêu rõ thời hạn")
    assert any("Công văn đôn đốc lần 1. Bản trình lần 1 bị trả lại" in one for one in missing(browser))
