"""One root exception; one class per failure; each has a stable code, an HTTP status and a Vietnamese sentence.

The sentence says what to do next. Codes are never reused for another meaning.
"""

from __future__ import annotations

from typing import Any, ClassVar


class KiemtraError(Exception):
    """Root of everything that the application refuses on purpose.

    Attributes:
        code: stable identifier for programs.
        status: HTTP status of the answer.
        message: Vietnamese sentence for people.
        details: JSON-able facts about the place of the fault.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def to_json(self) -> dict[str, Any]:
        """The one JSON shape of an error."""
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}


class InvalidInputError(KiemtraError):
    """What came in is not of the expected form."""

    code = "invalid_input"
    status = 400


class NotSignedInError(KiemtraError):
    """No session, or it has expired."""

    code = "not_signed_in"
    status = 401

    def __init__(self) -> None:
        super().__init__("Anh/chị chưa đăng nhập hoặc phiên đã hết hạn; hãy đăng nhập lại, dữ liệu trên máy vẫn còn.")


class ForbiddenError(KiemtraError):
    """The account may not do this."""

    code = "forbidden"
    status = 403


class NotFoundError(KiemtraError):
    """There is no such thing, or not for this account."""

    code = "not_found"
    status = 404


class ConflictError(KiemtraError):
    """Somebody else was faster: what was shown is not what is current."""

    code = "conflict"
    status = 409


class TooLargeError(KiemtraError):
    """Over a documented limit."""

    code = "too_large"
    status = 413


class UnprocessableError(KiemtraError):
    """Well-formed, but not acceptable: a hash that does not match, a picture that is none."""

    code = "unprocessable"
    status = 422


class ConfigurationError(KiemtraError):
    """The instance cannot keep its guarantees as configured; it refuses to start."""

    code = "configuration"
    status = 500
