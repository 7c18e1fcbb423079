"""Keys in tokens, on SoftHSM2."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pkcs11
import pytest
from pkcs11.constants import TokenFlag
from pyhanko.pdf_utils.reader import PdfFileReader

from reports.signing import token as tokens_module
from reports.signing.signing_errors import (
    NoPrivateKeyError,
    SigningError,
    TokenCertificateMissingError,
    TokenFailedError,
    TokenKeyMissingError,
    TokenMissingError,
    TokenModuleMissingError,
    TokenPinError,
    TokenPinLockedError,
)
from reports.signing.token import TokenKey, load_token_signer
from reports.verifying.verify import verify_pdf
from tests.reports.signing_kit import NOW, plain_pdf, sign
from tests.reports.tokens import LEADER, ODD, PIN, PLAIN, drawer, module, place


def loaded(where, pin=PIN):
    return load_token_signer(where, pin, now=NOW)


def judged(data):
    return verify_pdf(data, roots=[drawer()["root"]], at=NOW)


@pytest.mark.parametrize(
    ("where", "holder"),
    [
        ({"label": "ky"}, "Lanh dao"),
        ({"key_id": "02"}, "Con dau"),
        ({"label": "cong", "key_id": "03"}, "Khoa EC"),
        ({"token": PLAIN}, "Mot khoa"),
    ],
)
def test_a_key_of_a_token_signs(where, holder):
    signer = loaded(place(**where))
    report = judged(sign(plain_pdf(), signer=signer, name="", organisation=""))
    assert (report.valid, report.trusted, report.unchanged, report.level) == (True, True, True, "B-B")
    assert (report.signers[0].name, signer.name) == (holder, holder)


def test_the_chain_goes_into_the_file_and_nothing_else_of_the_token():
    data = sign(plain_pdf(), signer=loaded(place(label="ky")))
    found = PdfFileReader(io.BytesIO(data)).embedded_signatures[0].signed_data["certificates"]
    assert sorted(one.chosen.subject.native["common_name"] for one in found) == ["Cap duoi HSM", "Goc HSM", "Lanh dao"]


def test_a_lost_session_is_opened_anew_once():
    signer = loaded(place(label="ky"))
    signer.engine.pkcs11_session.close()
    assert judged(sign(plain_pdf(), signer=signer)).valid


def test_two_keys_of_a_token_outlive_a_lost_session():
    first, second = loaded(place(label="ky")), loaded(place(label="dau"))
    first.engine.pkcs11_session.close()
    for signer in (second, first, second):
        assert judged(sign(plain_pdf(), signer=signer)).valid


def test_many_threads_sign_with_two_keys_of_one_token():
    keys = [loaded(place(label="ky")), loaded(place(label="dau"))]
    with ThreadPoolExecutor(max_workers=4) as pool:
        files = list(pool.map(lambda number: sign(plain_pdf(), signer=keys[number % 2]), range(8)))
    assert all(judged(data).valid for data in files)


def test_a_session_that_cannot_be_opened_again_is_told(monkeypatch):
    signer = loaded(place(label="ky"))
    signer.engine.pkcs11_session.close()
    monkeypatch.setattr(tokens_module._Token, "_found", lambda _self: (_ for _ in ()).throw(pkcs11.TokenNotPresent()))
    with pytest.raises(TokenMissingError, match="hãy cắm lại rồi ký lại"):
        sign(plain_pdf(), signer=signer)
    monkeypatch.undo()
    assert judged(sign(plain_pdf(), signer=signer)).valid


@pytest.mark.parametrize(
    ("where", "error", "sentence"),
    [
        (lambda: TokenKey(module().with_name("khong-co.so"), LEADER), TokenModuleMissingError, "cài phần mềm"),
        (lambda: TokenKey(Path("/etc/os-release"), LEADER), TokenModuleMissingError, "đúng đường dẫn"),
        (lambda: place("nhan la"), TokenMissingError, "hãy cắm token"),
        (lambda: place(label="khong co"), TokenKeyMissingError, "không có khoá “khong co”"),
        (place, TokenKeyMissingError, "có 3 khoá"),
        (lambda: place(ODD, key_id="11"), TokenCertificateMissingError, "nạp chứng thư vào thiết bị"),
        (lambda: place(ODD, key_id="12"), NoPrivateKeyError, "không thuộc khoá đã chọn"),
    ],
    ids=["no module", "no library", "no token", "no key", "several keys", "no certificate", "another certificate"],
)
def test_what_is_missing_is_said(where, error, sentence):
    with pytest.raises(error, match=sentence):
        loaded(where())


def test_a_wrong_pin_is_tried_once_only(monkeypatch):
    # An open session needs no PIN.
    for held in tokens_module._tokens.values():
        held.forget()
    token = tokens_module._Token(module(), PLAIN)
    tries = []
    real = token._found
    monkeypatch.setattr(token, "_found", lambda: Counted(real(), tries))
    for _ in range(3):
        with pytest.raises(TokenPinError, match="không tự thử lại"):
            token.session("000000")
    assert tries == ["000000"]
    assert token.session(PIN) is not None
    token.forget()


class Counted:
    """A token that notes which PINs it was given."""

    def __init__(self, real, tries):
        self.real, self.tries, self.flags = real, tries, real.flags

    def open(self, user_pin=None):
        self.tries.append(user_pin)
        return self.real.open(user_pin=user_pin)


def test_a_locked_token_is_given_no_pin(monkeypatch):
    # SoftHSM never locks: the flag that real tokens raise is put on.
    token = tokens_module._Token(module(), PLAIN)
    monkeypatch.setattr(token, "_found", lambda: SimpleNamespace(flags=TokenFlag.USER_PIN_LOCKED))
    with pytest.raises(TokenPinLockedError, match="mở khoá thiết bị"):
        token.session(PIN)


def test_other_errors_of_a_token_are_ours_too(monkeypatch):
    signer = loaded(place(label="ky"))

    def broken(*_, **__):
        raise pkcs11.MechanismInvalid

    monkeypatch.setattr(signer.engine, "_sign_now", broken)
    with pytest.raises(TokenFailedError, match="MechanismInvalid") as error:
        sign(plain_pdf(), signer=signer)
    assert isinstance(error.value, SigningError)
