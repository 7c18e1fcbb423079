"""Legal bases of the checklists, and who has confirmed by name that one is right and in force.

A basis that a pack is unsure of is printed only once somebody has confirmed it; until then sentences go without it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlite_utils import Database

from app.conclusions.rows import entry_fact
from app.errors import InvalidInputError
from checklists.library import Library
from checklists.model import Item, LegalBasis, Pack
from reports.composing.facts import ArticleFact


@dataclass(frozen=True)
class Use:
    """An item that names a basis, with the days between which it holds there.

    Attributes:
        item, pack, question: of the item.
        start, end: of the basis.
        article: what somebody found for this item where the pack names none, as it is printed.
        confirmed: that confirmation's value.
        entry, author, made_at: of that confirmation.
    """

    item: str
    pack: str
    question: str
    start: str | None
    end: str | None
    article: str = ""
    confirmed: Mapping[str, Any] | None = None
    entry: str = ""
    author: str = ""
    made_at: str = ""


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

    @property
    def articles(self) -> int:
        """For how many items somebody has given the article."""
        return sum(bool(use.article) for use in self.uses)


def basis_id(doc: str, clause: str, item: str = "") -> str:
    """The id of a basis' subject: 32 hexadecimal digits made from document, clause and, where given, item (NFC)."""
    told = unicodedata.normalize("NFC", "\n".join([doc.strip(), clause.strip(), *([item] if item else [])]))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def subject_of_basis(id_: str) -> str:
    """Where a confirmation is kept."""
    return f"basis/{id_}"


def confirmed_names(db: Database) -> frozenset[str]:
    """The names, as sentences print them, of the bases that somebody has confirmed."""
    return frozenset(_name(value) for _, value in _confirmations(db) if not value.get("item"))


def articles_of(db: Database) -> dict[tuple[str, str], ArticleFact]:
    """By item and basis: the articles that people gave where a pack names none."""
    return {
        (value["item"], _name(value)): ArticleFact(value["article"], entry_fact(row))
        for row, value in _confirmations(db)
        if value.get("item")
    }


def _name(value: Mapping[str, Any]) -> str:
    return f"{value.get('clause', '')} {value['doc']}".strip()


def article_text(typed: str) -> str:
    """An article as papers write it: "Điểm a, Khoản 1 điều 14" becomes "điểm a khoản 1 Điều 14".

    Raises:
        InvalidInputError: it names no article, section or annex.
    """
    text = " ".join(unicodedata.normalize("NFC", typed).split()).strip(" .;,")
    for word in _PLACES:
        text = re.sub(rf"(?:^|[,;]? ){word} ", f" {word} ", text, flags=re.IGNORECASE).strip()
    if not _ARTICLE.fullmatch(f"{text} ") or not any(word in text for word in _PLACES[2:]):
        raise InvalidInputError("Hãy ghi từ nhỏ đến lớn, ví dụ: điểm a khoản 1 Điều 14; hoặc: Mục 3 Chương VII.")
    return text


_PLACES = ("điểm", "khoản", "Điều", "Mục", "Chương", "Phần", "Phụ lục")
_ARTICLE = re.compile(rf"(?:(?:{'|'.join(_PLACES)}) [\w.]{{1,8}}(?:(?:,| và) [\w.]{{1,8}})*(?: và)? )+")


def all_bases(library: Library, db: Database) -> list[Basis]:
    """Every basis of the newest checklists: those that nobody vouches for first, then by name."""
    said = {row["basis"]: (row, value) for row, value in _confirmations(db)}
    named: dict[str, list[tuple[LegalBasis, Use]]] = {}
    for pack in library.packs():
        for item in pack.items:
            for basis in item.legal:
                use = _use(pack, item, basis, said.get(basis_id(basis.doc, basis.clause, item.id)))
                named.setdefault(basis_id(basis.doc, basis.clause), []).append((basis, use))
    found = [_basis(id_, uses, said.get(id_)) for id_, uses in named.items()]
    return sorted(found, key=lambda one: (not one.open, -len(one.uses), one.name))


def _use(pack: Pack, item: Item, basis: LegalBasis, said: tuple[Any, dict[str, Any]] | None) -> Use:
    use = Use(item.id, pack.title, item.question, basis.start, basis.end)
    return replace(use, article=said[1]["article"], **_confirmed(said)) if said else use


def _confirmed(said: tuple[Any, dict[str, Any]]) -> dict[str, Any]:
    row, value = said
    return {"confirmed": value, "entry": row["entry"], "author": row["author"], "made_at": row["made_at"]}


def _basis(id_: str, named: Iterable[tuple[LegalBasis, Use]], said: tuple[Any, dict[str, Any]] | None) -> Basis:
    pairs = list(named)
    first = pairs[0][0]
    return Basis(
        id=id_,
        doc=first.doc.strip(),
        clause=first.clause.strip(),
        sure=all(basis.sure for basis, _ in pairs),
        uses=tuple(use for _, use in pairs),
        notes=tuple(dict.fromkeys(basis.note for basis, _ in pairs if basis.note)),
        **(_confirmed(said) if said else {}),
    )


def _confirmations(db: Database) -> list[tuple[Any, dict[str, Any]]]:
    query = "SELECT basis, entry, seq, author, device, made_at, value FROM bases WHERE value != 'null'"
    rows = db.execute(query).fetchall()
    read = [(row, orjson.loads(row["value"])) for row in rows]
    return [(row, value) for row, value in read if value]


def named_like(bases: Iterable[Basis], words: str) -> list[Basis]:
    """Those in whose name or items all the words stand."""
    wanted = unicodedata.normalize("NFC", words).casefold().split()
    return [one for one in bases if all(word in _searched(one) for word in wanted)]


def _searched(basis: Basis) -> str:
    return " ".join([basis.name, *(use.question for use in basis.uses)]).casefold()
