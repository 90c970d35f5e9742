"""The facilities of the invented city, as ledgers with Chinese headings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from _blocks import homes
from _city import SEED, Block, City, Floats, block_at, to_degrees
from _people import N_COMMUNITIES, N_STREETS, Division, community_label, split, street_name
from _streets import Streets

from circle15.inputs.crs.datums import from_wgs84

N_STATIONS: Final = 160
N_POINTS: Final = 90
N_DAY_CARE: Final = 24
N_CARE_HOMES: Final = 37
BEDS: Final = 6_481
NURSING_BEDS: Final = 5_898
MEALS: Final = 13_456
BARE: Final = (
    (-2650.0, -2750.0, 1400.0),
    (3400.0, 900.0, 1200.0),
    (-3250.0, 1500.0, 1150.0),
    (2300.0, -3100.0, 950.0),
    (-700.0, 4200.0, 1000.0),
)
"""Neighbourhoods (x, y, radius in local metres) without a station or a meal site.

The first is across the river; the last is at the north edge of the data, where the network ends.
"""
THIN: Final = ((1900.0, 2700.0, 800.0),)
"""Neighbourhoods without a station that have meal sites."""

Row = list[object]
UNSURE: Final = 19
NOT_WALKED: Final = ("motorway", "motorway_link", "construction")


@dataclass
class Sites:
    """Places sites beside walkable ways, and remembers the blocks that hold one."""

    city: City
    streets: Streets
    division: Division
    rng: np.random.Generator
    paths: shapely.STRtree
    taken: set[Block] = field(default_factory=set)

    def beside(self, block: Block, target: Floats | None = None) -> Floats:
        """Return a position in a block, 10 to 55 m from a way, near a target if one is given."""
        nodes = homes(self.streets, block)
        spots = np.array([self.streets.nodes[key] for key in nodes])
        order = self.rng.permutation(len(spots))
        if target is not None:
            order = np.argsort(np.hypot(*(spots - target).T) + self.rng.uniform(0, 60, len(spots)))
        for spot in [spots[k] for k in order for _ in range(8)]:
            angle, away = self.rng.uniform(0, 2 * np.pi), self.rng.uniform(12, 45)
            xy: Floats = spot + away * np.array([np.cos(angle), np.sin(angle)])
            point = shapely.Point(xy)
            _, gap_m = self.paths.query_nearest(point, all_matches=False, return_distance=True)
            if 10 <= gap_m[0] <= 55 and self.city.face(block).buffer(-20).contains(point):
                self.taken.add(block)
                return xy
        raise RuntimeError(f"no room for a site in block {block}")


def make_sites(city: City, streets: Streets, division: Division) -> Sites:
    """Prepare the placing of sites with a generator of its own."""
    lines = [
        shapely.LineString([streets.nodes[key] for key in keys])
        for keys, tags in streets.ways
        if tags.get("highway", "motorway") not in NOT_WALKED
    ]
    rng = np.random.default_rng([SEED, 3])
    return Sites(city, streets, division, rng, shapely.STRtree(lines))


def degrees(xy_m: Floats, datum: str = "wgs84") -> tuple[float, float]:
    """Return lon, lat with 6 decimals, as ledgers hold them."""
    lon, lat = from_wgs84(*to_degrees(xy_m[None, :]).T, datum)
    return round(float(lon[0]), 6), round(float(lat[0]), 6)


def lived(sites: Sites, blocks: list[Block]) -> list[Block]:
    """Return the blocks with homes, the most people first."""
    found = [b for b in blocks if homes(sites.streets, b)]
    return sorted(found, key=lambda b: (-sites.city.persons_km2[b], b))


def middle_of(city: City, blocks: list[Block]) -> Floats:
    """Return the mean of the middles of some blocks."""
    gi, gj = (np.array(blocks, dtype=float) + 0.5).T
    middle: Floats = city.place(gi, gj).mean(axis=0)
    return middle


def is_in(xy: Floats, places: tuple[tuple[float, float, float], ...]) -> bool:
    """Tell whether a position is in one of the round neighbourhoods."""
    return any(np.hypot(xy[0] - x, xy[1] - y) < r for x, y, r in places)


def _station_blocks(sites: Sites) -> list[Block]:
    """Choose the block of every station: first one per served community, then the largest."""
    places = BARE + THIN
    served: list[Block] = []
    spare: list[Block] = []
    for community in range(N_COMMUNITIES):
        blocks = lived(sites, sites.division.blocks_of(community))
        blocks = [b for b in blocks if not is_in(middle_of(sites.city, [b]), places)]
        if blocks:
            goal = middle_of(sites.city, blocks)
            blocks.sort(key=lambda b: float(np.hypot(*(middle_of(sites.city, [b]) - goal))))
            served.append(blocks[0])
            spare += blocks[1:]
    spare.sort(key=lambda b: (-sites.city.persons_km2[b], b))
    return (served + spare + served)[:N_STATIONS]


def station_rows(sites: Sites) -> list[Row]:
    """Return 160 stations and one that is listed twice under nearly the same name."""
    rng, division = sites.rng, sites.division
    blocks = sorted(_station_blocks(sites), key=lambda b: division.community[b])
    areas = 250 * np.exp(rng.normal(0, 0.52, N_STATIONS))
    areas = np.clip(areas * 250 / np.median(areas), 80, 700).round(0)
    rows: list[Row] = []
    seen: dict[int, int] = {}
    for k, block in enumerate(blocks):
        community = division.community[block]
        seen[community] = seen.get(community, 0) + 1
        label = community_label(division, community)[1]
        extra = "" if seen[community] == 1 else "第二" if seen[community] == 2 else "第三"
        opened = dt.date(2010, 1, 1) + dt.timedelta(days=int(rng.integers(0, 5600)))
        lon, lat = degrees(sites.beside(block))
        street = street_name(division.street[block])
        name = f"{label}{extra}居家养老服务站"
        rows.append([f"S-{k + 1:03d}", name, lon, lat, float(areas[k]), "运营", opened, street])
    _instruct(sites, rows)
    return rows


def _instruct(sites: Sites, rows: list[Row]) -> None:
    """Turn some stations into the rows a reader must treat with care."""
    rows[57][5] = "停用"
    thin = block_at(sites.city, BARE[0][0], BARE[0][1])
    near = lived(
        sites, [b for b in sites.city.inside if abs(b[0] - thin[0]) + abs(b[1] - thin[1]) < 3]
    )
    rows[101][2], rows[101][3] = degrees(sites.beside(near[0]))
    rows[101][4:8] = [
        420.0,
        "在建",
        dt.date(2027, 6, 30),
        street_name(sites.division.street[near[0]]),
    ]
    rows[101][1] = (
        f"{community_label(sites.division, sites.division.community[near[0]])[1]}居家养老服务站"
    )
    rows[132][2] = rows[132][3] = None
    twin = list(rows[20])
    lon, lat = float(str(twin[2])), float(str(twin[3]))
    twin[:4] = [
        "S-161",
        str(twin[1]).replace("居家", " 居家"),
        round(lon + 9e-5, 6),
        round(lat + 5e-5, 6),
    ]
    rows.append(twin)


def _by_people(
    sites: Sites, count: int, places: tuple[tuple[float, float, float], ...]
) -> list[Block]:
    """Draw blocks with homes outside some neighbourhoods, with chances by people."""
    blocks = [
        b for b in lived(sites, sites.city.inside) if not is_in(middle_of(sites.city, [b]), places)
    ]
    people = np.array([sites.city.persons_km2[b] for b in blocks])
    drawn = sites.rng.choice(len(blocks), count, replace=False, p=people / people.sum())
    return sorted(blocks[k] for k in drawn)


def _heart(sites: Sites, street: int, places: tuple[tuple[float, float, float], ...]) -> Block:
    """Return a block with homes near the middle of a street, outside some neighbourhoods."""
    blocks = [b for b, s in sites.division.street.items() if s == street]
    goal = middle_of(sites.city, blocks) + sites.rng.normal(0, 250, 2)
    open_to = [b for b in lived(sites, blocks) if not is_in(middle_of(sites.city, [b]), places)]
    return min(open_to, key=lambda b: float(np.hypot(*(middle_of(sites.city, [b]) - goal))))


def meal_rows(sites: Sites) -> list[Row]:
    """Return 10 meal centres in 10 of 12 streets, 90 meal points and two beyond the boundary."""
    centre_streets = [s for s in range(N_STREETS) if s not in (5, 10)]
    blocks = [(_heart(sites, s, BARE), "区域性助餐中心") for s in centre_streets]
    blocks += [(b, "助餐点") for b in _by_people(sites, N_POINTS, BARE)]
    weights = np.array([4.2 if kind != "助餐点" else 1.0 for _, kind in blocks])
    meals = split(MEALS, weights * sites.rng.lognormal(0, 0.3, len(blocks)))
    rows: list[Row] = []
    for k, ((block, kind), served) in enumerate(zip(blocks, meals, strict=True)):
        label = community_label(sites.division, sites.division.community[block])[1]
        street = street_name(sites.division.street[block])
        name = f"{street}区域性助餐中心" if kind != "助餐点" else f"{label}助餐点{k - 9}号"
        lon, lat = degrees(sites.beside(block))
        area = round(served * float(sites.rng.uniform(0.7, 1.5)) + 20)
        rows.append([f"M-{k + 1:03d}", name, kind, lon, lat, float(area), served, "运营"])
    outside = _outside(sites)
    lon, lat = degrees(sites.beside(outside))
    rows.append(["M-101", "示例邻区助餐点", "助餐点", lon, lat, 150.0, 130, "运营"])
    lon, lat = degrees(sites.beside(outside))
    rows.append(["M-102", "示例邻区社区食堂", "助餐点", lon, lat, 90.0, 60, "待核实"])
    _scribble(rows)
    return rows


def _scribble(rows: list[Row]) -> None:
    """Write some numbers of the meal sites as people write them; none of them changes a total."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    rows[14][6] = f"{rows[14][6]}余"
    rows[27][6] = f"约{rows[27][6]}"
    rows[41][6] = f"约{rows[41][6]}份"
    rows[8][5] = f"{rows[8][5]:.0f}㎡".translate(wide)
    rows[33][5], rows[52][5] = "—", "见附件"


