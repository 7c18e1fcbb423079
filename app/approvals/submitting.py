"""Submitting a version of a paper to the steps it goes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from app.approvals.queries import Approval, steps_of
from app.approvals.versions import digest, digest_of, said_parts
from app.errors import UnprocessableError
from app.identity import Identity
from app.installation import Installation
from app.papers.owner import may_draft, own_issuer, root_of
from app.papers.pictures import photo_loader, storage_of
from reports.document import Document
from reports.rendering.pdf import render_pdf


def submit(  # noqa: PLR0913 (a paper and what it was composed with)
    installation: Installation,
    writer: Identity,
    owner: str,
    document: Document,
    approval: Approval,
    *,
    about: str = "",
    title: str = "",
    issuer: str = "",
    choice: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    """Give a paper to its steps as it stands, with the draft as PDF.

    Raises:
        ForbiddenError: this account drafts nothing.
        UnprocessableError: it goes through no steps.
        ConflictError: somebody else submitted a version meanwhile.
    """
    writer.require(may_draft(writer, owner), "Chỉ lãnh đạo đoàn hoặc thư ký được trình duyệt dự thảo.")
    db = installation.database()
    steps, _ = steps_of(db, owner, issuer or own_issuer(db, owner), about)
    if not any(not one.get("signs") for one in steps):
        raise UnprocessableError("Chưa đặt bước duyệt nào cho văn bản này; hãy đặt các bước duyệt trước.")
    value = {
        **_said(said_parts(document)),
        "steps": list(steps),
        "note": note,
        "file": _kept(installation, writer, document),
        "kind": document.kind.value,
        **({"about": about, "title": title} if about else {}),
        **({"choice": {name: one for name, one in choice.items() if one}} if choice else {}),
    }
    subject = f"{root_of(owner)}/submission/{approval.next_number[0]}"
    installation.journal().write(writer, subject, value, supersedes=[])


def _said(parts: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "sha256": digest_of(parts),
        "parts": [{"id": id_, "sha256": digest(text)} for id_, text in parts],
    }


def _kept(installation: Installation, writer: Identity, document: Document) -> dict[str, Any]:
    """The draft as PDF, kept so that years later it can be shown what was approved."""
    pdf = render_pdf(document, photo_loader=photo_loader(installation)).bytes
    name = sha256(pdf).hexdigest()
    storage_of(installation).put(name, pdf, writer.account)
    return {"sha256": name, "type": "application/pdf", "size": len(pdf), "name": "ban-trinh.pdf"}
