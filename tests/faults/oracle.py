"""Judges a trial: is everything that the screen had acknowledged there, once, on the tablet and on the server?

The claims were recorded outside of the browser at the moment of their painting. What is meant by a claim:
- a place that is "draft", "saved", "sent" or "received" holds what the screen shows of it, on the disk;
- from "saved" on, it is an entry, which nothing may ever take back;
- "sent" and "received" mean that the server has it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.faults.acts import Act, Record

KEPT = ("draft", "saved", "sent", "received")
ENTERED = ("saved", "sent", "received")
HELD = ("sent", "received")


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@dataclass
class Claims:
    """What the screen acknowledged, by what it speaks of."""

    # (kind, place) -> the last acknowledged value and the values that may have come after it
    allowed: dict[tuple[str, str], set[str | None]] = field(default_factory=dict)
    entered: set[tuple[str, str, str]] = field(default_factory=set)
    """(kind, place, value) that were said to be saved: each must be in an entry for ever."""
    held: set[tuple[str, str, str]] = field(default_factory=set)
    """Those that the server was said to have."""
    kept: set[tuple[str, str, str]] = field(default_factory=set)
    """Notes, addresses and photos that were said to be kept, as drafts at least."""
    count: int = 0


def read_claims(record: Record) -> Claims:
    """Goes through a record in its order."""
    claims = Claims()
    before: dict[tuple[str, str], str] = {}
    for kind, what in record.log:
        if kind == "act":
            _mean(claims, before, what)
        elif what.get("shot"):
            # The viewfinder's own "saved".
            claims.count += 1
            claims.kept.add(("photo", what["place"], what["shot"]))
            claims.entered.add(("photo", what["place"], what["shot"]))
        elif what.get("state") in KEPT and not what.get("alarm"):
            _acknowledge(claims, before, what)
    return claims


def _mean(claims: Claims, before: dict[tuple[str, str], str], act: Act) -> None:
    if act.kind in {"verdict", "figure"}:
        key = (act.kind, act.place.key)
        before[key] = act.value
        if key in claims.allowed:
            claims.allowed[key].add(act.value)


def _acknowledge(claims: Claims, before: dict[tuple[str, str], str], claim: dict[str, Any]) -> None:
    claims.count += 1
    place = f"{claim['item']}@{claim['site']}" if claim["site"] else claim["item"]
    state = claim["state"]
    shown: list[tuple[str, str]] = [("verdict", claim["verdict"] or "")]
    shown += [("figure", text) for text in claim["fields"].values() if text]
    for kind, value in shown:
        # What was meant just before may have been under way already when this was painted.
        under_way = before.get((kind, place))
        claims.allowed[kind, place] = {value, under_way} if under_way else {value}
        _add(claims, state, (kind, place, value))
    for text in claim["notes"]:
        _add(claims, state, ("note", place, nfc(text)))
        claims.kept.add(("note", place, nfc(text)))
    for proof in claim["proofs"]:
        if proof["sha256"] and proof["state"] in KEPT:
            _add(claims, proof["state"], ("photo", place, proof["sha256"]))
            claims.kept.add(("photo", place, proof["sha256"]))


def _add(claims: Claims, state: str, said: tuple[str, str, str]) -> None:
    if said[2] == "":
        return
    if state in ENTERED:
        claims.entered.add(said)
    if state in HELD:
        claims.held.add(said)


# ---- what is stored


def said_by(subject: str, value: Any) -> set[tuple[str, str, str]]:
    """What an entry or a draft says, in the terms of claims."""
    if value is None:
        return set()
    _, _, kind, *rest = subject.split("/")
    if kind == "answer" and len(rest) == 1:
        figures = value.get("figures") or {}
        counted = {("figure", rest[0], one["value"]) for readings in figures.values() for one in readings}
        return counted | ({("verdict", rest[0], value["verdict"])} if value.get("verdict") else set())
    if kind == "note":
        return {("note", rest[0], nfc(value["text"]))}
    if kind == "evidence":
        site = value.get("site")
        place = f"{value.get('item')}@{site}" if site else str(value.get("item"))
        digest = (value.get("file") or {}).get("sha256")
        return {("photo", place, digest)} if digest else {("address", place, nfc(value.get("address") or ""))}
    return set()


def all_said(entries: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {said for entry in entries for said in said_by(entry["subject"], entry["value"])}


def current(entries: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The current entries of each subject, by the rule of the journal (nobody settles here)."""
    gone = {(entry["subject"], older) for entry in entries for older in entry["supersedes"]}
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in sorted(entries, key=lambda one: one["id"]):
        if (entry["subject"], entry["id"]) not in gone:
            found.setdefault(entry["subject"], []).append(entry)
    return found


