"""Pages on which a corrected DOCX of a report over a campaign comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from app.campaigns.queries import seen_campaign
from app.conclusions.making_pages import choice_among
from app.conclusions.returning_kit import Doors, chosen, file_hash, hand_back_page, taken_page
from app.periods.making import report_parts
from app.periods.pages import Page, blueprint, desk, require_change
from app.periods.returning import compare_report, take_over_report
from app.periods.span import Span, name_of, span_of
from app.web import DELEGATION, allow, identity, installation

_ANNEX = "Phụ lục: lấy từ các kết luận đã vào sổ, không sửa ở báo cáo"


@blueprint.route("/<about>/nop-lai", methods=["GET", "POST"])
@allow(*DELEGATION)
def hand_back(campaign: str, about: str) -> Page:
    """Hand in a corrected DOCX and see what it changed."""
    value, span = _drafted(campaign, about)
    _, choice = choice_among(value["issuer"])
    posted = request.method == "POST"
    parts = report_parts(installation(), campaign, span) if posted else ()
    seen = {part.id: part.override.entry.id for part in parts if part.override and part.override.entry}

    def behind(ids: Sequence[str]) -> str:
        return " ".join(seen[id_] for id_ in ids if id_ in seen)

    return hand_back_page(
        _doors(campaign, value, span), lambda data: compare_report(installation(), campaign, span, choice, data), behind
    )


@blueprint.post("/<about>/nhan-lai")
@allow(*DELEGATION)
def take_back(campaign: str, about: str) -> Page:
    """Take over the paragraphs that were chosen; what is refused is shown again with its words."""
    value, span = _drafted(campaign, about)
    choices = chosen()
    refused = take_over_report(installation(), desk(campaign, span, file_hash()), span, choices)
    return taken_page(_doors(campaign, value, span), choices, refused)


def _drafted(campaign: str, about: str) -> tuple[Mapping[str, Any], Span]:
    value, span = seen_campaign(identity(), campaign), span_of(about)
    require_change(value)
    return value, span


def _doors(campaign: str, value: Mapping[str, Any], span: Span) -> Doors:
    whose: dict[str, Any] = {"campaign": campaign, "about": span.about}
    chosen_by = {name: request.args[name] for name in ("co-quan", "nguoi-ky") if request.args.get(name)}
    draft = url_for("periods.make", **whose)
    return Doors(
        (
            ("Đợt kiểm tra", url_for("campaigns.index")),
            ("Báo cáo tổng hợp", url_for("periods.choose", campaign=campaign)),
            (name_of(value, span), draft),
        ),
        draft,
        url_for("periods.hand_back", **{**whose, **chosen_by}),
        url_for("periods.take_back", **whose),
        takes_new=False,
        annex=_ANNEX,
    )
