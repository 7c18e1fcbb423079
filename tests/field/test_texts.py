"""The tablet's texts: Vietnamese is the source, and English says every sentence of it and nothing more."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from hatch_build import ENGLISH, ROOT, STATIC, TEXTS

VIETNAMESE: dict[str, str] = json.loads((TEXTS / "vi.json").read_text(encoding="utf-8"))


def catalogue() -> Catalog:
    return read_po(io.BytesIO(ENGLISH.read_bytes()))


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


def test_every_sentence_has_its_english_with_the_same_places() -> None:
    english = catalogue()
    for key, text in VIETNAMESE.items():
        message = english.get(text, key)
        assert message is not None, f"{key}: run `make texts`"
        assert message.string, f"{key}: no English yet in {ENGLISH.name}"
        assert places(str(message.string)) == places(text), key


def test_the_words_of_the_paper_are_the_same_in_every_language() -> None:
    """The hash of a site record is that of its text: the screens' language must not change it."""
    english = catalogue()
    paper = {key: text for key, text in VIETNAMESE.items() if key.startswith("paper.")}
    assert len(paper) > 40
    assert {key: english.get(text, key).string for key, text in paper.items()} == paper


def test_nothing_in_the_catalogue_is_stale_or_unsure() -> None:
    messages = [message for message in catalogue() if message.id]
    assert [message.context for message in messages] == list(VIETNAMESE)
    assert [message.context for message in messages if message.fuzzy] == []
    assert not catalogue().obsolete


def test_an_update_of_the_catalogue_changes_nothing(tmp_path: Path) -> None:
    """The commands of ``make texts``; who adds a sentence runs them."""
    kept = tmp_path / "en/LC_MESSAGES/field.po"
    kept.parent.mkdir(parents=True)
    shutil.copyfile(ENGLISH, kept)
    commands = re.findall(r"pybabel (?:-q )?((?:.+\\\n)*.+)", (ROOT / "Makefile").read_text())
    assert len(commands) == 2
    for command in commands:
        told = command.replace("\\\n", " ").replace("build/", f"{tmp_path}/").replace("app/locale", str(tmp_path))
        CommandLineInterface().run(["pybabel", "-q", *told.split()])
    assert kept.read_text(encoding="utf-8") == ENGLISH.read_text(encoding="utf-8")


def test_what_the_tablet_fetches_is_the_catalogue() -> None:
    english = catalogue()
    (served,) = STATIC.glob("en-*.json")
    assert json.loads(served.read_text(encoding="utf-8")) == {
        key: english.get(text, key).string for key, text in VIETNAMESE.items()
    }
    (served,) = STATIC.glob("vi-*.json")
    assert json.loads(served.read_text(encoding="utf-8")) == VIETNAMESE
    assert served.name in (STATIC / "index.html").read_text(encoding="utf-8")


def test_no_sentence_is_taken_before_the_catalogue_is_there() -> None:
    early = re.compile(r"^(?:export )?const (?:(?!=>).)*\bt\(", re.MULTILINE)
    assert [file.name for file in (TEXTS.parent).rglob("*.ts") if early.search(file.read_text())] == []
