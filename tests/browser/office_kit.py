"""What happens to a sample inspection in the office before its conclusion is signed."""

from __future__ import annotations

from app.identity import Identity
from app.installation import Installation

ITEM, TABLE = "niem-yet.tthc-du-so-luong", "niem-yet.cap-nhat-theo-quyet-dinh-cong-bo"


def hear(installation: Installation, inspection: str, lead: Identity) -> None:
    """What comes before the signature: the unit was asked and answered, and the draft goes through two steps."""
    journal, db = installation.journal(), installation.database()
    accounts = {row["username"]: row["id"] for row in db.execute("SELECT id, username FROM accounts")}
    at = f"inspection/{inspection}"
    keys = [f"answer/{item}" for item in (TABLE, ITEM, "dao-tao.su-dung-chi-tieu")]
    shown = [{"part": f"fail.{key}", "text": "Niêm yết chưa kịp thời.", "findings": [key]} for key in keys]
    journal.write(lead, f"{at}/hearing", {"until": "2099-12-31", "shown": shown}, supersedes=[])
    for item in (TABLE, ITEM):
        said = {"text": "Bảng niêm yết đang được thay.", "on_behalf": True, "paper": {"number": "12/BQL-VP"}}
        journal.write(lead, f"{at}/explanation/{item}", said, supersedes=[])
    (entry,) = journal.current(f"{at}/explanation/{ITEM}")
    decision = {"decision": "khong_tiep_thu", "explanation": entry.id, "reason": "chưa có minh chứng", "printed": True}
    journal.write(lead, f"{at}/explanation/{ITEM}/decision", decision, supersedes=[])
    asked = {"text": "Bổ sung biên chế.", "addressee": "UBND tỉnh", "on_behalf": True}
    journal.write(lead, f"{at}/petition/kien-nghi-1", asked, supersedes=[])
    journal.write(lead, f"{at}/petition/kien-nghi-2", {**asked, "text": "Tập huấn."}, supersedes=[])
    handled = {"handling": "chuyen", "forward_to": "UBND tỉnh"}
    journal.write(lead, f"{at}/petition/kien-nghi-1/reply", handled, supersedes=[])
    steps = [{"title": "Soát", "account": lead.account}, {"title": "Duyệt", "account": accounts["lanhdao"]}]
    journal.write(lead, f"{at}/approval-steps", {"steps": steps}, supersedes=[])
