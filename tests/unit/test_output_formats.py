"""Output modules only format: figures about people are computed in `results`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

OUTPUT = Path(__file__).resolve().parents[2] / "coverage/circle15/output"
COMPUTING = {
    "groupby",
    "merge",
    "bincount",
    "reduceat",
    "hypot",
    "searchsorted",
    "lexsort",
    "all_of",
    "any_of",
    "count_states",
    "node_components",
    "gap_areas",
    "touching_cells",
}
"""Functions that group, join, sum or judge."""
DRAWING = {
    "charts/map_picture.py": "finds the class and the colour of a place",
    "charts/picture_canvas.py": "finds the colour of each pixel in the palette",
    "map/base/ground.py": "finds where each barrier begins among the corners of all",
    "map/base/line_blocks.py": "puts the corners of lines into blocks of the picture",
    "map/geometry.py": "counts the corners of outlines",
    "province/district_map.py": "finds the class of a share, for its colour",
}
"""Modules that may, each with what it does to draw."""


def computing(source: str) -> list[str]:
    """Names of computing functions that a module calls, with their lines."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in COMPUTING:
                found.append(f"{node.lineno}: {name}")
            inner = called.value if isinstance(called, ast.Attribute) else None
            if isinstance(inner, ast.Attribute) and inner.attr == "add" and name == "at":
                found.append(f"{node.lineno}: add.at")
    return found


def test_writers_do_not_compute():
    found = {
        str(path.relative_to(OUTPUT)): computing(path.read_text("utf-8"))
        for path in sorted(OUTPUT.rglob("*.py"))
    }
    assert {name: calls for name, calls in found.items() if calls and name not in DRAWING} == {}
    assert [name for name in DRAWING if not found[name]] == []


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        ("np.add.at(sums, place, people)", ["1: add.at"]),
        ("x = table.groupby('zone').sum()", ["1: groupby"]),
        ("np.bincount(a, b)", ["1: bincount"]),
        ("all_of(states)", ["1: all_of"]),
        ("seen.add(at)\n', '.join(words)", []),
    ],
)
def test_what_counts_as_computing(source, calls):
    assert computing(source) == calls
