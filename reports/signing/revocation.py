"""Is a certificate withdrawn? OCSP answers and lists of withdrawn certificates, from where the caller may ask.

Addresses stand inside certificates, and certificates come from strangers: so nothing is fetched here. The caller's
``fetch`` decides whether an address is one of those that the installation allows, and how long it waits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.fetchers.common_utils import format_ocsp_request

# Gets an address: with a body as OCSP question, without one as plain GET. Raises OSError where it may not or cannot.
Fetch = Callable[[str, bytes | None], bytes]

_MOST_ADDRESSES = 4

log = logging.getLogger(__name__)


@dataclass
class Evidence:
    """What services said of certificates, as it goes into the file."""

    ocsps: list[asn1_ocsp.OCSPResponse] = field(default_factory=list)
    crls: list[asn1_crl.CertificateList] = field(default_factory=list)

    def gather(self, path: Iterable[asn1_x509.Certificate], fetch: Fetch) -> bool:
        """Ask for every certificate of a path (from the root down) but the root; whether all were answered."""
        issuer: asn1_x509.Certificate | None = None
        answered = True
        for certificate in path:
            if issuer is not None:
                answered = self._ask(certificate, issuer, fetch) and answered
            issuer = certificate
        return answered

    def _ask(self, certificate: asn1_x509.Certificate, issuer: asn1_x509.Certificate, fetch: Fetch) -> bool:
        """OCSP, which is fresher; where nobody answers, the list.

        Of a withdrawn certificate the list too: by it the library sees that the certificate held before.
        """
        answered = False
        for url in list(certificate.ocsp_urls)[:_MOST_ADDRESSES]:
            answer = _ocsp(url, certificate, issuer, fetch)
            if answer is not None:
                self.ocsps.append(answer)
                answered = True
                if not _says_withdrawn(answer):
                    return True
                break
        points = [point.url for point in certificate.crl_distribution_points if point.url]
        for url in points[:_MOST_ADDRESSES]:
            found = _crl(url, fetch)
            if found is not None:
                if found.dump() not in {one.dump() for one in self.crls}:
                    self.crls.append(found)
                return True
        return answered


def _ocsp(
    url: str, certificate: asn1_x509.Certificate, issuer: asn1_x509.Certificate, fetch: Fetch
) -> asn1_ocsp.OCSPResponse | None:
    question = format_ocsp_request(
        certificate, AuthorityWithCert(issuer), certid_hash_algo="sha1", request_nonces=False
    )
    try:
        answer = asn1_ocsp.OCSPResponse.load(fetch(url, question.dump()), strict=True)
        good = answer["response_status"].native == "successful"
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.info("no OCSP answer: %s", type(error).__name__)
        return None
    return answer if good else None


def _says_withdrawn(answer: asn1_ocsp.OCSPResponse) -> bool:
    return any(single["cert_status"].name == "revoked" for single in answer.response_data["responses"])


def _crl(url: str, fetch: Fetch) -> asn1_crl.CertificateList | None:
    try:
        found = asn1_crl.CertificateList.load(fetch(url, None), strict=True)
        _ = found["tbs_cert_list"]["this_update"].native
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.info("no list of withdrawn certificates: %s", type(error).__name__)
        return None
    return found
