"""How much memory a study needs, before it is begun, and how much there is."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyogrio
import rasterio
from rasterio.warp import transform_bounds
from rasterio.windows import from_bounds

from circle15.inputs.files.source_files import input_files
from circle15.workflow.folders.kept_json import read_kept
from circle15.workflow.folders.result_names import SUMMARY

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.study.database_tables import Source
    from circle15.study.settings.records import Study

GIGABYTE: Final = 1_000_000_000

_BASE: Final = 600_000_000
_OF_A_NODE, _OF_A_HOME = 2_300, 4_600
"""
Bytes of a run: of the program, for each node of the network and for each home.

Measured on growing mosaics of cities, from 40,000 to 2,550,000 nodes, with all outputs.
"""
_OF_STREETS: Final = {".pbf": 115.0, ".gz": 60.0, ".bz2": 80.0}
_OF_PLAIN_STREETS: Final = 6.0
_OF_PEOPLE: Final = 90.0
_OF_OTHERS: Final = 5.0
"""
Bytes of a run for each byte of a file, where no earlier results say how many nodes and homes
there are: of packed and plain streets, of tables of homes, of all else. An extract of
OpenStreetMap has up to a walkable node for each 20 bytes, a table a home for each 50.
"""
_LEFT_FREE: Final = 0.8
"""Share of the free memory of this host that a batch may plan with."""
_UNKNOWN_HOST: Final = 8 * GIGABYTE
"""Memory of a host that does not say how much is free."""


def needed_bytes(study: Study, folder: Path) -> int:
    """
    Estimate the memory that a run of a study takes, bytes.

    Of the numbers of nodes and homes where the folder has earlier results, else of the sizes of
    the input files.

    Parameters
    ----------
    study
        Its settings.
    folder
        Folder of its results.
    """
    known = _earlier_counts(folder)
    if known is not None:
        nodes, homes = known
        return _BASE + _OF_A_NODE * nodes + _OF_A_HOME * homes
    streets = study.network.file
    found: dict[Path, float] = {}
    for source in input_files(study):
        if isinstance(source, Path):
            rate = _OF_STREETS.get(source.suffix.lower(), _OF_PLAIN_STREETS)
            found[source] = _size(source) * (rate if source == streets else _OF_OTHERS)
    for layer in study.demand.layers:
        for table in (layer.points, layer.table):
            if isinstance(table, Path):
                found[table] = _size(table) * _OF_PEOPLE
        for raster in layer.raster:
            found[raster] = 0.0
    cells = max(_cells(layer.raster, study.area.boundary) for layer in study.demand.layers)
    return _BASE + round(sum(found.values())) + _OF_A_HOME * cells


def memory_here() -> int:
    """Return the memory that the studies on this host may take together, bytes."""
    found = [_UNKNOWN_HOST]
    free = _available()
    if free is not None:
        found = [free]
    found += _limits()
    return int(min(found) * _LEFT_FREE)


def gigabytes(size: int) -> str:
    """
    Say a number of bytes in GB.

    Examples
    --------
    >>> gigabytes(18_240_000_000), gigabytes(400_000_000)
    ('18.2 GB', '0.4 GB')
    """
    return f"{size / GIGABYTE:.1f} GB"


def _earlier_counts(folder: Path) -> tuple[int, int] | None:
    """Return the numbers of nodes and homes of earlier results; None without."""
    try:
        found = read_kept(folder / SUMMARY)
        snapped = found["snapping"]
        homes = int(snapped["demand_snapped"]) + int(snapped["demand_unsnapped"])
        return int(found["network"]["nodes"]), homes
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return None


def _cells(rasters: Sequence[Path], boundary: Source | None) -> int:
    """Return the cells of the first raster of a layer around the boundary; 0 without a raster."""
    try:
        for path in rasters:
            with rasterio.open(path) as raster:
                if not isinstance(boundary, Path) or raster.crs is None:
                    return int(raster.width * raster.height)
                area = pyogrio.read_info(boundary, force_total_bounds=True)
                crs = area["crs"] or raster.crs
                bounds = transform_bounds(crs, raster.crs, *area["total_bounds"])
                window = from_bounds(*bounds, transform=raster.transform)
                wide = min(max(window.width, 0), raster.width)
                return int(wide * min(max(window.height, 0), raster.height))
    except (OSError, ValueError, RuntimeError):  # the run says what is wrong with them
        return 0
    return 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _available() -> int | None:
    """Return the free memory of the host; None if it does not say."""
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has none
        return None


def _limits() -> list[int]:
    """Return the limits of memory that the system sets for this process."""
    found = []
    if sys.platform != "win32":
        allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
        if allowed != resource.RLIM_INFINITY:
            found.append(allowed)
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            found.append(int(Path(file).read_text("ascii")))
        except (OSError, ValueError):  # `max`: no limit
            continue
    return found
