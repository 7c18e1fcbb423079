"""A corrected DOCX comes back: what it changed against the draft, and taking over what was chosen.

Nothing of the file is kept: what is taken over becomes journal entries that name the file by its hash. Each paragraph
is taken over by itself, against what its author had in front of him; a refused one stays as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, TypeVarTuple

from app.clock import local_date
from app.conclusions import arranging, drafting, joining
from app.conclusions.drafting import Desk, part_subject
from app.conclusions.gather import gather
from app.conclusions.history import words_at
from app.conclusions.issue import draft_document
from app.errors import ConflictError, InvalidInputError, KiemtraError, UnprocessableError
from app.installation import Installation
from reports.composing.conclusion import Part, plan
from reports.composing.docx_back import Base, Place, Returned, laid_beside
from reports.composing.facts import ConclusionFacts
from reports.composing.marks import changes_of
from reports.composing.parts import OWN
from reports.composing.requirements import from_paragraph
from reports.document import Document, Heading
from reports.incoming.bounded import BoundedError, bounded
from reports.incoming.docx_text import DocxText, NotDocxError, read_docx
from reports.rendering.docx import render_docx
from reports.rendering.layout import bind
from reports.rendering.pictures import NO_PHOTO
from reports.words import plain

Given = TypeVarTuple("Given")
T = TypeVar("T")
SECONDS = 10.0
LARGEST = 30 * 1024 * 1024
MOST_WORDS = 8000


@dataclass(frozen=True)
class Comparison:
    """A file beside the draft.

    Attributes:
        rows: what became of each paragraph.
        elsewhere: what it says otherwise in letterhead, signature and annexes: place, draft, file.
        sha256: of the file.
        seq: how many entries the journal had when the version was downloaded; None where the file does not say.
    """

    rows: tuple[Returned, ...]
    elsewhere: tuple[tuple[Place, str, str], ...]
    sha256: str
    seq: int | None


@dataclass(frozen=True)
class Choice:
    """One paragraph that somebody takes over.

    Attributes:
        state: as in ``Returned``.
        parts: ids of the draft's paragraphs.
        text: the words.
        seen: ids of the entries that its page showed.
        section: for a new paragraph, where it goes.
        after: likewise, the paragraph that it follows.
        reason: for one that is left out.
    """

    state: str
    parts: tuple[str, ...]
    text: str
    seen: tuple[str, ...] = ()
    section: str = ""
    after: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Drafted:
    """A draft that a file is laid beside.

    Attributes:
        document: as it stands.
        parts: its paragraphs, those that do not stand among them.
        base: what each said in the version that was downloaded.
    """

    document: Document
    parts: Sequence[Part]
    base: Callable[[Part], Base]


def compare(installation: Installation, inspection: str, data: bytes) -> Comparison:
    """Read a corrected file and lay it beside the conclusion's draft as it stands.

    Raises:
        UnprocessableError: it cannot be read, or it is of another inspection; with what to do.
    """

    def drafted(read: DocxText) -> Drafted:
        if read.draft and read.draft != inspection:
            raise UnprocessableError(
                "Tệp này là dự thảo của cuộc kiểm tra khác; hãy mở đúng cuộc kiểm tra rồi nộp lại."
            )
        facts, document = draft_document(installation, inspection)
        return Drafted(document, plan(facts).parts, _Versions(installation, facts, read.seq).base)

    return compare_with(data, drafted)


def compare_with(data: bytes, drafted: Callable[[DocxText], Drafted]) -> Comparison:
    """Read a corrected file and lay it beside the draft that it is of.

    Args:
        data: the file.
        drafted: gives the draft, once the file has said which version of which draft it is; refuses another's.

    Raises:
        UnprocessableError: it cannot be read; with what to do.
    """
    if len(data) > LARGEST:
        raise UnprocessableError("Tệp lớn hơn 30 MB; hãy nộp đúng tệp DOCX của dự thảo, không dán thêm ảnh.")
    read = _within_bounds(read_docx, data)
    draft = drafted(read)
    bases = {part.id: draft.base(part) for part in draft.parts}
    headings = [bind(block.text) for block in draft.document.blocks if isinstance(block, Heading)]
    # Drawn without its photos: only words are compared.
    ours = tuple(one for one in read_docx(render_docx(draft.document)).paragraphs if one.text != plain(NO_PHOTO))
    found = _within_bounds(laid_beside, read.paragraphs, ours, draft.parts, bases, headings)
    return Comparison(found.rows, found.elsewhere, hashlib.sha256(data).hexdigest(), read.seq)


def _within_bounds(function: Callable[[*Given], T], *args: *Given) -> T:
    try:
        return bounded(function, *args, seconds=SECONDS)
    except (NotDocxError, BoundedError) as error:
        raise UnprocessableError(str(error)) from error


@dataclass(frozen=True)
class _Versions:
    """What the paragraphs said when the journal had ``seq`` entries."""

    installation: Installation
    facts: ConclusionFacts
    seq: int | None

    def base(self, part: Part) -> Base:
        if self.seq is None:
            return Base(part.stands and not part.id.startswith(OWN), None)
        words = words_at(self.installation.database(), part_subject(self.facts.inspection.id, part.id), self.seq)
        if words is not None:
            return Base(there=True, text=words)
        if part.id.startswith(OWN) and not part.proposed:
            return Base(there=False, text=None)
        return self._proposal(part, self.seq)

    def _proposal(self, part: Part, seq: int) -> Base:
        """A proposal is what it was unless something that it was made of came later."""
        under = [finding for finding in self.facts.findings if finding.key in part.rests_on]
        entries = [entry.seq for finding in under for entry in finding.all_entries()]
        there = not entries or min(entries) <= seq
        about = self.facts.inspection.setup_entry
        later = [entry.seq for entry in part.requirement.entries] if part.requirement else []
        later += [about.seq] if about and not part.rests_on else []
        changed = any(changes_of(finding, seq) for finding in under) or any(one > seq for one in later)
        said = (part.override is not None and part.override.tone) or (part.override and part.override.commended)
        return Base(there, None if changed or said else part.proposed)


def take_over(installation: Installation, desk: Desk, choices: Sequence[Choice]) -> list[tuple[Choice, str]]:
    """Take over what was chosen, one by one; what was refused comes back with the reason."""
    return take_each(choices, lambda choice: _take(installation, desk, choice))


def take_each(choices: Sequence[Choice], take: Callable[[Choice], None]) -> list[tuple[Choice, str]]:
    """Take over one by one; what was refused comes back with the reason."""
    refused = []
    for choice in choices:
        try:
            if len(choice.text) > MOST_WORDS:
                raise InvalidInputError(f"Đoạn dài hơn {MOST_WORDS} ký tự; hãy tách đoạn trong Word rồi nộp lại.")
            take(choice)
        except KiemtraError as error:
            refused.append((choice, error.message))
    return refused


def _take(installation: Installation, desk: Desk, choice: Choice) -> None:
    if choice.state == "new":
        arranging.add_after(installation, desk, _section(choice.section), choice.text, choice.after)
    elif choice.state == "merged" and choice.parts[0].startswith("req."):
        _join(installation, desk, choice)
    elif choice.state == "merged":
        arranging.merge(installation, desk, choice.parts, choice.text)
    else:
        _change(installation, desk, choice)


def _join(installation: Installation, desk: Desk, choice: Choice) -> None:
    """Requirements that became one in Word: its words are the file's, what they do not say is as proposed."""
    drafted = plan(gather(installation, desk.inspection))
    parts = [one for one in drafted.parts if one.id in choice.parts and one.requirement is not None]
    if not parts or parts[0].requirement is None:
        raise ConflictError("Các yêu cầu này không còn trong dự thảo; hãy nộp lại bản Word.")
    told = joining.proposal(parts, local_date(installation.clock()))
    typed = from_paragraph(choice.text, replace(parts[0].requirement, text=told.text, deadline=told.deadline))
    joining.join(installation, desk, choice.parts, {"owner": told.owner, "follow_up": told.follow_up, **typed})


def _change(installation: Installation, desk: Desk, choice: Choice) -> None:
    facts = gather(installation, desk.inspection)
    part = drafting.part_of(plan(facts), choice.parts[0] if choice.parts else "")
    if choice.state == "gone":
        drafting.drop(desk, part, choice.reason, choice.seen)
    elif part.requirement is not None:
        typed = {"addressee": "", "owner": part.requirement.owner, "follow_up": ""}
        typed |= {key: str(value) for key, value in drafting.requirement_fields(facts, part).items()}
        typed |= from_paragraph(choice.text, part.requirement)
        drafting.save_requirement(desk.journal, desk.who, desk.inspection, part, typed, choice.seen)
    else:
        drafting.reword(desk, part, choice.text, choice.seen)


def _section(section: str) -> str:
    if section not in arranging.MERGEABLE:
        raise InvalidInputError("Hãy chọn phần của văn bản mà đoạn mới thuộc về.")
    return section
