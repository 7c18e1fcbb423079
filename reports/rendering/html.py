"""A Document as an HTML fragment, for reading on the screen while drafting.

All text is escaped; looks come from ``reports/rendering/paper.css`` by class, without inline style or script, as the
content security policy asks. Paragraphs and table rows carry ``data-paragraph`` (their id) and
``data-rests-on`` (the keys of the findings they stand on, separated by spaces).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path

from reports import document as model
from reports.rendering import layout
from reports.rendering.pictures import NO_PHOTO

STYLESHEET = Path(__file__).parent / "paper.css"

PhotoUrl = Callable[[str], str]


def render_html(document: model.Document, *, photo_url: PhotoUrl | None = None) -> str:
    """Draw a Document as one ``<article class="paper">``.

    Args:
        document: what stands on the paper.
        photo_url: the address of a photo by its SHA-256, empty for one that may not be shown; without it only the
            captions are shown.
    """
    parts = [
        '<article class="paper" lang="vi"><section class="paper-sheet">',
        *_draft(document),
        *_letterhead(document),
        *_title(document),
        *_addressees(document),
        *_blocks(document.blocks, photo_url),
        *_closing(document),
        "</section>",
    ]
    for annex in document.annexes:
        parts += _annex(document, annex, photo_url)
    return "\n".join([*parts, "</article>"])


def _text(text: str) -> str:
    return escape(layout.bind(text)).replace("\n", "<br>")


def _element(name: str, css: str, text: str, **attributes: str) -> str:
    """An element around escaped text; an attribute's "_" stands for "-"."""
    more = "".join(f' {key.replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return f'<{name} class="{css}"{more}>{_text(text)}</{name}>'


def _draft(document: model.Document) -> Iterator[str]:
    if layout.draft_mark(document):
        yield _element("p", "paper-draft", layout.draft_mark(document))


def _letterhead(document: model.Document) -> Iterator[str]:
    yield '<header class="paper-head"><div class="paper-issuer">'
    for text in layout.letterhead_lines(document.letterhead.superior):
        yield _element("p", "paper-superior", text)
    for text in layout.letterhead_lines(document.letterhead.body):
        yield _element("p", "paper-body", text)
    yield '</div><div class="paper-state">'
    yield _element("p", "paper-republic", layout.STATE)
    yield _element("p", "paper-motto", layout.MOTTO)
    yield "</div>"
    yield _element("p", "paper-number", layout.number_line(document))
    yield _element("p", "paper-date", layout.date_line(document))
    if layout.about_line(document):
        yield _element("p", "paper-about", layout.about_line(document))
    yield "</header>"


def _title(document: model.Document) -> Iterator[str]:
    if layout.printed_type(document):
        yield _element("h2", "paper-type", layout.printed_type(document))
        yield _element("p", "paper-subject", document.subject)


def _addressees(document: model.Document) -> Iterator[str]:
    lines = layout.addressee_lines(document)
    if len(lines) == 1:
        yield _element("p", "paper-to", f"Kính gửi: {lines[0]}")
    elif lines:
        yield '<div class="paper-to-many"><p>Kính gửi:</p><ul>'
        yield from (_element("li", "paper-addressee", text) for text in lines)
        yield "</ul></div>"


def _blocks(blocks: Sequence[model.Block], photo_url: PhotoUrl | None) -> Iterator[str]:
    # An annex may have headings of the second level only: readers of screens hear no gap above them.
    top = min((_level(block) for block in blocks if isinstance(block, model.Heading)), default=1)
    for block in blocks:
        if isinstance(block, model.Heading):
            level = _level(block)
            yield _element(f"h{level - top + 3}", f"paper-heading paper-heading-{level}", block.text)
        elif isinstance(block, model.Paragraph):
            yield _paragraph(block)
        elif isinstance(block, model.Table):
            yield from _table(block)
        else:
            yield from _photos(block, photo_url)


def _level(heading: model.Heading) -> int:
    return min(max(heading.level, 1), 3)


def _paragraph(block: model.Paragraph) -> str:
    css = "paper-text" + " paper-italic" * block.italic + " paper-edited" * block.edited
    css += " paper-left" * (layout.text_align(block.text) == "left")
    lead = f"{_text(block.lead_in)}{layout.NBSP}" if block.lead_in else ""
    return (
        f'<p class="{css}" data-paragraph="{escape(layout.clean(block.id))}" '
        f'data-rests-on="{escape(" ".join(map(layout.clean, block.rests_on)))}">{lead}{_text(block.text)}</p>'
    )


def _table(block: model.Table) -> Iterator[str]:
    yield '<div class="paper-scroll"><table class="paper-table"><colgroup>'
    # The width is an attribute: style attributes are forbidden by the content security policy.
    yield "".join(f'<col width="{share * 100:.1f}%">' for share in layout.column_shares(block))
    yield "</colgroup>"
    if any(block.header):
        cells = "".join(f'<th scope="col">{_text(text)}</th>' for text in block.header)
        yield f"<thead><tr>{cells}</tr></thead>"
    yield "<tbody>"
    for index, row in enumerate(layout.table_rows(block)):
        named = f' data-paragraph="{escape(layout.clean(block.ids[index]))}"' if index < len(block.ids) else ""
        cells = "".join(
            f'<td class="paper-{layout.column_align(block, column)}">{_text(text)}</td>'
            for column, text in enumerate(row)
        )
        yield f"<tr{named}>{cells}</tr>"
    yield "</tbody></table></div>"


def _photos(block: model.PhotoGrid, photo_url: PhotoUrl | None) -> Iterator[str]:
    yield f'<div class="paper-photos paper-photos-{min(max(block.rows, 1), 3)}">'
    for photo in block.photos:
        image, address = "", photo_url(photo.sha256) if photo_url is not None else ""
        if address:
            image = f'<img src="{escape(address)}" alt="{_text(photo.caption)}" loading="lazy">'
        elif photo_url is not None:
            image = _element("p", "paper-caption", NO_PHOTO)
        caption = "<br>".join(_text(text) for text in (photo.caption, photo.details) if text.strip())
        yield f'<figure class="paper-photo">{image}<figcaption class="paper-caption">{caption}</figcaption></figure>'
    yield "</div>"


def _signers(document: model.Document) -> Iterator[str]:
    """Several signers side by side, Nơi nhận under them."""
    yield '<footer class="paper-signers">'
    for signer in (*document.cosigners, document.signatory):
        above, below = layout.signer_lines(signer)
        yield '<div class="paper-signer"><div>'
        yield from (_element("p", "paper-signer-title", text) for text in above)
        yield f'</div><div class="paper-signature">{_drawn(signer)}</div><div>'
        yield from (_element("p", "paper-signer-name", text) for text in below)
        yield "</div></div>"
    yield "</footer>"
    if document.recipients:
        yield '<div class="paper-recipients">'
        yield from _recipients(document)
        yield "</div>"


def _drawn(signer: model.Signatory) -> str:
    if signer.drawn is None:
        return ""
    lines = (" ".join(f"{x},{y}" for x, y in points) for points in signer.drawn.lines())
    path = "".join(f'<polyline points="{points}"></polyline>' for points in lines)
    name = escape(layout.clean(signer.name))
    return f'<svg viewBox="0 0 1000 {signer.drawn.height}" role="img" aria-label="Chữ ký của {name}">{path}</svg>'


def _recipients(document: model.Document) -> Iterator[str]:
    yield '<p class="paper-recipients-head">Nơi nhận:</p><ul>'
    yield from (_element("li", "paper-recipient", text) for text in layout.recipient_lines(document))
    yield "</ul>"


def _closing(document: model.Document) -> Iterator[str]:
    if document.cosigners:
        yield from _signers(document)
        return
    above, below = layout.signer_lines(document.signatory)
    yield '<footer class="paper-closing"><div class="paper-recipients">'
    yield from _recipients(document)
    yield '</div><div class="paper-signer">'
    yield from (_element("p", "paper-signer-title", text) for text in above)
    yield '<div class="paper-signature"></div>'
    yield from (_element("p", "paper-signer-name", text) for text in below)
    yield "</div></footer>"


def _annex(document: model.Document, annex: model.Annex, photo_url: PhotoUrl | None) -> Iterator[str]:
    yield f'<section class="paper-sheet paper-annex{" paper-landscape" * annex.landscape}">'
    yield from _draft(document)
    yield _element("h2", "paper-annex-name", layout.annex_name(document, annex))
    yield _element("p", "paper-annex-title", layout.clean(annex.title).upper())
    yield _element("p", "paper-annex-reference", layout.annex_reference(document))
    yield from _blocks(annex.blocks, photo_url)
    yield "</section>"
