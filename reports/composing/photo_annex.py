"""Photos as an annex of the conclusion; no paper has one unless its lead asks for it."""

from __future__ import annotations

from reports.composing.facts import ConclusionFacts
from reports.document import Annex, Photo, PhotoGrid


def photo_annex(facts: ConclusionFacts) -> Annex | None:
    """The photos as an annex, numbered; None where the paper carries none."""
    chosen = facts.photo_annex
    if chosen is None or not chosen.photos:
        return None
    photos = tuple(
        Photo(one.sha256, f"Ảnh {number}. {one.caption}".rstrip(". "), one.details)
        for number, one in enumerate(chosen.photos, 1)
    )
    return Annex("Ảnh kiểm tra thực tế", (PhotoGrid(photos, chosen.rows),))
