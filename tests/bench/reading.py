"""Reading streets: compared with OSMnx on the same file, and a file of 1.5 million nodes."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium

from circle15.network.osm.osm_file import read_osm
from tests.bench.whole_runs import ROOT

SIDE = 1225
"""Nodes on each side of the generated city: 1.5 million in all."""
LIMIT_S, LIMIT_MB = 15.0, 1500.0
FASTER, LEANER = 5.0, 3.0

_COUNT = """
import json, sys, time
def peak_mb():
    # Not getrusage: a new process begins with the peak of the one that started it.
    text = open("/proc/self/status").read()
    return int(text.split("VmHWM:")[1].split()[0]) / 1024
{read}
seconds = time.perf_counter() - begin
peak = peak_mb()
print(json.dumps([nodes, edges, km, seconds, peak, peak - before]))
"""
_OURS = """
from pathlib import Path
from circle15.inputs.crs.positions import choose_crs
from circle15.network.sources.network_source import open_network
from circle15.study.settings.records import NetworkSource
def read(name):
    path = Path(name)
    opened = open_network(NetworkSource(path, squares="around"))
    return opened.build(choose_crs("auto", *opened.middle(), path))[0]
read(sys.argv[2])
before = peak_mb()
begin = time.perf_counter()
network = read(sys.argv[1])
nodes, edges, km = len(network.x_m), len(network.u), float(network.length_m.sum()) / 1000
"""
# Both directions of each street, as people walk; counted once.
_OSMNX = """
import osmnx
def read(name):
    return osmnx.graph_from_xml(name, bidirectional=True, simplify=False, retain_all=True)
read(sys.argv[2])
before = peak_mb()
begin = time.perf_counter()
graph = read(sys.argv[1])
nodes, edges = len(graph), len(graph.edges) // 2
km = sum(length for _, _, length in graph.edges(data="length")) / 2000
"""


@dataclass(frozen=True)
class Read:
    """
    What a reader found in a file, and what it took in a process of its own.

    `megabytes` is the peak of the process, `own_megabytes` what reading added to it. Before, each
    has read a tiny file, so that neither imports nor compiled code are timed.
    """

    nodes: int
    edges: int
    km: float
    seconds: float
    megabytes: float
    own_megabytes: float


def read_by(code: str, path: Path, tiny: Path) -> Read:
    """Read a file in a new process, after a tiny one."""
    command = [sys.executable, "-W", "ignore", "-c", _COUNT.format(read=code), str(path), str(tiny)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return Read(*json.loads(answer.stdout))


def middle_of(rounds: list[Read]) -> Read:
    """Return the round whose time is the median."""
    return sorted(rounds, key=lambda one: one.seconds)[len(rounds) // 2]


def write_walkable(source: Path, target: Path) -> None:
    """Write the streets of a file that can be walked, with nothing but their nodes and kinds."""
    ways = read_osm(source).walkable
    nodes = {int(n): (int(x), int(y)) for way in ways for run in way.runs for n, x, y in run}
    kinds, header = osmium.osm.mutable, osmium.io.Header()
    places = np.array(list(nodes.values())) / 1e7
    header.add_box(osmium.osm.Box(*places.min(axis=0), *places.max(axis=0)))
    with osmium.SimpleWriter(str(target), header=header) as writer:
        for key, (x, y) in sorted(nodes.items()):
            writer.add_node(kinds.Node(id=key, version=1, location=(x / 1e7, y / 1e7)))
        number = itertools.count(1)
        for way in ways:
            for run in way.runs:
                refs, tags = [int(n) for n in run[:, 0]], {"highway": way.tags["highway"]}
                if not tags["highway"].startswith("motorway"):
                    writer.add_way(kinds.Way(id=next(number), version=1, nodes=refs, tags=tags))


def write_city(target: Path, side: int = SIDE, run: int = 9) -> None:
    """Write a grid of streets with `side` × `side` nodes, every third column of it a street."""
    kinds = osmium.osm.mutable
    with osmium.SimpleWriter(str(target)) as writer:
        for k in range(side * side):
            row, column = divmod(k, side)
            place = (120 + column * 3e-4, 31 + row * 3e-4)
            tags = {"highway": "crossing"} if k % 50 == 0 else {}
            writer.add_node(kinds.Node(id=k + 1, version=1, location=place, tags=tags))
        rows = ([r * side + c + 1 for c in range(side)] for r in range(side))
        columns = ([r * side + c + 1 for r in range(side)] for c in range(0, side, 3))
        number = itertools.count(1)
        tags = {"highway": "residential", "name": "street"}
        for line in itertools.chain(rows, columns):
            for start in range(0, side - 1, run):
                refs = line[start : start + run + 1]
                writer.add_way(kinds.Way(id=next(number), version=1, nodes=refs, tags=tags))


def beside_osmnx(data: Path) -> list[str]:
    """Read Porto Alegre's walkable streets as XML with both; the counts must be equal."""
    source = data / "porto_alegre" / "poa_osm.pbf"
    with tempfile.TemporaryDirectory() as folder:
        xml, pbf, tiny = (Path(folder, name) for name in ("poa.osm", "poa.osm.pbf", "tiny.osm"))
        write_city(tiny, side=30)
        write_walkable(source, xml)
        write_walkable(source, pbf)
        tasks = ((_OURS, xml), (_OSMNX, xml), (_OURS, pbf))
        rounds = [[read_by(code, path, tiny) for code, path in tasks] for _ in range(5)]
        ours, theirs, from_pbf = (middle_of(list(engine)) for engine in zip(*rounds, strict=True))
    assert (ours.nodes, ours.edges) == (theirs.nodes, theirs.edges), (ours, theirs)
    assert abs(ours.km - theirs.km) < 0.005 * ours.km  # OSMnx measures on a sphere
    faster, leaner = theirs.seconds / ours.seconds, theirs.own_megabytes / ours.own_megabytes
    verdict = f"{faster:.1f}× as fast (≥ {FASTER:g}), {leaner:.1f}× as lean (≥ {LEANER:g})"
    return [
        f"{ours.nodes:,} nodes, {ours.edges:,} edges, {ours.km:,.0f} km in both",
        *(
            f"{name:<12}{one.seconds:6.2f} s, {one.own_megabytes:5.0f} MB "
            f"({one.megabytes:.0f} with imports)"
            for name, one in (("circle15", ours), ("OSMnx", theirs), ("from pbf", from_pbf))
        ),
        verdict,
    ]


def large_city() -> list[str]:
    """Read and build a network of 1.5 million nodes."""
    with tempfile.TemporaryDirectory() as folder:
        path, tiny = Path(folder, "city.osm.pbf"), Path(folder, "tiny.osm")
        write_city(path)
        write_city(tiny, side=30)
        found = read_by(_OURS, path, tiny)
    took = f"{found.seconds:.1f} s (≤ {LIMIT_S:g}), {found.megabytes:,.0f} MB (≤ {LIMIT_MB:g})"
    return [f"{found.nodes:,} nodes, {found.edges:,} edges: {took}"]
