"""Bombs as crowds: many small things in one place, each of which a study may hold some of."""

from __future__ import annotations

import json
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tests.bombs.of_layers import CRS_OF_ALL
from tests.bombs.of_settings import ZONES
from tests.bombs.study import network, people, replaced, wards
from tests.builders.small_study import PEOPLE
from tests.streets import EAST_M, NORTH_M

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tests.bombs.study import Bomb

_SIZE = 9_500_000
"""Files are cut to less than 10 MB."""


def _layer(features: Iterable[tuple[str, str, Sequence[tuple[float, float]]]]) -> bytes:
    """Write features (properties, kind, corners of the plane) until the file is large enough."""
    rows, size = [], 0
    for properties, kind, corners in features:
        at = ",".join(f"[{EAST_M + x:.10g},{NORTH_M + y:.10g}]" for x, y in corners)
        at = f"[[{at}]]" if kind == "Polygon" else f"[{at}]"
        rows.append(
            f'{{"type":"Feature","properties":{{{properties}}},'
            f'"geometry":{{"type":"{kind}","coordinates":{at}}}}}'
        )
        size += len(rows[-1]) + 1
        if size > _SIZE:
            rows.pop()
            break
    text = '{"type":"FeatureCollection",' + CRS_OF_ALL.decode() + ',"features":['
    return (text + ",".join(rows) + "]}").encode()


def _square(x: float, y: float, side: float) -> list[tuple[float, float]]:
    return [(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)]


def _table(heading: str, rows: Iterable[str]) -> bytes:
    text = "\n".join([heading, *rows]) + "\n"
    return (text[:_SIZE].rpartition("\n")[0] + "\n").encode()


def _streets(folder: Path, *, many: int, wide_m: float, long_m: float, apart: bool) -> None:
    """Short streets scattered over a square beside the homes; `apart` on levels of their own."""
    draw = np.random.default_rng(1)
    x, y, turn = draw.uniform(0, 1, (3, many))
    x, y, turn = x * wide_m, y * wide_m, turn * 6.28
    ends = np.column_stack([x, y, x + long_m * np.cos(turn), y + long_m * np.sin(turn)]).round(3)
    lines = (
        (f'"highway":"path","layer":"{k}"' if apart else '"highway":"path"', [(a, b), (c, d)])
        for k, (a, b, c, d) in enumerate(ends.tolist())
    )
    network(folder, "n.geojson", _layer((said, "LineString", at) for said, at in lines))


def _spiral(folder: Path, *, many: int) -> None:
    """One street of short pieces that winds within 50 m; no two pieces meet but at their ends."""
    turn = np.sqrt(np.arange(many) / many) * 2 * np.pi * 120
    far = 25 * turn / turn[-1]
    at = np.column_stack([25 + far * np.cos(turn), 25 + far * np.sin(turn)]).round(4).tolist()
    pieces = (('"highway":"path"', "LineString", [a, b]) for a, b in pairwise(at))
    network(folder, "n.geojson", _layer(pieces))


def _zones(folder: Path, *, many: int, step_m: float, side_m: float) -> None:
    squares = (
        (f'"zone_id":"Z{k}","households":9,"kind":"new"', "Polygon", _square(k * step_m, 0, side_m))
        for k in range(many)
    )
    (folder / "zones.geojson").write_bytes(_layer(squares))
    path = folder / "study.toml"
    text = ZONES.replace("zones.csv", "zones.geojson").replace('crs = "EPSG:4549"\n', "")
    path.write_text(path.read_text("utf-8") + "\n" + text, encoding="utf-8")


def _wards(folder: Path, *, many: int, step_m: float, side_m: float) -> None:
    squares = (
        (f'"code":"S{k}","label":"x"', "Polygon", _square(k * step_m, 0, side_m))
        for k in range(many)
    )
    wards(folder, "w.geojson", _layer(squares))


