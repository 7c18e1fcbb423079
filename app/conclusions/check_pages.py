"""The page "Kiểm tra trước khi ký": every remark, the place where it is mended, and why a signer signs over it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.manage import names_of
from app.conclusions import checking
from app.conclusions.gather import gather
from app.errors import KiemtraError
from app.home.screen import has_endpoint
from app.papers.owner import may_sign
from app.web import DELEGATION, allow, identity, installation, seen_inspection
from forms.conclusions import OverruleForm
from reports.composing.review import Remark, Spot

blueprint = Blueprint("checks", __name__)

Page = str | tuple[str, int] | Response
LABELS = {
    Spot.FINDING: "Mở kết quả kiểm tra",
    Spot.DISPUTE: "Mở chỗ khác nhau để chốt",
    Spot.PART: "Mở đoạn văn",
    Spot.REQUIREMENT: "Sửa yêu cầu",
    Spot.NEW_REQUIREMENT: "Thêm yêu cầu",
    Spot.SETUP: "Sửa thông tin cuộc kiểm tra",
    Spot.ISSUER: "Mở cơ quan ban hành",
    Spot.TABLETS: "Xem máy tính bảng",
    Spot.BASES: "Xác nhận căn cứ",
    Spot.REMEDIES: "Mở yêu cầu của lần trước",
    Spot.EXPLANATIONS: "Mở giải trình",
    Spot.PETITIONS: "Mở kiến nghị",
    Spot.APPROVALS: "Mở ý kiến duyệt",
    Spot.PHOTOS: "Mở phụ lục ảnh",
}


@blueprint.get("/cuoc-kiem-tra/<inspection>/kiem-tra-truoc-khi-ky")
@allow(*DELEGATION)
def index(inspection: str) -> Page:
    """Everything to look at before signing, grouped and counted."""
    return _page(inspection)


@blueprint.post("/cuoc-kiem-tra/<inspection>/kiem-tra-truoc-khi-ky")
@allow(*DELEGATION)
def overrule(inspection: str) -> Page:
    """Keep the reason for signing over one remark, or take it back."""
    seen_inspection(inspection)
    form = OverruleForm()
    here, key = installation(), form.key.data or ""
    if not form.validate():
        return _page(inspection, key, " ".join(str(text) for texts in form.errors.values() for text in texts)), 400
    checks = checking.check(here, inspection, gather(here, inspection))
    try:
        if request.form.get("action") == "withdraw":
            checking.withdraw(here, inspection, identity(), checks, key)
            flash("Đã bỏ lý do; điều này lại cần xem trước khi ký.", "good")
        else:
            checking.overrule(here, inspection, identity(), checks, key, form.reason.data or "")
            flash("Đã ghi lý do; lý do được lưu trong hồ sơ văn bản.", "good")
    except KiemtraError as error:
        return _page(inspection, key, error.message, form.reason.data or ""), error.status
    return redirect(url_for("checks.index", inspection=inspection, _anchor=key))


def _page(inspection: str, at: str = "", message: str = "", typed: str = "") -> str:
    setup = seen_inspection(inspection)
    who, here = identity(), installation()
    who.require(
        who.drafts(inspection) or may_sign(who, inspection),
        "Chỉ lãnh đạo đoàn, thư ký hoặc người ký được xem phần kiểm tra trước khi ký.",
    )
    checks = checking.check(here, inspection, gather(here, inspection))
    asked = any(one.remark.key == at and one.may_be_overruled and not one.overruling for one in checks.all)
    return render_template(
        "conclusions/before_signing.html",
        inspection=inspection,
        setup=setup,
        checks=checks,
        places={one.remark.key: place_of(one.remark, inspection, setup["issuer"]) for one in checks.all},
        labels=LABELS,
        names=names_of(here.database()),
        may_sign=may_sign(who, inspection),
        drafts=who.drafts(inspection),
        at=at,
        typed=typed,
        message=message,
        lost="" if asked else message,
    )


def place_of(remark: Remark, inspection: str, issuer: str) -> str:
    """Address of the place where a remark is mended; empty where this installation has no such page."""
    endpoint, parts, anchor = _place(remark, inspection, issuer)
    if not has_endpoint(endpoint):
        return ""
    return url_for(endpoint, _anchor=anchor or None, **parts)


def _place(remark: Remark, inspection: str, issuer: str) -> tuple[str, dict[str, Any], str]:
    """Endpoint, parts of the address, anchor."""
    here = {"inspection": inspection}
    item = remark.place.removeprefix("answer/").partition("@")[0]
    places: dict[Spot, tuple[str, dict[str, Any], str]] = {
        Spot.FINDING: ("findings.index", {**here, "phieu": item.partition(".")[0] or None}, item),
        Spot.DISPUTE: ("findings.disputes", here, ""),
        Spot.PART: ("conclusions.draft", here, remark.place),
        Spot.REQUIREMENT: ("conclusions.requirement", {**here, "doan": remark.place}, ""),
        Spot.NEW_REQUIREMENT: ("conclusions.draft", here, "yeu-cau"),
        Spot.SETUP: ("inspections.edit", here, ""),
        Spot.PHOTOS: ("photo_annex.choose", here, ""),
        Spot.ISSUER: ("units.issuer_edit", {"issuer": issuer}, ""),
        Spot.TABLETS: ("inspections.show", here, "may-tinh-bang"),
        Spot.BASES: ("bases.index", {}, ""),
        Spot.REMEDIES: ("remedies.index", {"inspection": remark.place.partition("/")[0]}, ""),
        Spot.EXPLANATIONS: ("explanations.index", here, ""),
        Spot.PETITIONS: ("petitions.index", here, ""),
        Spot.APPROVALS: ("approvals.index", here, ""),
    }
    return places[remark.spot]
