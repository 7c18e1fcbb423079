"""What an issued paper carries about itself beyond what it was composed from: who wrote each entry, and text hashes.

The schema of the manifest is in docs/signing.md.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from base64 import b32encode
from collections.abc import Mapping
from typing import Any

import orjson

from app.accounts.manage import names_of
from app.installation import Installation

VERSION = 2
_PER_QUERY = "SELECT id, seq, author, device FROM entries WHERE id IN (SELECT value FROM json_each(?)) ORDER BY seq"


def with_provenance(installation: Installation, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with each paragraph's hash, every entry's author and device, and the authors' names.

    Members of a delegation act in office and are named in its decision; nobody else's name gets in.
    """
    if not manifest:
        return {}
    db = installation.database()
    rows = db.execute(_PER_QUERY, [orjson.dumps(sorted(ids_of(manifest))).decode()]).fetchall()
    entries = [{"id": row[0], "seq": row[1], "author": row[2], "device": row[3]} for row in rows]
    names, usernames = names_of(db), _usernames(installation)
    authors = sorted({entry["author"] for entry in entries})
    paragraphs = [{**part, "sha256": text_hash(part["text"])} for part in manifest.get("paragraphs", ())]
    return {
        **manifest,
        "version": VERSION,
        "paragraphs": paragraphs,
        "entries": entries,
        "people": {author: {"name": names.get(author, ""), "account": usernames.get(author, "")} for author in authors},
    }


def new_code() -> str:
    """The code that a paper prints: 80 random bits in groups of four, which nobody guesses."""
    letters = b32encode(secrets.token_bytes(10)).decode("ascii")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def ids_of(manifest: Mapping[str, Any]) -> set[str]:
    """Every entry that the manifest names."""
    findings = manifest.get("findings", ())
    return {
        *manifest.get("covers", ()),
        *(id_ for part in manifest.get("paragraphs", ()) for id_ in part["entries"]),
        *(entry["id"] for finding in findings for entry in finding["entries"]),
    }


def text_hash(text: str) -> str:
    """SHA-256 of a paragraph's text in NFC, UTF-8."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def _usernames(installation: Installation) -> dict[str, str]:
    rows = installation.database().execute("SELECT id, username FROM accounts")
    return {row[0]: row[1] for row in rows}
