"""A verdict in words for a citizen or an official: what it comes to first, then what it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.clock import VIETNAM
from app.verification.lookup import Paper
from reports.rendering.form import LEADER, SEAL, is_figure
from reports.verifying.verdict import Report, SignerReport

Tone = Literal["good", "warn", "bad"]

LEVELS = {
    "B-B": "Mức cơ bản (PAdES B-B): chữ ký số kèm chứng thư của người ký.",
    "B-T": "Có dấu thời gian (PAdES B-T): một bên thứ ba xác nhận thời điểm ký.",
    "B-LT": "Kiểm tra được lâu dài (PAdES B-LT): có dấu thời gian và kèm dữ liệu về hiệu lực của chứng thư.",
    "B-LTA": "Lưu trữ lâu dài (PAdES B-LTA): kiểm tra được cả khi chứng thư đã hết hạn.",
}
OTHER_LEVEL = "Dạng chữ ký khác với PAdES, không xếp mức được."
FIELDS = {LEADER: "Chữ ký của người có thẩm quyền", SEAL: "Chữ ký số (dấu) của cơ quan"}
_TIME = frozenset({"OUT_OF_BOUNDS_NO_POE", "OUT_OF_BOUNDS_NOT_REVOKED", "EXPIRED", "REVOCATION_OUT_OF_BOUNDS_NO_POE"})


@dataclass(frozen=True)
class SignerLine:
    """One signature as told."""

    role: str
    name: str
    organisation: str
    issuer: str
    time: str
    time_by: str
    level: str
    verdict: str
    tone: Tone
    filled: str


@dataclass(frozen=True)
class Telling:
    """What is told of a file.

    Attributes:
        tone: good only where nothing at all is to be said against it.
        headline: what it comes to.
        notes: what else to know, the reasons of the verdict among them.
        signers: each signature.
        unchanged: the answer on the content.
        journal: the answer of this installation's journal.
        paper: the issued paper that it is.
        sha256: of the file.
    """

    tone: Tone
    headline: str
    notes: tuple[str, ...]
    signers: tuple[SignerLine, ...]
    unchanged: str
    journal: str
    paper: Paper | None
    sha256: str


def tell(report: Report, paper: Paper | None, *, asked: Paper | None = None) -> Telling:
    """The verdict of a file in words.

    Args:
        report: the verdict.
        paper: the issued paper that the file is.
        asked: the paper whose printed code was followed, if one was.
    """
    tone, headline = _headline(report, paper)
    if asked is not None and asked.sha256 != report.sha256:
        tone, headline = "bad", f"Tệp này KHÔNG phải là {asked.name} mà mã trên giấy chỉ tới."
    return Telling(
        tone=tone,
        headline=headline,
        notes=tuple(one for one in sorted(report.reasons, key=_is_about_testing) if not _said(one, headline)),
        signers=tuple(_signer(one) for one in report.signers),
        unchanged=_unchanged(report),
        journal=_journal(report, paper),
        paper=paper if paper and paper.state != "unissued" else None,
        sha256=report.sha256,
    )


def _said(reason: str, headline: str) -> bool:
    """Whether the headline has said it already."""
    return _is_about_testing(reason) and "chữ ký thử nghiệm" in headline


def _is_about_testing(reason: str) -> bool:
    """What every signature of a test key is told; it comes after what happened to the file."""
    return reason.startswith("Đây là chữ ký thử nghiệm")


def _headline(report: Report, paper: Paper | None) -> tuple[Tone, str]:
    refused = _refused(report)
    if refused:
        return ("bad" if report.judged else "warn"), refused
    if not report.trusted:
        return "warn", _doubt(report)
    if report.matches_journal is False and report.manifest is not None:
        return "warn", _mismatch(paper)
    if any(one.is_test for one in report.signers):
        return "warn", "Tệp nguyên vẹn, nhưng được ký bằng chữ ký thử nghiệm, không có giá trị pháp lý."
    return _of_paper(paper)


def _refused(report: Report) -> str:
    """What is to be said of a file that is not valid and unchanged; empty for one that is."""
    if not report.judged:
        return "Chưa kết luận được về tệp này."
    if not report.signers and not report.valid:
        return "Tệp không có chữ ký số hợp lệ nào."
    if not report.valid:
        return "Chữ ký KHÔNG hợp lệ: tệp hoặc chữ ký đã bị sửa."
    return "" if report.unchanged else "Tệp ĐÃ BỊ THAY ĐỔI sau khi ký; không dùng tệp này."


def _doubt(report: Report) -> str:
    """Indeterminate, as ETSI EN 319 102-1 calls it: neither valid nor invalid."""
    expired = any("đã hết hạn" in reason for reason in report.reasons)
    if expired or any(one.indication in _TIME for one in report.signers):
        return (
            "Chưa kết luận được: nội dung còn nguyên vẹn, nhưng chứng thư đã hết hạn và không đủ bằng chứng rằng "
            "chữ ký được tạo khi chứng thư còn hạn."
        )
    return "Chưa kết luận được: nội dung còn nguyên vẹn, nhưng chưa xác minh được chứng thư của người ký."


def _mismatch(paper: Paper | None) -> str:
    if paper is not None and paper.older:
        return "Chữ ký hợp lệ, nhưng đây là bản trước khi vào sổ hoặc đóng dấu, không phải bản đã phát hành."
    return "Chữ ký hợp lệ, tệp nguyên vẹn, nhưng không khớp với những gì hệ thống này đã ghi và phát hành."


def _of_paper(paper: Paper | None) -> tuple[Tone, str]:
    if paper is None:
        return "good", "Chữ ký hợp lệ, tệp nguyên vẹn từ khi ký. Văn bản không do hệ thống này lập."
    if paper.state == "unissued":
        return "warn", "Chữ ký hợp lệ, tệp nguyên vẹn, nhưng văn bản chưa có số và ngày, chưa phát hành."
    if paper.state == "replaced":
        instead = f" bởi {paper.newest.name}" if paper.newest else ""
        return "warn", f"Đúng là văn bản đã phát hành và còn nguyên vẹn, nhưng ĐÃ ĐƯỢC THAY THẾ{instead}."
    return "good", "Đúng là văn bản đã phát hành, còn nguyên vẹn và là bản mới nhất."


def _unchanged(report: Report) -> str:
    if not report.judged or not report.signers:
        return "Không xác định được."
    return "Còn nguyên vẹn từ khi ký." if report.valid and report.unchanged else "Đã bị thay đổi sau khi ký."


def _journal(report: Report, paper: Paper | None) -> str:
    if not report.judged:
        return ""
    if report.matches_journal:
        return "Khớp: đúng tệp đã phát hành, bản kê dữ liệu trong tệp đúng với nhật ký của hệ thống."
    if report.matches_journal is None or report.manifest is None:
        return "Văn bản do nơi khác lập; nhật ký ở đây không có gì để đối chiếu."
    if paper is not None and paper.older:
        return "Đây là một bước trước của văn bản này, không phải tệp đã phát hành."
    return "Không khớp với nhật ký và các tệp đã phát hành của hệ thống này."


def _signer(one: SignerReport) -> SignerLine:
    moment = one.signing_time
    stamped = one.level not in (None, "B-B")
    by = (
        "theo dấu thời gian của bên thứ ba"
        if stamped
        else "theo đồng hồ máy của người ký, không có bên thứ ba xác nhận"
    )
    return SignerLine(
        role=FIELDS.get(one.field_name, "Chữ ký"),
        name=one.name,
        organisation=one.organisation,
        issuer=one.issuer,
        time=f"{moment.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}" if moment else "Không ghi",
        time_by=by if moment else "",
        level=LEVELS.get(one.level or "", OTHER_LEVEL) if one.valid else "",
        verdict=_verdict(one),
        tone=_tone(one),
        filled=_filled(one.filled_fields),
    )


_STAMPED = "theo dấu thời gian của bên thứ ba"
_OWN_CLOCK = "theo đồng hồ máy của người ký, không có bên thứ ba xác nhận"
_FILLED = {"So": "số văn bản", "Ngay": "ngày", "Thang": "tháng"}


def _filled(names: Sequence[str]) -> str:
    known = [label for name, label in _FILLED.items() if name in names]
    return ", ".join([*known, *([] if all(map(is_figure, names)) else ["ô khác"])])


def _verdict(one: SignerReport) -> str:
    if not one.valid:
        return "Không hợp lệ"
    if not one.unchanged:
        return "Bị thay đổi sau khi ký"
    if one.is_test:
        return "Chữ ký thử nghiệm"
    return "Hợp lệ, chứng thư được tin cậy" if one.trusted else "Chưa kết luận được về chứng thư"


def _tone(one: SignerReport) -> Tone:
    if not one.valid or not one.unchanged:
        return "bad"
    return "good" if one.trusted and not one.is_test else "warn"
