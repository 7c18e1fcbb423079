"""B-B becomes B-T in place: the time stamp that a signature did not get when it was made.

A signature's own time stamp is an unsigned attribute of its container, and no signature covers its own container: a
token put in there later changes nothing that was signed (ETSI EN 319 122-1, 5.3). This holds for the last signature of
a file alone, while nothing came after it: a later signature or time stamp covers the containers before it.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader

from reports.signing.blocking import run_to_end
from reports.signing.signing_errors import NothingToArchiveError, SigningError
from reports.signing.timestamps import TimeStampService

_TOKEN = "signature_time_stamp_token"  # noqa: S105 (an attribute's name)


def with_own_time_stamp(pdf: bytes, field: str, service: TimeStampService) -> bytes:
    """The same file with a time stamp in the container of its last signature; not a byte else differs.

    Args:
        pdf: a signed file.
        field: the signature's field; it must be the last one and cover the whole file.
        service: gives the time stamp.

    Raises:
        NothingToArchiveError: the field's signature is not the last, has its time stamp, or has no room for one.
        TimeStampError: the service gave no time stamp.
    """
    try:
        first, second, container = _last_container(pdf, field)
        signer = container["content"]["signer_infos"][0]
        digest = hashlib.sha256(signer["signature"].native).digest()
        token = run_to_end(service.async_timestamp(digest, "sha256"))
        stamp = cms.CMSAttribute({"type": _TOKEN, "values": [token]})
        signer["unsigned_attrs"] = cms.CMSAttributes([*signer["unsigned_attrs"], stamp])
        room = (second - first - 2) // 2
        raised = bytes(container.dump(force=True))
    except SigningError:
        raise
    except Exception as error:
        raise _cannot() from error
    if len(raised) > room:
        raise _cannot()
    return pdf[:first] + b"<" + raised.ljust(room, b"\x00").hex().encode() + b">" + pdf[second:]


def _last_container(pdf: bytes, field: str) -> tuple[int, int, Any]:
    """Where the gap of the last signature begins and ends, and what it holds."""
    last = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures[-1]
    _start, first, second, length = (int(number) for number in last.byte_range)
    if last.field_name != field or second + length != len(pdf) or last.sig_object_type != "/Sig":
        raise _cannot()
    container = cms.ContentInfo.load(bytes(last.pkcs7_content))
    if any(one["type"].native == _TOKEN for one in container["content"]["signer_infos"][0]["unsigned_attrs"]):
        raise _cannot()
    return first, second, container


def _cannot() -> NothingToArchiveError:
    return NothingToArchiveError("Không bổ sung được dấu thời gian vào chữ ký cuối của tệp này.")
