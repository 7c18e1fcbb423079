"""For the archive: the answers of the certification services and a document time stamp, after the last signature.

The order of a paper forbids the usual way. A time stamp of a signature lies in that signature's container; once the
seal is on, the seal covers this container, and a byte put into it would break the seal. So a finished paper is never
touched inside: one further update brings the answers (`/DSS`, with a `/VRI` entry for every signature) and a time stamp
over the whole file, seal included. That proves of every signature at once that it existed at that moment
(ETSI EN 319 142-1 takes a document time stamp for B-T as well), and it is the form of B-LTA.

Renewing is the same step again, with the answers on the services of the earlier time stamps.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import RevokedError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from reports.rendering.form import fill_in
from reports.signing.blocking import run_to_end
from reports.signing.keys import name_of
from reports.signing.revocation import Evidence, Fetch
from reports.signing.sign import BYTES_RESERVED, writer_of
from reports.signing.signing_errors import AnswersMissingError, NothingToArchiveError, SigningError
from reports.signing.timestamps import TimeStampService

_FIELD = "DauThoiGian"


@dataclass(frozen=True)
class NewestStamp:
    """The document time stamp that the file's proof hangs on.

    Attributes:
        made_at: its time.
        holds_until: the end of its service's certificate.
    """

    made_at: datetime
    holds_until: datetime


def archive(  # noqa: PLR0913 (each is a part of the archive that only the caller knows)
    pdf: bytes,
    *,
    roots: Sequence[x509.Certificate],
    at: datetime,
    service: TimeStampService,
    fetch: Fetch,
    complete: bool = False,
    fill: Mapping[str, str] | None = None,
) -> bytes:
    """The file with the services' answers on every certificate and a document time stamp after them.

    Certificates whose services are not asked, or do not answer, leave the level lower; the file is still stamped.

    Args:
        pdf: a signed file, archived before or not.
        roots: certificates at which a chain of trust may end.
        at: the moment, aware.
        service: gives the time stamp.
        fetch: gets OCSP answers and lists.
        complete: only if there is an answer on every certificate.
        fill: values of text fields, filled in with the same update: the time stamp covers them.

    Raises:
        NothingToArchiveError: no signature, or the file cannot be read or extended.
        AnswersMissingError: an answer is missing although all were asked for.
        TimeStampError: the service gave no time stamp.
    """
    try:
        writer = writer_of(pdf)
        signatures = _signatures(writer.prev)
        answered = _store_answers(writer, signatures, _Chains(roots, writer.prev, at), fetch)
        _require(enough=answered or not complete)
        if fill:
            fill_in(writer, fill)
        stamping = PdfTimeStamper(service, field_name=_free_name(writer.prev))
        out = run_to_end(stamping.async_timestamp_pdf(writer, "sha256", bytes_reserved=BYTES_RESERVED))
    except SigningError:
        raise
    except Exception as error:
        raise NothingToArchiveError(
            "Không thêm được dấu thời gian vào tệp này (tệp hỏng hoặc không cho thêm); hãy kiểm tra lại tệp."
        ) from error
    return bytes(out.getvalue())


def _signatures(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    found = list(reader.embedded_signatures)
    if not found:
        raise NothingToArchiveError("Tệp chưa có chữ ký nào nên chưa có gì để lưu trữ lâu dài; hãy ký trước.")
    return found


def newest_stamp(pdf: bytes) -> NewestStamp | None:
    """The last document time stamp of a file, not judged here; None where there is none.

    Raises:
        NothingToArchiveError: the file cannot be read.
    """
    try:
        stamps = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_timestamp_signatures
        if not stamps:
            return None
        info: Any = stamps[-1].signed_data["encap_content_info"]["content"].parsed
        return NewestStamp(info["gen_time"].native, stamps[-1].signer_cert.not_valid_after)
    except Exception as error:
        raise NothingToArchiveError("Không đọc được dấu thời gian của tệp; hãy kiểm tra lại tệp.") from error


@dataclass(frozen=True)
class Holder:
    """A signer's certificate, told apart from others by its bytes.

    Attributes:
        der: the certificate.
        name: the holder's.
        ends: its last moment.
    """

    der: bytes
    name: str
    ends: datetime


def holders(pdf: bytes) -> list[Holder]:
    """Whose certificates signed a file.

    Raises:
        NothingToArchiveError: the file cannot be read.
    """
    try:
        signatures = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_regular_signatures
        found = [x509.load_der_x509_certificate(one.signer_cert.dump()) for one in signatures]
        return [Holder(one.public_bytes(Encoding.DER), name_of(one), one.not_valid_after_utc) for one in found]
    except Exception as error:
        raise NothingToArchiveError("Không đọc được chữ ký của tệp; hãy kiểm tra lại tệp.") from error


def withdrawn_since(
    pdf: bytes, holder: Holder, *, roots: Sequence[x509.Certificate], at: datetime, fetch: Fetch
) -> datetime | None:
    """Since when a signer's certificate is withdrawn, by what its services say now; None if nobody says so.

    Raises:
        NothingToArchiveError: the file cannot be read.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        chains = _Chains(roots, reader, at)
        signed_data = next(
            one.signed_data for one in reader.embedded_regular_signatures if one.signer_cert.dump() == holder.der
        )
        path = chains.of(signed_data)
    except Exception as error:
        raise NothingToArchiveError("Không đọc được chữ ký của tệp; hãy kiểm tra lại tệp.") from error
    if path is None:
        return None
    evidence = Evidence()
    evidence.gather(list(path.iter_certs(include_root=True)), fetch)
    return chains.withdrawn(signed_data, evidence)


