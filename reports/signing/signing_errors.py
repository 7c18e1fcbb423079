"""What can go wrong with keys and signatures: one root, one class per failure, each with its remedy."""

from __future__ import annotations

from typing import ClassVar


class SigningError(Exception):
    """Root of every refusal of this room's keys, stamps and signatures.

    Attributes:
        code: stable identifier for programs, never reused for another meaning.
        status: HTTP status of the answer.
        message: Vietnamese sentence for people, with what to do next.
    """

    code: ClassVar[str] = "signing"
    status: ClassVar[int] = 422

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class KeyFileMissingError(SigningError):
    """There is no key file, or it may not be read."""

    code = "key_file_missing"


class KeyFileExistsError(SigningError):
    """A test key would overwrite a file that is already there."""

    code = "key_file_exists"


class WrongKeyPasswordError(SigningError):
    """The PKCS#12 file is one, but the password does not open it."""

    code = "key_wrong_password"


class BrokenKeyFileError(SigningError):
    """The file is no PKCS#12, or is damaged."""

    code = "key_file_broken"


class NoPrivateKeyError(SigningError):
    """The PKCS#12 file lacks the private key or its certificate."""

    code = "key_without_private_key"


class UnusableKeyError(SigningError):
    """The key or its certificate is of a kind that may not sign documents here."""

    code = "key_unusable"


class TokenModuleMissingError(SigningError):
    """The maker's PKCS#11 library is not there, or is none."""

    code = "token_module_missing"


class TokenMissingError(SigningError):
    """No token of that label is plugged in."""

    code = "token_missing"


class TokenPinError(SigningError):
    """The token refuses the PIN."""

    code = "token_wrong_pin"


class TokenPinLockedError(SigningError):
    """The token takes no PIN any more."""

    code = "token_pin_locked"


class TokenKeyMissingError(SigningError):
    """The token has no such key, or several."""

    code = "token_key_missing"


class TokenCertificateMissingError(SigningError):
    """The token has the key but no certificate of it."""

    code = "token_certificate_missing"


class TokenFailedError(SigningError):
    """The token refuses for a reason of its own."""

    code = "token_failed"


class PinFileOpenError(SigningError):
    """Others than the owner may read the file with the PIN."""

    code = "pin_file_open"


class TimeStampError(SigningError):
    """The time-stamp service gave no token that fits; signing without it stays possible."""

    code = "time_stamp_failed"


class NothingToArchiveError(SigningError):
    """A file cannot be brought to a higher level (any more), with the reason."""

    code = "cannot_archive"


class AnswersMissingError(SigningError):
    """Not every certification service answered, so the level would not rise."""

    code = "answers_missing"


class CertificateExpiredError(SigningError):
    """The certificate is past its last day."""

    code = "certificate_expired"


class CertificateNotYetValidError(SigningError):
    """The certificate's first day has not come: mostly a wrong clock."""

    code = "certificate_not_yet_valid"


class TrustRootError(SigningError):
    """A configured root certificate cannot be read."""

    code = "trust_root_unreadable"


class StampImageError(SigningError):
    """The picture of the handwritten signature is no usable PNG."""

    code = "stamp_image"


class UnsignablePdfError(SigningError):
    """The PDF cannot take this signature."""

    code = "pdf_unsignable"


class NoSuchFieldError(UnsignablePdfError):
    """A signed PDF has no empty field for a further signature."""

    code = "pdf_without_field"
