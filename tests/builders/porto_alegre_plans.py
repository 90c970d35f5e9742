"""
Porto Alegre with capacities, two questions on new sites, and residential land.

The streets and the people are real; that each of the 141 places of health care serves 3,000 to
7,000 people is invented. Several in one hexagon stand 60 m beside each other.
"""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas as gpd

STUDY = Path(__file__).resolve().parents[1] / "real" / "porto_alegre" / "study.toml"
EAST = 0.00062
"""Degrees of longitude in 60 m."""
TABLES = """
[capacity]
medical = { field = "places", per_person = 1, method = "e2sfca" }

[siting.reached]
category = "medical"
add = 5
candidates = "candidates.csv"
datum = "wgs84"

[siting.served]
category = "medical"
phases = [2, 2]
objective = "served"
candidates = "candidates.csv"
datum = "wgs84"
time_limit_s = 20
"""
LAND = """
[coverage_basis]
land = { file = "land.gpkg", where = "zona = ZR" }
"""


def places(number):
    return 3000 + 1000 * (number % 5)


def write_study(folder, hexagons, more=()):
    """
    Write the study with 141 facilities and what `more` adds.

    Without `more` it has its questions, and residential land: 20 m × 20 m at each hexagon where
    people live. The extract has 19 buildings, none of a stated use, and no residential land; so
    this is derived.
    """
    sites = [
        (f"{one['id']}-{k}", float(one["lon"]) + k * EAST, float(one["lat"]))
        for one in hexagons
        for k in range(int(one["healthcare"] or 0))
    ]
    assert len(sites) == 141
    write(folder / "sites.csv", [(*one, places(k)) for k, one in enumerate(sites)] + list(more))
    text = STUDY.read_text(encoding="utf-8")
    begin, end = text.index("[[facilities]]"), text.index("[circle]")
    facilities = '[[facilities]]\nfile = "sites.csv"\ncategory = "medical"\ndatum = "wgs84"\n\n'
    asked = TABLES[: TABLES.index("[siting")] if more else TABLES + LAND
    if not more:
        _write_land(folder / "land.gpkg", hexagons)
    study = folder / "study.toml"
    study.write_text(text[:begin] + facilities + text[end:] + asked, encoding="utf-8")
    return study


def write(file, rows):
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([("facility_id", "lon", "lat", "places"), *rows])


def _write_land(file, hexagons):
    lived = [one for one in hexagons if int(one["population"] or 0) > 0]
    lon, lat = ([float(one[key]) for one in lived] for key in ("lon", "lat"))
    middle = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=4326)
    land = middle.to_crs("EPSG:32722").buffer(10, cap_style="square")
    gpd.GeoDataFrame({"zona": ["ZR"] * len(land)}, geometry=land).to_file(file, driver="GPKG")


def read_hexagons(real_data):
    """Hexagons of Porto Alegre, as text."""
    with (real_data / "porto_alegre/poa_hexgrid.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def candidates_of(hexagons):
    """The 72 hexagons without health care where most people live, each with its places."""
    without = [one for one in hexagons if not int(one["healthcare"] or 0)]
    without.sort(key=lambda one: (-int(one["population"] or 0), one["id"]))
    return [(one["id"], one["lon"], one["lat"], places(k)) for k, one in enumerate(without[:72])]
