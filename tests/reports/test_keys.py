import stat
import unicodedata
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from reports.signing.keys import TEST_MARK, is_test_certificate, load_signer, make_test_key, root_path_of
from reports.signing.signing_errors import (
    BrokenKeyFileError,
    CertificateExpiredError,
    CertificateNotYetValidError,
    KeyFileExistsError,
    KeyFileMissingError,
    NoPrivateKeyError,
    SigningError,
    UnusableKeyError,
    WrongKeyPasswordError,
)
from tests.reports.signing_kit import NOW, PASSWORD, key_file, signer


def own_certificate(key, *, name="Nguyễn Văn Ánh", usage=None):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=30))
    )
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    return builder


def pack(path, key, certificate):
    encryption = BestAvailableEncryption(PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"k", key, certificate, None, encryption))
    return path


def key_usage(**set_bits):
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"]
    names += ["key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{name: set_bits.get(name, False) for name in names})


def test_a_test_key_says_so_in_subject_and_issuer():
    certificate = signer().certificate
    assert TEST_MARK in certificate.subject.rfc4514_string()
    assert TEST_MARK in certificate.issuer.rfc4514_string()
    assert signer().is_test
    assert signer().name == TEST_MARK


def test_a_test_key_lives_at_most_397_days_and_starts_now():
    certificate = signer().certificate
    assert certificate.not_valid_before_utc == NOW
    assert certificate.not_valid_after_utc - NOW < timedelta(days=397)


def test_the_key_file_is_its_owners_only():
    assert stat.S_IMODE(key_file()[0].stat().st_mode) == 0o600


def test_the_root_lies_beside_and_signed_the_certificate():
    path, root_path = key_file()
    root = x509.load_pem_x509_certificate(root_path.read_bytes())
    assert root_path == root_path_of(path)
    signer().certificate.verify_directly_issued_by(root)


def test_an_existing_key_is_never_overwritten(tmp_path):
    path = tmp_path / "k.p12"
    path.write_bytes(b"precious")
    with pytest.raises(KeyFileExistsError, match="không tạo khoá thử nghiệm đè lên"):
        make_test_key(path, PASSWORD, now=NOW)
    assert path.read_bytes() == b"precious"


def test_the_password_opens_the_file_in_either_unicode_form():
    decomposed = unicodedata.normalize("NFD", PASSWORD)
    assert decomposed != PASSWORD
    assert load_signer(key_file()[0], decomposed, now=NOW).is_test


def test_a_wrong_password_is_told_from_a_broken_file(tmp_path):
    with pytest.raises(WrongKeyPasswordError, match="Mật khẩu không mở được tệp khoá"):
        load_signer(key_file()[0], "sai", now=NOW)
    broken = tmp_path / "hong.p12"
    for data in (b"", b"hello", key_file()[0].read_bytes()[:-100], b"\x30\x00"):
        broken.write_bytes(data)
        with pytest.raises(BrokenKeyFileError, match="hoặc đã hỏng; hãy chép lại"):
            load_signer(broken, PASSWORD, now=NOW)


def test_a_huge_file_is_not_read_to_its_end(tmp_path):
    huge = tmp_path / "to.p12"
    huge.write_bytes(key_file()[0].read_bytes() + bytes(2 * 1024 * 1024))
    with pytest.raises(BrokenKeyFileError):
        load_signer(huge, PASSWORD, now=NOW)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(KeyFileMissingError, match="hãy kiểm tra đường dẫn trong cấu hình"):
        load_signer(tmp_path / "khong-co.p12", PASSWORD, now=NOW)


def test_a_file_without_private_key_is_told(tmp_path):
    path = pack(tmp_path / "k.p12", None, signer().certificate)
    with pytest.raises(NoPrivateKeyError, match="không có khoá bí mật kèm chứng thư"):
        load_signer(path, PASSWORD, now=NOW)


@pytest.mark.parametrize(
    ("days", "error", "sentence"),
    [
        (398, CertificateExpiredError, "đã hết hạn ngày 24/12/2027"),
        (-1, CertificateNotYetValidError, "chỉ có hiệu lực từ ngày 22/11/2026"),
    ],
)
def test_a_certificate_out_of_its_time_is_told(days, error, sentence):
    with pytest.raises(error, match=sentence):
        load_signer(key_file()[0], PASSWORD, now=NOW + timedelta(days=days))


def test_keys_that_may_not_sign_are_refused(tmp_path):
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    weak = pack(tmp_path / "weak.p12", short, own_certificate(short).sign(short, hashes.SHA256()))
    with pytest.raises(UnusableKeyError, match="RSA 1024 bit"):
        load_signer(weak, PASSWORD, now=NOW)
    edwards = ed25519.Ed25519PrivateKey.generate()
    other = pack(tmp_path / "ed.p12", edwards, own_certificate(edwards).sign(edwards, None))
    with pytest.raises(UnusableKeyError, match="không phải RSA hoặc EC"):
        load_signer(other, PASSWORD, now=NOW)


def test_a_certificate_for_another_purpose_is_refused(tmp_path):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = own_certificate(key, usage=key_usage(key_encipherment=True)).sign(key, hashes.SHA256())
    with pytest.raises(UnusableKeyError, match="không dành để ký"):
        load_signer(pack(tmp_path / "k.p12", key, certificate), PASSWORD, now=NOW)


def test_a_real_certificate_is_not_taken_for_a_test_one(tmp_path):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = own_certificate(key, usage=key_usage(digital_signature=True)).sign(key, hashes.SHA256())
    loaded = load_signer(pack(tmp_path / "k.p12", key, certificate), PASSWORD, now=NOW)
    assert not loaded.is_test
    assert loaded.name == "Nguyễn Văn Ánh"
    decomposed = unicodedata.normalize("NFD", TEST_MARK.lower())
    assert is_test_certificate(own_certificate(key, name=decomposed).sign(key, hashes.SHA256()))


def test_every_failure_has_a_code_of_its_own():
    codes = [error.code for error in SigningError.__subclasses__()]
    assert len(set(codes)) == len(codes)
    assert "signing" not in codes
