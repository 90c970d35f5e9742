"""Read the barriers that a study gives as a layer of lines or polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from circle15.errors import InputDataError
from circle15.inputs.area.study_area import impossible
from circle15.inputs.crs.among_streets import layer_of, require_among_streets
from circle15.inputs.crs.datum_shifts import require_known_shapes
from circle15.inputs.crs.moved_shapes import all_on_earth, project
from circle15.inputs.crs.positions import require_crs
from circle15.inputs.shapes import LINES, is_polygonal
from circle15.inputs.table_sources import read_table
from circle15.inputs.tables.columns_read import record
from circle15.network.osm.barrier_tags import BARRIERS, GIVEN, barrier_kind, names_barrier
from circle15.network.osm.tags import tag_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.inputs.table_sources import Table
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import NetworkSource
    from circle15.study.vocabulary.finding import Finding


def with_given_barriers(
    network: WalkNetwork, source: NetworkSource
) -> tuple[WalkNetwork, list[Finding]]:
    """
    Add the barriers of a study, lines or the rings of polygons, to those of the network file.

    Columns named as OpenStreetMap's keys (`barrier`, `waterway`, `natural`, `railway`, `highway`)
    give the kind of a barrier; one without a kind always stops a leg.

    Raises
    ------
    CrsError
        If the layer has no CRS, or a shape lies where its CRS is not defined.
    InputDataError
        If the layer holds geometries other than lines and polygons.
    """
    path = source.barriers
    assert path is not None
    table = read_table(path, sheet=source.barriers_sheet)
    if table.geometry is None:
        raise InputDataError("has no geometry.", file=path, mend="Give a layer of lines.")
    findings = list(table.findings)
    crs = require_crs(table.crs, path)
    x, y = shapely.get_coordinates(table.geometry.to_numpy()).T
    require_known_shapes(table, crs)
    require_among_streets(layer_of(path, x, y, crs))
    moved = project(table.geometry.to_numpy(), crs, network.crs)
    rims, names, kinds = [], [], []
    rows = zip(table.rows, moved, _kinds(table), all_on_earth(moved), strict=True)
    for row, shape, kind, possible in rows:
        if shape is None or shape.is_empty:
            findings.append(table.finding("NO_POSITION", row))
            continue
        if not (is_polygonal(shape) or shape.geom_type in LINES):
            raise InputDataError(
                f"holds {shape.geom_type}.", file=path, row=row, mend="Give lines or polygons."
            )
        if not possible:
            raise impossible(table, row)
        rims.append(shapely.boundary(shape) if is_polygonal(shape) else shape)
        names.append(f"{table.file.name}:{row}")
        kinds.append(kind)
    return network.with_barriers(rims, names, kinds), findings


def _kinds(table: Table) -> Iterator[str]:
    """Yield the kind of barrier of each row, from its columns."""
    keys = [key for key in BARRIERS if key in table.cells.columns]
    record(table, {key: key for key in keys})
    for values in table.cells[keys].to_numpy():
        pairs = zip(keys, values, strict=True)
        tags = {key: tag for key, value in pairs if (tag := tag_of(key, value)) is not None}
        yield barrier_kind(tags) if names_barrier(tags) else GIVEN
