"""A corrected DOCX comes back: reading, matching, three ways, taking over by choice."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from app.conclusions.gather import gather
from reports.composing.conclusion import compose, plan
from reports.composing.docx_back import Base, laid_beside, returned
from reports.composing.requirements import from_paragraph
from reports.incoming.docx_text import NotDocxError, marked, read_docx
from reports.rendering.docx import render_docx
from reports.rendering.docx_parts import bookmark_name
from tests.conclusions.facts import LIBRARY, facts, figures, finding
from tests.conftest import World

DRAFT = "/cuoc-kiem-tra/cuoc-1/du-thao"
PRAISE, LATE = "pass.dao-tao.kinh-phi", "fail.ho-so.tre-han-tren-phan-mem"
Edit = Callable[[Any], None]


def drafted() -> Any:
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3))
    return facts(finding("dao-tao.kinh-phi", "dat"), finding("dao-tao.ke-hoach-dung-han", "dat"), late)


def written() -> bytes:
    return marked(render_docx(compose(drafted())), "cuoc-1", 7)


def edited(data: bytes, edit: Edit) -> bytes:
    """The file as somebody corrected it."""
    word = docx.Document(io.BytesIO(data))
    edit(word)
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def of(word: Any, part: str) -> Any:
    """The paragraph with a part's bookmark."""
    name = bookmark_name(part)
    return next(
        one
        for one in word.paragraphs
        if any(mark.get(qn("w:name")) == name for mark in one._p.iter(qn("w:bookmarkStart")))
    )


def say(word: Any, part: str, text: str) -> None:
    first, *others = of(word, part).runs
    first.text = text
    for run in others:
        run._r.getparent().remove(run._r)


def compared(data: bytes, parts: Any = None) -> list[Any]:
    parts = parts or plan(drafted()).parts
    was = {part.id: part.text for part in plan(drafted()).parts}
    headings = [block.text for block in compose(drafted()).blocks if not hasattr(block, "id")]
    bases = {part.id: Base(part.id in was, was.get(part.id)) for part in parts}
    return returned(read_docx(data).paragraphs, parts, bases, headings)


def told(rows: list[Any], *states: str) -> list[tuple[str, ...]]:
    return [one.parts for one in rows if one.state in states]


def test_an_untouched_file_changes_nothing_and_knows_its_version():
    read = read_docx(written())

    assert (read.draft, read.seq) == ("cuoc-1", 7)
    assert {one.state for one in compared(written())} == {"same"}


def test_split_runs_soft_hyphens_and_spelling_marks_are_no_changes():
    def habits(word: Any) -> None:
        paragraph = of(word, LATE)
        text = paragraph.text
        say(word, LATE, text[:9] + "\u00ad")
        paragraph._p.append(parse_xml(f'<w:proofErr {nsdecls("w")} w:type="spellStart"/>'))
        paragraph.add_run(text[9:20]).bold = True
        paragraph._p.append(
            parse_xml(f'<w:r {nsdecls("w")}><w:softHyphen/><w:t xml:space="preserve">{text[20:]} </w:t></w:r>')
        )

    assert {one.state for one in compared(edited(written(), habits))} == {"same"}


def test_a_corrected_paragraph_is_found_by_its_bookmark_with_its_comment_and_its_tracked_changes():
    def track(word: Any) -> None:
        run = of(word, LATE).runs[-1]
        run.text = "Còn 03 hồ sơ "
        gone = f'<w:del {nsdecls("w")} w:id="91" w:author="GĐ"><w:r><w:delText>trễ</w:delText></w:r></w:del>'
        come = f'<w:ins {nsdecls("w")} w:id="92" w:author="GĐ"><w:r><w:t>quá hạn.</w:t></w:r></w:ins>'
        run._r.addnext(parse_xml(come))
        run._r.addnext(parse_xml(gone))

    (row,) = [one for one in compared(edited(written(), track)) if one.state != "same"]
    assert (row.state, row.parts, row.theirs, row.tracked) == ("changed", (LATE,), "Còn 03 hồ sơ quá hạn.", True)


def test_three_ways():
    data = edited(written(), lambda word: say(word, LATE, "Lời của Word."))
    parts = plan(drafted()).parts
    mine = [part if part.id != LATE else part.__class__(LATE, "fail", "Lời của dự thảo.") for part in parts]
    elsewhere = [part if part.id != PRAISE else part.__class__(PRAISE, "pass", "Câu mới.") for part in parts]

    assert told(compared(data), "changed") == [(LATE,)]
    assert told(compared(data, mine), "conflict") == [(LATE,)]
    assert told(compared(data, elsewhere), "kept") == [(PRAISE,)]
    unknown = returned(
        read_docx(data).paragraphs, parts, dict.fromkeys((part.id for part in parts), Base(there=True, text=None)), ()
    )
    assert told(unknown, "unknown") == [(LATE,)]


