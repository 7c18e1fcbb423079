"""The rescue file: one inspection as it lay on a tablet, written there without a server, read here.

Its form, ``kiemtra-rescue-1``, in bytes:

1. one line of JSON (UTF-8): ``format``, ``inspection``, ``account``, ``device``, ``made_at``, ``entries`` (each an
   entry with the ``state`` it had on the tablet) and ``evidence`` (``sha256``, ``type``, ``size`` in bytes of each);
2. one line with the SHA-256 of the first line without its line feed, in hexadecimal;
3. the evidence bytes one after the other, in the order of ``evidence``.

The head is taken whole or not at all: a letter changed in it would make another answer under the same id. Evidence
carries a hash each, so a damaged file is named and the rest is taken. What comes in passes the journal's own doors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, BinaryIO

import orjson
from pydantic import BaseModel, ConfigDict, Field

from app.errors import KiemtraError, NotFoundError, TooLargeError, UnprocessableError
from app.evidence.storage import EvidenceStorage, HashMismatchError
from app.identity import SYSTEM, Identity
from app.installation import Installation
from app.journal.entry import FIELDS
from app.kinds import REGISTRY
from app.tablets.marks import TabletRevokedError, mark_of

FORMAT = "kiemtra-rescue-1"
OPENING = b'{"format":"kiemtra-rescue-'
HEAD_BYTES = 64 * 1024 * 1024
FILE_BYTES = 2 * 1024 * 1024 * 1024
FIELD_WORK = frozenset({"answer", "row", "note", "evidence", "minutes"})
_BLOCK = 1 << 20
_DIGEST_LINE = 65


class ForeignFileError(UnprocessableError):
    """Not a rescue file, or one of a newer version."""

    code = "not_a_rescue_file"


class TornFileError(UnprocessableError):
    """The head is cut or was changed: nothing of the file can be trusted."""

    code = "rescue_torn"


class Listed(BaseModel):
    """One evidence file as the head announces it; ``size`` in bytes."""

    model_config = ConfigDict(frozen=True, strict=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    type: str = Field(max_length=100)
    size: int = Field(ge=0, le=FILE_BYTES)


class Head(BaseModel):
    """What the first line says."""

    model_config = ConfigDict(frozen=True, strict=True)

    format: str
    inspection: str = Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")
    account: str = Field(max_length=100)
    device: str = Field(max_length=100)
    made_at: str = Field(max_length=40)
    entries: list[Any]
    evidence: list[Listed]


@dataclass(frozen=True)
class Refused:
    """An entry that was not taken, and why."""

    id: str
    subject: str
    code: str
    message: str


@dataclass(frozen=True)
class Damaged:
    """An evidence file that was not taken, and why."""

    sha256: str
    message: str


@dataclass
class RescueReport:
    """What became of a rescue file: nothing in it is passed over in silence."""

    inspection: str
    title: str
    device: str
    made_at: str
    stored: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)
    evidence_stored: int = 0
    evidence_known: int = 0
    damaged: list[Damaged] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Everything in the file is on the server now."""
        return not self.refused and not self.damaged

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "inspection": self.inspection,
            "title": self.title,
            "device": self.device,
            "made_at": self.made_at,
            "entries": {
                "stored": self.stored,
                "known": self.known,
                "refused": [vars(one) for one in self.refused],
            },
            "evidence": {
                "stored": self.evidence_stored,
                "known": self.evidence_known,
                "damaged": [vars(one) for one in self.damaged],
            },
        }

    def lines(self) -> list[str]:
        """For people."""
        return [
            f"{self.inspection}  {self.title}",
            f"Ghi nhận: {self.stored} mới, {self.known} đã có, {len(self.refused)} không nhận.",
            f"Tệp minh chứng: {self.evidence_stored} mới, {self.evidence_known} đã có, {len(self.damaged)} bị hỏng.",
            *(f"Không nhận {one.subject or one.id}: {one.message}" for one in self.refused),
            *(f"Tệp hỏng {one.sha256}: {one.message}" for one in self.damaged),
        ]


def read_rescue(stream: BinaryIO) -> Head:
    """Read the head; the stream then stands at the first evidence byte.

    Raises:
        ForeignFileError: another kind of file, or a version that this server does not know.
        TornFileError: the head is cut or changed.
        TooLargeError: more than ``HEAD_BYTES`` of head or ``FILE_BYTES`` in all.
    """
    line = stream.readline(HEAD_BYTES + 1)
    if not line.startswith(OPENING):
        raise ForeignFileError(
            "Tệp này không phải tệp lưu từ máy tính bảng của kiemtra; hãy chọn đúng tệp có đuôi «.kiemtra»."
        )
    if len(line) > HEAD_BYTES:
        raise _too_large()
    noted = stream.readline(_DIGEST_LINE)
    if not line.endswith(b"\n") or noted != sha256(line[:-1]).hexdigest().encode() + b"\n":
        raise _torn()
    head = _head(line)
    if sum(one.size for one in head.evidence) > FILE_BYTES:
        raise _too_large()
    return head


