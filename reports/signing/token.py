"""Keys that never leave a token or an HSM: PKCS#11, opened once and held, reopened once if it was lost.

Rules that this module keeps:

- one thread at a time talks to a module: not every maker's is safe with several;
- a wrong PIN is tried once and never again by itself: a few tries lock the token for good;
- keys of one token share its session, for logging in counts for the whole token;
- the certificate is that of the key: a trial signature is held against it before anything else is signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import pkcs11
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pkcs11 import Attribute, ObjectClass
from pkcs11.constants import TokenFlag
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.signing.blocking import run_to_end
from reports.signing.keys import Signer, check_certificate
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
    UnusableKeyError,
)

T = TypeVar("T")

# After these the session is gone, or what it held; a new one may well work.
_LOST = (
    pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed,
    pkcs11.KeyHandleInvalid,
    pkcs11.ObjectHandleInvalid,
    pkcs11.UserNotLoggedIn,
    pkcs11.DeviceRemoved,
    pkcs11.DeviceError,
    pkcs11.TokenNotPresent,
    pkcs11.GeneralError,
    pkcs11.FunctionFailed,
)
_LOCK = RLock()
_TRIAL = b"kiemtra: trial of a key"


@dataclass(frozen=True)
class TokenKey:
    """Where a key lies.

    Attributes:
        module: the maker's PKCS#11 library (.so, .dll).
        token: the token's label.
        label: the key's label; empty if ``key_id`` names it, or if the token has but one key.
        key_id: the key's CKA_ID, hexadecimal; likewise.
    """

    module: Path
    token: str
    label: str = ""
    key_id: str = ""


class _Token:
    """One token's session. All calls come under the lock."""

    def __init__(self, module: Path, label: str) -> None:
        self.module, self.label = module, label
        self._session: Any = None
        self._refused = b""

    def session(self, pin: str) -> Any:
        if self._session is None:
            self._session = self._opened(pin)
        return self._session

    def forget(self) -> None:
        """Let go of a session that is lost; what it says to that does not matter any more."""
        session, self._session = self._session, None
        try:
            if session is not None:
                session.close()
        except pkcs11.PKCS11Error:
            return

    def _opened(self, pin: str) -> Any:
        token = self._found()
        if TokenFlag.USER_PIN_LOCKED in token.flags:
            raise _pin_locked(self.label)
        offered = hashlib.sha256(pin.encode()).digest()
        if offered == self._refused:
            raise _wrong_pin(self.label)
        try:
            return token.open(user_pin=pin)
        except pkcs11.UserAlreadyLoggedIn:
            return token.open()
        except pkcs11.PinLocked as error:
            raise _pin_locked(self.label) from error
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
            self._refused = offered
            raise _wrong_pin(self.label) from error

    def _found(self) -> Any:
        if not self.module.is_file():
            raise _no_module(self.module)
        try:
            library = pkcs11.lib(str(self.module))
        except (pkcs11.PKCS11Error, OSError) as error:
            raise _no_module(self.module) from error
        for slot in library.get_slots(token_present=True):
            try:
                token = slot.get_token()
            except pkcs11.PKCS11Error:  # another token's trouble
                continue
            if token.label == self.label:
                return token
        raise TokenMissingError(
            f"Không thấy thiết bị ký (token) có nhãn “{self.label}”; hãy cắm token và kiểm tra nhãn trong cấu hình."
        )


_tokens: dict[tuple[Path, str], _Token] = {}


