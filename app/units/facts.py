"""An issuing body as a paper knows it: the parts of its profile that one type of paper carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.composing.facts import IssuerFact
from reports.document import Recipient, Signatory

BY_LEVEL = "theo cấp"
EQUALS = frozenset({"so", "tinh"})


def verb_to(setting: str, level: str) -> str:
    """What a body says to a unit: a body of the province asks its equals and requires of those below.

    Args:
        setting: the body's own word, or ``theo cấp``.
        level: the unit's; "" where none is meant.
    """
    if setting != BY_LEVEL:
        return setting
    return "đề nghị" if level in EQUALS else "yêu cầu"


def issuer_fact(value: Mapping[str, Any], kind: str, signer: int = 0, *, level: str = "") -> IssuerFact:
    """The body with its symbol, signer and Nơi nhận for a type of paper.

    Args:
        value: ``issuer/<id>``.
        kind: TB, CV, BC or BB.
        signer: which of its signers signs; the first where there is no such one.
        level: of the unit that the paper speaks to.
    """
    signers = value.get("signers") or [{"name": "", "title": ""}]
    chosen = signers[signer if 0 <= signer < len(signers) else 0]
    return IssuerFact(
        name=value["name"],
        letterhead=value.get("letterhead", value["name"]),
        signatory=Signatory(
            title=chosen["title"],
            name=chosen["name"],
            authority=chosen.get("authority", ""),
            second_title=chosen.get("second_title", ""),
        ),
        superior=value.get("superior", ""),
        place=value.get("place", ""),
        symbol=symbol_for(value, kind),
        recipients=tuple(
            Recipient(one["name"], one.get("purpose", ""))
            for one in value.get("recipients", ())
            if not one.get("kinds") or kind in one["kinds"]
        ),
        archive=archive_text(value),
        follow_up=value.get("follow_up", ""),
        verb=verb_to(value.get("verb", "yêu cầu"), level),
        addressee=value.get("addressee", ""),
    )


def symbol_for(value: Mapping[str, Any], kind: str) -> str:
    """The symbol of a type of paper; that of a biên bản follows the Thông báo's where none is set."""
    symbols = value.get("symbols") or {}
    found: str = symbols.get(kind, "")
    notice = symbols.get("TB", "")
    return notice.replace("TB-", "BB-", 1) if kind == "BB" and not found and notice.startswith("TB-") else found


def archive_text(value: Mapping[str, Any]) -> str:
    """What follows "Lưu: ": VT and the drafting office, copies kept, the drafter's mark (NĐ 30/2020, Mẫu 1.4)."""
    text: str = value.get("archive") or "VT"
    if value.get("copies"):
        text += f" ({value['copies']}b)"
    return ", ".join(part for part in (text, value.get("drafter", "")) if part)
