"""Where the approval of an inspection's or a campaign's draft stands: the steps, who said what, what is missing.

A version that was changed after it was submitted counts for nothing: its approvals are shown and void.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson
from sqlite_utils import Database

from app.accounts.manage import names_of
from app.approvals.versions import digest, digest_of, said_parts
from app.clock import local_date
from app.errors import UnprocessableError
from app.inspections.queries import setup_of
from app.inspections.readable import functions_text
from app.installation import Installation
from app.papers.naming import OVER_CAMPAIGN
from app.papers.owner import OWNER, column_of, named, own_issuer, owner_value
from reports.composing.conclusion import compose
from reports.composing.facts import ConclusionFacts
from reports.document import Document

Step = Mapping[str, Any]
COUNTS_FOR = 15
"""Days for which a paper may still tell the count of the day of its submission."""


@dataclass(frozen=True)
class Said:
    """What was said at one step."""

    value: Mapping[str, Any]
    author: str
    made_at: str

    @property
    def approved(self) -> bool:
        return bool(self.value["decision"] == "duyet")


@dataclass(frozen=True)
class Stage:
    """One step of a submitted version; ``who`` are the shown names of those whose it is."""

    number: int
    step: Step
    who: str
    said: Said | None

    @property
    def signs(self) -> bool:
        """The signature itself is this step."""
        return bool(self.step.get("signs"))


@dataclass(frozen=True)
class Version:
    """One submitted version.

    Attributes:
        number: names it among all submitted versions of the inspection's papers.
        turn_number: which version of its paper it is; first is 1.
        value: as it was submitted.
        author: who submitted it.
        made_at: when, UTC.
        stages: its steps with what was said.
    """

    number: int
    value: Mapping[str, Any]
    author: str
    made_at: str
    stages: tuple[Stage, ...]
    turn_number: int = 1

    @property
    def about(self) -> str:
        """Which paper it is of; empty for the conclusion."""
        return str(self.value.get("about", ""))

    @property
    def returned(self) -> bool:
        return any(one.said is not None and not one.said.approved for one in self.stages)

    @property
    def turn(self) -> Stage | None:
        """The step that is next; None where nothing is to be said any more."""
        waiting = (one for one in self.stages if one.said is None and not one.signs)
        return None if self.returned else next(waiting, None)


@dataclass(frozen=True)
class Approval:
    """Where it stands.

    Attributes:
        steps: as they are configured now.
        of_the_body: they are those of the issuing body, not the inspection's own.
        versions: all that were submitted, the newest first.
        changed: ids of the pieces that are not as they were submitted.
        names: who has each of the configured steps.
        next_number: what the next submitted version is called, and which one of this paper it is.
    """

    steps: tuple[Step, ...]
    of_the_body: bool
    versions: tuple[Version, ...]
    changed: tuple[str, ...]
    names: tuple[str, ...]
    next_number: tuple[int, int] = (1, 1)

    @property
    def newest(self) -> Version | None:
        return self.versions[0] if self.versions else None

    @property
    def rearranged(self) -> bool:
        """The steps are others than those it was submitted to."""
        return self.newest is not None and list(self.steps) != list(self.newest.value["steps"])

    @property
    def valid(self) -> bool:
        """What was said of the newest version still counts."""
        return self.newest is not None and not self.changed and not self.rearranged and not self.newest.returned

    @property
    def complete(self) -> bool:
        """Every step has approved exactly what stands now; true where there are none."""
        wanted = [one for one in self.steps if not one.get("signs")]
        return not wanted or (self.valid and self.newest is not None and self.newest.turn is None)


def steps_of(db: Database, owner: str, issuer: str, about: str = "") -> tuple[tuple[Step, ...], bool]:
    """The steps that a paper goes through, and whether they are those of its issuing body.

    Args:
        db: where they are read.
        owner: whose paper.
        issuer: the body that issues it.
        about: which paper; the conclusion, or another one that goes through the steps only where they name it. A
            campaign's own steps are for its reports.
    """
    own = _value(db, "approval_steps", *column_of(owner))
    found = own or _value(db, "issuer_approval_steps", "issuer", issuer) or {"steps": []}
    wanted = not about or _sort_of(about) in found.get("papers", ())
    wanted = wanted or (own is not None and _sort_of(about) == OVER_CAMPAIGN)
    return tuple(found["steps"]) if wanted else (), own is None


def _sort_of(about: str) -> str:
    """``don-doc.2`` is a ``don-doc``."""
    return re.split(r"[./]", about, maxsplit=1)[0]


def _value(db: Database, table: str, column: str, id_: str) -> dict[str, Any] | None:
    row = db.execute(f"SELECT value FROM {table} WHERE {column} = ?", [id_]).fetchone()
    return orjson.loads(row[0]) if row else None


def approval_of(
    db: Database, owner: str, parts: Sequence[tuple[str, str]], about: str = "", issuer: str = ""
) -> Approval:
    """Where the approval of a paper stands.

    Args:
        db: where it is read.
        owner: whose paper.
        parts: what the paper says now.
        about: which paper.
        issuer: the body that issues it, where it is not the owner's own.
    """
    setup = owner_value(db, owner)
    steps, of_the_body = steps_of(db, owner, issuer or setup["issuer"], about)
    names = names_of(db)
    everything = versions_of(db, owner, setup, names)
    versions = tuple(one for one in everything if one.about == about)
    changed = _changed(versions[0].value, parts) if versions else ()
    coming = (max((one.number for one in everything), default=0) + 1, len(versions) + 1)
    who = tuple(who_has(one, setup, names) for one in steps)
    return Approval(steps, of_the_body, versions, changed, who, coming)


def who_has(step: Step, setup: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The names of those whose step it is; the function's name where nobody has it."""
    if step.get("account"):
        return names.get(step["account"], "tài khoản đã bỏ")
    function = step.get("function")
    if not function:
        return "người ký"
    having = [one["name"] for one in setup.get("members", ()) if function in one["functions"]]
    return ", ".join(having) or f"{functions_text([function])} (chưa có người)"