class _TokenEngine(PKCS11Signer):
    """pyHanko's signer on a held session; a lost session is opened anew once."""

    def __init__(self, place: TokenKey, pin: str) -> None:
        self._place, self._pin = place, pin
        self._token = _tokens.setdefault((place.module, place.token), _Token(place.module, place.token))
        session = self._token.session(pin)
        key = _only_key(session, place)
        leaf, chain = _certificates(session, place, bytes(key[Attribute.ID]))
        super().__init__(
            session,
            signing_cert=leaf,
            # It proves nothing of itself, but closes the chain: no certificate in the file can be altered unnoticed.
            embed_roots=True,
            # Not every token hashes for EC keys; the hash is made here and the token signs it.
            use_raw_mechanism=leaf.public_key.algorithm == "ec",
        )
        # The library would put the leaf among the others too, and so into the file twice.
        self._cert_registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        self._cert_registry.register_multiple(chain)
        self._key_handle, self._loaded = key, True

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002
        if dry_run:
            return bytes(await super().async_sign_raw(data, digest_algorithm, dry_run=True))
        return self._told(lambda: self._signed(data, digest_algorithm))

    def _signed(self, data: bytes, digest_algorithm: str) -> bytes:
        try:
            return self._sign_now(data, digest_algorithm)
        except _LOST:
            self._token.forget()
            return self._sign_now(data, digest_algorithm)

    def _sign_now(self, data: bytes, digest_algorithm: str) -> bytes:
        session = self._token.session(self._pin)
        if session is not self.pkcs11_session or self._key_handle is None:
            self.pkcs11_session, self._key_handle = session, _only_key(session, self._place)
        spec = self._select_pkcs11_signing_params(digest_algorithm, sign_kwargs={})
        ready = spec.pre_sign_transform(data) if spec.pre_sign_transform else data
        signature = self._key_handle.sign(ready, **spec.sign_kwargs)
        return bytes(spec.post_sign_transform(signature) if spec.post_sign_transform else signature)

    def _told(self, work: Callable[[], T]) -> T:
        with _LOCK:
            return _in_our_words(work, self._place.token)


def load_token_signer(place: TokenKey, pin: str, *, now: datetime | None = None) -> Signer:
    """Open a token and find its key and certificate.

    Args:
        place: which token, which key in it.
        pin: opens it.
        now: the moment of signing; None where the signer is held, and asked (``check_time``) before each signature.

    Raises:
        TokenModuleMissingError: the maker's library is not there or is none.
        TokenMissingError: no token of that label is plugged in.
        TokenPinError: the PIN is wrong; it is not tried again.
        TokenPinLockedError: the token is locked.
        TokenKeyMissingError, TokenCertificateMissingError: it has no such key, or no certificate of it.
        NoPrivateKeyError: the certificate is another key's.
        TokenFailedError: anything else that the token says.
        UnusableKeyError: the certificate may not be used for signing.
        CertificateExpiredError, CertificateNotYetValidError: its time is over or has not come.
    """
    with _LOCK:
        engine = _in_our_words(lambda: _TokenEngine(place, pin), place.token)
    certificate = x509.load_der_x509_certificate(engine.signing_cert.dump())
    check_certificate(certificate, f"thiết bị ký “{place.token}”")
    _prove(engine, certificate, place.token)
    signer = Signer(certificate=certificate, engine=engine)
    if now is not None:
        signer.check_time(now)
    return signer


def _only_key(session: Any, place: TokenKey) -> Any:
    """The private key of that label or id, or the token's only one."""
    wanted: dict[Attribute, Any] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    if place.label:
        wanted[Attribute.LABEL] = place.label
    if place.key_id:
        wanted[Attribute.ID] = bytes.fromhex(place.key_id)
    found = list(session.get_objects(wanted))
    if len(found) == 1:
        return found[0]
    which = place.label or place.key_id
    if found:
        raise TokenKeyMissingError(
            f"Thiết bị ký “{place.token}” có {len(found)} khoá; hãy ghi nhãn hoặc mã của đúng một khoá trong cấu hình."
        )
    raise TokenKeyMissingError(
        f"Thiết bị ký “{place.token}” không có khoá “{which}”; hãy kiểm tra nhãn hoặc mã khoá trong cấu hình."
        if which
        else f"Thiết bị ký “{place.token}” chưa có khoá nào; hãy nhờ nơi cấp nạp khoá và chứng thư."
    )


