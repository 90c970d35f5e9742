"""Write `results.gdb.zip`: a File Geodatabase with names in the language of the study."""

from __future__ import annotations

import errno
import warnings
import zipfile
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyogrio

from circle15.output.gis.field_names import field_names, layer_name
from circle15.output.gis.geopackage import gdal_settings
from circle15.output.gis.layers import geometry_type
from circle15.output.text.wording import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language

_FOLDER: Final = "results.gdb"
_GEOMETRY: Final = "geometry"
_ALIAS: Final = b"GDAL:OGR:alternative_name"
"""Metadata of a column by which GDAL takes the alias of a field."""


def write_geodatabase(
    result: StudyResult,
    path: Path,
    language: Language,
    layers: Mapping[str, gpd.GeoDataFrame],
    tables: Mapping[str, pd.DataFrame],
    *,
    scratch: Path,
) -> None:
    """
    Write layers and tables into a zipped File Geodatabase; a file at `path` is replaced.

    It is zipped because a geodatabase is a folder, while results are files with a hash each; QGIS
    and GDAL read it as it is, ArcGIS once it is unpacked. The same result gives the same bytes.

    Parameters
    ----------
    layers
        Those of `result_layers`.
    tables
        Those of `result_tables`.
    scratch
        Folder where the geodatabase is made.
    """
    words = Words(language, result.study)
    parts = [part for name, frame in layers.items() for part in _of_one_kind(name, frame)]
    parts += [(name, table, None) for name, table in tables.items()]
    moment = f"{result.study.as_of.isoformat()}T00:00:00.000Z"
    settings = {"OGR_CURRENT_DATE": moment, "OPENFILEGDB_REPRODUCIBLE_UUID": "YES"}
    made = scratch / _FOLDER
    with gdal_settings(settings):
        for name, frame, kind in parts:
            _write(frame, made, name, words, kind)
        _require_rows(made, {layer_name(one, words): len(rows) for one, rows, _ in parts})
    _pack(made, path)


def _of_one_kind(name: str, frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Any, str | None]]:
    """Yield a layer, in two where it has polygons and points: a geodatabase cannot mix them."""
    kind = geometry_type(name, frame)
    if kind != "Unknown":
        yield name, frame, kind
        return
    points = frame.geom_type == "Point"
    yield name, frame[~points], "MultiPolygon"
    if points.any():
        yield f"{name}_points", frame[points], "Point"


def _write(frame: Any, made: Path, name: str, words: Words, kind: str | None) -> None:
    """Write one layer; without a kind of shapes it is a table."""
    fields = field_names(name, [key for key in frame.columns if key != _GEOMETRY], words)
    if kind is None:
        table = pa.Table.from_pandas(frame, preserve_index=False)
    else:
        table = pa.table(frame.to_arrow(geometry_encoding="wkb", index=False))
    # A column of numbers of which none is known has no kind of its own.
    kinds = [
        one.with_type(pa.float64()) if pa.types.is_null(one.type) else one for one in table.schema
    ]
    table = table.cast(pa.schema(kinds))
    named = [_field(one, fields) for one in table.schema]
    shapes = (
        {}
        if kind is None
        else {
            "geometry_name": _GEOMETRY,
            "geometry_type": kind,
            "crs": frame.crs.to_wkt(),
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        pyogrio.write_arrow(
            pa.Table.from_arrays(table.columns, schema=pa.schema(named)),
            made,
            driver="OpenFileGDB",
            layer=layer_name(name, words),
            append=made.exists(),
            layer_options={"LAYER_ALIAS": name},
            **shapes,
        )


def _field(field: pa.Field, fields: Mapping[str, tuple[str, str]]) -> pa.Field:
    if field.name not in fields:
        return field
    name, alias = fields[field.name]
    return field.with_name(name).with_metadata({_ALIAS: alias.encode()})


def _require_rows(made: Path, rows: Mapping[str, int]) -> None:
    """Check the row count of every layer, as GDAL does not report a disk that fails at the end."""
    for layer, wanted in rows.items():
        found = pyogrio.read_info(made, layer=layer)["features"]
        if found != wanted:
            raise OSError(errno.EIO, f"{found} of {wanted} rows of {layer} were written", str(made))


def _pack(made: Path, path: Path) -> None:
    """Pack the folder with fixed dates and sorted names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(made.iterdir()):
            if file.suffix == ".lock":
                continue
            entry = zipfile.ZipInfo(f"{_FOLDER}/{file.name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the operating system would change the bytes
            entry.external_attr = 0o600 << 16
            packed.writestr(entry, file.read_bytes())
