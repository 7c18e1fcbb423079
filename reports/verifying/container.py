"""The signature's container in the file: the one gap that a signature does not cover, looked at byte by byte.

What lies in the gap besides the signature proper (padding, letter case, unsigned parts of the CMS) could be
altered without any hash noticing, so it must be exactly as a careful signer writes it: `/Contents` as one
hexadecimal string of one letter case, DER (ETSI EN 319 142-1, 5.1), then zeros. Tools built on NSS leave lengths of
the outer layers open (BER); that is taken too, in its one form, and judged as the DER it stands for. Certificates
other than the signer's are not covered by the signature: each must be one that the chain from the signer leads to, or
be signed by one that is there; one that names a configured root's key, by that root; and where a root is there, as
our own signers put it there, the chain must come to it. Limit: of the last one of a chain without its root, where its
issuer is not configured either, only name and key are held to anything; the file's own SHA-256 covers that too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_HEX = re.compile(rb"<(?:[0-9a-f]*|[0-9A-F]*)>")
_LONGEST = 4 * 1024 * 1024
_DEEPEST = 40
_MOST_CERTIFICATES = 12
_CONSTRUCTED, _OPEN, _END_MARK = 0x20, 0x80, b"\x00\x00"
_VERSION_1, _VERSION_3 = b"\x02\x01\x01", b"\x02\x01\x03"
_NO_PARAMETERS = (b"", b"\x05\x00")


def container_is_sound(
    data: bytes, byte_range: list[Any], contents: bytes, roots: Sequence[x509.Certificate] = ()
) -> bool:
    """Whether the gap of a signature holds the signature read from it, in canonical form, and nothing else.

    Args:
        data: the whole file.
        byte_range: the signature's /ByteRange.
        contents: the value of /Contents as the PDF parser gave it, padding included.
        roots: certificates at which a chain of trust may end.
    """
    gap = _gap(data, byte_range)
    if gap is None or not _HEX.fullmatch(gap) or len(gap) % 2:
        return False
    raw = bytes.fromhex(gap[1:-1].decode("ascii"))
    if raw != contents:
        return False
    try:
        der, end = _element(raw, 0, 0)
        return not any(raw[end:]) and _is_canonical(der, roots)
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


def _is_canonical(der: bytes, roots: Sequence[x509.Certificate]) -> bool:
    """Whether all that lies outside the signed attributes says what it must."""
    signed = cms.ContentInfo.load(der, strict=True)["content"]
    if len(signed["signer_infos"]) != 1:
        return False
    signer = signed["signer_infos"][0]
    algorithm = signer["signature_algorithm"]
    return (
        _versions_are_right(signed, signer)
        and _names_its_certificate(signed, signer)
        and (algorithm["algorithm"].native == "rsassa_pss" or algorithm["parameters"].dump() in _NO_PARAMETERS)
        and certificates_are_genuine(signed, roots)
        and [used.dump() for used in signed["digest_algorithms"]] == [signer["digest_algorithm"].dump()]
    )


def certificates_are_genuine(signed: Any, roots: Sequence[x509.Certificate]) -> bool:
    """Whether every certificate but the signer's is held to by another one in the file, or by its root."""
    held = [one.chosen for one in signed["certificates"] if one.name == "certificate"]
    # A signature is whole bytes; libraries do not look at how many bits of the last one are said to be unused.
    if len(held) > _MOST_CERTIFICATES or any(one["signature_value"].contents[0] for one in held):
        return False
    ders = [one.dump() for one in held]
    try:
        certificates = [x509.load_der_x509_certificate(der) for der in ders]
    except ValueError:
        return False
    if any(_claims_falsely(one, roots) for one in certificates) or not _comes_to_its_root(certificates):
        return False
    known = _named_by(signed["signer_infos"][0], certificates)
    for _step in certificates:
        known += [one for one in certificates if one not in known and any(_issued(below, one) for below in known)]
    return all(one in known or any(_issued(one, issuer) for issuer in certificates) for one in certificates)


def _named_by(signer: Any, certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    """The signer's own, which the signed attributes name by its hash."""
    if signer["sid"].name != "issuer_and_serial_number":
        return certificates[:1]
    serial = signer["sid"].chosen["serial_number"].native
    return [one for one in certificates if one.serial_number == serial][:1]


def _comes_to_its_root(certificates: list[x509.Certificate]) -> bool:
    """Whether roots have signed themselves and, where there is one, every other has its issuer there.

    A certificate that several have issued (cross certificates) needs one of them.
    """
    own = [one for one in certificates if one.subject == one.issuer]
    if not own or not all(_issued(one, one) for one in own):
        return not own
    at_home = {_holder(one) for one in certificates if any(_issued(one, issuer) for issuer in certificates)}
    return all(_holder(one) in at_home for one in certificates)


def _holder(certificate: x509.Certificate) -> tuple[bytes, bytes]:
    """Name and key; nothing for a kind of key that is not known here."""
    try:
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, UnsupportedAlgorithm):
        key = b""
    return certificate.subject.public_bytes(), key


def _claims_falsely(certificate: x509.Certificate, roots: Sequence[x509.Certificate]) -> bool:
    """Whether it names the key of a root here, and that root has not signed it."""
    named = [root for root in roots if _key_named(certificate) == _own_key(root)]
    return _key_named(certificate) is not None and bool(named) and not any(_issued(certificate, one) for one in named)


def _key_named(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    except (x509.ExtensionNotFound, ValueError):
        return None


def _own_key(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except (x509.ExtensionNotFound, ValueError):
        return None


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


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


def _element(data: bytes, position: int, depth: int) -> tuple[bytes, int]:
    """One element as DER, and where it ends.

    Raises:
        ValueError: a long tag, tag 0 (the padding's zeros), a length not in its shortest form, or torn off.
    """
    head = data[position : position + 6]
    if depth > _DEEPEST or len(head) < 2 or head[0] & 0x1F == 0x1F or head[0] == 0:
        raise ValueError(position)
    if head[1] == _OPEN and head[0] & _CONSTRUCTED:
        value, end = _open_value(data, position + 2, depth)
        return head[:1] + _length_bytes(len(value)) + value, end
    header, length = _length(head)
    start, end = position + header, position + header + length
    if end > len(data):
        raise ValueError(position)
    if head[0] & _CONSTRUCTED:
        parts, inner = [], start
        while inner < end:
            part, inner = _element(data[:end], inner, depth + 1)
            parts.append(part)
        value = b"".join(parts)
        return head[:1] + _length_bytes(len(value)) + value, end
    return data[position:end], end


def _open_value(data: bytes, position: int, depth: int) -> tuple[bytes, int]:
    """The elements up to the end mark of an open length."""
    parts = []
    while data[position : position + 2] != _END_MARK:
        part, position = _element(data, position, depth + 1)
        parts.append(part)
    return b"".join(parts), position + len(_END_MARK)


def _length(head: bytes) -> tuple[int, int]:
    """Bytes of the header and of the value.

    Raises:
        ValueError: the length is not in its shortest form.
    """
    if head[1] < 0x80:
        return 2, head[1]
    count = head[1] & 0x7F
    value = int.from_bytes(head[2 : 2 + count], "big")
    if not 1 <= count <= 4 or len(head) < 2 + count or value < 0x80 or value >> 8 * (count - 1) == 0:
        raise ValueError(head)
    return 2 + count, value


def _length_bytes(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    size = (length.bit_length() + 7) // 8
    return bytes([0x80 | size]) + length.to_bytes(size, "big")
