"""The manifest: what each paragraph of an issued paper rests on, as JSON attached to the PDF.

Authors and devices are identifiers; names stay in the installation, so that a published paper carries no
personal data of the inspectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reports.composing.facts import ArticleFact, ConclusionFacts, EntryFact, Finding
from reports.composing.prose import NBSP
from reports.composing.requirements import Requirement
from reports.composing.said import said_entries
from reports.document import Block, Paragraph

FORMAT = "kiemtra-manifest-1"


def manifest(facts: ConclusionFacts, blocks: Iterable[Block], wanted: Sequence[Requirement]) -> dict[str, object]:
    """Paragraphs, findings, entries and the journal's head; JSON-able, without floats."""
    findings = {finding.key: finding for finding in facts.findings}
    asked = {one.id: one for one in wanted}
    paragraphs = [
        _paragraph(block, findings, asked.get(block.id), facts) for block in blocks if isinstance(block, Paragraph)
    ]
    return {
        "format": FORMAT,
        "inspection": facts.inspection.id,
        "unit": {"id": facts.unit.id, "name": facts.unit.name},
        "kind": facts.inspection.document_kind.value,
        "head": dict(facts.head),
        "paragraphs": paragraphs,
        "findings": [_finding(finding) for finding in facts.findings],
        "covers": sorted(facts.covers),
        **_photos(facts),
    }


def _photos(facts: ConclusionFacts) -> dict[str, object]:
    """The photos that the paper shows, by the hashes of what was taken; nothing where it shows none."""
    if facts.photo_annex is None or not facts.photo_annex.photos:
        return {}
    return {"photos": [{"evidence": one.id, "sha256": one.sha256} for one in facts.photo_annex.photos]}


def _paragraph(
    block: Paragraph, findings: dict[str, Finding], asked: Requirement | None, facts: ConclusionFacts
) -> dict[str, object]:
    own = facts.overrides.get(block.id)
    entries = [entry for key in block.rests_on if key in findings for entry in findings[key].all_entries()]
    if own is not None and own.entry is not None:
        entries.append(own.entry)
    if asked is not None:
        entries += [*asked.entries, *asked.behind]
    entries += [one.entry for one in _articles_in(block, findings, facts)]
    if block.id == "cause" and facts.inspection.setup_entry is not None:
        entries.append(facts.inspection.setup_entry)
    from_word = own is not None and bool(own.origin)
    return {
        "id": block.id,
        "text": block.text,
        "edited": block.edited,
        "rests_on": list(block.rests_on),
        "entries": sorted({*(entry.id for entry in entries), *said_entries(facts, block.id)}),
        **({"origin": "docx"} if from_word else {}),
        **({"unlinked": True} if from_word and not block.rests_on else {}),
    }


def _articles_in(block: Paragraph, findings: dict[str, Finding], facts: ConclusionFacts) -> list[ArticleFact]:
    """The articles that people found and that this paragraph names."""
    text = block.text.replace(NBSP, " ")
    items = {findings[key].item.id for key in block.rests_on if key in findings}
    return [one for (item, basis), one in facts.articles.items() if item in items and f"{one.text} {basis}" in text]


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "key": finding.key,
        "item": finding.item.id,
        "item_version": finding.value.item_version,
        "site": finding.site.name if finding.site else None,
        "verdict": finding.verdict.value if finding.verdict else None,
        "entries": [_entry(entry) for entry in finding.all_entries()],
        "evidence": sorted({one.sha256 for one in finding.evidence if one.sha256}),
        "figures": {
            key: [{"value": one.value, "source": one.source.value, "as_of": one.as_of} for one in readings]
            for key, readings in sorted(finding.value.figures.items())
        },
        "area": finding.area,
        **({"repeat": finding.repeat.notice} if finding.repeat else {}),
    }


def _entry(entry: EntryFact) -> dict[str, object]:
    return {"id": entry.id, "seq": entry.seq, "author": entry.author, "device": entry.device}
