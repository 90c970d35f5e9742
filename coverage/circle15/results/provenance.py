"""Where a result comes from: hashes of the inputs and versions of what computed it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle15._version import __version__
from circle15.inputs.files.source_files import input_files
from circle15.network.downloads.places import read_record
from circle15.study.database_tables import DatabaseTable, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle15.inputs.crs.points import Given
    from circle15.inputs.files.source_files import SourceFiles
    from circle15.inputs.tables.columns_read import ColumnsRead
    from circle15.study.settings.records import Study

PACKAGES = (
    "contourpy",
    "exactextract",
    "folium",
    "geopandas",
    "numba",
    "numpy",
    "osmium",
    "pandas",
    "pyarrow",
    "pyogrio",
    "pyproj",
    "rasterio",
    "shapely",
    "XlsxWriter",
    "XStatic-Leaflet",
)

DOWNLOAD = ("place", "found", "reach_m", "mirror", "fetched", "data_date", "sha256")
"""What is told of the streets of a place, from the record beside them."""


def provenance(
    study: Study,
    sources: SourceFiles,
    rows: dict[str, int],
    given: Iterable[Given],
    columns: Iterable[ColumnsRead] = (),
) -> dict[str, Any]:
    """
    Describe version, inputs and packages of a run.

    Parameters
    ----------
    sources
        The files with their hashes, as they were before the reading.
    rows
        Path of each file that was read to its number of rows (cells of a raster, ways of a
        network).
    given
        The layers of points, with the datum in which each was read.
    columns
        What was read of each table; a file of several sheets has them all.

    Returns
    -------
    Nothing in it depends on the clock or the machine: paths are relative to the study file, or
    the file's name where it lies elsewhere. Parts of a file, as a shapefile has, follow with
    hashes of their own.

    Raises
    ------
    OutsideError
        If a file has changed since.
    """
    sources.require_unchanged()
    tables = {one for one in input_files(study) if isinstance(one, DatabaseTable)}
    files: list[Source] = sorted({*sources.paths(), *tables}, key=str)
    told = _columns(columns)
    kept = study.network.kept
    record = None if kept is None else read_record(kept)
    download = {} if record is None else {"download": {key: record.get(key) for key in DOWNLOAD}}
    return {
        "circle15": __version__,
        "inputs": [
            {
                "path": _shown(path, study.file.parent),
                "sha256": _content(path, sources),
                "rows": rows.get(str(path)),
                **told.get(str(path), {}),
            }
            for path in files
        ],
        "datums": [
            {"file": layer.file.name, "datum": layer.system, "known": layer.known}
            for layer in given
        ],
        **download,
        "packages": {name: _version(name) for name in PACKAGES},
    }


def _columns(records: Iterable[ColumnsRead]) -> dict[str, dict[str, Any]]:
    """Columns that were read, with their fields, and those that were not, by path."""
    found: dict[str, dict[str, Any]] = {}
    for one in records:
        entry = found.setdefault(str(one.file), {"columns": {}, "unread": []})
        entry["columns"] |= one.columns
        entry["unread"] += [name for name in one.unread if name not in entry["unread"]]
    return found


def _shown(path: Source, folder: Path) -> str:
    if isinstance(path, DatabaseTable):
        return str(path)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _content(path: Source, sources: SourceFiles) -> str | None:
    if isinstance(path, DatabaseTable):
        return path.snapshot.sha256 if path.snapshot is not None else None
    return sources.sha256(path)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
