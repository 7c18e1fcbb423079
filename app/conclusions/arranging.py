"""Order and merges of a draft, and words that lost their place. Each change is a journal entry.

A move is told relative to what stands now, read and written in one transaction: of two people who move at once, both
are heard. Merging makes a paragraph that names those it takes in; taking it back brings them back as they were.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.conclusions.drafting import Desk, add_paragraph, part_of, part_subject
from app.conclusions.gather import gather
from app.database import writing
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.installation import Installation
from reports.composing.conclusion import Part, Plan, plan
from reports.composing.facts import ConclusionFacts
from reports.composing.parts import ORDER
from reports.composing.prose import sentence

MERGEABLE = frozenset({"pass", "fail", "cause", "follow"})


def move(installation: Installation, desk: Desk, id_: str, step: int) -> bool:
    """Move a paragraph up (-1) or down (1) among its neighbours; False where it cannot go further.

    Raises:
        NotFoundError: the paragraph is gone.
        InvalidInputError: it has its fixed place.
    """
    with writing(installation.database()):
        drafted = plan(gather(installation, desk.inspection))
        part = part_of(drafted, id_)
        if part.section is None or not part.stands:
            raise InvalidInputError("Đoạn này có vị trí cố định trong văn bản, không chuyển được.")
        group = [one.id for one in drafted.neighbours(part)]
        target = group.index(id_) + step
        if not 0 <= target < len(group):
            return False
        order = [one.id for one in drafted.parts if one.section == part.section and not one.into and one.id != id_]
        order.insert(order.index(group[target]) + (step > 0), id_)
        desk.journal.write(desk.who, part_subject(desk.inspection, ORDER + part.section), {"order": order})
    return True


def add_after(installation: Installation, desk: Desk, section: str, text: str, after: str) -> str:
    """Add a paragraph of the lead's own behind another one, in its lĩnh vực, and return its id."""
    with writing(installation.database()):
        drafted = plan(gather(installation, desk.inspection))
        before = next((one for one in drafted.parts if one.id == after and one.section == section), None)
        id_ = add_paragraph(desk, section, text, area=before.area if before else "")
        if before is not None and before.stands:
            order = [one.id for one in drafted.parts if one.section == section and not one.into]
            order.insert(order.index(after) + 1, id_)
            desk.journal.write(desk.who, part_subject(desk.inspection, ORDER + section), {"order": order})
    return id_


def natural_order(desk: Desk, section: str) -> None:
    """Take a section's order back: the paragraphs stand as proposed."""
    subject = part_subject(desk.inspection, ORDER + section)
    if section in MERGEABLE | {"req"} and desk.journal.value(subject):
        desk.journal.write(desk.who, subject, None)


def mergeable(drafted: Plan, part: Part) -> list[Part]:
    """The paragraphs that one can be merged with, itself among them; none where its kind is not merged."""
    if part.section not in MERGEABLE or not part.stands:
        return []
    return [one for one in drafted.parts if one.stands and one.section == part.section]


def merged_text(parts: Sequence[Part]) -> str:
    """The proposed wording of a merged paragraph: the sentences one after another."""
    return " ".join(sentence(part.text) for part in parts)


def merge(installation: Installation, desk: Desk, ids: Sequence[str], text: str) -> str:
    """Put several paragraphs into one of the lead's own and return its id; all links are kept.

    Raises:
        InvalidInputError: fewer than two, of different sections, or no text.
        ConflictError: one of them is gone, left out or merged already.
    """
    if not text:
        raise InvalidInputError("Hãy ghi lời văn của đoạn sau khi gộp.")
    with writing(installation.database()):
        drafted = plan(gather(installation, desk.inspection))
        parts = [one for one in drafted.parts if one.id in ids]
        if len(parts) < len(set(ids)) or not all(part.stands for part in parts):
            raise ConflictError("Một đoạn đã được người khác gộp, bỏ hoặc không còn; hãy chọn lại các đoạn cần gộp.")
        sections = {part.section for part in parts}
        if len(parts) < 2 or len(sections) > 1 or not sections <= MERGEABLE:
            raise InvalidInputError("Hãy chọn ít nhất hai đoạn của cùng một phần để gộp.")
        links = dict.fromkeys(key for part in parts for key in part.rests_on)
        absorbs = [id_ for part in parts for id_ in (part.id, *part.members)]
        section, area = str(parts[0].section), parts[0].area
        return add_paragraph(desk, section, text, area=area, rests_on=list(links), absorbs=absorbs)


def split(desk: Desk, part: Part, seen: Sequence[str]) -> None:
    """Take a merge back; the paragraphs stand as they were before.

    Raises:
        InvalidInputError: it was not merged.
        StaleError: somebody else changed it meanwhile.
    """
    if not part.members:
        raise InvalidInputError("Đoạn này không phải đoạn gộp.")
    desk.write(part.id, None, seen)


def keep_orphan(desk: Desk, facts: ConclusionFacts, drafted: Plan, id_: str) -> str:
    """Make words whose proposal is gone a paragraph of the lead's own, with their links, and return its id.

    Raises:
        NotFoundError: there are no such words.
    """
    own = facts.overrides[_orphan(drafted, id_)]
    kind = id_.partition(".")[0]
    section = kind if kind in MERGEABLE else "pass"
    with writing(desk.journal.db):
        let_go(desk, facts, drafted, id_)
        return add_paragraph(desk, section, own.text, area=own.area, rests_on=own.rests_on)


def let_go(desk: Desk, facts: ConclusionFacts, drafted: Plan, id_: str) -> None:
    """Withdraw what was said of a paragraph that is gone.

    Raises:
        NotFoundError: there is nothing.
        StaleError: somebody else changed it meanwhile.
    """
    entry = facts.overrides[_orphan(drafted, id_)].entry
    desk.write(id_, None, [entry.id] if entry else [])


def _orphan(drafted: Plan, id_: str) -> str:
    if id_ not in drafted.orphans:
        raise NotFoundError("Đoạn này đã có chỗ đứng hoặc không còn; hãy tải lại trang dự thảo.")
    return id_
