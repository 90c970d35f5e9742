"""The shape of the repository: rooms import one way only, and `coverage` stays coverage.py's name.

    study → inputs → network → travel → access → rules → planning → zones → results → output
    → workflow → cli

A module may import its own room and the rooms before it; within a room, the folder it lies in and
the folders and modules that `ORDER` names before that one. `errors`, `arrays` and `study` are open
to all.
"""

from __future__ import annotations

import ast
import importlib
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "coverage"
PACKAGE = SOURCE / "circle15"
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOMS = (
    "errors",
    "arrays",
    "_version",
    "study",
    "inputs",
    "network",
    "travel",
    "access",
    "rules",
    "planning",
    "zones",
    "results",
    "output",
    "workflow",
    "cli",
)
ORDER = {
    "study": (
        "servers",
        "names",
        "variables",
        "languages",
        "messages",
        "database_tables",
        "limits",
        "toml_text",
        "typed_toml",
        "vocabulary",
        "settings",
    ),
    "inputs": (
        "files",
        "tables",
        "shapes",
        "near_boxes",
        "near_shapes",
        "crossing_limits",
        "formats",
        "databases",
        "table_sources",
        "crs",
        "frames",
        "area",
        "rasters",
        "demand",
        "facilities",
        "scenarios",
        "letterheads",
        "registers",
        "residential",
        "residential_areas",
    ),
    "network": (
        "compiled",
        "osm",
        "leg_barriers",
        "edge_search",
        "edge_grid",
        "relief",
        "graph_form",
        "walk_network",
        "downloads",
        "costs",
        "topology",
        "barriers",
        "snapping",
        "joining_across",
        "quality",
        "build",
        "links",
        "sources",
    ),
    "travel": ("engine", "paths", "served_areas"),
    "access": ("states", "data_edges", "joining", "*"),
    "rules": ("verdicts", "comparing", "packs", "floor_area", "evaluators"),
    "workflow": ("folders", "*"),
}
"""Folders and modules of a room in the order in which they may be imported; `*`: all others."""
SHARED_BY_OUTPUTS = ("text", "document", "charts")
"""Folders of `output` that its other folders may import, each also those before it."""
OPEN_TO_OUTPUT = {"output", "results", "study", "errors", "arrays", "_version"}
MAX_MODULES = 15
REPEATED = {
    "records": "each room keeps its records in one module",
    "judging": "homes in `access`, zones in `zones`",
    "reading": "`study.toml` in `study`, a study's inputs in `workflow`",
}
"""Names of modules that stand in several rooms, each with the reason."""
OWN_WORDS = ("output", "rules.evaluators", "inputs.demand", "results.summary")
"""Rooms and folders that name their modules by what these are about, whoever else does."""
MAX_LINES = 450

# The first two answer `--help` and `import circle15` at once, so they load the rest when it is
# used; of the results, what a second process writes is loaded there.
LAZY_FILES = {
    PACKAGE / "__init__.py",
    *(PACKAGE / "cli").glob("*.py"),
    PACKAGE / "workflow" / "writing.py",
}
# Packages that any module may load late, each with the reason.
LAZY_PACKAGES = {
    "networkx": "serves .graphml and the exchange with OSMnx only",
    "highspy": "takes long to import and serves what is optimised only",
    "scipy": "takes long to import and serves elevation models only",
    "requests": "makes a socket when it is imported and serves downloads only",
    "distributed": "is an extra and serves batches on Dask only",
    "urllib3": "makes a socket when it is imported and serves downloads only",
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


def entry_of(dotted: str) -> str:
    """Folder or module of a room in which a module lies."""
    parts = dotted.split(".")
    return parts[2] if len(parts) > 2 else ""


def may_import(name: str, target: str) -> bool:
    """Tell whether a module may import another one of its room."""
    room, mine, other = room_of(name), entry_of(name), entry_of(target)
    if mine == other or not other:
        return True
    if room == "output":
        shared = SHARED_BY_OUTPUTS
        return other in shared and (mine not in shared or shared.index(other) < shared.index(mine))
    order = ORDER.get(room)
    if order is None:
        return True
    a, b = (order.index(x if x in order else "*") for x in (mine, other))
    return b < a or order[a] == order[b] == "*"


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
        if top != "circle15" or at_door:
            continue
        room = room_of(target)
        if room not in ROOMS:
            faults.append(f"{where} imports {target}: name the module that defines it")
        elif own in {"errors", "arrays", "_version"} and room != own:
            faults.append(f"{where}: {own} imports nothing of circle15")
        elif ROOMS.index(room) > ROOMS.index(own):
            faults.append(f"{where}: {own} may not import {target}, a later room")
        elif room == own and not may_import(name, target):
            faults.append(f"{where}: {name} may not import {target}, a later folder")
    return faults


FORMATTING = {
    "circle15.inputs.crs.degrees": "positions are shown in degrees",
    "circle15.inputs.tables.shown_ids": "an id that was made is shown as file and row",
    "circle15.inputs.demand.population": "sources are named in the order of the study",
    "circle15.planning.spacing": "a cell is drawn as wide as cells are apart",
    "circle15.rules.packs.load": "`rules list` and `rules show` print packs that no run has read",
    "circle15.rules.packs.known": "units are said in words",
    "circle15.rules.floor_area.households": "households are shown by kind",
    "circle15.rules.floor_area.zone_checks": "households of a zone are shown",
    "circle15.travel.paths.records": "a way is summed up by its parts",
}
"""Modules of earlier rooms whose functions `output` calls, each with what it shows by them."""


def test_output_takes_records_of_earlier_rooms_and_calls_what_shows():
    """A writer may name the classes and constants that results hold; it computes nothing."""
    used, calls = set(), []
    for path in sorted((PACKAGE / "output").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom):
                continue
            module = node.module or ""
            if not module.startswith("circle15.") or room_of(module) in OPEN_TO_OUTPUT:
                continue
            functions = [one.name for one in node.names if one.name.islower()]
            if functions and module in FORMATTING:
                used.add(module)
            elif functions:
                calls.append(f"{path.relative_to(PACKAGE)}: {module} {functions}")
    assert calls == []
    assert used == set(FORMATTING)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path):
    own = room_of(dotted_name(path))
    assert path.parent == PACKAGE or own in ROOMS, f"{own} is no room of DESIGN: add it to ROOMS"
    assert path.name in {"__init__.py", "__main__.py"} or own in ROOMS
    assert faults_of(path.read_text(encoding="utf-8"), path) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("from circle15.workflow import pipeline", "a later room"),
        ("from circle15 import output", "a later room"),
        ("import circle15.cli", "a later room"),
        ("from ...output import report", "a later room"),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import circle15.workflow",
            "later",
        ),
        ("def f():\n    import pandas", "inside a function"),
        ("def f():\n    from circle15.study import names", "inside a function"),
        ("from circle15.travel.paths.steps import Step", "a later folder"),
        ("import circle15", "name the module"),
        ("from circle15 import run_everything", "name the module"),
    ],
)
def test_a_seeded_fault_is_caught(source, fault):
    (message,) = faults_of(source, PACKAGE / "travel" / "engine" / "times.py")
    assert fault in message


