"""Which paper took another's place, and which put its errors right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from app.papers.naming import document_name
from app.papers.owner import OWNER, column_of


@dataclass(frozen=True)
class Relative:
    """Another paper of the chain.

    Attributes:
        owner: whose paper.
        document: its id.
        name: "Thông báo số 05/TB-ĐKT ngày 20/7/2022".
        state: as in ``DocumentValue``.
        reason: why it replaces or corrects.
        sha256: of its file as it is now.
    """

    owner: str
    document: str
    name: str
    state: str
    reason: str
    sha256: str


@dataclass(frozen=True)
class Chain:
    """What stands before and after a paper. A successor that is not registered yet takes no effect and is not told."""

    replaces: Relative | None = None
    replaced_by: Relative | None = None
    corrects: Relative | None = None
    corrected_by: tuple[Relative, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.replaces or self.replaced_by or self.corrects or self.corrected_by)


def chain_of(db: Database, owner: str, document: str) -> Chain:
    """The chain around one paper."""
    papers = _papers(db, owner)
    own = papers.get(document)
    if own is None:
        return Chain()
    registered = {id_: value for id_, value in papers.items() if value["state"] in {"registered", "replaced"}}
    after = [id_ for id_, value in registered.items() if value.get("replaces") == document and value.get("number")]
    corrections = [id_ for id_, value in registered.items() if value.get("corrects") == document]
    return Chain(
        replaces=_relative(owner, own.get("replaces"), registered if own.get("number") else papers),
        replaced_by=_relative(owner, after[-1] if after else None, papers),
        corrects=_relative(owner, own.get("corrects"), papers),
        corrected_by=tuple(one for id_ in corrections if (one := _relative(owner, id_, papers))),
    )


def chain_of_file(db: Database, sha256: str) -> Chain:
    """The chain around the paper that has this file now; an empty one for a file that is no paper's."""
    row = db.execute(f"SELECT {OWNER} AS owner, document FROM documents d WHERE sha256 = ?", [sha256]).fetchone()
    return chain_of(db, row["owner"], row["document"]) if row else Chain()


def _papers(db: Database, owner: str) -> dict[str, dict[str, Any]]:
    column, id_ = column_of(owner)
    rows = db.execute(
        f"SELECT document, value FROM documents WHERE {column} = ? AND value != 'null' ORDER BY seq", [id_]
    )
    return {row["document"]: orjson.loads(row["value"]) for row in rows}


def _relative(owner: str, document: str | None, papers: dict[str, dict[str, Any]]) -> Relative | None:
    value = papers.get(document or "")
    if document is None or value is None:
        return None
    reason = value.get("reason", "")
    return Relative(owner, document, document_name(value), value["state"], reason, value["sha256"])
