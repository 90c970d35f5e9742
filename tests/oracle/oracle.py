"""
The oracle: an independent, simple computation of the walking times from homes to facilities.

It reads a network (`read_osm`, `read_edges`), snaps points to it (`snap`, `places`), finds the
nearest facility of each home (`nearest`), all pairs within a cutoff (`all_pairs`) and the states
(`states`, `judge`), and compares its rows with those of circle15 (`compare_times`). It imports no
code of circle15. `python -m tests.oracle.oracle DATA` runs it on the real extracts and prints what
it counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from tests.oracle.oracle_network import (
    Edge,
    Line,
    OracleNetwork,
    component_lengths,
    project,
    read_edges,
    read_osm,
    without_islands,
)
from tests.oracle.oracle_states import Site, Study, all_of, any_of, judge, states, to_nodes
from tests.oracle.oracle_tags import foot_directions, is_barrier, read_rules, walkable
from tests.oracle.oracle_times import (
    ACCESS_BARRIER,
    HORIZON_MS,
    TOO_FAR,
    Label,
    Place,
    Snap,
    all_pairs,
    lines_touch,
    nearest,
    places,
    snap,
    walk_ms,
)

__all__ = [
    "ACCESS_BARRIER",
    "HORIZON_MS",
    "TOO_FAR",
    "Difference",
    "Edge",
    "Label",
    "Line",
    "OracleNetwork",
    "Place",
    "Site",
    "Snap",
    "Study",
    "all_of",
    "all_pairs",
    "any_of",
    "compare_times",
    "component_lengths",
    "foot_directions",
    "is_barrier",
    "judge",
    "lines_touch",
    "nearest",
    "places",
    "porto_alegre",
    "project",
    "read_edges",
    "read_osm",
    "read_rules",
    "snap",
    "states",
    "time_rows",
    "to_nodes",
    "walk_ms",
    "walkable",
    "without_islands",
]

TimeRow = tuple[Any, Any, Any]
"""(demand_id, time_ms, facility_id); a missing time is None or NaN."""


@dataclass(frozen=True)
class Difference:
    """A home for which two computations disagree; None: no facility within the horizon."""

    demand_id: str
    kind: str
    oracle: Label | None
    product: Label | None


def time_rows(homes: Sequence[Place], labels: Sequence[Label | None]) -> list[TimeRow]:
    """Rows of the oracle, ready to compare."""
    return [
        (home.id, None, None) if label is None else (home.id, *label)
        for home, label in zip(homes, labels, strict=True)
    ]


def _by_home(rows: Iterable[TimeRow], whose: str) -> dict[str, Label | None]:
    table: dict[str, Label | None] = {}
    for demand_id, time_ms, facility_id in rows:
        if str(demand_id) in table:
            raise ValueError(f"{whose} has two rows for home {demand_id}")
        missing = bool(pd.isna(time_ms))
        table[str(demand_id)] = None if missing else (int(time_ms), str(facility_id))
    return table


def compare_times(
    oracle_rows: Iterable[TimeRow], product_rows: Iterable[TimeRow]
) -> list[Difference]:
    """
    Differences between two sets of nearest times, sorted by home; an empty list is agreement.

    Kinds: `missing` and `extra` rows, `reach` (only one finds a facility), `time`, `facility`
    (same time, other id). Rows are matched by home, so their order is free; rows of one
    category and speed at a time.
    """
    ours, theirs = _by_home(oracle_rows, "the oracle"), _by_home(product_rows, "the product")
    found = []
    for demand_id in sorted(ours.keys() | theirs.keys()):
        a, b = ours.get(demand_id), theirs.get(demand_id)
        if demand_id not in theirs:
            kind = "missing"
        elif demand_id not in ours:
            kind = "extra"
        elif a == b:
            continue
        elif a is None or b is None:
            kind = "reach"
        else:
            kind = "time" if a[0] != b[0] else "facility"
        found.append(Difference(demand_id, kind, a, b))
    return found


def porto_alegre(data: Path) -> tuple[OracleNetwork, list[Place], list[Place]]:
    """Network, homes (hexagon centres) and facilities (hexagons with healthcare) of a city."""
    crs = "EPSG:32722"
    network = read_osm(data / "porto_alegre/poa_osm.pbf", crs)
    table = pd.read_csv(data / "porto_alegre/poa_hexgrid.csv")
    xy = project(zip(table["lon"], table["lat"], strict=True), crs)
    homes = places(table["id"], xy, network)
    with_healthcare = set(table.loc[table["healthcare"] > 0, "id"].astype(str))
    return network, homes, [home for home in homes if home.id in with_healthcare]


def _describe(name: str, network: OracleNetwork) -> None:
    nodes = {node for edge in network.edges for node in (edge.u, edge.v)}
    takers = sum(edge.takes_snaps for edge in network.edges)
    print(
        f"{name}: {len(nodes)} nodes, {len(network.edges)} edges ({takers} take snaps), "
        f"{network.length_km:.3f} km, {len(network.barriers)} barrier lines"
    )
    print("  ", dict(network.counts))


def main(data: Path) -> None:
    """Run the oracle on real extracts and print what it finds."""
    start = time.perf_counter()
    network, homes, facilities = porto_alegre(data)
    _describe("porto_alegre", network)
    codes = [home.snap for home in homes if isinstance(home.snap, str)]
    print(f"   {len(homes)} homes, {len(facilities)} facilities")
    print("   unsnapped:", {code: codes.count(code) for code in sorted(set(codes))})
    print(f"   read and snapped in {time.perf_counter() - start:.1f} s")
    for text in ("1.0", "0.8", "1.2"):
        start = time.perf_counter()
        labels = nearest(homes, facilities, network, Fraction(text))
        found = [label[0] for label in labels if label is not None]
        inside = sum(ms <= 900_000 for ms in found)
        print(
            f"   {text} m/s: {len(found)} reach a facility, {inside} within 15 min, "
            f"sum {sum(found)} ms, largest {max(found)} ms, {time.perf_counter() - start:.1f} s"
        )
    for name, file, crs in (
        ("beijing_wangjing", "china_osm/beijing_wangjing.osm", "EPSG:4548"),
        ("monaco", "monaco_foot/monaco.osm.gz", "EPSG:32632"),
    ):
        _describe(name, read_osm(data / file, crs))
    _describe("wuhan", read_edges(data / "wuhan/streets.parquet", "EPSG:32650"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
