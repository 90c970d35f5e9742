"""A small study to be damaged, and the messages about it."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from tests.builders import small_study
from tests.builders.small_study import RULE, write_small
from tests.commands import heard
from tests.streets import lon_lat

if TYPE_CHECKING:
    from pathlib import Path

RULES = '[rules]\npacks = ["p.toml"]\n'
PACK = small_study.PACK + RULE % 1
"""A rule pack of one rule."""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_small(tmp_path).parent


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text, (name, old)
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """Check that `check` and `run` refuse a study in the same way; return their one line."""
    checked = heard(capfd, "check", folder / "study.toml")
    ran = heard(capfd, "run", folder / "study.toml", "--out", folder / "out")
    assert (checked.code, ran.code) == (2, 2), (checked.err, ran.err)
    assert not (folder / "out").exists()
    line = ran.err.strip().splitlines()[-1]
    assert line.startswith("circle15: "), ran.err
    assert "Traceback" not in ran.err
    assert len(line) < 2500
    return line


def findings(folder: Path, capfd: pytest.CaptureFixture[str]) -> list[tuple[str, int]]:
    """Run a study that must succeed with all its people; return codes and rows of its findings."""
    said = heard(capfd, "run", folder / "study.toml", "--out", folder / "out")
    assert said.code == 0, said.err
    summary = json.loads((folder / "out" / "summary.json").read_text("utf-8"))
    assert [row["input"] for row in summary["population"]] == [150]
    with (folder / "out" / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(row["code"], int(row["row"] or 0)) for row in csv.DictReader(file)]


WHOLE = {
    "version": "1.0.0",
    "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
}


def write_graph(folder: Path, **costs: object) -> None:
    """Take the network from a graph of one street, whose edge has these costs."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="EPSG:4326")
    for node, (lon, lat) in enumerate(lon_lat([(0, 0), (600, 0)]).tolist()):
        graph.add_node(node, x=lon, y=lat)
    for u, v in ((0, 1), (1, 0)):
        graph.add_edge(u, v, highway="residential", osmid=7, **costs)
    nx.write_graphml(graph, folder / "n.graphml")
    edit(folder, "study.toml", "streets.geojson", "n.graphml")