def _certificates(
    session: Any, place: TokenKey, key_id: bytes
) -> tuple[asn1_x509.Certificate, list[asn1_x509.Certificate]]:
    """The key's certificate (same CKA_ID, else same label) and, of the others, those of its chain."""
    objects = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
    others = [asn1_x509.Certificate.load(bytes(one[Attribute.VALUE])) for one in objects]
    own = [one for one in objects if key_id and bytes(one[Attribute.ID]) == key_id]
    own = own or [one for one in objects if place.label and one[Attribute.LABEL] == place.label]
    if not own:
        raise TokenCertificateMissingError(
            f"Thiết bị ký “{place.token}” không có chứng thư của khoá này; hãy nhờ nơi cấp nạp chứng thư vào thiết bị."
        )
    leaf = asn1_x509.Certificate.load(bytes(own[0][Attribute.VALUE]))
    return leaf, _chain(leaf, others)


def _chain(leaf: asn1_x509.Certificate, others: list[asn1_x509.Certificate]) -> list[asn1_x509.Certificate]:
    """Upwards from the leaf, as far as the token knows; other keys' certificates stay out of the file."""
    found: list[asn1_x509.Certificate] = []
    above: asn1_x509.Certificate | None = leaf
    while above is not None and above.issuer != above.subject:
        issuer = above.issuer
        above = next((one for one in others if one.subject == issuer and one not in found), None)
        if above is not None:
            found.append(above)
    return found


def _prove(engine: _TokenEngine, certificate: x509.Certificate, token: str) -> None:
    """Hold a trial signature against the certificate.

    Raises:
        NoPrivateKeyError: the certificate is another key's.
    """
    signature = run_to_end(engine.async_sign_raw(_TRIAL, "sha256"))
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, _TRIAL, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, _TRIAL, ec.ECDSA(hashes.SHA256()))
        else:
            raise UnusableKeyError(f"Khoá trong thiết bị ký “{token}” không phải RSA hoặc EC; hãy dùng khoá khác.")
    except InvalidSignature as error:
        raise NoPrivateKeyError(
            f"Chứng thư trong thiết bị ký “{token}” không thuộc khoá đã chọn; hãy kiểm tra nhãn hoặc mã khoá."
        ) from error


def _in_our_words(work: Callable[[], T], token: str) -> T:
    try:
        return work()
    except SigningError:
        raise
    except (pkcs11.PinLocked, pkcs11.PinExpired) as error:
        raise _pin_locked(token) from error
    except (pkcs11.TokenNotPresent, pkcs11.DeviceRemoved, pkcs11.TokenNotRecognised) as error:
        raise TokenMissingError(
            f"Thiết bị ký “{token}” vừa bị rút ra hoặc không đọc được; hãy cắm lại rồi ký lại."
        ) from error
    except pkcs11.PKCS11Error as error:
        raise TokenFailedError(
            f"Thiết bị ký “{token}” báo lỗi {type(error).__name__}; hãy rút ra cắm lại, nếu vẫn lỗi thì báo nơi cấp."
        ) from error


def _no_module(module: Path) -> TokenModuleMissingError:
    return TokenModuleMissingError(
        f"Không mở được thư viện PKCS#11 “{module}”; hãy cài phần mềm của thiết bị ký và ghi đúng đường dẫn "
        "trong cấu hình."
    )


def _wrong_pin(token: str) -> TokenPinError:
    return TokenPinError(
        f"PIN của thiết bị ký “{token}” không đúng; hãy sửa tệp PIN. Máy chủ không tự thử lại để thiết bị khỏi bị khoá."
    )


def _pin_locked(token: str) -> TokenPinLockedError:
    return TokenPinLockedError(
        f"PIN của thiết bị ký “{token}” đã bị khoá hoặc hết hạn; hãy liên hệ nơi cấp để mở khoá thiết bị."
    )