def _head(line: bytes) -> Head:
    try:
        raw = json.loads(line)
        if isinstance(raw, dict) and raw.get("format") != FORMAT:
            raise ForeignFileError(
                "Tệp được lưu bằng phiên bản ứng dụng mới hơn máy chủ; hãy cập nhật máy chủ rồi nạp lại."
            )
        return Head.model_validate(raw)
    except (ValueError, RecursionError) as error:
        raise _torn() from error


def _torn() -> TornFileError:
    return TornFileError(
        "Phần đầu của tệp bị cắt hoặc đã bị sửa nên chưa nạp gì; hãy chép lại tệp, hoặc lưu lại từ máy tính bảng."
    )


def _too_large() -> TooLargeError:
    return TooLargeError(
        f"Tệp lớn hơn mức {FILE_BYTES >> 30} GB; hãy đồng bộ máy tính bảng trực tiếp với máy chủ.", limit=FILE_BYTES
    )


def import_rescue(here: Installation, stream: BinaryIO, writer: Identity) -> RescueReport:
    """Take a rescue file in: evidence first, then entries. The same file again changes nothing.

    Args:
        here: the installation.
        stream: the file, read from where it stands and never whole into memory.
        writer: who brings it; another member's answers, notes and evidence may be brought, nothing else of others.

    Raises:
        NotFoundError: the inspection is not on this server, or not for this account.
        TabletRevokedError: of a tablet that was reported lost; once it is let in again the file may be taken.
        ForeignFileError, TornFileError, TooLargeError: as ``read_rescue``; nothing was written.
    """
    head = read_rescue(stream)
    if mark_of(here.database(), head.device).lost:
        raise TabletRevokedError
    opening = [] if writer.setup(head.inspection) else _setups(head)
    report = RescueReport(head.inspection, "", head.device, head.made_at)
    if opening:
        _take_opening(here, opening, writer, report)
    setup = writer.setup(head.inspection)
    if setup is None or not writer.may_see(head.inspection):
        raise NotFoundError(
            "Máy chủ không có cuộc kiểm tra của tệp này, hoặc tài khoản này không phải là thành viên; "
            "hãy nhờ trưởng đoàn nạp tệp."
        )
    report.title = setup["title"]
    taken = {id(one) for one in opening}
    head.entries[:] = [one for one in head.entries if id(one) not in taken]
    _take_evidence(here, head, stream, writer, report)
    _take_entries(here, head, writer, report)
    return report


def _setups(head: Head) -> list[Any]:
    """What the file says of the inspection's own setup: it may have been opened on this tablet."""
    subject = f"inspection/{head.inspection}/setup"
    return [one for one in head.entries if isinstance(one, dict) and one.get("subject") == subject]


def _take_opening(
    here: Installation, opening: Sequence[dict[str, Any]], writer: Identity, report: RescueReport
) -> None:
    """An inspection that this server has never heard of: its setup first, by the doors of an opening in the field.

    Raises:
        NotFoundError: the opening was refused; the sentence says why.
    """
    entries = [_canonical_fields(one) for one in opening]
    first = next((one for one in entries if not one.get("supersedes")), None)
    opened = first["value"].get("opened") if first and isinstance(first.get("value"), dict) else None
    if opened is None or any(_out_of_place(one, report.inspection) for one in entries):
        return
    results = here.journal().push(entries, writer)
    for entry, result in zip(entries, results, strict=True):
        if result.status == "refused":
            report.refused.append(Refused(entry["id"], entry["subject"], result.code, result.message))
        report.stored += result.status == "stored"
    if writer.setup_before_change(report.inspection) is None:
        raise NotFoundError(f"Máy chủ chưa có cuộc kiểm tra của tệp này và chưa lập được: {results[0].message}")


