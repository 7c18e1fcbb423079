"""Signing keys: a throw-away test key, and the key of a PKCS#12 file, loaded once and held.

Promise: a `Signer` is ready to sign, its certificate is valid at the moment it was loaded for, and whoever
asks can tell a test key from a real one by the certificate alone. Limit: whether a certificate has been
revoked is not asked here (that needs a network), and the key lies in the process's memory while it is held.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_cms import Signer as CmsSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.signing.signing_errors import (
    BrokenKeyFileError,
    CertificateExpiredError,
    CertificateNotYetValidError,
    KeyFileExistsError,
    KeyFileMissingError,
    NoPrivateKeyError,
    UnusableKeyError,
    WrongKeyPasswordError,
)

TEST_MARK = "CHỮ KÝ THỬ NGHIỆM"
VIETNAM = timezone(timedelta(hours=7))

# Longer-lived leaf certificates are refused by some verifiers.
_LEAF_DAYS = 397
_ROOT_DAYS = 3650
# RSA because NSS (pdfsig), OpenSSL and the agencies' own tools all read it, and because an EC key would make
# pyHanko raise the file to PDF 2.0, which PDF/A-3 does not know.
_RSA_BITS = 3072
_LEAST_RSA_BITS = 2048
_MAX_KEY_FILE = 1024 * 1024

_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def name_of(certificate: x509.Certificate) -> str:
    """The holder's common name, in NFC; empty where the certificate has none."""
    return _attribute(certificate.subject, NameOID.COMMON_NAME)


def organisation_of(certificate: x509.Certificate) -> str:
    """The holder's organisation, in NFC; empty where the certificate has none."""
    return _attribute(certificate.subject, NameOID.ORGANIZATION_NAME)


def is_test_certificate(certificate: x509.Certificate) -> bool:
    """Whether subject or issuer say that this is a test certificate."""
    texts = (str(a.value) for name in (certificate.subject, certificate.issuer) for a in name)
    return any(TEST_MARK in _nfc(text).upper() for text in texts)


@dataclass(frozen=True)
class Signer:
    """A key ready to sign. Load it once and keep it: opening the file costs more than a signature.

    Attributes:
        certificate: the holder's certificate.
        engine: what makes the CMS signature; a token's engine fits here as well as a file's.
    """

    certificate: x509.Certificate
    engine: CmsSigner = field(repr=False)

    @property
    def name(self) -> str:
        """The holder's name, as the certificate has it."""
        return name_of(self.certificate)

    @property
    def organisation(self) -> str:
        """The holder's organisation, as the certificate has it."""
        return organisation_of(self.certificate)

    @property
    def is_test(self) -> bool:
        """Whether this key only makes test signatures."""
        return is_test_certificate(self.certificate)

    @property
    def expires(self) -> datetime:
        """The last moment at which the certificate is valid, UTC."""
        return self.certificate.not_valid_after_utc

    def check_time(self, at: datetime) -> None:
        """Refuse a moment outside the certificate's validity.

        Raises:
            CertificateExpiredError: the moment is after its end.
            CertificateNotYetValidError: the moment is before its start.
        """
        _check_time(self.certificate, at)


