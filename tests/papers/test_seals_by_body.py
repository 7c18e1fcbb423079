"""Each issuing body seals with its own certificate; another body's is refused."""

from __future__ import annotations

from datetime import date, timedelta

import orjson
import pytest
from click.testing import CliRunner

from app.cli import main
from app.conclusions.issue import issue
from app.config import SealPlace, load_config
from app.errors import ConfigurationError
from app.ops.jobs import run_jobs
from app.papers.registering import register
from app.papers.seals import ForeignSealError, all_seals, ending_seals, is_of, seal_key
from reports.signing.keys import make_test_key
from tests.conftest import World

DAY = date(2026, 11, 20)
BODY = {"id": "doan", "name": "Đoàn kiểm tra", "letterhead": "ĐOÀN KIỂM TRA"}
HEADING = "CHỮ KÝ THỬ NGHIỆM"


@pytest.fixture
def office(inspected: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The installation's seal is a Sở's; a Thanh tra beside it has one of its own."""
    here = inspected.installation
    (here.path / "keys/mk").write_text("mat-khau")
    for name, holder in (("so", "SỞ NỘI VỤ"), ("tt", "THANH TRA TỈNH")):
        make_test_key(here.path / f"keys/{name}.p12", "mat-khau", now=here.clock(), holder=holder)
    other = {**here.journal().value("issuer/doan"), "name": "Thanh tra tỉnh", "letterhead": "THANH TRA TỈNH"}
    here.journal().write(inspected.who("an"), "issuer/thanh-tra", other, supersedes=[])
    inspected.monkeypatch = monkeypatch
    own = SealPlace(key="keys/tt.p12", password_file="keys/mk", holder=f"{HEADING} - THANH TRA TỈNH")
    configure(inspected, {"doan": SealPlace(holder=f"{HEADING} - Sở Nội vụ"), "thanh-tra": own})
    return inspected


def configure(world: World, seals: dict[str, SealPlace]) -> None:
    default = {"seal_key": "keys/so.p12", "seal_password_file": "keys/mk", "seals": seals}
    changed = world.installation.config.model_copy(update=default)
    world.monkeypatch.setattr(world.installation, "config", changed)


def sealed_by(world: World) -> str:
    document = issue(world.installation, "cuoc-1", world.who("an")).document
    register(world.installation, "cuoc-1", document, world.who("van"), number=7, issued_on=DAY)
    value = world.installation.journal().value(f"inspection/cuoc-1/document/{document}")
    return value["state"]


def test_each_body_has_its_own_seal_and_the_key_stays_open(office: World):
    here, now = office.installation, office.clock.now
    other = {**BODY, "id": "thanh-tra", "name": "Thanh tra tỉnh"}
    first, second = seal_key(here, now, BODY), seal_key(here, now, other)
    assert (first.name, second.name) == (f"{HEADING} - SỞ NỘI VỤ", f"{HEADING} - THANH TRA TỈNH")
    assert seal_key(here, now, BODY) is first
    assert seal_key(here, now, other) is second


def test_another_bodys_seal_is_refused_and_nothing_is_written(office: World, browser):
    configure(office, {})
    document = issue(office.installation, "cuoc-1", office.who("an")).document
    before = office.installation.journal().store.head().seq
    with pytest.raises(ForeignSealError, match=r"không phải của «Đoàn kiểm tra».*\[seals\.doan\]"):
        register(office.installation, "cuoc-1", document, office.who("van"), number=7, issued_on=DAY)
    assert office.installation.journal().store.head().seq == before

    clerk = browser("van")
    assert "không phải của «Đoàn kiểm tra»" in clerk.get("/vao-so").text
    answered = clerk.post(f"/vao-so/cuoc-1/{document}", number="7", issued_on="20/11/2026")
    assert answered.status_code == 422
    assert 'value="20/11/2026"' in answered.text


def test_the_installations_seal_serves_a_body_that_may_use_it(office: World):
    assert sealed_by(office) == "registered"


def test_a_certificate_that_ends_soon_is_told_at_night(office: World):
    assert ending_seals(office.installation) == []
    office.clock.now += timedelta(days=380)
    told = run_jobs(office.installation).problems
    assert sum("SỞ NỘI VỤ» hết hạn ngày" in one for one in told) == 1
    assert sum("THANH TRA TỈNH» hết hạn ngày" in one for one in told) == 1


@pytest.mark.parametrize(
    ("name", "holder", "ours"),
    [
        ("ĐOÀN  KIỂM TRA", "", True),
        ("Sở Nội vụ", "", False),
        ("Đoàn kiểm tra số 2", "", False),
        ("", "", False),
        ("Uỷ ban nhân dân tỉnh", "Ủy ban nhân dân tỉnh", True),
        ("Đoàn kiểm tra", "Sở Nội vụ", False),
        ("Sơ Nội vụ", "Sở Nội vụ", False),
    ],
)
def test_a_certificate_belongs_to_the_body_that_it_names(name: str, holder: str, *, ours: bool):
    assert is_of(name, BODY, SealPlace(holder=holder)) is ours


def test_the_command_tells_whose_seal_can_be_put_on(office: World):
    found = {one.issuer: (one.where, bool(one.problem)) for one in all_seals(office.installation)}
    assert found == {"doan": ("shared", False), "thanh-tra": ("own", False)}
    (office.installation.path / "config.toml").write_text(
        '[seals.doan]\nkey = "keys/tt.p12"\npassword_file = "keys/mk"\n[seals.khong-co]\nholder = "X"\n'
    )
    answered = CliRunner().invoke(main, ["seal", "list", "--json", "--instance", str(office.installation.path)])
    told = {one["issuer"]: one for one in orjson.loads(answered.stdout)}
    assert answered.exit_code == 1
    assert "không phải của «Đoàn kiểm tra»" in told["doan"]["problem"]
    assert told["thanh-tra"]["where"] == "test"
    assert "Không có cơ quan ban hành mã «khong-co»" in told["khong-co"]["problem"]


@pytest.mark.parametrize(
    ("text", "environment", "sentence"),
    [
        ('[seals.a]\nkey = "k"\ntoken = "T"\ntoken_module = "m"', {}, r"chỉ ghi một trong hai mục seals\.a\.key"),
        ('[seals.a]\ntoken = "T"', {}, r"seals\.a\.token_module và seals\.a\.token phải ghi cả hai"),
        ('[seals.a]\npassword = "lộ"', {}, r"seals\.a\.password"),
        ("", {"KIEMTRA_SEALS": "{"}, "KIEMTRA_SEALS không đúng cú pháp JSON"),
    ],
)
def test_settings_that_cannot_be_are_told(tmp_path, text, environment, sentence):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=sentence):
        load_config(tmp_path / "config.toml", environment)


def test_the_environment_gives_seals_as_json(tmp_path):
    (tmp_path / "config.toml").write_text("")
    config = load_config(tmp_path / "config.toml", {"KIEMTRA_SEALS": '{"so": {"key": "keys/so.p12"}}'})
    assert (config.seal_place("so").key, config.seal_place("khac").key) == ("keys/so.p12", "")
