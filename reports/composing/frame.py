"""What stands around the findings: subject line, opening, headings, follow-up, closing.

The sentences are those of real papers; a part whose facts are unknown is left out (a Kế hoạch without a
number is no Kế hoạch). Nothing here names a day that nobody gave.
"""

from __future__ import annotations

import re
from hashlib import sha256

from checklists.answers import Verdict
from reports.composing.facts import ConclusionFacts, IssuerFact, PaperFact
from reports.composing.prose import bare, body_name, days_text, expand, held, inside, listed, sentence, short_date, this
from reports.composing.requirements import follow_up, main_addressee
from reports.document import DocumentKind, Recipient

_PETITIONS = (
    "Đối với các kiến nghị, đề xuất của đơn vị vượt thẩm quyền của Đoàn kiểm tra, giao thư ký Đoàn tổng hợp, "
    "chuyển cơ quan có thẩm quyền xem xét, trả lời đơn vị theo quy định."
)
_ACT = re.compile(r"(kiểm tra|giám sát|phúc tra|thanh tra)(?!\w)", re.IGNORECASE)


def deed(facts: ConclusionFacts) -> str:
    """What was done, as a verb with its object: "kiểm tra công tác cải cách hành chính năm 2022"."""
    title = bare(expand(facts.inspection.title))
    if _ACT.match(title):
        return inside(title)
    title = re.sub(r"^(kết quả|về)\s+", "", title, flags=re.IGNORECASE)
    return inside(title) if _ACT.match(title) else f"kiểm tra {inside(title)}"


def team(facts: ConclusionFacts) -> str:
    """The delegation's name; what follows a semicolon is about it and not its name."""
    return expand(facts.inspection.team.split(";")[0].strip())


def full_team(facts: ConclusionFacts) -> str:
    """With the province, where the name ends with "tỉnh" and the place tells which."""
    return body_name(team(facts), facts.issuer.place)


def issuer(facts: ConclusionFacts) -> str:
    """The issuing body in a running sentence."""
    return body_name(facts.issuer.name, facts.issuer.place)


def unit(facts: ConclusionFacts) -> str:
    """The unit in a running sentence: its name written out; several units are no name and have a small letter."""
    return main_addressee(facts)


def act(facts: ConclusionFacts) -> str:
    """What was done: a giám sát is no kiểm tra."""
    return "giám sát" if facts.inspection.supervision else "kiểm tra"


def subject(facts: ConclusionFacts) -> str:
    """The trích yếu, its terms kept on one line."""
    return held(_subject(facts))


def _subject(facts: ConclusionFacts) -> str:
    about = deed(facts)
    match facts.inspection.document_kind:
        case DocumentKind.NOTICE:
            return f"Về kết luận {about} tại {unit(facts)}"
        case DocumentKind.LETTER:
            return f"kết quả {about}"
        case _:
            return sentence(expand(facts.inspection.title)).rstrip(".")


def addressees(facts: ConclusionFacts) -> tuple[str, ...]:
    """Kính gửi of a công văn."""
    return (expand(facts.unit.name),) if facts.inspection.document_kind is DocumentKind.LETTER else ()


def archive(issuer: IssuerFact) -> Recipient:
    """The last line of Nơi nhận."""
    return Recipient(f"Lưu: {issuer.archive or 'VT'}")


def purpose(facts: ConclusionFacts) -> str:
    """Why the unit gets the paper: to carry it out, or, where it asks for nothing, to know."""
    return "t/h" if facts.requirements or any(one.verdict is Verdict.FAIL for one in facts.findings) else "để biết"


def opening(facts: ConclusionFacts) -> str:
    """The first paragraph, a running one as in a real Thông báo."""
    match facts.inspection.document_kind:
        case DocumentKind.REPORT:
            return _report_opening(facts)
        case DocumentKind.LETTER:
            return _letter_opening(facts)
        case _:
            return _notice_opening(facts)


