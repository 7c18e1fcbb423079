"""What the signer of a report over a campaign is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.papers.correcting import issue_correction
from app.papers.registering import register
from app.periods.checking import remarks
from app.periods.gather import period_facts
from app.periods.span import Span
from reports.composing.period import compose_period
from reports.document import Signatory, Table
from tests.conftest import World, answer_value, make_entry
from tests.periods.conftest import DAY, HOTLINE, conclude


def told(world: World) -> dict[str, str]:
    facts = period_facts(world.installation, "dot-1", Span())
    return {one.code: one.text for one in remarks(world.installation, facts)}


def test_a_body_without_symbol_or_signer_cannot_sign(toured: World) -> None:
    facts = period_facts(toured.installation, "dot-1", Span())
    nobody = replace(facts.issuer, symbol="", signatory=Signatory("", ""))
    facts = replace(facts, issuer=nobody)
    blocks = [one.code for one in remarks(toured.installation, facts) if one.level == "block"]
    assert blocks == ["no-symbol", "no-signer"]


def test_an_open_disagreement_is_told_with_its_inspection(toured: World) -> None:
    journal, subject = toured.installation.journal(), f"inspection/c-3/answer/{HOTLINE}"
    for name, verdict in (("an", "dat"), ("binh", "chua_dat")):
        entry = make_entry(subject, answer_value(verdict), toured.accounts[name])
        (result,) = journal.push([entry], toured.who(name))
        assert result.status == "stored"
    facts = period_facts(toured.installation, "dot-1", Span())
    (found,) = [one for one in remarks(toured.installation, facts) if one.code == "disputed"]
    assert found.inspections == (("c-3", "Ủy ban nhân dân xã 2"),)


def test_a_corrected_conclusion_is_named_with_its_letter(toured: World) -> None:
    assert "conclusion-corrected" not in told(toured)
    row = toured.installation.database().execute("SELECT document FROM documents WHERE inspection = 'c-1'").fetchone()
    lines = [{"place": "Mục II", "wrong": "03", "right": "04"}]
    kept = issue_correction(toured.installation, "c-1", row[0], toured.who("an"), lines, reason="Nhầm")
    register(toured.installation, "c-1", kept.document, toured.who("van"), number=30, issued_on=DAY)
    assert told(toured)["conclusion-corrected"].startswith("01 kết luận đã được đính chính")
    document = compose_period(period_facts(toured.installation, "dot-1", Span()))
    table = document.annexes[0].blocks[0]
    assert isinstance(table, Table)
    assert table.rows[0][3] == "01/TB-ĐKT ngày 21/11/2026 (đính chính tại Công văn số 30/CV-ĐKT ngày 21/11/2026)"


def test_what_a_paper_of_the_unit_above_tells_is_not_missing(touring: World) -> None:
    journal = touring.installation.journal()
    journal.write(touring.system(), "unit/xa-2", {"name": "UBND xã 2", "level": "xa", "parent": "so-a"})
    for inspection, unit in (("c-1", "so-a"), ("c-3", "xa-2")):
        setup: dict[str, Any] = journal.value(f"inspection/{inspection}/setup")
        journal.write(touring.system(), f"inspection/{inspection}/setup", {**setup, "unit": unit, "visit": "v-1"})
    conclude(touring, "c-1", 1)
    found = {
        one.inspection: (one.told_in, one.concluded)
        for one in period_facts(touring.installation, "dot-1", Span()).visits
    }
    assert found["c-3"] == ("Thông báo số 01/TB-ĐKT ngày 21/11/2026", True)
    assert found["c-2"] == ("", False)
