"""Time stamps for signatures: asked for at the configured service, and never in the way of a signature."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from cryptography import x509

from app.errors import ConfigurationError
from app.installation import Installation
from app.network import Door, NotAllowedError, basic, host_of
from reports.signing.archive import archive
from reports.signing.revocation import Fetch
from reports.signing.signing_errors import SigningError
from reports.signing.timestamps import TimeStampService
from reports.verifying.verdict import Report
from reports.verifying.verify import judge, load_trust_roots, report_on, roots_as_der

LEVEL = "B-B"
# Nobody waits at night: a busy service may take minutes.
PATIENCE = 180
_STAMP_BYTES = 256 * 1024
_LIST_BYTES = 20 * 1024 * 1024
_LIST_SECONDS = 30

log = logging.getLogger(__name__)


def time_stamps(installation: Installation, timeout: float | None = None) -> TimeStampService | None:
    """The configured service; None where there is none.

    Args:
        installation: whose configuration.
        timeout: seconds for one time stamp; by default as configured, short enough to be waited for.

    Raises:
        ConfigurationError: the file with its password cannot be read.
    """
    config = installation.config
    if not config.tsa_url:
        return None
    door = Door([host_of(config.tsa_url)], timeout=timeout or config.tsa_timeout, limit=_STAMP_BYTES)
    headers = {
        "Content-Type": "application/timestamp-query",
        "Accept": "application/timestamp-reply",
        **basic(config.tsa_user, _password(installation)),
    }
    return TimeStampService(lambda question: door.ask(config.tsa_url, question, headers))


def answers(installation: Installation) -> Fetch:
    """Asks certification services, those of the configuration only."""
    door = Door(installation.config.revocation_hosts, timeout=_LIST_SECONDS, limit=_LIST_BYTES)

    silent: set[str] = set()

    def fetch(url: str, question: bytes | None) -> bytes:
        if host_of(url) in silent:
            raise OSError(0, "silent")
        try:
            return door.ask(url, question, {} if question is None else {"Content-Type": "application/ocsp-request"})
        except NotAllowedError:
            raise
        except OSError:
            # It is not waited for again with every further certificate.
            silent.add(host_of(url))
            raise

    return fetch


def with_time_stamp(
    installation: Installation, now: datetime, field: str, sign: Callable[[TimeStampService | None], bytes]
) -> tuple[bytes, str]:
    """A signature with its time stamp, or without one if there is none to be had; and the level really reached.

    Args:
        installation: where the service is configured.
        now: the moment of signing.
        field: the signature's field.
        sign: makes the signature, with a service or without.

    Raises:
        SigningError: the signature itself cannot be made.
    """
    try:
        service = time_stamps(installation)
        if service is None:
            return sign(None), LEVEL
        pdf = sign(service)
        level = levels(judged(installation, pdf, now)).get(field)
    except (SigningError, ConfigurationError) as error:
        # Whatever it was: if the key is at fault, the second attempt says so.
        log.warning("signed without a time stamp: %s", error.message)
        return sign(None), LEVEL
    if level in {None, LEVEL}:
        # It would stay in the file as something that nobody can check.
        log.warning("signed without a time stamp: that of the service does not end at a trusted root")
        return sign(None), LEVEL
    return pdf, level or LEVEL


def under_time_stamp(
    installation: Installation, now: datetime, pdf: bytes, values: Mapping[str, str]
) -> tuple[bytes, Report] | None:
    """Number and date of a paper that gets no seal, covered by a time stamp of the file: nobody signs after them.

    The answers of the certification services are asked for at night. None where there is no time stamp that holds.
    """

    def nobody(_url: str, _question: bytes | None) -> bytes:
        raise OSError(0, "not now")

    try:
        service = time_stamps(installation)
        if service is None:
            return None
        stamped = archive(pdf, roots=roots(installation), at=now, service=service, fetch=nobody, fill=values)
    except (SigningError, ConfigurationError) as error:
        log.warning("number and date not filled in without a time stamp: %s", error.message)
        return None
    verdict = judged(installation, stamped, now)
    return (stamped, verdict) if verdict.valid and verdict.unchanged and verdict.trusted else None


def judged(installation: Installation, pdf: bytes, at: datetime) -> Report:
    """The verdict on a file of our own.

    Raises:
        TrustRootError: a configured root certificate cannot be read.
    """
    return report_on(judge(pdf, roots_as_der(installation.trust_roots()), at), "")


def levels(report: Report) -> dict[str, str | None]:
    """The level of each signature, by its field."""
    return {one.field_name: one.level for one in report.signers}


def roots(installation: Installation) -> Sequence[x509.Certificate]:
    """The configured root certificates.

    Raises:
        TrustRootError: one cannot be read.
    """
    return load_trust_roots(installation.trust_roots())


def _password(installation: Installation) -> str:
    name = installation.config.tsa_password_file
    if not name:
        return ""
    try:
        return installation.resolve(name).read_text("utf-8").strip("\r\n")
    except OSError as error:
        raise ConfigurationError(
            f"Không đọc được tệp mật khẩu «{name}» của dịch vụ cấp dấu thời gian; "
            "hãy kiểm tra tsa_password_file trong config.toml."
        ) from error
