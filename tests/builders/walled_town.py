"""A street with walls, water and gates beside it, as a study of an OSM file."""

from __future__ import annotations

import pandas as pd

from circle15 import load_study
from circle15.study.vocabulary import columns as c
from circle15.workflow.pipeline import run_study
from tests.streets import (
    OsmWay,
    write_osm,
    write_study,
)

NODES = {
    "A": (0.0, 0.0),
    "B": (300.0, 0.0),
    "C": (600.0, 0.0),
    "K": (210.0, 20.0),
    "L": (390.0, 20.0),
    "M": (390.0, 200.0),
    "N": (210.0, 200.0),
    "G": (300.0, 20.0),
    "H": (300.0, 150.0),
    "P": (0.0, 40.0),
    "Q": (600.0, 40.0),
}
"""
.        N-----------------M   y = 200
.        |        H        |   y = 150
.   P ~~~|~~~~~~~~|~~~~~~~~|~~~~~~~~ Q    y = 40
.        K--------G--------L   y = 20
.   A ------------B------------- C
"""
STREET = OsmWay("ABC")
DRIVE = OsmWay("BGH", {"highway": "service"})
WALL = OsmWay("KGLMNK", {"barrier": "wall"})


def town(folder, *ways, homes, sites, node_tags=None, network="", more="", extent=None):
    """Write a study of an OSM file."""
    folder.mkdir(exist_ok=True)
    study = write_study(folder, NODES, [STREET], homes, sites, extent=extent)
    write_osm(folder / "n.osm", NODES, *ways, node_tags=node_tags)
    text = study.read_text("utf-8").replace('"streets.geojson"', f'"n.osm"\n{network}') + more
    study.write_text(text, "utf-8")
    return study


def judged(study):
    """State, time and snap code of each home at 15 min, and the findings on joining."""
    result = run_study(load_study(study))
    table = result.coverage
    table = table[(table[c.CUTOFF_MIN] == 15) & (table[c.SPEED_M_S] == 1.0)]
    table = table[table[c.CATEGORY] == "meal_point"]
    codes = dict(zip(result.demand[c.DEMAND_ID], result.demand[c.SNAP_CODE], strict=True))
    homes = {
        row.demand_id: (
            row.state,
            None if row.time_ms is pd.NA else row.time_ms,
            codes[row.demand_id],
        )
        for row in table.itertuples()
    }
    told = [one for one in result.findings if one.code in {"ACCESS_BARRIER", "THROUGH_WALL"}]
    return homes, [(one.code, one.severity, one.detail) for one in told]
