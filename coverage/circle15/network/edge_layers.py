"""Read a layer of street lines (parquet, gpkg, geojson, shp) as ways."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle15.errors import InputDataError
from circle15.inputs.positions import require_crs
from circle15.inputs.tables import read_table
from circle15.network.build import build_from_lines
from circle15.network.osm import Way
from circle15.network.walk_filter import decide, is_barrier

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.inputs.tables import Table
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.config import NetworkSource

    Coordinates = npt.NDArray[np.float64]

_TAGS = (
    "highway",
    "foot",
    "access",
    "bridge",
    "tunnel",
    "layer",
    "oneway:foot",
    "motorroad",
    "service",
)


def read_edge_layer(source: NetworkSource) -> Table:
    """
    Read the lines of an edge layer.

    Raises
    ------
    CrsError
        If the layer has no CRS.
    InputDataError
        If it holds something else than lines, or no `highway` column.
    """
    table = read_table(source.file)
    if table.geometry is None:
        raise InputDataError("has no geometry.", file=source.file, mend="Give a layer of lines.")
    require_crs(table.crs, source.file)
    kinds = set(table.geometry.geom_type.dropna())
    if not kinds <= {"LineString", "MultiLineString"}:
        raise InputDataError(
            f"holds {', '.join(sorted(kinds))}.", file=source.file, mend="Give a layer of lines."
        )
    if "highway" not in table.cells.columns:
        raise InputDataError(
            "there is no such column.",
            file=source.file,
            column="highway",
            mend="Add the OSM value of highway to each line.",
        )
    return table


def network_from_lines(
    table: Table, crs: CRS, source: NetworkSource, *, extent: BaseGeometry | None = None
) -> WalkNetwork:
    """
    Build the walking network of an edge layer.

    Lines pass the same walk filter as the ways of OpenStreetMap. Rows without a geometry are
    counted as `no_geometry`.
    """
    lines = _walkable_lines(table)
    if not lines.runs:
        raise InputDataError("holds no walkable line.", file=table.file)
    return build_from_lines(
        lines.ways,
        lines.runs,
        require_crs(table.crs, table.file),
        crs,
        file=table.file,
        barriers=lines.barriers,
        extent=extent,
        least_m=float(source.min_component_m),
        counts={
            "ways_read": len(table.rows),
            "ways_walkable": sum(lines.kept.values()),
            "missing_nodes": 0,
        },
        kept=dict(sorted(lines.kept.items())),
        dropped=dict(sorted(lines.dropped.items())),
    )


@dataclass
class _Lines:
    ways: list[Way] = field(default_factory=list)
    runs: list[Coordinates] = field(default_factory=list)
    barriers: list[Coordinates] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)


def _walkable_lines(table: Table) -> _Lines:
    """Sort the lines of a layer into walkable ones, barriers and dropped ones."""
    found = _Lines()
    present = [key for key in _TAGS if key in table.cells.columns]
    records = table.cells[present].to_dict("records")
    shapes: Iterable[BaseGeometry | None] = table.geometry if table.geometry is not None else []
    for record, shape in zip(records, shapes, strict=True):
        if shape is None or shape.is_empty:
            found.dropped["no_geometry"] += 1
            continue
        tags = {str(k): tag for k, v in record.items() if (tag := _tag(v)) is not None}
        parts = [np.asarray(part.coords)[:, :2] for part in shapely.get_parts(shape)]
        keep, reason = decide(tags)
        (found.kept if keep else found.dropped)[reason] += 1
        if keep:
            found.ways += [Way(len(found.ways) + i, tags, []) for i in range(len(parts))]
            found.runs += parts
        if is_barrier(tags):
            found.barriers += parts
    return found


def _tag(value: Any) -> str | None:
    """Return a tag as text; of a list (OSMnx merges ways) the first, None where there is none."""
    if isinstance(value, list | tuple | np.ndarray):
        value = value[0] if len(value) else None
    if isinstance(value, str) and value.startswith("['"):
        value = value[2:].split("'")[0]
    return None if value is None or value != value else str(value)
