"""Holds an issued paper's manifest against an installation's journal, and names each difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.installation import Installation
from app.journal.entry import Entry
from app.papers.provenance import ids_of, text_hash
from reports.composing.statement import FORMAT

_MOST_NAMED = 5


class JournalOf:
    """The journal of an installation (``reports.verifying.verify.JournalCheck``)."""

    def __init__(self, installation: Installation) -> None:
        self.store = installation.journal().store

    def is_own(self, manifest: dict[str, Any]) -> bool:
        """Whether the manifest says that it was made of this journal; the first manifests do not say of which."""
        head = manifest.get("head")
        named = head.get("journal") if isinstance(head, dict) else None
        return named is None or named == self.store.genesis().hex()

    def compare(self, manifest: dict[str, Any]) -> list[str]:
        """What differs, in Vietnamese; empty where all matches."""
        if manifest.get("format") != FORMAT:
            return ["Bản kê dữ liệu không phải do hệ thống này lập."]
        found = self.store.find(ids_of(manifest))
        return [
            *self._head(manifest["head"]),
            *_entries(manifest, found),
            *_texts(manifest),
            *(told for finding in manifest.get("findings", ()) for told in _finding(finding, found)),
        ]

    def _head(self, head: dict[str, Any]) -> list[str]:
        seq = int(head["seq"])
        if self.store.hash_at(seq) == head["hash"]:
            return []
        if self.store.head().seq < seq:
            return [f"Nhật ký của hệ thống ngắn hơn lúc ký văn bản (thiếu từ ghi nhận {self.store.head().seq + 1})."]
        return [f"Chuỗi băm của nhật ký tại ghi nhận {seq} khác với lúc ký văn bản."]


def _entries(manifest: dict[str, Any], found: Mapping[str, Entry]) -> list[str]:
    named = {entry["id"]: entry for finding in manifest.get("findings", ()) for entry in finding["entries"]}
    named |= {entry["id"]: entry for entry in manifest.get("entries", ())}
    missing = sorted(ids_of(manifest) - found.keys())
    other = sorted(id_ for id_, entry in named.items() if id_ in found and not _same(entry, found[id_]))
    told = []
    if missing:
        told.append(f"Nhật ký không có {len(missing)} ghi nhận mà văn bản dựa vào ({_few(missing)}).")
    if other:
        told.append(f"{len(other)} ghi nhận có người ghi hoặc thiết bị khác với bản kê ({_few(other)}).")
    return told


def _texts(manifest: dict[str, Any]) -> list[str]:
    """Papers of the first version carry no hashes."""
    parts = [(part["id"], part.get("sha256"), text_hash(part["text"])) for part in manifest.get("paragraphs", ())]
    wrong = [id_ for id_, told, real in parts if told not in (None, real)]
    return [f"Lời văn của {len(wrong)} đoạn không đúng với mã băm ghi trong bản kê ({_few(wrong)})."] if wrong else []


def _finding(finding: dict[str, Any], found: Mapping[str, Entry]) -> Iterator[str]:
    """Verdict, item version, figures and evidence of one finding against the entries that it names."""
    entries = [found[one["id"]] for one in finding["entries"] if one["id"] in found]
    values = [(entry.subject, entry.value) for entry in entries if isinstance(entry.value, dict)]
    if len(values) < len(finding["entries"]):
        return  # what is missing is named already; what the law had erased cannot be compared
    key = finding["key"]
    answers = [value for subject, value in values if subject.endswith(f"/{key}")]
    if answers and all(value.get("item_version") != finding["item_version"] for value in answers):
        yield f"Mục {key}: phiên bản của mục trong nhật ký khác với bản kê."
    if answers and all(value.get("verdict") != finding["verdict"] for value in answers):
        yield f"Mục {key}: kết quả trong nhật ký khác với bản kê."
    if any(not _figures_told(value, finding) for value in answers):
        yield f"Mục {key}: số liệu hoặc nguồn số liệu trong nhật ký khác với bản kê."
    shown = {(value.get("file") or {}).get("sha256") for subject, value in values if "/evidence/" in subject}
    missing = sorted(set(finding["evidence"]) - shown)
    if missing:
        yield f"Mục {key}: {len(missing)} minh chứng trong bản kê không có trong nhật ký ({_few(missing)})."


def _figures_told(value: dict[str, Any], finding: dict[str, Any]) -> bool:
    """Each figure that somebody gave stands in the manifest with its source; counts of rows stand there besides."""
    told = {(key, one["value"], one["source"]) for key, readings in finding["figures"].items() for one in readings}
    given = (value.get("figures") or {}).items()
    known = [(key, one) for key, readings in given if key in finding["figures"] for one in readings]
    return all((key, one["value"], one["source"]) in told for key, one in known)


def _same(named: dict[str, Any], entry: Entry) -> bool:
    return bool(entry.author == named["author"] and entry.device == named["device"])


def _few(ids: list[str]) -> str:
    more = ", …" if len(ids) > _MOST_NAMED else ""
    return ", ".join(ids[:_MOST_NAMED]) + more
