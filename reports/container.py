"""The signature's container in the file: the one gap that a signature does not cover, looked at byte by byte.

What lies in the gap besides the signature proper (padding, letter case, unsigned parts of the CMS) could be
altered without any hash noticing, so it must be exactly as a careful signer writes it: `/Contents` as one
hexadecimal string of one letter case, DER (ETSI EN 319 142-1, 5.1), then zeros. Limit: certificates of the
chain other than the signer's are not protected by the signature; the file's own SHA-256 is.
"""

from __future__ import annotations

import re
from typing import Any

from asn1crypto import cms, parser

_HEX = re.compile(rb"<(?:[0-9a-f]*|[0-9A-F]*)>")
_LONGEST = 4 * 1024 * 1024
_DEEPEST = 40
_VERSION_1, _VERSION_3 = b"\x02\x01\x01", b"\x02\x01\x03"
_NO_PARAMETERS = (b"", b"\x05\x00")


def container_is_sound(data: bytes, byte_range: list[Any], contents: bytes) -> bool:
    """Whether the gap of a signature holds the signature read from it, in canonical form, and nothing else.

    Args:
        data: the whole file.
        byte_range: the signature's /ByteRange.
        contents: the value of /Contents as the PDF parser gave it, padding included.
    """
    gap = _gap(data, byte_range)
    if gap is None or not _HEX.fullmatch(gap) or len(gap) % 2:
        return False
    raw = bytes.fromhex(gap[1:-1].decode("ascii"))
    if raw != contents:
        return False
    try:
        der = raw[: parser.peek(raw)]
        return not any(raw[len(der) :]) and _is_canonical(der)
    except (ValueError, TypeError, KeyError):
        return False


def _gap(data: bytes, byte_range: list[Any]) -> bytes | None:
    numbers = [int(number) for number in byte_range]
    if len(numbers) != 4 or min(numbers) < 0:
        return None
    start, first, second, last = numbers
    if start != 0 or not first < second <= first + _LONGEST or second + last > len(data):
        return None
    return data[first:second]


def _is_canonical(der: bytes) -> bool:
    """Whether all that lies outside the signed attributes says what it must, in DER."""
    if not _is_der(der, 0):
        return False
    signed = cms.ContentInfo.load(der, strict=True)["content"]
    if len(signed["signer_infos"]) != 1:
        return False
    signer = signed["signer_infos"][0]
    algorithm = signer["signature_algorithm"]
    return (
        _versions_are_right(signed, signer)
        and _names_its_certificate(signed, signer)
        and (algorithm["algorithm"].native == "rsassa_pss" or algorithm["parameters"].dump() in _NO_PARAMETERS)
        and [used.dump() for used in signed["digest_algorithms"]] == [signer["digest_algorithm"].dump()]
    )


def _versions_are_right(signed: Any, signer: Any) -> bool:
    """RFC 5652, 5.1 and 5.3, as far as signatures in PDFs need it."""
    by_key_identifier = signer["sid"].name == "subject_key_identifier"
    own = _VERSION_3 if by_key_identifier else _VERSION_1
    outer = (
        _VERSION_1
        if own == _VERSION_1 and signed["encap_content_info"]["content_type"].native == "data"
        else _VERSION_3
    )
    return bool(signer["version"].dump() == own and signed["version"].dump() == outer)


def _names_its_certificate(signed: Any, signer: Any) -> bool:
    """Issuer and serial number to the letter: X.509 names would match in any letter case."""
    if signer["sid"].name != "issuer_and_serial_number":
        return True
    named = signer["sid"].chosen.dump()
    return any(
        cms.IssuerAndSerialNumber(
            {"issuer": certificate.chosen.issuer, "serial_number": certificate.chosen.serial_number}
        ).dump()
        == named
        for certificate in signed["certificates"]
        if certificate.name == "certificate"
    )


def _is_der(data: bytes, depth: int) -> bool:
    """Whether the bytes are whole DER elements: short tags, definite lengths in their shortest form."""
    position = 0
    while position < len(data):
        head = data[position : position + 6]
        # Tag 0 would let the zeros of the padding in.
        if depth > _DEEPEST or len(head) < 2 or head[0] & 0x1F == 0x1F or head[0] == 0:
            return False
        size = _length(head)
        if size is None:
            return False
        start = position + size[0]
        position = start + size[1]
        if position > len(data) or (head[0] & 0x20 and not _is_der(data[start:position], depth + 1)):
            return False
    return True


def _length(head: bytes) -> tuple[int, int] | None:
    """Bytes of the header and of the value; None if the length is not in its shortest form."""
    if head[1] < 0x80:
        return 2, head[1]
    count = head[1] & 0x7F
    value = int.from_bytes(head[2 : 2 + count], "big")
    if not 1 <= count <= 4 or len(head) < 2 + count or value < 0x80 or value >> 8 * (count - 1) == 0:
        return None
    return 2 + count, value
