"""The wheel carries the built client, the fonts, packs and samples, and starts where there is no Node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.server import free_port

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return next(folder.glob("*.whl"))


def test_it_contains_what_was_built_and_nothing_of_the_workshop(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "app/field/static/index.html",
        "app/field/static/sw.js",
        "app/static/app.css",
        "reports/rendering/paper.css",
        "reports/rendering/fonts/Tinos_400Regular.ttf",
        "checklists/packs/niem-yet.yaml",
        "app/samples/dong-thap-2022.yaml",
        "app/templates/base.html",
    ):
        assert wanted in names
    assert any(name.startswith("app/static/fonts/") and name.endswith(".woff2") for name in names)
    assert [name for name in names if "node_modules" in name or name.startswith(("tests/", "instance/"))] == []
    assert [name for name in names if name.startswith("app/field/client")] == []


def test_it_runs_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, timeout=120)
    pip = [str(environment / "bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
    lock = ROOT / "requirements.lock"
    subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True, timeout=500)
    subprocess.run([*pip, str(wheel)], check=True, timeout=120)
    bare = {**os.environ, "PATH": f"{environment / 'bin'}:/usr/bin:/bin", "PYTHONPATH": ""}
    assert not (environment / "bin/node").exists()
    kiemtra, instance = str(environment / "bin/kiemtra"), tmp_path / "instance"
    subprocess.run([kiemtra, "init", "--instance", str(instance)], check=True, env=bare, timeout=60, cwd=tmp_path)
    listed = subprocess.run(
        [kiemtra, "checklist", "list", "--json"], check=True, env=bare, capture_output=True, timeout=60, cwd=tmp_path
    )
    assert len(json.loads(listed.stdout)) == 14
    port = free_port()
    command = [kiemtra, "serve", "--instance", str(instance), "--port", str(port)]
    with subprocess.Popen(command, env=bare, cwd=tmp_path) as process:
        try:
            assert "<script" in _shell(port)
        finally:
            process.terminate()


def _shell(port: int) -> str:
    for _ in range(150):
        try:
            with urlopen(f"http://127.0.0.1:{port}/field/", timeout=2) as answered:
                return str(answered.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")
