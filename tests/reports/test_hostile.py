"""A sample of hostile files through every door; ``make faults`` tries all of them."""

from __future__ import annotations

from tests.faults.hostile import BY_FAMILY, listening, sample, tried, was_called

QUICK = {("pdf", "public"), ("pdf", "scan"), ("picture", "evidence"), ("zip", "corrected DOCX"), ("zip", "xlsform")}


def test_hostile_files_end_in_a_sentence_and_call_nobody() -> None:
    with listening() as port:
        files = list(sample(20261122, port.getsockname()[1]))
        outcomes = [
            tried(door, name, data)
            for family, name, data in files
            for door in BY_FAMILY[family]
            if (family, door) in QUICK
        ]
        called = was_called(port)
    assert len(outcomes) > 40
    assert [f"{one.door}, {one.file}: {one.faults}" for one in outcomes if one.faults] == []
    assert not called
