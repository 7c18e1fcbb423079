"""A report over a period without a campaign: what falls into it, whose it is, its way to the register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.campaigns.queries import campaign_choices
from app.conclusions.making import Choice
from app.errors import ForbiddenError
from app.papers.chain import chain_of
from app.papers.issuing import issued_file
from app.papers.registering import register
from app.papers.verifying import verify_document
from app.periods.making import issue_report_over
from app.periods.span import Span
from tests.conftest import World
from tests.periods.conftest import DAY, PACKS, Browser
from tests.periods.test_papers import words_of

Signed = Callable[[str], Browser]
ADD = "/dot-kiem-tra/theo-ky/them"
QUARTER = {
    "issuer": "doan",
    "since": "01/10/2026",
    "until": "31/12/2026",
    "title": "Kiểm tra công tác cải cách hành chính quý IV năm 2026",
}
NAMES = ("Sở A", "Ủy ban nhân dân xã 1", "Ủy ban nhân dân xã 2", "Ủy ban nhân dân xã 3")


def gathered(world: World, author: str = "an", **changes: Any) -> dict[str, Any]:
    member = {"account": world.accounts[author], "name": author, "functions": ["truong_doan"]}
    days = {"since": "2026-10-01", "until": "2026-12-31"}
    return {"title": QUARTER["title"], "year": 2026, "issuer": "doan", "gathers": days, "members": [member]} | changes


@pytest.fixture
def mixed(toured: World) -> World:
    """Beside the campaign: a visit of no campaign in the period, one before it, one of another body."""
    journal = toured.installation.journal()
    other = {**journal.value("issuer/doan"), "name": "Sở Khác"}
    journal.write(toured.system(), "issuer/so-khac", other)
    toured.setup("le-1", unit="xa-3", dates=["2026-11-21"], checklists=PACKS)
    toured.setup("le-2", unit="xa-3", dates=["2026-09-30"], checklists=PACKS)
    toured.setup("le-3", unit="so-a", dates=["2026-11-21"], checklists=PACKS, issuer="so-khac")
    return toured


def made(world: World, browser: Signed, **changes: str) -> str:
    answered = browser("an").post(ADD, **{**QUARTER, **changes}, action="save")
    assert answered.status_code == 302, answered.text
    (campaign,) = (
        world.installation.database()
        .execute("SELECT id FROM campaigns WHERE json_extract(value, '$.gathers') IS NOT NULL")
        .fetchone()
    )
    return str(campaign)


def test_one_sees_what_falls_into_it_before_making_it(mixed: World, browser: Signed) -> None:
    page = browser("an").post(ADD, **{**QUARTER, "title": ""}, action="look").text
    assert page.count('data-testid="found"') == 4
    assert "Thông báo số 01/TB-ĐKT" in page.replace("\u00a0", " ")
    assert "Hãy ghi tên" not in page
    one_day = browser("an").post(ADD, **{**QUARTER, "since": "19/11/2026", "until": "20/11/2026"}, action="look").text
    assert one_day.count('data-testid="found"') == 2
    wrong = browser("an").post(ADD, **{**QUARTER, "until": "01/09/2026"}, action="save")
    assert (wrong.status_code, "ở sau ngày cuối kỳ" in wrong.text) == (400, True)


def test_it_is_worded_signed_registered_replaced_and_verified(mixed: World, browser: Signed) -> None:
    an, here = browser("an"), mixed.installation
    campaign = made(mixed, browser)
    at = f"/dot-kiem-tra/{campaign}/bao-cao"
    assert an.get(at).text.count('data-testid="found"') == 4
    page = an.get(f"{at}/tong-hop").text.replace("\u00a0", " ")
    for told in ("KHÁI QUÁT VỀ CÔNG TÁC KIỂM TRA", "(từ ngày 01/10/2026 đến ngày 31/12/2026)", *NAMES[:3]):
        assert told.lower() in page.lower(), told
    assert "Phạm vi đợt kiểm tra gồm" not in page
    assert (
        an.post(f"{at}/tong-hop/loi-van", part="th.opening", text="Báo cáo như sau:", action="save").status_code == 302
    )
    assert an.post(f"{at}/tong-hop", action="sign", issuer="doan", signer="0").status_code == 302
    owner = f"dot:{campaign}"
    row = here.database().execute("SELECT document FROM documents WHERE campaign = ?", [campaign]).fetchone()
    register(here, owner, row[0], mixed.who("van"), number=8, issued_on=DAY)
    value = here.journal().value(f"campaign/{campaign}/document/{row[0]}")
    file = issued_file(here, value["sha256"], "pdf")
    assert "Báo cáo như sau:" in words_of(file.read_bytes())
    report = verify_document(here, file).report
    assert (report.valid, report.unchanged, report.matches_journal) == (True, True, True)
    kept = issue_report_over(here, campaign, Span(), mixed.who("an"), Choice(), replaces=row[0], reason="Nhầm")
    register(here, owner, kept.document, mixed.who("van"), number=9, issued_on=DAY)
    after = chain_of(here.database(), owner, row[0]).replaced_by
    assert after is not None
    assert after.document == kept.document


def test_a_period_is_no_campaign(mixed: World, browser: Signed) -> None:
    campaign = made(mixed, browser)
    assert [one["id"] for one in browser("an").get("/api/campaigns").json] == ["dot-1"]
    assert browser("an").get(f"/api/campaigns/{campaign}/bundle").status_code == 404
    assert [id_ for id_, _ in campaign_choices(mixed.who("an"), {})] == ["dot-1"]
    listed = browser("an").get("/dot-kiem-tra/").text
    assert (listed.count('data-testid="campaign"'), listed.count('data-testid="gathering"')) == (1, 1)


def test_it_is_its_makers_and_fellows_and_only_of_a_body_they_work_for(mixed: World, browser: Signed) -> None:
    campaign = made(mixed, browser, fellows=mixed.accounts["khac"])
    at = f"/dot-kiem-tra/{campaign}/bao-cao/tong-hop"
    assert [browser(one).get(at).status_code for one in ("khac", "mai", "binh", "xem", "dv")] == [
        200,
        200,
        404,
        403,
        403,
    ]
    assert browser("khac").post(at, action="sign", issuer="doan", signer="0").status_code == 302

    journal = mixed.installation.journal()
    with pytest.raises(ForbiddenError, match="cơ quan này được lập báo cáo theo kỳ"):
        journal.write(mixed.who("khac"), "campaign/ky-2", gathered(mixed, "khac"))
    with pytest.raises(ForbiddenError):
        journal.write(mixed.who("binh"), "campaign/ky-2", gathered(mixed, "binh"))
    assert 'value="so-khac"' not in browser("khac").get(ADD).text


def test_it_is_changed_without_overwriting_anybody(mixed: World, browser: Signed) -> None:
    campaign = made(mixed, browser)
    at = f"/dot-kiem-tra/theo-ky/{campaign}"
    entry = mixed.installation.journal().current(f"campaign/{campaign}")[0].id
    assert browser("an").get(f"/dot-kiem-tra/{campaign}").location.endswith(at)
    shorter = {**QUARTER, "until": "19/11/2026", "seen": entry, "action": "save"}
    assert browser("an").post(at, **shorter).status_code == 302
    assert browser("an").get(f"/dot-kiem-tra/{campaign}/bao-cao").text.count('data-testid="found"') == 2
    late = browser("mai").post(at, **{**shorter, "title": "Tên khác"})
    assert (late.status_code, "Tên khác" in late.text) == (409, True)
