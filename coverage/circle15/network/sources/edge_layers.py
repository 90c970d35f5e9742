"""Build the walking network of a layer of street lines, such as a GeoPackage or shapefile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from circle15.errors import InputDataError
from circle15.inputs.crs.positions import require_crs
from circle15.inputs.table_sources import read_table
from circle15.inputs.tables.columns_read import record
from circle15.network.barriers.osm_barriers import BarrierLines
from circle15.network.build import build_from_lines, nothing_open
from circle15.network.costs.impedance import FORBIDDEN, is_open
from circle15.network.osm.barrier_tags import barrier_kind, is_barrier, names_barrier
from circle15.network.osm.osm_objects import Unused, Way
from circle15.network.osm.tags import tag_of
from circle15.network.osm.walk_filter import decide
from circle15.network.topology.line_vertices import vertices_of
from circle15.study.settings.edge_fields import EDGE_FIELDS
from circle15.study.vocabulary.profiles import PLAIN, profiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.inputs.table_sources import Table
    from circle15.network.topology.line_vertices import LineVertices
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import NetworkSource
    from circle15.study.vocabulary.profiles import Profile


def read_edge_layer(source: NetworkSource) -> Table:
    """
    Read the lines of an edge layer.

    Raises
    ------
    CrsError
        If the layer has no CRS.
    InputDataError
        If it holds geometries other than lines, or has no `highway` column.
    """
    table = read_table(source.file, sheet=source.sheet)
    if table.geometry is None:
        raise InputDataError("has no geometry.", file=source.file, mend="Give a layer of lines.")
    require_crs(table.crs, source.file)
    kinds = set(table.geometry.geom_type.dropna())
    if not kinds <= {"LineString", "MultiLineString"}:
        raise InputDataError(
            f"holds {', '.join(sorted(kinds))}.", file=source.file, mend="Give a layer of lines."
        )
    found = _columns(table, source)
    record(table, {key: found.get(key) for key in EDGE_FIELDS}, kind="edges")
    if "highway" not in found and source.default_highway is None:
        raise InputDataError(
            "there is no such column.",
            file=source.file,
            column="highway",
            mend="Add the OSM value of highway to each line, name its column under "
            "[network] columns, or give [network] default_highway.",
        )
    return table


def _columns(table: Table, source: NetworkSource) -> dict[str, str]:
    """Return the column of each tag: the one the study names, else the one of the same name."""
    have = set(map(str, table.cells.columns))
    for heading in source.columns.values():
        if heading not in have:
            raise table.no_column(heading)
    wanted = {key: source.columns.get(key, key) for key in EDGE_FIELDS}
    return {key: heading for key, heading in wanted.items() if heading in have}


def network_from_lines(
    table: Table,
    crs: CRS,
    source: NetworkSource,
    *,
    extent: BaseGeometry | None = None,
    profile: Profile | None = None,
) -> WalkNetwork:
    """
    Build the walking network of an edge layer.

    Lines pass the same walk filter as the ways of OpenStreetMap and have the costs of a profile,
    `plain` by default. Rows without a geometry are counted as `no_geometry`, those of length 0 as
    `zero_length`.
    """
    profile = profile or profiles()[PLAIN]
    lines = _walkable_lines(table, source, profile)
    if not lines.parts and FORBIDDEN in lines.dropped:
        raise nothing_open(profile, table.file)
    if not lines.parts:
        raise InputDataError(
            f"holds no walkable line ({_most(lines.dropped)}).",
            file=table.file,
            mend="The column highway must hold values of OSM's key highway.",
        )
    return build_from_lines(
        lines.ways,
        lines.vertices.take(lines.parts),
        require_crs(table.crs, table.file),
        crs,
        file=table.file,
        barriers=lines.barriers,
        extent=extent,
        dem=source.dem,
        profile=profile,
        least_m=float(source.min_component_m),
        counts={
            "ways_read": len(table.rows),
            "ways_walkable": sum(lines.kept.values()),
            "missing_nodes": 0,
        },
        kept=dict(sorted(lines.kept.items())),
        dropped=dict(sorted(lines.dropped.items())),
        unused={Unused.ROWS_EMPTY: lines.empty} if lines.empty else {},
    )


@dataclass
class _Lines:
    vertices: LineVertices
    ways: list[Way] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    """The part of a line of each way, a number of `vertices`."""
    barriers: BarrierLines = field(default_factory=BarrierLines)
    kept: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    empty: list[str] = field(default_factory=list)
    """Rows without a line."""


class _Class(NamedTuple):
    """What a line with certain values is."""

    tags: Mapping[str, str]
    keep: bool
    reason: str
    barrier: str | None


def _walkable_lines(table: Table, source: NetworkSource, profile: Profile) -> _Lines:
    """Classify the lines of a layer: walkable, barrier, or dropped."""
    columns = _columns(table, source)
    cells = table.cells[list(columns.values())].to_numpy()
    shapes = np.array(table.geometry if table.geometry is not None else [], dtype=object)
    vertices, owner = vertices_of(shapes)
    found = _Lines(vertices)
    with_length = vertices.sizes > 1
    numbers, owner = np.flatnonzero(with_length), owner[with_length]
    ends = np.searchsorted(owner, np.arange(len(shapes) + 1)).tolist()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    known: dict[tuple[Any, ...], _Class] = {}
    for k, (row, values) in enumerate(zip(table.rows, cells.tolist(), strict=True)):
        if missing[k]:
            found.dropped["no_geometry"] += 1
            found.empty.append(f"row/{row}")
            continue
        parts = numbers[ends[k] : ends[k + 1]].tolist()
        if not parts:
            found.dropped["zero_length"] += 1
            found.empty.append(f"row/{row}")
        line = _class_of(values, columns, source, profile, known)
        if parts:
            (found.kept if line.keep else found.dropped)[line.reason] += 1
        if line.keep:
            found.ways += [Way(len(found.ways) + i, line.tags, ()) for i in range(len(parts))]
            found.parts += parts
        if line.barrier is not None:
            for part in parts:
                found.barriers.add(vertices.line(part), f"{table.file.name}:{row}", line.barrier)
    return found


def _class_of(
    values: Sequence[Any],
    columns: Iterable[str],
    source: NetworkSource,
    profile: Profile,
    known: dict[tuple[Any, ...], _Class],
) -> _Class:
    """Classify the values of a line, those met before as before: most lines share theirs."""
    try:
        key = (*values, *map(type, values))  # True is not 1 here
        met = known.get(key)
    except TypeError:  # a list
        return _classified(values, columns, source, profile)
    if met is None:
        met = known[key] = _classified(values, columns, source, profile)
    return met


def _classified(
    values: Iterable[Any], columns: Iterable[str], source: NetworkSource, profile: Profile
) -> _Class:
    tags = _tags(columns, values, source.default_highway)
    keep, reason = decide(tags)
    if keep and not is_open(tags, profile):
        keep, reason = False, FORBIDDEN
    return _Class(tags, keep, reason, barrier_kind(tags) if is_barrier(tags) else None)


def _tags(columns: Iterable[str], values: Iterable[Any], default: str | None) -> dict[str, str]:
    pairs = zip(columns, values, strict=True)
    tags = {key: tag for key, value in pairs if (tag := tag_of(key, value)) is not None}
    if default is not None and not names_barrier(tags):
        tags.setdefault("highway", default)
    return tags


def _most(dropped: Counter[str]) -> str:
    return ", ".join(f"{reason}: {count}" for reason, count in dropped.most_common(3))
