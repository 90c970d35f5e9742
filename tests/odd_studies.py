"""
Studies that are odd but valid: no data, no people, no names, one of everything, far too many.

The plain study is a street of 2,400 m, at 1 m/s 40 minutes long, with homes of 100, 50 and 30
people at 10, 900 and 2,300 m, meal points at 100 and 1,300 m and a station for home care at 300 m:

.    S1: C1, C2                S2: C3
.   h1 -m- s --------- h2 ----- m ------------------------ h3
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin

from tests.streets import (
    EAST_M,
    METRIC,
    NORTH_M,
    OsmWay,
    straight,
    write_layer,
    write_points,
    write_streets,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LENGTH_M = 2400.0
ROWS = 'crs = "EPSG:4549"\n'
SITES = "facility_id,name,category,floor_area_m2,status"
ZONES = "zone_id,name,kind,households,rooms_m2"

Site = tuple[float, float, str, str | None, str, Any, str]
Shape = tuple[shapely.Geometry, dict[str, Any]]


def strip(west: float, east: float) -> shapely.Polygon:
    """The land on both sides of a part of the street."""
    return shapely.box(west, -200, east, 200)


PLAIN_SITES: tuple[Site, ...] = (
    (100, 10, "f1", "阳光食堂", "meal_point", 120, "open"),
    (1300, -10, "f2", "月亮食堂", "meal_point", None, "open"),
    (300, 10, "g1", "河畔服务站", "home_care_station", 320, "open"),
)


@dataclass(frozen=True)
class Odd:
    """The files of a study of the street."""

    title: str = "一条街"
    homes: tuple[tuple[float, float, str, float], ...] = (
        (10, 5, "h1", 100),
        (900, 5, "h2", 50),
        (2300, 5, "h3", 30),
    )
    cells: Sequence[Sequence[float]] = ()
    """People of cells of 100 m, the upper left at (0, 100): in place of the homes."""
    sites: tuple[Site, ...] | None = PLAIN_SITES
    """None: the study has no list of facilities."""
    boundary: shapely.Geometry | None = field(default_factory=lambda: strip(-200, 2600))
    streets: tuple[Shape, ...] = (
        (strip(-200, 1200), {"code": "S1", "name": "东街道"}),
        (strip(1200, 2600), {"code": "S2", "name": "西街道"}),
    )
    communities: tuple[Shape, ...] = (
        (strip(-200, 600), {"code": "C1", "name": "桥头社区", "street": "S1"}),
        (strip(600, 1200), {"code": "C2", "name": "塔下社区", "street": "S1"}),
        (strip(1200, 2600), {"code": "C3", "name": "湖心社区", "street": "S2"}),
    )
    zones: tuple[tuple[Any, ...], ...] = (
        (50, 20, "Z1", "桥头花园", "new", 500, "150"),
        (2000, 20, "Z2", "湖心花园", "existing", 800, "100+60"),
    )
    packs: tuple[str, ...] = ("liangxi-2025",)
    require: tuple[str, ...] = ("meal_point", "home_care_station")
    categories: Mapping[str, str] = field(default_factory=dict)
    way_name: str = "长街"
    cutoffs_min: tuple[int, ...] = (5, 10, 15)
    candidates: tuple[tuple[Any, ...], ...] = ()
    """Places for one new site of the first required category."""

    def write(self, folder: Path) -> Path:
        """Write the files; return the path of the study."""
        nodes, word = straight(LENGTH_M)
        tags = {"highway": "residential", "name": self.way_name}
        write_streets(folder / "network.geojson", nodes, OsmWay(word, tags))
        write_layer(folder / "extent.geojson", [(shapely.box(-2000, -2000, 4400, 2000), {})])
        title = _quoted(self.title)
        text = [
            f'[study]\nname = "odd"\ntitle = {title}\nas_of = 2025-12-31\n{ROWS}',
            self._area(folder),
            '[network]\nfile = "network.geojson"\nextent = "extent.geojson"\nmin_component_m = 0',
            f"[walk]\ncutoffs_min = {list(self.cutoffs_min)}",
            self._demand(folder),
            self._rows(folder),
            f"[rules]\npacks = {list(self.packs)}",
            f"[circle]\nrequire = {list(self.require)}",
        ]
        if self.candidates:
            write_points(folder / "candidates.csv", "candidate_id,name", self.candidates)
            text.append(
                f'[siting.new_1]\ncategory = "{self.require[0]}"\nadd = 1\n'
                f'candidates = "candidates.csv"\n{ROWS}'
            )
        if self.categories:
            named = "\n".join(f"{k} = {_quoted(v)}" for k, v in self.categories.items())
            text.append(f"[categories]\n{named}")
        path = folder / "study.toml"
        path.write_text("\n".join(text) + "\n", encoding="utf-8")
        return path

    def _area(self, folder: Path) -> str:
        lines = ["[area]"]
        if self.boundary is not None:
            write_layer(folder / "boundary.geojson", [(self.boundary, {})])
            lines.append('boundary = "boundary.geojson"')
        if self.streets:
            write_layer(folder / "streets.geojson", self.streets)
            lines.append('streets = { file = "streets.geojson", id = "code", name = "name" }')
        if self.communities:
            write_layer(folder / "communities.geojson", self.communities)
            street = ', street = "street"' if self.streets else ""
            lines.append(
                'communities = { file = "communities.geojson", id = "code", name = "name"'
                + street
                + " }"
            )
        return "\n".join(lines)

    def _demand(self, folder: Path) -> str:
        source = 'points = "homes.csv", value = "p60", crs = "EPSG:4549"'
        write_points(
            folder / "homes.csv", "demand_id,p60", [(x, y, k, p) for x, y, k, p in self.homes]
        )
        if self.cells:
            source = 'raster = "people.tif"'
            values = np.array(self.cells, np.float64)
            corner = from_origin(EAST_M, NORTH_M + 100, 100, 100)
            size = {"height": values.shape[0], "width": values.shape[1], "count": 1}
            place = {"crs": METRIC.to_wkt(), "transform": corner}
            file = folder / "people.tif"
            with rasterio.open(file, "w", driver="GTiff", dtype="float64", **size, **place) as out:
                out.write(values, 1)
        return f'[demand]\ngroup = "p60"\nlayers = [ {{ group = "p60", {source} }} ]'

    def _rows(self, folder: Path) -> str:
        """Facilities and residential zones."""
        parts = []
        if self.sites is not None:
            write_points(folder / "sites.csv", SITES, self.sites)
            parts.append(
                '[[facilities]]\nfile = "sites.csv"\ncategory_column = "category"\n'
                f'covers = "extent"\n{ROWS}'
            )
        if self.zones:
            write_points(folder / "zones.csv", ZONES, self.zones)
            parts.append(f'[[residential_zones]]\nfile = "zones.csv"\n{ROWS}')
        return "\n".join(parts)


def _quoted(text: str) -> str:
    """A TOML string with every character that is not plain escaped."""
    plain = (c if c.isalnum() and ord(c) < 0xD800 else f"\\U{ord(c):08x}" for c in text)
    return '"' + "".join(plain) + '"'


def named(name: str) -> Odd:
    """Call everything by one name: the ids differ in their last letter."""
    plain = Odd()
    return Odd(
        title=name,
        way_name=name,
        sites=tuple(
            (x, y, f"{name}{k}", name, "own" if kind == "meal_point" else kind, area, status)
            for k, (x, y, _, _, kind, area, status) in enumerate(PLAIN_SITES)
        ),
        streets=tuple(
            (shape, {"code": f"{name}{k}", "name": name})
            for k, (shape, _) in enumerate(plain.streets)
        ),
        communities=tuple(
            (shape, {"code": f"{name}{k}", "name": name, "street": f"{name}{k // 2}"})
            for k, (shape, _) in enumerate(plain.communities)
        ),
        zones=tuple(
            (*zone[:2], f"{name}{k}", name, *zone[4:]) for k, zone in enumerate(plain.zones)
        ),
        require=("own", "home_care_station"),
        categories={"own": name},
        packs=("own.toml",),
        candidates=((2200, 10, f"{name}0", name), (900, 10, f"{name}1", name)),
    )


EVERYWHERE = tuple(
    (x, 10, f"{kind}-{x}", f"{kind}-{x}", kind, 400, "open")
    for x in (0, 1200, 2400)
    for kind in ("meal_point", "home_care_station")
)
MANY = tuple(f"kind_{k}" for k in range(12))

ODD_STUDIES = {
    "plain": Odd(),
    "no site of a category": Odd(sites=PLAIN_SITES[:2]),
    "only closed sites": Odd(sites=tuple((*site[:6], "closed") for site in PLAIN_SITES)),
    "no list of facilities": Odd(sites=None),
    "no gap": Odd(sites=EVERYWHERE),
    "one cell": Odd(cells=((7.0,),)),
    "one point of demand": Odd(homes=((900, 5, "h", 50),)),
    "no names": Odd(
        sites=tuple((*site[:3], None, *site[4:]) for site in PLAIN_SITES),
        streets=tuple((shape, {**row, "name": None}) for shape, row in Odd().streets),
        communities=tuple((shape, {**row, "name": None}) for shape, row in Odd().communities),
        zones=tuple((*zone[:3], None, *zone[4:]) for zone in Odd().zones),
    ),
    "no street near": Odd(
        homes=((10, 1505, "h1", 100), (900, 1505, "h2", 50)),
        sites=tuple((site[0], site[1] + 1500, *site[2:]) for site in PLAIN_SITES),
        boundary=shapely.box(-200, -200, 2600, 1800),
    ),
    "nobody": Odd(homes=((10, 5, "h1", 0), (900, 5, "h2", 0))),
    "no boundary": Odd(boundary=None),
    "no streets and communities": Odd(streets=(), communities=()),
    "no rules": Odd(packs=()),
    "no residential zones": Odd(zones=()),
    "one cutoff": Odd(cutoffs_min=(15,)),
    "one required service": Odd(require=("meal_point",)),
    "12 categories": Odd(
        sites=tuple((200 * k, 10, f"k{k}", f"第{k}处", MANY[k], 50, "open") for k in range(12)),
        require=MANY,
        categories={MANY[k]: f"第{k}类" for k in range(12)},
    ),
    "boundary without homes": Odd(boundary=strip(1500, 1800)),
    "network alone": Odd(
        homes=((10, 5, "h1", 0),),
        sites=None,
        boundary=None,
        streets=(),
        communities=(),
        zones=(),
        packs=(),
        require=(),
    ),
}
