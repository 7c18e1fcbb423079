from __future__ import annotations

from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from app.conclusions.gather import gather
from app.conclusions.issue import build_document, issue
from app.errors import ConfigurationError, ConflictError, InvalidInputError, NotFoundError, UnprocessableError
from app.ops.integrity import verify_journal
from app.papers.registering import register
from app.papers.verifying import verify_bytes, verify_document
from reports.composing.conclusion import compose
from reports.signing.signing_errors import WrongKeyPasswordError
from tests.conftest import World, answer_value

SHORTCOMING = "inspection/cuoc-1/answer/ho-so.tre-han-tren-phan-mem"


def entries(world: World) -> int:
    return world.installation.journal().head().seq


def test_the_issued_file_is_valid_unchanged_and_matches_the_journal(inspected: World):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    found = verify_document(inspected.installation, issued.pdf).report

    assert (found.valid, found.unchanged, found.trusted, found.matches_journal) == (True, True, True, True)
    with pikepdf.open(issued.pdf) as pdf:
        assert list(pdf.attachments) == ["manifest.json"]


def test_the_entry_names_what_the_paper_covers(inspected: World):
    covered = {entry.id for entry in inspected.installation.journal().current(SHORTCOMING)}
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    value = inspected.installation.journal().value(f"inspection/cuoc-1/document/{issued.document}")

    assert covered <= set(value["covers"])
    assert (value["state"], value["number"], value["sha256"]) == ("signed", None, issued.sha256)


def test_requirements_become_remedies_of_the_paper(inspected: World):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    rows = inspected.installation.database().execute("SELECT value, due, document FROM remedies").fetchall()

    assert [(row["due"], row["document"]) for row in rows] == [(None, issued.document)]


def test_registration_starts_the_terms(inspected: World):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    day = date(2026, 11, 20)
    register(inspected.installation, "cuoc-1", issued.document, inspected.who("van"), number=7, issued_on=day)
    due = inspected.installation.database().execute("SELECT due FROM remedies").fetchone()[0]

    assert due == "2026-11-30"  # five working days; 24/11 is a public holiday


def test_a_paper_is_registered_once(inspected: World):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    day = date(2026, 11, 20)
    register(inspected.installation, "cuoc-1", issued.document, inspected.who("van"), number=7, issued_on=day)

    with pytest.raises(ConflictError, match="đã vào sổ"):
        register(inspected.installation, "cuoc-1", issued.document, inspected.who("van"), number=8, issued_on=day)


@pytest.mark.parametrize(
    ("number", "day", "words"),
    [
        (7, None, "đủ số và ngày"),
        (None, date(2026, 11, 20), "đủ số và ngày"),
        (0, date(2026, 11, 20), "từ 1 đến 99999"),
        (7, date(2026, 11, 30), "sau hôm nay"),
        (7, date(2026, 11, 1), "trước ngày kiểm tra"),
    ],
)
def test_an_impossible_number_or_day_is_refused(inspected: World, number, day, words):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"))

    with pytest.raises(InvalidInputError, match=words):
        register(inspected.installation, "cuoc-1", issued.document, inspected.who("van"), number=number, issued_on=day)


def test_a_number_given_twice_is_warned_of(inspected: World):
    day = date(2026, 11, 20)
    first = issue(inspected.installation, "cuoc-1", inspected.who("an"), number=7, issued_on=day)
    inspected.setup("cuoc-2")
    late = answer_value("chua_dat")
    inspected.installation.journal().write(inspected.who("an"), SHORTCOMING.replace("cuoc-1", "cuoc-2"), late)
    second = issue(inspected.installation, "cuoc-2", inspected.who("an"), number=7, issued_on=day)

    assert first.warnings == ()
    assert second.warnings[0].startswith("Số 07/TB-ĐKT năm 2026 đã dùng")


def test_signing_anew_replaces_a_paper_that_has_no_number_yet(inspected: World):
    first = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    second = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    journal = inspected.installation.journal()

    assert journal.value(f"inspection/cuoc-1/document/{first.document}")["state"] == "replaced"
    standing = journal.value(f"inspection/cuoc-1/document/{second.document}")
    assert (standing["state"], standing["replaces"]) == ("signed", first.document)


def test_a_registered_paper_is_not_signed_anew(inspected: World):
    issue(inspected.installation, "cuoc-1", inspected.who("an"), number=7, issued_on=date(2026, 11, 20))
    before = entries(inspected)
    with pytest.raises(UnprocessableError, match="07/TB-ĐKT đã vào sổ"):
        issue(inspected.installation, "cuoc-1", inspected.who("an"))

    assert entries(inspected) == before


