"""Where a result comes from: hashes of the inputs and versions of what computed it."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle15 import __version__
from circle15.network.places import read_record
from circle15.study.databases import DatabaseTable, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circle15.inputs.columns_read import ColumnsRead
    from circle15.inputs.points import Given
    from circle15.study.config import Study

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
    rows: dict[str, int],
    given: Iterable[Given],
    columns: Iterable[ColumnsRead] = (),
) -> dict[str, Any]:
    """
    Describe version, inputs and packages of a run.

    Parameters
    ----------
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
    the file's name where it lies elsewhere.
    """
    files = sorted({study.file, *input_files(study)}, key=str)
    told = _columns(columns)
    kept = study.network.kept
    record = None if kept is None else read_record(kept)
    download = {} if record is None else {"download": {key: record.get(key) for key in DOWNLOAD}}
    return {
        "circle15": __version__,
        "inputs": [
            {
                "path": _shown(path, study.file.parent),
                "sha256": _content(path),
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


def _content(path: Source) -> str | None:
    if isinstance(path, DatabaseTable):
        return path.snapshot.sha256 if path.snapshot is not None else None
    return sha256(path)


def sha256(path: Path) -> str:
    """Hash a file; a folder by the names and hashes of the files in it."""
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".lock")
        lines = [f"{p.relative_to(path).as_posix()} {sha256(p)}" for p in inside]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def input_files(study: Study) -> Iterator[Source]:
    """Every file, and table of a database, that a study names."""
    area = study.area
    layers = [layer for layer in (area.streets, area.communities) if layer is not None]
    named: list[Source | str | None] = [
        area.boundary,
        *(layer.file for layer in layers),
        study.network.file,
        study.network.extent,
        study.network.barriers,
        study.network.dem,
    ]
    for people in study.demand.layers:
        named += [*people.raster, people.points, people.zones, people.table, people.buildings]
    for facilities in study.facilities:
        named += [facilities.file, facilities.covers, facilities.entrances]
    for zones in study.residential_zones:
        named += [zones.file, zones.entrances]
    named.append(study.rules.registers)
    named += [Path(pack) for pack in study.rules.packs if pack.endswith(".toml")]
    yield from (path for path in named if isinstance(path, Source))


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
