"""Small studies of everything that decides who is covered, for sites that are tried on the map."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from tests.streets import EAST_M, NORTH_M, OsmWay, write_dem, write_layer, write_osm, write_study

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.arrays import Floats

STEP_M: Final = 350.0
SIDE: Final = 5
SIZE_M: Final = STEP_M * (SIDE - 1)

WALKS: Final = (
    "",
    'judge = "round_trip"',
    "access_speed_factor = 0.5",
    "age_speeds = { p60_69 = 1.0, p70_79 = 0.9, p80 = 0.7 }",
    'profiles = { p80 = "wheelchair" }',
    'profiles = { p80 = "wheelchair" }\njudge = "round_trip"\naccess_speed_factor = 0.7',
    "max_snap_m = 60",
)
NETWORKS: Final = (
    "",
    'gated = "residents"\n',
    'gated = "closed"\n',
    'walls = "stop"\n',
    'walls = "ignore"\n',
    'gated = "residents"\nwalls = "stop"\n',
)
KINDS: Final = ("residential", "residential", "footway", "steps", "service", "tertiary")


class Drawing:
    """Nodes and ways that grow, and places where people should live."""

    def __init__(self) -> None:
        self.spots: list[tuple[float, float]] = []
        self.nodes: dict[str, tuple[float, float]] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.ways: list[OsmWay] = []

    def node(self, x: float, y: float, **tags: str) -> str:
        """Add a node; return its letter."""
        name = chr(0x4E00 + len(self.nodes))
        self.nodes[name] = (round(x, 3), round(y, 3))
        self.tags[name] = tags
        return name

    def way(self, word: str, **tags: str) -> None:
        """Add a way."""
        self.ways.append(OsmWay(word, {key.replace("__", ":"): v for key, v in tags.items()}))


def write_tried(folder: Path, seed: int) -> Path:
    """
    Write a study: streets with bends, one-way, stairs, a compound with gates, pieces that do not
    connect, walls and water; people of three ages; sites of two categories, some in doubt, some
    with entrances; a hill. Which of it there is, and how people walk, depends on the seed.
    """
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    drawing = Drawing()
    _draw_streets(drawing, chance)
    _draw_compound(drawing, chance)
    _draw_pieces(drawing, chance)
    _draw_walls(drawing, chance)
    _draw_blind_end(drawing, chance)
    half = SIZE_M / 2
    area = shapely.box(-400, -400, SIZE_M + 400, SIZE_M + 400)
    wards = {
        "W": shapely.box(-400, -400, half, SIZE_M + 400),
        "E": shapely.box(half, -400, SIZE_M + 400, SIZE_M + 400),
    }
    far = 1500 if chance.random() < 0.7 else 450
    path = write_study(
        folder,
        drawing.nodes,
        [OsmWay("一丁")],
        {
            f"h{k}": (*place, chance.randint(1, 90))
            for k, place in enumerate([*drawing.spots, *(_place(chance) for _ in range(50))])
        },
        {"a": (0.0, 0.0)},
        extent=shapely.box(-far, -far, SIZE_M + far, SIZE_M + far),
        boundary=area,
        streets=wards,
        walk=f"sensitivity_m_s = []\n{chance.choice(WALKS)}",
        more=_MORE,
    )
    write_osm(folder / "n.osm", drawing.nodes, *drawing.ways, node_tags=drawing.tags)
    text = path.read_text("utf-8")
    network = '"n.osm"\n' + chance.choice(NETWORKS)
    if chance.random() < 0.5:
        write_dem(
            folder / "dem.tif", _hill, west_north=(-1700.0, SIZE_M + 1700), size_m=SIZE_M + 3400
        )
        network += 'dem = "dem.tif"\n'
    ponds: list[tuple[shapely.Polygon, dict[str, str]]] = [
        (shapely.Point(_place(chance)).buffer(45, quad_segs=3), {}) for _ in range(3)
    ]
    if chance.random() < 0.7:
        write_layer(folder / "ponds.geojson", ponds)
        network += 'barriers = "ponds.geojson"\n'
    text = text.replace('"streets.geojson"\n', network)
    path.write_text(_with_ages(folder, text, chance), "utf-8")
    _write_sites(folder, chance, [shape.centroid for shape, _ in ponds])
    return path


_MORE: Final = """entrances = "doors.csv"
[[facilities]]
file = "clinics.csv"
category = "medical"
crs = "EPSG:4549"
[circle]
require = ["meal_point", "medical"]
"""


def _place(chance: random.Random) -> tuple[float, float]:
    return tuple(round(chance.uniform(-150, SIZE_M + 150), 3) for _ in range(2))  # type: ignore[return-value] # two


def _hill(x: Floats, y: Floats) -> Floats:
    found: Floats = 60 + 25 * np.sin(x / 260) + 20 * np.cos(y / 190)
    return found


def _draw_streets(drawing: Drawing, chance: random.Random) -> None:
    """Draw a grid with bends; one in nine streets is missing, some are one-way."""
    jitter = [[chance.uniform(-60, 60) for _ in range(2)] for _ in range(SIDE * SIDE)]
    grid = [
        drawing.node(k % SIDE * STEP_M + dx, k // SIDE * STEP_M + dy)
        for k, (dx, dy) in enumerate(jitter)
    ]
    pairs = [(k, k + 1) for k in range(SIDE * SIDE) if (k + 1) % SIDE]
    pairs += [(k, k + SIDE) for k in range(SIDE * SIDE - SIDE)]
    for a, b in pairs:
        if chance.random() < 1 / 9:
            continue
        word = grid[a]
        (x0, y0), (x1, y1) = drawing.nodes[grid[a]], drawing.nodes[grid[b]]
        for share in sorted(chance.uniform(0.1, 0.9) for _ in range(chance.randint(0, 3))):
            bend = chance.uniform(-40, 40), chance.uniform(-40, 40)
            word += drawing.node(x0 + share * (x1 - x0) + bend[0], y0 + share * (y1 - y0) + bend[1])
        tags = {"highway": chance.choice(KINDS)}
        if chance.random() < 0.15:
            tags["oneway__foot"] = chance.choice(["yes", "-1"])
        if chance.random() < 0.1:
            tags |= {"highway": "corridor", "indoor": "yes"}
        drawing.way(word + grid[b], **tags)


def _draw_compound(drawing: Drawing, chance: random.Random) -> None:
    """Draw private ways around a yard, with a wall and one or two gates on the streets."""
    for word in [way.word for way in chance.sample(drawing.ways, 3)]:
        x, y = drawing.nodes[word[len(word) // 2]]
        yard = [
            drawing.node(x + dx, y + dy) for dx, dy in ((40, 40), (140, 40), (140, 140), (40, 140))
        ]
        ring = "".join([*yard, yard[0]])
        tags = {"access": "private"} if chance.random() < 0.8 else {}
        drawing.way(ring, highway="service", **tags)
        gate = drawing.node(x + 20, y + 22, barrier="gate", **tags)
        drawing.way(word[len(word) // 2] + gate + yard[0], highway="service", **tags)
        wall = [drawing.node(x + dx, y + dy) for dx, dy in ((160, 20), (160, 160), (20, 160))]
        if chance.random() < 0.5:
            drawing.way("".join([gate, *wall, gate]), barrier=chance.choice(["wall", "fence"]))


def _draw_pieces(drawing: Drawing, chance: random.Random) -> None:
    """Draw streets beside the grid that share no node with it."""
    for _ in range(chance.randint(0, 2)):
        x, y = _place(chance)
        ends = [
            drawing.node(x + dx, y + dy) for dx, dy in ((0, 0), (90, 30), (230, 10), (120, 150))
        ]
        drawing.way("".join(ends[:3]), highway="residential")
        drawing.way(ends[1] + ends[3], highway="footway")
        drawing.spots += [drawing.nodes[end] for end in ends]


def _draw_blind_end(drawing: Drawing, chance: random.Random) -> None:
    """Draw a blind street that ends in an opening of a wall, with homes behind it."""
    begin = chance.choice(drawing.ways).word[0]
    x, y = drawing.nodes[begin]
    end = drawing.node(x + 60, y + 75)
    drawing.way(begin + end, highway="footway")
    wall = [drawing.node(x + 60 + side, y + 75 - side) for side in (-90, 90)]
    drawing.way(wall[0] + end + wall[1], barrier="wall")
    drawing.spots += [(x + 60 + far, y + 75 + far) for far in (4.0, 12.0, 25.0)]


def _draw_walls(drawing: Drawing, chance: random.Random) -> None:
    """Draw walls, hedges and water across the blocks, some through a node of a street."""
    for tags in (
        {"barrier": "wall"},
        {"barrier": "hedge"},
        {"waterway": "river"},
        {"railway": "rail"},
    ):
        if chance.random() < 0.6:
            x, y = _place(chance)
            word = drawing.node(x, y)
            if chance.random() < 0.5:
                word += chance.choice(chance.choice(drawing.ways).word)
            word += drawing.node(x + chance.uniform(-400, 400), y + chance.uniform(-400, 400))
            drawing.way(word, **tags)


def _with_ages(folder: Path, text: str, chance: random.Random) -> str:
    """Give homes people of 60, 70 and 80 and over."""
    table = pd.read_csv(folder / "homes.csv", dtype=str, keep_default_na=False)
    everyone = [int(one) for one in table["p60"]]
    for group, share in (("p70", 0.6), ("p80", 0.3)):
        table[group] = [f"{count * share * chance.uniform(0.5, 1):.3f}" for count in everyone]
    table.to_csv(folder / "homes.csv", index=False)
    layers = ", ".join(
        f'{{ group = "{group}", points = "homes.csv", value = "{group}", crs = "EPSG:4549" }}'
        for group in ("p60", "p70", "p80")
    )
    lines = [
        f"layers = [ {layers} ]" if row.startswith("layers") else row for row in text.split("\n")
    ]
    return "\n".join(lines)


def _write_sites(folder: Path, chance: random.Random, ponds: list[Any]) -> None:
    """Write meal points with entrances, and clinics; some unsure, unplaced, planned, in a pond."""
    doors = ["facility_id,x_m,y_m"]
    for name, count in (("sites", 9), ("clinics", 5)):
        rows = ["facility_id,name,floor_area_m2,status,position_unsure,x_m,y_m"]
        for k in range(count):
            x, y = _place(chance)
            if chance.random() < 0.12:
                x, y = ponds[0].x, ponds[0].y
            lost = k == 1 and chance.random() < 0.3
            at = "," if lost else f"{x + EAST_M:.3f},{y + NORTH_M:.3f}"
            unsure = "yes" if chance.random() < 0.15 else ""
            status = chance.choice(["", "", "", "planned"])
            rows.append(f"{name[0]}{k},site {k},{100 + k},{status},{unsure},{at}")
            if name == "sites" and not lost and chance.random() < 0.3:
                for _ in range(chance.randint(1, 3)):
                    dx, dy = chance.uniform(-90, 90), chance.uniform(-90, 90)
                    doors.append(f"s{k},{x + dx + EAST_M:.3f},{y + dy + NORTH_M:.3f}")
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")
    if len(doors) == 1:
        doors.append(f"s0,{EAST_M:.3f},{NORTH_M:.3f}")
    (folder / "doors.csv").write_text("\n".join(doors) + "\n", "utf-8")
