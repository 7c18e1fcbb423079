"""A sample of what forgers do; ``make faults`` does the whole of it."""

from __future__ import annotations

import pytest

from app.verification.telling import tell
from tests.faults.tampering import ATTACKS, faults_of, flips, judged, signed_by_a_namesake, victim


def test_the_paper_itself_is_valid_and_unchanged() -> None:
    assert (judged(victim()).exit_code, judged(victim()).trusted) == (0, True)


@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_is_called_valid_and_unchanged(name: str) -> None:
    forged = ATTACKS[name](victim())
    assert forged != victim()
    assert faults_of(judged(forged)) == []


def test_no_flipped_bit_is_called_valid_and_unchanged() -> None:
    found, _seconds = flips(60, seed=20261122)
    assert found == []


def test_a_namesakes_signature_is_doubted() -> None:
    report = judged(signed_by_a_namesake())
    assert (report.valid, report.unchanged, report.trusted) == (True, True, False)
    told = tell(report, None)
    assert told.tone == "warn"
    assert told.headline.startswith("Chưa kết luận được")
    assert "không dẫn tới chứng thư gốc nào đã được tin cậy" in " ".join(told.notes)
