"""What the tests of signing share: a clock, a test key and small archived PDFs."""

import io
import json
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from reportlab.pdfgen.canvas import Canvas

from reports.rendering.fonts import BOLD, REGULAR, load_fonts
from reports.rendering.pdfa import to_pdfa
from reports.signing.keys import Signer, load_signer, make_test_key
from reports.signing.sign import SignatureField, add_signature_fields, sign_pdf

NOW = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
PASSWORD = "mật khẩu thử"  # composed letters; the other form must open the file too
RECT = (355.0, 208.0, 485.0, 282.0)
SEAL_RECT = (300.0, 190.0, 390.0, 280.0)
MANIFEST = {"document": "d-1", "sentences": [{"id": "p1", "entries": ["0193"]}]}


@cache
def key_file() -> tuple[Path, Path]:
    """A test key and its root certificate, made once."""
    path = Path(tempfile.mkdtemp(prefix="kiemtra-key-")) / "ky-thu.p12"
    return path, make_test_key(path, PASSWORD, now=NOW)


@cache
def signer() -> Signer:
    return load_signer(key_file()[0], PASSWORD, now=NOW)


@cache
def roots() -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(key_file()[1].read_bytes()))


@cache
def plain_pdf(*, manifest: bool = True) -> bytes:
    """Two pages of PDF/A-3b with the manifest attached."""
    load_fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), initialFontName=REGULAR, invariant=1)
    canvas.setFont(BOLD, 14)
    canvas.drawCentredString(420, 300, "TRƯỞNG ĐOÀN KIỂM TRA")
    canvas.drawCentredString(420, 190, "Nguyễn Văn Ánh")
    canvas.showPage()
    canvas.setFont(REGULAR, 14)
    canvas.drawString(85, 700, "Phụ lục: 30/30 thủ tục đã niêm yết")
    canvas.showPage()
    canvas.save()
    files = {"manifest.json": json.dumps(MANIFEST).encode()} if manifest else {}
    return to_pdfa(buffer.getvalue(), title="Thông báo", author="Sở Nội vụ", created=NOW, attachments=files)


def sign(pdf: bytes, **changes) -> bytes:
    """Sign as the leader would."""
    facts = {"at": NOW, "page_index": 0, "rect": RECT, "name": "Nguyễn Văn Ánh", "organisation": "Sở Nội vụ"}
    return sign_pdf(pdf, changes.pop("signer", signer()), **(facts | changes))


@cache
def signed_pdf() -> bytes:
    return sign(plain_pdf())


@cache
def sealable_pdf() -> bytes:
    """Signed by the leader, with an empty field for the seal."""
    fields = [SignatureField("ChuKy1", 0, RECT), SignatureField("Dau1", 0, SEAL_RECT)]
    return sign(add_signature_fields(plain_pdf(), fields))


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)
