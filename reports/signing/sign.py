"""Signing a PDF: PAdES B-B or B-T with a visible stamp, as an update appended to the bytes that were there.

Rules that this module keeps:

- nothing of the given file is rewritten, so earlier signatures stand and PDF/A-3b stays: the stamp has
  embedded fonts, and neither the XMP nor the Info dictionary is touched;
- the first signature certifies the document and allows only filled-in fields and further signatures after it
  (ISO 32000-1, 12.8.2.2, P = 2); later ones are approval signatures;
- the clock is the caller's, and so is the way to a time-stamp service; no other network is used;
- an error of the library leaves as one of ours.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.stamp import StaticStampStyle

from reports.rendering.fonts import FontsMissingError
from reports.rendering.form import fields_of, fill_in
from reports.rendering.layout import SEAL_SIZE, SIGNATURE_WIDTH
from reports.signing.blocking import run_to_end
from reports.signing.keys import VIETNAM, Signer
from reports.signing.signing_errors import NoSuchFieldError, SigningError, UnsignablePdfError
from reports.signing.stamp import StampText, draw_seal, draw_stamp
from reports.signing.timestamps import TimeStampService

Rect = tuple[float, float, float, float]

DEFAULT_FIELD = "ChuKy1"
# The seal lies over the left third of the personal signature; the rest of it is free.
SEAL_FREE = 1 - SIGNATURE_WIDTH / 3 / SEAL_SIZE
# Hexadecimal digits: 16 kB for the signature, so that a time stamp can still be put into it later.
BYTES_RESERVED = 32 * 1024


@dataclass(frozen=True)
class SignatureField:
    """An empty field for a signature to come; ``rect`` is x1, y1, x2, y2 in points from the lower left."""

    name: str
    page_index: int
    rect: Rect


def add_signature_fields(pdf: bytes, fields: Sequence[SignatureField]) -> bytes:
    """Append empty signature fields, so that later signers change nothing but these.

    Raises:
        UnsignablePdfError: the file cannot be read, has no such page, or has such a field already.
    """
    try:
        writer = writer_of(pdf)
        for item in fields:
            append_signature_field(writer, _field_spec(item))
        out = io.BytesIO()
        writer.write(out)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise _unsignable() from error
    return out.getvalue()


def sign_pdf(  # noqa: PLR0913 # each is a fact of the signature that only the caller knows
    pdf: bytes,
    signer: Signer,
    *,
    at: datetime,
    page_index: int = 0,
    rect: Rect = (0, 0, 0, 0),
    field_name: str = DEFAULT_FIELD,
    name: str = "",
    organisation: str = "",
    reason: str = "",
    location: str = "",
    image: bytes | None = None,
    fill: Mapping[str, str] | None = None,
    seal: bool = False,
    service: TimeStampService | None = None,
) -> bytes:
    """Sign, with a visible stamp.

    Args:
        pdf: the file; signed or not.
        signer: the key; keep it between calls.
        at: the moment of signing, aware; written into the signature and onto the stamp.
        page_index: page of the stamp from 0 (unused where the field is there already).
        rect: x1, y1, x2, y2 of the stamp in points from the lower left (likewise).
        field_name: an empty field of that name is used, otherwise it is made.
        name: who signs; by default the certificate's holder.
        organisation: for which body; by default the certificate's.
        reason: why, in words.
        location: where.
        image: PNG of the handwritten signature, or of the seal.
        fill: values of text fields, filled in with the same update.
        seal: it is the body's own signature: drawn as a seal.
        service: gives the time stamp of the signature (B-T); without it there is none.

    Returns:
        The given bytes and, after them, the signature.

    Raises:
        CertificateExpiredError, CertificateNotYetValidError: the certificate does not hold at that moment.
        StampImageError: the picture cannot be used.
        NoSuchFieldError: the file is signed already and has no empty field of that name.
        UnsignablePdfError: the file is broken, encrypted, or forbids the signature.
        TimeStampError: the service gave no time stamp; signing without is still possible.
    """
    signer.check_time(at)
    text = StampText(
        name=name or signer.name,
        organisation=organisation or signer.organisation,
        at=at,
        is_test=signer.is_test,
    )
    field = SignatureField(name=field_name, page_index=page_index, rect=rect)
    try:
        writer = writer_of(pdf)
        place = _look_for_place(writer.prev, field)
        stamp = _drawn(text, place, image, seal=seal)
        fill_in(writer, fill or {})
        pdf_signer = _ClockedPdfSigner(
            _metadata(field_name, text.name, reason, location, certify=not place.signed),
            signer.engine,
            stamp_style=_stamp_style(stamp),
            new_field_spec=_field_spec(field),
            timestamper=service,
        )
        pdf_signer.at = at.astimezone(VIETNAM).replace(microsecond=0)
        out = run_to_end(pdf_signer.async_sign_pdf(writer, bytes_reserved=BYTES_RESERVED))
    except (SigningError, FontsMissingError):
        raise
    except Exception as error:
        raise _unsignable() from error
    return bytes(out.getvalue())


def _drawn(text: StampText, place: _Place, image: bytes | None, *, seal: bool) -> bytes:
    if not seal:
        return draw_stamp(text, place.width, place.height, image=image)
    return draw_seal(text, place.width, place.height, free=SEAL_FREE, image=image)


def fill_fields(pdf: bytes, values: Mapping[str, str]) -> bytes:
    """Append an update that fills in text fields and nothing else, for a seal that is put on elsewhere.

    Raises:
        UnsignablePdfError: the file cannot be read or has no such field.
    """
    try:
        writer = writer_of(pdf)
        fill_in(writer, values)
        out = io.BytesIO()
        writer.write(out)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise _unsignable() from error
    return out.getvalue()


def empty_fields(pdf: bytes) -> frozenset[str]:
    """The names of the fields that nobody has filled in or signed.

    Raises:
        UnsignablePdfError: the file cannot be read.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        return frozenset(name for name, field in fields_of(reader.root) if "/V" not in field)
    except Exception as error:
        raise _unsignable() from error