def judge_tablet(claims: Claims, dump: dict[str, Any] | None, inspection: str, *, alone: bool = True) -> list[str]:
    """What the tablet's store lacks of what the screen had acknowledged. ``alone``: nobody else answers."""
    if dump is None:
        return ["the store is gone"] if claims.count else []
    faults: list[str] = []
    entries = [entry for entry in dump["entries"] if entry["inspection"] == inspection]
    history = all_said(entries)
    faults += [f"acknowledged as saved, not there: {said}" for said in sorted(claims.entered - history)]
    drafts = {draft["subject"]: draft["value"] for draft in dump["drafts"]}
    shown = {said for subject, value in drafts.items() for said in said_by(subject, value)}
    now = {entry["subject"]: entry["value"] for found in current(entries).values() for entry in found}
    standing = all_said([{"subject": subject, "value": value} for subject, value in {**now, **drafts}.items()])
    faults += [f"acknowledged as kept, not there: {said}" for said in sorted(claims.kept - history - shown)]
    if alone:
        for (kind, place), allowed in claims.allowed.items():
            values = {value for k, p, value in standing if (k, p) == (kind, place)} or {""}
            if not values & allowed:
                faults.append(f"{kind} of {place} is {sorted(values)}, the screen had said {sorted(map(str, allowed))}")
    for file in dump["evidence"]:
        if file["found"] != file["sha256"]:
            faults.append(f"bytes of {file['sha256'][:8]} are others now")
    named = {said[2] for said in history if said[0] == "photo"}
    kept = {file["sha256"] for file in dump["evidence"]}
    own = {said[2] for said in all_said([e for e in entries if e["state"] != "pulled"]) if said[0] == "photo"}
    faults += [f"bytes of {sha[:8]} are missing" for sha in sorted(own - kept)]
    faults += [f"nobody speaks of the bytes {sha[:8]}" for sha in sorted(kept - named)]
    return faults


def judge_server(stage: Any, record: Record, dump: dict[str, Any], inspection: str) -> list[str]:
    """After a sync: the server has what the tablet has, once, and says the same of it."""
    faults: list[str] = []
    there = stage.entries(inspection)
    by_id = {entry["id"]: entry for entry in there}
    if len(by_id) != len(there):
        faults.append("the journal holds an entry twice")
    entries = [entry for entry in dump["entries"] if entry["inspection"] == inspection]
    for entry in entries:
        found = by_id.get(entry["id"])
        if found is None:
            faults.append(f"{entry['state']} on the tablet, not on the server: {entry['subject']}")
        elif found["value"] != entry["value"] or found["supersedes"] != entry["supersedes"]:
            faults.append(f"says something else on the server: {entry['subject']}")
        if entry["state"] not in {"received", "pulled"}:
            faults.append(f"still {entry['state']} after the sync: {entry['subject']}")
    lacking = [file["sha256"] for file in dump["evidence"] if not stage.has_file(file["sha256"])]
    faults += [f"the server lacks the bytes {sha[:8]}" for sha in lacking]
    faults += [f"quarantined: {one['code']} {one['message']}" for one in stage.quarantined(inspection)]
    ours = {subject: [e["value"] for e in found] for subject, found in current(entries).items()}
    theirs = {subject: [e["value"] for e in found] for subject, found in current(there).items()}
    faults += [f"current values differ: {s}" for s in ours if ours[s] != theirs.get(s)]
    return faults + _doubles(record, there) + _receipt(dump, inspection)


def _doubles(record: Record, there: list[dict[str, Any]]) -> list[str]:
    """Nothing that was meant once stands twice."""
    meant = Counter(nfc(act.value) for act in record.acts() if act.kind in {"note", "photo", "address"})
    standing: dict[str, list[str]] = {}
    for found in current(there).values():
        for entry in found:
            for kind, _, value in said_by(entry["subject"], entry["value"]):
                if kind in {"note", "photo", "address"}:
                    standing.setdefault(value, []).append(entry["subject"])
    return [f"stands {len(s)} times: {v} {s}" for v, s in standing.items() if len(s) > max(meant[v], 1)]


def _receipt(dump: dict[str, Any], inspection: str) -> list[str]:
    own = [e for e in dump["entries"] if e["inspection"] == inspection and e["state"] != "pulled"]
    held = [one for one in dump["receipts"] if one["inspection"] == inspection]
    if not held:
        return ["no receipt"] if own else []
    missing = held[0]["receipt"]["missing"]
    faults = [f"the receipt says missing: {missing}"] if missing["entries"] or missing["evidence"] else []
    if held[0]["asked"]["entries"] < len(own):
        faults.append(f"the receipt covers {held[0]['asked']} of {len(own)} entries")
    return faults


def judge_claims_of_sending(stage: Any, claims: Claims, inspection: str) -> list[str]:
    """Before anything is mended: what the screen called sent is on the server."""
    history = all_said(stage.entries(inspection))
    faults = [f"called sent, not on the server: {said}" for said in sorted(claims.held - history)]
    photos = {value for kind, _, value in claims.held if kind == "photo"}
    return faults + [f"called sent, no bytes on the server: {sha[:8]}" for sha in photos if not stage.has_file(sha)]