def _notice_opening(facts: ConclusionFacts) -> str:
    return f"{orders(facts)} {_grounds(facts)}, {speaker(facts)} thông báo kết luận như sau:"


def orders(facts: ConclusionFacts) -> str:
    """On what orders who inspected whom, and when: the first sentence of a Thông báo and of a Báo cáo."""
    about = facts.inspection
    by = f"Thực hiện {paper_named('Kế hoạch', about.plan)}, " if _known(about.plan) else ""
    day = f"{days_text(about.dates)}, " if about.dates else ""
    decided = f" thành lập theo {paper_named('Quyết định', about.decision)}" if _known(about.decision) else ""
    first = f"{by}{day}{full_team(facts)}{decided} đã {deed(facts)} tại {unit(facts)}{_period(facts)}."
    return f"{first[:1].upper()}{first[1:]}"


def speaker(facts: ConclusionFacts) -> str:
    """Who concludes: the delegation in short, or the body that issues in its place."""
    if issuer(facts) != full_team(facts):
        return issuer(facts)
    return "Đoàn kiểm tra" if team(facts).startswith("Đoàn kiểm tra") else team(facts)


def _grounds(facts: ConclusionFacts) -> str:
    about = facts.inspection
    on = f" {days_text(about.minutes_on)}" if about.minutes_on else ""
    grounds = [f"Biên bản {act(facts)}{on}"] if about.minutes else []
    if _known(about.unit_report):
        grounds.append(f"{paper_named('Báo cáo', about.unit_report)} của {unit(facts)}")
    if _known(about.team_report):
        grounds.append(f"{paper_named('Báo cáo', about.team_report)} của Đoàn {act(facts)}")
    if not grounds:
        return f"Trên cơ sở kết quả {act(facts)}"
    return f"Trên cơ sở {listed(grounds)}"


def _letter_opening(facts: ConclusionFacts) -> str:
    by = "" if full_team(facts) == issuer(facts) else f" của {full_team(facts)}"
    days = f" ({days_text(facts.inspection.dates)})" if facts.inspection.dates else ""
    return f"Trên cơ sở kết quả {deed(facts)}{by}{days}{_period(facts)}, {issuer(facts)} thông báo như sau:"


def _report_opening(facts: ConclusionFacts) -> str:
    title = inside(bare(expand(facts.inspection.title)))
    text = f"{issuer(facts)} báo cáo {title}{_period(facts)} như sau:"
    others = [expand(part.strip()) for part in facts.inspection.team.split(";")[1:] if part.strip()]
    if not others:
        return text
    return f"Trong kỳ, {inside('; '.join(others))}. Trên cơ sở kết quả kiểm tra, giám sát, {text}"


def _period(facts: ConclusionFacts) -> str:
    if facts.inspection.period is None:
        return ""
    start, end = facts.inspection.period
    return f" (kỳ số liệu từ ngày {short_date(start)} đến ngày {short_date(end)})"


def _known(paper: PaperFact | None) -> bool:
    return paper is not None and bool(paper.number)


def paper_named(kind: str, paper: PaperFact | None) -> str:
    """A paper in a running sentence: "Kế hoạch số 12/KH-UBND ngày 05/01/2026 của Ủy ban nhân dân tỉnh"."""
    if paper is None:
        return ""
    day = f" ngày {short_date(paper.date)}" if paper.date else ""
    by = f" của {expand(paper.issuer)}" if paper.issuer else ""
    about = f" về {inside(re.sub('^về ', '', expand(paper.subject), flags=re.IGNORECASE))}" if paper.subject else ""
    return f"{kind} số {paper.number.removeprefix('số ')}{day}{by}{about}"


