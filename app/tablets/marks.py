"""Whether the office has reported a tablet lost. Asked on every request that names one, so one indexed read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from app.errors import ForbiddenError

HEADER = "X-Device"
DEVICE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class TabletRevokedError(ForbiddenError):
    """The request names a tablet that was reported lost."""

    code = "tablet_revoked"

    def __init__(self, **details: Any) -> None:
        super().__init__(
            "Máy này đã được báo mất nên bị khóa. Nếu đã tìm lại được máy, hãy nhờ trưởng đoàn cho máy dùng lại; "
            "nội dung chưa gửi vẫn được giữ.",
            **details,
        )


@dataclass(frozen=True)
class Mark:
    """What the office last said of a tablet.

    Attributes:
        entry: id of that entry; empty where nothing was ever said. A session carries the one it began under.
        lost: the tablet is locked out.
    """

    entry: str = ""
    lost: bool = False


def mark_of(db: Database, device: str) -> Mark:
    """The current mark of a tablet."""
    row = db.execute("SELECT entry, state FROM tablets WHERE tablet = ?", [device]).fetchone()
    return Mark(row["entry"], row["state"] == "lost") if row else Mark()


def named_device(header: str | None) -> str:
    """A device id as a request names it; empty where it names none that could be one."""
    return header if header and DEVICE.fullmatch(header) else ""
