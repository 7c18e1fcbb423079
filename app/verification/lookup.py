"""Which issued paper a file or a printed code belongs to, and what of it a stranger may be told.

A paper that has no number yet is not out: of it nothing is told by its code, and of its file only that it is not out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import orjson

from app.installation import Installation
from app.papers.issuing import issuer_behind
from app.papers.owner import OWNER
from reports.document import DocumentKind

KINDS = {
    DocumentKind.NOTICE: "Thông báo",
    DocumentKind.LETTER: "Công văn",
    DocumentKind.REPORT: "Báo cáo",
    DocumentKind.MINUTES: "Biên bản",
}
State = Literal["standing", "replaced", "unissued"]
_MOST_LINKS = 50


@dataclass(frozen=True)
class Paper:
    """An issued paper as anybody may know it.

    Attributes:
        kind: in words.
        label: number and symbol as printed.
        issued_on: the day on it.
        body: who issues it.
        title: trích yếu.
        state: in force; replaced by ``newest``; or not out yet, then nothing else is told.
        sha256: of the file as it is now.
        newest: what stands in its place, where that is out.
        corrected: papers that put lines of it right, công văn đính chính.
        older: the file in hand is an earlier step of the paper, before number or seal.
    """

    kind: str
    label: str
    issued_on: date | None
    body: str
    title: str
    state: State
    sha256: str
    newest: Paper | None = None
    corrected: tuple[str, ...] = ()
    older: bool = False

    @property
    def name(self) -> str:
        """The paper in a sentence."""
        day = f" ngày {self.issued_on:%d/%m/%Y}" if self.issued_on else ""
        return f"{self.kind} số {self.label}{day}"


def paper_of_code(installation: Installation, code: str) -> Paper | None:
    """The paper that carries a printed code; None where there is none that is out."""
    letters = re.sub(r"[^A-Z2-7]", "", code.upper())
    row = _row(installation, "replace(json_extract(value, '$.code'), '-', '') = ?", letters) if letters else None
    paper = _paper(installation, row) if row else None
    return paper if paper and paper.state != "unissued" else None


def paper_of_file(installation: Installation, sha256: str, manifest: Mapping[str, Any] | None) -> Paper | None:
    """The paper that a file is, or an earlier step of; None where the installation never had this file."""
    row = _row(installation, "sha256 = ?", sha256)
    if row:
        return _paper(installation, row)
    root = _root_named(manifest or {})
    if root is None:
        return None
    rows = installation.database().execute(
        "SELECT DISTINCT subject FROM entries WHERE subject > ? || '/document/' AND subject < ? || '/document0' "
        "AND json_extract(value, '$.sha256') = ?",
        [root, root, sha256],
    )
    subject = rows.fetchone()
    if subject is None:
        return None
    row = _row(installation, "document = ?", str(subject[0]).rpartition("/")[2])
    # A file from before the archive's time stamps is the paper itself.
    return _paper(installation, row, older=sha256 not in row.get("earlier", ())) if row else None


def _root_named(manifest: Mapping[str, Any]) -> str | None:
    """The subject below which a manifest says that its paper is kept."""
    for kind in ("inspection", "campaign"):
        if isinstance(id_ := manifest.get(kind), str):
            return f"{kind}/{id_}"
    return None


def _row(installation: Installation, condition: str, argument: str) -> dict[str, Any] | None:
    return next(iter(_rows(installation, condition, argument)), None)


def _rows(installation: Installation, condition: str, argument: str) -> list[dict[str, Any]]:
    query = f"SELECT {OWNER}, document, value FROM documents d WHERE value != 'null' AND {condition} ORDER BY seq"
    rows = installation.database().execute(query, [argument]).fetchall()
    return [{"inspection": row[0], "document": row[1], **orjson.loads(row[2])} for row in rows]


def _corrections(installation: Installation, document: str) -> list[dict[str, Any]]:
    found = _rows(installation, "json_extract(value, '$.corrects') = ?", document)
    return [row for row in found if row["state"] == "registered"]


def _paper(installation: Installation, row: Mapping[str, Any], *, older: bool = False) -> Paper:
    newest = _newest(installation, row) if row["state"] == "replaced" else None
    body = issuer_behind(installation, row["inspection"], row.get("issuer"))
    day = row.get("date")
    return Paper(
        kind=KINDS[DocumentKind(row["kind"])],
        label=f"{row['number']:02d}/{row['symbol']}" if row.get("number") else row["symbol"],
        issued_on=date.fromisoformat(day) if day else None,
        body=body["name"],
        title=row.get("subject") or row["title"],
        state=_state(row),
        sha256=row["sha256"],
        newest=_paper(installation, newest) if newest else None,
        corrected=tuple(_paper(installation, one).name for one in _corrections(installation, row["document"])),
        older=older,
    )


def _state(row: Mapping[str, Any]) -> State:
    if not row.get("number"):
        return "unissued"
    return "replaced" if row["state"] == "replaced" else "standing"


def _newest(installation: Installation, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The last paper in the chain of those that replaced it, as far as they are out."""
    found: dict[str, Any] | None = None
    document = row["document"]
    for _link in range(_MOST_LINKS):
        after = _row(installation, "json_extract(value, '$.replaces') = ?", document)
        if after is None:
            break
        document = after["document"]
        found = after if after["state"] == "registered" else found
    return found
