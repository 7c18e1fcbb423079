"""All subjects of the application in one registry, the most often written first."""

from __future__ import annotations

from app.accounts import kinds as accounts
from app.approvals import kinds as approvals
from app.campaigns import kinds as campaigns
from app.conclusions import kinds as conclusions
from app.duties import kinds as duties
from app.explanations import kinds as explanations
from app.inspections import kinds as inspections
from app.journal.kinds import Registry
from app.papers import kinds as papers
from app.periods import kinds as periods
from app.petitions import kinds as petitions
from app.remedies import kinds as remedies
from app.tablets import kinds as tablets
from app.units import kinds as units

_BEFORE_SIGNING = (explanations, petitions, duties, approvals)
_ROOMS = (
    *(inspections, conclusions, papers),
    *_BEFORE_SIGNING,
    *(remedies, units, campaigns, periods, accounts, tablets),
)
REGISTRY = Registry(kind for room in _ROOMS for kind in room.KINDS)
