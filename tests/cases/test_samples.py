"""Every fact, ask and figure of the sample cases comes out in its paper, with the same numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.accounts.shapes import Role
from app.cases.importing import import_case
from app.cases.reading import read_case
from app.cases.shapes import CaseFile, CaseUnit
from app.conclusions.gather import gather, issuing_inspection
from app.conclusions.issue import issue, leave
from app.demo import SAMPLE_ACCOUNTS, load_samples, run_demo, sample_files
from app.inspections.queries import setup_of
from checklists.wording import format_number, padded
from reports.composing.conclusion import compose
from reports.composing.prose import expand
from reports.composing.review import review
from reports.document import Document, Heading, Paragraph, Table
from tests.conftest import FrozenClock, World

FILES = sample_files()
KINDS = {
    "dong-thap-2022": ["TB", "TB"],
    "hdnd-2018": ["TB"],
    "khanh-hoa-2018": ["CV"],
    "long-an-2020": ["TB"],
    "phu-tho-2018": ["BC"],
}
SMALL = set(re.findall(r"\w+", "và các của cho với theo trong tại về để được có còn đủ bộ kết quả"))


def text_of(document: Document) -> str:
    def told() -> Iterator[str]:
        for block in (*document.blocks, *(one for annex in document.annexes for one in annex.blocks)):
            if isinstance(block, Paragraph | Heading):
                yield block.text
            elif isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row)

    return " ".join(told()).replace("\u00a0", " ")


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]+", expand(text).lower()) if word not in SMALL}


def papers(world: World, path: Path) -> Iterator[tuple[CaseFile, list[CaseUnit], Document]]:
    case, _ = read_case(path)
    ids = import_case(world.installation, path, writer=world.system()).inspections
    db = world.installation.database()
    tellers = [issuing_inspection(db, one, setup_of(db, one)) for one in ids]
    for inspection in dict.fromkeys(tellers):
        units = [unit for unit, teller in zip(case.units, tellers, strict=True) if teller == inspection]
        yield case, units, compose(gather(world.installation, inspection))


def as_printed(value: int | str) -> set[str]:
    text = str(value)
    if text.endswith("%"):
        return {text}
    return {format_number(text), padded(text)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_figure_is_printed_as_published(world: World, path: Path):
    for _, units, document in papers(world, path):
        text = text_of(document)
        for unit in units:
            for fact in unit.facts:
                for key, value in fact.figures.items():
                    wanted = as_printed(value)
                    assert any(re.search(rf"(?<![\d.,]){re.escape(one)}(?![\d]|[.,]\d)", text) for one in wanted), key


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_fact_and_ask_is_told(world: World, path: Path):
    for _, units, document in papers(world, path):
        told = words(text_of(document))
        for unit in units:
            for one in (*unit.facts, *unit.ask):
                missing = words(one.text) - told - {"vi", "phạm", "nhắc", "chậm", "trả", "muộn"}
                assert len(missing) <= len(words(one.text)) * 0.2, (one.text, missing)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_case_issues_its_own_kind(world: World, path: Path):
    assert [document.kind.value for _, _, document in papers(world, path)] == KINDS[path.stem]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_papers_keep_their_register(world: World, path: Path):
    for _, _, document in papers(world, path):
        text = text_of(document)
        assert "vi phạm" not in text
        assert not re.search(r"\{|\}|\[\[|  |\.\.|;;|; ;| ,|None", text)
        assert text_of(document).rstrip().endswith((".", "tỉnh", "Nội vụ")) or document.annexes
        body = [block for block in document.blocks if isinstance(block, Paragraph)]
        assert body[-1].text.endswith("./.")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_keeps_a_sample_from_being_issued(world: World, path: Path):
    for inspection in import_case(world.installation, path, writer=world.system()).inspections:
        assert not [one for one in review(gather(world.installation, inspection)) if one.level == "block"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_fact_names_its_items(path: Path):
    case, _ = read_case(path)

    assert all(one.items for unit in case.units for one in (*unit.facts, *unit.ask))


def test_every_item_of_the_samples_is_asked_of_its_level(world: World):
    library = world.installation.library()
    for path in FILES:
        case, _ = read_case(path)
        for unit in case.units:
            for fact in unit.facts:
                for item in fact.items:
                    assert unit.level == "nhom" or unit.level in library.item(item).levels, (unit.name, item)


def test_the_term_of_the_source_stays_before_its_day(world: World):
    path = next(one for one in FILES if one.stem == "khanh-hoa-2018")
    ((_, _, document),) = papers(world, path)

    assert "trước ngày 30/3/2019" in text_of(document)
    assert "tiếp tục tái diễn" in text_of(document)


def test_a_unit_without_a_paper_refuses_and_its_facts_stand_in_the_one_above(world: World):
    path = next(one for one in FILES if one.stem == "long-an-2020")
    _, below = import_case(world.installation, path, writer=world.system()).inspections

    with pytest.raises(Exception, match="không ra văn bản riêng"):
        issue(world.installation, below, world.system())


def test_a_signed_sample_reads_back_its_numbers(world: World, tmp_path: Path):
    pypdf = pytest.importorskip("pypdf")
    path = next(one for one in FILES if one.stem == "dong-thap-2022")
    inspection = import_case(world.installation, path, writer=world.system()).inspections[1]
    pdf = leave(issue(world.installation, inspection, world.system()), tmp_path)[0]
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages).replace("\u00a0", " ")

    for number in ("30/30", "12/13", "03 nơi"):
        assert number in re.sub(r"\s+", " ", text)


@pytest.mark.slow
def test_the_demo_leaves_the_papers_of_five_cases(tmp_path: Path):
    files = run_demo(tmp_path, FrozenClock())

    assert len(set(files)) == len(files), "one paper lies over another"
    assert len([path for path in files if path.suffix == ".pdf"]) == 6
    assert all(path.stat().st_size > 1000 for path in files)
    assert {path.parent.name for path in files} == set(KINDS)


def test_samples_load_once_into_an_empty_instance(world: World):
    assert load_samples(world.installation) == []


def test_there_is_a_sample_account_for_each_role():
    assert {one.role for one in SAMPLE_ACCOUNTS} == set(Role)
