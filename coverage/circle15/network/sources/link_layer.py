"""The streets of a scenario: those of the study with new links and opened gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.errors import CrsError, InputDataError
from circle15.inputs.crs.datum_shifts import require_known_place
from circle15.inputs.crs.positions import on_earth, require_crs, transform
from circle15.inputs.table_sources import read_table
from circle15.inputs.tables.columns_read import record
from circle15.inputs.tables.faults import Faults
from circle15.network.links.adding import with_links
from circle15.network.links.gates import with_open_gates
from circle15.network.links.joints import Link
from circle15.network.osm.tags import tag_of
from circle15.network.osm.walk_filter import decide
from circle15.network.topology.line_vertices import vertices_of
from circle15.study.settings.edge_fields import EDGE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study
    from circle15.study.settings.scenarios.tables import Scenario

_USUAL = {"highway": "footway", "bridge": "yes"}
"""Tags of a link whose columns do not state them: a footbridge, which nothing joins on the way."""


@dataclass(frozen=True)
class ChangedStreets:
    """
    The networks of a scenario by profile, and what they have in common with those of the study.

    Attributes
    ----------
    stays
        By profile, the index of each edge of the study's network in that of the scenario; -1 for
        edges that links split.
    files
        Number of rows of the file of links.
    """

    networks: Mapping[str, WalkNetwork]
    stays: Mapping[str, Ints]
    files: Mapping[str, int]


def changed_networks(networks: Mapping[str, WalkNetwork], study: Study) -> ChangedStreets:
    """
    Return the networks of a study by profile, as the scenario of the study changes them.

    Raises
    ------
    Circle15Error
        If the file of links or a gate cannot be used.
    """
    assert study.changes is not None
    scenario = study.changes.scenario
    found = dict(networks)
    stays = {profile: np.arange(len(one.u)) for profile, one in networks.items()}
    files: dict[str, int] = {}
    if scenario.links is not None:
        crs = next(iter(networks.values())).crs
        links, rows = read_links(scenario, crs)
        files[str(scenario.links)] = rows
        for profile, network in networks.items():
            linked = with_links(network, links, study.network, scenario.links)
            found[profile], stays[profile] = linked.network, linked.stays
    if scenario.open_gates and scenario.open_gates != "all":
        nodes = np.array(scenario.open_gates, np.int64)
        key = f"scenarios.{study.changes.name}.open_gates"
        found = {
            profile: with_open_gates(network, nodes, study.file, key)
            for profile, network in found.items()
        }
    return ChangedStreets(found, stays, files)


def read_links(scenario: Scenario, crs: CRS) -> tuple[list[Link], int]:
    """
    Read the links of a scenario, in the study CRS; return them and the number of rows.

    Columns are those of a layer of streets (`highway`, `surface`, `name`, …), all optional.

    Raises
    ------
    CrsError
        If the layer has no CRS, or vertices outside it.
    InputDataError
        If a row has no line, or a line cannot be walked.
    """
    assert scenario.links is not None
    file = scenario.links
    table = read_table(file, sheet=scenario.links_sheet)
    if table.geometry is None:
        raise InputDataError("has no geometry.", file=file, mend="Give a layer of lines.")
    source = require_crs(table.crs, file)
    have = set(map(str, table.cells.columns))
    columns: dict[str, str] = {key: key for key in EDGE_FIELDS if key in have}
    record(table, {key: columns.get(key) for key in EDGE_FIELDS})
    faults = Faults(file)
    found = []
    cells = table.cells[list(columns.values())].to_numpy()
    shapes: Iterable[BaseGeometry | None] = table.geometry
    for row, values, shape in zip(table.rows, cells, shapes, strict=True):
        if shape is None or shape.is_empty or shape.geom_type not in _LINES:
            what = "no geometry" if shape is None or shape.is_empty else shape.geom_type
            faults.add(f"is {what}, not a line", row=row, mend="Draw each link as a line.")
            continue
        pairs = zip(columns, values, strict=True)
        tags = {key: tag for key, value in pairs if (tag := tag_of(key, value)) is not None}
        stated = {key for key, cell in zip(columns, values, strict=True) if cell is not None}
        tags = {key: tag for key, tag in _USUAL.items() if key not in stated} | tags
        walkable, reason = decide(tags)
        if not walkable:
            faults.add(f"cannot be walked ({reason})", row=row, mend="Correct its tags.")
            continue
        parts, _ = vertices_of([shape])
        for vertices in map(parts.line, range(len(parts))):
            if len(vertices) < 2:
                faults.add("has no length", row=row, mend="Draw it from street to street.")
                continue
            require_known_place(vertices[:, 0], vertices[:, 1], source, file)
            x, y = transform(vertices[:, 0], vertices[:, 1], source, crs)
            if not on_earth(x, y).all():
                raise CrsError(
                    f"has coordinates that {source.name} does not have.",
                    file=file,
                    row=row,
                    mend="Assign the CRS that the layer was made in.",
                )
            found.append(Link(row, tags, np.column_stack([x, y])))
    faults.stop()
    return found, len(table.rows)


_LINES = ("LineString", "MultiLineString")
