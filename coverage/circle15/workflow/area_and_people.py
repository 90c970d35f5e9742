"""Read area, people and residential land; check that streets, boundary and zones lie together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.access.living_streets import places_along
from circle15.errors import CrsError
from circle15.inputs.area.study_area import StudyArea, read_area
from circle15.inputs.crs.among_streets import layer_of, refuse_apart
from circle15.inputs.demand.population import Population, read_population
from circle15.inputs.residential_areas import ResidentialAreas, read_residential_areas
from circle15.inputs.shapes import points_at, prepared

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from circle15.network.walk_network import WalkNetwork
    from circle15.study.database_tables import Source
    from circle15.study.settings.output_tables import CoverageBasis
    from circle15.study.settings.records import Area, Demand, NetworkSource

    Shapes = npt.NDArray[np.object_]

NEAR_M: Final = 1000.0
"""Streets meet an area if a node of the network lies within this distance of it."""
_AT_ONCE: Final = 10_000


def read_people(
    settings: Area, demand: Demand, source: NetworkSource, network: WalkNetwork
) -> tuple[StudyArea, Population]:
    """
    Read the area of a study and its people, in the CRS of the streets.

    Raises
    ------
    Circle15Error
        If a layer cannot be used, or lies apart from the streets.
    """
    area = read_area(settings, network.crs)
    require_meeting(area, network, source)
    return area, read_population(demand, area, network.crs, places=places_along(network))


def read_living(
    basis: CoverageBasis,
    study_file: Path,
    area: StudyArea,
    people: Population,
    network: WalkNetwork,
) -> ResidentialAreas:
    """
    Read residential land and buildings, in the CRS of the streets.

    Raises
    ------
    Circle15Error
        If a layer cannot be used.
    """
    return read_residential_areas(basis, study_file, area, network.crs, people.buildings)


def require_meeting(area: StudyArea, network: WalkNetwork, source: NetworkSource) -> None:
    """
    Refuse an extent, a boundary or zones away from the streets.

    Raises
    ------
    CrsError
        For the first layer that no street meets, or for zones that do not meet the boundary.
    """
    streets = layer_of(source.file, network.x_m, network.y_m, network.crs)
    settings = area.source
    named: list[tuple[str, Source, BaseGeometry]] = []
    if source.extent is not None:
        named.append(("extent", source.extent, network.extent))
    if settings.boundary is not None and area.boundary is not None:
        named.append(("boundary", settings.boundary, area.boundary))
    zones: list[tuple[str, Source, BaseGeometry]] = [
        (what, layer.file, shapely.union_all(frame.geometry.to_numpy()))
        for what, layer, frame in (
            ("subdistricts", settings.streets, area.streets),
            ("communities", settings.communities, area.communities),
        )
        if layer is not None and not frame.empty
    ]
    for what, file, shape in [*named, *zones] if area.boundary is None else named:
        if not _is_met(shape, network):
            x, y = shapely.get_coordinates(shape).T
            refuse_apart(layer_of(file, x, y, network.crs), streets, what)
    for what, file, shape in zones:
        if area.boundary is not None and not shapely.intersects(shape, area.boundary):
            raise CrsError(
                f"none of the {what} meets the boundary.",
                file=file,
                mend="Use layers of the same place, or assign each its correct CRS.",
            )


def _is_met(shape: BaseGeometry, network: WalkNetwork) -> bool:
    """Whether any node of the network lies within `NEAR_M` of a geometry."""
    west, south, east, north = shapely.bounds(shape)
    x, y = network.x_m, network.y_m
    near = (x >= west - NEAR_M) & (x <= east + NEAR_M) & (y >= south - NEAR_M)
    inside = np.flatnonzero(near & (y <= north + NEAR_M))
    points = points_at(x[inside], y[inside])
    return _any_in(shape, points) or _any_in(shapely.buffer(shape, NEAR_M, quad_segs=2), points)


def _any_in(shape: BaseGeometry, points: Shapes) -> bool:
    own = prepared(shape)
    starts = range(0, len(points), _AT_ONCE)
    return any(shapely.intersects(own, points[k : k + _AT_ONCE]).any() for k in starts)