def test_a_number_given_before_is_printed(inspected: World):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"), number=7, issued_on=date(2026, 11, 20))

    assert (issued.paper.number, issued.paper.issued_on) == (7, date(2026, 11, 20))
    due = inspected.installation.database().execute("SELECT due FROM remedies").fetchone()[0]
    assert due == "2026-11-30"


def test_a_key_that_does_not_open_leaves_nothing(inspected: World, monkeypatch: pytest.MonkeyPatch):
    password = inspected.installation.path / "keys" / "test-signer.password"
    password.write_text("sai")
    before = entries(inspected)

    with pytest.raises(WrongKeyPasswordError):
        issue(inspected.installation, "cuoc-1", inspected.who("an"))
    assert entries(inspected) == before
    assert not list(inspected.installation.issued_path.rglob("*.*"))


def test_entries_that_are_refused_leave_no_file(inspected: World):
    before = entries(inspected)

    with pytest.raises(Exception, match="Chỉ người ký"):
        issue(inspected.installation, "cuoc-1", inspected.who("binh"))
    assert entries(inspected) == before
    assert not list(inspected.installation.issued_path.rglob("*.pdf"))


def test_an_open_disagreement_keeps_the_paper_back(inspected: World):
    journal = inspected.installation.journal()
    journal.write(inspected.who("binh"), SHORTCOMING, answer_value("dat"), supersedes=[])

    with pytest.raises(UnprocessableError, match="ghi khác nhau"):
        issue(inspected.installation, "cuoc-1", inspected.who("an"))


def test_a_changed_journal_is_told(inspected: World):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    db = inspected.installation.database()
    db.execute("UPDATE entries SET author = 'chi' WHERE subject = ?", [SHORTCOMING])
    found = verify_document(inspected.installation, issued.pdf).report

    assert found.matches_journal is False
    assert any("người ghi hoặc thiết bị khác" in reason for reason in found.reasons)


def test_a_cut_journal_is_told(inspected: World):
    issued = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    db = inspected.installation.database()
    db.execute("DELETE FROM entries WHERE seq >= 5")

    assert any("ngắn hơn" in reason for reason in verify_document(inspected.installation, issued.pdf).report.reasons)


def test_a_flipped_byte_is_told(inspected: World):
    data = bytearray(issue(inspected.installation, "cuoc-1", inspected.who("an")).pdf.read_bytes())
    data[len(data) // 3] ^= 1
    found = verify_bytes(inspected.installation, bytes(data)).report

    assert found.exit_code != 0
    assert not (found.valid and found.unchanged)


def test_the_paper_is_an_anchor_of_the_journal(inspected: World):
    issue(inspected.installation, "cuoc-1", inspected.who("an"))
    verdict = verify_journal(inspected.installation)

    assert (verdict.anchors, verdict.problems) == (2, ())  # anchors.jsonl and the file itself


def test_a_second_paper_does_not_double_the_proposals(inspected: World):
    issue(inspected.installation, "cuoc-1", inspected.who("an"))
    first = compose(gather(inspected.installation, "cuoc-1"))
    issue(inspected.installation, "cuoc-1", inspected.who("an"))

    assert replace(compose(gather(inspected.installation, "cuoc-1")), manifest={}) == replace(first, manifest={})


def test_an_earlier_paper_makes_a_shortcoming_a_repeat(inspected: World):
    day = date(2026, 11, 20)
    issue(inspected.installation, "cuoc-1", inspected.who("an"), number=7, issued_on=day)
    inspected.setup("cuoc-2", dates=["2026-11-22"])
    late = answer_value("chua_dat")
    inspected.installation.journal().write(inspected.who("an"), SHORTCOMING.replace("cuoc-1", "cuoc-2"), late)
    found = gather(inspected.installation, "cuoc-2").findings[0]

    assert found.repeat is not None
    assert found.repeat.notice == "Thông báo số 07/TB-ĐKT ngày 20/11/2026"


def test_a_draft_is_built_without_a_trace(inspected: World, tmp_path):
    before = entries(inspected)
    files = build_document(inspected.installation, "cuoc-1", tmp_path / "ra", writer=inspected.system(), sign=False)

    assert [path.suffix for path in files] == [".pdf", ".docx", ".xlsx"]
    assert entries(inspected) == before


def test_an_unknown_inspection_is_refused(inspected: World):
    with pytest.raises(NotFoundError):
        issue(inspected.installation, "khong-co", inspected.who("an"))


def test_a_missing_key_file_is_a_sentence(inspected: World):
    (inspected.installation.path / "keys" / "test-signer.p12").unlink()

    with pytest.raises(ConfigurationError, match="signing_key"):
        issue(inspected.installation, "cuoc-1", inspected.who("an"))
