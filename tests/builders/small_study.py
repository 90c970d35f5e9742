"""A study of one street with a turn, two homes with 150 people and two meal points, and a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from tests.streets import write_study

if TYPE_CHECKING:
    from pathlib import Path

NODES: Final = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (600.0, 300.0)}
BOX: Final = shapely.box(-200, -200, 800, 500)
PEOPLE: Final = '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }'
"""How the study names its people."""
PACK: Final = """
id = "own"
status = "document"
[title]
zh = "x"
en = "x"
[source]
title = "t"
publisher = "p"
date = 2025-06-30
"""
"""A rule pack without rules."""
RULE: Final = """[[rules]]
id = "OWN-%02d"
quote = "q"
meaning.zh = "m"
meaning.en = "m"
evaluator = "units_with_category"
parameters = { category = "meal_point" }
threshold = 100
comparison = ">="
unit = "%%"
level = "street"
force = "binding"
"""
"""A rule with its number."""


def write_small(folder: Path) -> Path:
    """Write the study; return its file."""
    homes = {"h1": (10, 5, 100), "h2": (500, 5, 50)}
    sites = {"f1": (300.0, 10.0), "f2": (600.0, 200.0)}
    return write_study(folder, NODES, ["ABCD"], homes, sites, boundary=BOX, streets={"S1": BOX})
