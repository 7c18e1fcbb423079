"""What a photo's value says of when, where and of whom, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

CLOCKS_AGREE = timedelta(minutes=2)


def camera_time(value: Mapping[str, Any]) -> str | None:
    """When the camera says a photo was taken, where the tablet's clock says otherwise; None where they agree."""
    try:
        apart = datetime.fromisoformat(value["camera_at"]) - datetime.fromisoformat(value["taken_at"])
    except (KeyError, TypeError, ValueError):
        return value.get("camera_at")
    return value["camera_at"] if abs(apart) > CLOCKS_AGREE else None


def position_text(value: Mapping[str, Any]) -> str:
    """Such as "10.457210, 105.632110 (theo ảnh)"; empty where none was kept."""
    where = value.get("position")
    if not where:
        return ""
    accuracy = f", sai số {where['accuracy']} m" if where.get("accuracy") is not None else ""
    source = "theo ảnh" if where["source"] == "exif" else "theo máy tính bảng"
    return f"{where['lat']}, {where['lon']} ({source}{accuracy})"


def is_unlooked(value: Mapping[str, Any]) -> bool:
    """A photo of which nobody has said yet whether it shows faces or papers of citizens."""
    is_photo = (value.get("file") or {}).get("type", "").startswith("image/")
    return is_photo and not value.get("personal")
