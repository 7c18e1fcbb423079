"""``make bench``: every figure is a ratio to a stated reference, measured in the same run."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench import documents, start, sync, touch

STATIC = Path(__file__).parents[2] / "app/field/static"


def bundle_size(name: str, *patterns: str) -> dict[str, Any]:
    """JavaScript of the tablet's client, gzipped."""
    scripts = [script for pattern in patterns for script in STATIC.glob(pattern)]
    size = sum(len(gzip.compress(script.read_bytes(), 9)) for script in scripts)
    return {"name": name, "ratio": size / 1000, "aim": 40}


def main() -> None:
    rows = [
        *sync.run(),
        *documents.run(),
        bundle_size("JS of a start + worker gzipped, KB", "app-*.js", "sw.js"),
        bundle_size("All JS + worker gzipped, KB", "*.js"),
    ]
    with sync_playwright() as driver:
        rows += [*touch.run(driver), *start.run(driver)]
    for row in rows:
        seconds = f"  {row['ours_s'] * 1000:8.1f} ms / {row['reference_s'] * 1000:.1f} ms" if "ours_s" in row else ""
        print(f"{row['name']:96} {row['ratio']:6.2f}  (aim {row['aim']}){seconds}")


main()
