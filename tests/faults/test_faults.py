"""Every kind of fault once; the long run (``make faults``) tries each many times."""

from __future__ import annotations

import pytest

from tests.faults import trial
from tests.faults.kinds import KINDS
from tests.faults.trial import Ground, Trial, run

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_was_acknowledged_survives(ground: Ground, kind: str) -> None:
    result = run(ground, kind, seed=20261122, how=KINDS[kind])
    if result.faults:
        # On a busy machine a form may come too late for a trial's patience: one more, and that must be clean.
        result = run(ground, kind, seed=20261123, how=KINDS[kind])
    if result.skipped:
        pytest.skip(result.skipped)
    assert result.faults == []
    assert result.claims + result.bites > 0


def test_a_browser_that_answers_no_more_is_a_fault_and_the_next_trial_has_another(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(ground: Ground, seed: int) -> Trial:
        made = Trial(ground, seed)
        with made.running() as tablet:
            tablet.open()
            tablet.evaluate("() => new Promise(() => {})")
        return made

    monkeypatch.setattr(trial, "PATIENCE_SECONDS", 5)
    assert run(ground, "stuck", seed=1, how=stuck).faults != []
    monkeypatch.undo()
    assert run(ground, "clock_moved", seed=20261122, how=KINDS["clock_moved"]).faults == []
