"""A study with people counted by zone."""

from __future__ import annotations

import shapely

from tests.streets import write_study

NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}
WARDS = {"W": shapely.box(0, -50, 400, 50), "E": shapely.box(400, -50, 800, 50)}
ASKED = '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }'


def study(folder, layer):
    path = write_study(
        folder,
        NODES,
        ["ABC"],
        {"h": (0, 0, 1)},
        {"S": (0, 0)},
        streets=WARDS,
        boundary=shapely.box(0, -50, 800, 50),
    )
    (folder / "census.csv").write_text("name,women,men\nstreet W,60,40\nstreet E,5,2.5\n", "utf-8")
    text = path.read_text("utf-8")
    assert ASKED in text
    path.write_text(text.replace(ASKED, layer), encoding="utf-8")
    return path
