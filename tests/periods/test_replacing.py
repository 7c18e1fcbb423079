"""A registered report over a campaign is replaced by a new one; the chain is told by every door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.conclusions.making import Choice
from app.errors import InvalidInputError, UnprocessableError
from app.papers.chain import chain_of
from app.papers.issuing import issued_file
from app.papers.registering import register
from app.papers.verifying import verify_document
from app.periods.making import issue_report_over, report_parts
from app.periods.span import Span
from app.verification.lookup import paper_of_file
from tests.conftest import World
from tests.papers.test_verification import handed_in
from tests.periods.conftest import Browser
from tests.periods.test_papers import AT, DAY, issued, value, words_of

Signed = Callable[[str], Browser]
OWNER = "dot:dot-1"
OLD, NEW = "Báo cáo số 08/BC-ĐKT ngày 22/11/2026", "Báo cáo số 09/BC-ĐKT ngày 22/11/2026"


def newest(world: World) -> str:
    rows = world.installation.database().execute("SELECT document FROM documents WHERE campaign = 'dot-1' ORDER BY seq")
    return str(rows.fetchall()[-1][0])


def test_the_page_replaces_it_and_the_earlier_one_stands_until_the_new_one_is_registered(
    toured: World, browser: Signed, app: Flask
) -> None:
    old = issued(toured)
    an, van = browser("an"), browser("van")
    assert f"{AT}/tong-hop?thay={old}" in an.get(f"/van-ban/{OWNER}/{old}/ho-so").text
    page = an.get(f"{AT}/tong-hop").text
    assert ("đã vào sổ, không ký lại được" in page, "Lý do thay thế văn bản" in page) == (True, False)
    page = an.get(f"{AT}/tong-hop?thay={old}").text
    assert "Văn bản cũ còn hiệu lực đến khi văn bản mới vào sổ" in page
    assert "Báo cáo này thay thế Báo cáo số 08/BC-ĐKT" in page.replace("\u00a0", " ")

    typed = {"action": "sign", "issuer": "doan", "signer": "0"}
    refused = an.post(f"{AT}/tong-hop?thay={old}", **typed)
    assert (refused.status_code, "Hãy ghi lý do thay thế" in refused.text) == (400, True)
    signed = an.post(f"{AT}/tong-hop?thay={old}", reason="Sai số đơn vị", **typed)
    assert signed.status_code == 302, signed.text
    new = newest(toured)
    assert (value(toured, old)["state"], value(toured, new)["state"]) == ("registered", "signed")
    assert not chain_of(toured.installation.database(), OWNER, old)

    assert van.post(f"/vao-so/{OWNER}/{new}", number="9", issued_on="22/11/2026").status_code == 302
    assert (value(toured, old)["state"], value(toured, new)["state"]) == ("replaced", "registered")
    chain = chain_of(toured.installation.database(), OWNER, old).replaced_by
    assert chain is not None
    assert (chain.name, chain.reason) == (NEW, "Sai số đơn vị")
    assert f'Thay thế <a href="/van-ban/{OWNER}/{old}/ho-so">{OLD}' in an.get(f"/van-ban/{OWNER}/{new}/ho-so").text
    assert "Được thay thế bởi" in browser("xem").get(f"/van-ban/{OWNER}/{old}/kiem-tra").text

    pdf = issued_file(toured.installation, value(toured, old)["sha256"], "pdf")
    assert NEW in handed_in(app.test_client(), pdf.read_bytes()).text
    found = paper_of_file(toured.installation, value(toured, old)["sha256"], None)
    assert found is not None
    assert (found.state, found.newest and found.newest.name) == ("replaced", NEW)
    file = issued_file(toured.installation, value(toured, new)["sha256"], "pdf")
    assert f"Báo cáo này thay thế {OLD}." in words_of(file.read_bytes())
    assert verify_document(toured.installation, file).report.matches_journal


def test_only_what_stands_in_the_register_is_replaced_with_a_reason(toured: World) -> None:
    old, an, here = issued(toured), toured.who("an"), toured.installation
    with pytest.raises(InvalidInputError, match="lý do"):
        issue_report_over(here, "dot-1", Span(), an, Choice(), replaces=old)
    with pytest.raises(UnprocessableError, match="chưa vào sổ hoặc đã được thay thế"):
        issue_report_over(here, "dot-1", Span(DAY, DAY), an, Choice(), replaces=old, reason="Nhầm")
    first = issue_report_over(here, "dot-1", Span(), an, Choice(), replaces=old, reason="Nhầm").document
    second = issue_report_over(here, "dot-1", Span(), an, Choice(), replaces=old, reason="Nhầm nữa").document
    assert (value(toured, first)["state"], value(toured, second)["replaces"]) == ("replaced", old)
    (named,) = [one.id for one in report_parts(here, "dot-1", Span()) if one.id.startswith("th.replaces")]
    own = {"text": f"Thay cho {OLD}."}
    here.journal().write(an, f"campaign/dot-1/report/tong-hop/{named}", own, supersedes=[])
    assert own["text"] in [one.text for one in report_parts(here, "dot-1", Span())]
    register(here, "dot:dot-1", second, toured.who("van"), number=9, issued_on=DAY)
    assert f"Báo cáo này thay thế {NEW}." in [one.text for one in report_parts(here, "dot-1", Span())]
    with pytest.raises(UnprocessableError, match="đã được thay thế"):
        issue_report_over(here, "dot-1", Span(), an, Choice(), replaces=old, reason="Nhầm")