@dataclass(frozen=True)
class _Place:
    """Where the stamp goes: its size, and whether the file is signed already."""

    width: float
    height: float
    signed: bool


def _look_for_place(reader: PdfFileReader, field: SignatureField) -> _Place:
    """Use the empty field of that name if there is one, otherwise the given rectangle.

    Raises:
        NoSuchFieldError: the file is signed and has no such empty field; a new one would break what is signed.
    """
    empty = {name: ref.get_object() for name, _value, ref in enumerate_sig_fields(reader, filled_status=False)}
    signed = next(iter(enumerate_sig_fields(reader, filled_status=True)), None) is not None
    if signed and field.name not in empty:
        raise NoSuchFieldError(
            f"Văn bản đã ký không có ô ký trống “{field.name}” nên không thể ký thêm; "
            "hãy tạo lại văn bản với đủ các ô ký trước chữ ký đầu tiên."
        )
    rect = empty[field.name]["/Rect"] if field.name in empty else field.rect
    x1, y1, x2, y2 = (float(number) for number in rect)
    return _Place(width=abs(x2 - x1), height=abs(y2 - y1), signed=signed)


def _metadata(name: str, who: str, reason: str, location: str, *, certify: bool) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        name=who,
        reason=reason or None,
        location=location or None,
    )


class _UntouchedMetadataWriter(IncrementalPdfFileWriter):
    """A writer that leaves XMP and Info alone: the library would put its name and the wall clock there."""

    def _update_meta(self) -> None:
        pass


def writer_of(pdf: bytes) -> _UntouchedMetadataWriter:
    """Strictly read, or else leniently: another tool's update may be sloppy and is appended to all the same."""
    try:
        return _UntouchedMetadataWriter(io.BytesIO(pdf))
    except PdfReadError:
        return _UntouchedMetadataWriter(io.BytesIO(pdf), strict=False)


class _ClockedPdfSigner(PdfSigner):
    """pyHanko's signer with the moment of signing given instead of read from the wall clock."""

    at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


class _StampPage(PdfContent):
    """The drawn stamp as the library wants it, straight from memory."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        writer = self._ensure_writer
        page = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)), page_ix=0)
        self.resources.xobject["/Stamp"] = page
        x1, y1, x2, y2 = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(x2 - x1), height=abs(y2 - y1))
        return b"/Stamp Do"


def _stamp_style(stamp: bytes) -> StaticStampStyle:
    return StaticStampStyle(
        background=_StampPage(stamp),
        background_layout=layout.SimpleBoxLayoutRule(
            x_align=layout.AxisAlignment.ALIGN_MID, y_align=layout.AxisAlignment.ALIGN_MID
        ),
        background_opacity=1,
        border_width=0,
    )


def _field_spec(field: SignatureField) -> SigFieldSpec:
    # Whole points: the library's rectangles are integers.
    x1, y1, x2, y2 = (round(number) for number in field.rect)
    return SigFieldSpec(sig_field_name=field.name, on_page=field.page_index, box=(x1, y1, x2, y2))


def _unsignable() -> UnsignablePdfError:
    return UnsignablePdfError(
        "Không ký được tệp PDF này (tệp hỏng, bị mã hoá, không có trang hoặc ô ký đã nêu, "
        "hoặc đã khoá không cho ký thêm); hãy tạo lại văn bản rồi ký lại."
    )
