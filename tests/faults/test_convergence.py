"""Four tablets for a few seconds; the long run (``make faults``) takes ten for ten minutes."""

from __future__ import annotations

import pytest

from tests.faults.convergence import converge
from tests.faults.trial import Ground

pytestmark = pytest.mark.browser


def test_tablets_with_a_broken_network_end_with_the_same(ground: Ground) -> None:
    outcome = converge(ground, tablets=4, seconds=8, seed=20261122)
    assert outcome.faults == []
    assert outcome.acts > 5
