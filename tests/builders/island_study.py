"""A study with sites that could not be snapped."""

from __future__ import annotations

import csv

import shapely

from tests.streets import EAST_M, NORTH_M, straight, write_layer, write_study

NODES, STREET = straight(2400)
HOMES = {f"h{x:04d}": (float(x), 0.0, 10) for x in range(0, 2401, 300)}
POND = shapely.Point(600, 100).buffer(60, quad_segs=2)
ISLAND = (600.0, 100.0)
"""100 m from the street: a leg of 100 s, so that homes within 800 m of x = 600 would be covered."""
CLOSED = ("z", (0.0, 0.0), {"status": "停用"})
"""A table without any position is refused; this site has one and serves no people."""


def study_with(folder, sites, *, nodes=None, ways=None, homes=None, **options):
    """Write the study; a site is (id, (x, y) or None, more cells by heading)."""
    path = write_study(folder, nodes or NODES, ways or [STREET], homes or HOMES, {}, **options)
    headings = list(dict.fromkeys(key for _, _, cells in [*sites, CLOSED] for key in cells))
    with (folder / "sites.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["facility_id", "x_m", "y_m", *headings])
        for key, place, cells in [*sites, CLOSED]:
            x, y = (f"{place[0] + EAST_M}", f"{place[1] + NORTH_M}") if place else ("", "")
            table.writerow([key, x, y, *(cells.get(heading, "") for heading in headings)])
    write_layer(folder / "ponds.geojson", [(POND, {})])
    text = path.read_text("utf-8")
    text = text.replace("[walk]", 'barriers = "ponds.geojson"\n[walk]')
    path.write_text(text, encoding="utf-8")
    return path
