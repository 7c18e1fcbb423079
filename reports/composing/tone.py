"""How strongly a shortcoming is put, good practice recommended, and causes told: the proposed wordings.

The ladder goes from a hint to a rebuke. Its last two rungs are never proposed by the tool: the lead chooses them
and names the rule (a shortcoming that was pointed out at least twice). No rung speaks of an offence.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.composing.facts import CauseFact, ConclusionFacts, Override
from reports.composing.prose import bare, expand, inside, sentence


@dataclass(frozen=True)
class Tone:
    """A rung of the ladder.

    Attributes:
        id: as the journal keeps it.
        label: as the lead chooses it.
        clause: what is added to the shortcoming; ``{verb}`` and ``{whom}`` are filled in.
        by_hand: only a leader chooses it, and says by which rule.
    """

    id: str
    label: str
    clause: str
    by_hand: bool = False


LADDER = (
    Tone("luu_y", "Cần lưu ý", "{whom} cần lưu ý trong quá trình thực hiện"),
    Tone("rut_kinh_nghiem", "Còn hạn chế, cần rút kinh nghiệm", "đề nghị {whom} nghiêm túc rút kinh nghiệm"),
    Tone("chan_chinh", "Yêu cầu chấn chỉnh", "{verb} {whom} kịp thời chấn chỉnh, khắc phục"),
    Tone(
        "kiem_diem",
        "Yêu cầu kiểm điểm trách nhiệm",
        "{verb} {whom} tổ chức kiểm điểm trách nhiệm của người đứng đầu và tập thể, cá nhân có liên quan",
        by_hand=True,
    ),
    Tone(
        "phe_binh",
        "Đề nghị cấp có thẩm quyền phê bình",
        "đề nghị cấp có thẩm quyền xem xét, phê bình theo quy định",
        by_hand=True,
    ),
)
TONES = {tone.id: tone for tone in LADDER}
_COMMEND = "đề nghị các cơ quan, đơn vị nghiên cứu, học tập, nhân rộng"


def toned(text: str, override: Override, facts: ConclusionFacts) -> str:
    """A proposed sentence with what the lead's level, or his commendation, adds to it."""
    clauses = []
    if tone := TONES.get(override.tone):
        whom = "các đơn vị" if facts.unit.is_group else "đơn vị"
        clauses.append(tone.clause.format(verb=facts.issuer.verb, whom=whom))
    if override.commended:
        clauses.append(_COMMEND)
    return sentence("; ".join([bare(text), *clauses])) if text and clauses else text


def told_cause(cause: CauseFact, area: str) -> str:
    """Causes and responsibility of a group of shortcomings as one paragraph; what is empty is left out."""
    about = f"Đối với tồn tại, hạn chế về {inside(area)}, " if area else ""
    causes = [
        f"nguyên nhân {name} là do {_after_do(text)}"
        for name, text in (("khách quan", cause.objective), ("chủ quan", cause.subjective))
        if text.strip()
    ]
    shared = [
        f"trách nhiệm của {name}: {bare(expand(text))}"
        for name, text in (("tập thể", cause.collective), ("cá nhân", cause.individual))
        if text.strip()
    ]
    if not causes:
        return sentence(f"{about}{'; '.join(shared)}") if shared else ""
    told = sentence(f"{about}{'; '.join(causes)}")
    return f"{told} {sentence('; '.join(shared))}" if shared else told


def _after_do(text: str) -> str:
    return inside(bare(expand(text)).removeprefix("do ").removeprefix("Do "))
