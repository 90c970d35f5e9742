"""Choose the CRS of a study by its boundary, else by its streets, and check its scale there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.errors import CrsError
from circle15.inputs.crs.among_streets import (
    far_apart,
    layer_of,
    note_far_rows,
    note_streets,
    refuse_apart,
)
from circle15.inputs.crs.datum_shifts import require_known_place, require_known_shift
from circle15.inputs.crs.positions import WGS84, choose_crs, require_crs, require_place, transform
from circle15.inputs.shapes import POLYGONS
from circle15.inputs.table_sources import read_table
from circle15.study.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyproj import CRS

    from circle15.inputs.crs.among_streets import Layer
    from circle15.network.sources.network_source import OpenedNetwork
    from circle15.study.database_tables import Source
    from circle15.study.settings.records import NetworkSource
    from circle15.study.vocabulary.finding import Finding


@dataclass(frozen=True)
class StreetSettings:
    """
    The settings on which the streets of a study depend.

    Attributes
    ----------
    network
        The table `[network]`.
    crs
        CRS of the study, or `auto`.
    boundary, boundary_sheet
        Boundary of the study, which tells the CRS where none is given.
    profiles
        Walking profiles, the main one first.
    file
        The `study.toml`, for messages.
    """

    network: NetworkSource
    crs: str
    boundary: Source | None
    boundary_sheet: str | None
    profiles: tuple[str, ...]
    file: Path


def study_crs(settings: StreetSettings, opened: OpenedNetwork) -> CRS:
    """
    Choose the CRS of a study.

    Raises
    ------
    CrsError
        If the boundary or the streets lie outside the area of their CRS, or if the CRS that the
        study names distorts lengths in the middle or at the corners of the boundary, else of the
        streets.
    """
    places = opened.places()
    xy, source = opened.vertices()
    streets = layer_of(settings.network.file, xy[:, 0], xy[:, 1], source)
    note_streets(streets)
    numbers, kind = opened.numbers()
    lonlat = transform(xy[:, 0], xy[:, 1], source, WGS84)
    note_far_rows(*lonlat, numbers, settings.network.file, kind=kind)
    of_boundary, stray = _places_of_boundary(settings, streets)
    try:
        return crs_for(settings.crs, of_boundary or places, settings.file)
    except CrsError:
        if stray is None:
            raise
        words = say(f"issues.{stray.code}", "en", **stray.detail)
        raise CrsError(words, file=settings.boundary, row=stray.row) from None


def crs_for(wanted: str, places: Sequence[tuple[float, float]], file: Source) -> CRS:
    """
    Choose the projected CRS for some places; see `choose_crs`.

    Parameters
    ----------
    wanted
        `auto`, or a CRS such as `EPSG:4549`.
    places
        Longitude and latitude of the middle, then of other places where the scale must be true.
    file
        File that names the CRS, for messages.
    """
    (lon, lat), *corners = places
    crs = choose_crs(wanted, lon, lat, file, corners=corners)
    x, y = transform(np.array([lon]), np.array([lat]), WGS84, crs)
    require_known_shift(x, y, crs, file, column="study.crs")
    return crs


def _places_of_boundary(
    settings: StreetSettings, streets: Layer
) -> tuple[list[tuple[float, float]], Finding | None]:
    """
    Return longitude and latitude of the boundary's middle and corners, and a finding.

    No places without a boundary; the finding lists features far from the rest, None without any.
    """
    if settings.boundary is None:
        return [], None
    table = read_table(settings.boundary, sheet=settings.boundary_sheet)
    if table.geometry is None:
        return [], None
    source = require_crs(table.crs, table.file)
    xy, owner = shapely.get_coordinates(table.geometry.to_numpy(), return_index=True)
    x, y = xy.T
    require_known_place(x, y, source, table.file)
    own = layer_of(table.file, x, y, source)
    kinds = set(table.geometry.geom_type.dropna())
    if kinds <= POLYGONS and far_apart(own, streets):  # other kinds are refused by `read_area`
        refuse_apart(own, streets, "boundary")
    lon, lat = transform(x, y, source, WGS84)
    if not (np.isfinite(lon).any() and np.isfinite(lat).any()):
        return [], None  # nothing but empty features, which `read_area` refuses
    stray = note_far_rows(lon, lat, np.array(table.rows, np.int64)[owner], table.file)
    west, east, south, north = lon.min(), lon.max(), lat.min(), lat.max()
    middle = (west + east) / 2, (south + north) / 2
    corners = [(west, south), (west, north), (east, south), (east, north)]
    places = (middle, *corners)
    return [require_place(float(lon), float(lat), table.file) for lon, lat in places], stray
