"""What a conclusion is composed from: frozen facts that ``app`` fills from the journal's derived tables.

Nothing here knows a database. Keys of findings are the last part of their subject:
``answer/<item>[@<site>]``; a paragraph names those it stands on, and the manifest leads from there to the
entries, their authors and the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from checklists.answers import AnswerValue, Verdict
from checklists.model import Item
from checklists.wording import bases
from reports.document import DocumentKind, Recipient, Signatory

NoteKind = Literal["nhan_xet", "nguyen_nhan", "dien_dat", "cach_lam_hay"]
AddresseeKind = Literal["don_vi", "co_quan_khac", "tat_ca"]
ExplanationDecision = Literal["", "tiep_thu", "mot_phan", "khong_tiep_thu"]
PetitionHandling = Literal["", "ghi_nhan", "chuyen", "tra_loi"]


@dataclass(frozen=True)
class EntryFact:
    """An entry of the journal that something was read from; ``author`` and ``device`` are identifiers."""

    id: str
    seq: int
    author: str
    device: str


@dataclass(frozen=True)
class PaperFact:
    """An official paper that is referred to; whatever is unknown is empty and is not printed."""

    number: str = ""
    date: date | None = None
    issuer: str = ""
    subject: str = ""


@dataclass(frozen=True)
class SiteFact:
    """A place that was checked by itself."""

    id: str
    name: str


@dataclass(frozen=True)
class NoteFact:
    """A signed note on an item: remark, cause, wording proposed for the conclusion, good practice."""

    kind: NoteKind
    text: str
    entry: EntryFact
    good: bool | None = None


@dataclass(frozen=True)
class EvidenceFact:
    """Evidence of a finding: a file by its hash, a văn bản, an address or a test call."""

    id: str
    kind: str
    entry: EntryFact
    caption: str = ""
    sha256: str | None = None
    paper: PaperFact | None = None


@dataclass(frozen=True)
class RepeatFact:
    """A shortcoming that was pointed out before; ``notice`` is the earlier paper where it is known."""

    notice: str = ""
    entries: tuple[EntryFact, ...] = ()


@dataclass(frozen=True)
class PastFact:
    """What an entry said of a finding, kept where the finding changed after drafting began.

    Attributes:
        kind: answer, row, note or evidence.
        subject: of the journal.
        seq: of the entry.
        author: account.
        at: the maker's clock, UTC.
        value: what it said; None where it withdrew.
    """

    kind: str
    subject: str
    seq: int
    author: str
    at: str
    value: Mapping[str, Any] | None


@dataclass(frozen=True)
class Finding:
    """One item at one place: what was found, by whom, on what evidence.

    Attributes:
        key: ``answer/<item>[@<site>]``.
        item: the item in the version that was answered.
        area: the lĩnh vực under which the conclusion speaks of it.
        value: verdict and figures; rows that count are already in the figures.
        entries: the answer's and its rows' entries.
        site: the place, None for the unit as a whole.
        repeat: set where the same was pointed out before.
        disputed: two tablets say different things and no lead has settled it.
        past: the versions of what changed after drafting began, with the one before, oldest first.
    """

    key: str
    item: Item
    area: str
    value: AnswerValue
    entries: tuple[EntryFact, ...]
    site: SiteFact | None = None
    rows: tuple[Mapping[str, str], ...] = ()
    notes: tuple[NoteFact, ...] = ()
    evidence: tuple[EvidenceFact, ...] = ()
    repeat: RepeatFact | None = None
    disputed: bool = False
    past: tuple[PastFact, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """What was found; None where only figures or notes were written."""
        return self.value.verdict

    def wordings(self) -> tuple[NoteFact, ...]:
        """The wordings that were proposed for the conclusion, in the order of writing; each is told."""
        found = [note for note in self.notes if note.kind == "dien_dat"]
        return tuple(sorted(found, key=lambda note: note.entry.seq))

    def all_entries(self) -> tuple[EntryFact, ...]:
        """Every entry that this finding was read from, each once."""
        found = [*self.entries, *(note.entry for note in self.notes), *(one.entry for one in self.evidence)]
        found += self.repeat.entries if self.repeat else ()
        return tuple({entry.id: entry for entry in found}.values())


@dataclass(frozen=True)
class RequirementFact:
    """A requirement somebody wrote, with or without a finding (an ask); ``id`` is that of its remedy.

    ``absorbs`` names the requirements that it takes in, by the ids of their paragraphs.
    """

    id: str
    text: str
    findings: tuple[str, ...] = ()
    addressee: str = ""
    addressee_kind: AddresseeKind = "don_vi"
    product: str = ""
    owner: str = ""
    deadline_text: str = ""
    due: date | None = None
    follow_up: str = ""
    entries: tuple[EntryFact, ...] = ()
    absorbs: tuple[str, ...] = ()


@dataclass(frozen=True)
class CauseFact:
    """Causes and responsibility of a group of shortcomings: khách quan, chủ quan; tập thể, cá nhân by chức danh."""

    objective: str = ""
    subjective: str = ""
    collective: str = ""
    individual: str = ""


@dataclass(frozen=True)
class Override:
    """What the lead says of a paragraph: his own wording, or that it is left out, merged, put more strongly.

    Attributes:
        text: his wording; empty where the proposal stands.
        dropped: left out, with the reason.
        rests_on: keys of the findings it stood on when it was written.
        absorbs: ids of the paragraphs that it takes in.
        area: lĩnh vực of a paragraph that he added.
        tone: level of criticism, see ``reports.composing.tone``.
        tone_reason: the rule by which one of the strongest was chosen.
        commended: good practice that others are asked to take up.
        cause: causes and responsibility of a group, for a paragraph made of them.
        upto: what of the journal he had in front of him, as its number of entries.
        origin: sha256 of the corrected DOCX that the words were taken over from.
    """

    text: str = ""
    dropped: bool = False
    reason: str = ""
    rests_on: tuple[str, ...] = ()
    entry: EntryFact | None = None
    absorbs: tuple[str, ...] = ()
    area: str = ""
    tone: str = ""
    tone_reason: str = ""
    commended: bool = False
    cause: CauseFact | None = None
    upto: int | None = None
    origin: str = ""


@dataclass(frozen=True)
class ExplanationFact:
    """What the unit said to one finding before the conclusion, and what the lead made of it.

    Attributes:
        key: of the finding, as in ``Finding.key``.
        text: the explanation.
        entry: where it was said.
        paper: the unit's letter, its own or the one that everything came with.
        given_on: the day it came, by the server's receipt or the letter's date.
        decision: empty while nobody has decided on this text.
        reason: why it was not taken, or only partly.
        changes: the finding itself has to be changed.
        printed: the conclusion tells of it.
        late: it came after the last day.
        decided: the decision's entry.
    """

    key: str
    text: str
    entry: EntryFact
    paper: PaperFact | None = None
    given_on: date | None = None
    decision: ExplanationDecision = ""
    reason: str = ""
    changes: bool = False
    printed: bool = False
    late: bool = False
    decided: EntryFact | None = None

    @property
    def open(self) -> bool:
        """Nobody has decided on it."""
        return not self.decision


@dataclass(frozen=True)
class PetitionFact:
    """What the unit asks for, of whom (empty: of the delegation), and what the delegation does with it."""

    id: str
    text: str
    entry: EntryFact
    addressee: str = ""
    area: str = ""
    item: str = ""
    handling: PetitionHandling = ""
    answer: str = ""
    forward_to: str = ""
    replied: EntryFact | None = None


@dataclass(frozen=True)
class UnitFact:
    """The inspected unit on the day of the facts."""

    id: str
    name: str
    level: str
    terms: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        """A summary over units, not a unit."""
        return self.level == "nhom"


@dataclass(frozen=True)
class IssuerFact:
    """The body that issues the paper, with the signer who was chosen.

    ``verb`` is what it says to the unit: "yêu cầu" or "đề nghị"; ``addressee`` the authority that its reports go to.
    """

    name: str
    letterhead: str
    signatory: Signatory
    superior: str = ""
    place: str = ""
    symbol: str = ""
    recipients: tuple[Recipient, ...] = ()
    archive: str = "VT"
    follow_up: str = ""
    verb: str = "yêu cầu"
    addressee: str = ""


@dataclass(frozen=True)
class InspectionFact:
    """What was inspected, when and on what orders.

    ``day`` is the day by which law and names are chosen: that of the facts, never that of the draft.
    ``supervision`` is true for a giám sát, which is no kiểm tra.
    """

    id: str
    title: str
    document_kind: DocumentKind
    team: str
    day: date
    dates: tuple[date, ...] = ()
    period: tuple[date, date] | None = None
    plan: PaperFact | None = None
    decision: PaperFact | None = None
    unit_report: PaperFact | None = None
    team_report: PaperFact | None = None
    minutes: bool = False
    minutes_on: tuple[date, ...] = ()
    petitions: bool = False
    supervision: bool = False
    cause: str = ""
    setup_entry: EntryFact | None = None


@dataclass(frozen=True)
class PhotoFact:
    """A photo that the paper carries: by its hash, with what stands under it."""

    id: str
    sha256: str
    caption: str
    details: str = ""


@dataclass(frozen=True)
class PhotoAnnexFact:
    """The photos that the lead wants as an annex.

    Attributes:
        photos: in the order of the checklists.
        rows: of photos on a page, two photos each.
        unlooked: how many are left out because nobody has said that no personal data is left open on them.
        missing: how many are left out because their bytes are not here.
        entry: in which the lead said so.
    """

    photos: tuple[PhotoFact, ...]
    rows: int
    unlooked: int = 0
    missing: int = 0
    entry: EntryFact | None = None


@dataclass(frozen=True)
class ArticleFact:
    """The article of a legal basis that somebody found for one item, such as "điểm a khoản 1 Điều 14"."""

    text: str
    entry: EntryFact


@dataclass(frozen=True)
class ConclusionFacts:
    """Everything that one paper is composed from.

    ``hearing_until`` is the last day for the unit's explanations, where they were asked for; ``arrangement`` the
    lead's order of the paragraphs of a section; ``drafting_since`` the journal's number of the first entry that spoke
    of the draft, None while nobody has. ``articles`` are by item and the basis as a sentence names it.
    """

    inspection: InspectionFact
    unit: UnitFact
    issuer: IssuerFact
    findings: tuple[Finding, ...] = ()
    requirements: tuple[RequirementFact, ...] = ()
    explanations: tuple[ExplanationFact, ...] = ()
    petitions: tuple[PetitionFact, ...] = ()
    hearing_until: date | None = None
    overrides: Mapping[str, Override] = field(default_factory=dict)
    arrangement: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drafting_since: int | None = None
    confirmed_bases: frozenset[str] = frozenset()
    articles: Mapping[tuple[str, str], ArticleFact] = field(default_factory=dict)
    number: int | None = None
    issued_on: date | None = None
    replaces: str = ""
    year: int | None = None
    draft: str = ""
    photo_annex: PhotoAnnexFact | None = None
    head: Mapping[str, str | int] = field(default_factory=dict)
    covers: tuple[str, ...] = ()

    def bases_of(self, finding: Finding) -> list[str]:
        """The legal bases that sentences about a finding may name."""
        return bases(finding.item, self.inspection.day, self.confirmed_bases, self.article_texts())

    def article_texts(self) -> dict[tuple[str, str], str]:
        """The articles without who found them."""
        return {key: one.text for key, one in self.articles.items()}