@pytest.mark.parametrize(
    "source",
    [
        "from circle15.errors import CrsError",
        "from circle15.study.vocabulary.columns import TIME_MS",
        "from circle15.network import walk",
        "from circle15.travel.engine import kernels",
        "from . import kernels",
        "def f():\n    import requests",
        "import numpy as np",
    ],
)
def test_what_is_allowed_passes(source):
    assert faults_of(source, PACKAGE / "travel" / "engine" / "times.py") == []


@pytest.mark.parametrize(
    ("name", "target", "allowed"),
    [
        ("output.map.html", "output.report.gaps", False),
        ("output.map.html", "output.charts.bars", True),
        ("output.document.page", "output.charts.bars", False),
        ("output.charts.bars", "output.document.page", True),
    ],
)
def test_folders_import_one_way(name, target, allowed):
    assert may_import(f"circle15.{name}", f"circle15.{target}") is allowed


def test_no_two_modules_import_each_other():
    names = {dotted_name(path): path for path in MODULES}
    graph: nx.DiGraph[str] = nx.DiGraph()
    for name, path in names.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        found = imports_of(path.read_text(encoding="utf-8"), package)
        graph.add_edges_from(
            (name, one.target) for one in found if one.target in names and one.target != name
        )
    graph.remove_nodes_from({"circle15", "circle15.__main__"})
    cycles = [sorted(some) for some in nx.strongly_connected_components(graph) if len(some) > 1]
    assert cycles == []


def test_every_folder_is_small():
    sizes = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    large = {str(folder.relative_to(PACKAGE)): n for folder, n in sizes.items() if n > MAX_MODULES}
    assert large == {}


def test_every_entry_of_a_room_has_its_place():
    for room, order in ORDER.items():
        entries = {
            path.stem
            for path in (PACKAGE / room).iterdir()
            if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
        }
        if "*" not in order:
            assert entries <= set(order), room
        assert set(order) - {"*"} <= entries, room


def test_no_name_stands_in_two_rooms_without_a_reason():
    places: dict[str, set[str]] = {}
    for path in MODULES:
        folder = dotted_name(path).rpartition(".")[0].removeprefix("circle15").lstrip(".")
        if path.name != "__init__.py" and not folder.startswith(OWN_WORDS):
            places.setdefault(path.stem, set()).add(folder)
    repeated = {name for name, folders in places.items() if len(folders) > 1}
    assert repeated <= set(REPEATED)


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


def test_no_test_imports_from_another():
    """What several tests need lies in `tests/builders` or beside the folders of tests."""
    found = [
        f"{path.relative_to(ROOT)}:{one.line}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for one in imports_of(path.read_text(encoding="utf-8"), "tests")
        if any(part.startswith("test_") for part in one.target.split(".")[1:])
    ]
    assert found == []


def test_small_tests_that_run_a_whole_study_say_so():
    """`make unit-coverage` leaves these out: it counts what small cases reach."""
    starts = ("workflow.api", "workflow.pipeline", "workflow.zone_sheets", "workflow.checking")
    found = {
        path.name
        for folder in ("unit", "property")
        for path in (ROOT / "tests" / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and _starts_studies(node, starts)
        if "mark.whole_study" not in path.read_text(encoding="utf-8")
    }
    assert found == set()


def _starts_studies(node: ast.ImportFrom, modules: tuple[str, ...]) -> bool:
    module = (node.module or "").removeprefix("circle15.")
    names = {alias.name for alias in node.names}
    return module in modules or (module == "circle15" and bool(names & {"run", "zones", "check"}))
