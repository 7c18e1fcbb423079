"""More time for a requirement: the unit asks with a reason, a leader decides.

The requirement's ``due`` is the term that counts, so whatever reads it (reminders, the tablet's list of what is open,
the report over a campaign) follows a decision. What the paper said and each decision stay: the requirement's words, and
one review entry each with the day before and the day after. A request alone moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.clock import local_date
from app.database import writing
from app.errors import ConflictError, InvalidInputError, UnprocessableError
from app.identity import Identity
from app.installation import Installation
from app.remedies.lists import Remedy
from reports.composing.prose import due_day, short_date


def ask(installation: Installation, who: Identity, one: Remedy, *, wanted: date, reason: str) -> None:
    """The unit's request for more time.

    Raises:
        UnprocessableError: nothing is open, there is no term, or another request waits.
        InvalidInputError: the day is no later than the term.
    """
    if not one.of_unit:
        raise InvalidInputError("Nội dung này đề nghị cơ quan khác thực hiện; đơn vị không phải trả lời.")
    last = _running_term(installation, one)
    if one.request is not None:
        raise UnprocessableError("Đề nghị gia hạn trước đang chờ quyết định; chưa gửi thêm đề nghị được.")
    _require_later(wanted, last, local_date(installation.clock()))
    value = {"state": "xin_gia_han", "text": reason, "wanted_due": wanted.isoformat()}
    installation.journal().write(who, f"{one.subject}/response/{one.answers + 1}", value, supersedes=[])


def decide(  # noqa: PLR0913 (the decision's own parts)
    installation: Installation,
    who: Identity,
    one: Remedy,
    *,
    day: date | None,
    before: bool,
    reason: str,
    paper: str = "",
    seen: Sequence[str],
) -> date | None:
    """A leader's decision on the term; with a new one, the requirement's last day moves with it.

    Args:
        installation: where it is kept.
        who: a leader of the inspection.
        one: the requirement as it stands.
        day: of the new term; None leaves the old one.
        before: it says "trước ngày", so the day itself is too late; else "chậm nhất ngày".
        reason: why.
        paper: the letter that says so, where there is one.
        seen: the requirement's entries that the decision was made on.

    Returns:
        The new last day; None where the term stays.

    Raises:
        UnprocessableError: nothing is open, or there is no term.
        InvalidInputError: the new day is no later than the old one, or over.
        StaleError: somebody changed the requirement meanwhile.
    """
    last, today = _running_term(installation, one), local_date(installation.clock())
    term = f"{'trước' if before else 'chậm nhất'} ngày {short_date(day)}" if day else ""
    new = due_day(term, today) if day else None
    if new:
        _require_later(new, last, today)
    review = {
        "decision": "gia_han" if new else "khong_gia_han",
        "reason": reason,
        "old_due": last.isoformat(),
        **({"new_due": new.isoformat(), "deadline_text": term} if new else {}),
        **({"paper": paper} if paper else {}),
    }
    journal = installation.journal()
    with writing(installation.database()):
        journal.write(who, f"{one.subject}/review/{one.reviews + 1}", review, supersedes=[])
        if new:
            journal.write(who, one.subject, {**one.value, "due": new.isoformat()}, supersedes=list(seen))
    return new


def refuse_unread(one: Remedy, said: str | None) -> None:
    """Refuse a decision on a page that did not show what was said last.

    Raises:
        ConflictError: something was added since.
    """
    if said and said != one.last_said:
        raise ConflictError("Vừa có nội dung mới ở yêu cầu này; hãy đọc lại rồi ghi quyết định.")


def _running_term(installation: Installation, one: Remedy) -> date:
    """The last day of the term that runs.

    Raises:
        UnprocessableError: none runs.
    """
    if one.done or one.ended:
        raise UnprocessableError("Yêu cầu này đã xong hoặc không còn hiệu lực; không gia hạn nữa.")
    paper = installation.journal().value(f"inspection/{one.inspection}/document/{one.document}") or {}
    if paper.get("state") != "registered":
        raise UnprocessableError("Văn bản chưa vào sổ nên thời hạn chưa bắt đầu; hãy chờ văn thư ghi số, ngày.")
    if not one.value.get("due"):
        raise UnprocessableError("Yêu cầu này không đặt thời hạn nên không có gì để gia hạn.")
    return date.fromisoformat(one.value["due"])


def _require_later(new: date, last: date, today: date) -> None:
    if new <= last:
        raise InvalidInputError(
            f"Thời hạn mới phải sau thời hạn đang tính (hết ngày {short_date(last)}); hãy ghi ngày muộn hơn."
        )
    if new < today:
        raise InvalidInputError("Thời hạn mới đã qua; hãy ghi ngày từ hôm nay trở đi.")
