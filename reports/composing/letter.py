"""Công văn: any letter of an issuing body, and the reminder of requirements that are still open.

A công văn has no printed type name: "V/v …" stands under its number, "Kính gửi" above the text, "Như trên" first in
Nơi nhận (NĐ 30/2020/NĐ-CP, Phụ lục III, Mẫu 1.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reports.composing.blocks import numbered, plain
from reports.composing.facts import IssuerFact, Override
from reports.composing.frame import archive
from reports.composing.parts import Part, PartKind
from reports.composing.prose import bare, body_name, expand, inside, listed, sentence, short_date
from reports.document import Annex, Block, Document, DocumentKind, Letterhead, Recipient, Table

PREFIX = "cv."
_KINDS: dict[str, PartKind] = {"opening": "opening", "lead": "lead", "closing": "closing"}


@dataclass(frozen=True)
class OpenRequirement:
    """A requirement that the delegation has not accepted as done.

    Attributes:
        entries: ids of the journal's entries it was read from.
        said: how far it has come, in words.
    """

    text: str
    deadline: str = ""
    due: date | None = None
    said: str = ""
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReminderFacts:
    """What a reminder is composed from.

    Attributes:
        paper: the paper that asked, as a sentence names it ("Thông báo số 05/TB-ĐKT ngày 20/7/2022").
        wanted: its open requirements.
        today: the day by which something is overdue.
        number_of: which reminder it is, from 1.
        earlier: the reminders before, as a sentence names them.
        overrides: the lead's own wordings by paragraph.
        total: how many requirements the paper made.
    """

    issuer: IssuerFact
    unit: str
    paper: str
    wanted: tuple[OpenRequirement, ...]
    today: date
    number_of: int = 1
    total: int = 0
    earlier: tuple[str, ...] = ()
    overrides: Mapping[str, Override] = field(default_factory=dict)
    year: int | None = None
    number: int | None = None
    issued_on: date | None = None
    draft: str = ""

    @property
    def overdue(self) -> list[OpenRequirement]:
        """Those whose last day is over."""
        return [one for one in self.wanted if one.due is not None and one.due < self.today]

    @property
    def waiting(self) -> list[OpenRequirement]:
        """Those whose term still runs or has no day."""
        return [one for one in self.wanted if one not in self.overdue]


def letter(  # noqa: PLR0913 (what every letter has)
    issuer: IssuerFact,
    *,
    addressees: Sequence[str],
    subject: str,
    blocks: Iterable[Block],
    annexes: Sequence[Annex] = (),
    recipients: Sequence[Recipient] = (),
    number: int | None = None,
    issued_on: date | None = None,
    year: int | None = None,
    draft: str = "",
    manifest: Mapping[str, object] | None = None,
) -> Document:
    """A công văn of a body.

    Args:
        issuer: letterhead, symbol, signer and Nơi nhận; its symbol is that of a công văn.
        addressees: Kính gửi.
        subject: without "V/v".
        blocks: the text, from the first paragraph to the one that ends with "./.".
        annexes: of the same file.
        recipients: further lines of Nơi nhận after the body's own.
        number: of the register, with ``issued_on``; None until văn thư gives it.
        issued_on: the day of issue.
        year: printed while there is no day.
        draft: its version, empty on the paper to be signed.
        manifest: what it rests on.
    """
    return Document(
        kind=DocumentKind.LETTER,
        letterhead=Letterhead(issuer.letterhead, issuer.superior, issuer.place, body_name(issuer.name, issuer.place)),
        symbol=issuer.symbol,
        subject=bare(subject),
        signatory=issuer.signatory,
        blocks=tuple(blocks),
        number=number,
        issued_on=issued_on,
        addressees=tuple(addressees),
        recipients=(*issuer.recipients, *recipients, archive(issuer)),
        annexes=tuple(annexes),
        draft=draft,
        year=issued_on.year if issued_on else year,
        manifest=dict(manifest or {}),
    )


def reminder_parts(facts: ReminderFacts) -> tuple[Part, ...]:
    """The reminder's paragraphs, each with what the lead says instead."""
    return tuple(_part(facts, id_, text) for id_, text in _proposed(facts))