def headings(facts: ConclusionFacts, *, with_cause: bool) -> tuple[str, str, str, str]:
    """The four parts' titles, without their numbers."""
    report = facts.inspection.document_kind is DocumentKind.REPORT
    shortcomings = "TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN" if with_cause else "TỒN TẠI, HẠN CHẾ"
    if report:
        return "KẾT QUẢ ĐẠT ĐƯỢC", shortcomings, "NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI", "TỔ CHỨC THỰC HIỆN"
    asks = "YÊU CẦU, KIẾN NGHỊ" if facts.issuer.verb == "yêu cầu" else "ĐỀ NGHỊ, KIẾN NGHỊ"
    return "ƯU ĐIỂM, KẾT QUẢ ĐẠT ĐƯỢC", shortcomings, asks, "TỔ CHỨC THỰC HIỆN, THEO DÕI"


def cause(text: str) -> str:
    """A cause as a paragraph."""
    text = expand(bare(text))
    lead = "" if text.lower().startswith("nguyên nhân") else "Nguyên nhân: "
    return sentence(f"{lead}{inside(text) if lead else text}")


def requirement_lead(facts: ConclusionFacts) -> str:
    """Who asks whom, before the numbered requirements."""
    if facts.inspection.document_kind is DocumentKind.REPORT:
        return f"{issuer(facts)} chỉ đạo {main_addressee(facts)} tập trung thực hiện các nhiệm vụ sau:"
    return f"{from_results(facts)}, {speaker(facts)} {facts.issuer.verb} {main_addressee(facts)}:"


def from_results(facts: ConclusionFacts) -> str:
    """What a requirement follows from."""
    return f"Từ kết quả {act(facts)} nêu trên"


def follow_up_paragraphs(facts: ConclusionFacts, *, has_list: bool, verb: str) -> list[tuple[str, str]]:
    """Organisation of what comes after: id and text; ``verb`` is what is said to who follows it up."""
    if facts.inspection.document_kind is DocumentKind.REPORT:
        return []
    paper, body = this(facts.inspection.document_kind), follow_up(facts)
    whom = main_addressee(facts)
    found = []
    if has_list:
        carry_out = (
            f"{whom[:1].upper()}{whom[1:]} xây dựng kế hoạch khắc phục, thực hiện các nội dung nêu tại {paper} và Phụ "
            "lục kèm theo, phân công rõ người, rõ việc, rõ thời gian, rõ trách nhiệm, rõ sản phẩm, rõ thẩm quyền; báo "
            f"cáo kết quả thực hiện, kèm tài liệu kiểm chứng, về {body}."
        )
        found.append(("follow.plan", carry_out))
    found.append(("follow.monitor", _monitor(facts, body, verb)))
    if facts.inspection.petitions:
        found.append(("follow.petitions", _PETITIONS))
    return found


def _monitor(facts: ConclusionFacts, body: str, verb: str) -> str:
    who = issuer(facts) if body == expand(facts.issuer.name) else f"{verb} {body}"
    return (
        f"{who[:1].upper()}{who[1:]} theo dõi, đôn đốc, kiểm tra việc thực hiện {this(facts.inspection.document_kind)}."
    )


def closing(facts: ConclusionFacts) -> str:
    """The last sentence, ending with "./."."""
    kind = facts.inspection.document_kind
    if kind is DocumentKind.REPORT:
        return f"Trên đây là Báo cáo {inside(bare(expand(facts.inspection.title)))}./."
    whom = main_addressee(facts)
    if kind is DocumentKind.LETTER:
        return f"{issuer(facts)} {facts.issuer.verb} {whom} nghiêm túc triển khai thực hiện./."
    told = f"Trên đây là Thông báo kết luận {deed(facts)} tại {unit(facts)}"
    return f"{told}; {facts.issuer.verb} {whom} nghiêm túc triển khai thực hiện./."


def replacing(earlier: str) -> tuple[str, str]:
    """Id and text of the paragraph in which a report says which earlier one it replaces, for the readers of both.

    The id is that paper's own: words that were said of an earlier replacement never stand for a later one.
    """
    return f"replaces.{sha256(earlier.encode()).hexdigest()[:12]}", sentence(f"Báo cáo này thay thế {earlier}")
