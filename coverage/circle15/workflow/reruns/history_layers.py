"""Layers of `results.gpkg` as an earlier run keeps them: tables of a tenth of its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio

if TYPE_CHECKING:
    from pathlib import Path

LAYERS: Final = ("demand", "facilities", "walk_network")
"""Layers that a comparison reads, each kept as `LAYER.parquet` with all its columns."""
GEOMETRY: Final = "geometry"
"""Column of shapes, as WKB in the study CRS; `demand`, whose homes are matched by id, has none."""


def keep_layers(geopackage: Path, place: Path) -> list[str]:
    """
    Write the layers of a GeoPackage into a folder as tables; return the names of the files.

    Raises
    ------
    OSError
        If a file cannot be written.
    DataSourceError, DataLayerError
        If the GeoPackage cannot be read.
    """
    there = set(pyogrio.list_layers(geopackage)[:, 0])
    kept = [layer for layer in LAYERS if layer in there]
    for layer in kept:
        shapes = layer != "demand"
        with pyogrio.raw.open_arrow(
            geopackage, layer=layer, read_geometry=shapes, use_pyarrow=True
        ) as (meta, batches):
            old = meta["geometry_name"] or "wkb_geometry"
            names = [GEOMETRY if name == old else name for name in batches.schema.names]
            types = [field.type for field in batches.schema]
            schema = pa.schema(list(zip(names, types, strict=True)))
            with pq.ParquetWriter(place / f"{layer}.parquet", schema, compression="zstd") as file:
                for batch in batches:
                    file.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
    return [f"{layer}.parquet" for layer in kept]
