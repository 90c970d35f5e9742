"""Every notebook is committed without outputs, uses the public API only, and runs to its end."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

import circle15

if TYPE_CHECKING:
    from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
RESULTS = ("map.html", "report.html", "report.xlsx", "results.gpkg", "summary.json")
WRITTEN = {
    "01_quickstart": {f"quickstart/{name}" for name in RESULTS},
    "02_frames": set(),
    "03_by_hand": set(),
    "04_your_city": {f"your_city/results/{name}" for name in RESULTS},
    "05_new_zone": {f"new_zone/sheets/zones.{kind}" for kind in ("html", "docx", "xlsx", "json")},
    "06_where_next": set(),
}
"""What each notebook writes into `maps`; all but that by hand show one page."""
RUNS = [(path, "notebooks") for path in NOTEBOOKS] + [(NOTEBOOKS[0], ".")]


def read(path: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    Copy what the notebooks need into a folder of its own, so that results land there.

    An empty folder `coverage` stands there too, as at the repository root; Jupyter keeps its
    own files in the folder as well.
    """
    shutil.copytree(ROOT / "data" / "sample", tmp_path / "data" / "sample")
    for name in ("notebooks", "coverage", "home"):
        (tmp_path / name).mkdir()
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_holds_no_outputs(path):
    notebook = read(path)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert notebook.metadata.kernelspec.name == "python3"


def test_the_way_with_frames_is_short():
    """At most 20 cells, without a study file."""
    notebook = read(ROOT / "notebooks" / "02_frames.ipynb")
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert len(notebook.cells) <= 20
    assert "study.toml" not in code
    assert "load_study" not in code


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_uses_the_public_functions_only(path):
    code = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code")
    tree = ast.parse(code)
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "circle15"
    }
    assert used
    assert used <= set(circle15.__all__)
    imported = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    ]
    assert [name for name in imported if name.startswith("circle15.")] == []


@pytest.mark.slow
@pytest.mark.parametrize(("path", "folder"), RUNS, ids=lambda one: getattr(one, "stem", one))
def test_a_notebook_runs_to_its_end(path, folder, copied):
    """In `notebooks/` and at the root; nothing on stderr, and the map is in the page."""
    notebook = read(path)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],  # it warns of TCP between its own two ends
        resources={"metadata": {"path": str(copied / folder)}},
    )
    client.execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert [out.text for out in outputs if out.get("name") == "stderr"] == []
    maps = copied / "maps"
    written = {entry.relative_to(maps).as_posix() for entry in maps.rglob("*") if entry.is_file()}
    assert written >= WRITTEN[path.stem]
    assert bool(written) == bool(WRITTEN[path.stem])
    pages = [out.data["text/html"] for out in outputs if "text/html" in out.get("data", {})]
    assert sum("srcdoc=" in page for page in pages) == (path.stem != "03_by_hand")
