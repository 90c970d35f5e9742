"""The shape of the repository: rooms import one way only, and `coverage` stays coverage.py's name.

    study → inputs → network → travel → access → rules → planning → output → run → cli

A module may import its own room and the rooms before it. `errors` and `study` are open to all.
"""

from __future__ import annotations

import ast
import importlib
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "coverage"
PACKAGE = SOURCE / "circle15"
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOMS = (
    "errors",
    "study",
    "inputs",
    "network",
    "travel",
    "access",
    "rules",
    "planning",
    "output",
    "run",
    "cli",
)
MAX_LINES = 450

# The first two answer `--help` and `import circle15` at once, so they load the rest when it is
# used; of the results, what a second process writes is loaded there.
LAZY_FILES = {PACKAGE / "__init__.py", PACKAGE / "cli.py", PACKAGE / "run" / "results.py"}
# Packages that any module may load late, each with the reason.
LAZY_PACKAGES = {
    "networkx": "serves .graphml and the exchange with OSMnx only",
    "scipy": "takes long to import and serves elevation models only",
    "requests": "makes a socket when it is imported and serves downloads only",
    "osmnx": "takes seconds to import and serves downloads only",
}


class Import(NamedTuple):
    """One imported name, as a dotted path, and where it stands."""

    target: str
    line: int
    in_function: bool


def room_of(dotted: str) -> str:
    """Room of `circle15.<room>.…`; the package itself is the room ''."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 else ""


def dotted_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(source: str, package: str) -> list[Import]:
    """All imports of a module; names taken from `circle15` itself count as its children."""
    found: list[Import] = []

    def visit(node: ast.AST, *, in_function: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend(Import(alias.name, node.lineno, in_function) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            targets = [f"{base}.{a.name}" for a in node.names] if base == "circle15" else [base]
            found.extend(Import(target, node.lineno, in_function) for target in targets)
        inside = in_function or isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
        )
        for child in ast.iter_child_nodes(node):
            visit(child, in_function=inside)

    visit(ast.parse(source), in_function=False)
    return found


def faults_of(source: str, path: Path) -> list[str]:
    """Every import of a module that the rooms forbid, as text."""
    name = dotted_name(path)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    own = room_of(name)
    at_door = path in {PACKAGE / "__init__.py", PACKAGE / "__main__.py"}
    faults = []
    for target, line, in_function in imports_of(source, package):
        where = f"{path.relative_to(ROOT)}:{line}"
        top = target.partition(".")[0]
        if in_function and path not in LAZY_FILES and top not in LAZY_PACKAGES:
            faults.append(f"{where} imports {target} inside a function")
        if top != "circle15" or at_door or target == "circle15.__version__":
            continue
        room = room_of(target)
        if room not in ROOMS:
            faults.append(f"{where} imports {target}: name the module that defines it")
        elif own == "errors" and room != "errors":
            faults.append(f"{where}: errors imports nothing of circle15")
        elif ROOMS.index(room) > ROOMS.index(own):
            faults.append(f"{where}: {own} may not import {target}, a later room")
    return faults


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path):
    own = room_of(dotted_name(path))
    assert path.parent == PACKAGE or own in ROOMS, f"{own} is no room of DESIGN: add it to ROOMS"
    assert path.name in {"__init__.py", "__main__.py"} or own in ROOMS
    assert faults_of(path.read_text(encoding="utf-8"), path) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("from circle15.run import pipeline", "a later room"),
        ("from circle15 import output", "a later room"),
        ("import circle15.cli", "a later room"),
        ("from ..output import report", "a later room"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import circle15.run", "later"),
        ("def f():\n    import pandas", "inside a function"),
        ("def f():\n    from circle15.study import config", "inside a function"),
        ("import circle15", "name the module"),
        ("from circle15 import run_everything", "name the module"),
    ],
)
def test_a_seeded_fault_is_caught(source, fault):
    (message,) = faults_of(source, PACKAGE / "travel" / "times.py")
    assert fault in message


@pytest.mark.parametrize(
    "source",
    [
        "from circle15.errors import CrsError",
        "from circle15.study.columns import TIME_MS",
        "from circle15.network import walk",
        "from circle15.travel import kernels",
        "from . import kernels",
        "def f():\n    import osmnx",
        "import numpy as np",
    ],
)
def test_what_is_allowed_passes(source):
    assert faults_of(source, PACKAGE / "travel" / "times.py") == []


def test_modules_stay_short():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
    }
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_source_root_is_no_package():
    """With an `__init__.py` there, `import coverage` at the root would give our folder."""
    assert PACKAGE.is_dir()
    assert not (SOURCE / "__init__.py").exists()


def test_no_module_has_a_name_that_hides_or_says_nothing():
    names = {path.stem for path in MODULES} | {path.parent.name for path in MODULES}
    assert names & {"coverage", "utils", "util", "helpers", "misc", "common"} == set()


def test_coverage_is_coverage_py():
    pytest.importorskip("coverage.control", reason="coverage.py is not installed")
    assert importlib.import_module("coverage").Coverage


def test_git_does_not_ignore_the_source():
    """A line `coverage/` in .gitignore would empty the wheel without a word."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    asked = [str(path.relative_to(ROOT)) for path in MODULES]
    answer = subprocess.run(
        [git, "check-ignore", "--no-index", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.stdout, answer.returncode) == ("", 1), answer.stderr
