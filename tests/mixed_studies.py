"""Studies of one street, whose settings and rows are drawn at random: right, odd and wrong."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin

from circle15.rules.packs.load import known_packs
from circle15.study.vocabulary.categories import known_categories
from circle15.study.vocabulary.indicators import known_indicators
from tests.streets import EAST_M, METRIC, NORTH_M, write_dem, write_layer, write_points

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GROUPS = ("total", "p60", "p65", "p70", "p80", "p0_3", "households")
CATEGORIES = tuple(known_categories())
BANDS: tuple[dict[str, float], ...] = (
    {},
    {"p60_69": 1.0, "p70_79": 0.9, "p80": 0.7},
    {"p60_79": 1, "p80": 0.5},
    {"p60": 1.1},
    {"p60_64": 1, "p65": 0.8},
)
CHOSEN = {
    "study.plan_as_of": ("2027-12-31", "2025-12-31", "2020-01-01"),
    "study.language": ('"en"', '"zh"'),
    "study.crs": ('"auto"', '"EPSG:4549"', '"EPSG:32651"', '"EPSG:4326"', '"EPSG:3857"'),
    "study.unknown_shift": ('"accept"',),
    "study.title": ('"一条街"', '"=1+1"', '"<b>&"', '""'),
    "network.squares": ('"around"',),
    "network.gated": ('"residents"', '"closed"'),
    "network.walls": ('"stop"', '"ignore"'),
    "network.min_component_m": ("0", "500", "5000", "0.001"),
    "network.barriers": ('"barriers.geojson"',),
    "network.dem": ('"dem.tif"',),
    "walk.profile": ('"adult"', '"wheelchair"', '"plain"', '"pushchair"'),
    "walk.speed_m_s": ("0.8", "3", "0.001", "3.333333333", "1000"),
    "walk.sensitivity_m_s": ("[]", "[1.0]", "[0.5, 0.5]", "[0.001, 1000]"),
    "walk.cutoffs_min": ("[15]", "[1]", "[60]", "[1, 2, 3, 5, 8, 13, 21, 34, 55]", "[61]"),
    "walk.max_snap_m": ("50", "0.5", "10000", "0"),
    "walk.access_speed_factor": ("0.5", "0.001", "1000"),
    "walk.judge": ('"round_trip"',),
    "demand.household_size": ("2.5", "0.1", "1000"),
    "rules.reading": ('"R1"', '"R2"'),
    "rules.basis": ('"dwellings"',),
    "rules.mixed": ('"split"',),
    "rules.registers": ('"registers.csv"',),
}
"""What a study may say of each key; often it says nothing."""


def write_mixed(folder: Path, seed: int) -> Path:
    """Write the files of a study; the same for one seed."""
    draw = Random(seed)
    said: dict[str, list[str]] = {
        key: [] for key in ("study", "network", "walk", "demand", "rules")
    }
    said["study"] += ['name = "mixed"', "as_of = 2025-12-31"]
    said["network"] += ['file = "network.geojson"']
    for key, values in CHOSEN.items():
        section, name = key.split(".")
        if draw.random() < 0.25:  # the first ones are right whatever else is said
            odd = draw.random() < 0.2
            said[section].append(f"{name} = {draw.choice(values if odd else values[:2])}")
    _network(folder, draw, said)
    bands = draw.choice(BANDS) if draw.random() < 0.4 else {}
    groups = [group for group in GROUPS if _is_needed(group, bands, draw) or draw.random() < 0.4]
    said["walk"] += _walkers(draw, bands, groups)
    said["demand"] += _people(folder, draw, groups)
    said["rules"] += [f"packs = {draw.sample(known_packs(), draw.choice((0, 1, 1, 2, 11)))}"]
    text = "\n".join(f"[{section}]\n" + "\n".join(lines) for section, lines in said.items())
    text += f"\n[circle]\nrequire = {draw.sample(CATEGORIES, draw.choice((0, 1, 2, 4)))}\n"
    text += _area(folder, draw) + _sites(folder, draw) + _zones(folder, draw)
    _registers(folder, draw)
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _network(folder: Path, draw: Random, said: dict[str, list[str]]) -> None:
    ways = [
        (shapely.LineString([(x, 0) for x in range(0, 2401, 200)]), {"highway": "residential"}),
        (
            shapely.LineString([(600, 0), (600, 400)]),
            {"highway": draw.choice(("steps", "footway"))},
        ),
        (shapely.LineString([(1000, 300), (1400, 300)]), {"highway": "footway"}),  # a piece apart
    ]
    if draw.random() < 0.3:
        ways.append((shapely.LineString([(1200, 0), (1200, 200)]), {"highway": "service"}))
        ways[-1][1]["access"] = "private"
    write_layer(folder / "network.geojson", ways)
    wall = shapely.LineString([(-100, 20), (2500, 20)])
    kind = draw.choice(({"barrier": "wall"}, {"waterway": "river"}, {"railway": "rail"}))
    write_layer(folder / "barriers.geojson", [(wall, kind)])
    hill, corner = folder / "dem.tif", (-1000.0, 3000.0)
    write_dem(hill, lambda x, y: x / 20 + y / 30, west_north=corner, size_m=4500.0)
    if draw.random() < 0.6:
        write_layer(folder / "extent.geojson", [(shapely.box(-900, -900, 3300, 900), {})])
        said["network"].append('extent = "extent.geojson"')


def _is_needed(group: str, bands: dict[str, float], draw: Random) -> bool:
    """Whether the judged group or a band of age is made of the people of a group; mostly told."""
    return group == "p60" or (any(group in band for band in bands) and draw.random() < 0.97)


def _walkers(draw: Random, bands: dict[str, float], groups: Sequence[str]) -> list[str]:
    lines = [f"age_speeds = {{ {', '.join(f'{k} = {v}' for k, v in bands.items())} }}"] * bool(
        bands
    )
    if draw.random() < 0.2:
        group = draw.choice(groups if draw.random() < 0.9 else GROUPS)
        lines.append(f'profiles = {{ {group} = "{draw.choice(("pushchair", "wheelchair"))}" }}')
    return lines


def _people(folder: Path, draw: Random, groups: Sequence[str]) -> list[str]:
    """Layers of people: nested by age, mostly, as points or rasters."""
    homes, cells = draw.choice((1, 4, 12)), {}
    rows: list[list[Any]] = []
    for k in range(homes):
        x, y = (
            draw.choice((draw.uniform(-50, 2500), 1100.0)),
            draw.choice((5.0, -15, 310, 900, 1900)),
        )
        most = draw.choice((0.0, 1, 100, 12.3456789, 400))
        numbers = {}
        for group in ("total", "p0_3", "households", "p60", "p65", "p70", "p80"):
            numbers[group] = most
            most *= draw.choice((1, 1, 0.5, 0, 0.1)) if draw.random() < 0.99 else 1.5
        rows.append([x, y, f"h{k}", *(round(numbers[group], 6) for group in groups)])
        cells[k] = numbers
    write_points(folder / "homes.csv", ",".join(["demand_id", *groups]), rows)
    layers = []
    for group in groups:
        more = (
            f", calibrate_to = {draw.choice((1, 100, 12345.678))}" if draw.random() < 0.05 else ""
        )
        if draw.random() < 0.15:
            values = np.array([[cells[k % homes][group] for k in range(26)]] * 2)
            _raster(folder / f"{group}.tif", values)
            layers.append(f'{{ group = "{group}", raster = "{group}.tif"{more} }}')
        else:
            layers.append(
                f'{{ group = "{group}", points = "homes.csv", value = "{group}", '
                f'crs = "EPSG:4549"{more} }}'
            )
    judged = draw.choice(groups) if draw.random() < 0.3 else "p60"
    return [f'group = "{judged}"', f"layers = [ {', '.join(layers)} ]"]


def _raster(path: Path, values: np.ndarray) -> None:
    corner = from_origin(EAST_M - 100, NORTH_M + 100, 100, 100)
    size = {"height": values.shape[0], "width": values.shape[1], "count": 1}
    place = {"crs": METRIC.to_wkt(), "transform": corner}
    with rasterio.open(path, "w", driver="GTiff", dtype="float64", **size, **place) as out:
        out.write(values, 1)


def _area(folder: Path, draw: Random) -> str:
    lines = []
    if draw.random() < 0.6:
        box = draw.choice(((-200, -200, 2600, 2000), (0, -10, 800, 10), (1500, -100, 1600, 100)))
        write_layer(folder / "boundary.geojson", [(shapely.box(*box), {})])
        lines.append('boundary = "boundary.geojson"')
    cut = draw.choice((600, 1200))
    halves = [(-200, cut), (cut, 2600)]
    for name in ("streets", "communities"):
        if draw.random() < 0.5:
            shapes = [
                (
                    shapely.box(a, -200, b, 2000),
                    {"code": f"{name[0]}{k}", "name": "甲", "n": 100 * k},
                )
                for k, (a, b) in enumerate(halves)
            ]
            write_layer(folder / f"{name}.geojson", shapes)
            count = ', households = "n"' if draw.random() < 0.3 else ""
            lines.append(
                f'{name} = {{ file = "{name}.geojson", id = "code", name = "name"{count} }}'
            )
    return "[area]\n" + "\n".join(lines) + "\n" if lines else ""


def _sites(folder: Path, draw: Random) -> str:
    """Up to three lists of facilities, with what their rows may say."""
    text = ""
    for k in range(draw.choice((0, 1, 1, 2, 3))):
        rows = []
        for n in range(draw.choice((1, 3, 8))):
            x, y = draw.uniform(-100, 2500), draw.choice((10.0, -15, 310, 1900))
            rows.append(
                [
                    x,
                    y,
                    f"{k}-{n}" if draw.random() < 0.98 else draw.choice(("0-0", "")),
                    draw.choice(("阳光", "月亮", "")),
                    draw.choice(CATEGORIES),
                    draw.choice(("", "0", "120", "300", "299.99", "约350", "1e5")),
                    draw.choice(("", "open", "closed", "在建", "planned")),
                    draw.choice(("", "", "2024-05-01", "2026年3月", "2030")),
                    draw.choice(("", "", "Z0", "Z0; Z1", "Z9")),
                    draw.choice(("", "40", "0")),
                    draw.choice(("", "yes")),
                ]
            )
        heading = (
            "facility_id,name,category,floor_area_m2,status,opened,zone_id,beds,position_unsure"
        )
        write_points(folder / f"sites{k}.csv", heading, rows)
        own = draw.choice(
            ('category_column = "category"', f'category = "{draw.choice(CATEGORIES)}"')
        )
        covers = draw.choice(("", 'covers = "extent"', 'covers = "boundary"'))
        text += f'[[facilities]]\nfile = "sites{k}.csv"\ncrs = "EPSG:4549"\n{own}\n{covers}\n'
    return text


def _zones(folder: Path, draw: Random) -> str:
    """Residential zones as points, with what their rows may say."""
    if draw.random() < 0.3:
        return ""
    rows = []
    for k in range(draw.choice((1, 2, 5))):
        kind = draw.choice(("new", "existing", "mixed", "unknown", "混合", ""))
        new, old = draw.choice(("", "0", "100", "500")), draw.choice(("", "0", "200"))
        whole = draw.choice(("", "0", "500", "300"))
        if draw.random() < 0.95:  # mostly counts that agree
            new, old = {"new": (whole, ""), "existing": ("", whole)}.get(kind, ("", ""))
        rows.append(
            [
                draw.uniform(-50, 2450),
                draw.choice((20.0, 310, 1900)),
                f"Z{k}" if draw.random() < 0.99 else "Z0",
                draw.choice(("花园", "")),
                kind,
                whole,
                new,
                old,
                draw.choice(("", "0", "450")),
                draw.choice(("", "0", "150", "150+80", "300+300", "约120")),
                draw.choice(("", "", "P", "Q")),
            ]
        )
    heading = (
        "zone_id,name,kind,households,households_new,households_existing,dwellings,rooms_m2,pool_id"
    )
    write_points(folder / "zones.csv", heading, rows)
    return '[[residential_zones]]\nfile = "zones.csv"\ncrs = "EPSG:4549"\n'


def _registers(folder: Path, draw: Random) -> None:
    lines = ["indicator,value,unit,year,source,object"]
    for one in draw.sample(sorted(known_indicators()), 6):
        number, year = draw.choice((0, 1, 12.5, 140, "约30", "")), draw.choice((2025, 2024, ""))
        lines.append(f"{one},{number},,{year},台账,")
    (folder / "registers.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
