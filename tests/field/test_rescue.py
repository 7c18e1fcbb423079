"""The rescue file at the office: taken whole, taken twice without a double, and never trusted further than a tablet."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from app.cli import main
from app.errors import NotFoundError, TooLargeError
from app.evidence.storage import EvidenceStorage
from app.field import rescue
from app.field.rescue import ForeignFileError, RescueReport, TornFileError, import_rescue
from app.identity import Identity
from tests.browser.field_kit import photo
from tests.conftest import World, answer_value, make_entry

ITEM = "niem-yet.tthc-du-so-luong"
ANSWER = f"inspection/cuoc-1/answer/{ITEM}@mot-cua"
RED, BLUE = photo("red"), photo("blue")


def made(entries: list[Any], files: list[bytes], /, **changes: Any) -> bytes:
    """A file as a tablet writes it."""
    head = {
        "format": "kiemtra-rescue-1",
        "inspection": "cuoc-1",
        "account": "binh",
        "device": "may-1",
        "made_at": "2026-11-22T01:00:00.000Z",
        "entries": [{**entry, "state": "saved"} if isinstance(entry, dict) else entry for entry in entries],
        "evidence": [{"sha256": sha256(one).hexdigest(), "type": "image/jpeg", "size": len(one)} for one in files],
        **changes,
    }
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return line + b"\n" + sha256(line).hexdigest().encode() + b"\n" + b"".join(files)


def evidence_entry(author: str, data: bytes, name: str = "anh-1") -> dict[str, Any]:
    file = {"sha256": sha256(data).hexdigest(), "size": len(data), "type": "image/jpeg"}
    return make_entry(
        f"inspection/cuoc-1/evidence/{name}", {"kind": "anh", "item": ITEM, "site": "mot-cua", "file": file}, author
    )


def day_of_work(world: World) -> list[dict[str, Any]]:
    """What Bình's tablet made: answers of Bình and of An, a note, two photos."""
    an, binh = world.accounts["an"], world.accounts["binh"]
    return [
        make_entry(ANSWER, answer_value("dat"), binh),
        make_entry(ANSWER.replace("mot-cua", "trang"), answer_value("chua_dat"), an),
        make_entry(f"inspection/cuoc-1/note/{ITEM}/ghi-1", {"kind": "nhan_xet", "text": "Bảng cũ"}, binh),
        evidence_entry(binh, RED, "anh-1"),
        evidence_entry(an, BLUE, "anh-2"),
    ]


def take(world: World, data: bytes, writer: Identity | None = None) -> RescueReport:
    return import_rescue(world.installation, io.BytesIO(data), writer or world.system())


def kept(world: World) -> tuple[int, int, int]:
    """How many entries, files and quarantined entries there are."""
    db = world.installation.database()
    return tuple(
        db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("entries", "files", "quarantine")
    )


@pytest.fixture(autouse=True)
def inspection(world: World) -> None:
    world.setup()


@pytest.mark.parametrize("who", ["system", "mai", "an", "binh"])
def test_a_file_is_taken_whole_and_the_second_time_changes_nothing(world: World, who: str) -> None:
    writer = world.system() if who == "system" else world.who(who)
    data = made(day_of_work(world), [RED, BLUE])
    first = take(world, data, writer)
    assert first.whole
    assert (first.stored, first.known, first.evidence_stored, first.evidence_known) == (5, 0, 2, 0)
    after = kept(world)
    second = take(world, data, writer)
    assert second.whole
    assert (second.stored, second.known, second.evidence_stored, second.evidence_known) == (0, 5, 0, 2)
    assert kept(world) == after
    storage = EvidenceStorage(world.installation.evidence_path, world.installation.database(), world.clock)
    assert storage.read(sha256(RED).hexdigest())[0] == RED
    [answer] = world.installation.journal().current(ANSWER)
    assert answer.author == world.accounts["binh"]


def test_a_damaged_photo_is_named_and_the_rest_is_taken(world: World) -> None:
    data = made(day_of_work(world), [RED, BLUE])
    torn = data.replace(RED, RED[:100] + bytes([RED[100] ^ 1]) + RED[101:])
    report = take(world, torn)
    assert [one.sha256 for one in report.damaged] == [sha256(RED).hexdigest()]
    assert "SHA-256" in report.damaged[0].message
    assert (report.stored, report.evidence_stored) == (5, 1)
    assert take(world, data).evidence_stored == 1