def test_a_lost_bookmark_is_made_good_by_the_words_and_said_to_be_uncertain():
    def lose(word: Any) -> None:
        for mark in list(word.element.body.iter(qn("w:bookmarkStart"))):
            mark.getparent().remove(mark)
        one = next(one for one in word.paragraphs if "trễ hạn trên" in one.text and "03" in one.text)
        one.runs[-1].text = one.runs[-1].text.replace("03", "04")

    rows = compared(edited(written(), lose))
    (row,) = [one for one in rows if one.state != "same"]
    assert (row.state, row.parts, row.uncertain) == ("changed", (LATE,), True)


def test_new_deleted_and_joined_paragraphs():
    def work(word: Any) -> None:
        first, second = of(word, PRAISE), of(word, "pass.dao-tao.ke-hoach-dung-han")
        for child in list(second._p)[1:]:
            first._p.append(child)
        second._p.getparent().remove(second._p)
        late = of(word, LATE)
        late.insert_paragraph_before("Ngoài ra, công tác lưu trữ hồ sơ chưa được bố trí kho riêng.")
        req = of(word, "follow.monitor")
        req._p.getparent().remove(req._p)

    rows = compared(edited(written(), work))
    assert told(rows, "merged") == [(PRAISE, "pass.dao-tao.ke-hoach-dung-han")]
    assert [one.theirs for one in rows if one.state == "new"] == [
        "Ngoài ra, công tác lưu trữ hồ sơ chưa được bố trí kho riêng."
    ]
    assert told(rows, "gone") == [("follow.monitor",)]


def test_a_paragraph_typed_in_front_of_another_does_not_take_its_place():
    def front(word: Any) -> None:
        late = of(word, LATE)
        name = next(late._p.iter(qn("w:bookmarkStart")))
        new = late.insert_paragraph_before("Công tác số hóa còn chậm so với kế hoạch của năm.")
        new._p.insert(0, name)

    rows = compared(edited(written(), front))
    assert told(rows, "same").count((LATE,)) == 1
    assert [one.theirs for one in rows if one.state == "new"] == ["Công tác số hóa còn chậm so với kế hoạch của năm."]


def test_a_corrected_requirement_comes_apart_into_its_fields():
    about = drafted()
    one = next(part.requirement for part in plan(about).parts if part.requirement)
    same = from_paragraph(one.paragraph(), one)

    assert (same["text"], same["deadline_text"]) == (one.text, one.deadline)
    assert same["product"].casefold() == one.product.casefold()
    typed = from_paragraph("Xử lý xong 03 hồ sơ; hoàn thành trước ngày 30/12/2026; sản phẩm: danh sách.", one)
    assert typed == {"text": "Xử lý xong 03 hồ sơ", "deadline_text": "trước ngày 30/12/2026", "product": "danh sách"}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", "zip"], ids=["empty", "cut", "pdf", "no paper"])
def test_what_is_no_docx_is_said_to_be_none(data):
    if data == "zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as made:
            made.writestr("word/document.xml", "<w:document/>")
        data = stream.getvalue()
    with pytest.raises(NotDocxError):
        read_docx(data)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_keeps_bookmarks_and_the_version(tmp_path: Path):
    (tmp_path / "du-thao.docx").write_bytes(written())
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "docx"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / "du-thao.docx")], check=True, capture_output=True
    )
    data = (tmp_path / "out/du-thao.docx").read_bytes()

    assert read_docx(data).seq == 7
    assert {one.state for one in compared(data)} == {"same"}
    assert not any(one.uncertain for one in compared(data))


# ---- through the pages


def version(an: Any) -> bytes:
    return bytes(an.get(f"{DRAFT}/tai.docx").data)


def hand_back(an: Any, data: bytes) -> Any:
    fields = {"csrf_token": an.token, "file": (io.BytesIO(data), "du-thao-da-sua.docx")}
    return an.client.post(f"{DRAFT}/nop-lai", data=fields, content_type="multipart/form-data")


def take(an: Any, page: str, *numbers: int, **more: str) -> Any:
    """Press the button with these rows ticked."""
    return an.post(f"{DRAFT}/nhan-lai", **{**take_fields(page, *numbers, **more), "csrf_token": an.token})


def take_fields(page: str, *numbers: int, **more: str) -> dict[str, str]:
    fields = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    return fields | {f"nhan-{number}": "1" for number in numbers} | more


def test_from_word_back_into_the_draft_by_choice(inspected: World, browser):
    an = browser("an")

    def work(word: Any) -> None:
        say(word, LATE, "Còn 03 hồ sơ quá hạn giải quyết.")
        say(word, PRAISE, "Kinh phí được bố trí rất đủ.")
        of(word, "closing").insert_paragraph_before("Giao Phòng Tổng hợp theo dõi riêng nội dung chuyển đổi số.")
        word.tables[0].cell(0, 0).paragraphs[0].runs[0].text = "ĐOÀN KIỂM TRA LIÊN NGÀNH"

    page = hand_back(an, edited(version(an), work)).text
    assert page.count('data-testid="returned"') == 3
    assert "<ins>ĐOÀN KIỂM TRA LIÊN NGÀNH</ins>" in page
    answered = take(an, page, 1, 2, **{"phan-2": "follow"})
    assert answered.status_code == 302
    parts = {part.text: part for part in plan(gather(inspected.installation, "cuoc-1")).parts}

    assert "Còn 03 hồ sơ quá hạn giải quyết." in parts
    assert "Kinh phí được bố trí rất đủ." not in parts, "what was not chosen stays"
    fresh = parts["Giao Phòng Tổng hợp theo dõi riêng nội dung chuyển đổi số."]
    assert (fresh.kind, fresh.rests_on) == ("follow", ())
    assert len(fresh.override.origin) == 64
    manifest = compose(gather(inspected.installation, "cuoc-1")).manifest["paragraphs"]
    (line,) = [one for one in manifest if one["id"] == fresh.id]
    assert (line["origin"], line["unlinked"]) == ("docx", True)