class _HeldKeySigner(SimpleSigner):
    """pyHanko's signer with the key kept open: its own opens and checks the key anew for every signature."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate, others: list[x509.Certificate]) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([translate_pyca_cryptography_cert_to_asn1(c) for c in others])
        super().__init__(
            signing_cert=translate_pyca_cryptography_cert_to_asn1(certificate),
            signing_key=translate_pyca_cryptography_key_to_asn1(key),
            cert_registry=store,
            # It proves nothing of itself, but closes the chain: no certificate in the file can be altered unnoticed.
            embed_roots=True,
        )
        self._key = key

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        algorithm = _DIGESTS[digest_algorithm]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))


def root_path_of(path: Path) -> Path:
    """Where the root certificate of a test key lies: beside it, as PEM."""
    return path.with_suffix(".root.pem")


def make_test_key(path: Path, password: str, *, now: datetime, holder: str = "") -> Path:
    """Make a throw-away key whose certificate says plainly that it is one.

    The root signs one certificate and its key is then forgotten. The key file is readable by its owner only.

    Args:
        path: the PKCS#12 file to be; it must not exist.
        password: protects the file.
        now: start of validity; the certificate lives 397 days.
        holder: what the certificate's name says after the test mark, e.g. whose seal it stands for.

    Returns:
        The path of the root certificate (PEM), which may be put among the trust roots of a test instance.

    Raises:
        KeyFileExistsError: there is already a file at that place.
    """
    if path.exists():
        raise _already_there(path)
    root_key, leaf_key = _new_rsa_key(), _new_rsa_key()
    root = _certificate(_test_name(f"{TEST_MARK} - Gốc"), root_key, root_key, now=now, issuer=None)
    subject = _test_name(f"{TEST_MARK} - {holder}" if holder else TEST_MARK)
    leaf = _certificate(subject, leaf_key, root_key, now=now, issuer=root)
    packed = pkcs12.serialize_key_and_certificates(
        TEST_MARK.encode(), leaf_key, leaf, [root], BestAvailableEncryption(_password_bytes(password))
    )
    # The root first: where there is a key there is its root, even after a crash between the two.
    root_path = root_path_of(path)
    root_path.unlink(missing_ok=True)
    _write_new(root_path, root.public_bytes(Encoding.PEM), mode=0o644)
    _write_new(path, packed, mode=0o600)
    return root_path


def load_signer(path: Path, password: str, *, now: datetime | None = None) -> Signer:
    """Open a PKCS#12 file (.p12, .pfx) and check that its key may sign.

    Args:
        path: the file.
        password: opens it.
        now: the moment of signing; None where the signer is held, and asked (``check_time``) before each signature.

    Raises:
        KeyFileMissingError: no such file, or it may not be read.
        BrokenKeyFileError: it is no PKCS#12 file.
        WrongKeyPasswordError: the password does not open it.
        NoPrivateKeyError: it holds no private key with its certificate.
        UnusableKeyError: the kind or length of key, or the certificate's purpose, does not allow signing.
        CertificateExpiredError, CertificateNotYetValidError: its time is over or has not come.
    """
    key, certificate, others = _open_pkcs12(_read_key_file(path), password, path.name)
    _check_use(key, certificate, path.name)
    if now is not None:
        _check_time(certificate, now)
    return Signer(certificate=certificate, engine=_HeldKeySigner(key, certificate, others))


def _read_key_file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_KEY_FILE + 1)
    except OSError as error:
        raise KeyFileMissingError(
            f"Không đọc được tệp khoá ký “{path.name}”; hãy kiểm tra đường dẫn trong cấu hình và quyền đọc tệp."
        ) from error
    if len(data) > _MAX_KEY_FILE:
        raise _broken(path.name)
    return data


def _open_pkcs12(data: bytes, password: str, name: str) -> tuple[PrivateKey, x509.Certificate, list[x509.Certificate]]:
    if not _looks_like_pkcs12(data):
        raise _broken(name)
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, _password_bytes(password))
    except UnsupportedAlgorithm as error:
        raise UnusableKeyError(
            f"Tệp khoá “{name}” dùng cách mã hoá cũ không còn được hỗ trợ; hãy xuất lại tệp .p12 với mã hoá AES-256."
        ) from error
    except (ValueError, TypeError) as error:
        raise WrongKeyPasswordError(
            f"Mật khẩu không mở được tệp khoá “{name}”; hãy kiểm tra mật khẩu trong cấu hình, "
            "nếu vẫn không được thì tệp đã hỏng và cần xuất lại."
        ) from error
    if key is None or certificate is None:
        raise NoPrivateKeyError(
            f"Tệp “{name}” không có khoá bí mật kèm chứng thư; hãy xuất lại tệp .p12 và chọn kèm khoá bí mật."
        )
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise UnusableKeyError(f"Khoá trong tệp “{name}” không phải RSA hoặc EC; hãy dùng chứng thư khác để ký.")
    return key, certificate, others


def _looks_like_pkcs12(data: bytes) -> bool:
    """Tell a damaged file from a wrong password: the outermost layer is readable without one."""
    try:
        outer = asn1_pkcs12.Pfx.load(data, strict=True)
        return outer["version"].native == "v3" and bool(outer["auth_safe"]["content_type"].native)
    except (ValueError, TypeError, KeyError):
        return False


def _check_use(key: PrivateKey, certificate: x509.Certificate, name: str) -> None:
    if _spki(key) != certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo):
        raise NoPrivateKeyError(
            f"Khoá bí mật trong tệp “{name}” không thuộc chứng thư đi kèm; hãy xuất lại tệp .p12 từ đúng chứng thư."
        )
    check_certificate(certificate, f"tệp “{name}”")


def check_certificate(certificate: x509.Certificate, where: str) -> None:
    """Refuse a certificate whose key is too short or that is not meant for signing; ``where`` is told in the sentence.

    Raises:
        UnusableKeyError: with the reason.
    """
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _LEAST_RSA_BITS:
        raise UnusableKeyError(
            f"Khoá RSA {key.key_size} bit trong {where} quá ngắn; hãy dùng chứng thư có khoá từ 2048 bit."
        )
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    except ValueError as error:
        raise UnusableKeyError(f"Chứng thư trong {where} bị hỏng; hãy nhờ nơi cấp cấp lại chứng thư.") from error
    if not (usage.digital_signature or usage.content_commitment):
        raise UnusableKeyError(f"Chứng thư trong {where} không dành để ký; hãy chọn chứng thư chữ ký số.")


def _check_time(certificate: x509.Certificate, at: datetime) -> None:
    if at > certificate.not_valid_after_utc:
        raise CertificateExpiredError(
            f"Chứng thư “{name_of(certificate)}” đã hết hạn ngày {day_of(certificate.not_valid_after_utc)}; "
            "hãy thay tệp khoá bằng chứng thư còn hạn rồi ký lại."
        )
    if at < certificate.not_valid_before_utc:
        raise CertificateNotYetValidError(
            f"Chứng thư “{name_of(certificate)}” chỉ có hiệu lực từ ngày "
            f"{day_of(certificate.not_valid_before_utc)}; hãy kiểm tra đồng hồ của máy chủ."
        )


def _new_rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)


def _test_name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{TEST_MARK} - không có giá trị pháp lý"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    subject: x509.Name,
    key: rsa.RSAPrivateKey,
    signed_with: rsa.RSAPrivateKey,
    *,
    now: datetime,
    issuer: x509.Certificate | None,
) -> x509.Certificate:
    start = now.astimezone(UTC).replace(microsecond=0)
    is_root = issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=_ROOT_DAYS if is_root else _LEAF_DAYS) - timedelta(seconds=1))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(_key_usage(is_root=is_root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_with.public_key()), critical=False)
    )
    return builder.sign(signed_with, hashes.SHA256())


def _key_usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_cert_sign=is_root,
        crl_sign=is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write_new(path: Path, data: bytes, *, mode: int) -> None:
    """Write a file that was not there; a half-written one does not stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise _already_there(path) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _already_there(path: Path) -> KeyFileExistsError:
    return KeyFileExistsError(
        f"Đã có tệp “{path.name}” nên không tạo khoá thử nghiệm đè lên; hãy chuyển tệp cũ đi trước."
    )


def _broken(name: str) -> BrokenKeyFileError:
    return BrokenKeyFileError(
        f"Tệp “{name}” không phải tệp khoá PKCS#12 hoặc đã hỏng; hãy chép lại tệp .p12 (.pfx) gốc vào thư mục khoá."
    )


def _password_bytes(password: str) -> bytes:
    return _nfc(password).encode("utf-8")


def _spki(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _attribute(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return next((_nfc(str(a.value)) for a in name.get_attributes_for_oid(oid)), "")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def day_of(moment: datetime) -> str:
    """The day in Viet Nam, as people write it."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y")
