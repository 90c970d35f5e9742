"""Provenance of a result: hashes of the inputs, versions of circle15 and packages."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from circle15._version import __version__
from circle15.inputs.files.source_files import input_files
from circle15.network.downloads.places import read_record
from circle15.study.database_tables import DatabaseTable, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle15.inputs.crs.points import Given
    from circle15.inputs.files.source_files import SourceFiles
    from circle15.inputs.tables.columns_read import ColumnsRead
    from circle15.results.summary.entries import InputFile, Provenance
    from circle15.rules.packs.records import RulePack
    from circle15.study.settings.records import Study

PACKAGES = (
    "contourpy",
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


def provenance(
    study: Study,
    sources: SourceFiles,
    *,
    rows: dict[str, int],
    given: Iterable[Given],
    packs: Iterable[RulePack],
    columns: Iterable[ColumnsRead],
) -> Provenance:
    """
    Return the version, inputs, packages and rule packs of a run.

    Parameters
    ----------
    study
        Settings of the run.
    sources
        The input files with their hashes, taken before they were read.
    rows
        Number of rows by file path (cells of a raster, ways of a network).
    given
        The layers of positions, with the datum in which each was read.
    packs
        The rule packs that were evaluated.
    columns
        How the columns of each table were read; worksheets of one file are merged.

    Returns
    -------
    A record that does not depend on the clock or the machine: paths are relative to the study
    file, or only the file name if the file lies elsewhere. Each part of a multi-file format, such
    as a shapefile, has its own hash.

    Raises
    ------
    OutsideError
        If a file has changed since it was hashed.
    """
    sources.require_unchanged()
    tables = {one for one in input_files(study) if isinstance(one, DatabaseTable)}
    files: list[Source] = sorted({*sources.paths(), *tables}, key=str)
    told = _columns(columns)
    kept = study.network.kept
    record = None if kept is None else read_record(kept)
    inputs: list[InputFile] = []
    for path in files:
        entry: InputFile = {
            "path": _shown(path, study.file.parent),
            "sha256": _content(path, sources),
            "rows": rows.get(str(path)),
        }
        if str(path) in told:
            entry["columns"], entry["unread"] = told[str(path)]
        inputs.append(entry)
    found: Provenance = {
        "circle15": __version__,
        "inputs": inputs,
        "datums": [
            {"file": layer.file.name, "datum": layer.system, "known": layer.known}
            for layer in given
        ],
        "packages": {name: _version(name) for name in PACKAGES},
        "packs": {pack.id: pack.sha256 for pack in packs},
    }
    if record is not None:
        found["download"] = {
            "place": record["place"],
            "found": record["found"],
            "reach_m": record["reach_m"],
            "mirror": record["mirror"],
            "fetched": record["fetched"],
            "data_date": record.get("data_date"),
            "sha256": record["sha256"],
        }
    return found


def _columns(records: Iterable[ColumnsRead]) -> dict[str, tuple[dict[str, str], list[str]]]:
    """Return, by path, the field of each column read, and the columns left unread."""
    found: dict[str, tuple[dict[str, str], list[str]]] = {}
    for one in records:
        columns, unread = found.setdefault(str(one.file), ({}, []))
        columns |= one.columns
        unread += [name for name in one.unread if name not in unread]
    return found


def _shown(path: Source, folder: Path) -> str:
    if isinstance(path, DatabaseTable):
        return str(path)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _content(path: Source, sources: SourceFiles) -> str:
    if isinstance(path, DatabaseTable):
        assert path.snapshot is not None  # every table was read once before the reading began
        return path.snapshot.sha256
    found = sources.sha256(path)
    assert found is not None  # the files are those that were hashed
    return found


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
