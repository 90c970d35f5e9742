"""The map of the report as a picture: people in the gap, served area, streets and open sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.access.states import State
from circle15.output.charts.class_breaks import class_breaks
from circle15.output.charts.map_furniture import draw_north, draw_scale
from circle15.output.charts.picture_canvas import SHAPES, Canvas, Frame, Shape
from circle15.output.charts.street_classes import street_classes
from circle15.output.charts.zone_borders import borders
from circle15.output.text.palette import GAP_COLOURS, PROPOSED
from circle15.planning.spacing import spacing_m
from circle15.results.drawn_places import find_places
from circle15.results.figures import headline_category
from circle15.results.siting.planned_sites import first_step
from circle15.results.states_by_choice import headline_states
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats
    from circle15.results.records import StudyResult


LONGEST_PX: Final = 1400
"""Pixels of the longer side: about 250 dpi when printed 140 mm wide."""

ASPECT: Final = (0.85, 1.5)
_LEAST_M: Final = 1000.0
_OUTSIDE, _PAPER, _SERVED, _STREET, _MAIN, _ZONE, _BOUNDARY, _INK, _RIM, _NEW = range(10)
_FIRST_GAP: Final = 10
_UNKNOWN: Final = _FIRST_GAP + len(GAP_COLOURS)
COLOURS: Final = (
    "#f0f0ee",
    "#ffffff",
    "#dceaf5",
    "#cfcac2",
    "#a8a196",
    "#5f5577",
    "#1c2733",
    "#12395c",
    "#ffffff",
    PROPOSED,
    *GAP_COLOURS,
    "#e0e0e0",
    "#8a8a8a",
)
"""Palette in the order of the indices above; the last colour is the hatching of unknown."""

SERVED_COLOUR, SITE_COLOUR, BOUNDARY_COLOUR = COLOURS[_SERVED], COLOURS[_INK], COLOURS[_BOUNDARY]
_AT_ONCE: Final = 50_000
"""Streets are made and drawn so many at a time."""
_LONELY_CELL_M: Final = 100.0
_NEAR_CELLS, _NEAR_POINTS_M = 30, 50.0
"""Search distance for the spacing of homes, in cells of the raster (or multiples of 50 m)."""

_POINT_PX: Final = (5, 14)
_SITE_PX: Final = 7
_NEW_PX: Final = 26


@dataclass(frozen=True)
class MapPicture:
    """
    A drawn map with what its legend needs.

    Attributes
    ----------
    png
        The picture without text but the N of the north arrow; the length of the scale bar and the
        names of subdistricts are set over it by the renderer.
    frame
        Extent of the picture in the study CRS, and its size in pixels.
    breaks
        Lower bounds of the classes of people in the gap, above the first class; the colours of
        the classes are the first ones of `GAP_COLOURS`.
    cells
        True if a coloured square is a raster cell, false if it marks a point where people live.
    sites
        Marker shape and number of open sites by category.
    scale_m
        Length of the scale bar, metres.
    scale_px
        Left end, top and length of the scale bar, pixels.
    gap, unknown, served
        Whether the picture shows any of it; the legend leaves out what is not shown.
    """

    png: bytes
    frame: Frame
    breaks: Sequence[float]
    cells: bool
    sites: dict[str, tuple[Shape, int]]
    scale_m: int
    scale_px: tuple[int, int, int]
    gap: bool
    unknown: bool
    served: bool


def map_picture(result: StudyResult) -> MapPicture | None:
    """
    Draw people in the gap for the headline category, the served area, streets and open sites.

    Grid north of the study CRS is up. Where the judged group walks at several speeds, the state
    shown is that of the slowest walkers, as on the web map.

    Returns
    -------
    None if there is neither a boundary nor a home, site or street with a position. The same
    result gives the same bytes.
    """
    bounds = _bounds(result)
    if bounds is None:
        return None
    frame = Frame.around(_widened(bounds), longest_px=LONGEST_PX, aspect=ASPECT)
    canvas = Canvas(frame, COLOURS)
    canvas.fill(result.area.boundary or frame.box, _PAPER)
    served = _served(result)
    canvas.fill(served, _SERVED)
    _streets(canvas, result, "local", _STREET, 1)
    breaks, states = _homes(canvas, result)
    _streets(canvas, result, "main", _MAIN, 2)
    _outlines(canvas, result)
    sites = _sites(canvas, result)
    step = first_step(result)
    if step is not None:
        canvas.marks(step.place_m, "star", radius_px=_NEW_PX, colour=_NEW, rim=_RIM)
    scale_m, scale_px = draw_scale(canvas, ink=_INK, ground=_RIM)
    draw_north(canvas, ink=_INK, ground=_RIM)
    return MapPicture(
        canvas.png(),
        frame,
        breaks,
        result.population.cell_m is not None,
        sites,
        scale_m,
        scale_px,
        State.GAP in states,
        State.UNKNOWN in states,
        served is not None and not served.is_empty,
    )


def _bounds(result: StudyResult) -> Sequence[float] | None:
    """West, south, east and north of the area to draw: the boundary, else homes and open sites."""
    if result.area.boundary is not None:
        return tuple(result.area.boundary.bounds)
    homes, sites = result.demand, result.facilities[result.facilities[c.OPEN].astype(bool)]
    x_m = np.concatenate([homes[c.X_M].to_numpy(float), sites[c.X_M].to_numpy(float)])
    y_m = np.concatenate([homes[c.Y_M].to_numpy(float), sites[c.Y_M].to_numpy(float)])
    placed = np.isfinite(x_m) & np.isfinite(y_m)
    if placed.any():
        x_m, y_m = x_m[placed], y_m[placed]
        return float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max())
    return None if result.network.extent.is_empty else tuple(result.network.extent.bounds)


def _widened(bounds: Sequence[float]) -> tuple[float, float, float, float]:
    """Widen the bounds to at least 1 km each way, as a single home has no extent."""
    west, south, east, north = bounds
    beside = max(_LEAST_M - (east - west), 0.0) / 2
    above = max(_LEAST_M - (north - south), 0.0) / 2
    return west - beside, south - above, east + beside, north + above


def _served(result: StudyResult) -> BaseGeometry | None:
    served = result.served
    mine = served[
        (served[c.CATEGORY] == headline_category(result))
        & (served[c.CUTOFF_MIN] == result.study.walk.circle_min)
    ]
    return mine.geometry.iloc[0] if len(mine) else None


def _streets(canvas: Canvas, result: StudyResult, name: str, colour: int, width_px: int) -> None:
    """Draw one class of streets; paths stand in for "local" if no edge has a wider class."""
    network = result.network
    classes = dict(street_classes(network.kind))
    mine = classes[name]
    if name == "local" and not (mine.any() or classes["main"].any()):
        mine = classes["path"]
    nodes = np.column_stack([network.x_m, network.y_m])
    ends = np.column_stack([network.u[mine], network.v[mine]])
    for begin in range(0, len(ends), _AT_ONCE):
        edges = shapely.linestrings(nodes[ends[begin : begin + _AT_ONCE]])
        canvas.lines(edges, colour, width_px=width_px)


def _homes(canvas: Canvas, result: StudyResult) -> tuple[list[float], set[int]]:
    """Draw the places whose state is gap or unknown; return class breaks and states found."""
    places, states = find_places(result), headline_states(result)
    if states is None or places is None:
        return [], set()
    home = places.row[places.first]
    middles = result.demand[[c.X_M, c.Y_M]].to_numpy(float)[home]
    size_m = _cell(middles, result, canvas.frame.pixel_m)
    found, people = states[home], places.people
    breaks = class_breaks(people)
    for state in (State.UNKNOWN, State.GAP):
        mine = np.flatnonzero(found == state)
        if state == State.GAP:
            level = np.searchsorted(breaks, people[mine], side="right")
            colours = (_FIRST_GAP + level).astype(np.uint8)
        else:
            colours = np.full(len(mine), _UNKNOWN, np.uint8)
        canvas.cells(middles[mine], colours, size_m=size_m)
    canvas.hatch(_UNKNOWN, _UNKNOWN + 1)
    return breaks, {int(state) for state in np.unique(found)}


def _cell(places: Floats, result: StudyResult, pixel_m: float) -> tuple[float, float]:
    """Width and height of the square of a home, metres: its raster cell, else one that fits."""
    reach_m = _NEAR_CELLS * (result.population.cell_m or _NEAR_POINTS_M)
    width_m, height_m = spacing_m(places, reach_m=reach_m, lonely_m=_LONELY_CELL_M)
    if result.population.cell_m is not None:
        return width_m, height_m
    side_m = min(max(0.6 * min(width_m, height_m), _POINT_PX[0] * pixel_m), _POINT_PX[1] * pixel_m)
    return side_m, side_m


def _outlines(canvas: Canvas, result: StudyResult) -> None:
    """Draw the borders of subdistricts, else of communities, and the study boundary."""
    zones = result.area.streets if len(result.area.streets) else result.area.communities
    canvas.lines(borders(list(zones.geometry), result.area.boundary), _ZONE, width_px=3)
    if result.area.boundary is not None:
        canvas.outline(result.area.boundary, _BOUNDARY, width_px=4)


def _sites(canvas: Canvas, result: StudyResult) -> dict[str, tuple[Shape, int]]:
    """Mark the open sites of the categories that the headline requires."""
    judged = result.study.circle.require or result.categories[:1]
    table = result.facilities
    places = table[[c.X_M, c.Y_M]].to_numpy(float)
    shown = table[c.OPEN].to_numpy(bool) & np.isfinite(places).all(axis=1)
    found: dict[str, tuple[Shape, int]] = {}
    for k, category in enumerate(judged):
        mine = shown & (table[c.CATEGORY].astype(str) == category).to_numpy()
        if mine.any():
            shape = SHAPES[k % len(SHAPES)]
            canvas.marks(places[mine], shape, radius_px=_SITE_PX, colour=_INK, rim=_RIM)
            found[category] = shape, int(mine.sum())
    return found
