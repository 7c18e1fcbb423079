"""Issued papers through the years: looked at every night, brought to the level that the services allow, renewed.

A paper is stamped once everything that it waits for is on it (leader's signature, number, and the seal where its body
has one): a time stamp before would be in the way of a seal that is put on elsewhere. Each step is a new file under its
own hash beside the old one; the paper's entry remembers the earlier hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import orjson

from app.clock import VIETNAM, local_date
from app.errors import ConflictError, InvalidInputError, NotFoundError, UnprocessableError
from app.identity import Identity
from app.installation import Installation
from app.papers.issuing import issued_file
from app.papers.owner import OWNER
from app.papers.registering import blanks_left, is_finished, keep_paper
from app.papers.stamping import LEVEL, PATIENCE, answers, judged, levels, roots, time_stamps
from app.refusals import REFUSALS
from reports.rendering.form import LEADER, SEAL
from reports.signing.archive import Holder, archive, holders, newest_stamp, withdrawn_since
from reports.signing.raising import with_own_time_stamp
from reports.signing.signing_errors import AnswersMissingError, NothingToArchiveError, TimeStampError
from reports.signing.timestamps import TimeStampService
from reports.verifying.verdict import Report

# A service's certificate ends on a known day: three months are enough to notice that renewing fails.
AHEAD = timedelta(days=90)
# A seal is put on the same or the next working day (NĐ 30/2020/NĐ-CP, Điều 18); after this one is asked for.
SEAL_COMES = timedelta(days=30)
_FIELDS = {"signer": LEADER, "seal": SEAL}
_BEST = "B-LTA"


@dataclass(frozen=True)
class Paper:
    """An issued paper as the journal has it."""

    owner: str
    document: str
    value: dict[str, Any]

    @property
    def title(self) -> str:
        """For people: number and symbol, or the title where there is no number."""
        number = self.value["number"]
        return f"{number:02d}/{self.value['symbol']}" if number else str(self.value["title"])

    @property
    def is_finished(self) -> bool:
        """Whether nothing is to be put on it any more."""
        return is_finished(self.value)


@dataclass
class ArchiveReport:
    """What was found and done.

    Attributes:
        papers: issued papers looked at.
        renewed: titles of those that got a time stamp.
        problems: Vietnamese sentences on what somebody should look at.
    """

    papers: int = 0
    renewed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def look_after(installation: Installation) -> ArchiveReport:
    """Check every issued paper, and stamp those that need it.

    Raises:
        ConfigurationError, TrustRootError: the installation's settings cannot be used.
    """
    report, keeper = ArchiveReport(), _Keeper(installation)
    for paper in issued_papers(installation):
        report.papers += 1
        try:
            keeper.visit(paper, report)
        except REFUSALS as error:
            report.problems.append(f"Văn bản {paper.title}: {error.message}")
    return report


def renew(installation: Installation, documents: Sequence[str], *, every: bool = False) -> ArchiveReport:
    """Give papers a new document time stamp.

    Args:
        installation: where they are kept.
        documents: ids; without any, those that are due.
        every: all finished papers, due or not.

    Raises:
        UnprocessableError: there is no time-stamp service in the configuration.
        NotFoundError: there is no such paper.
        InvalidInputError: a paper is named that still waits for a signature or its seal.
        ConfigurationError, TrustRootError: the installation's settings cannot be used.
    """
    keeper, report = _Keeper(installation), ArchiveReport()
    if keeper.service is None:
        raise UnprocessableError("Chưa cấu hình dịch vụ cấp dấu thời gian; hãy ghi tsa_url trong config.toml.")
    papers = list(issued_papers(installation))
    missing = set(documents) - {paper.document for paper in papers}
    if missing:
        raise NotFoundError(f"Không có văn bản {', '.join(sorted(missing))}; hãy xem mã trong địa chỉ trang văn bản.")
    for paper in papers:
        if documents and paper.document not in documents:
            continue
        if documents and not paper.is_finished:
            raise InvalidInputError(f"Văn bản {paper.title} chưa đủ chữ ký và dấu nên chưa lưu trữ lâu dài được.")
        report.papers += 1
        try:
            keeper.renew(paper, report, forced=every or bool(documents))
        except REFUSALS as error:
            report.problems.append(f"Văn bản {paper.title}: {error.message}")
    return report


def issued_papers(installation: Installation) -> Iterator[Paper]:
    """Every paper that was signed, replaced ones too, oldest first."""
    rows = installation.database().execute(
        f"SELECT {OWNER}, document, value FROM documents d WHERE value != 'null' AND state != 'prepared' ORDER BY seq"
    )
    for owner, document, value in rows.fetchall():
        yield Paper(owner, document, orjson.loads(value))


class _Keeper:
    """One night's work: services are opened once, a signer's certificate is asked about once."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.now = installation.clock()
        self.service: TimeStampService | None = time_stamps(installation, PATIENCE)
        self._fetch = answers(installation)
        self._roots = roots(installation)
        self._asked: set[bytes] = set()
        self._down = False

    def visit(self, paper: Paper, report: ArchiveReport) -> None:
        pdf, verdict = self._read(paper, report)
        if pdf is None or verdict is None:
            return
        self._ask_about(paper, pdf, report)
        report.problems += self._forgotten(paper)
        if self.service is not None and not self._down:
            try:
                if not paper.is_finished:
                    self._raise(paper, pdf, verdict, report)
                else:
                    self._stamp(paper, pdf, verdict, report, forced=False)
            except TimeStampError as error:
                # Every further paper would wait as long.
                self._down = True
                report.problems.append(error.message)
            else:
                if paper.is_finished:
                    return
        report.problems += self._ending(paper, pdf, verdict)

    def renew(self, paper: Paper, report: ArchiveReport, *, forced: bool) -> None:
        """Stamp a finished paper if it needs it; one that is not finished is left alone."""
        pdf, verdict = self._read(paper, report)
        if pdf is not None and verdict is not None and paper.is_finished:
            self._stamp(paper, pdf, verdict, report, forced=forced)

    def _raise(self, paper: Paper, pdf: bytes, verdict: Report, report: ArchiveReport) -> None:
        """The time stamp that the leader's signature did not get, while its paper waits and nothing came after it."""
        waits = paper.value["state"] in {"signed", "registered"} and levels(verdict).get(LEADER) == LEVEL
        if self.service is None or not (waits and verdict.trusted and len(verdict.signers) == 1):
            return
        try:
            raised = with_own_time_stamp(pdf, LEADER, self.service)
        except NothingToArchiveError:
            return
        reached = judged(self.installation, raised, self.now)
        if reached.valid and reached.unchanged and levels(reached).get(LEADER) != LEVEL:
            self._write(paper, raised, reached, earlier=[])
            report.renewed.append(paper.title)

    def _stamp(self, paper: Paper, pdf: bytes, verdict: Report, report: ArchiveReport, *, forced: bool) -> None:
        if self.service is None:
            return
        newest = newest_stamp(pdf)
        due = newest is None or newest.holds_until - self.now < AHEAD
        better = verdict.level != _BEST and bool(self.installation.config.revocation_hosts)
        if not (forced or due or better):
            return
        try:
            stamped = archive(
                pdf,
                roots=self._roots,
                at=self.now,
                service=self.service,
                fetch=self._fetch,
                complete=not (forced or due),
                fill=blanks_left(paper.value, pdf),
            )
        except AnswersMissingError:
            return
        verdict_after = judged(self.installation, stamped, self.now)
        if not (verdict_after.valid and verdict_after.unchanged):
            raise ConflictError("Tệp sau khi thêm dấu thời gian không còn hợp lệ nên không lưu; tệp cũ giữ nguyên.")
        # A file without its number is no earlier form of the issued paper, but a step before it.
        earlier = [] if blanks_left(paper.value, pdf) else [paper.value["sha256"]]
        self._write(paper, stamped, verdict_after, earlier=earlier, before=verdict)
        report.renewed.append(paper.title)

    def _read(self, paper: Paper, report: ArchiveReport) -> tuple[bytes | None, Report | None]:
        """The file and the verdict on it; None where it is missing or not what was issued."""
        try:
            pdf = issued_file(self.installation, paper.value["sha256"], "pdf").read_bytes()
        except OSError:
            report.problems.append(f"Văn bản {paper.title}: tệp đã mất; hãy khôi phục từ bản sao lưu.")
            return None, None
        if hashlib.sha256(pdf).hexdigest() != paper.value["sha256"]:
            report.problems.append(f"Văn bản {paper.title}: tệp đã bị hỏng hoặc bị sửa; hãy khôi phục từ bản sao lưu.")
            return None, None
        verdict = judged(self.installation, pdf, self.now)
        if not (verdict.valid and verdict.unchanged):
            report.problems.append(f"Văn bản {paper.title}: {' '.join(verdict.reasons)}")
            return None, None
        return pdf, verdict

    def _ask_about(self, paper: Paper, pdf: bytes, report: ArchiveReport) -> None:
        """Whether a signer's certificate was withdrawn, once for each certificate."""
        if not self.installation.config.revocation_hosts:
            return
        for holder in holders(pdf):
            if holder.der in self._asked or holder.ends < self.now:
                continue
            self._asked.add(holder.der)
            since = withdrawn_since(pdf, holder, roots=self._roots, at=self.now, fetch=self._fetch)
            if since is not None:
                report.problems.append(
                    f"Chứng thư của “{holder.name}” (ký văn bản {paper.title}) đã bị thu hồi từ "
                    f"{since.astimezone(VIETNAM):%d/%m/%Y}; văn bản có dấu thời gian trước ngày đó vẫn giữ giá trị, "
                    "hãy thay khóa ký và xem lại các văn bản còn lại."
                )

    def _forgotten(self, paper: Paper) -> list[str]:
        """A registered paper whose seal has not come for long."""
        day = paper.value["date"]
        if paper.is_finished or not day or paper.value["state"] != "registered":
            return []
        if local_date(self.now) - date.fromisoformat(day) < SEAL_COMES:
            return []
        sentence = (
            f"Văn bản {paper.title} vào sổ từ {date.fromisoformat(day):%d/%m/%Y} mà chưa có dấu cơ quan nên chưa lưu "
            "trữ lâu dài; hãy đóng dấu hoặc nộp bản đã đóng dấu, cơ quan không có chứng thư con dấu thì bấm "
            "«Kết thúc, không đóng dấu» ở Hồ sơ văn bản."
        )
        return [sentence]

    def _ending(self, paper: Paper, pdf: bytes, verdict: Report) -> list[str]:
        """What ends soon and cannot be helped from here."""
        newest = newest_stamp(pdf)
        if newest is not None and newest.holds_until - self.now < AHEAD:
            day = f"{newest.holds_until.astimezone(VIETNAM):%d/%m/%Y}"
            return [
                f"Văn bản {paper.title}: chứng thư của dấu thời gian hết hạn ngày {day}, cần gia hạn; {self._obstacle}."
            ]
        first: Holder | None = min(holders(pdf), key=lambda one: one.ends, default=None)
        # Test papers prove nothing anyway.
        harmless = first is None or first.ends - self.now >= AHEAD or all(one.is_test for one in verdict.signers)
        if newest is not None or first is None or harmless:
            return []
        reason = self._obstacle if paper.is_finished else "văn bản chưa có dấu cơ quan"
        sentence = (
            f"Văn bản {paper.title}: chứng thư của “{first.name}” hết hạn ngày "
            f"{first.ends.astimezone(VIETNAM):%d/%m/%Y} mà văn bản chưa có dấu thời gian lưu trữ ({reason}); "
            "sau ngày đó không chứng minh được chữ ký còn giá trị."
        )
        return [sentence]

    @property
    def _obstacle(self) -> str:
        if self.service is None:
            return "chưa cấu hình dịch vụ cấp dấu thời gian (tsa_url)"
        return "dịch vụ cấp dấu thời gian không trả lời"

    def _write(
        self, paper: Paper, stamped: bytes, verdict: Report, *, earlier: list[str], before: Report | None = None
    ) -> None:
        reached = {**(levels(before) if before else {}), **levels(verdict)}
        facts = [
            {**one, "level": reached.get(_FIELDS.get(one.get("role", "signer"), "")) or one["level"]}
            for one in paper.value["signatures"]
        ]
        after = {
            **paper.value,
            "sha256": hashlib.sha256(stamped).hexdigest(),
            "earlier": [*paper.value.get("earlier", []), *earlier],
            "signatures": facts,
        }
        writer = Identity.system(self.installation.database())
        keep_paper(self.installation, paper.owner, paper.document, writer, paper.value, after, stamped)
