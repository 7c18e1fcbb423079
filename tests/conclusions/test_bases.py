"""A legal basis that the packs are unsure of: confirmed by name, printed, and the confirmation taken back."""

from __future__ import annotations

from app.conclusions.bases import all_bases, basis_id
from app.conclusions.gather import gather
from checklists.library import Library
from checklists.wording import bases
from tests.conftest import World, answer_value

ITEM = "niem-yet.tthc-du-so-luong"


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
