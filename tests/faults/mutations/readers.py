"""The readers, each with a function that makes an input from a seed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from tests.faults.mutations.networks import (
    graphml,
    kept_download,
    osm,
    place,
    plain_graph,
    plain_pbf,
)
from tests.faults.mutations.parts import Files, base_files, network_of, study_of
from tests.faults.mutations.rasters import plain_raster, raster, study_of_raster
from tests.faults.mutations.settings import pack, packs, settings, settings_mutated, with_pack
from tests.faults.mutations.sheets import (
    LAYERS,
    POINTS,
    SHEETS,
    TABLES,
    geojson_of,
)
from tests.faults.mutations.tables import (
    LAYER_FORMATS,
    TABLE_FORMATS,
    geojson,
    layer,
    parquet,
    plain_layer,
    plain_table,
    table,
)

READERS: dict[str, Callable[[Random], Files]] = {
    "study.toml": settings_mutated,
    "rule pack": pack,
    **{kind: partial(table, kind) for kind in TABLE_FORMATS},
    "geojson": geojson,
    "parquet": parquet,
    **{kind: partial(layer, kind) for kind in LAYER_FORMATS},
    **{kind: partial(osm, kind) for kind in ("osm", "osm.gz", "osm.bz2", "osm.pbf")},
    "graphml": graphml,
    "kept place": place,
    "people raster": partial(raster, False),
    "heights": partial(raster, True),
}
"""How an input of each reader is made of a seed: files of a study, beside the plain parts."""


def unspoiled() -> dict[str, Files]:
    """Studies of every role and format as they are before anything is mutated."""
    found = {
        f"{role} {kind}": {f"t.{kind}": plain_table(kind, role), **study_of(role, kind)}
        for kind in TABLE_FORMATS
        for role in TABLES
    }
    for kind in (*LAYER_FORMATS, "geojson", "parquet"):
        for role in POINTS if kind in {"kml", "kmz"} else LAYERS:
            files = (
                {".geojson": geojson_of(SHEETS[role])}
                if kind == "geojson"
                else plain_layer(kind, role)
            )
            named = {f"t{suffix}": raw for suffix, raw in files.items()}
            found[f"{role} {kind}"] = named | study_of(role, kind)
    found["study"] = {"study.toml": settings()}
    found["graphml"] = {"t.graphml": plain_graph()} | network_of("t.graphml")
    found["osm.pbf"] = {"t.osm.pbf": plain_pbf()} | network_of("t.osm.pbf")
    found["pack"] = with_pack(packs()[0])
    found["kept place"] = kept_download(plain_pbf(), {})
    for heights in (False, True):
        found[f"raster {heights}"] = {"r.tif": plain_raster(heights)} | study_of_raster(
            "r.tif", heights
        )
    return found


def input_of(reader: str, seed: int) -> Files:
    """Files of a study of which one is mutated; the same seed gives the same bytes."""
    rng = Random(f"{reader} {seed}")
    return base_files() | READERS[reader](rng)
