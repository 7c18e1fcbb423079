"""The leader's key and the seal's in one token, as the configuration names them."""

from datetime import date

import pytest

from app.conclusions.issue import issue
from app.config import SealPlace, load_config
from app.errors import ConfigurationError
from app.papers.issuing import issued_file
from app.papers.registering import register
from app.papers.signing import signing_key
from app.papers.verifying import verify_document
from reports.signing.signing_errors import PinFileOpenError, TokenPinError
from tests.conftest import World
from tests.reports.signing_kit import pem
from tests.reports.tokens import LEADER, PIN, drawer, module


@pytest.fixture
def office(inspected: World, monkeypatch: pytest.MonkeyPatch) -> World:
    keys = inspected.installation.path / "keys"
    (keys / "goc.pem").write_bytes(pem(drawer()["root"]))
    (keys / "pin").write_text(PIN + "\n")
    (keys / "pin").chmod(0o600)
    place = {"token_module": str(module()), "token": LEADER, "password_file": "keys/pin"}
    own = SealPlace(**place, token_key="dau", holder="Con dau")
    settings = {"trust_roots": ["keys/goc.pem"], "seals": {"doan": own}, "signing_token_key": "ky"}
    settings |= {f"signing_{name}": text for name, text in place.items()}
    monkeypatch.setattr(inspected.installation, "config", inspected.installation.config.model_copy(update=settings))
    return inspected


def test_a_paper_is_signed_and_sealed_with_a_token(office: World):
    issued = issue(office.installation, "cuoc-1", office.who("an"))
    register(office.installation, "cuoc-1", issued.document, office.who("van"), number=7, issued_on=date(2026, 11, 20))
    value = office.installation.journal().value(f"inspection/cuoc-1/document/{issued.document}")
    report = verify_document(office.installation, issued_file(office.installation, value["sha256"], "pdf")).report
    assert (report.valid, report.trusted, report.unchanged, report.matches_journal) == (True, True, True, True)
    assert [one.name for one in report.signers] == ["Lanh dao", "Con dau"]


def test_the_key_is_held_between_signatures(office: World):
    now = office.installation.clock()
    assert signing_key(office.installation, now) is signing_key(office.installation, now)


def test_a_pin_that_others_may_read_is_refused(office: World):
    (office.installation.path / "keys" / "pin").chmod(0o640)
    with pytest.raises(PinFileOpenError, match="chmod 600 pin"):
        signing_key(office.installation, office.installation.clock())


def test_a_pin_file_that_is_not_there_is_told(office: World):
    (office.installation.path / "keys" / "pin").unlink()
    with pytest.raises(ConfigurationError, match="signing_password_file"):
        signing_key(office.installation, office.installation.clock())


def test_a_wrong_pin_writes_nothing(office: World):
    # Another label's session, so that the PIN is really asked for.
    (office.installation.path / "keys" / "pin").write_text("111111")
    from reports.signing import token  # noqa: PLC0415

    for held in token._tokens.values():
        held.forget()
    before = office.installation.journal().store.head().seq
    with pytest.raises(TokenPinError):
        issue(office.installation, "cuoc-1", office.who("an"))
    assert office.installation.journal().store.head().seq == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('signing_key = "a.p12"\nsigning_token = "T"\nsigning_token_module = "m"', "chỉ ghi một trong hai mục"),
        ('seal_token = "T"', "phải ghi cả hai"),
        ('signing_token_key_id = "xyz"', "signing_token_key_id"),
        ('tsa_url = "ftp://x"', "tsa_url"),
        ('revocation_hosts = ["http://x/"]', "revocation_hosts"),
    ],
)
def test_settings_that_contradict_each_other_are_told(tmp_path, text, sentence):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=sentence):
        load_config(tmp_path / "config.toml", {})