def _take_evidence(here: Installation, head: Head, stream: BinaryIO, writer: Identity, report: RescueReport) -> None:
    storage = EvidenceStorage(here.evidence_path, here.database(), here.clock)
    for listed, data in _evidence(stream, head.evidence, here.config.evidence_bytes):
        try:
            _require_whole(listed, data, here.config.evidence_bytes)
            if storage.put(listed.sha256, data, writer.account):
                report.evidence_stored += 1
            else:
                report.evidence_known += 1
        except HashMismatchError:
            changed = "Nội dung không còn khớp mã SHA-256; hãy lưu lại từ máy tính bảng rồi nạp lại."
            report.damaged.append(Damaged(listed.sha256, changed))
        except KiemtraError as error:
            report.damaged.append(Damaged(listed.sha256, error.message))
    if stream.read(1):
        report.damaged.append(Damaged("", "Sau tệp cuối cùng còn phần thừa; tệp đã bị sửa hoặc chép lẫn."))


def _evidence(stream: BinaryIO, listed: Sequence[Listed], limit: int) -> Iterator[tuple[Listed, bytes]]:
    """The bytes of each; what is over the limit is passed over and comes empty."""
    for one in listed:
        if one.size <= limit:
            yield one, stream.read(one.size)
            continue
        left = one.size
        while left > 0 and (block := stream.read(min(left, _BLOCK))):
            left -= len(block)
        yield one, b""


def _require_whole(listed: Listed, data: bytes, limit: int) -> None:
    if listed.size > limit:
        raise TooLargeError(f"Tệp lớn hơn mức {limit} byte của máy chủ; hãy nâng mức đó trong cấu hình rồi nạp lại.")
    if len(data) < listed.size:
        raise TornFileError(
            "Tệp nạp bị cắt trước khi hết tệp minh chứng này; hãy chép lại từ máy tính bảng rồi nạp lại."
        )


def _take_entries(here: Installation, head: Head, writer: Identity, report: RescueReport) -> None:
    step = here.config.batch_entries
    for at in range(0, len(head.entries), step):
        _take_batch(here, head, head.entries[at : at + step], writer, report)


def _take_batch(here: Installation, head: Head, raw: list[Any], writer: Identity, report: RescueReport) -> None:
    sound: list[dict[str, Any]] = []
    for one in raw:
        entry = _canonical_fields(one)
        message = _out_of_place(entry, head.inspection)
        if message:
            report.refused.append(Refused(_text(one, "id"), _text(one, "subject"), "out_of_place", message))
        else:
            sound.append(entry)
    journal = here.journal()
    held = journal.store.find(str(entry["id"]) for entry in sound)
    offered = []
    for entry in sound:
        message = "" if entry["id"] in held else _not_from_a_tablet(entry)
        if message:
            report.refused.append(Refused(entry["id"], entry["subject"], "not_field_work", message))
        else:
            offered.append(entry)
    for entry, result in zip(offered, journal.push(offered, writer), strict=True):
        if result.status == "refused":
            report.refused.append(Refused(entry["id"], entry["subject"], result.code, result.message))
        elif result.status == "stored":
            report.stored += 1
        else:
            report.known += 1


def _canonical_fields(raw: Any) -> dict[str, Any]:
    """The entry without what the tablet noted beside it."""
    return {key: part for key, part in raw.items() if key in FIELDS} if isinstance(raw, dict) else {}


def _out_of_place(entry: dict[str, Any], inspection: str) -> str:
    """What can be no entry of this inspection, whatever it is."""
    subject, id_ = entry.get("subject"), entry.get("id")
    try:
        orjson.dumps(entry)
    except orjson.JSONEncodeError:
        return "Ghi nhận có ký tự hoặc số không hợp lệ; hãy ghi lại nội dung trên máy tính bảng."
    if not isinstance(subject, str) or not isinstance(id_, str):
        return "Ghi nhận thiếu mã hoặc không nói về mục nào; hãy lưu lại tệp từ máy tính bảng."
    if not subject.startswith(f"inspection/{inspection}/"):
        return "Ghi nhận không thuộc cuộc kiểm tra của tệp nên không được nạp."
    return ""


def _not_from_a_tablet(entry: dict[str, Any]) -> str:
    """New entries are field work of people: a file is no way to change the office's records."""
    matched = REGISTRY.match(entry["subject"])
    if matched is not None and matched[0].name not in FIELD_WORK:
        return "Tệp từ máy tính bảng không được thay đổi thông tin cuộc kiểm tra hoặc văn bản; hãy sửa trên trang."
    if entry.get("author") == SYSTEM:
        return "Ghi nhận mang tên hệ thống chỉ do máy chủ lập; máy chủ này không có ghi nhận đó."
    return ""


def _text(raw: Any, name: str) -> str:
    """A field for the report, without what cannot be shown."""
    found = raw.get(name) if isinstance(raw, dict) else None
    return found[:300].encode("utf-8", "replace").decode() if isinstance(found, str) else ""
