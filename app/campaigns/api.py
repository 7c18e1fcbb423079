"""``/api/campaigns``: the campaigns of an account, and what a tablet takes along of one."""

from __future__ import annotations

from flask import Blueprint, Response

from app.campaigns.bundle import campaign_bundle, campaign_lines
from app.campaigns.queries import seen_campaign
from app.errors import NotFoundError
from app.web import DELEGATION, allow, answer, answer_packed, identity, installation

blueprint = Blueprint("campaigns_api", __name__, url_prefix="/api/campaigns")


@blueprint.get("")
@allow(*DELEGATION)
def index() -> Response:
    """The running campaigns that the account may use."""
    return answer(campaign_lines(identity()))


@blueprint.get("/<campaign>/bundle")
@allow(*DELEGATION)
def bundle(campaign: str) -> Response:
    """All that a tablet needs to open an inspection of the campaign offline."""
    value = seen_campaign(identity(), campaign)
    if value.get("gathers"):
        raise NotFoundError("Đây là kỳ báo cáo, không phải đợt kiểm tra; hãy tải lại danh sách đợt.")
    return answer_packed(campaign_bundle(installation(), identity(), campaign, value))
