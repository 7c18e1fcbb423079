"""What a verification says: the verdict of a file and of each signature in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class SignerReport:
    """One signature.

    Attributes:
        field_name: the form field that holds it.
        name: the holder's name in the certificate.
        organisation: the holder's organisation in the certificate.
        issuer: the name of the certificate's issuer.
        serial: the certificate's serial number, hexadecimal.
        signing_time: as the signer's clock said, or as a time stamp proves; None if neither is there.
        is_test: the certificate says that it is for tests.
        covers_whole_file: the signature covers every byte of the file but its own container.
        valid: the signature's cryptography holds over the bytes that it covers.
        trusted: the chain ends at a configured root and all certificates hold at the moment of checking.
        unchanged: nothing came after it but what it allows.
        level: PAdES level (ETSI EN 319 142-1) that still holds: B-B, B-T, B-LT, B-LTA; None for another form.
        indication: the sub-indication of ETSI EN 319 102-1 where the signature is not trusted, else None.
        filled_fields: form fields that were filled in after it, by permission.
        proven_at: the oldest trusted time stamp that proves that it existed; None without one.
    """

    field_name: str
    name: str
    organisation: str
    issuer: str
    serial: str
    signing_time: datetime | None
    is_test: bool
    covers_whole_file: bool
    valid: bool
    trusted: bool
    unchanged: bool
    level: str | None
    indication: str | None
    filled_fields: tuple[str, ...] = ()
    proven_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON-able; the time in ISO 8601 with its offset."""
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        for name in ("signing_time", "proven_at"):
            data[name] = None if data[name] is None else data[name].isoformat()
        data["filled_fields"] = list(self.filled_fields)
        return data


@dataclass(frozen=True)
class Report:
    """The full verdict of a file.

    Attributes:
        valid: there is a signature, and the cryptography of every one holds.
        trusted: every signer's chain ends at a configured root.
        unchanged: the last signature covers the whole file and no earlier one was overstepped.
        level: the lowest level of the signatures.
        signers: in the order of signing.
        matches_journal: None where there is nothing to compare with.
        reasons: Vietnamese sentences: what is wrong, and what to know.
        sha256: of the file.
        judged: False if the file could not be judged at all; then nothing above is a finding.
        manifest: the attached statement of facts, None if there is none or it cannot be read.
    """

    valid: bool
    trusted: bool
    unchanged: bool
    level: str | None
    signers: tuple[SignerReport, ...]
    matches_journal: bool | None
    reasons: tuple[str, ...]
    sha256: str
    judged: bool = True
    manifest: dict[str, Any] | None = None

    @property
    def exit_code(self) -> int:
        """0 only if valid and unchanged, 1 if not, 2 if it could not be judged."""
        if not self.judged:
            return 2
        return 0 if self.valid and self.unchanged else 1

    def to_json(self) -> dict[str, Any]:
        """JSON-able, without the manifest, which may be large."""
        return {
            "valid": self.valid,
            "trusted": self.trusted,
            "unchanged": self.unchanged,
            "level": self.level,
            "signers": [signer.to_json() for signer in self.signers],
            "matches_journal": self.matches_journal,
            "reasons": list(self.reasons),
            "sha256": self.sha256,
            "judged": self.judged,
        }


def unjudged(sha256: str, reason: str) -> Report:
    """The report of a file that could not be judged, with the reason why."""
    return Report(
        valid=False,
        trusted=False,
        unchanged=False,
        level=None,
        signers=(),
        matches_journal=None,
        reasons=(reason,),
        sha256=sha256,
        judged=False,
    )
