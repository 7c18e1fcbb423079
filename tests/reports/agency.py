"""An agency with its own key and its own tools: pyHanko's command and poppler's pdfsig with an NSS database."""

import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "agency"
NAME = "So Noi vu"
# Outside tools sign by the wall clock: the key must hold whenever the tests run.
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2070, 1, 1, tzinfo=UTC)


@cache
def agency() -> Path:
    """The agency's folder: PKCS#12, its password's file, its root, and an NSS database with the key."""
    folder = Path(tempfile.mkdtemp(prefix="kiemtra-agency-"))
    root_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    root = certificate("Goc", root_key, "Goc", root_key, ca=True)
    leaf = certificate(NAME, key, "Goc", root_key, ca=False)
    packed = pkcs12.serialize_key_and_certificates(
        NAME.encode(), key, leaf, [root], BestAvailableEncryption(PASSWORD.encode())
    )
    (folder / "agency.p12").write_bytes(packed)
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "password").write_text(PASSWORD)
    run("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    run("pk12util", "-i", folder / "agency.p12", "-d", f"sql:{folder}", "-W", PASSWORD, "-K", "")
    return folder


def certificate(name, key, issuer, issuer_key, *, ca):
    def named(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    usage |= {"digital_signature": not ca, "content_commitment": not ca, "key_cert_sign": ca, "crl_sign": ca}
    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FIRST)
        .not_valid_after(LAST)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def run(*command):
    assert shutil.which(str(command[0])), f"{command[0]} is not installed"
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()


def by_pyhanko(pdf: bytes, field: str) -> bytes:
    """Signed with ``pyhanko sign addsig`` in a field that is there."""
    folder = agency()
    (folder / "in.pdf").write_bytes(pdf)
    command = [sys.executable, "-m", "pyhanko", "sign", "addsig", "--field", field, "--existing-only", "--use-pades"]
    run(
        *command,
        "pkcs12",
        "--passfile",
        folder / "password",
        folder / "in.pdf",
        folder / "out.pdf",
        folder / "agency.p12",
    )
    return (folder / "out.pdf").read_bytes()


def by_poppler(pdf: bytes, field: str) -> bytes:
    """Signed with ``pdfsig -sign`` in a field that is there."""
    folder = agency()
    (folder / "in.pdf").write_bytes(pdf)
    (folder / "out.pdf").unlink(missing_ok=True)
    command = ["pdfsig", "-nssdir", folder, "-nss-pwd", "", folder / "in.pdf", folder / "out.pdf"]
    run(*command, "-sign", field, "-nick", NAME)
    return (folder / "out.pdf").read_bytes()
