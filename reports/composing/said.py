"""What the unit said, as the conclusion tells it: explanations that were not taken, and its own requests.

An explanation is told only where the lead wants it. Requests stand grouped by the body they are addressed to, in
the order in which such bodies first appear, each with what the delegation does with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reports.composing.facts import ConclusionFacts, ExplanationFact, PetitionFact
from reports.composing.prose import bare, expand, inside, sentence, short_date
from reports.composing.sentences import paper_text

PETITIONS_HEADING = "KIẾN NGHỊ, ĐỀ XUẤT CỦA ĐƠN VỊ"
EXPLANATIONS_TITLE = "Về giải trình của đơn vị"
_DEMONSTRATIVE = 160


def explanation_id(one: ExplanationFact) -> str:
    """The paragraph's id."""
    return f"explained.{one.key.removeprefix('answer/')}"


def petition_id(one: PetitionFact) -> str:
    """The paragraph's id."""
    return f"petition.{one.id}"


def open_explanations(facts: ConclusionFacts) -> list[ExplanationFact]:
    """Explanations that nobody has decided on; those that came too late are among them."""
    return [one for one in facts.explanations if one.open]


def unfinished_changes(facts: ConclusionFacts) -> list[ExplanationFact]:
    """Explanations that were taken so that the finding has to change, and it has not been changed since they came."""
    written = {finding.key: max((entry.seq for entry in finding.entries), default=0) for finding in facts.findings}
    return [
        one
        for one in facts.explanations
        if one.decision in {"tiep_thu", "mot_phan"}
        and one.changes
        and one.key in written
        and written[one.key] < one.entry.seq
    ]


def told_explanations(facts: ConclusionFacts) -> list[ExplanationFact]:
    """Those that the conclusion tells of."""
    return [one for one in facts.explanations if one.printed and one.decision in {"khong_tiep_thu", "mot_phan"}]


def explanation_sentence(one: ExplanationFact, about: str, speaker: str) -> str:
    """Such as: Về nội dung "…", đơn vị có giải trình tại Công văn số …; Đoàn kiểm tra không tiếp thu vì ….

    Args:
        one: the explanation.
        about: the sentence of the draft that it speaks to.
        speaker: who concludes.
    """
    where = _paper(one)
    subject = f"Về nội dung \u201c{_short(inside(bare(about)))}\u201d, đơn vị"
    taken = "không tiếp thu" if one.decision == "khong_tiep_thu" else "tiếp thu một phần"
    reason = inside(bare(re.sub(r"^(vì|do|bởi vì)\s+", "", expand(one.reason), flags=re.IGNORECASE)))
    return sentence(f"{subject} có giải trình{where}; {speaker} {taken} vì {reason}")


def _paper(one: ExplanationFact) -> str:
    if one.paper and one.paper.number:
        text = paper_text(one.paper)
        return f" tại {re.sub('^Văn bản số', 'Công văn số', text)}"
    day = one.paper.date if one.paper and one.paper.date else one.given_on
    return f" ngày {short_date(day)}" if day else ""


def _short(text: str) -> str:
    """The first clause of a long sentence: a quotation names the point and repeats no paragraph."""
    if len(text) <= _DEMONSTRATIVE:
        return text
    first = bare(text.split(";", maxsplit=1)[0])
    if len(first) <= _DEMONSTRATIVE:
        return first
    return f"{first[:_DEMONSTRATIVE].rsplit(' ', 1)[0].rstrip(',;')}…"


def addressee_of(one: PetitionFact) -> str:
    """Whom the unit asks."""
    return bare(expand(one.addressee)) or "Đoàn kiểm tra"


def grouped(petitions: Iterable[PetitionFact]) -> list[PetitionFact]:
    """By addressee, each where it first appears."""
    all_of_them = list(petitions)
    order = list(dict.fromkeys(addressee_of(one).casefold() for one in all_of_them))
    return sorted(all_of_them, key=lambda one: order.index(addressee_of(one).casefold()))


def petition_sentence(one: PetitionFact, speaker: str) -> str:
    """The request and what becomes of it."""
    said = sentence(expand(one.text))
    answer = _answer(one, speaker)
    return f"{said} {answer}" if answer else said


def _answer(one: PetitionFact, speaker: str) -> str:
    speaker = speaker[:1].upper() + speaker[1:]
    own = bare(expand(one.answer))
    match one.handling:
        case "ghi_nhan":
            return sentence(f"{speaker} ghi nhận" + (f"; {inside(own)}" if own else " để tổng hợp, báo cáo"))
        case "chuyen":
            whom = bare(expand(one.forward_to)) or addressee_of(one)
            passed = f"{speaker} ghi nhận, chuyển {inside(whom)} xem xét, trả lời theo thẩm quyền"
            return sentence(f"{passed}; {inside(own)}" if own else passed)
        case "tra_loi":
            return sentence(f"{speaker} trả lời: {inside(own)}")
        case _:
            return ""


def said_entries(facts: ConclusionFacts, id_: str) -> Sequence[str]:
    """Entry ids behind a paragraph of this module; empty for others."""
    entries = {explanation_id(one): (one.entry, one.decided) for one in facts.explanations} | {
        petition_id(one): (one.entry, one.replied) for one in facts.petitions
    }
    return [entry.id for entry in entries.get(id_, ()) if entry is not None]
