"""Time everything that has a target, and write `tests/bench/results.md`: `make bench`.

Parts that need real data are left out, with a message, where it is missing. Ratios come from
interleaved rounds of one run; a busy machine shows in the spread.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from circle15.inputs.crs.positions import choose_crs
from circle15.network.build import build_network
from circle15.network.osm.osm_file import read_osm
from circle15.network.snapping import snap_to_network
from circle15.study.settings.reading import load_study
from circle15.study.settings.records import NetworkSource
from circle15.travel.engine.graph import TravelNetwork, positions_at
from circle15.travel.engine.search import NearestIndex
from circle15.workflow.pipeline import run_study
from tests.bench.batches import batches
from tests.bench.drawing import isochrone_ms
from tests.bench.engines import SPEED, Setting, compare
from tests.bench.floor import both_costs
from tests.bench.gains import gain_everywhere
from tests.bench.large_map import large_map, map_of_a_mosaic
from tests.bench.many_zones import judging_zones
from tests.bench.mosaics import Plain, largest_component, mosaic
from tests.bench.province import run_province
from tests.bench.reading import beside_osmnx, large_city
from tests.bench.reruns import reruns_of_the_sample
from tests.bench.scenarios import scenario_beside_a_run
from tests.bench.siting import siting
from tests.bench.supplies import supply_of_the_sample
from tests.bench.tried_sites import tried_sites
from tests.bench.whole_runs import ROOT, measure_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).with_name("results.md")
SCIPY_MS = 11.7
"""What scipy's catchments of Porto Alegre took on the machine of 2026-11-22."""
PACKAGES = ("numba", "numpy", "scipy", "networkx", "shapely")


def main() -> None:
    """Run every part that can be run, print it, and keep it."""
    lines = [*about(), *whole_runs()]
    lines += said("Reruns of the sample", reruns_of_the_sample())
    lines += said("Batches", batches())
    data = os.environ.get("CIRCLE15_REAL_DATA")
    if data:
        lines += engines(Path(data))
        lines += isochrones()
        lines += said("Reading, beside OSMnx", beside_osmnx(Path(data)))
    else:
        lines.append("Engines: left out, CIRCLE15_REAL_DATA is not set.")
    lines += said("Reading a large city", large_city())
    lines += said("Many residential zones", judging_zones())
    lines += said("Supply, choice and equity", supply_of_the_sample())
    lines += said("Whom a new site would reach", gain_everywhere())
    lines += said("Where the next sites should go", siting(Path(data) if data else None))
    lines += said("The map of a district", large_map())
    lines += said("Sites tried on the map", tried_sites(Path(data) if data else None))
    tile = plain_network(Path(data), "porto_alegre/poa_osm.pbf") if data else None
    if tile is not None:
        lines += said("The map of 16 tiles of a city", map_of_a_mosaic(tile))
    lines += said("A scenario beside the run of its study", scenario_beside_a_run(tile))
    lines += incremental()
    lines += compile_times()
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"written to {RESULTS.relative_to(ROOT)}")


