"""A certification service of the tests' own on a local port: CA, OCSP, CRL and time stamps over real HTTP.

Everything that it says, it says at ``pki().now``: a test turns this clock together with the installation's. Beside the
good service stand bad ones: one that hangs, one that answers rubbish, one that stamps another hash.
"""

import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from socketserver import ThreadingMixIn
from tempfile import mkdtemp
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from asn1crypto import tsp
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, KeyLabel
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    pkcs12,
)

from reports.signing.keys import Signer, load_signer
from tests.reports.signing_kit import NOW, PASSWORD

NAMES = ("root", "between", "ocsp", "leader", "seal", "withdrawn", "first-tsa", "second-tsa", "bad-tsa")
WITHDRAWN_AT = datetime(2027, 3, 1, tzinfo=UTC)
_SIGN, _CERTIFY = ["digital_signature", "non_repudiation"], ["digital_signature", "key_cert_sign", "crl_sign"]


@dataclass
class Pki:
    """The running service.

    Attributes:
        url: where it listens.
        now: its clock.
        asked: paths that were asked for, oldest first.
        broken: paths (beginnings) that answer 500.
    """

    url: str
    arch: object
    folder: Path
    now: datetime = NOW
    asked: list[str] = field(default_factory=list)
    broken: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def tsa(self, name: str = "first") -> str:
        return f"{self.url}/kiemtra/tsa/{name}"

    def certificate(self, name: str) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.arch.get_cert(CertLabel(name)).dump())

    @property
    def roots(self) -> list[x509.Certificate]:
        return [self.certificate("root")]

    def key_file(self, name: str) -> Path:
        """The holder's PKCS#12 file, with the certificate of the CA between."""
        path = self.folder / f"{name}.p12"
        if not path.exists():
            key = load_der_private_key(self.arch.key_set.get_private_key(KeyLabel(name)).dump(), None)
            chain = [self.certificate("between"), self.certificate("root")]
            encryption = BestAvailableEncryption(PASSWORD.encode())
            packed = pkcs12.serialize_key_and_certificates(
                name.encode(), key, self.certificate(name), chain, encryption
            )
            path.write_bytes(packed)
            path.chmod(0o600)
        return path

    def signer(self, name: str = "leader") -> Signer:
        return load_signer(self.key_file(name), PASSWORD, now=self.now)

    def reset(self, now: datetime = NOW) -> "Pki":
        self.now, self.broken = now, ()
        self.asked.clear()
        return self


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@cache
def pki() -> Pki:
    """The service, started once for a test process; call ``reset`` at the beginning of a test."""
    folder = Path(mkdtemp(prefix="kiemtra-pki-"))
    for name in NAMES:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        (folder / f"{name}.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = make_server("127.0.0.1", 0, None, server_class=_Server, handler_class=_Silent)
    url = f"http://127.0.0.1:{server.server_port}"
    config = CertomancerConfig(_config(url), key_search_dir=str(folder))
    arch = config.get_pki_arch(ArchLabel("kiemtra"))
    made = Pki(url, arch, folder)
    server.set_app(_application(made, Animator(AnimatorArchStore({ArchLabel("kiemtra"): arch}), with_web_ui=False)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return made


def _application(service: Pki, animator):
    def answer(environ, start):
        path = environ["PATH_INFO"]
        service.asked.append(path)
        if path.startswith(service.broken or "\0"):
            start("500 Broken", [("Content-Length", "0")])
            return [b""]
        if path in _BAD:
            return _BAD[path](environ, start, service)
        environ["HTTP_X_CERTOMANCER_FAKE_TIME"] = service.now.isoformat()
        return animator(environ, start)

    return answer


def _told(start, body, kind="application/timestamp-reply"):
    start("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


def _rubbish(_environ, start, _service):
    return _told(start, b"<html>xin chao</html>")


def _elsewhere(_environ, start, _service):
    start("302 Found", [("Location", "http://localhost:1/"), ("Content-Length", "0")])
    return [b""]


def _other_hash(environ, start, service):
    request = tsp.TimeStampReq.load(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    request["message_imprint"]["hashed_message"] = bytes(32)
    stamper = service.arch.service_registry.summon_timestamper("first", service.now)
    return _told(start, stamper.request_tsa_response(tsp.TimeStampReq(request.copy())).dump())


def _refusing(_environ, start, _service):
    status = tsp.PKIStatusInfo({"status": "rejection", "status_string": ["no"]})
    return _told(start, tsp.TimeStampResp({"status": status}).dump())


def _endless(_environ, start, _service):
    start("200 OK", [("Content-Type", "application/timestamp-reply")])
    return (bytes(65536) for _ in range(1000))


def _dripping(_environ, start, _service):
    start("200 OK", [("Content-Type", "application/timestamp-reply"), ("Content-Length", "100000")])

    def drip():
        for _ in range(200):
            time.sleep(0.05)
            yield b"0"

    return drip()


_BAD = {
    "/bad/rubbish": _rubbish,
    "/bad/elsewhere": _elsewhere,
    "/bad/other-hash": _other_hash,
    "/bad/refusing": _refusing,
    "/bad/endless": _endless,
    "/bad/dripping": _dripping,
}


def closed_port() -> str:
    """Where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{one.getsockname()[1]}/"


@cache
def hanging_port() -> str:
    """Where somebody listens and never says anything."""
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    one.listen(50)
    _open.append(one)
    return f"http://127.0.0.1:{one.getsockname()[1]}/"


_open: list[socket.socket] = []


def _config(url):
    return {
        "external-url-prefix": url,
        "keysets": {"all": {"keys": {name: {"path": f"{name}.pem"} for name in NAMES}}},
        "pki-architectures": {
            "kiemtra": {
                "keyset": "all",
                "entity-defaults": {"country-name": "VN", "organization-name": "Nơi cấp thử"},
                "entities": {name: {"common-name": f"{name} KT"} for name in NAMES},
                "certs": _certificates(),
                "services": _services(),
            }
        },
    }


def _certificates():
    ca = [
        {"id": "basic_constraints", "critical": True, "value": {"ca": True}},
        _usage(_CERTIFY),
    ]
    holder = {
        "issuer": "between",
        "validity": _from(2026, 2029),
        "extensions": [
            _usage(_SIGN),
            _crl("between"),
            {
                "id": "authority_information_access",
                "smart-value": {"schema": "aia-urls", "params": {"ocsp-responder-names": ["between"]}},
            },
        ],
    }
    stamping = [
        _usage(["digital_signature"]),
        {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
        _crl("root"),
    ]
    responding = [
        _usage(["digital_signature"]),
        {"id": "extended_key_usage", "critical": True, "value": ["ocsp_signing"]},
        {"id": "ocsp_no_check"},
    ]
    return {
        "root": {"issuer": "root", "validity": _from(2020, 2100), "extensions": ca},
        "between": {"issuer": "root", "validity": _from(2020, 2040), "extensions": [*ca, _crl("root")]},
        "ocsp": {"issuer": "between", "validity": _from(2020, 2040), "extensions": responding},
        "leader": holder,
        "seal": holder,
        "withdrawn": {
            **holder,
            "revocation": {"revoked-since": WITHDRAWN_AT.isoformat(), "reason": "key_compromise"},
        },
        "first-tsa": {"issuer": "root", "validity": _from(2026, 2032), "extensions": stamping},
        "second-tsa": {"issuer": "root", "validity": _from(2030, 2050), "extensions": stamping},
        "bad-tsa": {"issuer": "bad-tsa", "validity": _from(2026, 2050), "extensions": stamping[:2]},
    }


def _services():
    return {
        "ocsp": {"between": {"for-issuer": "between", "responder-cert": "ocsp", "signing-key": "ocsp"}},
        "crl-repo": {
            name: {"for-issuer": name, "signing-key": name, "simulated-update-schedule": "P1D"}
            for name in ("root", "between")
        },
        "time-stamping": {
            "first": {"signing-key": "first-tsa", "signing-cert": "first-tsa"},
            "second": {"signing-key": "second-tsa", "signing-cert": "second-tsa"},
            "bad": {"signing-key": "bad-tsa", "signing-cert": "bad-tsa"},
        },
    }


def _usage(names):
    return {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": names}}


def _crl(name):
    return {
        "id": "crl_distribution_points",
        "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": [name]}},
    }


def _from(first, last):
    return {"valid-from": f"{first}-01-01T00:00:00+0000", "valid-to": f"{last}-01-01T00:00:00+0000"}
