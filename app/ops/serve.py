"""The server: Granian, one process with several threads (SQLite has one writer), TLS by certificate files."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app.errors import ConfigurationError
from app.installation import Installation, default_path
from app.ops.logs import setup_logging

# More than there are cores: a tablet on a poor network keeps one busy while its bytes come in.
THREADS = 16


def make_application() -> Flask:
    """The WSGI application of the instance in ``KIEMTRA_INSTANCE``; called in the server's worker."""
    from app.application import create_app  # noqa: PLC0415 (the command line need not load the web application)

    installation = Installation.create(default_path())
    setup_logging(installation.path / "log")
    return create_app(installation, tls=os.environ.get("KIEMTRA_TLS") == "1")


def serve(instance: Path, host: str, port: int, certificate: Path | None, key: Path | None) -> None:
    """Serve until stopped.

    Raises:
        ConfigurationError: the certificate and key do not fit or cannot be read.
    """
    if (certificate is None) != (key is None):
        raise ConfigurationError("Cần cả --tls-cert và --tls-key, hoặc không dùng cả hai.")
    if certificate is not None and key is not None:
        _check_certificate(certificate, key)
    os.environ["KIEMTRA_INSTANCE"] = str(instance.resolve())
    os.environ["KIEMTRA_TLS"] = "1" if certificate else "0"
    Granian(
        "app.ops.serve:make_application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        websockets=False,
        ssl_cert=certificate,
        ssl_key=key,
    ).serve()


def _check_certificate(certificate: Path, key: Path) -> None:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"Không dùng được chứng thư «{certificate}» với khóa «{key}»: {error}. Hãy kiểm tra hai tệp PEM này."
        ) from error
