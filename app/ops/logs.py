"""Structured log, one JSON object a line, to stderr and ``log/kiemtra.log``. No personal data: ids and codes only."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

import orjson

MAX_BYTES = 5_000_000


class JsonFormatter(logging.Formatter):
    """One JSON object per record."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


def setup_logging(folder: Path) -> None:
    """Send the application's log to stderr and to the instance."""
    handlers: list[logging.Handler] = [
        logging.StreamHandler(sys.stderr),
        RotatingFileHandler(folder / "kiemtra.log", maxBytes=MAX_BYTES, backupCount=5, encoding="utf-8"),
    ]
    for handler in handlers:
        handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("kiemtra")
    logger.setLevel(logging.INFO)
    logger.handlers = handlers
    logger.propagate = False