def _grid(side: int, key: str) -> bytes:
    """A lattice of squares of 1 m that touch."""
    return _layer(
        (f'"code":"{key}{k}","label":"x"', "Polygon", _square(k % side, k // side, 1))
        for k in range(side * side)
    )


def _two_levels(folder: Path, *, side: int) -> None:
    """Subdistricts and as many communities without a subdistrict's code, the same squares."""
    wards(folder, "w.geojson", _grid(side, "S"))
    (folder / "c.geojson").write_bytes(_grid(side, "C"))
    replaced(
        folder,
        "[network]",
        'communities = { file = "c.geojson", id = "code", name = "label" }\n[network]',
    )


def _sites(
    folder: Path, *, named: str, categories: int = 1, step_m: float = 0, many: int = 55_000
) -> None:
    kinds = ("meal_point", "day_care")[:categories]
    rows = (
        f"f{k},{EAST_M + 300 + k * step_m:.9g},{NORTH_M + 10},{named.format(k)},"
        f"{kinds[k % len(kinds)]},{'.' * 120}"
        for k in range(many)
    )
    (folder / "sites.csv").write_bytes(_table("facility_id,x_m,y_m,name,kind,remark", rows))
    replaced(
        folder,
        'category = "meal_point"',
        'category_column = "kind"\ncolumns = { category = "kind" }'
        if categories > 1
        else 'category = "meal_point"',
    )


def _homes(folder: Path, *, step_m: float, many: int = 400_000) -> None:
    rows = (f"h{k},{EAST_M + k * step_m:.9g},{NORTH_M + 5},1" for k in range(many))
    (folder / "homes.csv").write_bytes(_table("demand_id,x_m,y_m,p60", rows))


def _homes_and_sites(folder: Path, *, homes: int, sites: int) -> None:
    """Homes and sites of which each reaches all others."""
    _homes(folder, step_m=0.0005, many=homes)
    _sites(folder, named="", step_m=0.001, many=sites)


def _sites_apart(folder: Path, *, side: int, wide_m: float) -> None:
    """A lattice of short streets, each with a home and a site, as wide as a province."""
    at = [
        ((i - side / 2) * wide_m / side, (j - side / 2) * wide_m / side)
        for i in range(side)
        for j in range(side)
    ]
    streets = (('"highway":"path"', "LineString", [(x, y), (x + 600, y)]) for x, y in at)
    network(folder, "n.geojson", _layer(streets))
    places = [f"{EAST_M + x + 90:.9g},{NORTH_M + y + 5:.9g}" for x, y in at]
    homes = (f"h{k},{place},1" for k, place in enumerate(places))
    (folder / "homes.csv").write_bytes(_table("demand_id,x_m,y_m,p60", homes))
    sites = (f"f{k},{place}" for k, place in enumerate(places))
    (folder / "sites.csv").write_bytes(_table("facility_id,x_m,y_m", sites))
    for name in ("boundary", "extent", "wards"):
        path = folder / f"{name}.geojson"
        layer = json.loads(path.read_text("utf-8"))
        (one, *_) = layer["features"]
        corner = -wide_m / 2 - 2000
        square = [(EAST_M + x, NORTH_M + y) for x, y in _square(corner, corner, -2 * corner)]
        one["geometry"]["coordinates"] = [square]
        path.write_text(json.dumps(layer | {"features": [one]}), "utf-8")


def _people_of_polygons(folder: Path, *, many: int) -> None:
    """People of overlapping polygons, all over a lattice of zones; each is another."""
    wards(folder, "w.geojson", _grid(60, "S"))
    squares = (
        ('"p60":7', "Polygon", _square(0.5 + k % 200 * 0.002, 0.5 + k // 200 * 0.002, 58))
        for k in range(many)
    )
    (folder / "h.geojson").write_bytes(_layer(squares))
    replaced(folder, PEOPLE, '{ group = "p60", points = "h.geojson", value = "p60" }')


def _buildings(folder: Path, *, many: int) -> None:
    """Buildings in one place on the border of two zones."""
    squares = [
        ('"code":"S1","label":"a","p60":100', "Polygon", _square(0, 0, 100)),
        ('"code":"S2","label":"b","p60":100', "Polygon", _square(100, 0, 100)),
    ]
    wards(folder, "w.geojson", _layer(squares))
    houses = (('"building":"house"', "Polygon", _square(99.5, 50, 1)) for _ in range(many))
    (folder / "b.geojson").write_bytes(_layer(houses))
    replaced(
        folder,
        PEOPLE,
        '{ group = "p60", zones = "streets", value = "p60", buildings = "b.geojson" }',
    )


def _barriers(folder: Path, *, many: int, walls: bool) -> None:
    """Barriers between the homes and the street."""
    _homes(folder, step_m=0.001)
    tag = '"barrier":"wall"' if walls else '"waterway":"river"'
    lines = ((tag, "LineString", [(-90, 1 + k * 1e-5), (400, 1 + k * 1e-5)]) for k in range(many))
    (folder / "walls.geojson").write_bytes(_layer(lines))
    replaced(folder, "min_component_m = 0", 'min_component_m = 0\nbarriers = "walls.geojson"')


def _raster_and_zones(folder: Path) -> None:
    """A fine raster under a lattice of zones finer than its cells."""
    import rasterio
    from rasterio.transform import from_origin

    from tests.streets import METRIC

    wards(folder, "w.geojson", _grid(190, "S"))
    cells = np.ones((40, 40), np.float32)
    place = from_origin(EAST_M, NORTH_M + 200, 5, 5)
    how = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": METRIC, "transform": place}
    with rasterio.open(folder / "p.tif", "w", width=40, height=40, **how) as made:
        made.write(cells, 1)
    people(folder, "p.tif")


BOMBS: dict[str, Bomb] = {
    "streets short in one cell": partial(_streets, many=200_000, wide_m=50, long_m=1, apart=False),
    "streets short, on levels of their own": partial(
        _streets, many=200_000, wide_m=50, long_m=0.1, apart=True
    ),
    "streets short, spread": partial(_streets, many=200_000, wide_m=2000, long_m=1, apart=False),
    "streets spiral": partial(_spiral, many=200_000),
    "residential zones all the same": partial(_zones, many=50_000, step_m=0, side_m=10),
    "residential zones over each other": partial(_zones, many=50_000, step_m=0.001, side_m=50),
    "wards over each other": partial(_wards, many=35_000, step_m=0.5, side_m=50),
    "wards beside each other": partial(_wards, many=40_000, step_m=0.01, side_m=0.01),
    "two levels of 40,000 zones": partial(_two_levels, side=200),
    "two levels of 18,500 zones": partial(_two_levels, side=136),
    "sites in one place": partial(_sites, named="食堂{}"),
    "sites, 200,000 of them": partial(_sites, named="", many=200_000),
    "sites far from the streets": partial(_sites, named="", step_m=0.5),
    "sites of one name": partial(_sites, named="食堂", categories=2),
    "sites of one name in a row": partial(_sites, named="食堂", categories=2, step_m=0.001),
    "sites without names in a row": partial(_sites, named="", step_m=0.001),
    "homes and sites": partial(_homes_and_sites, homes=400_000, sites=50_000),
    "homes and sites, just allowed": partial(_homes_and_sites, homes=90_000, sites=1100),
    "sites far apart": partial(_sites_apart, side=141, wide_m=420_000),
    "homes in one place": partial(_homes, step_m=0),
    "homes in a row": partial(_homes, step_m=0.001),
    "people of polygons over each other": partial(_people_of_polygons, many=40_000),
    "buildings in one place": partial(_buildings, many=40_000),
    "barriers side by side": partial(_barriers, many=50_000, walls=False),
    "walls side by side": partial(_barriers, many=50_000, walls=True),
    "zones finer than cells": _raster_and_zones,
}
