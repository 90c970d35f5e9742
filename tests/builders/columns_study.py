"""A study with tables of many columns."""

from __future__ import annotations

import shapely

from tests.streets import lon_lat, write_study

NODES = {"A": (0.0, 0.0), "B": (500.0, 0.0), "C": (1000.0, 0.0)}
DISTRICT = shapely.box(-50, -50, 1100, 50)
RULES = '[rules]\npacks = ["liangxi-2025"]\n'
LON, LAT = lon_lat([(10.0, 5.0)])[0]


def study(folder, heading, row, *, more=RULES):
    """One home of 100 at 0 m, one site whose other headings and cells are given."""
    path = write_study(
        folder, NODES, ["ABC"], {"h": (0, 0, 100)}, {"x": (0, 0)}, boundary=DISTRICT, more=more
    )
    text = f"lon,lat,{heading}\n{LON:.7f},{LAT:.7f},{row}\n"
    (folder / "sites.csv").write_text(text, encoding="utf-8")
    text = path.read_text("utf-8").replace('category = "meal_point"', 'category = "meal_point"')
    path.write_text(text.replace('crs = "EPSG:4549"\ncategory', "category"), encoding="utf-8")
    return path


def found(outcome, code):
    return [finding for finding in outcome.findings if finding.code == code]
