"""What a tablet reports of itself, and what the office says of a tablet."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.inspections.shapes import Ident, Sha256, ShortText
from checklists.answers import Shape

REPORT_IDS = 5000
EntryId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]


class TabletValue(Shape):
    """``tablet/<device>``: the office reports a tablet lost, or lets it in again; who and when stand in the entry."""

    state: Literal["lost", "readmitted"]
    inspection: Ident
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class _Reported(BaseModel):
    """Additive: parts that a newer tablet sends are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ReportedPlace(_Reported):
    """What of one item at one place is on the tablet only: entry ids and hashes of files."""

    place: Annotated[str, Field(max_length=200)] = ""
    entries: Annotated[list[EntryId], Field(max_length=REPORT_IDS)] = Field(default_factory=list)
    evidence: Annotated[list[Sha256], Field(max_length=REPORT_IDS)] = Field(default_factory=list)


class ReportedInspection(_Reported):
    """One inspection on the tablet; ``last_written`` is the tablet's clock, UTC."""

    id: Ident
    last_written: Annotated[str, Field(max_length=40)] = ""
    drafts: Annotated[int, Field(ge=0, le=100_000)] = 0
    places: Annotated[list[ReportedPlace], Field(max_length=REPORT_IDS)] = Field(default_factory=list)


class TabletReport(_Reported):
    """``PUT /api/tablets/<device>``: what a tablet holds that the server may not have yet.

    ``free_bytes`` and ``persisted`` are null where the browser does not tell.
    """

    label: ShortText = ""
    version: Annotated[str, Field(max_length=40)] = ""
    persisted: bool | None = None
    free_bytes: Annotated[int, Field(ge=0, le=2**53)] | None = None
    inspections: Annotated[list[ReportedInspection], Field(max_length=200)] = Field(default_factory=list)
