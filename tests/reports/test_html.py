"""The HTML of a paper: escaped, without inline looks, each paragraph with its id."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from reports.document import Document, Heading, Letterhead, Paragraph, Recipient, Signatory, Table
from reports.rendering.html import STYLESHEET, render_html
from tests.reports.papers import letter, notice, photo_annex

VOID = {"br", "col", "img"}


class _Reader(HTMLParser):
    """Collects elements and checks that they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data.replace("\u00a0", " ")


def _read(document: Document) -> _Reader:
    reader = _Reader()
    reader.feed(render_html(document))
    assert reader.open == []
    return reader


def test_paragraphs_carry_their_id_and_findings() -> None:
    found = [attributes for _, attributes in _read(notice()).elements if "data-rests-on" in attributes]
    assert [one["data-paragraph"] for one in found] == [
        "opening",
        "niem-yet.tthc-du-so-luong",
        "ho-so.ket-qua",
        "dao-tao.ke-hoach",
        "closing",
    ]
    assert found[2]["data-rests-on"] == "ho-so.ket-qua ho-so.tre-han"
    assert found[0]["data-rests-on"] == ""


def test_rows_of_the_remedy_list_carry_their_id() -> None:
    rows = [attributes.get("data-paragraph") for tag, attributes in _read(notice()).elements if tag == "tr"]
    assert rows == [None, "remedy.1", "remedy.2", "remedy.3"]


@pytest.mark.parametrize("document", [notice(), letter(), notice(draft="lần 2", number=None, issued_on=None)])
def test_all_text_is_there_and_the_elements_nest(document: Document) -> None:
    text = _read(document).text
    for block in document.blocks:
        assert isinstance(block, Heading | Paragraph)
        assert block.text in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert ("DỰ THẢO lần 2" in text) == bool(document.draft)


def test_everything_is_escaped() -> None:
    bad = "<script>alert(1)</script>\"'&"
    document = notice(
        letterhead=Letterhead(bad, bad, bad, bad),
        symbol=bad,
        subject=bad,
        signatory=Signatory(bad, bad, bad, bad),
        blocks=(Heading(bad), Paragraph(bad, bad, (bad,), bad), Table((bad,), ((bad,),), (1,), (), (bad,))),
        recipients=(Recipient(bad, bad),),
        addressees=(bad, bad),
        draft=bad,
        annexes=(photo_annex(1),),
    )
    drawn = render_html(document, photo_url=lambda sha256: f'/x/{sha256}"onload="1')
    assert "<script" not in drawn.lower()
    reader = _Reader()
    reader.feed(drawn)
    assert all(not key.startswith("on") for _, attributes in reader.elements for key in attributes)


def test_nothing_is_inline_for_the_content_security_policy() -> None:
    drawn = render_html(notice(annexes=(photo_annex(2),)), photo_url=lambda sha256: f"/evidence/{sha256}")
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|javascript:", drawn, re.IGNORECASE)
    assert drawn.count('src="/evidence/') == 2


def test_stylesheet_knows_the_classes_that_are_used() -> None:
    sheet = STYLESHEET.read_text(encoding="utf-8")
    used = {
        css
        for document in (notice(draft="1"), letter())
        for _, attributes in _read(document).elements
        for css in attributes.get("class", "").split()
    }
    plain = {"paper-state", "paper-superior", "paper-recipients", "paper-recipient", "paper-addressee"}
    plain |= {"paper-signer-title", "paper-signer-name", "paper-heading-1", "paper-heading-2"}
    assert {css for css in used if f".{css}" not in sheet} <= plain
    assert "url(" not in sheet


def test_line_breaks_in_a_text_stay() -> None:
    assert "một<br>hai" in render_html(notice(blocks=(Paragraph("a", "một\nhai"),)))


def test_an_edited_paragraph_is_marked() -> None:
    classes = [
        a["class"] for _, a in _read(notice(blocks=(Paragraph("a", "b", edited=True),))).elements if "class" in a
    ]
    assert "paper-text paper-edited" in classes
