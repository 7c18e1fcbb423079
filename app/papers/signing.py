"""The keys of an installation and the two signatures on a paper: the leader's, then the body's seal.

Keys stay open between signatures. A picture of a signature or a seal is a PNG in ``keys/``, named by the issuing
body's entry; where none is named, the stamp tells in words.
"""

from __future__ import annotations

import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from app.clock import VIETNAM, local_date
from app.config import KeyPlace
from app.errors import ConfigurationError
from app.files import write_atomically
from app.installation import Installation
from reports.document import Document
from reports.rendering.form import LEADER, SEAL, TEXT_FIELDS, FormPlan, figures
from reports.rendering.layout import document_title
from reports.rendering.pdf import render_pdf
from reports.rendering.pdfa import to_pdfa
from reports.rendering.pictures import PhotoLoader
from reports.signing.keys import TEST_MARK, Signer, load_signer, make_test_key
from reports.signing.sign import empty_fields, fill_fields, sign_pdf
from reports.signing.signing_errors import PinFileOpenError
from reports.signing.timestamps import TimeStampService
from reports.signing.token import TokenKey, load_token_signer
from reports.verifying.manifest import MANIFEST_NAME

TEST_KEY = "keys/test-signer.p12"
TEST_PASSWORD = "keys/test-signer.password"  # noqa: S105 (a file's name)
TRIAL_SEAL = f"{TEST_MARK} - CON DẤU"
TEST_SEAL = "keys/test-seal.p12"
TEST_SEAL_PASSWORD = "keys/test-seal.password"  # noqa: S105 (likewise)

_making, _opening = Lock(), Lock()
# The leader's key and the seals of all issuing bodies stay open.
_HELD = 64


@dataclass(frozen=True)
class Prepared:
    """A paper ready for its signatures: PDF/A-3b with the manifest and the empty fields."""

    pdf: bytes
    document: Document