def test_a_file_cut_among_its_photos_says_which_are_missing(world: World) -> None:
    report = take(world, made(day_of_work(world), [RED, BLUE])[:-10])
    assert [one.sha256 for one in report.damaged] == [sha256(BLUE).hexdigest()]
    assert "bị cắt" in report.damaged[0].message
    assert (report.stored, report.evidence_stored) == (5, 1)


def test_what_follows_the_last_photo_is_said(world: World) -> None:
    report = take(world, made(day_of_work(world), [RED]) + b"more")
    assert "phần thừa" in report.damaged[0].message
    assert not report.whole


def test_a_photo_over_the_limit_and_a_program_are_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    large, program = b"\xff\xd8" + b"0" * 20_000, b"MZ" + b"0" * 100
    small = world.installation.config.model_copy(update={"evidence_bytes": 10_000})
    monkeypatch.setattr(world.installation, "config", small)
    report = take(world, made([], [large, program, RED]))
    assert [one.sha256 for one in report.damaged] == [sha256(large).hexdigest(), sha256(program).hexdigest()]
    assert report.evidence_stored == 1


def test_a_cut_or_changed_head_writes_nothing(world: World) -> None:
    data = made(day_of_work(world), [RED])
    line = data.index(b"\n")
    before = kept(world)
    changed = data.replace(b'"dat"', b'"chua_dat"')
    for broken in (data[: line // 2], data[:line], data[: line + 1], data[: line + 30], changed):
        with pytest.raises(TornFileError, match="chưa nạp gì"):
            take(world, broken)
    for wrong in ({"entries": {}}, {"evidence": [{"sha256": "../x", "type": "", "size": 1}]}, {"inspection": "a/b"}):
        with pytest.raises(TornFileError):
            take(world, made([], [], **wrong))
    with pytest.raises(TornFileError):
        take(world, made([], [], evidence=[{"sha256": "0" * 64, "type": "", "size": -1}]))
    assert kept(world) == before


def test_foreign_newer_and_huge_files_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept(world)
    for foreign in (b"", b"\n", RED, b"PK\x03\x04zip", b'{"format": "khac"}\n'):
        with pytest.raises(ForeignFileError, match="không phải tệp lưu"):
            take(world, foreign)
    with pytest.raises(ForeignFileError, match="mới hơn"):
        take(world, made([], [], format="kiemtra-rescue-2"))
    with pytest.raises(TooLargeError):
        take(world, made([], [], evidence=[{"sha256": "0" * 64, "type": "", "size": 1 << 30}] * 3))
    monkeypatch.setattr(rescue, "HEAD_BYTES", 1000)
    with pytest.raises(TooLargeError):
        take(world, made(day_of_work(world), []))
    assert kept(world) == before


def test_another_delegations_file_or_an_unknown_inspection_writes_nothing(world: World) -> None:
    before = kept(world)
    with pytest.raises(NotFoundError):
        take(world, made(day_of_work(world), [RED]), world.who("chi"))
    with pytest.raises(NotFoundError):
        take(world, made(day_of_work(world), [RED], inspection="cuoc-2"))
    assert kept(world) == before


def test_a_strangers_entries_are_refused_and_the_rest_is_taken(world: World) -> None:
    stranger = make_entry(ANSWER, answer_value("khong_dat"), world.accounts["chi"])
    report = take(world, made([stranger, *day_of_work(world)], [RED, BLUE]))
    assert [(one.id, one.code) for one in report.refused] == [(stranger["id"], "forbidden")]
    assert report.stored == 5


def test_a_settlement_is_its_leads_own(world: World) -> None:
    settled = make_entry(ANSWER, answer_value("dat", settled={"reason": "Đã xem lại"}), world.accounts["an"])
    data = made([settled], [])
    assert take(world, data, world.who("binh")).refused[0].code == "forbidden"
    assert take(world, data).refused[0].code == "forbidden"
    assert take(world, data, world.who("an")).stored == 1


def test_a_made_up_file_changes_no_office_record(world: World) -> None:
    """The command line is an administrator: a file must not become a way to its powers."""
    setup = world.installation.journal().current("inspection/cuoc-1/setup")[0]
    entries = [
        make_entry("inspection/cuoc-1/setup", {**setup.value, "title": "Khác"}, "system", supersedes=[setup.id]),
        make_entry("account/ke-la", {"username": "ke-la", "role": "admin"}, "system"),
        make_entry("inspection/cuoc-2/answer/" + ITEM, answer_value(), world.accounts["an"]),
        make_entry(ANSWER, answer_value(), "system"),
        "không phải ghi nhận",
        {**make_entry(ANSWER, {"x": 2**70}, world.accounts["an"])},
        {**make_entry(ANSWER, answer_value(), world.accounts["an"]), "made_at": "hôm qua"},
    ]
    before = kept(world)
    report = take(world, made(entries, []))
    assert len(report.refused) == 7
    assert (report.stored, kept(world)[0]) == (0, before[0])
    assert world.installation.journal().current("inspection/cuoc-1/setup")[0].id == setup.id


def test_half_a_letter_is_refused_alone(world: World) -> None:
    head = {"format": "kiemtra-rescue-1", "inspection": "cuoc-1", "account": "", "device": "", "made_at": ""}
    bad = make_entry(ANSWER, answer_value(comment="\ud800"), world.accounts["an"])
    text = json.dumps({**head, "entries": [bad, *day_of_work(world)], "evidence": []}, separators=(",", ":")).encode()
    report = take(world, text + b"\n" + sha256(text).hexdigest().encode() + b"\n")
    assert (len(report.refused), report.stored) == (1, 5)


def test_what_the_office_wrote_is_known_in_a_file_that_carries_it(world: World) -> None:
    """A tablet keeps what it pulled, the setup too."""
    pulled = world.installation.journal().store.pull("inspection/cuoc-1", 0, 10)
    fields = ("id", "subject", "v", "value", "author", "device", "made_at", "supersedes")
    report = take(world, made([{name: one[name] for name in fields} for one in pulled], []))
    assert report.whole
    assert report.known == len(pulled) > 0


def test_the_command_reports_for_people_and_programs(world: World, tmp_path: Path) -> None:
    file = tmp_path / "may-1.kiemtra"
    file.write_bytes(made(day_of_work(world), [RED, BLUE]))
    command = ["inspection", "rescue", str(file), "--instance", str(world.installation.path)]
    first = CliRunner().invoke(main, [*command, "--json"])
    assert first.exit_code == 0
    report = json.loads(first.output)
    assert report["entries"] == {"stored": 5, "known": 0, "refused": []}
    assert report["evidence"] == {"stored": 2, "known": 0, "damaged": []}
    assert "0 mới, 5 đã có" in CliRunner().invoke(main, command).output
    file.write_bytes(file.read_bytes()[:-10])
    cut = CliRunner().invoke(main, command)
    assert cut.exit_code == 1
    assert sha256(BLUE).hexdigest() in cut.output
    file.write_bytes(b"other")
    foreign = CliRunner().invoke(main, command)
    assert foreign.exit_code == 1
    assert foreign.stderr.count("\n") == 1
    assert "không phải tệp lưu" in foreign.stderr


@pytest.fixture
def page(app: Flask, world: World) -> Callable[[str], FlaskClient]:
    app.config["WTF_CSRF_ENABLED"] = False

    def signed_in(username: str) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as session:
            session.update(account=world.accounts[username], epoch=1)
        return client

    return signed_in


def test_the_page_takes_a_file_and_says_what_became_of_it(world: World, page: Callable[[str], FlaskClient]) -> None:
    def send(username: str, data: bytes) -> Any:
        return page(username).post("/cuoc-kiem-tra/nap-tep", data={"file": (io.BytesIO(data), "may-1.kiemtra")})

    assert "/cuoc-kiem-tra/nap-tep" in page("binh").get("/cuoc-kiem-tra/").text
    assert page("binh").get("/cuoc-kiem-tra/nap-tep").status_code == 200
    data = made(day_of_work(world), [RED, BLUE])
    good = send("binh", data)
    assert good.status_code == 200
    assert "Đã nạp đủ tệp" in good.text
    assert "5 mới, 0 đã có" in good.text
    stranger = make_entry(ANSWER, answer_value("khong_dat"), world.accounts["chi"])
    part = send("binh", made([stranger], [])).text
    assert "Đã nạp một phần" in part
    assert "người đó cần tự đăng nhập" in part
    for username, body, status, sentence in (
        ("binh", b"other", 422, "không phải tệp lưu"),
        ("binh", data[:200], 422, "chưa nạp gì"),
        ("chi", data, 404, "không phải là thành viên"),
    ):
        refused = send(username, body)
        assert refused.status_code == status
        assert sentence in refused.text
    missing = page("binh").post("/cuoc-kiem-tra/nap-tep", data={})
    assert missing.status_code == 400
    assert "Hãy chọn tệp" in missing.text
