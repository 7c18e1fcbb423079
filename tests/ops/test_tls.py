"""The server with a certificate: HTTPS only, a Secure cookie, and a clear refusal of files that do not fit."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.cli import main
from tests.server import free_port, kiemtra

PASSWORD = "mat-khau-thu"


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kiemtra thử")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = tmp_path / "server.pem", tmp_path / "server.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def test_it_serves_over_tls_with_a_secure_cookie(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    instance, port = tmp_path / "instance", free_port()
    kiemtra("init", instance=instance)
    add = ("account", "add", "--username", "an", "--role", "lead", "--password-stdin")
    kiemtra(*add, instance=instance, text=PASSWORD)
    command = [
        str(Path(sys.executable).with_name("kiemtra")),
        "serve",
        "--instance",
        str(instance),
        "--port",
        str(port),
    ]
    command += ["--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1])]
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    with subprocess.Popen(command) as process:
        try:
            body = json.dumps({"username": "an", "password": PASSWORD}).encode()
            sign_in = Request(f"https://127.0.0.1:{port}/api/session", body, {"Content-Type": "application/json"})
            _wait(port, trusting)
            with urlopen(sign_in, context=trusting, timeout=10) as answered:
                cookie = answered.headers["Set-Cookie"]
                assert "Strict-Transport-Security" in answered.headers
        finally:
            process.terminate()
    assert all(mark in cookie for mark in ("Secure", "HttpOnly", "SameSite=Lax"))


def _wait(port: int, context: ssl.SSLContext) -> None:
    for _ in range(200):
        try:
            with urlopen(f"https://127.0.0.1:{port}/healthz", context=context, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")


def test_files_that_do_not_fit_are_refused(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    instance = str(tmp_path / "instance")
    for arguments, said in (
        (("--tls-cert", str(certificate[0])), "--tls-key"),
        (("--tls-cert", str(certificate[1]), "--tls-key", str(certificate[0])), "PEM"),
        (("--tls-cert", str(tmp_path / "khong-co.pem"), "--tls-key", str(certificate[1])), "khong-co.pem"),
    ):
        result = CliRunner().invoke(main, ["serve", "--instance", instance, *arguments])
        assert result.exit_code == 1
        assert said in result.stderr
