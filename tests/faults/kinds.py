"""All kinds of faults by name."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.device import DEVICE
from tests.faults.network import NETWORK
from tests.faults.trial import Ground, Trial

KINDS: dict[str, Callable[[Ground, int], Trial]] = {**DEVICE, **NETWORK}

# How often a kind comes in a long run beside the others.
WEIGHTS = {
    "killed": 4,
    "killed_camera": 3,
    "webkit_killed": 2,
    "disk_full": 2,
    "quota_full": 2,
    "lost_acknowledgement": 2,
    "two_tabs": 2,
}
