"""The form of a case file; the samples in ``app/samples`` are its documentation by example.

A fact names what was found in somebody's words and figures; the importer finds its item, or is told it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from checklists.answers import IsoDate, Source
from checklists.expressions import read_date

Text = Annotated[str, Field(min_length=1, max_length=4000)]
Name = Annotated[str, Field(min_length=1, max_length=300)]
ItemId = Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")]
FigureKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _is_day(text: str) -> str:
    if read_date(text) is None:
        raise ValueError(f"ngày «{text}» không có trong lịch")
    return text


def _is_period(text: str) -> str:
    start, slash, end = text.partition("/")
    if not slash or read_date(start) is None or read_date(end) is None or start > end:
        raise ValueError("kỳ phải viết ngày-đầu/ngày-cuối, ví dụ 2022-01-01/2022-06-30")
    return text


Day = Annotated[IsoDate, AfterValidator(_is_day)]
PeriodText = Annotated[str, AfterValidator(_is_period)]


class CasePart(BaseModel):
    """An unknown field is an error, so that a typing mistake is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(CasePart):
    """One fact. ``good``: true an achievement, false a shortcoming, null neither.

    ``items`` says where it belongs; ``wording`` is the sentence for the conclusion, which may name the
    fact's figures as ``{key}``; ``source`` says whose figures they are (the unit's report if nothing else).
    """

    topic: Name
    text: Text
    good: bool | None = None
    repeat: bool = False
    figures: dict[FigureKey, int | str] = Field(default_factory=dict)
    items: tuple[ItemId, ...] = ()
    item: ItemId | None = None
    wording: str = Field(default="", max_length=4000)
    source: Source | None = None


class Ask(CasePart):
    """What the team asked for; a plain text in the file is an ask with nothing else."""

    text: Text
    items: tuple[ItemId, ...] = ()
    item: ItemId | None = None
    wording: str = Field(default="", max_length=4000)
    addressee: str = Field(default="", max_length=500)
    product: str = Field(default="", max_length=2000)
    owner: str = Field(default="", max_length=500)
    deadline: str = Field(default="", max_length=500)


class CaseUnit(CasePart):
    """One unit and what was found there. ``parent``: the unit whose paper tells of this one."""

    name: Name
    level: Literal["tinh", "so", "huyen", "xa", "nhom"]
    parent: Name | None = None
    facts: tuple[Fact, ...] = ()
    ask: tuple[Ask, ...] = ()
    cause: str = Field(default="", max_length=4000)


class CasePaper(CasePart):
    """A paper that the inspection rests on."""

    number: str = ""
    date: Day | None = None
    issuer: str = ""
    subject: str = ""


class CaseFile(CasePart):
    """One visit: a head and its units."""

    title: Annotated[str, Field(min_length=1, max_length=500)]
    team: Annotated[str, Field(min_length=1, max_length=500)]
    province: str = Field(default="", max_length=100)
    date: Day | None = None
    kind: Literal["follow-up", "planned", "unannounced"] | None = None
    document: Literal["thong-bao", "cong-van", "bao-cao"] = "thong-bao"
    period: PeriodText | None = None
    plan: CasePaper | None = None
    decision: CasePaper | None = None
    units: Annotated[tuple[CaseUnit, ...], Field(min_length=1)]
