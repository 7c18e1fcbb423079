"""``/api/sync``: push and pull."""

from __future__ import annotations

import base64
import binascii

from flask import Blueprint, Response, request

from app.errors import ConflictError, InvalidInputError, TooLargeError
from app.journal.store import Store
from app.tablets.marks import TabletRevokedError
from app.web import (
    DELEGATION,
    allow,
    answer,
    from_lost_tablet,
    hears_lost_tablets,
    identity,
    installation,
    journal,
    json_body,
    one_at_a_time,
    seen_inspection,
)

blueprint = Blueprint("sync", __name__, url_prefix="/api/sync")

PULL_LIMIT = 1000


class JournalChangedError(ConflictError):
    """The cursor is of a journal that this one is not a continuation of: it was restored from a backup."""

    code = "journal_changed"


@blueprint.post("/push")
@hears_lost_tablets
@allow(*DELEGATION)
def push() -> Response:
    """Take a batch of entries; says of each what became of it. Those of a lost tablet are set aside."""
    config = installation().config
    entries = json_body(limit=config.batch_bytes).get("entries")
    if not isinstance(entries, list):
        raise InvalidInputError("Thiếu «entries»: danh sách ghi nhận cần gửi.")
    if len(entries) > config.batch_entries:
        raise TooLargeError(
            f"Một lần gửi tối đa {config.batch_entries} ghi nhận; hãy chia nhỏ.", limit=config.batch_entries
        )
    if from_lost_tablet():
        refusal = TabletRevokedError()
        journal().set_aside(entries, identity(), refusal)
        raise refusal
    with one_at_a_time:
        results = journal().push(entries, identity())
        return answer({"results": results})


@blueprint.get("/pull")
@allow(*DELEGATION)
def pull() -> Response:
    """Entries of one inspection after a cursor, in the journal's order."""
    inspection = request.args.get("inspection", "")
    seen_inspection(inspection)
    limit = request.args.get("limit", PULL_LIMIT, type=int)
    if not 1 <= limit <= PULL_LIMIT:
        raise InvalidInputError(f"«limit» phải từ 1 đến {PULL_LIMIT}.")
    store = journal().store
    after = _position(store, request.args.get("after", ""))
    entries = store.pull(f"inspection/{inspection}", after, limit + 1)
    page = entries[:limit]
    last = page[-1]["seq"] if page else after
    return answer({"entries": page, "next": _cursor(store, last), "more": len(entries) > limit})


def _cursor(store: Store, seq: int) -> str:
    return base64.urlsafe_b64encode(f"{seq}.{store.hash_at(seq)}".encode()).decode()


def _position(store: Store, cursor: str) -> int:
    if not cursor:
        return 0
    try:
        seq_text, _, noted = base64.urlsafe_b64decode(cursor.encode()).decode("ascii").partition(".")
        seq = int(seq_text)
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise InvalidInputError("«after» không phải là vị trí do máy chủ cấp; hãy đồng bộ lại từ đầu.") from error
    if store.hash_at(seq) != noted:
        raise JournalChangedError("Máy chủ đã được khôi phục từ bản sao lưu; máy sẽ đồng bộ lại từ đầu.")
    return seq
