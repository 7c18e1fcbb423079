"""Where the approval of an inspection's draft stands: which steps there are, who has said what, what is missing.

A version that was changed after it was submitted counts for nothing: its approvals are shown and void.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from app.accounts.manage import names_of
from app.approvals.versions import digest, digest_of, said_parts
from app.inspections.queries import setup_of
from app.inspections.readable import functions_text
from app.installation import Installation
from reports.composing.conclusion import compose
from reports.composing.facts import ConclusionFacts

Step = Mapping[str, Any]


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
        number: first is 1.
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
    """

    steps: tuple[Step, ...]
    of_the_body: bool
    versions: tuple[Version, ...]
    changed: tuple[str, ...]
    names: tuple[str, ...]

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


def steps_of(db: Database, inspection: str, issuer: str) -> tuple[tuple[Step, ...], bool]:
    """The steps of an inspection's paper, and whether they are those of its issuing body."""
    own = _value(db, "approval_steps", "inspection", inspection)
    if own is not None:
        return tuple(own["steps"]), False
    body = _value(db, "issuer_approval_steps", "issuer", issuer)
    return tuple(body["steps"]) if body else (), True


def _value(db: Database, table: str, column: str, id_: str) -> dict[str, Any] | None:
    row = db.execute(f"SELECT value FROM {table} WHERE {column} = ?", [id_]).fetchone()
    return orjson.loads(row[0]) if row else None


def approval_of(db: Database, inspection: str, parts: Sequence[tuple[str, str]]) -> Approval:
    """Where the approval stands, with ``parts`` as the paper says them now."""
    setup = setup_of(db, inspection)
    steps, of_the_body = steps_of(db, inspection, setup["issuer"])
    names = names_of(db)
    versions = _versions(db, inspection, setup, names)
    changed = _changed(versions[0].value, parts) if versions else ()
    return Approval(steps, of_the_body, versions, changed, tuple(who_has(one, setup, names) for one in steps))


def who_has(step: Step, setup: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The names of those whose step it is; the function's name where nobody has it."""
    if step.get("account"):
        return names.get(step["account"], "tài khoản đã bỏ")
    function = step.get("function")
    if not function:
        return "người ký"
    having = [one["name"] for one in setup.get("members", ()) if function in one["functions"]]
    return ", ".join(having) or f"{functions_text([function])} (chưa có người)"


def _versions(db: Database, inspection: str, setup: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Version, ...]:
    said: dict[tuple[str, str], Said] = {}
    for row in db.execute("SELECT * FROM approvals WHERE inspection = ?", [inspection]):
        said[row["submission"], row["step"]] = Said(orjson.loads(row["value"]), row["author"], row["made_at"])
    found = []
    for row in db.execute("SELECT * FROM submissions WHERE inspection = ?", [inspection]):
        value, number = orjson.loads(row["value"]), row["submission"]
        stages = tuple(
            Stage(place, step, who_has(step, setup, names), said.get((number, str(place))))
            for place, step in enumerate(value["steps"], 1)
        )
        found.append(Version(int(number), value, row["author"], row["made_at"], stages))
    return tuple(sorted(found, key=lambda one: -one.number))


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
        "SELECT s.inspection, i.value AS setup, i.title, u.name AS unit, max(CAST(s.submission AS INTEGER)) AS newest "
        "FROM submissions s JOIN inspections i ON i.inspection = s.inspection LEFT JOIN units u ON u.id = i.unit "
        "GROUP BY s.inspection ORDER BY max(s.seq)"
    ).fetchall()
    names, found = names_of(db), []
    for row in rows:
        setup = orjson.loads(row["setup"])
        newest = _versions(db, row["inspection"], setup, names)[0]
        if newest.turn is not None and has_step(newest.turn.step, setup, account):
            found.append({**dict(row), "version": newest, "from": names.get(newest.author, newest.author)})
    return found


def has_step(step: Step, setup: Mapping[str, Any], account: str) -> bool:
    """Whether a step is this account's, by name or by its function in the inspection."""
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


def sentences(approval: Approval) -> list[str]:
    """The same, of what is known already."""
    newest = approval.newest
    if approval.complete:
        return []
    if newest is None:
        return ["Dự thảo chưa được trình duyệt."]
    if newest.returned:
        back = next(one for one in newest.stages if one.said and not one.said.approved)
        return [
            f"Bản trình lần {newest.number} bị trả lại tại bước «{back.step['title']}» ({back.who}); hãy trình lại."
        ]
    if approval.changed:
        return [
            f"Văn bản đã thay đổi sau khi trình lần {newest.number}, ý kiến duyệt không còn hiệu lực; hãy trình lại."
        ]
    if approval.rearranged:
        return [f"Các bước duyệt đã thay đổi sau khi trình lần {newest.number}; hãy trình lại."]
    return [
        f"Chưa duyệt: bước «{one.step['title']}», {one.who}."
        for one in newest.stages
        if one.said is None and not one.signs
    ]
