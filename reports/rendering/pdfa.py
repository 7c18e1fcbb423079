"""One pass that makes a drawn PDF fit for the archive: PDF/A-3b (ISO 19005-3) with files attached.

To be done before signing. It adds the sRGB output intent, XMP metadata, a file id made from the contents and
the attachments with their relationship. It embeds no fonts: ``reports/rendering/pdf.py`` has embedded all of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from mimetypes import guess_type

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, String
from PIL import ImageCms

from reports.rendering import layout
from reports.rendering.form import FormPlan, add_form

SRGB = "sRGB IEC61966-2.1"


class NotAPdfError(ValueError):
    """The bytes to convert are no PDF."""

    def __init__(self) -> None:
        super().__init__("Tệp không phải là PDF hoặc đã hỏng nên không thể chuyển sang PDF/A; hãy dựng lại văn bản.")


def to_pdfa(  # noqa: PLR0913 (what a file has besides its pages)
    pdf: bytes,
    *,
    title: str,
    author: str,
    created: datetime,
    attachments: Mapping[str, bytes] | None = None,
    form: FormPlan | None = None,
) -> bytes:
    """The same pages as PDF/A-3b. The same input gives the same bytes.

    Args:
        pdf: an unsigned PDF with all fonts embedded.
        title: the document's title for readers' title bars.
        author: the issuing body.
        created: when the document was made, with its time zone.
        attachments: files to attach by name, e.g. ``manifest.json``; each is source data of the text.
        form: the fields that later hands fill in and sign.

    Raises:
        NotAPdfError: ``pdf`` cannot be read.
        ValueError: ``created`` has no time zone.
    """
    if created.tzinfo is None:
        raise ValueError("created must carry its time zone")
    try:
        document = pikepdf.open(BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise NotAPdfError from error
    with document:
        _add_output_intent(document)
        if form is not None:
            add_form(document, form)
        for name, data in (attachments or {}).items():
            _attach(document, name, data, created)
        _describe(document, title=title, author=author, created=created)
        return _saved(document)


@cache
def _srgb_profile() -> bytes:
    """An sRGB profile; its date and id are fixed, for they would differ between two runs."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = b"".join(part.to_bytes(2) for part in (2020, 3, 5, 0, 0, 0))
    profile[84:100] = bytes(16)
    return bytes(profile)


def _add_output_intent(document: pikepdf.Pdf) -> None:
    profile = document.make_stream(_srgb_profile())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(SRGB),
        Info=String(SRGB),
        DestOutputProfile=document.make_indirect(profile),
    )
    document.Root.OutputIntents = Array([document.make_indirect(intent)])


def _attach(document: pikepdf.Pdf, name: str, data: bytes, created: datetime) -> None:
    name = unicodedata.normalize("NFC", name)
    spec = AttachedFileSpec(
        document,
        data,
        description=name,
        filename=name,
        mime_type=guess_type(name)[0] or "application/octet-stream",
        creation_date=_pdf_date(created),
        mod_date=_pdf_date(created),
    )
    spec.obj[Name.AFRelationship] = Name.Source  # the data that the text was written from
    document.attachments[name] = spec
    files = document.Root.get(Name.AF, Array())
    if document.attachments[name].obj.objgen not in {file.objgen for file in files}:
        files.append(document.attachments[name].obj)
    document.Root.AF = files


def _describe(document: pikepdf.Pdf, *, title: str, author: str, created: datetime) -> None:
    """Write the XMP packet, and the old information dictionary so that both tell the same."""
    title, author = (" ".join(layout.clean(text).split()) for text in (title, author))
    producer = str(document.docinfo.get(Name.Producer, ""))
    for key in list(document.docinfo.keys()):
        del document.docinfo[key]
    document.docinfo[Name.Title], document.docinfo[Name.Author] = String(title), String(author)
    document.docinfo[Name.CreationDate] = String(_pdf_date(created))
    document.docinfo[Name.ModDate] = String(_pdf_date(created))
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:creator"] = [author]
        metadata["dc:language"] = {"vi-VN"}
        metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = created.isoformat(timespec="seconds")
        metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "3", "B"
        if producer:
            metadata["pdf:Producer"] = producer
            document.docinfo[Name.Producer] = String(producer)


def _pdf_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")


def _saved(document: pikepdf.Pdf) -> bytes:
    """The file, with an id that depends on its contents only."""
    stream = BytesIO()
    document.save(stream, min_version="1.7", deterministic_id=True, linearize=False)
    return stream.getvalue()
