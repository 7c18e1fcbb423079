"""What the unit said before the conclusion, from derived rows to facts: explanations, requests, and the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.clock import local_date
from app.conclusions.rows import entry_fact, paper_fact
from reports.composing.facts import ExplanationDecision, ExplanationFact, PaperFact, PetitionFact

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows of one inspection by their derived table, each with its ``value`` read."""


def finding_key(item: str, site: str | None) -> str:
    """The key of a finding: ``answer/<item>[@<site>]``."""
    return f"answer/{item}" + (f"@{site}" if site else "")


def hearing_until(rows: Rows) -> date | None:
    """The last day that the unit was given, where its explanation was asked for."""
    days = [row["value"]["until"] for row in rows["hearings"] if row["value"]]
    return date.fromisoformat(days[-1]) if days else None


def explanation_facts(rows: Rows) -> list[ExplanationFact]:
    """Explanations with the decision that was made on exactly this text, in the order in which they came."""
    decisions = {(row["item"], row["site"]): row for row in rows["explanation_decisions"] if row["value"]}
    cover: Mapping[str, Any] = next((row["value"] for row in reversed(rows["hearing_replies"]) if row["value"]), {})
    until = hearing_until(rows)
    said = sorted((row for row in rows["explanations"] if row["value"]), key=lambda row: row["seq"])
    return [_explanation(row, decisions.get((row["item"], row["site"])), cover, until) for row in said]


def _explanation(
    row: Mapping[str, Any], decided: Mapping[str, Any] | None, cover: Mapping[str, Any], until: date | None
) -> ExplanationFact:
    value = row["value"]
    given_on = _day_of(row)
    if decided is not None and decided["value"]["explanation"] != row["entry"]:
        decided = None
    verdict = decided["value"] if decided else _earlier_decision(value)
    return ExplanationFact(
        key=finding_key(row["item"], row["site"]),
        text=value["text"],
        entry=entry_fact(row),
        paper=_numbered(value.get("paper")) or _numbered(cover.get("paper")),
        given_on=given_on,
        decision=verdict.get("decision", ""),
        reason=verdict.get("reason", ""),
        changes=verdict.get("changes", False),
        printed=verdict.get("printed", False),
        late=until is not None and given_on > until,
        decided=entry_fact(decided) if decided else None,
    )


def _numbered(value: Mapping[str, Any] | None) -> PaperFact | None:
    found = paper_fact(value)
    return found if found and (found.number or found.date) else None


def _day_of(row: Mapping[str, Any]) -> date:
    """The day it came: of what was typed in, that of the letter where it is known."""
    paper = row["value"].get("paper") or {}
    if row["value"].get("on_behalf") and paper.get("date"):
        return date.fromisoformat(paper["date"])
    return local_date(datetime.fromisoformat(row["received_at"]))


def _earlier_decision(value: Mapping[str, Any]) -> dict[str, Any]:
    """Before decisions were entries of their own, they stood in the explanation's value."""
    accepted = value.get("accepted")
    if accepted is None:
        return {}
    decision: ExplanationDecision = "tiep_thu" if accepted else "khong_tiep_thu"
    return {"decision": decision, "reason": value.get("reason", "")}


def petition_facts(rows: Rows) -> list[PetitionFact]:
    """The unit's requests with the delegation's answers, in the order of writing."""
    replies = {row["petition"]: row for row in rows["petition_replies"] if row["value"]}
    asked = sorted((row for row in rows["petitions"] if row["value"]), key=lambda row: row["petition"])
    return [_petition(row, replies.get(row["petition"])) for row in asked]


def _petition(row: Mapping[str, Any], reply: Mapping[str, Any] | None) -> PetitionFact:
    value, answer = row["value"], reply["value"] if reply else {}
    return PetitionFact(
        id=row["petition"],
        text=value["text"],
        entry=entry_fact(row),
        addressee=value.get("addressee", ""),
        area=value.get("area", ""),
        item=value.get("item") or "",
        handling=answer.get("handling", ""),
        answer=answer.get("text", ""),
        forward_to=answer.get("forward_to", ""),
        replied=entry_fact(reply) if reply else None,
    )