def prepare(document: Document, now: datetime, photo_loader: PhotoLoader | None = None) -> Prepared:
    """Draw a paper that nothing but its fields may be changed of any more."""
    rendered = render_pdf(document, photo_loader=photo_loader)
    manifest = orjson.dumps(document.manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    archived = to_pdfa(
        rendered.bytes,
        title=document_title(document),
        author=" ".join(document.letterhead.body.split()),
        created=now.astimezone(VIETNAM),
        attachments={MANIFEST_NAME: manifest},
        form=FormPlan.of(rendered, numbered=document.number is not None),
    )
    return Prepared(archived, document)


def signed(
    prepared: Prepared,
    signer: Signer,
    now: datetime,
    image: bytes | None = None,
    service: TimeStampService | None = None,
) -> bytes:
    """The paper with the leader's signature, which certifies it.

    Raises:
        SigningError: the key or the picture cannot be used, or the service gave no time stamp.
    """
    place = prepared.document.letterhead.place
    return sign_pdf(prepared.pdf, signer, at=now, field_name=LEADER, location=place, image=image, service=service)


def sealed(  # noqa: PLR0913 (each is a fact of the seal)
    pdf: bytes,
    signer: Signer,
    now: datetime,
    *,
    body: str,
    number: int | None,
    day: date | None,
    image: bytes | None = None,
    service: TimeStampService | None = None,
) -> bytes:
    """The signed paper with number and date in their fields and, in the same update, the body's seal.

    Raises:
        SigningError: the key or the picture cannot be used, the file has no empty field for the seal, or the service
            gave no time stamp.
    """
    values = blanks_of(pdf, number, day)
    return sign_pdf(
        pdf, signer, at=now, field_name=SEAL, organisation=body, image=image, fill=values, seal=True, service=service
    )


def numbered(pdf: bytes, number: int, day: date) -> bytes:
    """The signed paper with number and date in their fields, for a seal that is put on elsewhere.

    Raises:
        SigningError: the file cannot be filled in.
    """
    return fill_fields(pdf, blanks_of(pdf, number, day))


def blanks_of(pdf: bytes, number: int | None, day: date | None) -> dict[str, str]:
    """The values of those text fields that the file has and that are still empty."""
    empty = empty_fields(pdf)
    return {name: text for name, text in figures(number, day).items() if name in empty}


def takes_seal(pdf: bytes) -> bool:
    """Whether the file has an empty field for the seal; those issued by earlier versions have none."""
    return SEAL in empty_fields(pdf)


def takes_number(pdf: bytes) -> bool:
    """Whether number and date are still to be filled in."""
    return any(name in empty_fields(pdf) for name in TEXT_FIELDS)


def picture(installation: Installation, owner: Mapping[str, Any], name: str) -> bytes | None:
    """The PNG that a signer (``signature_image``) or a body (``seal_image``) names; None where none is named.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    file = owner.get(name) or ""
    if not file:
        return None
    try:
        return (installation.path / "keys" / file).read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"Không đọc được ảnh «{file}» trong thư mục keys; hãy chép ảnh PNG nền trong suốt vào đó "
            "hoặc bỏ tên ảnh khỏi thông tin cơ quan ban hành."
        ) from error


def signing_key(installation: Installation, now: datetime) -> Signer:
    """The configured key of the leader (file or token), or the test key; opened once and held.

    Raises:
        ConfigurationError: the password's file cannot be read.
        SigningError: the key cannot be opened or may not sign now.
    """
    place = installation.config.signing_place
    if not place.is_set:
        # A password's file of one's own may stand beside the test key.
        place = KeyPlace(key=TEST_KEY, password_file=place.password_file or TEST_PASSWORD)
    return open_key(installation, place, "signing_", now)


def open_key(installation: Installation, place: KeyPlace, settings: str, now: datetime) -> Signer:
    """The key of a place, opened once and held; ``settings`` is the prefix of its settings' names.

    Raises:
        ConfigurationError: the password's file cannot be read.
        SigningError: the key cannot be opened or may not sign now.
    """
    if place.token:
        return _in_token(installation, place, settings, now)
    names = f"{settings}key và {settings}password_file"
    return _held(installation, place.key, place.password_file, now, names)


def trial_seal(installation: Installation, now: datetime) -> Signer:
    """The installation's own seal for trying; made at first use."""
    _make_test_seal(installation, now)
    return open_key(installation, KeyPlace(key=TEST_SEAL, password_file=TEST_SEAL_PASSWORD), "seal_", now)


def _make_test_seal(installation: Installation, now: datetime) -> None:
    """Once, when the first seal is put on; its root is trusted where the test key's is."""
    with _making:
        if installation.resolve(TEST_SEAL).exists():
            return
        password = secrets.token_urlsafe(24)
        write_atomically(installation.resolve(TEST_SEAL_PASSWORD), password.encode(), mode=0o600)
        make_test_key(installation.resolve(TEST_SEAL), password, now=now, holder="CON DẤU")


def _held(installation: Installation, key_name: str, password_name: str, now: datetime, settings: str) -> Signer:
    key, password = installation.resolve(key_name), installation.resolve(password_name)
    try:
        stamp = (key.stat().st_mtime_ns, password.stat().st_mtime_ns)
    except OSError as error:
        raise _unreadable(error, settings) from error
    signer = _opened(key, password, stamp)
    signer.check_time(now)
    return signer


def _unreadable(error: OSError, settings: str) -> ConfigurationError:
    return ConfigurationError(
        f"Không đọc được khóa ký hoặc tệp mật khẩu «{Path(error.filename or '').name}»; "
        f"hãy kiểm tra {settings} trong config.toml."
    )


@lru_cache(maxsize=_HELD)
def _opened(key: Path, password: Path, _changed: tuple[int, int]) -> Signer:
    """Keyed by the files' times: a replaced key is opened anew."""
    return load_signer(key, _secret(password))


def _in_token(installation: Installation, place: KeyPlace, settings: str, now: datetime) -> Signer:
    """The leader's or a seal's key in its token."""
    pin = installation.resolve(place.password_file)
    try:
        facts = pin.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise IsADirectoryError(0, "", str(pin))
    except OSError as error:
        raise _unreadable(error, f"{settings}password_file (tệp PIN)") from error
    if facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PinFileOpenError(
            f"Tệp PIN «{pin.name}» đang để người khác đọc được; hãy chạy: chmod 600 {pin.name} rồi ký lại."
        )
    key = TokenKey(installation.resolve(place.token_module), place.token, place.token_key, place.token_key_id)
    with _opening:
        signer = _in_token_opened(key, pin, facts.st_mtime_ns, local_date(now))
    signer.check_time(now)
    return signer


@lru_cache(maxsize=_HELD)
def _in_token_opened(place: TokenKey, pin: Path, _changed: int, _day: date) -> Signer:
    """As for files, and anew each day: a token may have got a new certificate. What it refuses is asked again."""
    return load_token_signer(place, _secret(pin))


def _secret(path: Path) -> str:
    return path.read_text("utf-8").strip("\r\n")
