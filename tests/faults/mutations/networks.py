"""Networks: OpenStreetMap files, graphs, downloads that were kept."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import json
import tempfile
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import osmium

from circle15.study.settings.download_paths import BOUNDARY, EXTENT, RECORD, beside, kept_place
from tests.faults.mutations.parts import Files, Parts, base_files, network_of
from tests.faults.mutations.raw import (
    bytes_mutated,
    packed_mutated,
    pbf_mutated,
    text_mutated,
)
from tests.faults.mutations.sheets import (
    SHEETS,
    geojson_of,
)
from tests.faults.mutations.trees import json_mutated, xml_mutated
from tests.streets import METRIC

PLACE = "梁溪区"
_PACKERS: dict[str, Any] = {"osm.gz": gzip, "osm.bz2": bz2}


def osm(kind: str, rng: Random) -> Files:
    raw = base_files()["network.osm"]
    inner = rng.choice((xml_mutated, xml_mutated, bytes_mutated, text_mutated))
    if kind == "osm":
        raw = inner(rng, raw)
    elif kind in {"osm.gz", "osm.bz2"}:
        raw = packed_mutated(rng, _PACKERS[kind].compress(raw), _PACKERS[kind], inner)
    else:
        raw = (
            pbf_mutated(rng, plain_pbf()) if rng.random() < 0.7 else bytes_mutated(rng, plain_pbf())
        )
    return {f"t.{kind}": raw, **network_of(f"t.{kind}")}


@cache
def plain_pbf() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "n.osm", Path(folder) / "n.osm.pbf"
        source.write_bytes(base_files()["network.osm"])
        with osmium.SimpleWriter(str(target)) as writer:
            for one in osmium.FileProcessor(str(source)):
                writer.add(one)
        return target.read_bytes()


@cache
def plain_graph() -> bytes:
    import networkx as nx

    from circle15.network.sources.network_source import open_network
    from circle15.study.settings.records import NetworkSource

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.osm"
        path.write_bytes(base_files()["network.osm"])
        network = open_network(NetworkSource(path)).build(METRIC, profile="older-adult")[0]
        graph = network.to_graph()
        nx.write_graphml(graph, Path(folder) / "g.graphml")
        return (Path(folder) / "g.graphml").read_bytes()


def graphml(rng: Random) -> Files:
    raw = plain_graph()
    raw = xml_mutated(rng, raw) if rng.random() < 0.75 else bytes_mutated(rng, raw)
    return {"t.graphml": raw, **network_of("t.graphml")}


def kept_download(raw: bytes, changed: Files) -> Files:
    """A study of a place whose download was kept, by the endings of what stands beside it."""
    record = {
        "place": PLACE,
        "reach_m": 1280,
        "found": PLACE,
        "mirror": "https://example.org",
        "fetched": "2025-01-01T00:00:00Z",
        "data_date": "2025-01-01T00:00:00Z",
        "nodes": 6,
        "ways": 3,
        "sha256": hashlib.sha256(raw).hexdigest(),
    }
    files = {
        EXTENT: geojson_of(SHEETS["extent"]),
        BOUNDARY: geojson_of(SHEETS["boundary"]),
        RECORD: json.dumps(record).encode(),
    } | changed
    file = kept_place(Path(), PLACE, 1280)
    named = {beside(file, ending).as_posix(): content for ending, content in files.items()}
    parts = Parts(network=f'place = "{PLACE}"')
    return {file.as_posix(): raw, **named, "study.toml": parts.text().encode()}


def place(rng: Random) -> Files:
    raw = plain_pbf() if rng.random() < 0.8 else pbf_mutated(rng, plain_pbf())
    ending = rng.choice((EXTENT, BOUNDARY, RECORD))
    plain = kept_download(raw, {})[beside(kept_place(Path(), PLACE, 1280), ending).as_posix()]
    spoil = rng.choice((json_mutated, json_mutated, bytes_mutated))
    return kept_download(raw, {ending: spoil(rng, plain)})
