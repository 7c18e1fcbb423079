"""Legal bases of the checklists, and who has confirmed by name that one is right and in force.

A basis that a pack is unsure of is printed only once somebody has confirmed it; until then sentences go without it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from checklists.library import Library
from checklists.model import LegalBasis


@dataclass(frozen=True)
class Use:
    """An item that names a basis, with the days between which it holds there."""

    pack: str
    question: str
    start: str | None
    end: str | None


@dataclass(frozen=True)
class Basis:
    """One legal basis with all items that name it.

    Attributes:
        id: made from document and clause; see ``basis_id``.
        doc: the document.
        clause: article and clause; may be empty.
        sure: every pack that names it is sure of it.
        uses: where it is named.
        notes: what the packs say is to be compared.
        confirmed: the confirmation's value, None where there is none.
        entry, author, made_at: of the confirmation.
    """

    id: str
    doc: str
    clause: str
    sure: bool
    uses: tuple[Use, ...]
    notes: tuple[str, ...] = ()
    confirmed: Mapping[str, Any] | None = None
    entry: str = ""
    author: str = ""
    made_at: str = ""

    @property
    def name(self) -> str:
        """Such as "Điều 8 Nghị định số 61/2018/NĐ-CP"."""
        return f"{self.clause} {self.doc}".strip()

    @property
    def open(self) -> bool:
        """Nobody vouches for it: it is not printed."""
        return not self.sure and self.confirmed is None


def basis_id(doc: str, clause: str) -> str:
    """The id of a basis' subject: 32 hexadecimal digits made from document and clause (NFC)."""
    told = unicodedata.normalize("NFC", f"{doc.strip()}\n{clause.strip()}")
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def subject_of_basis(id_: str) -> str:
    """Where a confirmation is kept."""
    return f"basis/{id_}"


def confirmed_names(db: Database) -> frozenset[str]:
    """The names, as sentences print them, of the bases that somebody has confirmed."""
    return frozenset(f"{value.get('clause', '')} {value['doc']}".strip() for _, value in _confirmations(db))


def all_bases(library: Library, db: Database) -> list[Basis]:
    """Every basis of the newest checklists: those that nobody vouches for first, then by name."""
    named: dict[str, list[tuple[LegalBasis, Use]]] = {}
    for pack in library.packs():
        for item in pack.items:
            for basis in item.legal:
                use = Use(pack.title, item.question, basis.start, basis.end)
                named.setdefault(basis_id(basis.doc, basis.clause), []).append((basis, use))
    said = {row["basis"]: (row, value) for row, value in _confirmations(db)}
    found = [_basis(id_, uses, said.get(id_)) for id_, uses in named.items()]
    return sorted(found, key=lambda one: (not one.open, -len(one.uses), one.name))


def _basis(id_: str, named: Iterable[tuple[LegalBasis, Use]], said: tuple[Any, dict[str, Any]] | None) -> Basis:
    pairs = list(named)
    first = pairs[0][0]
    known: dict[str, Any] = {}
    if said is not None:
        row, value = said
        known = {"confirmed": value, "entry": row["entry"], "author": row["author"], "made_at": row["made_at"]}
    return Basis(
        id=id_,
        doc=first.doc.strip(),
        clause=first.clause.strip(),
        sure=all(basis.sure for basis, _ in pairs),
        uses=tuple(use for _, use in pairs),
        notes=tuple(dict.fromkeys(basis.note for basis, _ in pairs if basis.note)),
        **known,
    )


def _confirmations(db: Database) -> list[tuple[Any, dict[str, Any]]]:
    rows = db.execute("SELECT basis, entry, author, made_at, value FROM bases WHERE value != 'null'").fetchall()
    read = [(row, orjson.loads(row["value"])) for row in rows]
    return [(row, value) for row, value in read if value]


def named_like(bases: Iterable[Basis], words: str) -> list[Basis]:
    """Those in whose name or items all the words stand."""
    wanted = unicodedata.normalize("NFC", words).casefold().split()
    return [one for one in bases if all(word in _searched(one) for word in wanted)]


def _searched(basis: Basis) -> str:
    return " ".join([basis.name, *(use.question for use in basis.uses)]).casefold()
