"""A legal basis that the packs are unsure of: confirmed by name, printed, and the confirmation taken back."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.conclusions.bases import all_bases, article_text, basis_id
from app.conclusions.gather import gather
from app.conclusions.shapes import BasisValue
from app.errors import InvalidInputError
from checklists.library import Library
from checklists.wording import bases
from reports.composing.conclusion import compose, plan
from reports.composing.review import review
from tests.conftest import World, answer_value

ITEM = "niem-yet.tthc-du-so-luong"
RULED, OTHER = "co-so-vat-chat.trang-thiet-bi-du", "co-so-vat-chat.camera"
DOCUMENT = "Nghị định số 118/2025/NĐ-CP"


def unsure(world: World):
    """An unsure basis of an item that is in force on the day of the inspection."""
    item = Library.load().item(ITEM)
    day = gather(world.installation, "cuoc-1").inspection.day
    found = all_bases(world.installation.library(), world.installation.database())
    known = {(one.doc, one.clause): one for one in found}
    open_ = [one for one in item.legal if not one.sure and (one.end is None or one.end >= day.isoformat())]
    return known[open_[0].doc, open_[0].clause], item, day


def test_only_a_confirmed_basis_is_printed_and_only_until_it_is_taken_back(inspected: World, browser):
    inspected.installation.journal().write(
        inspected.who("an"), f"inspection/cuoc-1/answer/{ITEM}", answer_value("chua_dat")
    )
    basis, item, day = unsure(inspected)
    an = browser("an")
    assert basis.name not in bases(item, day, gather(inspected.installation, "cuoc-1").confirmed_bases)
    assert basis.name in an.get("/can-cu").text

    typed = {"basis": basis.id, "source": "Nguyên văn điều khoản", "checked_on": "20/11/2026", "seen": ""}
    assert an.post("/can-cu", **typed).status_code == 302
    assert basis.name in bases(item, day, gather(inspected.installation, "cuoc-1").confirmed_bases)
    entry = inspected.installation.journal().current(f"basis/{basis.id}")[0]
    assert (entry.author, entry.value["checked_on"]) == (inspected.accounts["an"], "2026-11-20")
    assert "Nguyên văn điều khoản" in an.get("/can-cu?loc=da").text

    assert an.post("/can-cu", basis=basis.id, seen=entry.id, action="withdraw").status_code == 302
    assert basis.name not in bases(item, day, gather(inspected.installation, "cuoc-1").confirmed_bases)


def test_a_confirmation_needs_what_was_looked_at_and_keeps_what_was_typed(inspected: World, browser):
    basis, _, _ = unsure(inspected)
    answered = browser("an").post("/can-cu", basis=basis.id, note="đã hỏi Sở Tư pháp", seen="")

    assert answered.status_code == 400
    assert "Hãy ghi nguyên văn" in answered.text
    assert "đã hỏi Sở Tư pháp" in answered.text
    assert browser("an").post("/can-cu", basis=basis.id, link="javascript:x", source="a", seen="").status_code == 400


def test_members_and_clerks_confirm_nothing(inspected: World, browser):
    assert [browser(name).get("/can-cu").status_code for name in ("binh", "van", "dv")] == [403] * 3


def test_the_id_is_made_from_document_and_clause():
    assert basis_id("Nghị định số 61/2018/NĐ-CP", "Điều 8") != basis_id("Nghị định số 61/2018/NĐ-CP", "")
    assert len(basis_id("x", "")) == 32


def sentence(world: World) -> str:
    drafted = plan(gather(world.installation, "cuoc-1"))
    return next(part.text for part in drafted.of("fail") if part.rests_on == (f"answer/{RULED}",))


def test_an_article_that_somebody_found_is_printed_for_that_item_alone(inspected: World, browser):
    """The sentence of the item ends in "theo quy định"; its document has no article in the pack."""
    journal, an = inspected.installation.journal(), inspected.who("an")
    journal.write(an, f"inspection/cuoc-1/answer/{RULED}", answer_value("chua_dat"))
    found = all_bases(inspected.installation.library(), inspected.installation.database())
    basis = next(one for one in found if one.doc == DOCUMENT)
    lead = browser("an")
    page = f"/can-cu/{basis.id}"
    assert page in lead.get("/can-cu").text
    assert "theo quy định tại" not in sentence(inspected)

    typed = {"items": RULED, "article": "Điểm a, Khoản 1 điều 14", "source": "Nguyên văn", "seen": ""}
    assert lead.post(page, **{**typed, "article": "xem luật"}).status_code == 400
    assert lead.post(page, **{**typed, "items": ""}).status_code == 400
    assert lead.post(page, **typed).status_code == 302
    assert sentence(inspected).endswith(f"theo quy định tại điểm a khoản 1 Điều 14 {DOCUMENT}.")
    facts = gather(inspected.installation, "cuoc-1")
    assert {item for item, _ in facts.articles} == {RULED}

    subject = f"basis/{basis_id(DOCUMENT, '', RULED)}"
    (entry,) = journal.current(subject)
    told = compose(facts).manifest["paragraphs"]
    assert next(entry.id in one["entries"] for one in told if one["rests_on"] == [f"answer/{RULED}"])
    assert not [one for one in told if entry.id in one["entries"] and RULED not in str(one["rests_on"])]
    assert entry.author == inspected.accounts["an"]
    assert "Điều 14" in lead.get(page).text

    assert lead.post(page, item=RULED, seen=entry.id, action="withdraw").status_code == 302
    assert "theo quy định tại" not in sentence(inspected)


def test_a_sentence_that_speaks_of_no_rule_names_the_article_in_brackets(inspected: World):
    journal, an = inspected.installation.journal(), inspected.who("an")
    for item in (RULED, OTHER):
        journal.write(an, f"inspection/cuoc-1/answer/{item}", answer_value("chua_dat"))
    value = {"doc": DOCUMENT, "item": OTHER, "article": "khoản 2 Điều 9", "source": "x"}
    journal.write(an, f"basis/{basis_id(DOCUMENT, '', OTHER)}", value, supersedes=[])

    texts = " ".join(part.text for part in plan(gather(inspected.installation, "cuoc-1")).of("fail"))
    assert texts.count("(quy định tại khoản 2 Điều 9 Nghị định số 118/2025/NĐ-CP)") == 1
    assert "tại khoản 2 Điều 9" not in sentence(inspected)


def test_a_confirmed_document_without_an_article_is_told_of_before_signing(inspected: World, browser):
    journal, an = inspected.installation.journal(), inspected.who("an")
    journal.write(an, f"inspection/cuoc-1/answer/{RULED}", answer_value("chua_dat"))

    def said() -> set[str]:
        found = review(gather(inspected.installation, "cuoc-1"))
        return {one.code for one in found if one.spot == "bases" and DOCUMENT in one.text}

    assert said() == {"basis-unconfirmed"}
    journal.write(an, f"basis/{basis_id(DOCUMENT, '')}", {"doc": DOCUMENT, "source": "x"}, supersedes=[])
    assert said() == {"basis-without-article"}
    for item in (RULED, "ho-so.tre-han-tren-phan-mem"):
        value = {"doc": DOCUMENT, "item": item, "article": "Điều 14", "source": "x"}
        journal.write(an, f"basis/{basis_id(DOCUMENT, '', item)}", value, supersedes=[])
    assert said() == set()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Điểm a, Khoản 1 điều 14", "điểm a khoản 1 Điều 14"),
        ("khoản 1, 2 Điều 14.", "khoản 1, 2 Điều 14"),
        ("điểm đ khoản 2a Điều 5", "điểm đ khoản 2a Điều 5"),
        ("mục 3 chương VII", "Mục 3 Chương VII"),
        ("Phụ lục II", "Phụ lục II"),
        ("khoản 1", ""),
        ("Điều 14 Nghị định số 61", ""),
        ("xem luật", ""),
    ],
)
def test_an_article_is_written_as_papers_write_it(typed, written):
    if written:
        assert article_text(typed) == written
    else:
        with pytest.raises(InvalidInputError, match="từ nhỏ đến lớn"):
            article_text(typed)


def test_an_article_without_an_item_says_nothing():
    with pytest.raises(ValidationError):
        BasisValue(doc="x", article="Điều 1")
