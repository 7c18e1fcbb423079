"""What time stamps and stored answers of the certification services still prove after years.

The document time stamps of a file are walked from the newest back (in the sense of ETSI EN 319 102-1, 5.6): the newest
must be trusted at the moment of checking, each earlier one at the moment that the next newer proves. A signature is
then judged at the time of the oldest stamp that holds after it, or of its own, with the answers on withdrawn
certificates that the file stored up to there. The library's own procedure is not used: it asks for a time stamp inside
every signature, which a seal forbids (``reports/signing/archive.py``), and gives up where a CA between has ended.

Nothing is fetched; an answer counts by its signature only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from reports.signing.blocking import run_to_end
from reports.verifying.container import container_is_sound

# Vietnamese signing certificates carry one or the other, mostly both.
SIGNING_USAGES = KeyUsageConstraints(key_usage=frozenset({"non_repudiation", "digital_signature"}))
TIME_STAMP = "/DocTimeStamp"
WITHDRAWN = "REVOKED_NO_POE"
_WITHDRAWN = frozenset({"REVOKED", WITHDRAWN, "REVOKED_CA_NO_POE"})
_MOST_MOMENTS = 10
# How long an answer holds that does not tell its end.
_BRIEFLY = timedelta(days=1)
# A service's clock may run ahead of ours by this much.
_CLOCK_TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Answers:
    """What a revision of a file stores of certificates, lists and OCSP answers."""

    certificates: tuple[asn1_x509.Certificate, ...] = ()
    crls: tuple[asn1_crl.CertificateList, ...] = ()
    ocsps: tuple[asn1_ocsp.OCSPResponse, ...] = ()

    @classmethod
    def of(cls, revision: Any) -> Answers:
        """What stands in the ``/DSS`` of a revision.

        Raises:
            Exception: of any kind, where it is broken.
        """
        if "/DSS" not in revision.root:
            return cls()
        dss = DocumentSecurityStore.read_dss(revision)
        return cls(
            tuple(dss.load_certs()),
            tuple(asn1_crl.CertificateList.load(_stream(one, DecodePurpose.CRL), strict=True) for one in dss.crls),
            tuple(
                asn1_ocsp.OCSPResponse.load(_stream(one, DecodePurpose.OCSP_RESPONSE), strict=True) for one in dss.ocsps
            ),
        )

    def fresh_at(self, moment: datetime) -> Answers:
        """Without those that have run out: the library takes a stale answer for a reason to doubt."""
        return replace(
            self,
            crls=tuple(one for one in self.crls if _until(one["tbs_cert_list"]) >= moment),
            ocsps=tuple(one for one in self.ocsps if all(_until(single) >= moment for single in _singles(one))),
        )

    @property
    def moments(self) -> list[datetime]:
        """When they were given, the newest first."""
        given = [one["tbs_cert_list"]["this_update"].native for one in self.crls]
        given += [single["this_update"].native for one in self.ocsps for single in _singles(one)]
        return sorted(set(given), reverse=True)

    def context(self, roots: Sequence[asn1_x509.Certificate], moment: datetime, *, required: bool) -> ValidationContext:
        """To judge certificates at a moment; ``required``: each must have an answer that holds for it."""
        return ValidationContext(
            trust_roots=list(roots),
            other_certs=list(self.certificates),
            crls=list(self.crls),
            ocsps=list(self.ocsps),
            moment=moment.astimezone(UTC),
            allow_fetching=False,
            revocation_mode="require" if required else "soft-fail",
            # An answer given later speaks of the time before it too.
            retroactive_revinfo=True,
            time_tolerance=timedelta(0),
        )


@dataclass(frozen=True)
class _Stamp:
    """A document time stamp that holds."""

    revision: int
    made_at: datetime
    has_answers: bool


@dataclass(frozen=True)
class Proof:
    """When a signature is proved to have existed, and what held then.

    Attributes:
        at: the oldest time stamp that holds, the signature's own or one of the file after it.
        held: every certificate of its chain held at that time, by answers stored in the file.
        archived: these answers lie under a time stamp of the file.
    """

    at: datetime
    held: bool
    archived: bool


class History:
    """A file's time stamps and stored answers, judged at one moment.

    Args:
        data: the whole file.
        reader: the same, read.
        roots: certificates at which a chain of trust may end.
        at: the moment of checking, aware.
    """

    def __init__(self, data: bytes, reader: PdfFileReader, roots: Sequence[x509.Certificate], at: datetime) -> None:
        self.data, self.reader, self.roots, self.at = data, reader, roots, at
        self._roots = [translate_pyca_cryptography_cert_to_asn1(root) for root in roots]
        self._answers: dict[int, Answers] = {}

    @property
    def context(self) -> ValidationContext:
        """To judge a signature now, as far as the file's own answers help."""
        return self._context(self._last, self.at)

    def withdrawn(self, signature: EmbeddedPdfSignature) -> bool:
        """Whether a stored answer, however old by now, says that a certificate of the signer's chain is withdrawn."""
        answers = self._at_revision(self._last)
        end = signature.signer_cert.not_valid_after
        moments = {min(given, end, self.at) for given in answers.moments[:_MOST_MOMENTS]}
        return any(self._withdrawn_at(signature, answers, moment) for moment in moments)

    def _withdrawn_at(self, signature: EmbeddedPdfSignature, answers: Answers, moment: datetime) -> bool:
        context = answers.fresh_at(moment).context(self._roots, moment, required=False)
        problem = self._again(signature, context).trust_problem_indic
        return problem is not None and problem.standard_name in _WITHDRAWN

    def trusts(self, signature: EmbeddedPdfSignature) -> bool:
        """Whether a document time stamp of the file holds."""
        return any(stamp.revision == signature.signed_revision for stamp in self._stamps)

    def proof(self, signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Proof | None:
        """What is proved of a signature; None without a time stamp that holds."""
        after = [stamp for stamp in reversed(self._stamps) if stamp.revision > signature.signed_revision]
        revision, moment = (after[0].revision, after[0].made_at) if after else (self._last, self.at)
        own = self._own_stamp(signature, status, revision, moment)
        if own is None and not after:
            return None
        proved = own if own is not None else moment
        # An answer counts if it is proved to be from before the certificate's end.
        end = signature.signer_cert.not_valid_after
        for stamp in after:
            if stamp.has_answers and stamp.made_at <= end and self._held(signature, proved, stamp.revision):
                return Proof(proved, held=True, archived=True)
        return Proof(proved, held=self.at <= end and self._held(signature, proved, self._last), archived=False)

    @cached_property
    def _last(self) -> int:
        return int(self.reader.xrefs.total_revisions) - 1

    @cached_property
    def _stamps(self) -> tuple[_Stamp, ...]:
        """Those that hold, the newest first."""
        found: list[_Stamp] = []
        revision, moment = self._last, self.at
        for signature in reversed(self.reader.embedded_signatures):
            if signature.sig_object_type != TIME_STAMP:
                continue
            made_at = self._made_at(signature, revision, moment)
            if made_at is not None:
                revision, moment = signature.signed_revision, made_at
                has_answers = "/DSS" in self.reader.get_historical_resolver(revision).root
                found.append(_Stamp(revision, made_at, has_answers))
        return tuple(found)

    def _made_at(self, signature: EmbeddedPdfSignature, revision: int, moment: datetime) -> datetime | None:
        """The time of a stamp that is trusted at a moment; None if it is not."""
        if not container_is_sound(self.data, signature.byte_range, signature.pkcs7_content, self.roots):
            return None
        context = self._context(revision, moment)
        status = run_to_end(async_validate_pdf_timestamp(_twin(signature), validation_context=context, skip_diff=True))
        made_at: datetime = status.timestamp
        covers = status.coverage in {SignatureCoverageLevel.ENTIRE_REVISION, SignatureCoverageLevel.ENTIRE_FILE}
        holds = status.valid and status.intact and status.trusted and covers
        return made_at if holds and made_at <= moment + _CLOCK_TOLERANCE else None

    def _own_stamp(
        self, signature: EmbeddedPdfSignature, status: PdfSignatureStatus, revision: int, moment: datetime
    ) -> datetime | None:
        """The time in a signature's own time stamp, if that is trusted at a moment."""
        stamp = status.timestamp_validity
        if stamp is None or not (stamp.valid and stamp.intact):
            return None
        again = self._again(signature, self._context(revision, moment)).timestamp_validity
        made_at: datetime = stamp.timestamp
        return made_at if again is not None and again.trusted and made_at <= moment + _CLOCK_TOLERANCE else None

    def _held(self, signature: EmbeddedPdfSignature, moment: datetime, revision: int) -> bool:
        """Whether the signer's chain, and that of its own time stamp, has good answers for a moment."""
        answers = self._at_revision(revision)
        if not (answers.crls or answers.ocsps):
            return False
        context = answers.fresh_at(moment).context(self._roots, moment, required=True)
        status = self._again(signature, context)
        stamp = status.timestamp_validity
        return bool(status.valid and status.trusted and (stamp is None or stamp.trusted))

    def _again(self, signature: EmbeddedPdfSignature, context: ValidationContext) -> PdfSignatureStatus:
        validation = async_validate_pdf_signature(
            _twin(signature),
            signer_validation_context=context,
            key_usage_settings=SIGNING_USAGES,
            skip_diff=True,
        )
        return run_to_end(validation)

    def _context(self, revision: int, moment: datetime) -> ValidationContext:
        return self._at_revision(revision).fresh_at(moment).context(self._roots, moment, required=False)

    def _at_revision(self, revision: int) -> Answers:
        if revision not in self._answers:
            self._answers[revision] = Answers.of(self.reader.get_historical_resolver(revision))
        return self._answers[revision]


def _twin(signature: EmbeddedPdfSignature) -> EmbeddedPdfSignature:
    """The same once more: the library keeps what it found of one, also that it left the differences out."""
    return EmbeddedPdfSignature(signature.reader, signature.sig_field, signature.field_name)


def _stream(reference: Any, purpose: DecodePurpose) -> bytes:
    return bytes(reference.get_object().read_data(purpose))


def _singles(answer: asn1_ocsp.OCSPResponse) -> list[Any]:
    if answer["response_status"].native != "successful":
        return []
    return list(answer.response_data["responses"])


def _until(answer: Any) -> datetime:
    """When a list or a single answer runs out."""
    told: datetime | None = answer["next_update"].native
    given: datetime = answer["this_update"].native
    return told if told is not None else given + _BRIEFLY
