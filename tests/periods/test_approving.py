"""The report over a campaign goes through approval steps: the issuing body's where they name it, or the campaign's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.approvals.queries import waiting_for
from app.conclusions.making import Choice
from app.errors import UnprocessableError
from app.journal.journal import Journal
from app.periods.making import issue_report_over
from app.periods.span import Span
from tests.conftest import World
from tests.periods.conftest import Browser, conclude
from tests.periods.test_papers import AT, issued

Signed = Callable[[str], Browser]
HERE = "/dot-kiem-tra/dot-1/duyet"


def journal_of(world: World) -> Journal:
    return world.installation.journal()


@pytest.fixture
def stepped(toured: World) -> World:
    """A deputy director who is not of the delegation approves what the body issues, reports over campaigns too."""
    value = {"steps": deputy(toured), "papers": ["tong-hop"]}
    journal_of(toured).write(toured.system(), "issuer/doan/approval-steps", value, supersedes=[])
    return toured


def deputy(world: World) -> list[dict[str, Any]]:
    return [{"title": "Phó Giám đốc duyệt", "account": world.accounts["xem"]}, {"title": "Ký", "signs": True}]


def submit(browser: Signed, about: str = "tong-hop") -> int:
    page = browser("an").get(f"{HERE}?van-ban={about}").text
    fields = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("sha256", "number")}
    typed = {name: found[1] if found else "" for name, found in fields.items()}
    return browser("an").post(f"{HERE}/trinh?van-ban={about}", **typed).status_code


def decide(browser: Signed, username: str, number: int = 1, about: str = "tong-hop", **typed: str) -> int:
    page = browser("an").get(f"{HERE}?van-ban={about}").text
    found = re.search(r'data-sha256="([0-9a-f]{64})"', page)
    fields = {"decision": "duyet", "sha256": found[1] if found else "", **typed}
    return browser(username).post(f"{HERE}/{number}/1?van-ban={about}", **fields).status_code


def sign(world: World) -> str:
    return issue_report_over(world.installation, "dot-1", Span(), world.who("an"), Choice()).document


def test_it_is_signed_once_it_is_approved_and_counts_by_the_day_of_its_submission(
    stepped: World, browser: Signed
) -> None:
    with pytest.raises(UnprocessableError, match="chưa được trình duyệt"):
        sign(stepped)
    page = browser("an").get(f"{AT}/tong-hop").text
    assert 'data-testid="unapproved"' in page
    assert f"{HERE}?van-ban=tong-hop" in page
    assert submit(browser) == 302

    (waiting,) = waiting_for(stepped.installation.database(), stepped.accounts["xem"])
    assert (waiting["owner"], waiting["version"].value["title"]) == ("dot:dot-1", "Báo cáo tổng hợp")
    assert f"{HERE}?van-ban=tong-hop" in browser("xem").get("/can-duyet").text
    shown = browser("xem").get(f"{HERE}?van-ban=tong-hop").text
    assert "Đến ngày 22/11/2026, đã kiểm tra" in shown.replace("\u00a0", " ")
    assert browser("xem").get(f"{HERE}/1/ban-trinh.pdf").data.startswith(b"%PDF")
    assert [browser(one).get(HERE).status_code for one in ("khac", "dv", "binh")] == [404, 403, 200]
    assert decide(browser, "binh") == 403

    stepped.clock.now += timedelta(days=2)
    assert decide(browser, "xem") == 302
    assert 'data-testid="complete"' in browser("an").get(f"{HERE}?van-ban=tong-hop").text
    assert sign(stepped)


def test_a_conclusion_registered_meanwhile_makes_the_approval_void(toured: World, browser: Signed) -> None:
    stepped, own = toured, {"steps": deputy(toured)}
    journal_of(stepped).write(stepped.who("an"), "campaign/dot-1/approval-steps", own, supersedes=[])
    assert (submit(browser), decide(browser, "xem")) == (302, 302)
    conclude(stepped, "c-3", 3)
    with pytest.raises(UnprocessableError, match="đã thay đổi sau khi trình lần 1"):
        sign(stepped)
    assert (submit(browser), decide(browser, "xem", 2, decision="tra_lai", comment="Nêu rõ đơn vị")) == (302, 302)
    with pytest.raises(UnprocessableError, match="Bản trình lần 2 bị trả lại tại bước «Phó Giám đốc duyệt»"):
        sign(stepped)


def test_a_campaign_has_steps_of_its_own_and_a_correction_goes_through_them(toured: World, browser: Signed) -> None:
    document = issued(toured)
    steps = {
        "steps-0-title": "Thành viên soát",
        "steps-0-who": "function:thanh_vien",
        "seen": "",
        "papers": "dinh-chinh",
    }
    assert browser("binh").post(f"{HERE}/cac-buoc", **steps).status_code == 403
    assert browser("an").post(f"{HERE}/cac-buoc", **steps).status_code == 302
    with pytest.raises(UnprocessableError, match="chưa được trình duyệt"):
        issue_report_over(
            toured.installation, "dot-1", Span(), toured.who("an"), Choice(), replaces=document, reason="Nhầm"
        )
    path = f"/van-ban/dot:dot-1/{document}/dinh-chinh"
    lines = {"lines-0-place": "Mục I", "lines-0-wrong": "02", "lines-0-right": "03", "reason": "Nhầm", "signer": "0"}
    assert "chưa được trình duyệt" in browser("an").post(path, action="sign", **lines).text
    assert browser("an").post(path, action="submit", **lines).status_code == 302
    about = f"dinh-chinh/{document[-12:]}/1"
    assert f"{HERE}?van-ban=" in browser("an").get(path).text
    assert decide(browser, "binh", about=about) == 302
    assert browser("an").post(path, action="sign", **lines).status_code == 302
