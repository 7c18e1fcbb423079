"""Pages on which a corrected DOCX of the conclusion comes back: hand it in, compare, take over what is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from app.conclusions import returning
from app.conclusions.draft_pages import desk
from app.conclusions.gather import gather
from app.conclusions.pages import Page, blueprint, drafting_setup
from app.conclusions.returning_kit import Doors, chosen, file_hash, hand_back_page, taken_page
from app.web import DELEGATION, allow, installation, journal
from forms.conclusions import SECTIONS
from reports.composing.conclusion import Part, plan
from reports.composing.docx_back import Returned


@blueprint.route("/cuoc-kiem-tra/<inspection>/du-thao/nop-lai", methods=["GET", "POST"])
@allow(*DELEGATION)
def hand_back(inspection: str) -> Page:
    """Hand in a corrected DOCX and see what it changed."""
    setup = drafting_setup(inspection)
    posted = request.method == "POST"
    known = {part.id: part for part in plan(gather(installation(), inspection)).parts} if posted else {}
    return hand_back_page(
        _doors(inspection, setup),
        lambda data: returning.compare(installation(), inspection, data),
        lambda ids: _seen(inspection, known, ids),
        lambda one: _section(known, one),
    )


def _doors(inspection: str, setup: Mapping[str, Any]) -> Doors:
    draft = url_for("conclusions.draft", inspection=inspection)
    return Doors(
        (
            ("Cuộc kiểm tra", url_for("inspections.index")),
            (setup["title"], url_for("inspections.show", inspection=inspection)),
            ("Dự thảo kết luận", draft),
        ),
        draft,
        url_for("conclusions.hand_back", inspection=inspection),
        url_for("conclusions.take_back", inspection=inspection),
    )


def _seen(inspection: str, parts: Mapping[str, Part], ids: Sequence[str]) -> str:
    """The entries behind a paragraph, which taking it over supersedes."""
    part = parts.get(ids[0]) if ids else None
    if part is None:
        return ""
    if part.requirement is not None and part.requirement.remedy:
        return " ".join(
            one.id for one in journal().current(f"inspection/{inspection}/remedy/{part.requirement.remedy}")
        )
    return part.override.entry.id if part.override and part.override.entry else ""


def _section(parts: Mapping[str, Part], one: Returned) -> str:
    """Where a new paragraph goes: with the one before it."""
    before = parts.get(one.after)
    section = before.section if before else None
    return section if section in {name for name, _ in SECTIONS} else "follow"


@blueprint.post("/cuoc-kiem-tra/<inspection>/du-thao/nhan-lai")
@allow(*DELEGATION)
def take_back(inspection: str) -> Page:
    """Take over the paragraphs that were chosen; what is refused is shown again with its words."""
    setup = drafting_setup(inspection)
    choices = chosen()
    at = desk(inspection, request.form.get("upto"), file_hash())
    refused = returning.take_over(installation(), at, choices)
    return taken_page(_doors(inspection, setup), choices, refused)
