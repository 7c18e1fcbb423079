"""What the delegation's report says to whom, and who else gets the papers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports.composing.conclusion import compose
from reports.composing.report import ReportFacts, VisitFact, compose_report
from reports.document import Annex, Document, Heading, Paragraph, Recipient, Table
from tests.conclusions.facts import facts, figures, finding

LATE = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3))


def words(document: Document) -> list[str]:
    blocks = [one for one in document.blocks if isinstance(one, Paragraph | Heading)]
    return [one.text.replace("\u00a0", " ") for one in blocks]


def report(*, addressee: str = "", **more: Any) -> Document:
    about = facts(LATE, **more)
    return compose_report(ReportFacts(about, replace(about.issuer, addressee=addressee), VisitFact(asked=9)))


def test_the_authority_is_asked_for_its_opinion_where_the_delegation_concludes_itself() -> None:
    told = words(report(addressee="Chủ tịch UBND tỉnh"))
    assert (
        "Xem xét, cho ý kiến để Đoàn kiểm tra ban hành thông báo kết luận kiểm tra tại Sở A, trong đó yêu cầu thực "
        "hiện 01 nội dung nêu tại Phụ lục II kèm theo Báo cáo này."
    ) in told


def test_who_issues_the_conclusion_is_asked_to_issue_it() -> None:
    about = facts(LATE)
    superior = replace(about.issuer, name="UBND tỉnh", place="")
    team = replace(about.issuer, addressee="Chủ tịch UBND tỉnh")
    told = words(compose_report(ReportFacts(replace(about, issuer=superior), team)))
    assert any(one.startswith("Xem xét, ban hành thông báo kết luận kiểm tra tại Sở A, trong đó ") for one in told)


def test_a_report_to_nobody_asks_nobody() -> None:
    told = words(report())
    assert not any("đề nghị" in one for one in told)
    assert any(one.startswith("Đoàn kiểm tra dự kiến ban hành thông báo kết luận kiểm tra") for one in told)


def test_a_supervision_is_called_so_throughout() -> None:
    about = facts(LATE)
    about = replace(about, inspection=replace(about.inspection, supervision=True, team="Đoàn giám sát"))
    document = compose_report(ReportFacts(about, about.issuer, VisitFact(asked=9)))
    told = words(document)
    assert "I. KHÁI QUÁT VỀ CUỘC GIÁM SÁT" in told
    assert any(one.startswith("Đoàn giám sát đã giám sát 01 nội dung") for one in told)
    assert document.annexes[0].title == "Kết quả giám sát từng nội dung"


def test_several_units_have_a_small_letter_in_a_sentence() -> None:
    about = facts(LATE)
    about = replace(about, unit=replace(about.unit, name="Các cơ quan được kiểm tra", level="nhom"))
    told = " ".join([compose_report(ReportFacts(about, about.issuer)).subject, *words(compose(about))])
    assert "tại các cơ quan" in told.replace("\u00a0", " ")
    assert "tại Các" not in told


def test_the_addressee_is_not_named_again_among_the_recipients() -> None:
    about = facts(LATE)
    issuer = replace(about.issuer, addressee="Chủ tịch UBND tỉnh", recipients=(Recipient("UBND tỉnh", "b/c"),))
    named = [one.name for one in compose_report(ReportFacts(about, issuer)).recipients]
    assert named == ["Lưu: VT"]


def test_who_follows_up_gets_the_paper_and_is_asked_not_ordered() -> None:
    about = facts(LATE)
    document = compose(replace(about, issuer=replace(about.issuer, follow_up="Sở Nội vụ")))
    assert Recipient("Sở Nội vụ", "để theo dõi") in document.recipients
    assert "2. Đề nghị Sở Nội vụ theo dõi" in " ".join(
        f"{one.lead_in} {one.text}" for one in document.blocks if isinstance(one, Paragraph)
    )


def test_a_room_of_the_issuing_body_is_told_and_needs_no_line() -> None:
    about = facts(LATE)
    room = "Phòng Cải cách hành chính, Sở Nội vụ"
    document = compose(replace(about, issuer=replace(about.issuer, follow_up=room)))
    assert any(one.startswith(f"Giao {room} theo dõi") for one in words(document))
    assert not any(one.name == room for one in document.recipients)


def test_a_list_is_called_as_its_text_asks() -> None:
    about = facts(LATE)
    document = compose(replace(about, issuer=replace(about.issuer, verb="đề nghị")))
    (annex,) = document.annexes
    assert isinstance(annex, Annex)
    (table,) = annex.blocks
    assert isinstance(table, Table)
    assert (annex.title, table.header[1]) == ("Danh mục nội dung đề nghị thực hiện", "Nội dung đề nghị")


def test_a_single_field_has_no_number_of_its_own() -> None:
    document = compose(facts(LATE, finding("ho-so.ket-qua-giai-quyet", "chua_dat")))
    told = words(document)
    assert not any(one.startswith("1. Về") for one in told)
