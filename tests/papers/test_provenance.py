"""What an issued paper says of itself, and how it is held against the journal."""

from __future__ import annotations

import copy
import hashlib
import io
from typing import Any

import orjson
import pytest
from PIL import Image

from app.conclusions.issue import issue
from app.evidence.storage import EvidenceStorage
from app.papers.comparing import JournalOf
from app.papers.provenance import text_hash
from reports.verifying.manifest import manifest_of
from tests.conftest import World

SHORTCOMING = "inspection/cuoc-1/answer/ho-so.tre-han-tren-phan-mem"


def picture_bytes() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(stream, "PNG")
    return stream.getvalue()


PHOTO = picture_bytes()
DIGEST = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def manifest(inspected: World) -> dict[str, Any]:
    here, who = inspected.installation, inspected.who("an")
    EvidenceStorage(here.evidence_path, here.database(), here.clock).put(DIGEST, PHOTO, who.account)
    file = {"sha256": DIGEST, "type": "image/png", "size": len(PHOTO)}
    value = {"kind": "anh", "item": "ho-so.tre-han-tren-phan-mem", "site": None, "file": file}
    here.journal().write(who, "inspection/cuoc-1/evidence/anh-1", value)
    kept = issue(inspected.installation, "cuoc-1", inspected.who("an"))
    found = manifest_of(kept.pdf.read_bytes())
    assert found is not None
    return found


def test_every_sentence_leads_to_people_devices_and_sources(inspected: World, manifest: dict[str, Any]) -> None:
    assert manifest["version"] == 2
    assert manifest["head"]["journal"] == inspected.installation.journal().store.genesis().hex()
    entries = {entry["id"]: entry for entry in manifest["entries"]}
    named = {id_ for part in manifest["paragraphs"] for id_ in part["entries"]} | set(manifest["covers"])
    assert named <= entries.keys()
    assert all(part["sha256"] == text_hash(part["text"]) for part in manifest["paragraphs"])
    told = next(one for one in manifest["findings"] if one["item"] == "ho-so.tre-han-tren-phan-mem")
    assert told["figures"]["tre_han"][0]["source"] == "phan_mem"
    assert told["item_version"] == 1
    author = entries[told["entries"][0]["id"]]["author"]
    assert manifest["people"][author]["account"] == "an"


def test_the_journal_agrees_with_it(inspected: World, manifest: dict[str, Any]) -> None:
    assert JournalOf(inspected.installation).compare(manifest) == []
    assert [DIGEST] in [finding["evidence"] for finding in manifest["findings"]]


def changed(manifest: dict[str, Any], change: Any) -> dict[str, Any]:
    other = copy.deepcopy(manifest)
    change(other, next(one for one in other["findings"] if one["item"] == "ho-so.tre-han-tren-phan-mem"))
    return other


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda _, one: one.update(verdict="dat"), "kết quả trong nhật ký khác với bản kê"),
        (lambda _, one: one.update(item_version=9), "phiên bản của mục trong nhật ký khác"),
        (lambda _, one: one["figures"]["tre_han"][0].update(value="4"), "số liệu hoặc nguồn số liệu"),
        (lambda _, one: one["figures"]["tre_han"][0].update(source="bao_cao"), "số liệu hoặc nguồn số liệu"),
        (lambda _, one: one.update(evidence=["a" * 64]), "1 minh chứng trong bản kê không có trong nhật ký"),
        (lambda all_, _: all_["paragraphs"][0].update(text="Khác."), "không đúng với mã băm"),
        (lambda all_, _: all_["entries"][0].update(device="may-9"), "người ghi hoặc thiết bị khác"),
        (lambda all_, _: all_["covers"].append("0193"), "không có 1 ghi nhận"),
        (lambda all_, _: all_["head"].update(hash="00"), "Chuỗi băm của nhật ký"),
    ],
)
def test_each_difference_is_named(inspected: World, manifest: dict[str, Any], change: Any, sentence: str) -> None:
    told = JournalOf(inspected.installation).compare(changed(manifest, change))
    assert any(sentence in one for one in told), told


def test_a_journal_that_was_altered_is_noticed(inspected: World, manifest: dict[str, Any]) -> None:
    db = inspected.installation.database()
    (text,) = db.execute("SELECT value FROM entries WHERE subject = ?", [SHORTCOMING]).fetchone()
    value = orjson.loads(text) | {"verdict": "dat"}
    with db.conn:
        db.conn.execute("UPDATE entries SET value = ? WHERE subject = ?", [orjson.dumps(value).decode(), SHORTCOMING])
    told = JournalOf(inspected.installation).compare(manifest)
    assert any("kết quả trong nhật ký khác với bản kê" in one for one in told)


def test_papers_of_the_first_version_are_still_read(inspected: World, manifest: dict[str, Any]) -> None:
    first = {key: value for key, value in manifest.items() if key not in {"version", "entries", "people"}}
    first["head"] = {key: value for key, value in first["head"].items() if key != "journal"}
    first["paragraphs"] = [
        {key: value for key, value in part.items() if key != "sha256"} for part in manifest["paragraphs"]
    ]
    journal = JournalOf(inspected.installation)
    assert journal.is_own(first)
    assert journal.compare(first) == []