def _outside(sites: Sites) -> Block:
    """Return a lived-in block outside the district that touches it in the east."""
    inside = set(sites.city.inside)
    touching = [
        b
        for b in sites.city.use
        if b not in inside and (b[0] - 1, b[1]) in inside and homes(sites.streets, b)
    ]
    return min(touching, key=lambda b: abs(float(middle_of(sites.city, [b])[1]) - 500))


def care_home_rows(sites: Sites) -> list[Row]:
    """Return 37 care homes in GCJ-02; the last lies more than 200 m from any way."""
    rng = sites.rng
    beds = split(BEDS, rng.lognormal(0, 0.45, N_CARE_HOMES))
    nursing = split(NURSING_BEDS, np.array(beds) * rng.uniform(0.96, 1.0, N_CARE_HOMES))
    rows: list[Row] = []
    for k, block in enumerate(_by_people(sites, N_CARE_HOMES - 1, ())):
        lon, lat = degrees(sites.beside(block), "gcj02")
        name = "示例区社会福利院" if k == 0 else f"示例第{k}护理院"
        area = float(round(beds[k] * float(rng.uniform(34, 46))))
        rows.append([f"H-{k + 1:03d}", name, lon, lat, area, beds[k], nursing[k], "运营"])
    far = block_at(sites.city, 3600, 2300)
    lon, lat = degrees(sites.city.place(float(far[0]), far[1] + 0.15)[0], "gcj02")
    rows.append(["H-037", "示例田野康养院", lon, lat, 5200.0, beds[-1], nursing[-1], "运营"])
    return rows