class _Chains:
    """Finds the chain of each certificate; what the file stores already helps."""

    def __init__(self, roots: Sequence[x509.Certificate], reader: PdfFileReader, at: datetime) -> None:
        self._roots = [translate_pyca_cryptography_cert_to_asn1(root) for root in roots]
        self._known: list[asn1_x509.Certificate] = []
        if "/DSS" in reader.root:
            self._known = list(DocumentSecurityStore.read_dss(reader).load_certs())
        self._at = at.astimezone(UTC)

    def of(self, signed_data: Any) -> ValidationPath | None:
        """None where no chain to a root holds: then there is nobody whose answer would count."""
        info = extract_certificate_info(signed_data)
        leaf = info.signer_cert
        # An expired certificate's chain is still its chain.
        moment = min(self._at, leaf.not_valid_after - timedelta(seconds=1))
        try:
            return self._path(info, moment, Evidence())
        except Exception:  # noqa: BLE001 (whatever keeps a chain from holding)
            return None

    def withdrawn(self, signed_data: Any, evidence: Evidence) -> datetime | None:
        """Since when the signer's certificate, or one above it, is withdrawn by this evidence."""
        try:
            self._path(extract_certificate_info(signed_data), self._at, evidence)
        except RevokedError as error:
            since: datetime = error.revocation_dt
            return since
        except ValidationError:
            return None
        return None

    def _path(self, info: Any, moment: datetime, evidence: Evidence) -> ValidationPath:
        context = ValidationContext(
            trust_roots=self._roots,
            other_certs=[*info.other_certs, *self._known],
            ocsps=evidence.ocsps,
            crls=evidence.crls,
            moment=moment,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        return run_to_end(CertificateValidator(info.signer_cert, validation_context=context).async_validate_path())


def _require(*, enough: bool) -> None:
    if not enough:
        raise AnswersMissingError(
            "Chưa hỏi được tình trạng của mọi chứng thư trong tệp; hãy kiểm tra revocation_hosts và kết nối mạng."
        )


def _store_answers(writer: Any, signatures: list[EmbeddedPdfSignature], chains: _Chains, fetch: Fetch) -> bool:
    """One entry per signature and time stamp; a certificate of several is asked about once.

    Returns:
        Whether there is a new answer on every certificate of every chain.
    """
    complete = True
    asked: dict[bytes, Evidence] = {}
    entries = frozenset(writer.root["/DSS"].get("/VRI", {}) if "/DSS" in writer.root else ())
    for signature in signatures:
        paths, evidence = [], Evidence()
        for signed_data in (signature.signed_data, *extract_tst_data_iter(signature.signer_info, signed=False)):
            path = chains.of(signed_data)
            if path is None:
                complete = False
                continue
            paths.append(path)
            key = extract_certificate_info(signed_data).signer_cert.dump()
            if key not in asked:
                asked[key] = Evidence()
                complete = asked[key].gather(list(path.iter_certs(include_root=True)), fetch) and complete
            evidence.ocsps += asked[key].ocsps
            evidence.crls += asked[key].crls
        contents = signature.pkcs7_content.hex().encode("ascii")
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            # An entry that is there stays as it is; what is new since then goes into the common lists.
            None if DocumentSecurityStore.sig_content_identifier(contents) in entries else contents,
            paths=paths,
            ocsps=evidence.ocsps,
            crls=evidence.crls,
        )
    return complete


def _free_name(reader: PdfFileReader) -> str:
    taken = {one.field_name for one in reader.embedded_signatures}
    return next(name for name in (f"{_FIELD}{number}" for number in range(1, len(taken) + 2)) if name not in taken)