def reminder(facts: ReminderFacts, manifest: Mapping[str, object] | None = None) -> Document:
    """Công văn đôn đốc: what is overdue, what is due, and until when to report; the list as its annex."""
    standing = [part for part in reminder_parts(facts) if part.stands]
    asks = [part for part in standing if ".ask." in part.id]
    before = [part for part in standing if part.id.endswith((".opening", ".state", ".lead"))]
    after = [part for part in standing if part not in asks and part not in before]
    times = f" (lần {facts.number_of})" if facts.number_of > 1 else ""
    return letter(
        facts.issuer,
        addressees=(facts.unit,),
        subject=f"đôn đốc thực hiện {facts.paper}{times}",
        blocks=[*plain(before), *numbered(asks), *plain(after)],
        annexes=(_list_of(facts),) if facts.wanted else (),
        number=facts.number,
        issued_on=facts.issued_on,
        year=facts.year,
        draft=facts.draft,
        manifest=manifest,
    )


def _part(facts: ReminderFacts, id_: str, text: str) -> Part:
    name = f"{PREFIX}{facts.number_of}.{id_}"
    return Part(name, _KINDS.get(id_, "follow"), text, override=facts.overrides.get(name))


def _proposed(facts: ReminderFacts) -> Iterator[tuple[str, str]]:
    yield "opening", _opening(facts)
    yield "state", _state(facts)
    yield "lead", f"Để bảo đảm kết luận kiểm tra được thực hiện nghiêm túc, {_who(facts)} {facts.unit}:"
    if facts.overdue:
        yield "ask.overdue", _overdue(facts)
    if facts.waiting:
        first = "các nội dung còn lại" if facts.overdue else "các nội dung chưa hoàn thành"
        yield "ask.waiting", sentence(f"Hoàn thành {first} đúng thời hạn nêu tại Phụ lục kèm theo")
    yield "ask.report", _report(facts)
    yield "closing", f"{_body(facts)} {facts.issuer.verb} {facts.unit} nghiêm túc thực hiện./."


def _name(facts: ReminderFacts) -> str:
    return body_name(facts.issuer.name, facts.issuer.place)


def _body(facts: ReminderFacts) -> str:
    return _name(facts)[:1].upper() + _name(facts)[1:]


def _who(facts: ReminderFacts) -> str:
    return f"{_name(facts)} {facts.issuer.verb}"


def _opening(facts: ReminderFacts) -> str:
    told = f" và {listed(facts.earlier)}" if facts.earlier else ""
    return sentence(f"Thực hiện {facts.paper}{told}, {_name(facts)} đã theo dõi kết quả thực hiện của {facts.unit}")


def _state(facts: ReminderFacts) -> str:
    done, day = facts.total - len(facts.wanted), short_date(facts.today)
    finished = f"đã hoàn thành {done:02d}/{facts.total:02d} nội dung, " if done > 0 else ""
    late = f", trong đó {len(facts.overdue):02d} nội dung đã quá thời hạn" if facts.overdue else ""
    left = f"còn {len(facts.wanted):02d} nội dung chưa hoàn thành{late}"
    return sentence(f"Đến ngày {day}, {facts.unit} {finished}{left} (chi tiết tại Phụ lục kèm theo)")


def _overdue(facts: ReminderFacts) -> str:
    return sentence(
        f"Khẩn trương hoàn thành {len(facts.overdue):02d} nội dung đã quá thời hạn; làm rõ nguyên nhân, trách nhiệm "
        "của tập thể, cá nhân có liên quan"
    )


def _report(facts: ReminderFacts) -> str:
    to = expand(facts.issuer.follow_up) or _name(facts)
    return sentence(
        f"Báo cáo kết quả thực hiện, kèm tài liệu kiểm chứng, về {to} trong thời hạn 05 ngày làm việc kể từ ngày "
        "ban hành Công văn này"
    )


def _list_of(facts: ReminderFacts) -> Annex:
    rows = tuple(_row(number, one, facts) for number, one in enumerate([*facts.overdue, *facts.waiting], 1))
    table = Table(
        header=("TT", "Nội dung yêu cầu", "Thời hạn", "Tình trạng"),
        rows=rows,
        widths=(0.06, 0.5, 0.24, 0.2),
        align=("center", "left", "left", "left"),
    )
    return Annex("Danh mục nội dung chưa hoàn thành", (table,))


def _row(number: int, one: OpenRequirement, facts: ReminderFacts) -> tuple[str, ...]:
    day = f"đến ngày {short_date(one.due)}" if one.due else ""
    deadline = f"{one.deadline} ({day})" if one.deadline and day and "/" not in one.deadline else one.deadline or day
    late = (facts.today - one.due).days if one.due else 0
    state = "; ".join(filter(None, [f"Quá hạn {late:02d} ngày" if late > 0 else "", _said(one.said, late)]))
    return (str(number), sentence(one.text).rstrip("."), deadline[:1].upper() + deadline[1:], state)


def _said(text: str, late: int) -> str:
    return inside(text) if late > 0 else text
