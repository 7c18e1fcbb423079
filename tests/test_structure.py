"""The plan of the house: who may import whom, how large a module may be, no circles."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import rooms

ROOT = Path(__file__).parents[1]
ROOMS = {
    "app": {"app", "forms", "checklists", "reports"},
    "forms": {"forms", "checklists"},
    "reports": {"reports", "checklists"},
    "checklists": {"checklists"},
}
PARTS_OF_REPORTS = {
    "rendering": {"rendering"},
    "incoming": {"incoming", "rendering"},
    "composing": {"composing", "rendering", "incoming"},
    "signing": {"signing", "rendering"},
    "verifying": {"verifying", "signing", "rendering", "incoming"},
}
ABOVE_PAPERS = ("app.conclusions", "app.case_files", "app.verification")
PURE = {"checklists", "reports"}
FORBIDDEN_IN_PURE = {"flask", "flask_wtf", "sqlite_utils", "sqlite3", "wtforms"}
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "node_modules" not in path.parts)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, *, top_level_only: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_rooms_import_only_what_they_may(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    roots = {name.split(".")[0] for name in imports_of(path)}
    assert roots & set(ROOMS) <= ROOMS[room]
    if room in PURE:
        assert not roots & FORBIDDEN_IN_PURE


@pytest.mark.parametrize("part", PARTS_OF_REPORTS)
def test_parts_of_reports_import_only_what_they_may(part: str) -> None:
    found = {
        name.split(".")[1]
        for path in (ROOT / "reports" / part).glob("*.py")
        for name in imports_of(path)
        if name.startswith("reports.") and name.split(".")[1] in PARTS_OF_REPORTS
    }
    assert found <= PARTS_OF_REPORTS[part]


@pytest.mark.parametrize("path", sorted((ROOT / "app/journal").glob("*.py")), ids=name_of)
def test_the_journal_knows_no_room(path: Path) -> None:
    ours = {name for name in imports_of(path) if name.startswith(("app.", "checklists", "reports", "forms"))}
    allowed = ("app.journal", "app.clock", "app.database", "app.errors")
    assert [name for name in ours if not name.startswith(allowed)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "app/papers").glob("*.py")), ids=name_of)
def test_issued_papers_know_nothing_of_drafting(path: Path) -> None:
    assert [name for name in imports_of(path) if name.startswith(ABOVE_PAPERS)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_stay_readable(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 600


def test_every_module_with_pages_is_in_the_one_list() -> None:
    """A page that nobody imports is not served; one that is reached by a chain of imports is served by accident."""
    listed = {module.__name__ for module in rooms.MODULES}
    route = re.compile(r"^@blueprint\.(get|post|put|delete|route)\(", re.MULTILINE)
    assert {name_of(path) for path in MODULES if route.search(path.read_text("utf-8"))} == listed


def no_circles(graph: dict[str, set[str]]) -> None:
    state: dict[str, int] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert state.get(name) != 1, " → ".join((*trail, name))
        if state.get(name) == 2:
            return
        state[name] = 1
        for other in graph[name]:
            visit(other, (*trail, name))
        state[name] = 2

    for name in graph:
        visit(name, ())


def test_there_are_no_circles() -> None:
    names = {name_of(path): path for path in MODULES}
    no_circles(
        {
            name: {found for found in imports_of(path, top_level_only=True) if found in names and found != name}
            for name, path in names.items()
        }
    )


def test_there_are_no_circles_on_the_tablet() -> None:
    """Types are left out: they are gone when the program runs."""
    client = ROOT / "app/field/client/src"
    graph = {}
    for path in client.rglob("*.ts"):
        text = re.sub(r"import type [^;]*;|typeof import\([^)]*\)", "", path.read_text("utf-8"))
        found = [path.parent / f"{name}.ts" for name in re.findall(r'(?:from |import\(|import )"(\.[^"]+)"', text)]
        graph[str(path.resolve())] = {str(one.resolve()) for one in found if one.exists()}
    assert len(graph) > 50
    no_circles(graph)
    for name in graph:
        assert name.endswith("schema.ts") or len(Path(name).read_text("utf-8").splitlines()) <= 600, name


def test_nothing_committed_is_a_font_or_names_a_registry_or_a_path_of_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no git checkout")
    assert [name for name in listed.stdout.split() if name.endswith((".ttf", ".otf", ".woff", ".woff2"))] == []
    marks = ["--extra-" + "index-url", "--find-" + "links", '"resol' + 'ved": "http', str(ROOT.parent) + "/"]
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in {".png", ".pdf", ".docx"} or not path.is_file():
            continue
        text = path.read_text("utf-8")
        assert [mark for mark in marks if mark in text] == [], name
