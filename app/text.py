"""Spelling names plainly, for identifiers and file names."""

from __future__ import annotations

import re
import unicodedata


def slug(name: str) -> str:
    """A name in plain letters: "UBND thị trấn Cần Giuộc" → "ubnd-thi-tran-can-giuoc"."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].rstrip("-") or "x"