def about() -> Iterator[str]:
    """Machine, versions and date."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    yield "# Benchmark results"
    yield ""
    yield f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors, "
    yield f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, "
    yield f"load {load:.1f} at the start. " + ", ".join(f"{p} {version(p)}" for p in PACKAGES) + "."
    yield ""


def said(title: str, rows: list[str]) -> Iterator[str]:
    """Print a part as it is done, and return it as a block."""
    print(f"\n{title}", *rows, sep="\n", flush=True)
    yield from (f"## {title}", "", "```", *rows, "```", "")


def whole_runs() -> Iterator[str]:
    """Time and memory of whole runs."""
    yield from said("Whole runs", [measured.line() for measured in measure_runs()])


def plain_network(data: Path, file: str) -> Plain:
    """Read the largest component of a real network."""
    path = data / file
    ways = read_osm(path)
    lon, lat = (ways.walkable[0].runs[0][0][k] / 1e7 for k in (1, 2))
    crs = choose_crs("auto", lon, lat, path)
    return largest_component(build_network(ways, crs, NetworkSource(path, squares="around")))


def engines(data: Path) -> Iterator[str]:
    """Our searches beside others', the floor, contraction, and a province."""
    tile = plain_network(data, "porto_alegre/poa_osm.pbf")
    for name, plain, sites in (
        ("Porto Alegre", tile, 100),
        ("Mosaic 5 × 5", mosaic(tile, 5), 1000),
    ):
        setting = Setting(plain, sites, with_networkx=True)
        rows = [f"{plain.n_nodes:,} nodes, {sites} facilities; equal results in every round"]
        timed = compare(setting, rounds=3, sample=64)
        rows += [f"{one.task:<12}{one.line(ours)}" for one, ours in timed]
        if plain is tile:
            (scipy,) = (
                one for one, _ in timed if (one.engine, one.task) == ("scipy", "catchments")
            )
            factor = scipy.median * 1000 / SCIPY_MS
            rows.append(f"the machine: scipy takes {factor:.1f} × as long as on 2026-11-22")
        yield from said(f"{name}: beside other engines", rows)
    rows = []
    for name, plain in (
        ("Liechtenstein", plain_network(data, "liechtenstein/liechtenstein-latest.osm.pbf")),
        ("Porto Alegre", tile),
    ):
        ours, bare = both_costs(plain, 400, 5)
        nodes = bare.settled
        floor = ours.floor_s * 1e9 / ours.settled
        rows += [
            f"{name}: {ours.per(nodes):.1f} ns per original node",
            f"  without contraction {bare.per(nodes):.1f} ns ({bare.seconds / ours.seconds:.1f}×)",
            f"  per junction {ours.per(ours.settled):.1f} ns, replayed without a queue {floor:.1f}",
        ]
    yield from said("Contraction, and the floor", rows)
    province = run_province(mosaic(tile, 11), 5000, 1_500_000)
    rows = [f"{province.nodes:,} nodes, 5,000 facilities, 1,500,000 demand points"]
    rows += [f"{step:<16}{value:8.2f}" for step, value in province.seconds.items()]
    rows.append(f"nearest + catchments + 2SFCA {province.total:.2f} s (≤ 5)")
    rows.append(f"peak memory {province.peak_gb:.2f} GB (≤ 4)")
    ratio = province.threads[1] / province.threads[2]
    rows.append(f"20,000 facilities: 2 threads {ratio:.2f}× as fast as 1 (≥ 1.6)")
    city = run_province(mosaic(tile, 5), 1000, 300_000)
    spent = city.seconds["2SFCA"]
    rows.append(f"{city.nodes:,} nodes, 1,000 facilities: 2SFCA {spent:.2f} s (≤ 1)")
    yield from said("A province", rows)


def isochrones() -> Iterator[str]:
    """Drawing around each facility of Porto Alegre."""
    result = run_study(load_study(ROOT / "tests" / "real" / "porto_alegre" / "study.toml"))
    middle, worst, drawn, cells = isochrone_ms(result, rounds=3)
    row = (
        f"{drawn} facilities over {cells:,} cells of 20 m: {middle:.2f} ms each beyond the search "
        f"(slowest round {worst:.2f}; ≤ 2)"
    )
    yield from said("Isochrones", [row])


def incremental() -> Iterator[str]:
    """One facility more on the sample: times and labels of every home brought up to date."""
    result = run_study(load_study(ROOT / "data" / "sample" / "study.toml"))
    graph = TravelNetwork.from_network(result.network).at_speed(SPEED)
    demand, sites = result.demand, result.facilities
    homes, goals = (
        positions_at(
            snap_to_network(t["x_m"].to_numpy(), t["y_m"].to_numpy(), result.network), SPEED
        )
        for t in (demand, sites)
    )
    opened = np.ones(len(sites), bool)
    opened[::2] = False
    index = NearestIndex(graph, homes, goals, opened, horizon_ms=3_600_000)
    times: dict[str, list[float]] = {"one opened": [], "one closed": []}
    for row in np.flatnonzero(~opened)[:40].tolist():
        for name, change in (("one opened", index.open), ("one closed", index.close)):
            begin = time.perf_counter()
            change(row)
            index.nearest()
            times[name].append(time.perf_counter() - begin)
    rows = [
        f"{name}: {median(t) * 1000:.2f} ms ({min(t) * 1000:.2f}–{max(t) * 1000:.2f}; ≤ 10)"
        for name, t in times.items()
    ]
    yield from said("What-if on the sample", rows)


def compile_times() -> Iterator[str]:
    """Seconds of the first search in a process, compiling and from the cache."""
    code = (
        "import time, numpy as np; from circle15.travel.engine.chains import contract; "
        "from tests.bench.engines import Setting; from tests.bench.mosaics import Plain; "
        "b = time.perf_counter(); a = np.arange(50); "
        "p = Plain(a * 1.0, a * 0.0, a[:-1], a[1:], np.full(49, 90_000)); "
        "s = Setting(p, 5, with_networkx=False); s.nearest_ours(); s.catchments_ours(); "
        "print(time.perf_counter() - b)"
    )
    rows = []
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
        for name in ("compiling", "from the cache"):
            done = subprocess.run(
                [sys.executable, "-c", code],
                check=True,
                capture_output=True,
                text=True,
                env=environment,
                cwd=ROOT,
            )
            rows.append(f"{name:<16}{float(done.stdout):6.2f} s")
    yield from said("First search in a process", rows)


if __name__ == "__main__":
    main()