def test_what_somebody_changed_meanwhile_is_refused_and_shown_again(inspected: World, browser):
    an = browser("an")
    page = hand_back(an, edited(version(an), lambda word: say(word, LATE, "Lời của Word."))).text
    an.post(DRAFT, part=LATE, text="Lời của người khác.", seen="", action="save")
    answered = take(an, page, 0)

    assert answered.status_code == 409
    assert "Lời của Word." in answered.text
    assert any(part.text == "Lời của người khác." for part in plan(gather(inspected.installation, "cuoc-1")).parts)


def test_the_draft_moved_on_since_the_download(inspected: World, browser):
    an, journal = browser("an"), inspected.installation.journal()
    an.post(DRAFT, part=LATE, text="Lời lúc tải về.", seen="", action="save")
    data = version(an)
    seen = journal.current(f"inspection/cuoc-1/conclusion/{LATE}")[0].id
    an.post(DRAFT, part=LATE, text="Lời của dự thảo.", seen=seen, action="save")

    page = hand_back(an, edited(data, lambda word: say(word, LATE, "Lời của Word."))).text
    assert "Cả hai bên cùng sửa" in page
    assert "Lời lúc tải về." in page
    assert "Word giữ câu cũ" in hand_back(an, data).text


def test_a_deleted_paragraph_is_dropped_with_a_reason_only(inspected: World, browser):
    an = browser("an")
    page = hand_back(
        an, edited(version(an), lambda word: of(word, PRAISE)._p.getparent().remove(of(word, PRAISE)._p))
    ).text

    assert take(an, page, 0, **{"ly-do-0": ""}).status_code == 409
    assert take(an, page, 0, **{"ly-do-0": "Lãnh đạo bỏ khi duyệt."}).status_code == 302
    assert not plan(gather(inspected.installation, "cuoc-1")).of("pass")


def test_a_corrected_requirement_becomes_the_leads_own_and_keeps_its_finding(inspected: World, browser):
    an, part = browser("an"), "req.ho-so.tre-han-tren-phan-mem"
    text = "Xử lý xong 03 hồ sơ; hoàn thành trước ngày 30/12/2026; sản phẩm: danh sách hồ sơ."
    page = hand_back(an, edited(version(an), lambda word: say(word, part, text))).text
    assert take(an, page, 0).status_code == 302
    (one,) = plan(gather(inspected.installation, "cuoc-1")).standing_requirements()

    assert (one.text, one.deadline, one.findings) == (
        "Xử lý xong 03 hồ sơ",
        "trước ngày 30/12/2026",
        ("answer/ho-so.tre-han-tren-phan-mem",),
    )


def test_a_file_that_would_take_long_to_compare_is_refused_in_time(inspected: World, browser, monkeypatch):
    def many(word: Any) -> None:
        late = of(word, LATE)
        for number in range(300):
            late.insert_paragraph_before(" ".join(f"lời{number}{place % 7}" for place in range(1500)))

    monkeypatch.setattr("app.conclusions.returning.SECONDS", 0.5)
    an = browser("an")
    answered = hand_back(an, edited(version(an), many))
    assert answered.status_code == 422
    assert "rối bất thường" in answered.text


def test_another_inspections_draft_and_no_docx_are_refused_with_a_sentence(inspected: World, browser):
    an = browser("an")
    other = marked(render_docx(compose(drafted())), "cuoc-2", 3)

    assert "của cuộc kiểm tra khác" in hand_back(an, other).text
    answered = hand_back(an, b"%PDF-1.7")
    assert answered.status_code == 422
    assert "không phải tệp DOCX" in answered.text


def test_a_long_draft_without_any_bookmark_is_still_compared_at_once():
    items = [item for pack in LIBRARY.packs() for item in pack.items]
    told_of = facts(*(finding(item.id, "chua_dat") for item in items))
    parts = plan(told_of).parts
    bases = {part.id: Base(there=True, text=part.text) for part in parts}
    lost = [replace(one, bookmarks=()) for one in read_docx(render_docx(compose(told_of))).paragraphs]
    headings = [block.text for block in compose(told_of).blocks if not hasattr(block, "id")]

    started = time.monotonic()
    assert {one.state for one in laid_beside(lost, lost, parts, bases, headings).rows} == {"same"}
    assert time.monotonic() - started < 5
