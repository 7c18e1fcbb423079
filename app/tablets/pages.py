"""What the office does about a tablet, from the inspection's page: report it lost, let it in again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.errors import NotFoundError, UnprocessableError
from app.tablets.marks import named_device
from app.tablets.reports import is_of
from app.tablets.revoking import readmit, report_lost
from app.web import DELEGATION, allow, identity, installation, journal, seen_inspection
from forms.tablets import MarkForm

blueprint = Blueprint("tablets", __name__, url_prefix="/cuoc-kiem-tra/<inspection>/may")


@blueprint.post("/<device>/bao-mat")
@allow(*DELEGATION)
def lost(inspection: str, device: str) -> Response:
    """Report a tablet lost: it is locked out at once."""
    reason = _reason(inspection, device)
    report_lost(journal(), identity(), device, inspection, reason)
    flash("Đã báo mất máy: các phiên trên máy đó đã kết thúc. Những gì máy đã gửi vẫn được giữ.", "good")
    return _back(inspection)


@blueprint.post("/<device>/dung-lai")
@allow(*DELEGATION)
def found(inspection: str, device: str) -> Response:
    """Let a tablet in again."""
    reason = _reason(inspection, device)
    taken, refused = readmit(installation(), identity(), device, inspection, reason)
    flash(f"Máy được dùng lại sau khi đăng nhập. Đã nhận {taken} ghi nhận mà máy gửi trong lúc bị khóa.", "good")
    if refused:
        flash(f"Còn {refused} ghi nhận không nhận được; lý do ở mục «Ghi nhận bị từ chối».", "warn")
    return _back(inspection)


def _reason(inspection: str, device: str) -> str:
    seen_inspection(inspection)
    if not named_device(device) or not is_of(installation().database(), device, inspection):
        raise NotFoundError("Không có máy này trong cuộc kiểm tra; hãy mở lại trang cuộc kiểm tra.")
    form = MarkForm()
    if not form.validate():
        raise UnprocessableError(" ".join(str(text) for texts in form.errors.values() for text in texts))
    return form.reason.data or ""


def _back(inspection: str) -> Response:
    return redirect(url_for("inspections.show", inspection=inspection, _anchor="may-tinh-bang"))