def versions_of(db: Database, owner: str, setup: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Version, ...]:
    """All submitted versions of an owner's papers, the newest first; ``setup`` names its people."""
    column, id_ = column_of(owner)
    said: dict[tuple[str, str], Said] = {}
    for row in db.execute(f"SELECT * FROM approvals WHERE {column} = ?", [id_]):
        said[row["submission"], row["step"]] = Said(orjson.loads(row["value"]), row["author"], row["made_at"])
    found = []
    for row in db.execute(f"SELECT * FROM submissions WHERE {column} = ?", [id_]):
        value, number = orjson.loads(row["value"]), row["submission"]
        stages = tuple(
            Stage(place, step, who_has(step, setup, names), said.get((number, str(place))))
            for place, step in enumerate(value["steps"], 1)
        )
        found.append(Version(int(number), value, row["author"], row["made_at"], stages))
    counted: Counter[str] = Counter()
    for place, one in enumerate(found := sorted(found, key=lambda one: one.number)):
        counted[one.about] += 1
        found[place] = replace(one, turn_number=counted[one.about])
    return tuple(reversed(found))


def _changed(submitted: Mapping[str, Any], parts: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    if submitted["sha256"] == digest_of(parts):
        return ()
    before = {one["id"]: one["sha256"] for one in submitted["parts"]}
    now = {id_: digest(text) for id_, text in parts}
    different = [id_ for id_ in {**before, **now} if before.get(id_) != now.get(id_)]
    return tuple(different) or ("thu-tu",)


def waiting_for(db: Database, account: str) -> list[dict[str, Any]]:
    """Submitted versions in which it is this account's turn, the oldest first."""
    rows = db.execute(
        f"SELECT {OWNER} AS owner, coalesce(i.value, c.value) AS setup, coalesce(i.title, c.title) AS title, "
        "u.name AS unit FROM submissions d LEFT JOIN inspections i ON i.inspection = d.inspection "
        "LEFT JOIN campaigns c ON c.id = d.campaign LEFT JOIN units u ON u.id = i.unit "
        "GROUP BY owner ORDER BY max(d.seq)"
    ).fetchall()
    names, found = names_of(db), []
    for row in rows:
        setup = orjson.loads(row["setup"])
        newest = {one.about: one for one in reversed(versions_of(db, row["owner"], setup, names))}
        found += [
            {**dict(row), "whose": named(row["owner"]), "version": one, "from": names.get(one.author, one.author)}
            for one in newest.values()
            if one.turn is not None and has_step(one.turn.step, setup, account)
        ]
    return found


def has_step(step: Step, setup: Mapping[str, Any], account: str) -> bool:
    """Whether a step is this account's, by name or by its function in the inspection or the campaign."""
    if step.get("account"):
        return bool(step["account"] == account)
    return any(
        one["account"] == account and step.get("function") in one["functions"] for one in setup.get("members", ())
    )


def approvals_missing(installation: Installation, inspection: str, facts: ConclusionFacts) -> list[str]:
    """What keeps the paper from being signed for want of approval: a sentence each; none where no steps are set.

    Args:
        installation: where it is read.
        inspection: whose paper.
        facts: what the paper is composed from, as it would be signed.
    """
    db = installation.database()
    steps, _ = steps_of(db, inspection, setup_of(db, inspection)["issuer"])
    if not any(not one.get("signs") for one in steps):
        return []
    return sentences(approval_of(db, inspection, said_parts(compose(facts))))


def refuse_unapproved(installation: Installation, owner: str, about: str, document: Document, issuer: str) -> None:
    """Nothing is signed before each step that the paper goes through has approved exactly this text.

    Raises:
        UnprocessableError: something is missing; it says what.
    """
    missing = missing_of_paper(installation, owner, about, document, issuer)
    if missing:
        raise UnprocessableError(" ".join(missing))


def missing_of_paper(installation: Installation, owner: str, about: str, document: Document, issuer: str) -> list[str]:
    """What keeps a paper beside the conclusion from being signed for want of approval: a sentence each."""
    if not goes_through_steps(installation.database(), owner, about, issuer):
        return []
    return sentences(approval_of(installation.database(), owner, said_parts(document), about, issuer))


def goes_through_steps(db: Database, owner: str, about: str, issuer: str) -> bool:
    """Whether somebody has to approve a paper before it is signed."""
    steps, _ = steps_of(db, owner, issuer or own_issuer(db, owner), about)
    return any(not one.get("signs") for one in steps)


def newest_submission(db: Database, owner: str, about: str) -> dict[str, Any]:
    """The newest submitted version of a paper as it was submitted; empty where there is none."""
    column, id_ = column_of(owner)
    query = (
        f"SELECT value FROM submissions WHERE {column} = ? AND coalesce(json_extract(value, '$.about'), '') = ? "
        "ORDER BY CAST(submission AS INTEGER) DESC LIMIT 1"
    )
    row = db.execute(query, [id_, about]).fetchone()
    return dict(orjson.loads(row[0])) if row and row[0] else {}


def counted_by(installation: Installation, owner: str, about: str, composed: Callable[[date], Document]) -> date:
    """The day by which a paper counts days: today, or that of its submission while it says what was submitted.

    What is overdue changes every day; what the steps approve would be void the next morning.

    Args:
        installation: where it is read.
        owner: whose paper.
        about: which paper.
        composed: the paper as it counts by a day.
    """
    today = local_date(installation.clock())
    told = newest_submission(installation.database(), owner, about)
    text = (told.get("choice") or {}).get("as_of")
    day = date.fromisoformat(text) if text else today
    if day == today or (today - day).days > COUNTS_FOR:
        return today
    return day if digest_of(said_parts(composed(day))) == told["sha256"] else today


def sentences(approval: Approval) -> list[str]:
    """The same, of what is known already."""
    newest = approval.newest
    if approval.complete:
        return []
    if newest is None:
        return ["Dự thảo chưa được trình duyệt."]
    if newest.returned:
        back = next(one for one in newest.stages if one.said and not one.said.approved)
        where = f"tại bước «{back.step['title']}» ({back.who})"
        return [f"Bản trình lần {newest.turn_number} bị trả lại {where}; hãy trình lại."]
    if approval.changed:
        since = f"sau khi trình lần {newest.turn_number}"
        return [f"Văn bản đã thay đổi {since}, ý kiến duyệt không còn hiệu lực; hãy trình lại."]
    if approval.rearranged:
        return [f"Các bước duyệt đã thay đổi sau khi trình lần {newest.turn_number}; hãy trình lại."]
    return [
        f"Chưa duyệt: bước «{one.step['title']}», {one.who}."
        for one in newest.stages
        if one.said is None and not one.signs
    ]
