"""A drawer of tokens: SoftHSM2 with keys of an agency, made once for a test process."""

import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import Attribute, ObjectClass
from pkcs11.constants import CertificateType

from reports.signing.token import TokenKey
from tests.reports.agency import certificate

PIN = "246810"
LEADER, SEAL, ODD, PLAIN = "So Noi vu - ky", "So Noi vu - dau", "thieu", "mot khoa"
_PLACES = (Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"))


def module() -> Path:
    found = next((path for path in _PLACES if path.exists()), None)
    assert found, "softhsm2 is not installed (see .ci/system-packages)"
    return found


@cache
def drawer() -> dict[str, x509.Certificate]:
    """Tokens: one with two keys and an intermediate, one with an EC key, one with odd things, one with one key.

    The module reads its settings and its tokens when it is first loaded, so everything is made before that.
    """
    folder = Path(tempfile.mkdtemp(prefix="kiemtra-token-"))
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    root_key, between_key, leader, seal, stray, plain = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(6)
    )
    curve = ec.generate_private_key(ec.SECP256R1())
    made = {
        "root": certificate("Goc HSM", root_key, "Goc HSM", root_key, ca=True),
        "between": certificate("Cap duoi HSM", between_key, "Goc HSM", root_key, ca=True),
        "leader": certificate("Lanh dao", leader, "Cap duoi HSM", between_key, ca=False),
        "seal": certificate("Con dau", seal, "Cap duoi HSM", between_key, ca=False),
        "plain": certificate("Mot khoa", plain, "Goc HSM", root_key, ca=False),
        "curve": certificate("Khoa EC", curve, "Goc HSM", root_key, ca=False),
        "other": certificate("Khoa khac", root_key, "Goc HSM", root_key, ca=False),
    }
    for label in (LEADER, ODD, PLAIN):
        _util("--init-token", "--free", "--label", label, "--so-pin", "13579", "--pin", PIN)
    for label, name, key_id, key in (
        (LEADER, "ky", "01", leader),
        (LEADER, "dau", "02", seal),
        (LEADER, "cong", "03", curve),
        (ODD, "khong chung thu", "11", stray),
        (ODD, "chung thu khac", "12", stray),
        (PLAIN, "khoa", "21", plain),
    ):
        _import(folder, label, name, key_id, key)
    _put(
        LEADER,
        ("ky", "01", made["leader"]),
        ("dau", "02", made["seal"]),
        ("cong", "03", made["curve"]),
        ("trung gian", "", made["between"]),
        ("goc", "", made["root"]),
    )
    _put(ODD, ("chung thu khac", "12", made["other"]))
    _put(PLAIN, ("khoa", "21", made["plain"]))
    return made


def place(token: str = LEADER, label: str = "", key_id: str = "") -> TokenKey:
    drawer()
    return TokenKey(module(), token, label, key_id)


def session_of(token: str, pin: str | None = PIN, *, rw: bool = False):
    drawer()
    return _token(token).open(rw=rw, user_pin=pin)


def _token(label):
    return next(
        slot.get_token()
        for slot in pkcs11.lib(str(module())).get_slots(token_present=True)
        if slot.get_token().label == label
    )


def _util(*arguments):
    done = subprocess.run(["softhsm2-util", *arguments], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()


def _import(folder, token, name, key_id, key):
    file = folder / "key.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _util("--import", str(file), "--token", token, "--label", name, "--id", key_id, "--pin", PIN)
    file.unlink()


def _put(token, *certificates):
    with _token(token).open(rw=True, user_pin=PIN) as session:
        for label, key_id, one in certificates:
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.LABEL: label,
                    Attribute.ID: bytes.fromhex(key_id),
                    Attribute.SUBJECT: one.subject.public_bytes(),
                    Attribute.VALUE: one.public_bytes(Encoding.DER),
                }
            )