def centre_rows(sites: Sites) -> list[Row]:
    """
    Return complexes in 10 of 12 streets, 24 day-care centres, and two rows that do not count.

    Where one of the day-care centres stands is not sure.

    One is of a kind that nobody knows, one is closed and has its coordinates exchanged.
    """
    rng = sites.rng
    blocks = [
        (_heart(sites, s, ()), "街道养老服务综合体") for s in range(N_STREETS) if s not in (3, 10)
    ]
    blocks += [(b, "日间照料中心") for b in _by_people(sites, N_DAY_CARE, BARE)]
    rows: list[Row] = []
    for k, (block, kind) in enumerate(blocks):
        label = community_label(sites.division, sites.division.community[block])[1]
        is_complex = kind != "日间照料中心"
        name = street_name(sites.division.street[block]) if is_complex else label
        name += "养老服务综合体" if is_complex else "日间照料中心"
        low, high = (1200, 3500) if is_complex else (260, 900)
        lon, lat = degrees(sites.beside(block))
        area, unsure = int(rng.integers(low, high)), "是" if k == UNSURE else ""
        rows.append([f"C-{k + 1:03d}", name, kind, lon, lat, area, "运营", unsure])
    heart = _heart(sites, 0, ())
    lon, lat = degrees(sites.beside(heart))
    rows.append(["C-035", "示例区老年大学", "老年大学", lon, lat, 1800, "运营", ""])
    lon, lat = degrees(sites.beside(heart))
    rows.append(["C-036", "示例旧日间照料中心", "日间照料中心", lat, lon, 210, "停用", ""])
    return rows
